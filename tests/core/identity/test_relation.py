"""In what relation a repository is said to stand to its original, why, and when a declaration is contradicted."""

from typing import Any

import pytest

from core.findings import Level
from core.identity.relation import Compared, Related, findings, heads_to_read, relate
from core.identity.results import Confidence, Identity, Original, Publisher, PublisherEvidence, PublisherKind, Relation
from core.repository import ModelFacts, Snapshot
from core.tensor_facts import TensorFacts
from core.text import Message, render
from tests.core.snapshots import snapshot

LLAMA = ModelFacts(architectures=("LlamaForCausalLM",), model_type="llama", parameters=8_000_000_000)
LAYERS = tuple((f"model.layers.{n}.self_attn.q_proj.weight", (64 + n, 64)) for n in range(8))
HEAD = TensorFacts(LAYERS)
OTHER_HEAD = TensorFacts(tuple((f"encoder.block.{n}.wq.weight", (7 + n, 13)) for n in range(8)))
NAMED = "model-maker/Heron-8B"
MAKER = snapshot(NAMED, {"model.safetensors": (9_000_000, "a" * 64)}, "# Heron\n", model=LLAMA, age_days=900)
PACKED = {"Heron-8B.Q4_K_M.gguf": (5_000_000, "d" * 64)}


def related(one: Snapshot, confidence: Confidence = Confidence.LIKELY, **compared: Any) -> Related:  # noqa: ANN401
    return relate(one, identity_of(confidence), Compared(**compared))


def identity_of(confidence: Confidence = Confidence.LIKELY, publisher: Publisher | None = None) -> Identity:
    original = Original(MAKER, None, confidence, ())
    return Identity(original, publisher, Message.of("identity.explanation.none"))


def here(name: str = "someone/Heron-8B", files: dict[str, Any] | None = None, **facts: Any) -> Snapshot:  # noqa: ANN401
    return snapshot(name, files or {"model.safetensors": (9_000_000, "b" * 64)}, "# Heron\n", **facts)


def said(found: Related) -> str:
    return " ".join(render(reason) for reason in found.reasons)


def test_without_an_original_there_is_nothing_to_relate_to() -> None:
    alone = Identity(None, None, Message.of("identity.explanation.none"))
    assert relate(here(), alone, Compared()) == Related(None)


@pytest.mark.parametrize(
    ("facts", "compared", "expected"),
    [
        ({}, {"weights_identical": 2, "weights_total": 2}, Relation.IDENTICAL_WEIGHTS),
        ({}, {"weights_identical": 1, "weights_total": 2, "card_similarity": 0.9}, Relation.CLAIMS_TO_BE),
        ({}, {"weights_total": 1}, Relation.CLAIMS_TO_BE),
        ({"base_models": (NAMED,), "base_relation": "quantized"}, {"weights_total": 1}, Relation.CONVERTED),
        ({"base_models": (NAMED,), "base_relation": "finetune"}, {"weights_total": 1}, Relation.DERIVED),
        ({"base_models": (NAMED,), "base_relation": "merge"}, {"weights_total": 1}, Relation.DERIVED),
        ({"base_models": (NAMED,)}, {"weights_total": 1}, Relation.DERIVED),
        ({"base_models": (NAMED,), "files": PACKED}, {"weights_total": 1}, Relation.CONVERTED),
        (
            {"base_models": (NAMED,), "base_relation": "finetune", "name": "x/Heron-8B-AWQ"},
            {"weights_total": 1},
            Relation.CONVERTED,
        ),
        ({"name": "someone/Heron-8B-GGUF", "files": PACKED}, {"weights_total": 1}, Relation.CONVERTED),
        ({"name": "someone/Heron-8B-nordic"}, {"weights_total": 1}, Relation.DERIVED),
        ({"name": "someone/else"}, {"weights_identical": 1, "weights_total": 2}, Relation.DERIVED),
        ({"model": ModelFacts(model_type="bert")}, {"weights_total": 1}, Relation.NAMED_ALIKE),
        ({"name": "someone/else"}, {"weights_total": 1}, None),
    ],
)
def test_the_relation(facts: dict[str, Any], compared: dict[str, Any], expected: Relation | None) -> None:
    found = related(here(**facts), **compared)
    assert found.relation is expected
    if expected is not None:
        assert render(found.reasons[-1]) == render(Message.of(f"identity.ordinary.{expected}"))
        assert len(found.reasons) > 1 or expected is Relation.NAMED_ALIKE, "a relation without a reason"


def test_a_guess_of_equal_name_claims_nothing() -> None:
    assert related(here(), Confidence.GUESS, weights_total=1).relation is Relation.NAMED_ALIKE


def test_a_listed_repackager_need_not_say_so_in_the_name() -> None:
    kind, evidence = PublisherKind.REPACKAGER, PublisherEvidence.GENERAL_KNOWLEDGE
    packer = Publisher("packer", "Packer", ("someone",), (), evidence, "2026-01-01", kind=kind)
    found = relate(here(files=PACKED), identity_of(publisher=packer), Compared(weights_total=1))
    assert found.relation is Relation.CONVERTED
    assert relate(here(files=PACKED), identity_of(), Compared(weights_total=1)).relation is Relation.CLAIMS_TO_BE


def test_the_evidence_is_named() -> None:
    same = related(here(model=LLAMA), here=HEAD, original=HEAD, weights_total=1)
    assert "same architecture" in said(same)
    assert "about as many parameters" in said(same)
    assert "same layers" in said(same)
    template = ModelFacts(chat_template="{{ a }}")
    with_template = snapshot(NAMED, {"model.safetensors": (9_000_000, "a" * 64)}, "#", model=template)
    original = Original(with_template, None, Confidence.LIKELY, ())
    identity = Identity(original, None, Message.of("identity.explanation.none"))
    assert "chat templates differ" in said(
        relate(here(model=ModelFacts(chat_template="{{ b }}")), identity, Compared(weights_total=1))
    )


@pytest.mark.parametrize(
    ("facts", "heads", "level"),
    [
        ({"base_relation": "quantized", "model": ModelFacts(model_type="bert")}, (None, None), Level.CAREFUL),
        ({"base_relation": "quantized", "model": LLAMA}, (OTHER_HEAD, HEAD), Level.CAREFUL),
        ({"base_relation": "quantized", "model": LLAMA}, (HEAD, HEAD), None),
        ({"base_relation": "quantized"}, (None, None), None),
        ({"base_relation": "finetune", "model": ModelFacts(model_type="bert")}, (OTHER_HEAD, HEAD), Level.NOTE),
        ({"base_relation": "finetune", "model": ModelFacts(model_type="llava")}, (None, None), None),
        (
            {"base_relation": "adapter", "files": {"adapter_model.safetensors": (9, "e" * 64)}, "model": LLAMA},
            (OTHER_HEAD, HEAD),
            None,
        ),
    ],
)
def test_a_declaration_that_the_files_contradict_is_told(
    facts: dict[str, Any], heads: tuple[TensorFacts | None, TensorFacts | None], level: Level | None
) -> None:
    one = here("someone/Heron-8B-x", base_models=(NAMED,), **facts)
    found = related(one, here=heads[0], original=heads[1], weights_total=1)
    told = list(findings(one, identity_of(), found))
    assert [finding.level for finding in told] == ([level] if level else [])


def test_heads_are_read_only_where_they_can_tell_something() -> None:
    heads = heads_to_read(here(), identity_of(), Compared(weights_total=1))
    assert heads is not None
    assert [head.path for head in heads] == ["model.safetensors", "model.safetensors"]
    assert heads_to_read(here(), identity_of(), Compared(1, 1)) is None
    assert heads_to_read(here(files={"model.pt": (9, "f" * 64)}), identity_of(), Compared(weights_total=1)) is None
    shards = {f"model-0000{n}-of-00003.safetensors": (9_000_000, f"{n}" * 64) for n in (1, 2, 3)}
    sharded = heads_to_read(here(files=shards), identity_of(), Compared(weights_total=3))
    assert sharded is not None
    assert sharded[0].path == "model-00001-of-00003.safetensors"
