"""What speaks against a repository in its model signature. Rules: `resources/rules/signature.toml`."""

from collections.abc import Iterable, Iterator, Mapping

from core.findings import Ability, Evidence, FileResult, Finding, Level, finding
from core.identity.originals import is_official
from core.identity.results import PROVEN, Expected, Identity, Proof, Relation, Signature, SignatureState
from core.identity.signature_bundle import NAME
from core.repository import Snapshot

_SHOWN = 20
_RUNNABLE = frozenset({Ability.PROGRAM, Ability.SCRIPT})
_MADE_FROM_IT = frozenset({Relation.CONVERTED, Relation.DERIVED})
_SAME = frozenset({Relation.IDENTICAL_WEIGHTS, Relation.CLAIMS_TO_BE})
_TEXTS = (".json", ".jinja", ".md", ".txt", ".yaml", ".yml")
"""What publishers correct now and then without signing again."""


def findings(
    snapshot: Snapshot, identity: Identity, relation: Relation | None, files: Iterable[FileResult]
) -> tuple[Finding, ...]:
    """All of them; none if there is no signature or nothing is odd about it."""
    signature = identity.signature
    if signature is None:
        return ()
    own = is_official(identity.publisher)
    derived = relation in _MADE_FROM_IT
    if signature.state is not SignatureState.FITS:
        return tuple(_of_itself(signature))
    return (
        *_signer(signature, identity, relation),
        *_copied(snapshot, signature, own=own),
        *_changed(signature, own=own, derived=derived),
        *_unsigned(signature, {one.path: one for one in files}, own=own, derived=derived),
    )


def _of_itself(signature: Signature) -> Iterator[Finding]:
    if signature.state is SignatureState.WRONG:
        yield finding("signature.invalid", NAME, _names(signature))
    else:
        yield finding("signature.not-checked", NAME, _names(signature))


def _signer(signature: Signature, identity: Identity, relation: Relation | None) -> Iterator[Finding]:
    if signature.proof is Proof.FORGED:
        yield finding("signature.forged-certificate", NAME, _names(signature), signer=signature.signer)
        return
    own = is_official(identity.publisher)
    if signature.expected is Expected.NO and (own or relation in _SAME):
        # Whoever publishes under a name of their own that we know may sign with that name.
        level = Level.NOTE if identity.publisher is not None and not own else None
        yield finding(
            "signature.other-signer", NAME, _names(signature), level, signer=signature.signer, brand=signature.brand
        )
    elif signature.proof not in PROVEN:
        level = Level.CAREFUL if signature.expected is Expected.YES and not own else None
        yield finding("signature.signer-not-proven", NAME, _names(signature), level, signer=signature.signer)


def _copied(snapshot: Snapshot, signature: Signature, *, own: bool) -> Iterator[Finding]:
    """The publisher's own signature under another account: it is about the files, not about who uploaded them."""
    if own or not (signature.copied_from or (signature.expected is Expected.YES and signature.proof in PROVEN)):
        return
    level = Level.CAREFUL if signature.changed or signature.unsigned else None
    owner = signature.copied_from or signature.brand
    yield finding("signature.copied", NAME, _names(signature), level, owner=owner, account=snapshot.repository.owner)


def _changed(signature: Signature, *, own: bool, derived: bool) -> Iterator[Finding]:
    softer = [path for path in signature.changed if derived or (own and path.lower().endswith(_TEXTS))]
    harder = [path for path in signature.changed if path not in set(softer)]
    for level, paths in ((Level.HIGH, harder), (Level.CAREFUL, softer)):
        if paths:
            yield _of_files("signature.changed-file", paths, signature, level)


def _unsigned(signature: Signature, files: Mapping[str, FileResult], *, own: bool, derived: bool) -> Iterator[Finding]:
    def runnable(path: str) -> bool:
        return path in files and files[path].ability in _RUNNABLE

    programs = [path for path in signature.unsigned if runnable(path)]
    programs += [path for path in signature.left_out if runnable(path) and not own]
    others = [path for path in signature.unsigned if not runnable(path)]
    if programs:
        yield _of_files("signature.unsigned-program", programs, signature, Level.CAREFUL if derived else None)
    if others:
        yield _of_files("signature.unsigned-file", others, signature, Level.NOTE if own or derived else None)


def _of_files(rule: str, paths: list[str], signature: Signature, level: Level | None) -> Finding:
    """One finding for all: at its file if it is only one."""
    evidence = [Evidence("signature_file", path) for path in paths[:_SHOWN]]
    path = paths[0] if len(paths) == 1 else None
    names = ", ".join(paths[:3]) + (" …" if len(paths) > 3 else "")
    return finding(rule, path, evidence, level, count=len(paths), names=names, signer=signature.signer)


def _names(signature: Signature) -> tuple[Evidence, ...]:
    stated = (("signature_signer", signature.signer), ("signature_issuer", signature.issuer))
    return tuple(Evidence(label, value) for label, value in stated if value)
