"""The chat template that the Hub read out of a GGUF file, for a file that we could not read to its end ourselves.

The Hub reads one file of the repository and does not say which; so what is found is told of every unread one, together
with where it comes from, and no file counts as read because of it.
"""

from collections.abc import Callable
from dataclasses import replace

from core.findings import Evidence, FileResult, FileState, Finding
from core.repository import Snapshot
from core.scanning.byte_sources import BytesFile

Look = Callable[[str, BytesFile], FileResult]
"""Looks at the contents of a file by that name."""


def with_templates_of_the_hub(files: tuple[FileResult, ...], snapshot: Snapshot, look: Look) -> tuple[FileResult, ...]:
    """The same results; those of GGUF files that were not read to their end with findings of the Hub's template."""
    template = snapshot.model.gguf_chat_template
    unread = {one.path for one in files if _is_gguf(one) and one.state is not FileState.CHECKED}
    if not template or not unread:
        return files
    found = look("chat_template.jinja", BytesFile(template.encode("utf-8", "replace"))).findings
    return tuple(
        replace(one, findings=(*one.findings, *(_moved(entry, one) for entry in found))) if one.path in unread else one
        for one in files
    )


def _is_gguf(result: FileResult) -> bool:
    return result.kind == "gguf" or result.path.lower().endswith(".gguf")


def _moved(found: Finding, result: FileResult) -> Finding:
    return replace(found, path=result.path, evidence=(*found.evidence, Evidence("engine", "gguf.chat_template")))
