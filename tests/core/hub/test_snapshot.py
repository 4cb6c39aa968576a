"""What the Hub said of one repository, at one commit, with nothing made up and nothing silently left out."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.demo.server import DemoHub
from core.hub.session import HubSession
from core.hub.snapshot import CARD_LIMIT
from core.progress import Progress, Step
from core.repository import EngineState, RepositoryId, RepositoryKind, Snapshot
from core.text import render
from tests.core.hub.asking import (
    CARD,
    CONFIG,
    FILES,
    MODEL,
    ONCE,
    WEIGHTS,
    Unhurried,
    reference,
    refused,
    snapshot_of,
)
from tests.demo_hub import NewFile, make_account, make_repository, running_demo_hub

INFO = f"hub GET /api/models/{MODEL}?"
COMMIT = "0123456789" * 4


def reasons(snapshot: Snapshot) -> dict[str, str]:
    """What was not read -> the sentence about it."""
    return {message.id.removeprefix("hub.not_read."): render(message) for message in snapshot.not_read}


def test_a_model_is_read_completely(session: HubSession) -> None:
    snapshot = snapshot_of(session)
    assert snapshot.repository == RepositoryId(RepositoryKind.MODEL, MODEL)
    assert snapshot.asked_for == snapshot.repository
    assert snapshot.endpoint == session.endpoint
    assert [file.path for file in snapshot.files] == sorted(FILES)
    config, weights = snapshot.file("config.json"), snapshot.file("model.safetensors")
    assert config is not None
    assert weights is not None
    git = hashlib.sha1(b"blob %d\0" % len(CONFIG) + CONFIG, usedforsecurity=False).hexdigest()
    assert (config.size, config.git_sha1, config.sha256) == (len(CONFIG), git, None)
    assert (weights.size, weights.sha256) == (len(WEIGHTS), hashlib.sha256(WEIGHTS).hexdigest())
    assert snapshot.card == CARD.decode()
    assert snapshot.license == "mit"
    assert "lab/first" in snapshot.base_models
    assert (snapshot.figures.downloads, snapshot.figures.downloads_all_time, snapshot.figures.likes) == (12, 12, 3)
    assert snapshot.account is not None
    assert (snapshot.account.full_name, snapshot.account.is_organization) == ("The Lab", True)
    assert snapshot.account.verified is True
    assert snapshot.commit_count == 3
    assert snapshot.first_commit is not None
    assert snapshot.last_commit is not None
    assert (snapshot.first_commit.title, snapshot.last_commit.title) == ("First", "Third")
    assert snapshot.last_commit.id == snapshot.commit
    assert snapshot.hub_scan_done is True
    assert len(weights.engines) == 5
    assert snapshot.not_read == ()
    assert abs(datetime.now(UTC) - snapshot.retrieved_at) < timedelta(minutes=10)


def test_every_request_after_the_first_names_the_commit(hub: DemoHub, session: HubSession) -> None:
    commit = snapshot_of(session).commit
    assert len(commit) == 40
    about = [row.path for row in hub.log[1:] if MODEL in row.path and not row.path.endswith("/scan")]
    assert len(about) > 3
    assert all(commit in path for path in about)


def test_a_branch_that_moves_meanwhile_does_not_mix_two_versions(hub: DemoHub, session: HubSession) -> None:
    before = snapshot_of(session)
    hub.knobs.after(INFO, lambda: hub.push(MODEL, {"README.md": b"# Other\n", "evil.bin": b"x"}))
    seen = snapshot_of(session)
    assert (seen.commit, seen.files, seen.card) == (before.commit, before.files, before.card)
    assert seen.last_commit == before.last_commit
    assert seen.not_read == ()
    assert snapshot_of(session).commit != before.commit


@pytest.mark.parametrize("kind", ["dataset", "space"])
def test_datasets_and_spaces_too(root: Path, kind: str) -> None:
    commit = make_repository(root, kind, "lab/thing", {"README.md": b"# Thing\n", "app.py": b"print(1)\n"}, likes=4)
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        snapshot = snapshot_of(session, "lab/thing", kind)
        assert session.open(snapshot, "app.py", Unhurried()).read() == b"print(1)\n"
    assert (snapshot.repository.kind, snapshot.commit) == (RepositoryKind(kind), commit)
    assert [file.path for file in snapshot.files] == ["README.md", "app.py"]
    assert (snapshot.card, snapshot.figures.likes) == ("# Thing\n", 4)
    assert "figures" not in reasons(snapshot)


def test_a_dataset_is_not_the_model_of_the_same_name(session: HubSession) -> None:
    assert refused(lambda: snapshot_of(session, MODEL, "dataset")) == "hub.private"


@pytest.mark.parametrize("asked", ["old/model", "LAB/Model"])
def test_a_renamed_repository_is_known_by_both_names(root: Path, asked: str) -> None:
    make_repository(root, "model", MODEL, FILES, former_names=["old/model"])
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        snapshot = snapshot_of(session, asked)
    assert (snapshot.repository.name, snapshot.asked_for.name) == (MODEL, asked)


def test_a_revision_is_pinned_to_its_commit(root: Path) -> None:
    make_repository(root, "model", MODEL, FILES, pull_requests={1: {**FILES, "loader.py": b"print(1)\n"}})
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        main, proposed = snapshot_of(session), snapshot_of(session, revision="refs/pr/1")
        again = snapshot_of(session, revision=main.commit)
    assert proposed.file("loader.py") is not None
    assert main.file("loader.py") is None
    assert proposed.commit != main.commit
    assert again.commit == main.commit


def test_a_gated_model_is_listed_and_says_what_could_not_be_read(root: Path) -> None:
    make_repository(root, "model", "lab/gated", FILES, gated="manual")
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        snapshot = snapshot_of(session, "lab/gated")
        reader = session.open(snapshot, "config.json", Unhurried())
        assert refused(reader.read) == "hub.gated"
        assert refused(lambda: list(session.stream(snapshot, "config.json", 0, Unhurried()))) == "hub.gated"
    assert snapshot.gated == "manual"
    assert [file.path for file in snapshot.files] == sorted(FILES)
    assert snapshot.card is None
    assert "accept its terms" in reasons(snapshot)["card"]


@pytest.mark.parametrize(
    ("name", "message_id"),
    [
        ("lab/disabled", "hub.disabled"),
        ("lab/private", "hub.private"),
        ("lab/nothing-here", "hub.private"),
        ("lab/empty", "hub.empty"),
    ],
)
def test_what_cannot_be_read_is_said(root: Path, name: str, message_id: str) -> None:
    make_repository(root, "model", "lab/disabled", FILES, disabled=True)
    make_repository(root, "model", "lab/private", FILES, private=True)
    make_repository(root, "model", "lab/empty", {})
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        assert refused(lambda: snapshot_of(session, name)) == message_id


@pytest.mark.parametrize("revision", ["no-such-branch", "refs/pr/99", COMMIT])
def test_a_missing_revision_is_said(session: HubSession, revision: str) -> None:
    assert refused(lambda: snapshot_of(session, revision=revision)) == "hub.revision_not_found"


def information(**changes: object) -> bytes:
    sound = {"id": MODEL, "sha": COMMIT, "siblings": [sibling()]}
    return json.dumps(sound | changes).encode()


def sibling(**changes: object) -> dict[str, object]:
    return {"rfilename": "a.bin", "size": 3, "blobId": "0" * 40} | changes


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Please sign in</html>",
        b"[]",
        b"null",
        b"[" * 100_000,
        information(id=5),
        information(id="../../etc"),
        information(sha="main"),
        information(sha=7),
        information(siblings=[sibling(size=-1)]),
        information(siblings=[sibling(size=True)]),
        information(siblings=[sibling(rfilename="")]),
        information(siblings=[sibling(rfilename="\ud800")]),
        information(siblings=[sibling(rfilename=None)]),
        information(siblings=[sibling(blobId="zz")]),
        information(siblings=[sibling(), sibling()]),
        information(siblings=[sibling(lfs={"sha256": "short", "size": 3})]),
        information(siblings=[sibling(lfs={"sha256": "0" * 64, "size": 4})]),
    ],
)
def test_an_answer_that_makes_no_sense_is_not_guessed_at(hub: DemoHub, session: HubSession, body: bytes) -> None:
    hub.knobs.fail(INFO, 200, body=body)
    assert refused(lambda: snapshot_of(session)) == "hub.malformed"


def test_another_commit_than_the_one_asked_for_is_refused(hub: DemoHub, session: HubSession) -> None:
    commit = snapshot_of(session).commit
    hub.knobs.fail(f"hub GET /api/models/{MODEL}/revision/{commit}?blobs", 200, body=information())
    assert refused(lambda: snapshot_of(session, revision=commit)) == "hub.other_commit"


def test_a_repository_without_a_commit_is_empty(hub: DemoHub, session: HubSession) -> None:
    hub.knobs.fail(INFO, 200, body=information(sha=None))
    assert refused(lambda: snapshot_of(session)) == "hub.empty"


def test_a_listing_without_sizes_is_read_from_the_tree_to_its_last_page(root: Path) -> None:
    many = {f"part-{number:04d}.txt": b"x" * (number % 7) for number in range(1001)}
    commit = make_repository(root, "model", "lab/many", {**many, "model.bin": NewFile((5,))})
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        whole = snapshot_of(session, "lab/many")
        bare = {"id": "lab/many", "sha": commit, "siblings": [{"rfilename": path} for path in many]}
        hub.knobs.fail("hub GET /api/models/lab/many?", 200, body=json.dumps(bare).encode())
        from_tree = snapshot_of(session, "lab/many")
        assert sum("/tree/" in row.path for row in hub.log) == 2
    assert len(from_tree.files) == 1002
    assert [(file.path, file.size, file.git_sha1, file.sha256) for file in from_tree.files] == [
        (file.path, file.size, file.git_sha1, file.sha256) for file in whole.files
    ]


def test_a_next_page_that_is_elsewhere_is_not_fetched(hub: DemoHub, session: HubSession) -> None:
    hub.knobs.fail(INFO, 200, body=information(siblings=None))
    page = json.dumps([{"type": "file", "path": "a.bin", "size": 3, "oid": "0" * 40}]).encode()
    hub.knobs.fail("/tree/", 200, {"Link": '<https://evil.example/tree>; rel="next"'}, page)
    assert refused(lambda: snapshot_of(session)) == "hub.malformed"


@pytest.mark.parametrize(
    ("match", "part"),
    [
        ("GET /api/organizations/lab", "account"),
        (f"GET /{MODEL}/resolve", "card"),
        ("/commits/", "history"),
        ("expand=downloadsAllTime", "figures"),
        ("/paths-info/", "engines"),
    ],
)
@pytest.mark.parametrize(("status", "body"), [(500, b""), (200, b"[5]")])
def test_what_could_not_be_had_is_named_with_its_reason(
    hub: DemoHub, match: str, part: str, status: int, body: bytes
) -> None:
    hub.knobs.fail(match, status, body=body, times=None)
    with HubSession(hub.endpoint, patience=ONCE) as session:
        snapshot = snapshot_of(session)
    if status == 200 and part == "card":  # the server's answer has another length than the listing
        assert "another length" in reasons(snapshot)["card"]
    elif status == 200 and part == "engines":  # an entry that is none: no results for any file
        assert "3 files" in reasons(snapshot)["engines_of"]
    else:
        assert ("(error 500)" if status == 500 else "makes no sense") in reasons(snapshot)[part]
    assert len(snapshot.files) == len(FILES)


def test_what_the_scanners_found_and_did_not_read_is_told_apart(root: Path) -> None:
    scans = {
        "a.pkl": {"status": "unsafe", "pickle": "unsafe", "imports": [["os", "system", "dangerous"]]},
        "b.pkl": {"status": "unscanned"},
        "c.pkl": {"status": "error"},
    }
    make_repository(root, "model", "lab/scanned", dict.fromkeys(scans, b"N."), scans=scans)
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        snapshot = snapshot_of(session, "lab/scanned")
    found, waiting, failed = ({one.engine: one for one in file.engines} for file in snapshot.files)
    assert found["pickleImportScan"].state is EngineState.FINDING
    assert found["pickleImportScan"].imports == (("os", "system", "dangerous"),)
    assert found["avScan"].state is EngineState.NOTHING_FOUND
    assert {one.state for one in waiting.values()} == {EngineState.WAITING}
    assert {one.state for one in failed.values()} == {EngineState.NOT_READ}
    assert snapshot.hub_scan_done is False


def test_a_very_long_card_is_cut_and_says_so(root: Path) -> None:
    make_repository(root, "model", "lab/long", {"README.md": b"x" * (CARD_LIMIT + 5)})
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        snapshot = snapshot_of(session, "lab/long")
    assert snapshot.card is not None
    assert len(snapshot.card) == CARD_LIMIT
    assert "first 1,024 kB" in reasons(snapshot)["card_cut"]


def test_a_long_history_is_counted_to_its_first_commit(root: Path) -> None:
    titles = tuple(f"Change {number}" for number in range(205))
    make_repository(root, "model", "lab/old", {"README.md": b"# Old\n"}, history=titles)
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        snapshot = snapshot_of(session, "lab/old")
    assert snapshot.commit_count == 205
    assert snapshot.first_commit is not None
    assert snapshot.last_commit is not None
    assert (snapshot.first_commit.title, snapshot.last_commit.title) == ("Change 0", "Change 204")


def test_a_person_without_an_organisation_is_an_account_too(root: Path) -> None:
    make_account(root, "someone", age_days=3, numFollowers=2)
    make_repository(root, "model", "someone/model", FILES)
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        account = snapshot_of(session, "someone/model").account
    assert account is not None
    assert (account.is_organization, account.followers) == (False, 2)
    assert account.created_at is not None
    assert datetime.now(UTC) - account.created_at < timedelta(days=4)


def test_progress_counts_the_requests(session: HubSession) -> None:
    seen: list[Progress] = []
    session.snapshot(reference(), seen.append, Unhurried())
    assert {progress.step for progress in seen} == {Step.LISTING}
    assert seen[-1].done == seen[-1].total


# --- find and search -------------------------------------------------------------------------------------------------


def test_find_gives_less_and_asks_less(hub: DemoHub, session: HubSession) -> None:
    found = session.find(reference().repository, Unhurried())
    assert found is not None
    assert (found.card, len(found.files), found.account is not None) == (CARD.decode(), len(FILES), True)
    assert not [row for row in hub.log if "paths-info" in row.path or "commits" in row.path]


@pytest.mark.parametrize("name", ["lab/nothing-here", "lab/private"])
def test_find_says_when_there_is_nothing(root: Path, name: str) -> None:
    make_repository(root, "model", "lab/private", FILES, private=True)
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        assert session.find(RepositoryId(RepositoryKind.MODEL, name), Unhurried()) is None


def test_find_does_not_take_a_failure_for_nothing(hub: DemoHub) -> None:
    hub.knobs.fail(INFO, 500, times=None)
    with HubSession(hub.endpoint, patience=ONCE) as session:
        assert refused(lambda: session.find(reference().repository, Unhurried())) == "hub.server_error"


def test_search_finds_by_part_of_the_name(root: Path) -> None:
    make_repository(root, "model", "other/model-2", FILES, downloads=99, likes=5)
    make_repository(root, "model", "other/unlike", FILES)
    with running_demo_hub(root) as hub, HubSession(hub.endpoint) as session:
        hits = session.search("model", Unhurried(), sort="downloads")
    assert [hit.repository.name for hit in hits] == ["other/model-2", MODEL]
    assert (hits[0].downloads, hits[0].likes) == (99, 5)
    assert hits[0].base_models[:1] == ("lab/first",)


def test_search_leaves_out_what_is_no_repository(hub: DemoHub, session: HubSession) -> None:
    listed = [{"id": "../x"}, 5, {"id": MODEL, "downloads": -1}, {}]
    hub.knobs.fail("GET /api/models?search", 200, body=json.dumps(listed).encode())
    (hit,) = session.search("model", Unhurried())
    assert (hit.repository.name, hit.downloads) == (MODEL, None)


def test_search_says_when_the_answer_makes_no_sense(hub: DemoHub, session: HubSession) -> None:
    hub.knobs.fail("GET /api/models?search", 200, body=b"{}")
    assert refused(lambda: session.search("model", Unhurried())) == "hub.malformed"
