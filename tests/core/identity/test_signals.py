"""Facts about publishers and visitors: what is asked for them, what they say, and how they are switched off."""

from typing import Any

import pytest

from core.findings import Level
from core.identity.findings import findings
from core.identity.identify import Wish, identify
from core.identity.results import Identity, Signal
from core.identity.signal_kinds import KINDS
from core.progress import CancelToken, ignore_progress
from core.repository import Account, Commit, Discussion, Figures, RepositoryFile, Snapshot
from core.text import catalogue, render
from tests.core.snapshots import NOW, FakeHub, days_ago, file, snapshot

BOUGHT = tuple(
    f"{first}-{last}{n}" for n, (first, last) in enumerate([("mara", "keller"), ("jonas", "novak")] * 15, 100)
)
PEOPLE = ("thomwolf", "julien-c", "osanseviero", "Xenova", "reach-vb", "sayakpaul", "lysandre", "ArthurZ", "merve") * 3
PROGRAM = b"@echo off\nrem This file does nothing.\n"
MINE = "someone/thing"


def here(name: str = MINE, files: Any = None, **facts: Any) -> Snapshot:  # noqa: ANN401
    return snapshot(name, files or {"a.bin": (9, "a" * 64)}, "# Thing\n\nMine.\n", **facts)


def identified(
    one: Snapshot,
    *others: Snapshot,
    off: tuple[str, ...] = (),
    **hub: Any,  # noqa: ANN401
) -> Identity:
    wish = Wish(search=False, signals_off=off)
    return identify(one, FakeHub(one, *others, **hub), ignore_progress, CancelToken(), wish)


def signal(identity: Identity, kind: str) -> Signal | None:
    return next((one for one in identity.signals if one.id == kind), None)


def levels(one: Snapshot, identity: Identity) -> dict[str, Level]:
    return {found.rule.removeprefix("identity."): found.level for found in findings(one, identity)}


def test_every_signal_has_a_name_and_a_meaning() -> None:
    for kind in KINDS:
        assert f"identity.kind.{kind.id}" in catalogue()


def test_likers_with_made_up_names_are_counted() -> None:
    one = here()
    bought = identified(one, likers={MINE: BOUGHT})
    found = signal(bought, "likers")
    assert found is not None
    assert found.requests == 1
    assert "Of 30 accounts that liked this, 30" in render(found.value)
    assert levels(one, bought)["made-up-likers"] is Level.CAREFUL


@pytest.mark.parametrize("names", [PEOPLE, BOUGHT[:10], BOUGHT[:13] + PEOPLE])
def test_likes_of_people_and_few_likes_are_no_warning(names: tuple[str, ...]) -> None:
    one = here()
    assert "made-up-likers" not in levels(one, identified(one, likers={MINE: names}))


def test_nobody_is_asked_who_likes_a_page_that_nobody_likes() -> None:
    one = here(figures=Figures(likes=0))
    assert signal(identified(one, likers={MINE: BOUGHT}), "likers") is None


@pytest.mark.parametrize(
    ("path", "copies", "expected"),
    [
        ("start.bat", 1, Level.CAREFUL),
        ("prepare_env.py", 4, Level.NOTE),
        ("prepare_env.py", 1, None),
        ("modeling_thing.py", 4, None),
        ("notes.txt", 4, None),
    ],
)
def test_the_same_file_in_other_repositories(path: str, copies: int, expected: Level | None) -> None:
    one = here(files={path: PROGRAM})
    others = [snapshot(f"someone/other{n}", {f"sub/{path}": PROGRAM}, "# Other\n") for n in range(copies)]
    strangers = [snapshot("else/other", {path: PROGRAM})]
    identity = identified(one, *others, *strangers)
    assert levels(one, identity).get("same-program") is expected
    found = signal(identity, "same_file")
    if expected is not None:
        assert found is not None
        assert found.requests == 1 + copies


def test_other_repositories_are_only_looked_into_where_something_runs() -> None:
    hub = FakeHub(here(), snapshot("someone/other", {"a.bat": PROGRAM}))
    identify(here(), hub, ignore_progress, CancelToken(), Wish(search=False))
    assert not [question for question in hub.asked if question.startswith("by ")]


def test_an_organisation_is_as_old_as_its_oldest_model() -> None:
    one = here("lab/thing", organization=True, age_days=10)
    found = signal(identified(one, snapshot("lab/first", {}, age_days=700)), "oldest_model")
    assert found is not None
    assert "700 days before" in render(found.value)


@pytest.mark.parametrize(
    ("page_days", "account_days", "child_days", "expected"),
    [(20, 30, 400, Level.HIGH), (20, 900, 400, Level.CAREFUL), (500, 900, 400, None)],
)
def test_an_address_that_was_somebody_elses(
    page_days: float, account_days: float, child_days: float, expected: Level | None
) -> None:
    one = here(age_days=page_days, account_days=account_days)
    child = snapshot("else/child", {}, age_days=child_days, base_models=(MINE,))
    assert levels(one, identified(one, child)).get("reused-address") is expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("This is malware, do not download", Level.CAREFUL),
        ("Infostealer in loader.py", Level.CAREFUL),
        ("Does it run on two GPUs?", None),
        ("Please do not use ALL CAPS", None),
    ],
)
def test_an_open_discussion_that_warns(title: str, expected: Level | None) -> None:
    one = here()
    threads = (
        Discussion(1, "Hello", "a"),
        Discussion(2, title, "b"),
        Discussion(3, "virus", "c", is_pull_request=True),
    )
    identity = identified(one, discussions={MINE: threads})
    assert levels(one, identity).get("discussion-warns") is expected
    assert (signal(identity, "discussions") is not None) == (expected is not None)


def test_commits_from_outside_of_an_organisation() -> None:
    late = Commit("b" * 40, "Add tool", days_ago(1), ("stranger",))
    files = (file("tool.exe", b"MZ", last_commit=late.id, changed_at=late.date),)
    one = here(
        "lab/thing",
        files,
        organization=True,
        first_commit=Commit("a" * 40, "First", days_ago(400), ("ann",)),
        last_commit=late,
        commit_authors=(("ann", 9), ("stranger", 2), ("SFconvertbot", 1)),
    )
    identity = identified(one, members={"lab": ("ann",)})
    found = signal(identity, "outside_commits")
    assert found is not None
    assert "stranger" in render(found.value)
    assert "SFconvertbot" not in render(found.value)
    assert levels(one, identity)["outside-commit"] is Level.NOTE
    assert levels(one, identity)["late-program"] is Level.CAREFUL


def test_programs_that_came_with_the_page_are_not_late() -> None:
    first = Commit("a" * 40, "First", days_ago(400), ("ann",))
    old = RepositoryFile("run.exe", 9, "c" * 40, None, (), first.id, days_ago(399))
    one = here(files=(old,), first_commit=first)
    assert "late-program" not in levels(one, identified(one))


def test_what_is_switched_off_is_neither_shown_nor_asked() -> None:
    one = here("lab/thing", {"start.bat": PROGRAM}, organization=True, commit_authors=(("x", 1),))
    everything = tuple(kind.id for kind in KINDS)
    hub = FakeHub(one, snapshot("lab/other", {"start.bat": PROGRAM}), likers={"lab/thing": BOUGHT})
    wish = Wish(search=False, signals_off=everything)
    identity = identify(one, hub, ignore_progress, CancelToken(), wish)
    assert hub.asked == []
    assert identity.signals == ()
    assert identified(one, likers={"lab/thing": BOUGHT}, off=("likers",)).visitors.likers is None


def test_what_the_hub_does_not_answer_is_said_and_not_raised() -> None:
    one = here("lab/thing", {"start.bat": PROGRAM}, organization=True, commit_authors=(("x", 1),))
    identity = identified(one, failing=("*",))
    silent = {found.id for found in identity.signals if found.value.id == "identity.signal.not_answered"}
    assert silent == {"likers", "same_file", "outside_commits", "reused_address", "discussions"}


def test_no_signal_costs_more_than_it_says() -> None:
    one = here("lab/thing", {"start.bat": PROGRAM}, organization=True, commit_authors=(("x", 1),))
    others = [snapshot(f"lab/other{number}", {"start.bat": PROGRAM}) for number in range(30)]
    identity = identified(one, *others, likers={"lab/thing": BOUGHT})
    stated = {kind.id: kind.requests for kind in KINDS}
    assert identity.visitors.requests
    assert all(spent <= stated[kind] for kind, spent in identity.visitors.requests.items())
    assert [one.id for one in identity.signals] == sorted(
        (one.id for one in identity.signals), key=[kind.id for kind in KINDS].index
    )


def test_a_thin_profile_and_a_claimed_brand_are_facts() -> None:
    account = Account("someone", is_organization=False, created_at=NOW, followers=0, models=1)
    one = snapshot(MINE, {}, "# X\n\nThis model was developed by OpenAI.\n", account=account)
    identity = identified(one)
    profile, brand = signal(identity, "profile"), signal(identity, "claimed_brand")
    assert profile is not None
    assert "Nothing else" in render(profile.value)
    assert brand is not None
    assert "OpenAI" in render(brand.value)
