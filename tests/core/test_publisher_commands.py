"""`sallyport publishers`, through the command line; `check` against the embedded hub."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.demo.server import DemoHub
from core.hub.session import HubSession
from core.hub.transport import Patience
from core.identity.publisher_check import MOST_REQUESTS, AccountState, check_accounts
from core.identity.publishers import directory_for
from core.progress import Cancelled, CancelToken, ignore_progress
from core.repository import Account
from tests.demo_hub import make_account, running_demo_hub

LISTED = directory_for("https://huggingface.co")
ACCOUNTS = ("openai", "google", "bartowski", "meta-llama", "facebook")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[DemoHub]:
    root = tmp_path / "hub"
    make_account(root, "openai", organization=True, isVerified=True)
    make_account(root, "google", organization=True, isVerified=False)
    make_account(root, "bartowski", age_days=900)
    make_account(root, "llama-of-today", organization=True, isVerified=True, former_names=["meta-llama"])
    with running_demo_hub(root) as running:
        yield running


def publishers(tmp_path: Path, *arguments: str) -> int:
    return main(["publishers", *arguments, "--data-dir", str(tmp_path / "own")])


def checked(hub: DemoHub, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> tuple[int, dict[str, Any]]:
    status = publishers(tmp_path, "check", *ACCOUNTS, "--endpoint", hub.endpoint, "--json", "-")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, found


def test_a_check_tells_what_became_of_each_account(
    hub: DemoHub, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, found = checked(hub, capsys, tmp_path)
    assert {one["account"]: (one["state"], one["now"]) for one in found["accounts"]} == {
        "openai": ("badge", ""),
        "google": ("no_badge", ""),
        "bartowski": ("person", ""),
        "meta-llama": ("renamed", "llama-of-today"),
        "facebook": ("missing", ""),
    }
    assert found["requests"] == len(hub.log) == 8  # a person and a missing account cost two, a renamed one too
    assert status == 10


def test_a_check_in_words_says_the_new_name_and_what_to_do(
    hub: DemoHub, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    publishers(tmp_path, "check", *ACCOUNTS, "--endpoint", hub.endpoint)
    shown = capsys.readouterr().out
    assert "llama-of-today" in shown
    assert "take it off the list" in shown
    assert shown.index("facebook") < shown.index("meta-llama") < shown.index("google")


def test_all_well_ends_with_zero_and_no_answer_with_three(
    hub: DemoHub, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ("check", "google", "bartowski", "--endpoint", hub.endpoint)
    # Only the accounts named: the publisher google has more of them, and meta is no account.
    assert publishers(tmp_path, *asked) == 0
    assert publishers(tmp_path, "check", "meta", "--endpoint", hub.endpoint) == 10
    assert "codellama" in capsys.readouterr().out
    hub.knobs.fail("organizations/google", 403, times=None)
    assert publishers(tmp_path, *asked) == 3
    assert "no answer" in capsys.readouterr().out


def test_a_hub_that_has_enough_is_left_alone(hub: DemoHub) -> None:
    hub.knobs.fail("overview", 429, {"Retry-After": "200"}, times=None)
    asked = [(account, publisher) for publisher in LISTED.publishers for account in publisher.accounts]
    with HubSession(hub.endpoint, patience=Patience(first_pause=0.0, longest_pause=0.0)) as session:
        found = check_accounts(asked, session, ignore_progress, CancelToken())
    assert {one.state for one in found} == {AccountState.NOT_ASKED}
    assert [one.account for one in found] == [account for account, _ in asked]
    assert len(hub.log) <= 8


class FakeSource:
    """Knows every account as an organisation; `cost` requests each."""

    def __init__(self, cost: int = 1) -> None:
        self.requests = 100
        self._cost = cost

    def account(self, name: str, cancel: CancelToken) -> Account | None:
        cancel.check()
        self.requests += self._cost
        return Account(name.upper(), is_organization=True, verified=True)


def test_it_stops_before_the_limit_of_anonymous_visitors() -> None:
    asked = [(f"lab-{number}", LISTED.publishers[0]) for number in range(400)]
    source = FakeSource(cost=3)
    found = check_accounts(asked, source, ignore_progress, CancelToken())
    states = [one.state for one in found]
    assert set(states) == {AccountState.BADGE, AccountState.NOT_ASKED}  # another capitalisation is the same name
    assert source.requests - 100 <= MOST_REQUESTS


def test_a_check_can_be_cancelled() -> None:
    cancel = CancelToken()
    source = FakeSource()

    with pytest.raises(Cancelled):
        check_accounts([("a", LISTED.publishers[0])] * 200, source, lambda _: cancel.cancel(), cancel)


def test_the_list_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert publishers(tmp_path, "list") == 0
    shown = capsys.readouterr().out
    assert "bartowski" in shown
    assert "not confirmed" in shown
    assert publishers(tmp_path, "list", "openai", "--json", "-") == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["accounts"][0] == "openai"
    assert entry["evidence"] == "general_knowledge"


def test_accounts_are_added_and_taken_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def of(account: str) -> dict[str, Any] | None:
        capsys.readouterr()
        status = publishers(tmp_path, "list", account, "--json", "-")
        shown = capsys.readouterr().out
        found: dict[str, Any] | None = json.loads(shown)[0] if status == 0 else None
        return found

    assert of("our-lab") is None
    alias = ("--alias", "Our Lab", "--alias", "OL")
    assert publishers(tmp_path, "add", "our-lab", "--name", "Ours", *alias, "--website", "our.example") == 0
    ours = of("our-lab")
    assert ours is not None
    assert (ours["name"], ours["aliases"], ours["evidence"]) == ("Ours", ["Our Lab", "OL"], "own")
    assert publishers(tmp_path, "add", "openai-new", "--publisher", "openai") == 0
    openai = of("openai-new")
    assert openai is not None
    assert {"openai", "openai-new"} <= {*openai["accounts"]}
    assert publishers(tmp_path, "remove", "OpenAI") == 0
    assert of("openai") is not None  # by its id
    assert "openai" not in (of("openai-new") or {})["accounts"]
    assert publishers(tmp_path, "remove", "our-lab") == 0
    assert of("our-lab") is None


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("add", "openai"), 2, "listed already"),
        (("add", "our/lab"), 2, "our/lab"),
        (("add", "our-lab", "--website", "https://x"), 2, "website"),
        (("add", "our-lab", "--kind", "reseller"), 2, "repackager"),
        (("add", "our-lab", "--publisher", "nobody-knows"), 2, "nobody-knows"),
        (("remove", "nobody-knows"), 2, "nobody-knows"),
        (("list", "nobody-knows"), 2, "nobody-knows"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    arguments: tuple[str, ...], status: int, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert publishers(tmp_path, *arguments) == status
    assert said in capsys.readouterr().err
    assert not (tmp_path / "own" / "config" / "publishers.toml").exists()


def test_a_broken_own_list_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    place = tmp_path / "own" / "config" / "publishers.toml"
    place.parent.mkdir(parents=True)
    place.write_text("broken", encoding="utf-8")
    assert publishers(tmp_path, "list") == 3
    assert "publishers.toml" in capsys.readouterr().err
    assert publishers(tmp_path, "add", "our-lab") == 3
    assert place.read_text(encoding="utf-8") == "broken"
