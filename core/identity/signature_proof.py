"""Whether a signature is one, and who vouches for the name on it: with `cryptography`, and `sigstore` if it is there.

Three things are kept apart. That the signature fits the key in the bundle says nothing about who made it: anybody can
put any name into a certificate. That an authority we know issued the certificate says who. That the signature stands in
Sigstore's public log, at a time when the certificate was valid, only the package `sigstore` looks up; it needs no
connection for that, and its absence is said.
"""

import contextlib
import functools
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from core.identity.results import Proof, SignatureState
from core.identity.signature_bundle import PAYLOAD_TYPE, Bundle, NotABundle
from core.paths import RESOURCES

_ISSUER = ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
"""Of Sigstore's certificates: who vouched for the identity, as DER text. Source: fulcio/docs/oid-info.md."""
_ISSUER_BEFORE = ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
"""The same as bare bytes."""
_CURVES: dict[int, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    256: hashes.SHA256,
    384: hashes.SHA384,
    521: hashes.SHA512,
}
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Proven:
    """What could be shown of a bundle. `signer` and `issuer` are claims unless `proof` says that somebody vouches."""

    state: SignatureState
    signer: str = ""
    issuer: str = ""
    proof: Proof = Proof.NONE


def prove(bundle: Bundle, data: bytes, known_keys: Sequence[str], authorities: Sequence[x509.Certificate]) -> Proven:
    """`data`: the bundle as it was read. `known_keys`: PEM of publishers' keys. Raises `NotABundle`."""
    if not bundle.certificates:
        return _by_key(bundle, known_keys)
    try:
        certificate = x509.load_der_x509_certificate(bundle.certificates[0])
        key = certificate.public_key()
        signer, issuer = _names(certificate)
    except (ValueError, UnsupportedAlgorithm, x509.UnsupportedGeneralNameType, x509.DuplicateExtension) as error:
        raise NotABundle("a certificate that cannot be read") from error
    if not _fits(key, bundle):
        return Proven(SignatureState.WRONG, signer, issuer)
    return Proven(SignatureState.FITS, signer, issuer, _vouched(bundle, data, certificate, authorities))


@functools.cache
def sigstore_authorities() -> tuple[x509.Certificate, ...]:
    """The public Sigstore's own certificates, see `resources/sigstore_authorities.pem`."""
    return tuple(x509.load_pem_x509_certificates((RESOURCES / "sigstore_authorities.pem").read_bytes()))


def _by_key(bundle: Bundle, known_keys: Sequence[str]) -> Proven:
    hint = bundle.key_hint[:64]
    for pem in known_keys:
        try:
            key = serialization.load_pem_public_key(pem.encode())
        except (ValueError, UnsupportedAlgorithm):
            continue  # a list of the person's own may hold anything
        fingerprint = key_fingerprint(key)
        if bundle.key_hint in {"", fingerprint} and _fits(key, bundle):
            return Proven(SignatureState.FITS, fingerprint, "", Proof.KEY)
        if bundle.key_hint == fingerprint:
            return Proven(SignatureState.WRONG, fingerprint)
    return Proven(SignatureState.KEY_UNKNOWN, hint)


def key_fingerprint(key: PublicKeyTypes) -> str:
    """SHA-256 of the key in PEM: the `hint` of the signing tool."""
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(pem).hexdigest()


def _names(certificate: x509.Certificate) -> tuple[str, str]:
    """Whom the certificate names, and who vouched for that name."""
    signer = ""
    with contextlib.suppress(x509.ExtensionNotFound):
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        texts = [name.value for name in names if isinstance(name.value, str)]
        signer = texts[0] if len(texts) == 1 else ""
    if not signer:
        common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        signer = str(common[0].value) if common else ""
    issuer = certificate.issuer.rfc4514_string()
    for identifier in (_ISSUER_BEFORE, _ISSUER):
        with contextlib.suppress(x509.ExtensionNotFound, UnicodeDecodeError):
            value = certificate.extensions.get_extension_for_oid(identifier).value
            if isinstance(value, x509.UnrecognizedExtension):
                issuer = _der_text(value.value) if identifier == _ISSUER else value.value.decode("utf-8")
    return signer[:_LONGEST_NAME], issuer[:_LONGEST_NAME]


def _der_text(value: bytes) -> str:
    """A DER UTF8String shorter than 128 bytes, else "" (no issuer has a longer address)."""
    short = len(value) >= 2 and value[0] == 0x0C and value[1] < 0x80 and len(value) == 2 + value[1]
    return value[2:].decode("utf-8") if short else ""


def _fits(key: PublicKeyTypes, bundle: Bundle) -> bool:
    """The DSSE signature, or the one of the signing tool before 1.0. Raises `NotABundle` for an unknown kind of key."""
    payload, kind = bundle.payload, PAYLOAD_TYPE
    signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)
    # Its releases 0.2 wrote the payload as Python shows bytes, and always used SHA-256.
    before = f"DSSEV1 {len(kind)} {kind} {len(payload)} {payload!r}".encode()
    if isinstance(key, ec.EllipticCurvePublicKey):
        algorithm = _CURVES.get(key.curve.key_size)
        if algorithm is None:
            raise NotABundle("a curve that model signatures do not use")
        return (
            _holds(lambda: key.verify(bundle.signature, signed, ec.ECDSA(algorithm())))
            or _holds(lambda: key.verify(bundle.signature, before, ec.ECDSA(algorithm())))
            or _holds(lambda: key.verify(bundle.signature, before, ec.ECDSA(hashes.SHA256())))
        )
    if isinstance(key, ed25519.Ed25519PublicKey):
        return _holds(lambda: key.verify(bundle.signature, signed))
    if isinstance(key, rsa.RSAPublicKey) and 2048 <= key.key_size <= 16384:
        return _holds(lambda: key.verify(bundle.signature, signed, padding.PKCS1v15(), hashes.SHA256()))
    raise NotABundle("a kind of key that model signatures do not use")


def _holds(verify: Callable[[], None]) -> bool:
    try:
        verify()
    except InvalidSignature:
        return False
    return True


def _vouched(
    bundle: Bundle, data: bytes, certificate: x509.Certificate, authorities: Sequence[x509.Certificate]
) -> Proof:
    if _names_key_of_another(certificate, authorities):
        return Proof.FORGED
    if not authorities or not _issued(bundle, certificate, authorities):
        return Proof.NONE
    logged = bundle.logged_at
    if logged is not None and not _valid_at(certificate, datetime.fromtimestamp(logged, UTC)):
        return Proof.OUT_OF_TIME
    return _logged(data, *_names(certificate))


def _names_key_of_another(certificate: x509.Certificate, authorities: Sequence[x509.Certificate]) -> bool:
    """True if it says which key of ours signed it, and that key did not.

    The name of the authority alone does not count: it stays when the authority takes a new key.
    """
    try:
        stated = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    except x509.ExtensionNotFound:
        return False
    for authority in authorities:
        known = x509.SubjectKeyIdentifier.from_public_key(authority.public_key()).digest
        if stated == known and certificate.issuer == authority.subject:
            try:
                certificate.verify_directly_issued_by(authority)
            except (InvalidSignature, ValueError, TypeError):
                return True
    return False


def _issued(bundle: Bundle, certificate: x509.Certificate, authorities: Sequence[x509.Certificate]) -> bool:
    """A chain up to one of the authorities, at the moment at which the certificate was made, for signing code."""
    usage = (x509.ExtendedKeyUsage, verification.Criticality.AGNOSTIC, None)
    policy = verification.PolicyBuilder().store(verification.Store(list(authorities)))
    verifier = (
        policy.time(certificate.not_valid_before_utc)
        .extension_policies(
            ca_policy=verification.ExtensionPolicy.webpki_defaults_ca().may_be_present(*usage),
            ee_policy=verification.ExtensionPolicy.webpki_defaults_ee().may_be_present(*usage),
        )
        .build_client_verifier()
    )
    try:
        between = [x509.load_der_x509_certificate(one) for one in bundle.certificates[1:]]
        verifier.verify(certificate, between)
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (verification.VerificationError, x509.ExtensionNotFound, x509.UnsupportedGeneralNameType, ValueError):
        return False
    return ExtendedKeyUsageOID.CODE_SIGNING in purposes


def _valid_at(certificate: x509.Certificate, moment: datetime) -> bool:
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def _logged(data: bytes, signer: str, issuer: str) -> Proof:
    """Ask the package `sigstore`, which brings the log's keys; it is told not to use the network."""
    try:
        from sigstore.errors import Error  # noqa: PLC0415  an optional extra
        from sigstore.models import Bundle as SigstoreBundle  # noqa: PLC0415
        from sigstore.verify import Verifier, policy  # noqa: PLC0415
    except ImportError:
        return Proof.AUTHORITY
    logging.getLogger("sigstore").setLevel(logging.ERROR)  # it warns that it is offline, as it was told
    try:
        verifier = Verifier.production(offline=True)
        verifier.verify_dsse(SigstoreBundle.from_json(data), policy.Identity(identity=signer, issuer=issuer))
    except (Error, ValueError):
        return Proof.NOT_IN_LOG
    return Proof.LOG
