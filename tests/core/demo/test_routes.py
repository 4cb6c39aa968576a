import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.demo.exchange import Request
from core.demo.knobs import Knobs
from core.demo.library import Library
from core.demo.routes import Hub
from core.demo.store import NewCommit
from core.repository import RepositoryKind
from tests.core.demo.asking import BASE, CDN, ask, content, fetch
from tests.demo_hub import NewFile, make_account, make_repository

COPY, ORIGINAL = "/api/models/Open-OSS/privacy-filter", "/api/models/openai/privacy-filter"


def paths(rows: list[dict[str, Any]]) -> list[str]:
    return [row["path"] for row in rows]


def test_information_has_the_fields_clients_need(hub: Hub) -> None:
    info = ask(hub, COPY).json()
    assert info["id"] == "Open-OSS/privacy-filter"
    assert len(info["sha"]) == 40
    assert (info["downloads"], info["likes"]) == (244_000, 667)
    assert info["gated"] is False
    assert "downloadsAllTime" not in info
    assert {"rfilename": "loader.py"} in info["siblings"]
    assert info["cardData"]["license"] == "apache-2.0"
    assert "license:apache-2.0" in info["tags"]
    assert info["config"]["model_type"] == "privacy_filter"


def test_blobs_carry_the_hashes_of_the_bytes_that_are_served(hub: Hub) -> None:
    for row in ask(hub, f"{COPY}?blobs=true").json()["siblings"]:
        data = content(fetch(hub, f"/Open-OSS/privacy-filter/resolve/main/{row['rfilename']}"))
        assert len(data) == row["size"]
        if "lfs" in row:
            assert hashlib.sha256(data).hexdigest() == row["lfs"]["sha256"]
            data = content(ask(hub, f"/Open-OSS/privacy-filter/raw/main/{row['rfilename']}"))
        assert hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == row["blobId"]


def test_same_weights_have_the_same_hash_in_both_repositories(hub: Hub) -> None:
    def hashes(address: str) -> dict[str, str]:
        return {row["rfilename"]: row["blobId"] for row in ask(hub, f"{address}?blobs=true").json()["siblings"]}

    copy, original = hashes(COPY), hashes(ORIGINAL)
    assert copy.keys() - original.keys() == {"loader.py", "start.bat"}
    assert {path for path in original if copy[path] != original[path]} == {"README.md"}


def test_expand_gives_only_what_was_asked(hub: Hub) -> None:
    for spelling in ("expand", "expand[]"):
        info = ask(hub, f"{COPY}?{spelling}=downloadsAllTime&{spelling}=gated").json()
        assert info.keys() == {"_id", "id", "downloadsAllTime", "gated"}


def test_security_status_lists_waiting_and_bad_files(hub: Hub) -> None:
    status = ask(hub, f"{COPY}?securityStatus=true").json()["securityRepoStatus"]
    assert status == {"scansDone": False, "filesWithIssues": []}
    bad = ask(hub, "/api/models/quickmodels/face-enhancer/scan").json()
    assert bad == {"scansDone": True, "filesWithIssues": [{"path": "face_enhancer.pth", "level": "unsafe"}]}


def test_a_revision_can_be_a_branch_a_commit_or_a_pull_request(hub: Hub) -> None:
    mini = "/api/models/lumora/Beacon-mini"
    sha = ask(hub, mini).json()["sha"]
    assert ask(hub, f"{mini}/revision/{sha}").json()["sha"] == sha
    for spelling in ("refs%2Fpr%2F1", "refs/pr/1"):
        siblings = ask(hub, f"{mini}/revision/{spelling}").json()["siblings"]
        assert {"rfilename": "fast_load.bat"} in siblings
    assert {"rfilename": "fast_load.bat"} not in ask(hub, mini).json()["siblings"]


def test_tree_shows_one_folder_or_all(hub: Hub) -> None:
    top = ask(hub, f"{ORIGINAL}/tree/main").json()
    assert "original" in paths(top)
    assert "original/config.json" not in paths(top)
    assert next(row for row in top if row["path"] == "original")["type"] == "directory"
    everything = ask(hub, f"{ORIGINAL}/tree/main?recursive=True").json()
    assert {"original", "original/config.json", "config.json"} <= set(paths(everything))
    for folder in ("original", "original%2F"):
        inside = paths(ask(hub, f"{ORIGINAL}/tree/main/{folder}").json())
        assert inside == ["original/config.json", "original/dtypes.json", "original/model.safetensors"]
    assert ask(hub, f"{ORIGINAL}/tree/main/nowhere").header("X-Error-Code") == "EntryNotFound"


def test_expanded_tree_has_all_five_engines_and_the_last_commit(hub: Hub) -> None:
    rows = {row["path"]: row for row in ask(hub, f"{COPY}/tree/main?expand=true").json()}
    status = rows["loader.py"]["securityFileStatus"]
    assert status["status"] == "queued"
    assert {"protectAiScan", "avScan", "pickleImportScan", "virusTotalScan", "jFrogScan"} < status.keys()
    assert status["pickleImportScan"] == {"status": "queued", "pickleImports": [], "version": "0.0.0"}
    assert rows["loader.py"]["lastCommit"]["title"] == "Add easy start"
    assert rows["config.json"]["lastCommit"]["title"] == "Upload model"
    assert "lastCommit" not in ask(hub, f"{COPY}/tree/main").json()[0]


def test_pages_of_a_tree_follow_each_other_on_our_own_address(tmp_path: Path) -> None:
    make_repository(tmp_path, "model", "a/many", {f"{number:04}.json": b"{}" for number in range(185)})
    hub = Hub(Library(tmp_path), BASE, CDN, Knobs())
    address, seen, pages = "/api/models/a/many/tree/main?expand=true", [], 0
    while address:
        response = ask(hub, address)
        seen += paths(response.json())
        pages += 1
        link = response.header("Link")
        address = link.partition(">")[0].removeprefix(f"<{BASE}") if link else ""
    assert seen == [f"{number:04}.json" for number in range(185)]
    assert pages == 4
    assert ask(hub, "/api/models/a/many/tree/main").header("Link") is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"paths=loader.py&paths=nope&paths=original&expand=True", "application/x-www-form-urlencoded"),
        (json.dumps({"paths": ["loader.py", "nope", "original"], "expand": True}).encode(), "application/json"),
    ],
)
def test_paths_info_takes_a_form_or_json(hub: Hub, body: bytes, kind: str) -> None:
    rows = ask(hub, f"{COPY}/paths-info/main", "POST", body, content_type=kind).json()
    assert paths(rows) == ["loader.py", "original"]
    assert rows[0]["securityFileStatus"]["status"] == "queued"


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"paths": 3}', b"\xff", b"{}"])
def test_paths_info_refuses_a_broken_body(hub: Hub, body: bytes) -> None:
    assert ask(hub, f"{COPY}/paths-info/main", "POST", body, content_type="application/json").status == 400


def test_commits_come_newest_first_with_their_number(hub: Hub) -> None:
    response = ask(hub, f"{ORIGINAL}/commits/main?limit=2")
    assert [row["title"] for row in response.json()] == ["Write the card", "Sign the release"]
    assert response.header("X-Total-Count") == "3"
    link = response.header("Link")
    assert link
    rest = ask(hub, link.partition(">")[0].removeprefix(f"<{BASE}"))
    assert [row["title"] for row in rest.json()] == ["Add weights and configuration"]
    assert rest.header("Link") is None


def test_refs_show_pull_requests_when_asked(hub: Hub) -> None:
    refs = ask(hub, "/api/models/lumora/Beacon-mini/refs?include_prs=1").json()
    assert [branch["name"] for branch in refs["branches"]] == ["main"]
    assert refs["pullRequests"][0]["ref"] == "refs/pr/1"
    assert "pullRequests" not in ask(hub, "/api/models/lumora/Beacon-mini/refs").json()


def test_search_sorts_filters_and_pages(hub: Hub) -> None:
    found = ask(hub, "/api/models?search=privacy-filter&sort=downloads").json()
    assert [row["id"] for row in found] == [
        "Open-OSS/privacy-filter",
        "openai/privacy-filter",
        "weight-archive/privacy-filter",
    ]
    newest = ask(hub, "/api/models?search=privacy&sort=createdAt&limit=1")
    assert [row["id"] for row in newest.json()] == ["Open-OSS/privacy-filter"]
    assert (newest.header("Link") or "").startswith(f"<{BASE}/api/models?")
    quantized = ask(hub, "/api/models?filter=base_model:quantized:lumora/Beacon-7B").json()
    assert [row["id"] for row in quantized] == ["tinybench/Beacon-7B-GGUF"]
    by_author = ask(hub, "/api/models?author=openai&expand=sha&expand=author").json()
    assert by_author[0].keys() == {"_id", "id", "sha", "author"}


def test_search_hides_private_and_disabled_repositories(hub: Hub) -> None:
    names = {row["id"] for row in ask(hub, "/api/models").json()}
    assert {"lumora/Beacon-70B", "lumora/Beacon-7B"} <= names
    assert not {"lumora/next-beacon", "shut-down/sample-model"} & names


def test_accounts_are_organizations_or_users_never_both(hub: Hub) -> None:
    organization = ask(hub, "/api/organizations/openai/overview").json()
    assert organization["isVerified"] is True
    assert organization["numModels"] == 1
    assert ask(hub, "/api/users/openai/overview").status == 404
    user = ask(hub, "/api/users/Open-OSS/overview").json()
    assert user["createdAt"].endswith("Z")
    missing = ask(hub, "/api/organizations/Open-OSS/overview")
    assert (missing.status, missing.header("X-Error-Code")) == (404, None)
    assert ask(hub, "/api/organizations/lumora/socials").json() == {"socialHandles": {"github": "lumora-example"}}


def test_an_account_that_was_renamed_leads_to_its_new_name(tmp_path: Path) -> None:
    make_account(tmp_path, "today", organization=True, former_names=["Yesterday"])
    hub = Hub(Library(tmp_path), "http://127.0.0.1:1", "http://127.0.0.1:2", Knobs())
    moved = ask(hub, "/api/organizations/yesterday/overview")
    assert (moved.status, moved.header("Location")) == (307, "/api/organizations/today/overview")
    assert "former_names" not in ask(hub, "/api/organizations/today/overview").json()


def test_quick_search_names_accounts_and_repositories(hub: Hub) -> None:
    found = ask(hub, "/api/quicksearch?q=umora").json()
    assert "lumora/Beacon-7B" in [row["id"] for row in found["models"]]
    assert [row["name"] for row in found["orgs"]] == ["lumora"]
    assert [row["user"] for row in found["users"]] == ["1umora"]


def test_discussions_name_their_authors(hub: Hub) -> None:
    found = ask(hub, "/api/models/lumora/Beacon-mini/discussions").json()
    assert found["count"] == 1
    assert found["discussions"][0]["author"]["name"] == "helpful-stranger"
    assert found["discussions"][0]["isPullRequest"] is True
    assert ask(hub, "/api/models/lumora/Beacon-mini/discussions?status=closed").json()["count"] == 0


def test_likers_come_in_pages_with_what_is_known_of_them(tmp_path: Path) -> None:
    make_account(tmp_path, "ada", fullname="Ada Example")
    make_repository(tmp_path, "model", "somebody/model", {"a.txt": b"a"}, likers=["ada", "bold-otter1", "calm-heron2"])
    own = Hub(Library(tmp_path), BASE, CDN, Knobs())
    first = ask(own, "/api/models/somebody/model/likers?limit=2")
    assert [(row["user"], row["fullname"]) for row in first.json()] == [
        ("ada", "Ada Example"),
        ("bold-otter1", "bold-otter1"),
    ]
    following = (first.header("Link") or "").partition(">")[0].removeprefix(f"<{BASE}")
    assert [row["user"] for row in ask(own, following).json()] == ["calm-heron2"]


def test_the_incident_was_liked_by_names_that_a_machine_made_up(hub: Hub) -> None:
    names = [row["user"] for row in ask(hub, f"{COPY}/likers").json()]
    assert len(set(names)) == ask(hub, COPY).json()["likes"]
    assert sum(re.fullmatch(r"[a-z]+-?[a-z]+\d{3,4}", name) is not None for name in names) > 0.95 * len(names)


def test_small_files_come_from_the_hub_itself(hub: Hub) -> None:
    response = ask(hub, "/openai/privacy-filter/resolve/main/config.json", "HEAD")
    location = response.header("Location") or ""
    assert response.status == 307
    assert location.startswith("/api/resolve-cache/models/openai/privacy-filter/")
    target = ask(hub, location)
    assert (target.status, target.json()["model_type"]) == (200, "privacy_filter")
    assert target.header("X-Repo-Commit") == response.header("X-Repo-Commit")


def test_large_files_come_from_the_cdn_under_a_signed_address(hub: Hub) -> None:
    response = ask(hub, "/openai/privacy-filter/resolve/main/model.safetensors")
    location = response.header("Location") or ""
    assert response.status == 302
    assert location.startswith(CDN)
    assert response.header("X-Linked-Size") == "26032"
    assert response.header("X-Xet-Hash") is None
    target = ask(hub, location)
    linked = response.header("X-Linked-Etag")
    assert linked == f'"{hashlib.sha256(content(target)).hexdigest()}"'
    assert target.header("ETag") != linked
    assert ask(hub, location.replace("Signature=", "Signature=0")).status == 403
    assert ask(hub, location.partition("?")[0]).status == 403


def test_signed_addresses_expire_after_their_uses(hub: Hub, knobs: Knobs) -> None:
    knobs.cdn_expires_after = 2
    location = ask(hub, "/openai/privacy-filter/resolve/main/model.safetensors").header("Location") or ""
    assert [ask(hub, location).status for _ in range(3)] == [200, 200, 403]


@pytest.mark.parametrize(
    ("asked", "status", "stated", "expected"),
    [
        ("bytes=0-3", 206, "bytes 0-3/93", slice(0, 4)),
        ("bytes=90-", 206, "bytes 90-92/93", slice(90, None)),
        ("bytes=-5", 206, "bytes 88-92/93", slice(-5, None)),
        ("bytes=-500", 206, "bytes 0-92/93", slice(None)),
        ("bytes=50-5000", 206, "bytes 50-92/93", slice(50, None)),
        ("bytes=93-", 416, "bytes */93", slice(0, 0)),
        ("bytes=-0", 416, "bytes */93", slice(0, 0)),
        ("bytes=5-1", 200, None, slice(None)),
        ("bytes=0-1,4-5", 200, None, slice(None)),
        ("bytes=-", 200, None, slice(None)),
        ("lines=0-1", 200, None, slice(None)),
    ],
)
def test_ranges(hub: Hub, asked: str, status: int, stated: str | None, expected: slice) -> None:
    address = "/openai/privacy-filter/resolve/main/.gitattributes"
    whole = content(fetch(hub, address))
    response = fetch(hub, address, range=asked)
    assert (response.status, response.header("Content-Range")) == (status, stated)
    assert content(response) == whole[expected]


def test_an_empty_file_has_no_content_range(tmp_path: Path) -> None:
    make_repository(tmp_path, "model", "a/b", {"empty.txt": b""})
    response = fetch(Hub(Library(tmp_path), BASE, CDN, Knobs()), "/a/b/resolve/main/empty.txt", range="bytes=0-10")
    assert (response.status, response.length, response.header("Content-Range")) == (200, 0, None)


def test_raw_gives_the_pointer_of_a_large_file(hub: Hub) -> None:
    pointer = content(ask(hub, "/openai/privacy-filter/raw/main/model.safetensors"))
    assert pointer.startswith(b"version https://git-lfs.github.com/spec/v1\noid sha256:")
    assert ask(hub, "/openai/privacy-filter/raw/main/config.json").json()["hidden_size"] == 16


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("/api/models/lumora-labs/Beacon-mini?blobs=true", "/api/models/lumora/Beacon-mini?blobs=true"),
        ("/api/models/LUMORA/beacon-MINI/tree/main", "/api/models/lumora/Beacon-mini/tree/main"),
        ("/api/models/beacon-mini/revision/main", "/api/models/lumora/Beacon-mini/revision/main"),
        ("/beacon-mini/resolve/main/config.json", "/lumora/Beacon-mini/resolve/main/config.json"),
        ("/api/datasets/Field-Notes/street-signs", "/api/datasets/field-notes/street-signs"),
    ],
)
def test_old_names_and_other_capitals_are_sent_on(hub: Hub, asked: str, location: str) -> None:
    response = ask(hub, asked)
    assert (response.status, response.header("Location")) == (307, location)
    assert ask(hub, location).status in {200, 307}


@pytest.mark.parametrize("name", ["nobody/nothing", "lumora/next-beacon", "Lumora/Next-Beacon"])
def test_missing_and_private_repositories_look_alike(hub: Hub, name: str) -> None:
    anonymous = ask(hub, f"/api/models/{name}")
    assert (anonymous.status, anonymous.header("X-Error-Code")) == (401, "RepoNotFound")
    assert anonymous.header("WWW-Authenticate")
    known = ask(hub, f"/api/models/{name}", authorization="Bearer demo-visitor")
    assert (known.status, known.header("X-Error-Code")) == (404, "RepoNotFound")
    assert ask(hub, f"/{name}/resolve/main/README.md").status == 401


def test_a_member_sees_private_repositories(hub: Hub) -> None:
    assert ask(hub, "/api/models/lumora/next-beacon", authorization="Bearer demo-member").json()["private"] is True


def test_gated_contents_need_permission_the_listing_does_not(hub: Hub) -> None:
    assert ask(hub, "/api/models/lumora/Beacon-70B").json()["gated"] == "manual"
    assert ask(hub, "/api/models/lumora/Beacon-70B/tree/main").status == 200
    address = "/lumora/Beacon-70B/resolve/main/config.json"
    for token, status in (("", 401), ("Bearer demo-visitor", 403)):
        refused = ask(hub, address, authorization=token)
        assert (refused.status, refused.header("X-Error-Code")) == (status, "GatedRepo")
        assert refused.header("X-Repo-Commit")
    assert fetch(hub, address, authorization="Bearer demo-member").status == 200
    commit = ask(hub, "/api/models/lumora/Beacon-70B").json()["sha"]
    cached = f"/api/resolve-cache/models/lumora/Beacon-70B/{commit}/config.json"
    assert ask(hub, cached).status == 401


def test_disabled_repositories_say_so(hub: Hub) -> None:
    refused = ask(hub, "/api/models/shut-down/sample-model")
    assert (refused.status, refused.header("X-Error-Message")) == (403, "Access to this resource is disabled.")


def test_a_wrong_token_is_refused_everywhere(hub: Hub) -> None:
    refused = ask(hub, COPY, authorization="Bearer wrong")
    assert (refused.status, refused.header("X-Error-Message")) == (401, "Invalid credentials in Authorization header")


def test_missing_files_and_revisions_have_their_codes(hub: Hub) -> None:
    entry = ask(hub, "/openai/privacy-filter/resolve/main/nope.bin", "HEAD")
    assert (entry.status, entry.header("X-Error-Code")) == (404, "EntryNotFound")
    assert entry.header("X-Repo-Commit")
    for address in (f"{COPY}/tree/nope", f"{COPY}/revision/nope", "/openai/privacy-filter/resolve/nope/config.json"):
        revision = ask(hub, address)
        assert (revision.status, revision.header("X-Error-Code")) == (404, "RevisionNotFound")
        assert revision.header("X-Error-Message") == "Invalid rev id: nope"


_SEGMENTS = (
    st.sampled_from(["api", "models", "datasets", "users", "overview", "quicksearch", "discussions", "commits", ""])
    | st.sampled_from(["openai", "privacy-filter", "lumora", "Beacon-mini", "beacon-mini", "config.json", "main"])
    | st.sampled_from(["tree", "revision", "refs", "pr", "1", "resolve", "raw", "resolve-cache", "paths-info"])
    | st.sampled_from(["%2F", "%E2%80%AE", "%FF", "%0D%0A", ".."])
)
_VALUES = st.sampled_from(["", "1", "-1", "true", "99999999999999999999", "tags", "\u0661", "====", "b\u202e"])
_NAMES = st.sampled_from(
    ["limit", "p", "cursor", "sort", "expand", "search", "filter", "q", "recursive", "author", "full"]
)


@given(
    path=st.lists(_SEGMENTS, max_size=8).map("/".join),
    query=st.lists(st.tuples(_NAMES, _VALUES), max_size=4).map(tuple),
    method=st.sampled_from(["GET", "HEAD", "POST"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_a_client_sends_breaks_the_hub(
    hub: Hub, path: str, query: tuple[tuple[str, str], ...], method: str
) -> None:
    response = hub.dispatch(Request(method, f"/{path}", query))
    assert response.status in {200, 302, 307, 400, 401, 403, 404}
    for name, value in response.headers:
        assert f"{name}{value}".isascii()
        assert f"{name}{value}".isprintable()


def test_a_listing_can_lie_about_a_length(tmp_path: Path) -> None:
    make_repository(tmp_path, "model", "a/b", {"model.bin": NewFile((b"four",), stated_size=400)})
    hub = Hub(Library(tmp_path), BASE, CDN, Knobs())
    assert ask(hub, "/api/models/a/b?blobs=true").json()["siblings"][0]["size"] == 400
    assert content(fetch(hub, "/a/b/resolve/main/model.bin")) == b"four"


def test_an_error_message_cannot_break_out_of_its_header(hub: Hub) -> None:
    message = ask(hub, f"{COPY}/revision/a%0D%0AX-Evil:%20b%E2%80%AE").header("X-Error-Message")
    assert message == "Invalid rev id: a??X-Evil: b?"


def test_who_am_i(hub: Hub) -> None:
    assert ask(hub, "/api/whoami-v2").status == 401
    me = ask(hub, "/api/whoami-v2", authorization="Bearer demo-visitor").json()
    assert (me["name"], me["auth"]["accessToken"]["role"]) == ("visitor", "read")


@pytest.mark.parametrize(
    "address",
    ["/api/agent-harnesses", "/api/nothing", "/api/", f"{ORIGINAL}/xet-read-token/main", "/api/resolve-cache/models"],
)
def test_unknown_addresses_are_not_found(hub: Hub, address: str) -> None:
    assert ask(hub, address).status == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(hub: Hub, method: str) -> None:
    assert ask(hub, COPY, method).status == 405


@pytest.mark.parametrize(
    ("address", "bucket"),
    [(COPY, '"api"'), ("/openai/privacy-filter/resolve/main/config.json", '"resolvers"'), ("/", '"pages"')],
)
def test_every_answer_states_the_rate_limit(hub: Hub, address: str, bucket: str) -> None:
    response = ask(hub, address)
    assert (response.header("RateLimit") or "").startswith(bucket)
    assert response.header("RateLimit-Policy")
    assert response.header("X-Request-Id")


def test_datasets_and_spaces_work_like_models(hub: Hub) -> None:
    for kind, name, script in (
        ("datasets", "field-notes/street-signs", "street_signs.py"),
        ("spaces", "lumora/beacon-chat", "app.py"),
    ):
        assert {"rfilename": script} in ask(hub, f"/api/{kind}/{name}").json()["siblings"]
        assert fetch(hub, f"/{kind}/{name}/resolve/main/{script}").status == 200
        assert [row["id"] for row in ask(hub, f"/api/{kind}").json()] == [name]


def test_pages_escape_what_repositories_say(tmp_path: Path) -> None:
    files = {"README.md": b"<script>alert(1)</script>", "a\u202e<b>.txt": b""}
    make_repository(tmp_path, "model", "a/b", files)
    hub = Hub(Library(tmp_path), BASE, CDN, Knobs())
    page = content(ask(hub, "/a/b")).decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page
    assert "&lt;b&gt;" in page
    assert "Demo - not real" in page
    assert content(ask(hub, "/datasets")).count(b"a/b") == 2


def test_a_broken_card_is_no_card(tmp_path: Path) -> None:
    for number, card in enumerate((b"---\na: [\n---\n", b"---\n- a\n---\n", b"no fence", b"\xff\xfe", b"---\nopen")):
        make_repository(tmp_path, "model", f"a/{number}", {"README.md": card, "config.json": b"[" + card})
    hub = Hub(Library(tmp_path), BASE, CDN, Knobs())
    assert [row["cardData"] for row in ask(hub, "/api/models?full=true").json()] == [{}] * 5


def test_dates_in_a_card_become_text(tmp_path: Path) -> None:
    make_repository(tmp_path, "model", "a/b", {"README.md": b"---\ndate: 2026-01-02\n---\n"})
    hub = Hub(Library(tmp_path), BASE, CDN, Knobs())
    assert ask(hub, "/api/models/a/b").json()["cardData"] == {"date": "2026-01-02"}


def test_an_account_without_facts_is_an_ordinary_user(tmp_path: Path) -> None:
    make_repository(tmp_path, "model", "plain/b", {})
    make_account(tmp_path, "young", age_days=1)
    hub = Hub(Library(tmp_path), BASE, CDN, Knobs())
    assert ask(hub, "/api/users/plain/overview").json()["numModels"] == 1
    assert "createdAt" in ask(hub, "/api/users/young/overview").json()
    assert ask(hub, "/api/users/nobody/overview").status == 404


def test_a_pushed_commit_moves_the_branch_and_keeps_the_old_one(tmp_path: Path) -> None:
    first = make_repository(tmp_path, "model", "a/b", {"weights.bin": b"one", "same.txt": b"same"})
    library = Library(tmp_path)
    hub = Hub(library, BASE, CDN, Knobs())

    commit = NewCommit("Second", {"weights.bin": b"two", "same.txt": b"same"}, datetime.now(UTC), "a")
    library.push(RepositoryKind.MODEL, "a/b", commit)
    assert ask(hub, "/api/models/a/b").json()["sha"] != first
    assert content(fetch(hub, f"/a/b/resolve/{first}/weights.bin")) == b"one"
    assert content(fetch(hub, "/a/b/resolve/main/weights.bin")) == b"two"
    assert content(fetch(hub, "/a/b/resolve/main/same.txt")) == b"same"
    assert len(ask(hub, "/api/models/a/b/commits/main").json()) == 2
