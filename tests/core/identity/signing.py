"""Signs samples as the OpenSSF signing tool does: with a bare key, or with a certificate of an authority of our own."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

PAYLOAD_TYPE = "application/vnd.in-toto+json"
ISSUER = "https://accounts.example"
SIGNED_AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


class Authority:
    """A root that issues certificates valid for ten minutes, shaped like Sigstore's."""

    def __init__(self, name: str = "authority") -> None:
        self._key = ec.generate_private_key(ec.SECP384R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = (
            _builder(self._name, self._name, self._key.public_key(), timedelta(days=3000))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(sign=False), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA384())
        )

    def issue(
        self,
        key: Key,
        identity: str,
        issuer: str = ISSUER,
        *,
        may_sign_code: bool = True,
        says_issued_by: "Authority | None" = None,
    ) -> x509.Certificate:
        """A certificate for a mail address or a web address."""
        purpose = ExtendedKeyUsageOID.CODE_SIGNING if may_sign_code else ExtendedKeyUsageOID.EMAIL_PROTECTION
        name = x509.RFC822Name(identity) if "@" in identity else x509.UniformResourceIdentifier(identity)
        stated = says_issued_by or self
        return (
            _builder(x509.Name([]), stated._name, key.public_key(), timedelta(minutes=10))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.SubjectAlternativeName([name]), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(stated._key.public_key()), critical=False)
            .add_extension(
                x509.UnrecognizedExtension(
                    ObjectIdentifier("1.3.6.1.4.1.57264.1.8"), bytes([0x0C, len(issuer)]) + issuer.encode()
                ),
                critical=False,
            )
            .sign(self._key, hashes.SHA384())
        )


def manifest(files: Mapping[str, bytes], ignored: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """The statement about these files; `changes` of its predicate's serialization."""
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())}
    together = hashlib.sha256(b"".join(bytes.fromhex(one) for one in digests.values())).hexdigest()
    serialization = {"method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": list(ignored)}
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "model", "digest": {"sha256": together}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {
            "serialization": serialization | changes,
            "resources": [{"name": path, "algorithm": "sha256", "digest": one} for path, one in digests.items()],
        },
    }


def signed(
    statement: Mapping[str, Any],
    key: Key,
    *certificates: x509.Certificate,
    logged_at: datetime | None = SIGNED_AT,
) -> bytes:
    """A bundle; without certificates it names the key by its hash."""
    payload = json.dumps(statement, indent=2).encode()
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    ders = [{"rawBytes": _base64(one.public_bytes(serialization.Encoding.DER))} for one in certificates]
    material: dict[str, Any] = {"publicKey": {"hint": hashlib.sha256(public).hexdigest()}}
    if len(ders) == 1:
        material = {"certificate": ders[0]}
    elif ders:
        material = {"x509CertificateChain": {"certificates": ders}}
    entries = [] if logged_at is None else [{"integratedTime": str(int(logged_at.timestamp()))}]
    bundle = {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {**material, "tlogEntries": entries},
        "dsseEnvelope": {
            "payload": _base64(payload),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"sig": _base64(_sign(key, payload)), "keyid": ""}],
        },
    }
    return json.dumps(bundle).encode()


def pem(key: Key) -> str:
    """The public half, as a publisher would list it."""
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _sign(key: Key, payload: bytes) -> bytes:
    encoded = b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(encoded)
    algorithm = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}[key.curve.key_size]
    return key.sign(encoded, ec.ECDSA(algorithm))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey, valid: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(SIGNED_AT - timedelta(minutes=1))
        .not_valid_after(SIGNED_AT + valid)
    )


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
