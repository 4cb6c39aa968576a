"""Entries of configurations that name code, and which of them the original does not have.

Sources: transformers (`auto_map`, `trust_remote_code`, attention kernels: CVE-2026-4372, CVE-2026-5241), diffusers
(`custom_pipeline`: CVE-2026-44513), hydra and NeMo (`_target_`: CVE-2025-23304).
"""

from collections.abc import Mapping

from core.comparison.card_text import shortened
from core.text import Message

_KEYS = frozenset(
    "auto_map custom_pipeline custom_pipelines custom_generate custom_modules_path trust_remote_code _target_ "
    "class_path _attn_implementation_internal _experts_implementation_internal".split()
)
_ONLY_WITH_SLASH = frozenset("attn_implementation _attn_implementation experts_implementation".split())
_MAX_NOTES = 20
_MAX_SHOWN = 160


def notes_on_keys(original: Mapping[str, str], here: Mapping[str, str]) -> tuple[Message, ...]:
    """For every entry of `here` that names code and that is not so in the original. Paths and JSON texts of values."""
    notes = []
    for path, value in here.items():
        if original.get(path) == value or value in {"null", "false", '""', "{}", "[]"}:
            continue
        names = {part.partition("[")[0] for part in path.split(".")}
        if names & _KEYS or (names & _ONLY_WITH_SLASH and "/" in value):
            changed = "comparison.difference.code_changed" if path in original else "comparison.difference.code_added"
            notes.append(Message.of(changed, entry=shortened(path, _MAX_SHOWN), value=shortened(value, _MAX_SHOWN)))
    return tuple(notes[:_MAX_NOTES])
