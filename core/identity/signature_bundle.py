"""A model signature as a file: a Sigstore bundle around a signed list of files with their hashes.

Formats: Sigstore bundle 0.3 (https://docs.sigstore.dev/about/bundle/), DSSE 1.0.0
(https://github.com/secure-systems-lab/dsse), in-toto statement 1 with the predicate of OpenSSF Model Signing 1.0
(https://github.com/ossf/model-signing-spec) or of its forerunner 0.1. All of it comes from a stranger: bounded, and
refused where it has another shape. Nothing is proven here; see `signature_proof`.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAME = "model.sig"
LIMIT = 16 << 20
"""Bytes of a bundle that are read: about 60,000 signed files."""
PAYLOAD_TYPE = "application/vnd.in-toto+json"
_STATEMENT = "https://in-toto.io/Statement/v1"
_PREDICATE = "https://model_signing/signature/v1.0"
_PREDICATE_BEFORE_1 = "https://model_signing/Digests/v0.1"
_BUNDLE = "application/vnd.dev.sigstore.bundle"
_MOST_FILES = 200_000
_MOST_CERTIFICATES = 10
_LONGEST_CERTIFICATE = 64 << 10
_LONGEST_NAME = 4096


class NotABundle(ValueError):
    """It does not have the shape of a model signature, or not one that we know."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What stands in the file. `certificates`: DER, the signer's first; none if it was signed with a bare key."""

    payload: bytes
    signature: bytes
    certificates: tuple[bytes, ...]
    key_hint: str
    """SHA-256 of the public key in PEM, as the signing tool writes it; "" if not stated."""
    logged_at: int | None
    """Seconds since 1970 at which Sigstore's log says that it took the entry. Not proven here."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One file of the signed list. `sha256` None: its hash is of a kind that no listing holds."""

    name: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The signed list. `whole` False: the list is not the one that its own digest stands for."""

    files: tuple[Signed, ...]
    ignored: tuple[str, ...]
    """Paths that the signer left out on purpose."""
    whole: bool


def read_bundle(data: bytes) -> Bundle:
    """Raises `NotABundle`."""
    given = _mapping(_json(data))
    if not _text(given.get("mediaType")).startswith(_BUNDLE):
        raise NotABundle("no bundle")
    material = _mapping(given.get("verificationMaterial"))
    envelope = _mapping(given.get("dsseEnvelope"))
    signatures = _rows(envelope.get("signatures"))
    if len(signatures) != 1 or envelope.get("payloadType") != PAYLOAD_TYPE:
        raise NotABundle("not one signature over an in-toto statement")
    key = material.get("publicKey")
    return Bundle(
        payload=_base64(envelope.get("payload")),
        signature=_base64(_mapping(signatures[0]).get("sig")),
        certificates=_certificates(material),
        key_hint=_text(key.get("hint")) if isinstance(key, dict) else "",
        logged_at=_logged_at(material),
    )


def read_manifest(payload: bytes) -> Manifest:
    """Raises `NotABundle`."""
    statement = _mapping(_json(payload))
    if statement.get("_type") != _STATEMENT:
        raise NotABundle("no statement")
    if statement.get("predicateType") == _PREDICATE_BEFORE_1:
        subjects = map(_mapping, _rows(statement.get("subject")))
        listed = [(_name(one), "sha256", _digest(_mapping(one.get("digest")).get("sha256"))) for one in subjects]
        return Manifest(_files(listed, shards=False), (), whole=True)
    if statement.get("predicateType") != _PREDICATE:
        raise NotABundle("another kind of statement")
    predicate = _mapping(statement.get("predicate"))
    how = _mapping(predicate.get("serialization"))
    resources = map(_mapping, _rows(predicate.get("resources")))
    listed = [(_name(one), _text(one.get("algorithm")), _digest(one.get("digest"))) for one in resources]
    subject = _rows(statement.get("subject"))
    stated = _mapping(_mapping(subject[0]).get("digest")).get("sha256") if len(subject) == 1 else None
    together = hashlib.sha256(b"".join(bytes.fromhex(digest) for _, _, digest in listed)).hexdigest()
    ignored = how.get("ignore_paths")
    return Manifest(
        files=_files(listed, shards=how.get("method") == "shards"),
        ignored=tuple(path for path in ignored[:1000] if isinstance(path, str)) if isinstance(ignored, list) else (),
        whole=stated == together,
    )


def _files(listed: list[tuple[str, str, str]], *, shards: bool) -> tuple[Signed, ...]:
    """Of shards (`path:start:end`) only the path can be used: their hashes are of parts."""
    found: dict[str, Signed] = {}
    for name, algorithm, digest in listed:
        path = name.rsplit(":", 2)[0] if shards else name
        if path in found and not shards:
            raise NotABundle("a file listed twice")
        usable = algorithm == "sha256" and len(digest) == 64 and not shards
        found[path] = Signed(path, digest if usable else None)
    return tuple(found.values())


def _certificates(material: Mapping[str, Any]) -> tuple[bytes, ...]:
    """The one certificate of Sigstore's bundles, or the chain of somebody's own."""
    chain = material.get("x509CertificateChain")
    given = _rows(_mapping(chain).get("certificates")) if chain is not None else [material.get("certificate")]
    found = tuple(_base64(one.get("rawBytes")) for one in given if isinstance(one, dict))
    if len(found) > _MOST_CERTIFICATES or any(len(one) > _LONGEST_CERTIFICATE for one in found):
        raise NotABundle("too many certificates, or too long ones")
    return found


def _logged_at(material: Mapping[str, Any]) -> int | None:
    entries = material.get("tlogEntries")
    first = entries[0] if isinstance(entries, list) and entries else None
    stated = str(first.get("integratedTime", "")) if isinstance(first, dict) else ""
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 12 else None


def _json(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotABundle("no JSON") from error


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotABundle("not an object")
    return value


def _rows(value: object) -> list[Any]:
    if not isinstance(value, list) or len(value) > _MOST_FILES:
        raise NotABundle("not an array, or too long")
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _name(entry: Mapping[str, Any]) -> str:
    name = entry.get("name")
    if not isinstance(name, str) or not name or len(name) > _LONGEST_NAME:
        raise NotABundle("a file without a usable name")
    return name.removeprefix("./")


def _digest(value: object) -> str:
    digest = _text(value).lower()
    if not digest or len(digest) > 256 or len(digest) % 2 or not set(digest) <= set("0123456789abcdef"):
        raise NotABundle("a hash that is none")
    return digest


def _base64(value: object) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotABundle("not base64") from error
