"""The report of one check: everything the stages found, frozen, with one verdict. The JSON form is versioned."""

import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import __version__
from core.comparison.results import Comparison
from core.exports.comparison_json import comparison_json
from core.findings import FileResult, Finding, Level, in_words
from core.identity.results import Identity, Relation, Signature
from core.paths import RESOURCES
from core.progress import Step
from core.repository import NOTHING_USED, Account, NetworkUse, RepoReference, RepositoryFile, Snapshot
from core.text import Message, render

SCHEMA = "sallyport.check/1"
"""Name and version of the JSON form; the number rises when a reader would have to change."""


@dataclass(frozen=True, slots=True)
class Tool:
    """What made the report. `rules` is a digest of the rule files."""

    name: str
    version: str
    rules: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The one sentence, why, and how much was looked at."""

    level: Level
    headline: Message
    reasons: tuple[Message, ...]
    files_listed: int
    files_checked: int
    """Read completely by our own engine."""


@dataclass(frozen=True, slots=True)
class Report:
    """One check of one repository at one commit.

    `id` is a digest of everything but the times, so the same commit checked again by the same
    version has the same id. `findings` holds all of them, of files and of the whole, worst first.
    """

    id: str
    tool: Tool
    checked_at: datetime
    reference: RepoReference
    snapshot: Snapshot
    identity: Identity
    relation: Relation | None
    """To the original; None if there is no original to relate to."""
    comparison: Comparison
    files: tuple[FileResult, ...]
    findings: tuple[Finding, ...]
    verdict: Verdict
    timings: tuple[tuple[Step, float], ...] = ()
    """Seconds per step."""
    relation_reasons: tuple[Message, ...] = ()
    """What `relation` rests on, the strongest first."""
    network: NetworkUse = NOTHING_USED
    """Requests and bytes of this check, and what the Hub still allows."""
    demo: bool = False
    """True if the embedded demo hub answered: nothing in it is real."""

    def file(self, path: str) -> FileResult | None:
        """Our result for exactly this path."""
        return next((file for file in self.files if file.path == path), None)


@functools.cache
def tool() -> Tool:
    """This program: version, and a digest of the rule files it judges by."""
    digest = hashlib.sha256()
    for path in sorted((RESOURCES / "rules").glob("*.toml")):
        digest.update(path.read_bytes())
    return Tool("Sallyport", __version__, digest.hexdigest()[:12])


def report_id(snapshot: Snapshot, findings: Iterable[Finding], verdict: Verdict) -> str:
    """A digest of what was looked at and what was found, without anything that only time changes."""
    facts = {
        "tool": [tool().version, tool().rules],
        "repository": [snapshot.endpoint, snapshot.repository.kind, snapshot.repository.name, snapshot.commit],
        "files": sorted([file.path, file.size, file.git_sha1, file.sha256] for file in snapshot.files),
        "findings": sorted([found.rule, found.level, found.path or ""] for found in findings),
        "verdict": verdict.level,
    }
    return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()[:32]


def to_json(report: Report) -> dict[str, Any]:
    """The versioned JSON form; described by `resources/schema/check-1.json`. Repository text is left as it is."""
    return {
        "schema": SCHEMA,
        "id": report.id,
        "tool": tool_json(report.tool),
        "checked_at": report.checked_at.isoformat(),
        "demo": report.demo,
        "reference": _reference(report.reference),
        "repository": _repository(report.snapshot),
        "original": _original(report),
        "signature": _signature(report.identity.signature),
        "comparison": comparison_json(report.comparison),
        "files": _files(report),
        "findings": [finding_json(found) for found in report.findings],
        "verdict": {
            "level": report.verdict.level,
            "headline": render(report.verdict.headline),
            "reasons": [render(reason) for reason in report.verdict.reasons],
            "files_listed": report.verdict.files_listed,
            "files_checked": report.verdict.files_checked,
        },
        "network": _network(report.network),
        "timings": {step.value: round(seconds, 3) for step, seconds in report.timings},
    }


def tool_json(made_by: Tool) -> dict[str, str]:
    """The `tool` object of every JSON form."""
    return {"name": made_by.name, "version": made_by.version, "rules": made_by.rules}


def finding_json(found: Finding) -> dict[str, Any]:
    """A finding with its texts written out, so that a reader needs no catalogue."""
    words = in_words(found)
    return {
        "rule": found.rule,
        "level": found.level,
        "certainty": found.certainty,
        "path": found.path,
        "title": words.title,
        "what": words.what,
        "why": words.why,
        "do": words.do,
        "how": words.how,
        "values": dict(found.values),
        "evidence": [
            {"label": fact.label, "value": fact.value, "offset": fact.offset, "line": fact.line}
            for fact in found.evidence
        ],
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _network(use: NetworkUse) -> dict[str, Any]:
    return {
        "requests": use.requests,
        "bytes": use.bytes,
        "from_cache": use.from_cache,
        "read_on": _time(use.read_on),
        "offline": use.offline,
        "allowances": [
            {
                "resource": one.resource,
                "remaining": one.remaining,
                "limit": one.limit,
                "resets_at": one.resets_at.isoformat(),
            }
            for one in use.allowances
        ],
    }


def _reference(reference: RepoReference) -> dict[str, Any]:
    return {
        "kind": reference.repository.kind,
        "name": reference.repository.name,
        "revision": reference.revision,
        "path": reference.path,
        "notes": [render(note) for note in reference.notes],
    }


def _repository(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "endpoint": snapshot.endpoint,
        "kind": snapshot.repository.kind,
        "name": snapshot.repository.name,
        "asked_for": snapshot.asked_for.name,
        "commit": snapshot.commit,
        "revision": snapshot.revision,
        "retrieved_at": snapshot.retrieved_at.isoformat(),
        "from_cache": snapshot.from_cache,
        "created_at": _time(snapshot.created_at),
        "last_modified": _time(snapshot.last_modified),
        "gated": snapshot.gated,
        "license": snapshot.license,
        "library": snapshot.library,
        "tags": list(snapshot.tags),
        "base_models": list(snapshot.base_models),
        "total_size": snapshot.total_size,
        "commits": snapshot.commit_count,
        "figures": {
            "can_be_faked": True,
            "downloads": snapshot.figures.downloads,
            "downloads_all_time": snapshot.figures.downloads_all_time,
            "likes": snapshot.figures.likes,
            "trending_score": snapshot.figures.trending_score,
        },
        "account": _account(snapshot.account),
        "not_read": [render(part) for part in snapshot.not_read],
    }


def _account(account: Account | None) -> dict[str, Any] | None:
    if account is None:
        return None
    return {
        "name": account.name,
        "organization": account.is_organization,
        "full_name": account.full_name,
        "email_domain_confirmed": account.verified,
        "created_at": _time(account.created_at),
        "followers": account.followers,
        "models": account.models,
    }


def _original(report: Report) -> dict[str, Any]:
    identity = report.identity
    original = identity.original
    return {
        "name": original.snapshot.repository.name if original else None,
        "commit": original.snapshot.commit if original else None,
        "confidence": original.confidence if original else None,
        "reasons": [render(reason) for reason in original.reasons] if original else [],
        "others": [other.name for other in original.others] if original else [],
        "relation": report.relation,
        "relation_reasons": [render(reason) for reason in report.relation_reasons],
        "remembered": identity.remembered,
        "explanation": render(identity.explanation),
        "publisher": identity.publisher.name if identity.publisher else None,
        "signals": [
            {
                "id": signal.id,
                "value": render(signal.value),
                "meaning": render(signal.meaning),
                "source": signal.source,
                "requests": signal.requests,
            }
            for signal in identity.signals
        ],
    }


def _signature(found: Signature | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "state": found.state,
        "signer": found.signer,
        "issuer": found.issuer,
        "proof": found.proof,
        "expected": found.expected,
        "problem": render(found.problem) if found.problem else None,
        "copied_from": found.copied_from or None,
        "matching": found.matching,
        "changed": list(found.changed),
        "missing": list(found.missing),
        "unsigned": list(found.unsigned),
        "left_out": list(found.left_out),
        "not_compared": list(found.not_compared),
    }


def _files(report: Report) -> list[dict[str, Any]]:
    listed = {file.path: file for file in report.snapshot.files}
    return [{**file_json(result), **_listing(listed[result.path])} for result in report.files]


def file_json(result: FileResult) -> dict[str, Any]:
    """One entry of `files`: what our engine says of the file."""
    return {
        "path": result.path,
        "content": result.kind,
        "ability": result.ability,
        "level": result.level,
        "state": result.state,
        "reason": render(result.reason) if result.reason else None,
        "bytes_read": result.bytes_read,
        "findings": [{"rule": found.rule, "level": found.level} for found in result.findings],
    }


def _listing(file: RepositoryFile) -> dict[str, Any]:
    return {
        "size": file.size,
        "git_sha1": file.git_sha1,
        "sha256": file.sha256,
        "hub_engines": {engine.engine: {"state": engine.state, "raw": engine.raw} for engine in file.engines},
    }
