"""The model signature: whether it holds, who made it, and what it does not speak of."""

import base64
import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from core.byte_reader import ByteReader
from core.errors import UserFacingError
from core.findings import Ability, FileResult, FileState, Level
from core.identity.results import (
    Confidence,
    Expected,
    Identity,
    Original,
    Proof,
    Publisher,
    PublisherEvidence,
    PublisherKind,
    Relation,
    Signature,
    SignatureState,
    Signer,
)
from core.identity.signature import with_signature
from core.identity.signature_bundle import NotABundle, read_bundle, read_manifest
from core.identity.signature_findings import findings
from core.progress import Cancelled, CancelToken
from core.repository import Snapshot
from core.text import Message, render
from tests.core.identity.signing import ISSUER, PAYLOAD_TYPE, SIGNED_AT, Authority, Key, manifest, pem, signed
from tests.core.snapshots import FakeHub, snapshot

WHO = "model-release@lab.example"
FILES = {
    "config.json": b'{"model_type": "bert"}',
    "model.safetensors": b"weights" * 1000,
    "onnx/model.onnx": b"graph" * 1000,
    "tokenizer.json": b"{}",
}
CARD = "# The model\n"
AUTHORITY = Authority("lab authority")
KEY = ec.generate_private_key(ec.SECP256R1())
CERTIFICATE = AUTHORITY.issue(KEY, WHO)
BUNDLE = signed(manifest(FILES), KEY, CERTIFICATE)
LAB = Publisher(
    "lab",
    "The Lab",
    ("lab",),
    ("The Lab",),
    PublisherEvidence.MADE_UP,
    "2026-01-01",
    signers=(Signer("*@lab.example", ISSUER),),
)
OWN = Identity(None, LAB, Message.of("identity.explanation.none"))


@pytest.fixture(autouse=True)
def without_sigstore(monkeypatch: pytest.MonkeyPatch) -> None:
    """The optional package is not there, whether it is installed or not."""
    monkeypatch.setitem(sys.modules, "sigstore.errors", None)


class Serving(FakeHub):
    """Gives out the contents of one repository."""

    def __init__(self, here: Snapshot, contents: Mapping[str, bytes]) -> None:
        super().__init__(here)
        self.contents = dict(contents)
        self.opened: list[str] = []

    def open(self, snapshot: Snapshot, path: str, cancel: CancelToken) -> ByteReader:
        cancel.check()
        self.opened.append(path)
        if path not in self.contents:
            raise UserFacingError("hub.file_not_kept", path=path)
        return Reader(self.contents[path])


class Reader(BytesIO):
    error = None

    @property
    def size(self) -> int:
        return len(self.getvalue())


def repository(name: str, files: Mapping[str, bytes], bundle: bytes | None = BUNDLE) -> tuple[Snapshot, Serving]:
    contents = {**files, **({} if bundle is None else {"model.sig": bundle})}
    here = snapshot(name, contents, CARD)
    return here, Serving(here, contents)


def checked(
    files: Mapping[str, bytes] = FILES,
    bundle: bytes = BUNDLE,
    identity: Identity = OWN,
    name: str = "lab/model",
    authorities: tuple[Authority, ...] = (AUTHORITY,),
) -> Signature:
    here, hub = repository(name, files, bundle)
    known = tuple(one.certificate for one in authorities)
    found = with_signature(here, identity, hub, CancelToken(), known).signature
    assert found is not None
    return found


def told(
    files: Mapping[str, bytes] = FILES,
    bundle: bytes = BUNDLE,
    identity: Identity = OWN,
    name: str = "lab/model",
    relation: Relation | None = Relation.IS_ORIGINAL,
    authorities: tuple[Authority, ...] = (AUTHORITY,),
    programs: Mapping[str, Ability] | None = None,
) -> dict[str, Level]:
    """Rule and level of everything that is found."""
    here, hub = repository(name, files, bundle)
    known = tuple(one.certificate for one in authorities)
    identity = with_signature(here, identity, hub, CancelToken(), known)
    abilities = programs or {}
    results = [
        FileResult(path, "kind", abilities.get(path, Ability.DATA), FileState.CHECKED)
        for path in (file.path for file in here.files)
    ]
    return {one.rule.removeprefix("signature."): one.level for one in findings(here, identity, relation, results)}


def copier(*, original_files: Mapping[str, bytes] = FILES, bundle: bytes | None = BUNDLE) -> Identity:
    """Somebody else's account, beside the lab's own repository."""
    there, _ = repository("lab/model", original_files, bundle)
    return Identity(Original(there, LAB, Confidence.SURE, ()), None, Message.of("identity.explanation.none"))


# --- it holds ---------------------------------------------------------------------------------------------------------


def test_a_publishers_own_signature_says_who_and_finds_nothing() -> None:
    found = checked()
    assert (found.state, found.signer, found.issuer) == (SignatureState.FITS, WHO, ISSUER)
    assert (found.proof, found.expected, found.brand) == (Proof.AUTHORITY, Expected.YES, "The Lab")
    assert (found.matching, found.changed, found.missing, found.unsigned) == (4, (), (), ())
    assert told() == {}


def test_large_files_are_compared_by_the_listing_and_not_read() -> None:
    here, hub = repository("lab/model", FILES)
    with_signature(here, OWN, hub, CancelToken(), (AUTHORITY.certificate,))
    assert sorted(hub.opened) == ["config.json", "model.sig", "onnx/model.onnx", "tokenizer.json"]


def test_the_signals_say_who_and_what_is_covered_and_what_is_not_proven() -> None:
    here, hub = repository("lab/model", {**FILES, "extra.txt": b"x"})
    signals = with_signature(here, OWN, hub, CancelToken(), (AUTHORITY.certificate,)).signals
    shown = {one.id: (render(one.value), render(one.meaning)) for one in signals}
    assert WHO in shown["signature"][0]
    assert "Not proven here: that the signature is in Sigstore's public log" in shown["signature"][1]
    assert "is whom we expect" in shown["signature_expected"][0]
    assert "match the signature: 4" in shown["signature_covers"][0]
    assert "Not covered: 1" in shown["signature_covers"][0]


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP521R1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
)
def test_other_kinds_of_keys_hold_too(key: Key) -> None:
    signer = Publisher(
        "lab",
        "The Lab",
        ("lab",),
        (),
        PublisherEvidence.MADE_UP,
        "2026-01-01",
        signers=(Signer(public_key="no key"), Signer(public_key=pem(key))),
    )
    identity = Identity(None, signer, Message.of("identity.explanation.none"))
    found = checked(bundle=signed(manifest(FILES), key), identity=identity)
    assert (found.state, found.proof, found.expected) == (SignatureState.FITS, Proof.KEY, Expected.YES)
    assert len(found.signer) == 64


def test_a_signature_of_the_tool_before_1_0_holds() -> None:
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": path, "digest": {"sha256": hashlib.sha256(content).hexdigest()}} for path, content in FILES.items()
        ],
        "predicateType": "https://model_signing/Digests/v0.1",
        "predicate": {},
    }
    bundle = json.loads(signed(statement, KEY, CERTIFICATE))
    payload = base64.b64decode(bundle["dsseEnvelope"]["payload"])
    as_it_wrote = f"DSSEV1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} {len(payload)} {payload!r}".encode()
    signature = KEY.sign(as_it_wrote, ec.ECDSA(hashes.SHA256()))
    bundle["dsseEnvelope"]["signatures"] = [{"sig": base64.b64encode(signature).decode(), "keyid": None}]
    found = checked(bundle=json.dumps(bundle).encode())
    assert (found.state, found.matching) == (SignatureState.FITS, 4)


# --- it does not hold -------------------------------------------------------------------------------------------------


def altered(change: Callable[[dict[str, Any]], None]) -> bytes:
    """The bundle with its list changed after it was signed."""
    bundle = json.loads(BUNDLE)
    statement = json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))
    change(statement)
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    return json.dumps(bundle).encode()


def test_a_list_changed_after_signing_is_high() -> None:
    def add(statement: dict[str, Any]) -> None:
        statement["predicate"]["resources"].append({"name": "x.exe", "algorithm": "sha256", "digest": "00" * 32})

    assert checked(bundle=altered(add)).state is SignatureState.WRONG
    assert told(bundle=altered(add)) == {"invalid": Level.HIGH}


def test_a_list_that_is_not_the_one_its_digest_stands_for_is_high() -> None:
    statement = manifest(FILES)
    statement["predicate"]["resources"].pop()
    assert told(bundle=signed(statement, KEY, CERTIFICATE)) == {"invalid": Level.HIGH}


def test_the_certificate_of_another_key_is_high() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    assert told(bundle=signed(manifest(FILES), other, CERTIFICATE)) == {"invalid": Level.HIGH}


def test_a_listed_key_that_did_not_sign_is_high() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    lab = Publisher(
        "lab", "The Lab", ("lab",), (), PublisherEvidence.MADE_UP, "2026-01-01", signers=(Signer(public_key=pem(key)),)
    )
    bundle = json.loads(signed(manifest(FILES), KEY))
    bundle["verificationMaterial"]["publicKey"]["hint"] = hashlib.sha256(pem(key).encode()).hexdigest()
    identity = Identity(None, lab, Message.of("identity.explanation.none"))
    assert told(bundle=json.dumps(bundle).encode(), identity=identity) == {"invalid": Level.HIGH}


def test_changed_weights_are_high_and_named() -> None:
    changed = {**FILES, "model.safetensors": b"other" * 1000}
    assert checked(changed).changed == ("model.safetensors",)
    assert told(changed) == {"changed-file": Level.HIGH}


def test_a_text_that_the_publisher_itself_corrected_is_not_high() -> None:
    changed = {**FILES, "config.json": b"{}"}
    assert told(changed) == {"changed-file": Level.CAREFUL}
    assert (
        told(changed, identity=copier(), name="thief/model", relation=Relation.CLAIMS_TO_BE)["changed-file"]
        is Level.HIGH
    )


def test_a_fine_tune_that_left_the_signature_lying_there_is_not_high() -> None:
    changed = {**FILES, "model.safetensors": b"tuned" * 1000, "extra.txt": b"x"}
    found = told(changed, identity=copier(), name="honest/tuned", relation=Relation.DERIVED)
    assert found["changed-file"] is Level.CAREFUL
    assert Level.HIGH not in found.values()


def test_the_card_may_be_edited_after_signing() -> None:
    with_card = {**FILES, "README.md": b"# as signed"}
    here = {**FILES, "README.md": b"# edited since", "README_zh.md": b"new", ".gitattributes": b"* lfs"}
    assert told(here, bundle=signed(manifest(with_card), KEY, CERTIFICATE)) == {}


@pytest.mark.parametrize("name", ["README.exe", "readme.bat", "README.md.lnk", "readme_first.py"])
def test_a_program_named_like_a_card_is_not_tolerated(name: str) -> None:
    assert checked({**FILES, name: b"rem"}).unsigned == (name,)


# --- who --------------------------------------------------------------------------------------------------------------


def test_another_signer_than_expected_is_high_for_the_brand() -> None:
    bundle = signed(manifest(FILES), KEY, AUTHORITY.issue(KEY, "somebody@else.example"))
    assert checked(bundle=bundle).expected is Expected.NO
    assert told(bundle=bundle) == {"other-signer": Level.HIGH}
    claims = told(bundle=bundle, identity=copier(), name="thief/model", relation=Relation.CLAIMS_TO_BE)
    assert claims == {"other-signer": Level.HIGH}


@pytest.mark.parametrize("identity", ["who@evil-lab.example", "who@lab.example.evil.example", "https://lab.example"])
def test_a_domain_that_only_looks_like_it_is_another(identity: str) -> None:
    bundle = signed(manifest(FILES), KEY, AUTHORITY.issue(KEY, identity))
    assert checked(bundle=bundle).expected is Expected.NO


def test_the_same_name_from_another_issuer_is_another_signer() -> None:
    bundle = signed(manifest(FILES), KEY, AUTHORITY.issue(KEY, WHO, "https://evil.example"))
    assert checked(bundle=bundle).expected is Expected.NO


def test_who_makes_a_model_from_it_signs_with_their_own_name() -> None:
    bundle = signed(manifest(FILES), KEY, AUTHORITY.issue(KEY, "team@maker.example"))
    assert told(bundle=bundle, identity=copier(), name="maker/tuned", relation=Relation.DERIVED) == {}


def test_a_certificate_of_ones_own_proves_no_name() -> None:
    own = signed(manifest(FILES), KEY, Authority("home-made").issue(KEY, WHO))
    assert checked(bundle=own).proof is Proof.NONE
    assert told(bundle=own) == {"signer-not-proven": Level.NOTE}
    claims = told(bundle=own, identity=copier(bundle=None), name="thief/model", relation=Relation.IDENTICAL_WEIGHTS)
    assert claims == {"signer-not-proven": Level.CAREFUL}


def test_a_certificate_that_only_says_that_the_authority_issued_it_is_high() -> None:
    bundle = signed(manifest(FILES), KEY, Authority().issue(KEY, WHO, says_issued_by=AUTHORITY))
    assert checked(bundle=bundle).proof is Proof.FORGED
    assert told(bundle=bundle) == {"forged-certificate": Level.HIGH}


def test_an_authority_brought_along_is_not_believed() -> None:
    own = Authority("home-made")
    bundle = signed(manifest(FILES), KEY, own.issue(KEY, WHO), own.certificate)
    assert checked(bundle=bundle).proof is Proof.NONE


def test_who_got_a_certificate_cannot_issue_others() -> None:
    middle = ec.generate_private_key(ec.SECP256R1())
    thief = Authority("thief")
    bundle = signed(manifest(FILES), KEY, thief.issue(KEY, WHO), AUTHORITY.issue(middle, "thief@mail.example"))
    assert checked(bundle=bundle).proof is Proof.NONE


def test_a_certificate_for_something_else_does_not_count() -> None:
    bundle = signed(manifest(FILES), KEY, AUTHORITY.issue(KEY, WHO, may_sign_code=False))
    assert checked(bundle=bundle).proof is Proof.NONE


def test_an_authority_that_took_a_new_key_is_not_called_a_forger() -> None:
    bundle = signed(manifest(FILES), KEY, Authority("lab authority").issue(KEY, WHO))
    assert checked(bundle=bundle).proof is Proof.NONE


def test_a_signature_after_the_certificate_ran_out_proves_no_name() -> None:
    late = signed(manifest(FILES), KEY, CERTIFICATE, logged_at=SIGNED_AT + timedelta(hours=1))
    assert checked(bundle=late).proof is Proof.OUT_OF_TIME
    assert told(bundle=late) == {"signer-not-proven": Level.NOTE}


def test_sigstores_own_certificates_come_along() -> None:
    found = checked(authorities=())
    assert found.proof is Proof.NONE
    here, hub = repository("lab/model", FILES)
    usual = with_signature(here, OWN, hub, CancelToken()).signature
    assert usual is not None
    assert usual.proof is Proof.NONE, "our authority is not Sigstore"


def test_a_key_that_nobody_listed_is_said_and_not_believed() -> None:
    bundle = signed(manifest(FILES), KEY)
    assert checked(bundle=bundle).state is SignatureState.KEY_UNKNOWN
    assert told(bundle=bundle) == {"not-checked": Level.NOTE}


# --- copied -----------------------------------------------------------------------------------------------------------


def test_a_copied_signature_does_not_speak_for_the_copier() -> None:
    mirror = told(identity=copier(), name="mirror/model", relation=Relation.IDENTICAL_WEIGHTS)
    assert mirror == {"copied": Level.NOTE}


def test_a_copied_signature_with_a_program_beside_it_is_high() -> None:
    files = {**FILES, "start.bat": b"rem", "loader.py": b"#", "notes.txt": b"x"}
    programs = {"start.bat": Ability.PROGRAM, "loader.py": Ability.SCRIPT}
    found = told(files, identity=copier(), name="thief/model", relation=Relation.IDENTICAL_WEIGHTS, programs=programs)
    assert found == {"copied": Level.CAREFUL, "unsigned-program": Level.HIGH, "unsigned-file": Level.CAREFUL}


def test_a_copied_signature_is_recognised_without_a_list_of_signers() -> None:
    nobody = Publisher("lab", "The Lab", ("lab",), (), PublisherEvidence.MADE_UP, "2026-01-01")
    there, _ = repository("lab/model", FILES)
    identity = Identity(Original(there, nobody, Confidence.SURE, ()), None, Message.of("identity.explanation.none"))
    here, hub = repository("mirror/model", FILES)
    found = with_signature(here, identity, hub, CancelToken(), (AUTHORITY.certificate,)).signature
    assert found is not None
    assert found.copied_from == "lab/model"


def test_an_original_with_a_signature_that_the_copy_lacks_is_a_signal() -> None:
    here, hub = repository("thief/model", FILES, None)
    identity = with_signature(here, copier(), hub, CancelToken())
    assert [one.id for one in identity.signals] == ["signature"]
    assert "is signed; this repository is not" in render(identity.signals[0].value)
    assert hub.opened == []


# --- what it does not cover -------------------------------------------------------------------------------------------


def test_a_program_that_the_publisher_did_not_sign_is_high() -> None:
    assert told({**FILES, "run.exe": b"MZ"}, programs={"run.exe": Ability.PROGRAM}) == {"unsigned-program": Level.HIGH}
    assert told({**FILES, "paper.pdf": b"%PDF"}) == {"unsigned-file": Level.NOTE}


def test_what_the_signer_left_out_is_not_held_against_it_unless_somebody_else_runs_it() -> None:
    bundle = signed(manifest(FILES, ("docs", "model.sig")), KEY, CERTIFICATE)
    files = {**FILES, "docs/a.txt": b"x", "docs/b.bat": b"rem", "docs2/c.txt": b"x"}
    found = checked(files, bundle)
    assert (found.left_out, found.unsigned) == (("docs/a.txt", "docs/b.bat"), ("docs2/c.txt",))
    programs = {"docs/b.bat": Ability.PROGRAM}
    assert told(files, bundle, programs=programs) == {"unsigned-file": Level.NOTE}
    thief = told(files, bundle, copier(), "thief/model", Relation.CLAIMS_TO_BE, programs=programs)
    assert thief["unsigned-program"] is Level.HIGH


def test_missing_files_and_files_that_cannot_be_compared_are_counted() -> None:
    here, hub = repository("lab/model", {path: one for path, one in FILES.items() if path != "tokenizer.json"})
    del hub.contents["config.json"]
    found = with_signature(here, OWN, hub, CancelToken(), (AUTHORITY.certificate,)).signature
    assert found is not None
    assert (found.missing, found.not_compared, found.matching) == (("tokenizer.json",), ("config.json",), 2)


def test_bytes_that_are_not_the_listed_ones_prove_nothing() -> None:
    here, hub = repository("lab/model", {**FILES, "config.json": b"evil"})
    hub.contents["config.json"] = FILES["config.json"]
    found = with_signature(here, OWN, hub, CancelToken(), (AUTHORITY.certificate,)).signature
    assert found is not None
    assert found.not_compared == ("config.json",)


def test_hashes_of_parts_and_of_other_kinds_are_not_taken_for_the_files() -> None:
    parts = manifest({f"{path}:0:{len(content)}": content for path, content in FILES.items()}, method="shards")
    found = checked(bundle=signed(parts, KEY, CERTIFICATE))
    assert (found.matching, found.unsigned, len(found.not_compared)) == (0, (), 4)


# --- hostile and broken -----------------------------------------------------------------------------------------------


def with_payload(statement: object) -> bytes:
    return signed(statement, KEY, CERTIFICATE)  # type: ignore[arg-type]  # that is the point


def without_signature() -> bytes:
    bundle = json.loads(BUNDLE)
    bundle["dsseEnvelope"]["signatures"] = []
    return json.dumps(bundle).encode()


def with_certificate(data: bytes) -> bytes:
    bundle = json.loads(BUNDLE)
    bundle["verificationMaterial"] = {"certificate": {"rawBytes": base64.b64encode(data).decode()}}
    return json.dumps(bundle).encode()


@pytest.mark.parametrize(
    "bundle",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[" * 200_000,
        b'{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json"}',
        b'{"a": ' * 50_000,
        BUNDLE.replace(b"sigstore.bundle", b"other"),
        BUNDLE.replace(b"vnd.in-toto+json", b"vnd.other+json"),
        without_signature(),
        with_certificate(b""),
        with_certificate(b"0\x82"),
        with_certificate(bytes(100_000)),
        with_payload([]),
        with_payload({"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1"}),
        with_payload({**manifest(FILES), "predicate": {"serialization": {}, "resources": "all"}}),
        with_payload({**manifest(FILES), "predicate": {"serialization": [], "resources": []}}),
        with_payload({**manifest(FILES), "predicate": {"serialization": {}, "resources": [{"name": 5}]}}),
        with_payload(
            {**manifest(FILES), "predicate": {"serialization": {}, "resources": [{"name": "a", "digest": "zz"}]}}
        ),
    ],
)
def test_what_is_no_signature_is_said_and_nothing_more(bundle: bytes) -> None:
    found = checked(bundle=bundle)
    assert found.state is SignatureState.NOT_READ
    assert found.problem == Message.of("signature.problem.not_understood")
    assert told(bundle=bundle) == {"not-checked": Level.NOTE}


def test_a_file_listed_twice_is_refused() -> None:
    statement = manifest(FILES)
    statement["predicate"]["resources"] *= 2
    with pytest.raises(NotABundle):
        read_manifest(json.dumps(statement).encode())


def test_too_many_certificates_are_refused() -> None:
    with pytest.raises(NotABundle):
        read_bundle(signed(manifest(FILES), KEY, *[CERTIFICATE] * 11))


def test_a_huge_signature_is_not_read() -> None:
    here = snapshot("lab/model", {"model.sig": (1 << 30, "0" * 64)})
    hub = Serving(here, {})
    found = with_signature(here, OWN, hub, CancelToken()).signature
    assert found is not None
    assert found.problem is not None
    assert found.problem.id == "signature.problem.too_long"
    assert hub.opened == []


def test_a_hub_that_does_not_give_it_is_said() -> None:
    here, hub = repository("lab/model", FILES)
    del hub.contents["model.sig"]
    found = with_signature(here, OWN, hub, CancelToken()).signature
    assert found is not None
    assert found.problem is not None
    assert found.problem.id == "signature.problem.no_answer"


def test_a_missing_package_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "core.identity.signature_proof", None)
    here, hub = repository("lab/model", FILES)
    identity = with_signature(here, OWN, hub, CancelToken())
    assert "pip install cryptography" in render(identity.signals[-1].meaning)


def test_a_cancel_is_heard() -> None:
    here, hub = repository("lab/model", FILES)
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        with_signature(here, OWN, hub, cancel)


def test_a_repackager_is_not_a_brand_to_sign_for() -> None:
    repackager = Publisher("r", "R", ("r",), (), PublisherEvidence.MADE_UP, "2026-01-01", kind=PublisherKind.REPACKAGER)
    identity = Identity(None, repackager, Message.of("identity.explanation.none"))
    assert checked(identity=identity, name="r/model").brand == ""


@pytest.mark.parametrize(("accepts", "proof"), [(True, Proof.LOG), (False, Proof.NOT_IN_LOG)])
def test_sigstores_log_is_asked_where_its_package_is_installed(
    monkeypatch: pytest.MonkeyPatch, accepts: bool, proof: Proof
) -> None:
    asked = stand_in_for_sigstore(monkeypatch, accepts=accepts)
    assert checked().proof is proof
    assert asked == [("offline", True), ("policy", WHO, ISSUER)]
    assert told() == ({} if accepts else {"signer-not-proven": Level.NOTE})


def stand_in_for_sigstore(monkeypatch: pytest.MonkeyPatch, *, accepts: bool) -> list[tuple[object, ...]]:
    """The few names of the package that are used; what it was asked."""
    asked: list[tuple[object, ...]] = []

    class Error(Exception):
        pass

    class Verifier:
        @classmethod
        def production(cls, *, offline: bool) -> "Verifier":
            asked.append(("offline", offline))
            return cls()

        def verify_dsse(self, bundle: bytes, policy: tuple[object, ...]) -> None:
            assert bundle == BUNDLE
            asked.append(policy)
            if not accepts:
                raise Error

    def identity_policy(*, identity: str, issuer: str) -> tuple[object, ...]:
        return ("policy", identity, issuer)

    parts: dict[str, dict[str, object]] = {
        "sigstore": {},
        "sigstore.errors": {"Error": Error},
        "sigstore.models": {"Bundle": SimpleNamespace(from_json=lambda data: data)},
        "sigstore.verify": {"Verifier": Verifier, "policy": SimpleNamespace(Identity=identity_policy)},
    }
    for name, names in parts.items():
        module = ModuleType(name)
        vars(module).update(names)
        monkeypatch.setitem(sys.modules, name, module)
    return asked
