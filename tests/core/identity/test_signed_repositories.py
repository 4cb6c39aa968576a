"""Signed repositories on a hub: the publisher's own, and a copy that took the signature along."""

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from core.application import Application
from core.demo.server import DemoHub
from core.paths import RESOURCES
from core.progress import CancelToken, ignore_progress
from core.report import Report, to_json
from core.services import OriginalChoice
from tests.core.identity.signing import Authority, manifest, signed
from tests.demo_hub import make_account, make_repository, running_demo_hub

CARD = b"# Filter\n\nOpenAI presents a filter for private data.\n"
FILES = {"config.json": b'{"model_type": "bert"}', "model.safetensors": (2).to_bytes(8, "little") + b"{}"}
KEY = ec.generate_private_key(ec.SECP256R1())
BUNDLE = signed(
    manifest({**FILES, "README.md": CARD}),
    KEY,
    Authority().issue(KEY, "team@openai.com", "https://github.com/login/oauth"),
)
SIGNED = {**FILES, "README.md": CARD + b"\nMore.\n", "model.sig": BUNDLE}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[DemoHub]:
    make_repository(tmp_path, "model", "openai/small-filter", SIGNED)
    make_account(tmp_path, "openai", organization=True, isVerified=True)
    thief = {**SIGNED, "start.bat": b"@echo off\r\necho hello\r\n"}
    make_repository(tmp_path, "model", "Open-OSS/small-filter", thief, age_days=1)
    with running_demo_hub(tmp_path) as running:
        yield running


def check(hub: DemoHub, name: str) -> Report:
    with Application(endpoint=hub.endpoint) as application:
        return application.check(application.parse(name), OriginalChoice(), ignore_progress, CancelToken())


def rules(report: Report) -> set[str]:
    return {one.rule for one in report.findings if one.rule.startswith("signature.")}


def test_the_publishers_own_repository(hub: DemoHub) -> None:
    report = check(hub, "openai/small-filter")
    assert rules(report) == {"signature.signer-not-proven"}, "our authority is not Sigstore"
    told = to_json(report)["signature"]
    assert (told["state"], told["signer"], told["matching"], told["changed"]) == ("fits", "team@openai.com", 2, [])


def test_a_copy_with_the_signature_and_a_program(hub: DemoHub) -> None:
    report = check(hub, "Open-OSS/small-filter")
    assert {"signature.copied", "signature.unsigned-program"} <= rules(report)
    (program,) = (one for one in report.findings if one.rule == "signature.unsigned-program")
    assert program.path == "start.bat"
    written = to_json(report)
    assert written["signature"]["copied_from"] == "openai/small-filter"
    assert "signature" in {signal["id"] for signal in written["original"]["signals"]}
    schema = json.loads((RESOURCES / "schema" / "check-1.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(json.dumps(written)), schema)
