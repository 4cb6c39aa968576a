"""Pickles put together from opcodes by hand; none of them is ever unpickled."""

import struct

STOP = b"."


def text(value: str) -> bytes:
    """BINUNICODE."""
    encoded = value.encode()
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def short(value: str) -> bytes:
    """SHORT_BINUNICODE."""
    encoded = value.encode()
    return b"\x8c" + bytes([len(encoded)]) + encoded


def data(value: bytes) -> bytes:
    """BINBYTES."""
    return b"B" + struct.pack("<I", len(value)) + value


def name(module: str, attribute: str) -> bytes:
    """GLOBAL."""
    return f"c{module}\n{attribute}\n".encode()


def named(dotted: str) -> tuple[str, str]:
    """`a.b.C.d` -> (`a.b`, `C.d`): the module ends before the first part in capitals, else before the last part."""
    parts = dotted.split(".")
    cut = next((index for index, part in enumerate(parts) if part[:1].isupper()), len(parts) - 1)
    return ".".join(parts[:cut]), ".".join(parts[cut:])


def call(module: str, attribute: str, *arguments: str) -> bytes:
    """GLOBAL, the arguments as a tuple, REDUCE; without STOP."""
    return name(module, attribute) + b"(" + b"".join(text(argument) for argument in arguments) + b"tR"


def pickled(body: bytes, protocol: int = 2) -> bytes:
    """A whole stream."""
    return b"\x80" + bytes([protocol]) + body + STOP


def framed(body: bytes, protocol: int = 4) -> bytes:
    """A whole stream with a frame, as protocol 4 writes it."""
    return b"\x80" + bytes([protocol]) + b"\x95" + struct.pack("<Q", len(body) + 1) + body + STOP
