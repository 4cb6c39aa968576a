"""The demo's repositories: built from `resources/demo`, the same on every computer but for dates that follow the clock.

`resources/demo/<kind>s/<owner>/<name>/repository.toml` says what the Hub knows and which files are generated;
`files/` beside it holds texts. A text that would be a program has `.inert` at the end of its name there.
"""

import base64
import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.demo.pickles import torch_legacy, torch_zip
from core.demo.store import Files, NewCommit, NewFile, content_sha256, wire_date, write_account, write_repository
from core.demo.tensors import gguf, npy, npz, onnx, safetensors
from core.paths import RESOURCES
from core.repository import RepositoryKind

_SOURCE = RESOURCES / "demo"
_INERT = ".inert"
_FIRST_COMMIT = {"title": "First files"}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One repository for the start page; the texts are ids of the catalogue."""

    address: str
    """As a person would paste it: `owner/name`, with `datasets/` or `spaces/` before it, perhaps with a revision."""
    kind: RepositoryKind
    title_id: str
    story_id: str


def _scenario(key: str, address: str, kind: RepositoryKind = RepositoryKind.MODEL) -> Scenario:
    return Scenario(address, kind, f"demo.{key}.title", f"demo.{key}.story")


SCENARIOS: tuple[Scenario, ...] = (
    _scenario("incident", "Open-OSS/privacy-filter"),
    _scenario("original", "openai/privacy-filter"),
    _scenario("mirror", "weight-archive/privacy-filter"),
    _scenario("brand", "lumora/Beacon-7B"),
    _scenario("quantization", "tinybench/Beacon-7B-GGUF"),
    _scenario("lookalike", "1umora/Beacon-7B"),
    _scenario("command_pickle", "quickmodels/face-enhancer"),
    _scenario("older_pickle", "north-lab/sentence-encoder"),
    _scenario("own_code", "hexagon-research/spiral-lm"),
    _scenario("deceptive_names", "file-museum/strange-names"),
    _scenario("large", "lumora/Lighthouse-1B"),
    _scenario("pull_request", "lumora/Beacon-mini/tree/refs%2Fpr%2F1"),
    _scenario("gated", "lumora/Beacon-70B"),
    _scenario("renamed", "lumora-labs/Beacon-mini"),
    _scenario("disabled", "shut-down/sample-model"),
    _scenario("private", "lumora/next-beacon"),
    _scenario("empty", "newcomer/my-first-model"),
    _scenario("dataset", "datasets/field-notes/street-signs", RepositoryKind.DATASET),
    _scenario("space", "spaces/lumora/beacon-chat", RepositoryKind.SPACE),
)
"""What the start page offers, the best introduction first."""


def build(target: Path, now: datetime | None = None) -> Path:
    """Write all scenarios below `target` and return it. Files and commit ids do not depend on `now`."""
    today = (now or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    for account in _toml(_SOURCE / "accounts.toml")["account"]:
        name = account.pop("name")
        write_account(target, name, _dated(account, today))
    for kind in RepositoryKind:
        for described in sorted((_SOURCE / f"{kind}s").glob("*/*/repository.toml")):
            name = "/".join(described.parts[-3:-1])
            _build_repository(target, kind, name, described.parent, today)
    return target


def made_up_names(count: int) -> list[str]:
    """Names as programs give to accounts they make by the hundred; a few people are among those who like anything."""
    given = ("mara", "jonas", "elif", "tomas", "ines", "pavel", "noor", "lena", "oscar", "rita", "hugo")
    family = ("keller", "novak", "silva", "moreau", "brandt", "costa", "lind", "weber", "roman", "duarte")
    kinds = ("calm", "bold", "green", "quick", "quiet", "amber", "lucky")
    things = ("otter", "heron", "maple", "comet", "ember", "harbor", "falcon", "pebble", "willow")
    names = []
    for number in range(count):
        digits = number * 37 % 900 + 100
        if number % 67 == 66:
            names.append(f"{given[number % 11]}_{number}")
        elif number % 4 == 3:
            names.append(f"{kinds[number % 7]}{things[number % 9]}{digits}{number % 10}")
        else:
            names.append(f"{given[number % 11]}-{family[number // 11 % 10]}{digits}")
    return names


def _build_repository(target: Path, kind: RepositoryKind, name: str, folder: Path, today: datetime) -> None:
    described = _toml(folder / "repository.toml")
    files = _files(folder, described)
    facts = _dated({"age_days": described["age_days"], **described.get("hub", {})}, today)
    for key in ("scans", "former_names", "discussions", "likers", "more_tags"):
        if key in described:
            facts[key] = described[key]
    if "made_up_likers" in described:
        facts["likers"] = made_up_names(described["made_up_likers"])
    facts["discussions"] = [_dated(discussion, today) for discussion in facts.get("discussions", ())]
    rows = described.get("commits") or [_FIRST_COMMIT]
    main = [_commit(rows, index, files, described, name, today) for index in range(len(rows))]
    branches = {"main": main}
    for number, request in described.get("pull_requests", {}).items():
        added = {path: text.encode() for path, text in request["files"].items()}
        date = today - timedelta(days=request["age_days"])
        tip = NewCommit(request["title"], {**main[-1].files, **added}, date, request["author"])
        branches[f"refs/pr/{number}"] = [*main, tip]
    write_repository(target, kind, name, branches, facts)


def _commit(
    rows: list[Mapping[str, Any]], index: int, files: Files, described: Mapping[str, Any], name: str, today: datetime
) -> NewCommit:
    """A commit lists what the commits up to it added; a file that no commit names was there from the first."""
    row = rows[index]
    later = {path for other in rows[index + 1 :] for path in other.get("adds", ())}
    listed = {path: content for path, content in files.items() if path not in later}
    date = today - timedelta(days=row.get("age_days", described["age_days"]))
    return NewCommit(row["title"], listed, date, row.get("author", name.partition("/")[0]), row.get("message", ""))


def _files(folder: Path, described: Mapping[str, Any]) -> dict[str, bytes | NewFile]:
    files: dict[str, bytes | NewFile] = {}
    if (same := described.get("same_files_as")) is not None:
        other = folder.parents[1] / same
        files |= _files(other, _toml(other / "repository.toml"))
    for path in sorted((folder / "files").rglob("*")):
        if path.is_file():
            name = path.relative_to(folder / "files").as_posix().removesuffix(_INERT)
            # A checkout on Windows may have turned line ends; hashes must not follow it.
            files[name] = path.read_bytes().replace(b"\r\n", b"\n")
    files |= {path: text.encode() for path, text in described.get("texts", {}).items()}
    for row in described.get("generated", ()):
        files[row["path"]] = _generated(row)
    if described.get("signed"):
        files["model.sig"] = _signature(files)
    return files


def _generated(row: Mapping[str, Any]) -> bytes | NewFile:
    """`layers` and `shape` stand for that many tensors alike, in place of `tensors`."""
    arguments = {key: value for key, value in row.items() if key not in {"path", "make"}}
    if "layers" in row:
        layers, shape = arguments.pop("layers"), arguments.pop("shape")
        arguments["tensors"] = {f"layers.{number}.weight": shape for number in range(layers)}
    return _MAKERS[row["make"]](**arguments)


def _signature(files: Files) -> bytes:
    """A file shaped like an OpenSSF Model Signing bundle: the list of digests is real, the signature is not."""
    resources = [
        {"name": path, "algorithm": "sha256", "digest": content_sha256(_pieces(content))}
        for path, content in sorted(files.items())
    ]
    digest = hashlib.sha256(json.dumps(resources).encode()).hexdigest()
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "privacy-filter", "digest": {"sha256": digest}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {"serialization": {"method": "files", "hash_type": "sha256"}, "resources": resources},
    }
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    signature = base64.b64encode(b"Demo: not a signature.").decode()
    bundle = {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"certificate": {"rawBytes": ""}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": payload,
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [{"sig": signature, "keyid": ""}],
        },
    }
    return json.dumps(bundle).encode()


def _pieces(content: bytes | NewFile) -> tuple[bytes | int, ...]:
    return (content,) if isinstance(content, bytes) else content.pieces


def _dated(facts: Mapping[str, Any], today: datetime) -> dict[str, Any]:
    """`age_days` becomes `createdAt`: counted back from midnight, so that an age is reached the whole day long."""
    dated = dict(facts)
    if "age_days" in dated:
        dated["createdAt"] = wire_date(today - timedelta(days=dated.pop("age_days")))
    return dated


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


_MAKERS: Mapping[str, Callable[..., bytes | NewFile]] = {
    "safetensors": safetensors,
    "gguf": gguf,
    "onnx": onnx,
    "npy": npy,
    "npz": npz,
    "torch_zip": torch_zip,
    "torch_legacy": torch_legacy,
}
