"""PyTorch checkpoints for the demo, assembled from pickle opcodes: no object is ever pickled or unpickled.

Opcodes as in the standard library's `pickletools`; the layout of both checkpoint formats as `torch.load` reads it.
"""

import functools
import itertools
import struct
import zlib
from collections.abc import Iterable, Sequence

from core.demo.store import NewFile
from core.demo.tensors import Tensors, noise, tensor_size

_PROTOCOL_2 = b"\x80\x02"
_STOP, _MARK, _TUPLE, _REDUCE, _PERSISTENT = b".", b"(", b"t", b"R", b"Q"
_EMPTY_DICT, _EMPTY_LIST, _EMPTY_TUPLE, _SET_ITEMS, _APPENDS, _FALSE = b"}", b"]", b")", b"u", b"e", b"\x89"
_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
_ALIGNMENT = 64


def state_dict(tensors: Tensors, call: tuple[str, str, str] | None = None, legacy: bool = False) -> bytes:
    """The pickle of an ordinary `state_dict`.

    `call` (module, name, argument) hides one more call in it, for example `("posix", "system", "echo …")`.
    """
    items = [_text(name) + _tensor(str(number), shape, legacy) for number, (name, shape) in enumerate(tensors.items())]
    if call is not None:
        module, name, argument = call
        items.append(_text("_metadata") + _global(module, name) + _MARK + _text(argument) + _TUPLE + _REDUCE)
    ordered = _global("collections", "OrderedDict") + _EMPTY_TUPLE + _REDUCE
    return _PROTOCOL_2 + ordered + _MARK + b"".join(items) + _SET_ITEMS + _STOP


def torch_zip(
    tensors: Tensors,
    seed: str,
    call: tuple[str, str, str] | None = None,
    sparse: bool = False,
    sha256: str | None = None,
    root: str = "archive",
) -> NewFile:
    """A checkpoint in PyTorch's zip format: members stored, data aligned to 64 bytes.

    `sparse`: the storages are zeros that cost no disk.
    """
    members: list[tuple[str, bytes | int]] = [(f"{root}/data.pkl", state_dict(tensors, call))]
    members.append((f"{root}/byteorder", b"little"))
    for number, shape in enumerate(tensors.values()):
        size = tensor_size(shape)
        members.append((f"{root}/data/{number}", size if sparse else noise(f"{seed} {number}", size)))
    members.append((f"{root}/version", b"3\n"))
    return NewFile(tuple(_stored_zip(members)), sha256=sha256)


def torch_legacy(tensors: Tensors, seed: str) -> bytes:
    """A checkpoint as PyTorch wrote it before 1.6: five pickles, then the raw storages."""
    system = {"protocol_version": 1001, "little_endian": True}
    head = (
        _PROTOCOL_2 + _long(_LEGACY_MAGIC) + _STOP,
        _PROTOCOL_2 + _integer(1001) + _STOP,
        _PROTOCOL_2
        + _EMPTY_DICT
        + _MARK
        + b"".join(_text(key) + _plain(value) for key, value in system.items())
        + _SET_ITEMS
        + _STOP,
        state_dict(tensors, legacy=True),
        _PROTOCOL_2
        + _EMPTY_LIST
        + _MARK
        + b"".join(_text(str(number)) for number in range(len(tensors)))
        + _APPENDS
        + _STOP,
    )
    storages = (
        struct.pack("<q", tensor_size(shape) // 4) + noise(f"{seed} {number}", tensor_size(shape))
        for number, shape in enumerate(tensors.values())
    )
    return b"".join((*head, *storages))


def _tensor(key: str, shape: Sequence[int], legacy: bool) -> bytes:
    """`torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`."""
    count = tensor_size(shape) // 4
    storage = _text("storage") + _global("torch", "FloatStorage") + _text(key) + _text("cpu") + _integer(count)
    if legacy:
        storage += b"N"
    strides = list(itertools.accumulate(reversed(shape[1:]), int.__mul__, initial=1))[::-1]
    hooks = _global("collections", "OrderedDict") + _EMPTY_TUPLE + _REDUCE
    arguments = b"".join(
        (
            _MARK + storage + _TUPLE + _PERSISTENT,
            _integer(0),
            _MARK + b"".join(_integer(size) for size in shape) + _TUPLE,
            _MARK + b"".join(_integer(stride) for stride in strides) + _TUPLE,
            _FALSE,
            hooks,
        )
    )
    return _global("torch._utils", "_rebuild_tensor_v2") + _MARK + arguments + _TUPLE + _REDUCE


def _stored_zip(members: Iterable[tuple[str, bytes | int]]) -> Iterable[bytes | int]:
    """A zip without compression, in pieces (field layout: APPNOTE.TXT 4.3)."""
    directory, position = [], 0
    for name, content in members:
        encoded = name.encode()
        size = content if isinstance(content, int) else len(content)
        checksum = _checksum_of_zeros(size) if isinstance(content, int) else zlib.crc32(content)
        # PyTorch aligns with an extra field "FB" filled with "Z".
        padding = -(position + 30 + len(encoded) + 4) % _ALIGNMENT
        extra = b"FB" + struct.pack("<H", padding) + b"Z" * padding
        common = struct.pack("<HHHHHIII", 0, 0, 0, 0, 33, checksum, size, size)
        yield b"PK\x03\x04" + common + struct.pack("<HH", len(encoded), len(extra)) + encoded + extra
        yield content
        place = struct.pack("<HHHHHII", len(encoded), 0, 0, 0, 0, 0, position)
        directory.append(b"PK\x01\x02" + struct.pack("<H", 0) + common + place + encoded)
        position += 30 + len(encoded) + len(extra) + size
    listing = b"".join(directory)
    end = struct.pack("<HHHHIIH", 0, 0, len(directory), len(directory), len(listing), position, 0)
    yield listing + b"PK\x05\x06" + end


@functools.cache
def _checksum_of_zeros(size: int) -> int:
    return zlib.crc32(bytes(size))


def _global(module: str, name: str) -> bytes:
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def _text(text: str) -> bytes:
    encoded = text.encode()
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def _integer(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def _long(value: int) -> bytes:
    encoded = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(encoded)]) + encoded


def _plain(value: bool | int) -> bytes:
    if isinstance(value, bool):
        return b"\x88" if value else _FALSE
    return _integer(value)
