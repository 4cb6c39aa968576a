"""The model signature of a repository: does it hold, who made it, and which files does it speak of.

Costs one file, and the small files that the signature lists: the hashes of large ones are in the listing. A signature
is a file like any other and can be copied, so it never says who published a repository, only whose files these are.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import UserFacingError
from core.identity.originals import is_official
from core.identity.results import (
    PROVEN,
    Expected,
    Identity,
    Proof,
    Publisher,
    Signal,
    Signature,
    SignatureState,
    Signer,
)
from core.identity.signature_bundle import LIMIT, NAME, Manifest, NotABundle, read_bundle, read_manifest
from core.progress import CancelToken
from core.repository import Hub, RepositoryFile, Snapshot
from core.text import Message

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_LARGEST_READ = 8 << 20
"""Bytes of one file that has to be read for its hash."""
_MOST_READ = 64 << 20
"""Bytes of all of them."""
_MOST_FILES = 500
_WORKERS = 8
_CARD = re.compile(r"readme([_-][a-z_-]{1,20})?(\.(md|rst|txt))?")
_HOUSEKEEPING = (".gitattributes", ".gitignore")


def with_signature(
    snapshot: Snapshot,
    identity: Identity,
    hub: Hub,
    cancel: CancelToken,
    authorities: "tuple[Certificate, ...] | None" = None,
) -> Identity:
    """The identity with what its signature shows, and a signal for it.

    `authorities`: whose certificates are believed; None: the public Sigstore's. Raises `Cancelled`; a Hub that does
    not give the signature is said in the result.
    """
    file = snapshot.file(NAME)
    if file is None:
        return replace(identity, signals=(*identity.signals, *_without(identity)))
    found = _signature(snapshot, file, identity, hub, cancel, authorities)
    return replace(identity, signature=found, signals=(*identity.signals, *_signals(found)))


def brand_of(identity: Identity) -> Publisher | None:
    """Whose signature is expected: of the account itself, or of the original that it stands beside."""
    if is_official(identity.publisher):
        return identity.publisher
    return identity.original.publisher if identity.original is not None else None


def _signature(
    snapshot: Snapshot,
    file: RepositoryFile,
    identity: Identity,
    hub: Hub,
    cancel: CancelToken,
    authorities: "tuple[Certificate, ...] | None",
) -> Signature:
    brand = brand_of(identity)
    signers = brand.signers if brand is not None else ()
    if file.size > LIMIT:
        return _unread("too_long", megabytes=LIMIT >> 20)
    try:
        data = hub.open(snapshot, NAME, cancel).read()
    except UserFacingError as error:
        return _unread("no_answer", why=error.what)
    try:
        from core.identity.signature_proof import prove, sigstore_authorities  # noqa: PLC0415  may be missing
    except ImportError:
        return _unread("no_package")
    try:
        bundle = read_bundle(data)
        keys = [signer.public_key for signer in signers if signer.public_key]
        proven = prove(bundle, data, keys, sigstore_authorities() if authorities is None else authorities)
        manifest = read_manifest(bundle.payload)
    except NotABundle:
        return _unread("not_understood")
    state = SignatureState.WRONG if proven.state is SignatureState.FITS and not manifest.whole else proven.state
    found = Signature(
        state=state,
        signer=proven.signer,
        issuer=proven.issuer,
        proof=proven.proof,
        expected=_expected(signers, proven.signer, proven.issuer, proven.proof),
        brand=brand.name if brand is not None else "",
        copied_from=_copied_from(snapshot, file, identity),
    )
    return _compared(found, snapshot, manifest, hub, cancel)


def _unread(problem: str, **values: str | int) -> Signature:
    return Signature(SignatureState.NOT_READ, problem=Message.of(f"signature.problem.{problem}", **values))


def _expected(signers: Iterable[Signer], signer: str, issuer: str, proof: Proof) -> Expected:
    listed = tuple(signers)
    if not listed:
        return Expected.NOBODY_LISTED
    if proof is Proof.KEY:
        return Expected.YES
    by_name = any(
        one.identity and one.issuer == issuer and _matches(one.identity, signer) for one in listed if not one.public_key
    )
    return Expected.YES if by_name else Expected.NO


def _matches(expected: str, signer: str) -> bool:
    """`*@domain` stands for everybody of that mail domain; letters of a mail address do not differ by case."""
    expected, signer = expected.lower(), signer.lower()
    if expected.startswith("*@"):
        name, at, domain = signer.rpartition("@")
        return bool(name and at) and domain == expected[2:]
    return expected == signer


def _copied_from(snapshot: Snapshot, file: RepositoryFile, identity: Identity) -> str:
    original = identity.original.snapshot if identity.original is not None else None
    theirs = original.file(NAME) if original is not None else None
    same = original is not None and theirs is not None and theirs.git_sha1 == file.git_sha1
    return (
        original.repository.name if same and original is not None and original.repository != snapshot.repository else ""
    )


# ------------------------------------------------------------------------------------------------ the signed files


def _compared(found: Signature, snapshot: Snapshot, manifest: Manifest, hub: Hub, cancel: CancelToken) -> Signature:
    listed = {file.path: file for file in snapshot.files}
    signed = {one.name: one.sha256 for one in manifest.files}
    here = {path: digest for path, digest in signed.items() if path in listed}
    to_read = [listed[path] for path, digest in here.items() if digest is not None and listed[path].sha256 is None]
    hashes = {path: file.sha256 for path, file in listed.items() if file.sha256 is not None}
    hashes |= _read_hashes(snapshot, to_read, hub, cancel)
    comparable = {path: digest for path, digest in here.items() if digest is not None and path in hashes}
    changed = sorted(path for path, digest in comparable.items() if hashes[path] != digest)
    others = sorted(path for path in listed if path not in signed and path != NAME and not _ordinary(path))
    left_out = [path for path in others if _below(path, manifest.ignored)]
    return replace(
        found,
        matching=len(comparable) - len(changed),
        changed=tuple(path for path in changed if not _is_card(path)),
        missing=tuple(sorted(path for path in signed if path not in listed)),
        unsigned=tuple(path for path in others if path not in set(left_out)),
        left_out=tuple(left_out),
        not_compared=tuple(sorted(path for path in here if path not in comparable)),
    )


def _read_hashes(snapshot: Snapshot, files: Iterable[RepositoryFile], hub: Hub, cancel: CancelToken) -> dict[str, str]:
    """SHA-256 of small files, which the Hub does not list; without those that cannot be read or cost too much."""
    chosen: list[RepositoryFile] = []
    total = 0
    for file in sorted(files, key=lambda one: one.size)[:_MOST_FILES]:
        total += file.size
        if file.size > _LARGEST_READ or total > _MOST_READ:
            break
        chosen.append(file)

    def digest(file: RepositoryFile) -> str | None:
        try:
            content = hub.open(snapshot, file.path, cancel).read() if file.size else b""
        except UserFacingError:
            return None
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        # Bytes that are not the listed ones prove nothing about the listed ones.
        return hashlib.sha256(content).hexdigest() if blob.hexdigest() == file.git_sha1 else None

    found = _in_parallel(chosen, digest, cancel)
    return {file.path: value for file, value in zip(chosen, found, strict=True) if value is not None}


def _in_parallel(
    files: list[RepositoryFile], work: Callable[[RepositoryFile], str | None], cancel: CancelToken
) -> list[str | None]:
    if not files:
        return []
    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="signature") as pool:
        futures = [pool.submit(work, file) for file in files]
        try:
            found = []
            for future in futures:
                cancel.check()
                found.append(future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def _is_card(path: str) -> bool:
    """The README: publishers go on writing it after they signed."""
    return bool(_CARD.fullmatch(path.rpartition("/")[2].lower()))


def _ordinary(path: str) -> bool:
    return _is_card(path) or path.rpartition("/")[2] in _HOUSEKEEPING


def _below(path: str, ignored: Iterable[str]) -> bool:
    return any(path == one.strip("/") or path.startswith(f"{one.strip('/')}/") for one in ignored if one.strip("/"))


# --------------------------------------------------------------------------------------------------------- signals


def _without(identity: Identity) -> tuple[Signal, ...]:
    """No signature here: only worth a word where the original has one."""
    original = identity.original.snapshot if identity.original is not None else None
    if original is None or original.file(NAME) is None:
        return ()
    value = Message.of("signature.signal.only_there", original=original.repository.name)
    return (Signal("signature", value, Message.of("signature.meaning.only_there"), NAME),)


def _signals(found: Signature) -> tuple[Signal, ...]:
    """Whether it holds and by whom, and what it covers."""
    values = {"signer": found.signer, "issuer": found.issuer, "brand": found.brand}
    if found.state is not SignatureState.FITS:
        meaning = found.problem or Message.of(f"signature.meaning.{found.state}")
        return (Signal("signature", Message.of(f"signature.signal.{found.state}", **values), meaning, NAME),)
    key = "key" if found.proof is Proof.KEY else "by"
    proof = Signal(
        "signature",
        Message.of(f"signature.signal.{key}", **values),
        Message.of(f"signature.meaning.{found.proof}", **values),
        NAME,
    )
    covers = Message.of(
        "signature.signal.covers",
        matching=found.matching,
        changed=len(found.changed),
        missing=len(found.missing),
        unsigned=len(found.unsigned) + len(found.left_out),
        not_compared=len(found.not_compared),
    )
    parts = [proof]
    if found.proof in PROVEN and found.brand:
        value = Message.of(f"signature.signal.expected_{found.expected}", **values)
        parts.append(Signal("signature_expected", value, Message.of("signature.meaning.expected"), "publishers.toml"))
    return (*parts, Signal("signature_covers", covers, Message.of("signature.meaning.covers"), NAME))
