"""Programs and disks among kinds of files: headers of Windows and Linux that fit the file they begin."""

_FURTHEST_HEADER = 256 << 20
"""Bytes. Windows looks for the header of a program no further into the file (RtlImageNtHeaderEx)."""
_RUNS_EVERYWHERE = (b"MZqFpD", b"jartsr=")
"""Beginnings of programs that are a shell script as well (Cosmopolitan: Actually Portable Executable)."""


def windows(head: bytes, size: int, *, text: bool) -> str | None:
    """Windows programs (PE) by their header, programs of DOS by lengths that fit their file.

    Numbers and texts may begin with the same two letters: one in 65,536 files of numbers does. `text`: it is one.
    """
    if len(head) >= 0x40:
        offset = int.from_bytes(head[0x3C:0x40], "little")
        if head[offset : offset + 4] == b"PE\x00\x00":
            characteristics = int.from_bytes(head[offset + 22 : offset + 24], "little")
            return "windows_library" if characteristics & 0x2000 else "windows_program"
        if len(head) <= offset < min(size, _FURTHEST_HEADER) or head.startswith(_RUNS_EVERYWHERE):
            return "windows_program"
    if text:
        return None
    last, pages, _, paragraphs = (int.from_bytes(head[at : at + 2], "little") for at in (2, 4, 6, 8))
    fits = last < 512 and 0 < pages * 512 <= size + 511 and paragraphs * 16 <= size
    usual = head[2:4] == b"\x90\x00"  # as every linker of Windows writes it
    return "windows_program" if fits or usual or size < 0x40 else None


def linux(head: bytes) -> str:
    """Libraries of Linux name no loader, programs do."""
    return "linux_library" if _elf_type(head) == 3 and not _elf_has_interpreter(head) else "linux_program"


def _elf_type(head: bytes) -> int:
    return int.from_bytes(head[16:18], "big" if head[5:6] == b"\x02" else "little")


def _elf_has_interpreter(head: bytes) -> bool:
    return b"/ld-linux" in head[:4096] or b"/ld-musl" in head[:4096]


def is_boot_sector(head: bytes, _: int) -> bool:
    """A jump over the values of the file system, and the mark at the end of the sector (FAT, NTFS)."""
    return head[:1] == b"\xeb" and head[2:3] == b"\x90" and head[510:512] == b"\x55\xaa"
