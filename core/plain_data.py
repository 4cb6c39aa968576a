"""Frozen dataclasses as JSON values and back, strictly: files on disk may be old, cut off, or not ours at all."""

import dataclasses
import functools
import types
import typing
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar, cast, get_args, get_origin

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record")


class PlainDataError(ValueError):
    """The JSON value is not of the expected shape; the text says where (for developers and log files)."""


def to_plain(record: "DataclassInstance") -> dict[str, object]:
    """A dataclass, and all dataclasses, enums, times and tuples in it, as what `json.dumps` takes."""
    return {field.name: _plain(getattr(record, field.name)) for field in dataclasses.fields(record)}


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return to_plain(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def from_plain(kind: type[Record], data: object) -> Record:
    """Rebuild a dataclass of type `kind` from a JSON value.

    Every key must be known and every value of its declared type. A key may be missing only if its field
    has a default: that is how a newer version reads the file of an older one.

    Raises:
        PlainDataError: anything else.
    """
    return cast("Record", _read(kind, data, kind.__name__))


def _read(kind: object, data: object, where: str) -> object:
    origin = get_origin(kind)
    if origin is tuple:
        return _read_tuple(get_args(kind), data, where)
    if origin in {typing.Union, types.UnionType}:
        return _read_union(get_args(kind), data, where)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _read_record(kind, data, where)
    if kind is datetime:
        return _read_time(data, where)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        if not isinstance(data, str) or data not in list(kind):
            raise PlainDataError(f"{where}: {data!r} is not a {kind.__name__}")
        return kind(data)
    if type(data) is not kind:  # `True` must not pass as a number
        raise PlainDataError(f"{where}: {data!r} is not {kind}")
    return data


def _read_record(kind: type, data: object, where: str) -> object:
    if not isinstance(data, dict):
        raise PlainDataError(f"{where}: {type(data).__name__} instead of an object")
    hints = _hints(kind)
    unknown = data.keys() - hints.keys()
    if unknown:
        raise PlainDataError(f"{where}: unknown {sorted(map(repr, unknown))}")
    given = {name: _read(hints[name], value, f"{where}.{name}") for name, value in data.items()}
    missing = [field.name for field in dataclasses.fields(kind) if field.name not in given and _required(field)]
    if missing:
        raise PlainDataError(f"{where}: without {missing}")
    return kind(**given)


def _read_tuple(kinds: tuple[object, ...], data: object, where: str) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise PlainDataError(f"{where}: {type(data).__name__} instead of a list")
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(data)
    if len(kinds) != len(data):
        raise PlainDataError(f"{where}: {len(data)} values instead of {len(kinds)}")
    return tuple(
        _read(kind, part, f"{where}[{index}]") for index, (kind, part) in enumerate(zip(kinds, data, strict=True))
    )


def _read_union(kinds: tuple[object, ...], data: object, where: str) -> object:
    """`X | None`, or plain types such as `str | int`."""
    if data is None and types.NoneType in kinds:
        return None
    choices = [kind for kind in kinds if kind is not types.NoneType]
    fitting = next((kind for kind in choices if type(data) is kind), choices[-1])
    return _read(fitting, data, where)


def _read_time(data: object, where: str) -> datetime:
    try:
        time = datetime.fromisoformat(cast("str", data))
    except (TypeError, ValueError) as error:
        raise PlainDataError(f"{where}: {data!r} is not a time") from error
    if time.tzinfo is None:
        raise PlainDataError(f"{where}: {data!r} has no time zone")
    return time


@functools.cache
def _hints(kind: type) -> dict[str, object]:
    return typing.get_type_hints(kind)


def _required(field: "dataclasses.Field[object]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
