"""The real client, the real `hf download` and curl against the demo hub, each in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.demo.exchange import Origin
from core.demo.scenarios import build
from core.demo.serve import serve
from core.demo.server import DemoHub
from core.progress import CancelToken
from tests.demo_hub import make_repository

pytestmark = pytest.mark.e2e

Client = Callable[[str], dict[str, Any]]
_BEGIN = """
import json
from huggingface_hub import HfApi
from huggingface_hub.errors import *
api = HfApi(token=False)
out = {}
def failure(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = build(tmp_path_factory.mktemp("demo"))
    files = {f"part-{number:03}.json": b"{}" for number in range(184)}
    make_repository(root, "model", "lab/many", {**files, "README.md": b"# Many"}, history=("One", "Two", "Three"))
    return root


@pytest.fixture
def hub(root: Path) -> Iterator[DemoHub]:
    with DemoHub(root) as running:
        yield running


def environment(endpoint: str, home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    ours = {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    return {**kept, **ours, "HF_ENDPOINT": endpoint, "HF_HOME": str(home), "NO_PROXY": "127.0.0.1"}


@pytest.fixture
def client(hub: DemoHub, tmp_path: Path) -> Client:
    """Run lines of Python with the real client; they fill the dictionary `out`."""

    def run(lines: str) -> dict[str, Any]:
        program = _BEGIN + textwrap.dedent(lines) + "\nprint(json.dumps(out, default=str))"
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment(hub.endpoint, tmp_path / "home"),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


def test_information_search_and_accounts(client: Client) -> None:
    out = client(
        """
        info = api.model_info("Open-OSS/privacy-filter")
        full = api.model_info("Open-OSS/privacy-filter", files_metadata=True, securityStatus=True)
        more = api.model_info(info.id, revision=info.sha, expand=["downloadsAllTime", "trendingScore"])
        out["id"], out["sha"], out["downloads"] = info.id, info.sha, info.downloads
        out["weights"] = [s.lfs.sha256 for s in full.siblings if s.rfilename == "model.safetensors"]
        out["scans"] = full.security_repo_status
        out["all_time"] = more.downloads_all_time
        out["found"] = [m.id for m in api.list_models(search="privacy-filter", sort="downloads", limit=20)]
        out["newest"] = [m.id for m in api.list_models(search="privacy", sort="created_at", limit=1)]
        out["author"] = [m.author for m in api.list_models(author="openai", expand=["author", "cardData"])]
        out["organization"] = api.get_organization_overview("openai").is_verified
        out["user"] = api.get_user_overview("Open-OSS").createdAt
        out["not_an_organization"] = failure(lambda: api.get_organization_overview("Open-OSS"))
        out["who"] = HfApi(token="demo-visitor").whoami()["name"]
        out["bases"] = api.model_info("tinybench/Beacon-7B-GGUF", expand=["baseModels", "gguf"]).gguf["architecture"]
        out["dataset"] = [f.rfilename for f in api.dataset_info("field-notes/street-signs").siblings]
        out["space"] = api.space_info("lumora/beacon-chat").sdk
        """
    )
    assert out["id"] == "Open-OSS/privacy-filter"
    assert len(out["sha"]) == 40
    assert out["downloads"] == out["all_time"] == 244_000
    assert len(out["weights"][0]) == 64
    assert out["scans"] == {"scansDone": False, "filesWithIssues": []}
    assert out["found"][:2] == ["Open-OSS/privacy-filter", "openai/privacy-filter"]
    assert out["newest"] == ["Open-OSS/privacy-filter"]
    assert out["author"] == ["openai"]
    assert out["organization"] is True
    assert out["user"].endswith("Z")
    assert out["not_an_organization"] == "HfHubHTTPError"
    assert out["who"] == "visitor"
    assert out["bases"] == "llama"
    assert "street_signs.py" in out["dataset"]
    assert out["space"] == "gradio"


def test_listings_commits_and_refs(client: Client, hub: DemoHub) -> None:
    out = client(
        """
        out["plain"] = len(list(api.list_repo_tree("lab/many", recursive=True)))
        out["expanded"] = len(list(api.list_repo_tree("lab/many", recursive=True, expand=True)))
        out["folder"] = [e.path for e in api.list_repo_tree("openai/privacy-filter", "original")]
        out["commits"] = [c.title for c in api.list_repo_commits("lab/many")]
        refs = api.list_repo_refs("lumora/Beacon-mini", include_pull_requests=True)
        out["refs"] = [request.ref for request in refs.pull_requests]
        [bad] = api.get_paths_info("quickmodels/face-enhancer", ["face_enhancer.pth"], expand=True)
        out["security"] = [bad.security.status, bad.last_commit.title, bad.lfs.size]
        """
    )
    assert out["plain"] == out["expanded"] == 185
    assert [row.status for row in hub.log if row.path == "/api/models/lab/many/tree/main"] == [200] * 5
    assert out["folder"] == ["original/config.json", "original/dtypes.json", "original/model.safetensors"]
    assert out["commits"] == ["Three", "Two", "One"]
    assert out["refs"] == ["refs/pr/1"]
    assert out["security"][:2] == ["unsafe", "First files"]


def test_downloads(client: Client, hub: DemoHub, tmp_path: Path) -> None:
    out = client(
        """
        from pathlib import Path
        from huggingface_hub import HfFileSystem
        name = "openai/privacy-filter"
        out["small"] = Path(api.hf_hub_download(name, "config.json")).read_text()
        out["large"] = len(Path(api.hf_hub_download(name, "model.safetensors")).read_bytes())
        out["snapshot"] = sorted(p.name for p in Path(api.snapshot_download(name, local_dir="copy")).iterdir())
        out["dry"] = len(api.snapshot_download("lumora/Beacon-7B", dry_run=True))
        out["checked"] = api.verify_repo_checksums(name, local_dir="copy").checked_count
        out["tensors"] = sorted(api.get_safetensors_metadata(name).weight_map)
        with HfFileSystem(token=False).open(f"{name}/model.safetensors", block_size=4096) as file:
            file.seek(1000)
            out["part"] = file.read(50).hex()
        """
    )
    weights = (tmp_path / "copy" / "model.safetensors").read_bytes()
    assert json.loads(out["small"])["model_type"] == "privacy_filter"
    assert out["large"] == len(weights)
    assert {"README.md", "model.safetensors", "onnx", "original"} <= set(out["snapshot"])
    assert out["dry"] == 8
    assert out["checked"] == 12
    assert "classifier.weight" in out["tensors"]
    assert bytes.fromhex(out["part"]) == weights[1000:1050]
    assert any(row.origin is Origin.CDN and row.status == 206 for row in hub.log)


def test_names_and_refusals(client: Client) -> None:
    out = client(
        """
        out["renamed"] = api.model_info("lumora-labs/Beacon-mini").id
        out["legacy"] = api.model_info("beacon-mini").id
        out["capitals"] = api.model_info("OPENAI/Privacy-Filter").id
        visitor, member = HfApi(token="demo-visitor"), HfApi(token="demo-member")
        for label, call in {
            "missing": lambda: api.model_info("nobody/nothing"),
            "missing_with_token": lambda: visitor.model_info("nobody/nothing"),
            "private": lambda: api.model_info("lumora/next-beacon"),
            "private_member": lambda: member.model_info("lumora/next-beacon"),
            "revision": lambda: api.model_info("openai/privacy-filter", revision="nope"),
            "entry": lambda: api.hf_hub_download("openai/privacy-filter", "nope.bin"),
            "gated": lambda: api.hf_hub_download("lumora/Beacon-70B", "config.json"),
            "gated_visitor": lambda: visitor.hf_hub_download("lumora/Beacon-70B", "config.json"),
            "gated_info": lambda: api.model_info("lumora/Beacon-70B"),
            "gated_member": lambda: member.hf_hub_download("lumora/Beacon-70B", "config.json"),
            "disabled": lambda: api.model_info("shut-down/sample-model"),
            "bad_token": lambda: HfApi(token="wrong").model_info("openai/privacy-filter"),
        }.items():
            out[label] = failure(call)
        """
    )
    assert out["renamed"] == out["legacy"] == "lumora/Beacon-mini"
    assert out["capitals"] == "openai/privacy-filter"
    assert out["missing"] == out["missing_with_token"] == out["private"] == "RepositoryNotFoundError"
    assert out["revision"] == "RevisionNotFoundError"
    assert out["entry"] == "RemoteEntryNotFoundError"
    assert out["gated"] == out["gated_visitor"] == "GatedRepoError"
    assert out["disabled"] == "DisabledRepoError"
    assert out["bad_token"] == "HfHubHTTPError"
    assert out["private_member"] is out["gated_info"] is out["gated_member"] is None


def test_failing_servers(client: Client, hub: DemoHub) -> None:
    limits = {"RateLimit": '"api";r=0;t=0', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}
    hub.knobs.fail("GET /api/models?search=beacon", 429, limits)
    hub.knobs.fail("GET /api/models/openai/privacy-filter", 500)
    hub.knobs.fail("GET /api/models/lumora/Beacon-7B", 429, limits)
    out = client(
        """
        out["retried"] = [m.id for m in api.list_models(search="beacon", author="tinybench")]
        out["broken"] = failure(lambda: api.model_info("openai/privacy-filter"))
        out["limited"] = failure(lambda: api.model_info("lumora/Beacon-7B"))
        from huggingface_hub.utils import parse_ratelimit_headers
        import httpx2
        out["limit"] = parse_ratelimit_headers(httpx2.get(api.endpoint + "/api/models").headers).limit
        out["refused"] = failure(lambda: HfApi(endpoint="http://127.0.0.1:1", token=False).model_info("a/b"))
        """
    )
    assert out["retried"] == ["tinybench/Beacon-7B-GGUF"]
    assert out["broken"] == out["limited"] == "HfHubHTTPError"
    assert out["limit"] == 500
    assert out["refused"] == "ConnectError"


def test_a_token_never_reaches_the_cdn(client: Client, hub: DemoHub) -> None:
    client('HfApi(token="demo-member").hf_hub_download("lumora/Beacon-70B", "model.safetensors")')
    seen = {(row.origin, row.had_authorization) for row in hub.log}
    assert seen == {(Origin.HUB, True), (Origin.CDN, False)}


def test_a_falsified_byte_is_noticed_by_the_clients_own_check(client: Client, hub: DemoHub) -> None:
    hub.knobs.tamper("model.safetensors", offset=2000)
    out = client(
        """
        api.snapshot_download("openai/privacy-filter", local_dir="copy", allow_patterns=["model.safetensors"])
        checked = api.verify_repo_checksums("openai/privacy-filter", local_dir="copy")
        out["wrong"] = [mismatch["path"] for mismatch in checked.mismatches]
        """
    )
    assert out["wrong"] == ["model.safetensors"]


def test_hf_download_fetches_a_repository(hub: DemoHub, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    command = [
        sys.executable,
        "-m",
        "huggingface_hub.cli.hf",
        "download",
        "lumora/Beacon-7B",
        "--local-dir",
        str(target),
    ]
    environ = environment(hub.endpoint, tmp_path / "home")
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert len([path for path in target.iterdir() if path.is_file()]) == 8
    assert json.loads((target / "config.json").read_text(encoding="utf-8"))["model_type"] == "llama"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_reads_ranges(hub: DemoHub) -> None:
    address = f"{hub.endpoint}/openai/privacy-filter/resolve/main/model.safetensors"

    def curl(wanted: str) -> bytes:
        command = ["curl", "--silent", "--show-error", "--location", "--noproxy", "*", "--range", wanted, address]
        return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout

    whole = curl("0-")
    assert len(whole) == 26_032
    assert curl("8-15") == whole[8:16]
    assert curl("-10") == whole[-10:]
    assert curl("26000-") == whole[26000:]


def test_serve_answers_until_it_is_stopped() -> None:
    ready, stop, addresses = threading.Event(), CancelToken(), list[str]()

    def on_ready(address: str) -> None:
        addresses.append(address)
        ready.set()

    thread = threading.Thread(target=serve, args=(0, on_ready, stop))
    thread.start()
    try:
        assert ready.wait(30)
        command = [sys.executable, "-c", "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).status)"]
        done = subprocess.run([*command, addresses[0]], capture_output=True, text=True, timeout=60, check=False)
        assert done.stdout.strip() == "200", done.stderr
    finally:
        stop.cancel()
        thread.join(30)
    assert not thread.is_alive()
