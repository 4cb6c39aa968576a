"""A worker's answer on the wire: written there, checked here. The worker is not believed."""

import json
from collections.abc import Container, Sequence
from typing import Any

from core.findings import Certainty, Evidence, FileState, Finding, Level, rules
from core.scanning.content import KINDS
from core.scanning.inspection import MAX_EVIDENCE, MAX_FINDINGS, MAX_VALUE, Inspection
from core.scanning.protocol import MAX_RESULT, ProtocolError
from core.text import Message, Value, catalogue


def to_wire(inspection: Inspection, bytes_read: int) -> dict[str, Any]:
    """A finished inspection as JSON values."""
    reason = inspection.reason
    return {
        "kind": inspection.kind,
        "state": inspection.state.value,
        "reason": [reason.id, dict(reason.values)] if reason else None,
        "bytes_read": bytes_read,
        "findings": [
            {
                "rule": found.rule,
                "level": found.level.value,
                "certainty": found.certainty.value,
                "values": dict(found.values),
                "evidence": [[fact.label, fact.value, fact.offset, fact.line] for fact in found.evidence],
            }
            for found in inspection.findings.values()
        ],
    }


class Answer:
    """A checked answer: `kind`, `state`, `reason`, `findings`, `bytes_read`."""

    def __init__(self, raw: Any, path: str) -> None:  # noqa: ANN401  whatever the worker wrote
        try:
            self.kind = _one_of(raw["kind"], KINDS)
            self.state = FileState(raw["state"])
            self.reason = None if raw["reason"] is None else _message(*raw["reason"])
            self.bytes_read = _number(raw["bytes_read"])
            self.findings = _findings(raw["findings"], path)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise ProtocolError(f"answer not understood: {problem}") from problem
        if (self.reason is None) != (self.state is FileState.CHECKED):
            raise ProtocolError("a gap without a reason")


def answer_of(payload: bytes, path: str) -> Answer:
    """The answer for one file. Raises `ProtocolError`."""
    return Answer(_read(payload), path)


def answers_of(payload: bytes, paths: Sequence[str]) -> list[Answer]:
    """The answers for the first of these files. Raises `ProtocolError` if there is none, or one too many."""
    raw = _read(payload)
    if not isinstance(raw, list) or not 0 < len(raw) <= len(paths):
        raise ProtocolError("not as many answers as files")
    return [Answer(one, path) for one, path in zip(raw, paths, strict=False)]


def _read(payload: bytes) -> Any:  # noqa: ANN401  as above
    if len(payload) > MAX_RESULT:
        raise ProtocolError("answer too large")
    try:
        return json.loads(payload)
    except (ValueError, RecursionError) as problem:
        raise ProtocolError(f"answer not understood: {problem}") from problem


def _findings(raw: list[dict[str, Any]], path: str) -> tuple[Finding, ...]:
    if len(raw) > MAX_FINDINGS:
        raise ValueError("too many findings")
    return tuple(_finding(entry, path) for entry in raw)


def _finding(raw: dict[str, Any], path: str) -> Finding:
    if len(raw["evidence"]) > MAX_EVIDENCE + 1:
        raise ValueError("too much evidence")
    return Finding(
        rule=_one_of(raw["rule"], rules()),
        level=Level(raw["level"]),
        certainty=Certainty(raw["certainty"]),
        path=path,
        values=tuple(sorted((_text(key), _value(value)) for key, value in raw["values"].items())),
        evidence=tuple(_evidence(*fact) for fact in raw["evidence"]),
    )


def _evidence(label: object, value: object, offset: object, line: object) -> Evidence:
    if f"evidence.{label}" not in catalogue() or (label == "oddity" and f"oddity.{value}" not in catalogue()):
        raise ValueError(f"unknown evidence {label}")
    return Evidence(
        _text(label),
        _text(value),
        None if offset is None else _number(offset),
        None if line is None else _number(line),
    )


def _message(message_id: str, values: dict[str, Any]) -> Message:
    _one_of(message_id, catalogue())
    return Message.of(message_id, **{_text(key): _value(value) for key, value in values.items()})


def _one_of(value: object, allowed: Container[str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"not allowed: {value!r:.80}")
    return value


def _value(value: object) -> Value:
    return _number(value) if isinstance(value, int) else _text(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_VALUE:
        raise ValueError("not a short text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
        raise ValueError("not a number")
    return value
