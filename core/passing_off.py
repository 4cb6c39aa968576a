"""Two classes of evidence together: it poses as another's work, and it changes what a person runs or visits.

Either alone is common and honest: mirrors copy cards, forks change them. Together they are what an impostor needs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePosixPath

from core.comparison.card_html import host_of
from core.comparison.command_notes import brought_in
from core.comparison.results import AdditionKind, Comparison, FileRelation
from core.credit import declares, says_so
from core.findings import LEVEL_ORDER, Evidence, Finding, Level, finding, in_words
from core.hosts import HostKind, is_number, kind_of
from core.identity.relation import templates
from core.identity.results import Relation
from core.joint_findings import COPIED_CARD, SAYS_IT_IS_THE_SAME
from core.repository import Snapshot
from core.text import display_name, text

_POSES = frozenset(
    f"identity.{name}" for name in ("look-alike-account", "similar-account", "look-alike-name", "reused-address")
)
_POSES_IF_CAREFUL = frozenset(
    {"identity.brand-in-account", "identity.family-as-account", "identity.not-the-publisher", "signature.copied"}
)
_BORROWS = frozenset(
    {"identity.brand-in-account", "identity.family-as-account", "identity.claims-brand", "identity.shown-name"}
)
"""Of what has no original: fans and departments do it too."""
_STRONG = frozenset({"card.program-link", "card.look-alike-link", "scanning.code-program", "joint.extra-program"})
_LEADS_AWAY = frozenset(
    f"comparison.note.{name}"
    for name in ("messenger", "shortener", "paste", "file_host", "receiver", "tunnel", "number", "credentials")
)
_NEVER_LED_TO = frozenset({HostKind.MESSENGER, HostKind.PASTE, HostKind.FILE_HOST, HostKind.RECEIVER, HostKind.TUNNEL})
_RUNS = frozenset(
    {"joint.extra-program", "joint.added-run-instruction", "joint.run-instruction", "identity.same-program"}
    | {f"scanning.{name}" for name in ("auto-map", "auto-map-elsewhere", "configuration-code", "custom-pipeline")}
    | {f"scanning.pickle-{name}" for name in ("dangerous", "computed", "patch", "local-code")}
    | {"scanning.template-code", "scanning.template-steers", "scanning.keras-lambda", "scanning.keras-foreign"}
    | {"comparison.chat-template", "comparison.code-entry"}
)
_RUNS_HOWEVER_MILD = frozenset({"comparison.chat-template", "comparison.requirements", "comparison.python-file"})
"""In what stands in another's place, any change of these counts."""
_RUNS_BY_AREA = ("scanning.code-", "scanning.requirement-", "card.")
_SAYS_NOTHING = frozenset(
    {"scanning.code-python", "scanning.code-script", "scanning.code-notebook", "card.hidden-characters"}
)
_MOST_SHOWN = 8
_ELSEWHERE = "card.same-words-other-address"
_HUB = re.compile(r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)(?:/|$)|[^:]*$", re.IGNORECASE)
"""On the Hub itself, or within the page: a fork that points to its own files is no other place."""
_REQUIREMENTS = re.compile(
    r"(?i)^(?:requirements[\w.-]*\.txt|setup\.(?:py|cfg)|pyproject\.toml|environment\.ya?ml|pipfile)$"
)
_CODE_HOST = re.compile(r"(?:^|//|@)(?:github\.com|gitlab\.com|codeberg\.org|huggingface\.co)[/:]", re.IGNORECASE)
_USUAL_ADDRESS = re.compile(
    r"//(?:github\.com/(?:huggingface|pytorch|vllm-project|sgl-project|ggml-org|ggerganov|ml-explore|unslothai)"
    r"|huggingface\.co)/",
    re.IGNORECASE,
)
_USUAL_IMAGE = re.compile(
    r"(?<![\w./-])(?:(?:docker\.io/)?(?:vllm/|ollama/|lmsysorg/|pytorch/|huggingface/|nvidia/)|nvcr\.io/nvidia/"
    r"|ghcr\.io/(?:huggingface|ggml-org|ggerganov|open-webui)/)",
    re.IGNORECASE,
)
_USUAL = frozenset(
    "accelerate autoawq auto-gptq bitsandbytes compel ctransformers datasets diffusers einops exllamav2 flash-attn "
    "gguf gradio hf_transfer hf_xet huggingface-hub huggingface_hub invisible_watermark jax librosa llama-cpp-python "
    "mlx mlx-lm mlx-vlm numpy onnx onnxruntime onnxruntime-gpu openai optimum pandas peft pillow protobuf "
    "pytorch safetensors scikit-learn scipy sentence-transformers sentencepiece sglang soundfile timm tokenizers torch "
    "torchaudio torchvision tqdm transformers triton trl unsloth vllm xformers".split()
)
"""Packages that a card names because its model is used with them."""


class Weight(IntEnum):
    """How much a change can do, or how far a claim goes."""

    MILD = 0
    """Common: a script edited, a package more. Counts only in what stands unsaid in another's place."""
    PLAIN = 1
    STRONG = 2
    """Leads to a program, or to a place that borrows a name: nothing that a model needs."""


@dataclass(frozen=True, slots=True)
class _Sign:
    weight: Weight
    said: str


def passing_off(
    snapshot: Snapshot,
    original: Snapshot | None,
    relation: Relation | None,
    comparison: Comparison,
    found: Iterable[Finding],
) -> tuple[Finding, ...]:
    """One finding if both classes are there, none otherwise. `found`: what all stages reported.

    Who borrows a name without more, or stands in another's place and says so, is asked for a strong change.
    """
    found = tuple(found)
    claims = _each_once(_claims(snapshot, original, relation, comparison, found))
    if not claims:
        return ()
    least = {Weight.MILD: Weight.STRONG, Weight.PLAIN: Weight.PLAIN, Weight.STRONG: Weight.MILD}[claims[0].weight]
    changes = [
        one for one in _each_once(_changes(snapshot, original, relation, comparison, found)) if one.weight >= least
    ]
    if not changes:
        return ()
    facts = (
        *(Evidence("passing_off_claim", one.said) for one in claims),
        *(Evidence("passing_off_change", one.said) for one in changes[:_MOST_SHOWN]),
    )
    claim, change, account = claims[0].said, changes[0].said, snapshot.repository.owner
    return (finding("joint.passing-off", None, facts, account=account, claim=claim, change=change),)


def _each_once(signs: Iterable[_Sign]) -> list[_Sign]:
    """The weightiest first."""
    return sorted(dict.fromkeys(signs), key=lambda one: -one.weight)


def _claims(
    snapshot: Snapshot,
    original: Snapshot | None,
    relation: Relation | None,
    comparison: Comparison,
    found: Sequence[Finding],
) -> Iterator[_Sign]:
    """What makes people take it for another's, in words."""
    yield from (_Sign(Weight.STRONG, in_words(one).title) for one in found if one.rule in _POSES)
    if original is None:
        for one in found:
            if one.rule == "identity.claims-brand" and _careful(one):
                yield _Sign(Weight.STRONG, in_words(one).title)
            elif one.rule in _BORROWS:
                yield _Sign(Weight.MILD, in_words(one).title)
        return
    if relation not in SAYS_IT_IS_THE_SAME:
        return
    weight = Weight.MILD if declares(snapshot, original) or says_so(original, comparison) else Weight.STRONG
    similarity = comparison.cards.similarity if comparison.cards else 0.0
    if similarity >= COPIED_CARD:
        said = "copied_card" if weight is Weight.STRONG else "copied_card_credited"
        name = original.repository.name
        yield _Sign(weight, text(f"passing_off.{said}", percent=round(similarity * 100), original=name))
    for one in found:
        if one.rule in _POSES_IF_CAREFUL and _careful(one):
            yield _Sign(weight, in_words(one).title)


def _changes(
    snapshot: Snapshot,
    original: Snapshot | None,
    relation: Relation | None,
    comparison: Comparison,
    found: Sequence[Finding],
) -> Iterator[_Sign]:
    """What it adds or replaces that a person would run, load or visit, in words."""
    in_its_place = original is not None and relation in SAYS_IT_IS_THE_SAME
    for one in found:
        if _careful(one) and _matters(one):
            yield _Sign(Weight.STRONG if one.rule in _STRONG else Weight.PLAIN, in_words(one).title)
        elif in_its_place and one.rule in _RUNS_HOWEVER_MILD:
            yield _Sign(Weight.MILD, in_words(one).title)
    if original is None:
        yield from _installed_from_addresses(comparison)
    if original is None or not in_its_place:
        return
    here, there = templates(snapshot), templates(original)
    if here and there and not here & there:
        yield _Sign(Weight.MILD, text("passing_off.template"))
    if set(snapshot.model.auto_map) - set(original.model.auto_map):
        yield _Sign(Weight.PLAIN, text("passing_off.auto_map"))
    yield from _dependencies(comparison)
    yield from _led_away(comparison)


def _led_away(comparison: Comparison) -> Iterator[_Sign]:
    """New links to places where nobody keeps what a model needs: chats, paste sites, numbers for addresses."""
    if comparison.cards is None:
        # Of the original's card nothing is known: only what stands in no publisher's card counts.
        links = dict.fromkeys(link for block in comparison.here.blocks for link in block.links)
        for link in links:
            host = host_of(link.target)
            if kind_of(host) in _NEVER_LED_TO or is_number(host):
                yield _Sign(Weight.PLAIN, text("passing_off.led_away", address=display_name(link.target, 160)))
        return
    for addition in comparison.cards.additions:
        odd = addition.kind is AdditionKind.LINK and any(note.id in _LEADS_AWAY for note in addition.notes)
        if odd:
            yield _Sign(Weight.PLAIN, text("passing_off.led_away", address=display_name(addition.value, 160)))


def _dependencies(comparison: Comparison) -> Iterator[_Sign]:
    pairs = comparison.inventory.pairs if comparison.inventory else ()
    for pair in pairs:
        name = PurePosixPath(pair.path).name
        if pair.relation in {FileRelation.EXTRA, FileRelation.CHANGED} and _REQUIREMENTS.match(name):
            yield _Sign(Weight.MILD, text("passing_off.requirements", path=pair.path))
    additions = comparison.cards.additions if comparison.cards else ()
    for addition in additions:
        if addition.kind is AdditionKind.COMMAND and any(_unusual(*one) for one in brought_in(addition.value)):
            yield _Sign(Weight.MILD, text("passing_off.install", command=display_name(addition.value, 160)))


def _installed_from_addresses(comparison: Comparison) -> Iterator[_Sign]:
    """Without an original to compare with, only what comes from an address of its own is out of the ordinary."""
    for command in dict.fromkeys(command for block in comparison.here.blocks for command in block.commands):
        if any(kind in {"index", "address"} and not _CODE_HOST.search(what) for kind, what in brought_in(command)):
            yield _Sign(Weight.STRONG, text("passing_off.install_from_address", command=display_name(command, 160)))


def _unusual(kind: str, what: str) -> bool:
    """Whether this is something that cards do not usually name."""
    if kind == "package":
        name = what.lower().split("@")[0]
        return name not in _USUAL and name.replace("_", "-") not in _USUAL
    return not (_USUAL_IMAGE if kind == "image" else _USUAL_ADDRESS).search(what)


def _matters(one: Finding) -> bool:
    if one.rule == _ELSEWHERE:
        return not _HUB.match(str(dict(one.values).get("here", "")))
    return one.rule in _RUNS or (one.rule.startswith(_RUNS_BY_AREA) and one.rule not in _SAYS_NOTHING)


def _careful(one: Finding) -> bool:
    return LEVEL_ORDER.index(one.level) >= LEVEL_ORDER.index(Level.CAREFUL)
