"""The Hub's reading of a template stands in where ours ended early, and only there."""

from dataclasses import replace

import pytest

from core.findings import Ability, FileResult, FileState, Level
from core.hub_templates import with_templates_of_the_hub
from core.progress import CancelToken
from core.repository import ModelFacts, Snapshot
from core.text import Message
from core.vetting import _scan_one
from tests.core.snapshots import snapshot

BREAKOUT = "{{ ''.__class__.__mro__[1].__subclasses__() }}"
READ = FileResult("a.gguf", "gguf", Ability.DATA, FileState.CHECKED, None, ())
UNREAD = FileResult("b.gguf", "gguf", Ability.DATA, FileState.PARTLY_CHECKED, Message.of("scan.structure_broken"), ())
OTHER = FileResult("c.bin", "unknown", Ability.UNKNOWN, FileState.NOT_CHECKED, Message.of("scan.unknown_format"), ())


def of_the_hub(template: str | None) -> Snapshot:
    return replace(snapshot("lab/model"), model=ModelFacts(gguf_chat_template=template))


def look(files: tuple[FileResult, ...], template: str | None) -> tuple[FileResult, ...]:
    return with_templates_of_the_hub(
        files, of_the_hub(template), lambda path, file: _scan_one(path, file, CancelToken())
    )


def test_a_template_that_breaks_out_is_told_of_the_unread_file() -> None:
    read, unread, other = look((READ, UNREAD, OTHER), BREAKOUT)
    assert (read, other) == (READ, OTHER)
    (found,) = unread.findings
    assert (found.rule, found.level, found.path) == ("scanning.template-code", Level.HIGH, "b.gguf")
    assert "gguf.chat_template" in {fact.value for fact in found.evidence}
    assert unread.state is FileState.PARTLY_CHECKED


@pytest.mark.parametrize("template", [None, "", "{% for m in messages %}{{ m.content }}{% endfor %}"])
def test_an_ordinary_template_changes_nothing(template: str | None) -> None:
    assert look((UNREAD,), template) == (UNREAD,)
