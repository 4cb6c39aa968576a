"""All scenes, and the folder from which the demo hub serves them."""

import functools
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.scenes import alone, fourth_round, honest, impostors, originals, second_round, third_round
from benchmarks.scenes.scene import Group, Page, Scene, Who
from core.demo.scenarios import build as build_demo
from core.demo.store import Files, NewCommit, wire_date, write_account, write_repository
from core.identity.results import Relation

_DEMO = (
    Scene(
        "the incident of May 2026", Group.IMPOSTOR, "Open-OSS/privacy-filter", ("openai/privacy-filter",),
        (Relation.IDENTICAL_WEIGHTS,),
    ),
    Scene(
        "look-alike of an owner that is not listed (demo)", Group.IMPOSTOR, "1umora/Beacon-7B", ("lumora/Beacon-7B",),
        (Relation.IDENTICAL_WEIGHTS, Relation.CLAIMS_TO_BE),
    ),
    Scene("official, signed (demo)", Group.HONEST, "openai/privacy-filter", (), (Relation.IS_ORIGINAL,)),
    Scene(
        "mirror of the incident's original (demo)", Group.HONEST, "weight-archive/privacy-filter",
        ("openai/privacy-filter",), (Relation.IDENTICAL_WEIGHTS,),
    ),
    Scene(
        "GGUF of a model whose publisher is not listed (demo)", Group.HONEST, "tinybench/Beacon-7B-GGUF",
        ("lumora/Beacon-7B",), (Relation.CONVERTED, Relation.DERIVED),
    ),
)  # fmt: skip


@functools.cache
def scenes() -> tuple[Scene, ...]:
    """All of them: impostors, honest ones, those without an original. No address twice."""
    found = (
        *_DEMO,
        *impostors.scenes(),
        *honest.scenes(),
        *alone.scenes(),
        *second_round.scenes(),
        *third_round.scenes(),
        *fourth_round.scenes(),
    )
    addresses = [scene.address for scene in found]
    if len(set(addresses)) != len(addresses):
        raise ValueError("two scenes of one address")
    return found


def build(folder: Path, chosen: Iterable[Scene] | None = None, now: datetime | None = None) -> Path:
    """Write the demo's own repositories and those of the scenes below `folder`, and return it."""
    today = (now or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    build_demo(folder, today)
    wanted = scenes() if chosen is None else tuple(chosen)
    for account in (*originals.ACCOUNTS, *(one for scene in wanted for one in scene.accounts)):
        _write_account(folder, account, today)
    for page in (*originals.pages(), *(page for scene in wanted for page in scene.pages)):
        _write_page(folder, page, today)
    return folder


def _write_account(folder: Path, account: Who, today: datetime) -> None:
    dated = {} if account.age is None else {"createdAt": wire_date(today - timedelta(days=account.age))}
    write_account(folder, account.name, {**dated, **account.facts})


def _write_page(folder: Path, page: Page, today: datetime) -> None:
    owner = page.name.partition("/")[0]
    files: Files = page.files
    commits = [NewCommit("Upload files", files, today - timedelta(days=page.age), owner)]
    for push in page.pushes:
        files = {**files, **push.files}
        commits.append(NewCommit(push.title, files, today - timedelta(days=push.age), push.author or owner))
    branches: dict[str, list[NewCommit]] = {"main": commits}
    for number, added in page.proposals.items():
        tip = NewCommit("Convert the weights", {**files, **added}, today, "passer-by")
        branches[f"refs/pr/{number}"] = [*commits, tip]
    facts: Mapping[str, object] = {"createdAt": wire_date(today - timedelta(days=page.age)), **page.facts}
    write_repository(folder, page.kind, page.name, branches, facts)
