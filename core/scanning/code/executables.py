"""Programs, libraries, installers and shortcuts: what they are, not what they do."""

from core.findings import Evidence
from core.scanning.inspection import Inspection
from core.text import text

_PE_MACHINES = {0x14C: "x86", 0x8664: "x64", 0xAA64: "ARM64", 0x1C0: "ARM", 0x1C4: "ARM"}
_ELF_MACHINES = {3: "x86", 62: "x64", 183: "ARM64", 40: "ARM", 243: "RISC-V"}


def scan_executable(inspection: Inspection) -> None:
    """Say what it is, for which processors, and whether it carries a signature. Its code is not read."""
    facts = []
    machine = _machine(inspection.head)
    if machine:
        facts.append(Evidence("machine", machine))
    inspection.report("code-program", *facts, kind=text(f"kind.{inspection.kind}"))
    inspection.partly("code_program")


def _machine(head: bytes) -> str | None:
    if head.startswith(b"MZ") and len(head) >= 0x40:
        offset = int.from_bytes(head[0x3C:0x40], "little")
        if head[offset : offset + 4] == b"PE\x00\x00":
            return _PE_MACHINES.get(int.from_bytes(head[offset + 4 : offset + 6], "little"))
    if head.startswith(b"\x7fELF"):
        order = "big" if head[5:6] == b"\x02" else "little"
        return _ELF_MACHINES.get(int.from_bytes(head[18:20], order))  # type: ignore[arg-type]
    return None
