"""Who is called an impostor, who is not, and who is found to be the original."""

import pytest

from core.findings import Level
from core.identity.findings import findings
from core.identity.identify import Wish, identify
from core.identity.relation import Compared, relate
from core.identity.results import Confidence, Identity, Relation
from core.progress import CancelToken, ignore_progress
from core.repository import Account, Commit, RepositoryId, RepositoryKind, Snapshot
from tests.core.snapshots import FakeHub, days_ago, snapshot

WEIGHTS = (1_000_000, "a" * 64)
CARD = "# Privacy Filter\n\nOpenAI Privacy Filter is developed by OpenAI. It finds names.\n"
OFFICIAL = snapshot("openai/privacy-filter", {"model.safetensors": WEIGHTS}, CARD, organization=True, downloads=9000)


def identified(here: Snapshot, *others: Snapshot, failing: tuple[str, ...] = ()) -> Identity:
    hub = FakeHub(here, *(others or (OFFICIAL,)), failing=failing)
    return identify(here, hub, ignore_progress, CancelToken())


def found(here: Snapshot, *others: Snapshot, failing: tuple[str, ...] = ()) -> dict[str, Level]:
    identity = identified(here, *others, failing=failing)
    return {one.rule.removeprefix("identity."): one.level for one in findings(here, identity)}


def copy(name: str, **facts: object) -> Snapshot:
    return snapshot(name, {"model.safetensors": WEIGHTS}, CARD, **facts)  # type: ignore[arg-type]


def test_the_incident_is_seen_for_what_it_is() -> None:
    here = copy("Open-OSS/privacy-filter", age_days=1, account_days=1, downloads=244_000)
    identity = identified(here)
    assert identity.original is not None
    assert identity.original.snapshot.repository.name == "openai/privacy-filter"
    assert identity.original.confidence is not Confidence.GUESS
    assert identity.original.reasons
    rules = found(here)
    assert rules["not-the-publisher"]
    assert rules["popular-too-fast"] is Level.CAREFUL
    assert rules["new-account"]
    assert relate(here, identity, Compared(1, 1, 0.9)).relation is Relation.IDENTICAL_WEIGHTS


def test_the_publisher_itself_is_left_alone() -> None:
    identity = identified(OFFICIAL)
    assert identity.original is None
    assert identity.publisher is not None
    assert relate(OFFICIAL, identity, Compared(0, 0, 0)).relation is Relation.IS_ORIGINAL
    assert found(OFFICIAL) == {}


@pytest.mark.parametrize("account", ["0penai", "openal", "opemai", "open-ai", "οpenai"])
def test_a_name_made_to_be_taken_for_another_is_told(account: str) -> None:
    rules = found(copy(f"{account}/privacy-filter"))
    assert {"look-alike-account", "similar-account"} & rules.keys(), rules


def test_a_brand_inside_of_another_name_asks_for_care() -> None:
    assert found(copy("openai-official/privacy-filter"))["brand-in-account"] is Level.CAREFUL


@pytest.mark.parametrize("shown", ["OpenAI", "Open AI", "ОpenАI", "O\u200bpenAI", "ＯｐｅｎＡＩ"])
def test_a_brand_shown_by_an_account_that_is_not_the_brands_asks_for_care(shown: str) -> None:
    account = Account("somebody", is_organization=True, full_name=shown)
    assert found(snapshot("somebody/x", {}, "# X\n", account=account))["shown-name"] is Level.CAREFUL


@pytest.mark.parametrize(("account", "shown"), [("openai", "OpenAI"), ("somebody", "Some Body"), ("somebody", "Apple")])
def test_an_honest_or_ordinary_shown_name_is_no_matter(account: str, shown: str) -> None:
    here = snapshot(f"{account}/x", {}, "# X\n", account=Account(account, is_organization=True, full_name=shown))
    assert "shown-name" not in found(here)


def test_an_account_named_like_a_family_is_told() -> None:
    assert found(copy("privacy-filter/openai"))["family-as-account"]
    assert "family-as-account" not in found(copy("somebody/privacy-filter"))


@pytest.mark.parametrize("account", ["tinybench", "weight-archive", "nightshift"])
def test_an_honest_third_party_is_no_impostor(account: str) -> None:
    here = copy(f"{account}/privacy-filter-GGUF", base_models=("openai/privacy-filter",))
    rules = found(here)
    assert rules.get("third-party-version") is Level.NOTE
    assert Level.HIGH not in rules.values()
    assert relate(here, identified(here), Compared(0, 1, 0.3)).relation is Relation.CONVERTED


def test_a_model_of_ones_own_has_no_original() -> None:
    here = snapshot("somebody/my-little-model", {"model.safetensors": (5, "b" * 64)}, "# Mine\n\nI made it.\n")
    identity = identified(here)
    assert identity.original is None
    assert found(here) == {}
    assert relate(here, identity, Compared(0, 0, 0)).relation is None


def test_a_card_that_says_a_brand_made_it_is_told_even_without_an_original() -> None:
    here = snapshot("somebody/filter", {}, "# Filter\n\nThis model was developed by OpenAI.\n", account_days=2)
    assert found(here, snapshot("other/else"))["claims-brand"] is Level.CAREFUL


def test_a_strangers_proposal_is_told() -> None:
    assert found(copy("somebody/x", revision="refs/pr/29"))["pull-request"] is Level.HIGH


def test_a_page_that_moved_to_another_owner_is_told() -> None:
    assert found(copy("newcomer/model", asked_for="oldtimer/model"))["moved"] is Level.CAREFUL
    assert "moved" not in found(copy("newcomer/model"))


def test_a_program_that_came_long_after_is_told() -> None:
    old, new = Commit("a", "first", days_ago(900), ()), Commit("b", "more", days_ago(1), ())
    here = snapshot("somebody/x", {"run.exe": b"MZ"}, first_commit=old, last_commit=new)
    assert "late-program" in found(here) or not any(f.last_commit for f in here.files)


def test_terms_that_were_dropped_are_told() -> None:
    gated = snapshot("openai/privacy-filter", {"model.safetensors": WEIGHTS}, CARD, organization=True, gated="auto")
    assert "terms-dropped" in found(copy("somebody/privacy-filter"), gated)
    assert "terms-dropped" not in found(copy("somebody/privacy-filter"), OFFICIAL)


def test_what_the_hub_did_not_answer_is_said() -> None:
    assert "lookup-incomplete" in found(copy("somebody/privacy-filter"), failing=("*",))
    assert "lookup-incomplete" not in found(copy("somebody/privacy-filter"))


def test_a_person_may_choose_another_original() -> None:
    other = snapshot("somebody/else", {"model.safetensors": WEIGHTS}, CARD)
    here = copy("copier/privacy-filter")
    choice = RepositoryId(RepositoryKind.MODEL, "somebody/else")
    identity = identify(here, FakeHub(here, other, OFFICIAL), ignore_progress, CancelToken(), Wish(choice))
    assert identity.original is not None
    assert identity.original.snapshot.repository == choice
    assert identity.original.confidence is Confidence.CHOSEN


def test_at_most_a_handful_of_requests_are_spent() -> None:
    here = copy("copier/privacy-filter", base_models=tuple(f"a/b{n}" for n in range(50)))
    hub = FakeHub(here, OFFICIAL)
    identify(here, hub, ignore_progress, CancelToken())
    assert len(hub.asked) <= 15


@pytest.mark.parametrize(
    ("base", "level"),
    [
        ("openal/privacy-filter", Level.HIGH),
        ("openaii/privacy-filter", Level.CAREFUL),
        ("openai/privacy-filter", None),
        ("openai-fans/privacy-filter", None),
        ("herons/privacy-filter", None),
    ],
)
def test_a_base_under_an_account_made_to_be_taken_for_another_is_told(base: str, level: Level | None) -> None:
    here = snapshot("tuner/filter-lora", {}, "# LoRA\n", base_models=("openai/privacy-filter", base))
    assert found(here).get("look-alike-base") is level
