"""In what relation a repository stands to its original, what that rests on, and what would contradict it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.findings import Finding, Level, finding
from core.identity.card_addresses import told_address
from core.identity.claims import declares
from core.identity.model_names import bare_name, bears_name, extends
from core.identity.originals import is_official
from core.identity.publishers import Directory, directory_for
from core.identity.results import Confidence, Identity, Original, PublisherKind, Relation
from core.identity.same_model import Contradiction, architecture, is_weights, same_file, size
from core.repository import RepositoryFile, Snapshot
from core.tensor_facts import TensorFacts, agree
from core.text import Message, text

COPIED_CARD = 0.6
"""Share of the original's card from which on a card is a copy."""
_PACKED_FORMATS = frozenset({".gguf", ".ggml", ".onnx", ".tflite", ".mlmodel", ".llamafile", ".engine", ".pte"})
_PACKERS = frozenset(
    {"gptq", "awq", "bitsandbytes", "compressed-tensors", "fp8", "mxfp4", "exl2", "exl3", "hqq", "aqlm"}
)
_ADAPTERS = frozenset({"adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"})
_SHARD = re.compile(r"-(\d{1,9})-of-\d{1,9}\.(?:safetensors|gguf)$")


@dataclass(frozen=True, slots=True)
class Related:
    """The relation, None if there is no original or nothing in common with a chosen one.

    `reasons`: the strongest first, and last which differences are ordinary for it. `contradicted`: the
    evidence speaks against the uploader's own declaration.
    """

    relation: Relation | None
    reasons: tuple[Message, ...] = ()
    contradicted: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison counted. `card_similarity`: share of the original's card found here, 0 to 1."""

    weights_identical: int = 0
    weights_total: int = 0
    card_similarity: float = 0.0
    here: TensorFacts | None = None
    original: TensorFacts | None = None
    """Of the files that `heads_to_read` named, None if they were not read."""


def heads_to_read(
    snapshot: Snapshot, identity: Identity, compared: Compared
) -> tuple[RepositoryFile, RepositoryFile] | None:
    """A weight file of each side whose heads can tell whether both are one model; None if that is known without."""
    if identity.original is None or (compared.weights_total == compared.weights_identical and compared.weights_total):
        return None
    here, there = _head(snapshot), _head(identity.original.snapshot)
    if here is None or there is None or here.sha256 == there.sha256:
        return None
    return here, there


def relate(snapshot: Snapshot, identity: Identity, compared: Compared, directory: Directory | None = None) -> Related:
    """`IDENTICAL_WEIGHTS` needs all weight files here to be the original's: one exchanged file makes another model."""
    if identity.original is None:
        if not is_official(identity.publisher):
            return Related(None)
        return Related(Relation.IS_ORIGINAL, (identity.explanation,))
    return _Relating(
        snapshot, identity, identity.original, compared, directory or directory_for(snapshot.endpoint)
    ).related()


def findings(snapshot: Snapshot, identity: Identity, related: Related) -> Iterator[Finding]:
    """A declaration that the evidence contradicts. A quantisation cannot change the model; a fine-tune may."""
    if not related.contradicted or identity.original is None:
        return
    level = Level.CAREFUL if related.relation is Relation.CONVERTED else Level.NOTE
    yield finding(
        "identity.base-contradicted",
        level=level,
        original=identity.original.snapshot.repository.name,
        account=snapshot.repository.owner,
        here=_described(snapshot),
        there=_described(identity.original.snapshot),
    )


class _Relating:
    def __init__(
        self, snapshot: Snapshot, identity: Identity, original: Original, compared: Compared, directory: Directory
    ) -> None:
        self._here, self._there, self._original = snapshot, original.snapshot, original
        self._identity, self._compared, self._directory = identity, compared, directory
        self._name = original.snapshot.repository.name
        mine, theirs = snapshot.repository.short_name, original.snapshot.repository.short_name
        self._same_name = bears_name(mine, original.snapshot, directory)
        self._extends = not self._same_name and extends(mine, theirs, directory)
        told = told_address(snapshot) or ""
        self._told = not self._same_name and told.lower() in {self._name.lower(), self._there.asked_for.name.lower()}
        self._copied = compared.card_similarity >= COPIED_CARD
        self._facts = {
            "architecture": architecture(snapshot.model, self._there.model),
            "size": size(snapshot.model, self._there.model),
            "tensors": _tensors(compared),
        }

    def related(self) -> Related:
        relation = self._relation()
        reasons = [*self._why(relation), *self._of_model(relation)]
        if relation is not None:
            reasons.append(Message.of(f"identity.ordinary.{relation}"))
        return Related(relation, tuple(reasons), self._contradicted(relation))

    def _relation(self) -> Relation | None:
        compared = self._compared
        if compared.weights_total and compared.weights_identical == compared.weights_total:
            return Relation.IDENTICAL_WEIGHTS
        if declares(self._here, self._original):
            return self._declared()
        if self._packed_elsewhere() and self._alike() is not Contradiction.YES:
            return Relation.CONVERTED
        if self._extends or self._told or (compared.weights_identical and not self._same_name):
            return Relation.DERIVED
        return self._undeclared()

    def _declared(self) -> Relation:
        """The Hub says "finetune" also where the uploader says nothing: then the files and the name decide."""
        said = self._here.base_relation
        if said in {"adapter", "merge"} or self._has_adapter():
            return Relation.DERIVED
        packed = self._is_packed() or (self._same_name and self._says_packed())
        return Relation.CONVERTED if said == "quantized" or packed else Relation.DERIVED

    def _undeclared(self) -> Relation | None:
        """Stands there without a word about where it comes from."""
        confident = self._original.confidence in {Confidence.SURE, Confidence.LIKELY}
        if self._alike() is Contradiction.YES and not self._copied and not self._compared.weights_identical:
            return Relation.NAMED_ALIKE if self._same_name else None
        if self._copied or self._compared.weights_identical or (self._same_name and confident):
            return Relation.CLAIMS_TO_BE
        return Relation.NAMED_ALIKE if self._same_name else None

    def _alike(self) -> Contradiction | None:
        """One fact is enough to contradict, if none agrees better: names and shapes of tensors count most."""
        known = [self._facts[name] for name in ("tensors", "architecture", "size") if self._facts[name] is not None]
        return known[0] if known else None

    def _contradicted(self, relation: Relation | None) -> bool:
        if relation not in {Relation.CONVERTED, Relation.DERIVED} or not declares(self._here, self._original):
            return False
        against = [name for name, fact in self._facts.items() if fact is Contradiction.YES]
        if relation is Relation.DERIVED and (self._has_adapter() or len(against) < 2):
            return False  # parts of other models are added to fine-tunes, and an adapter is only a part
        return bool(against) and self._facts["tensors"] is not Contradiction.NO

    def _packed_elsewhere(self) -> bool:
        """Formats or a name of conversions, which the original does not have, by somebody who converts, or says so."""
        repackager = self._identity.publisher is not None and self._identity.publisher.kind is PublisherKind.REPACKAGER
        return self._is_packed() and (self._same_name or self._extends) and (repackager or self._says_packed())

    def _says_packed(self) -> bool:
        """The name ends in a word for how it is packed."""
        short = self._here.repository.short_name
        return bare_name(short, self._directory).lower() != short.lower()

    def _is_packed(self) -> bool:
        mine, theirs = _suffixes(self._here), _suffixes(self._there)
        only_packed = bool(mine) and mine <= _PACKED_FORMATS and not mine & theirs
        packer = self._here.model.quantization in _PACKERS and self._there.model.quantization is None
        return only_packed or packer

    def _has_adapter(self) -> bool:
        return any(PurePosixPath(file.path).name in _ADAPTERS for file in self._here.files)

    def _why(self, relation: Relation | None) -> Iterator[Message]:
        compared = self._compared
        if relation is Relation.IDENTICAL_WEIGHTS:
            yield Message.of("identity.related.identical", count=compared.weights_total, original=self._name)
        elif compared.weights_identical:
            count, total = compared.weights_identical, compared.weights_total
            yield Message.of("identity.related.some_identical", count=count, total=total, original=self._name)
        if declares(self._here, self._original):
            said = self._here.base_relation or "unstated"
            yield Message.of(f"identity.related.declared_{said}", original=self._name)
        elif relation is Relation.CONVERTED:
            yield Message.of("identity.related.packed", original=self._name)
        if self._copied and relation in {Relation.IDENTICAL_WEIGHTS, Relation.CLAIMS_TO_BE}:
            percent = round(compared.card_similarity * 100)
            yield Message.of("identity.related.copied_card", percent=percent, original=self._name)
        if self._same_name and relation in {Relation.CLAIMS_TO_BE, Relation.NAMED_ALIKE}:
            yield Message.of("identity.related.same_name", original=self._name)
        if self._told and relation is Relation.DERIVED and not declares(self._here, self._original):
            yield Message.of("identity.related.told", original=self._name)
        if self._extends and relation is Relation.DERIVED:
            yield Message.of("identity.related.extends_name", original=self._name)

    def _of_model(self, relation: Relation | None) -> Iterator[Message]:
        if relation is Relation.IDENTICAL_WEIGHTS:
            return
        for name, fact in self._facts.items():
            if fact is Contradiction.NO:
                yield Message.of(f"identity.related.same_{name}")
            elif fact is Contradiction.YES:
                mine, theirs = _described(self._here), _described(self._there)
                yield Message.of(f"identity.related.other_{name}", here=mine, there=theirs)
        if same_file(self._here, self._there, "tokenizer.json"):
            yield Message.of("identity.related.same_tokenizer")
        own, original = templates(self._here), templates(self._there)
        if own and original:
            yield Message.of(f"identity.related.{'same' if own & original else 'other'}_template")


def templates(snapshot: Snapshot) -> frozenset[str]:
    """Chat templates that the Hub found in it, without blanks at the ends."""
    model = snapshot.model
    return frozenset(one.strip() for one in (model.chat_template, model.gguf_chat_template) if one)


def _tensors(compared: Compared) -> Contradiction | None:
    if compared.here is None or compared.original is None:
        return None
    alike = agree(compared.here, compared.original)
    return None if alike is None else Contradiction.NO if alike else Contradiction.YES


def _head(snapshot: Snapshot) -> RepositoryFile | None:
    """The smallest GGUF or safetensors file that is not a later shard, safetensors first."""
    files = [
        file
        for file in snapshot.files
        if file.path.endswith((".safetensors", ".gguf"))
        and ((shard := _SHARD.search(file.path)) is None or int(shard[1]) == 1)
    ]
    return min(
        files, key=lambda file: (file.path.endswith(".gguf"), "/" in file.path, file.size, file.path), default=None
    )


def _suffixes(snapshot: Snapshot) -> frozenset[str]:
    kinds = (*_PACKED_FORMATS, *(".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack"))
    suffixes = {PurePosixPath(file.path.lower()).suffix for file in snapshot.files if is_weights(file.path)}
    packed = {PurePosixPath(file.path.lower()).suffix for file in snapshot.files}
    return frozenset((suffixes | (packed & _PACKED_FORMATS)) & set(kinds))


def _described(snapshot: Snapshot) -> str:
    """Architecture and number of parameters, as far as stated."""
    model = snapshot.model
    count = model.parameters or model.gguf_parameters
    parts = (model.model_type or model.gguf_architecture, text("identity.parameters", count=count) if count else None)
    return ", ".join(part for part in parts if part) or "?"
