"""What people paste, and what we make of it."""

import subprocess
import sys

import pytest
from huggingface_hub.utils._validators import validate_repo_id
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UserFacingError
from core.reference import parse
from core.repository import RepoReference, RepositoryKind
from core.text import render

DEMO = "http://127.0.0.1:43117"
COMMIT = "9f3c1ab0" * 5
M, D, S = RepositoryKind.MODEL, RepositoryKind.DATASET, RepositoryKind.SPACE

UNDERSTOOD = [
    # pasted, kind, name, revision, path, tag
    ("https://huggingface.co/openai/privacy-filter", M, "openai/privacy-filter", None, None, None),
    ("http://huggingface.co/o/n", M, "o/n", None, None, None),
    ("huggingface.co/o/n", M, "o/n", None, None, None),
    ("hf.co/o/n", M, "o/n", None, None, None),
    ("HTTPS://HuggingFace.co/O/n", M, "O/n", None, None, None),
    ("https://www.huggingface.co/o/n", M, "o/n", None, None, None),
    ("https://huggingface.co./o/n", M, "o/n", None, None, None),
    ("https://huggingface.co/o/n/", M, "o/n", None, None, None),
    ("https://huggingface.co//o//n", M, "o/n", None, None, None),
    ("https://huggingface.co/o/n?library=transformers", M, "o/n", None, None, None),
    ("https://huggingface.co/o/n#usage", M, "o/n", None, None, None),
    ("https://huggingface.co/o/n?show_file_info=a%2Fm.safetensors", M, "o/n", None, "a/m.safetensors", None),
    ("https://huggingface.co/o/n/tree/main", M, "o/n", "main", None, None),
    ("https://huggingface.co/o/n/tree/main/onnx/int8", M, "o/n", "main", "onnx/int8", None),
    ("https://huggingface.co/o/n/blob/main/config.json", M, "o/n", "main", "config.json", None),
    ("https://huggingface.co/o/n/resolve/main/a%20b.bin?download=true", M, "o/n", "main", "a b.bin", None),
    ("https://huggingface.co/o/n/raw/v1.0/README.md", M, "o/n", "v1.0", "README.md", None),
    ("https://huggingface.co/o/n/blame/main/x.py", M, "o/n", "main", "x.py", None),
    ("https://huggingface.co/o/n/edit/main/README.md", M, "o/n", "main", "README.md", None),
    ("https://huggingface.co/o/n/tree/refs%2Fpr%2F1", M, "o/n", "refs/pr/1", None, None),
    ("https://huggingface.co/o/n/tree/refs/pr/12/sub", M, "o/n", "refs/pr/12", "sub", None),
    ("https://huggingface.co/o/n/blob/feature%2Fx/a.txt", M, "o/n", "feature/x", "a.txt", None),
    (f"https://huggingface.co/o/n/commit/{COMMIT}", M, "o/n", COMMIT, None, None),
    (f"https://huggingface.co/o/n/tree/{COMMIT}", M, "o/n", COMMIT, None, None),
    ("https://huggingface.co/o/n/commits/main", M, "o/n", "main", None, None),
    ("https://huggingface.co/o/n/discussions/3", M, "o/n", None, None, None),
    ("https://huggingface.co/o/n/settings", M, "o/n", None, None, None),
    ("https://huggingface.co/datasets/o/n", D, "o/n", None, None, None),
    ("https://huggingface.co/datasets/o/n/viewer/default/train", D, "o/n", None, None, None),
    ("https://huggingface.co/datasets/o/n/blob/main/t.csv", D, "o/n", "main", "t.csv", None),
    ("https://huggingface.co/datasets/squad", D, "squad", None, None, None),
    ("https://huggingface.co/spaces/o/n", S, "o/n", None, None, None),
    ("https://huggingface.co/spaces/o/n/tree/main", S, "o/n", "main", None, None),
    ("https://huggingface.co/models/o/n", M, "o/n", None, None, None),
    ("https://huggingface.co/api/models/o/n", M, "o/n", None, None, None),
    ("https://huggingface.co/api/models/o/n/revision/refs%2Fpr%2F2", M, "o/n", "refs/pr/2", None, None),
    ("https://huggingface.co/api/datasets/o/n/tree/main/data", D, "o/n", "main", "data", None),
    ("https://huggingface.co/o/n.git", M, "o/n", None, None, None),
    ("https://huggingface.co/gpt2", M, "gpt2", None, None, None),
    ("https://huggingface.co/gpt2/tree/main", M, "gpt2", "main", None, None),
    ("https://huggingface.co/gpt2/blob/main/config.json", M, "gpt2", "main", "config.json", None),
    ("https://huggingface.co/a.b/c.d_e-f", M, "a.b/c.d_e-f", None, None, None),
    ("https://huggingface.co/o%2Fn", M, "o/n", None, None, None),
    ("hf://o/n", M, "o/n", None, None, None),
    ("hf://o/n@v2/dir/file.txt", M, "o/n", "v2", "dir/file.txt", None),
    ("hf://o/n@refs%2Fpr%2F3/f", M, "o/n", "refs/pr/3", "f", None),
    ("hf://datasets/o/n", D, "o/n", None, None, None),
    ("hf://datasets/o/n@refs/pr/3/train.json", D, "o/n", "refs/pr/3", "train.json", None),
    ("hf://spaces/o/n", S, "o/n", None, None, None),
    ("hf://models/o/n", M, "o/n", None, None, None),
    ("o/n", M, "o/n", None, None, None),
    ("  o/n \n", M, "o/n", None, None, None),
    ('"o/n"', M, "o/n", None, None, None),
    ("<https://huggingface.co/o/n>", M, "o/n", None, None, None),
    ("`o/n`", M, "o/n", None, None, None),
    ("\ufeffo/n", M, "o/n", None, None, None),
    ("o/n.git", M, "o/n", None, None, None),
    ("o/n@v1", M, "o/n", "v1", None, None),
    ("o/n:Q4_K_M", M, "o/n", None, None, "Q4_K_M"),
    ("datasets/o/n", D, "o/n", None, None, None),
    ("spaces/o/n", S, "o/n", None, None, None),
    ("o/n/tree/main", M, "o/n", "main", None, None),
    ("Qwen/Qwen2.5-7B", M, "Qwen/Qwen2.5-7B", None, None, None),
    ("gpt2", M, "gpt2", None, None, None),
    ("Qwen2.5", M, "Qwen2.5", None, None, None),
    ("openai/privacy-filter · Hugging Face", M, "openai/privacy-filter", None, None, None),
    ("hf.co/o/n:Q4_K_M", M, "o/n", None, None, "Q4_K_M"),
    ("https://huggingface.co/o/n:Q8_0", M, "o/n", None, None, "Q8_0"),
    ("ollama run hf.co/o/n:Q4_K_M", M, "o/n", None, None, "Q4_K_M"),
    ("ollama pull huggingface.co/o/n", M, "o/n", None, None, None),
    ("llama-cli -hf o/n:Q4_K_M --jinja", M, "o/n", None, None, "Q4_K_M"),
    ("llama-server --hf-repo o/n -c 4096", M, "o/n", None, None, None),
    ("vllm serve o/n --max-model-len 4096", M, "o/n", None, None, None),
    ("git clone https://huggingface.co/o/n", M, "o/n", None, None, None),
    ("git lfs install\ngit clone https://huggingface.co/datasets/o/n.git here", D, "o/n", None, None, None),
    ("GIT_LFS_SKIP_SMUDGE=1 git clone -b dev https://huggingface.co/o/n", M, "o/n", "dev", None, None),
    ("git clone git@hf.co:o/n", M, "o/n", None, None, None),
    ("git@hf.co:datasets/o/n.git", D, "o/n", None, None, None),
    ("ssh://git@hf.co/spaces/o/n", S, "o/n", None, None, None),
    ("hf download o/n", M, "o/n", None, None, None),
    ("$ hf download o/n model.safetensors --revision r1", M, "o/n", "r1", "model.safetensors", None),
    ("!huggingface-cli download o/n --revision=r1 --local-dir here", M, "o/n", "r1", None, None),
    ("hf download --repo-type dataset o/n", D, "o/n", None, None, None),
    ("hf download o/n --repo-type=space --quiet", S, "o/n", None, None, None),
    ("hf download \\\n  o/n \\\n  --include '*.json'", M, "o/n", None, None, None),
    ('AutoModel.from_pretrained("o/n")', M, "o/n", None, None, None),
    ("AutoModel.from_pretrained('o/n', revision='r', trust_remote_code=True)", M, "o/n", "r", None, None),
    ('AutoModel.from_pretrained(pretrained_model_name_or_path="o/n")', M, "o/n", None, None, None),
    ('x = AutoModel.from_pretrained(\n    "o/n",\n    device_map="auto",\n)', M, "o/n", None, None, None),
    ('a = T.from_pretrained("o/n")\nb = M.from_pretrained("o/n")', M, "o/n", None, None, None),
    ('hf_hub_download(repo_id="o/n", filename="m.bin")', M, "o/n", None, "m.bin", None),
    ('hf_hub_download("o/n", "sub/m.bin", revision="v1")', M, "o/n", "v1", "sub/m.bin", None),
    ('hf_hub_download(repo_id="o/n", filename="x", repo_type="dataset")', D, "o/n", None, "x", None),
    ('snapshot_download("o/n", revision="refs/pr/4")', M, "o/n", "refs/pr/4", None, None),
    ('load_dataset("o/n", split="train")', D, "o/n", None, None, None),
    ('load_dataset("squad")', D, "squad", None, None, None),
    ('pipe = pipeline("text-generation", model="o/n")', M, "o/n", None, None, None),
    ('SentenceTransformer("o/n")', M, "o/n", None, None, None),
    ("AutoModel.from_pretrained(“o/n”)", M, "o/n", None, None, None),
    ('model_id = "o/n-7B"\nAutoModel.from_pretrained(model_id)', M, "o/n-7B", None, None, None),
    ("Look at https://huggingface.co/o/n please", M, "o/n", None, None, None),
    ("Have you seen https://huggingface.co/o/n?", M, "o/n", None, None, None),
    ("It is (https://huggingface.co/o/n).", M, "o/n", None, None, None),
    ("[the model](https://huggingface.co/o/n) is new", M, "o/n", None, None, None),
    ('<a href="https://huggingface.co/o/n">the model</a> is new', M, "o/n", None, None, None),
    ("看看 https://huggingface.co/o/n。", M, "o/n", None, None, None),
    ("try huggingface.co/o/n, it is good", M, "o/n", None, None, None),
    ("https://huggingface.co/o/n and https://huggingface.co/o/n again", M, "o/n", None, None, None),
    ("https://huggingface.co/o/n (see https://huggingface.co/docs/transformers)", M, "o/n", None, None, None),
    ('please check "Open-OSS/privacy-filter" for me', M, "Open-OSS/privacy-filter", None, None, None),
    ("is Open-OSS/privacy-filter any good, and/or small?", M, "Open-OSS/privacy-filter", None, None, None),
]

REFUSED = [
    # pasted, reason, what the sentence must name
    ("", "empty", ""),
    (" \n\t ", "empty", ""),
    ("\ufeff", "empty", ""),
    ("x" * 10_001, "too_long", "10,000"),
    ("what shall I paste here?", "not_understood", ""),
    ("and/or what", "not_understood", ""),
    ("hf_" + "a" * 34, "access_token", ""),
    ("hf download o/n --token hf_" + "B" * 34, "access_token", ""),
    ("open\u202eai/x", "hidden_character", "U+202E"),
    ("open\u200bai/x", "hidden_character", "U+200B"),
    ("o/n\x00", "hidden_character", "U+0000"),
    ("C:\\models\\x", "local_path", ""),
    ("/home/me/models/x", "local_path", ""),
    ("./models/x", "local_path", ""),
    ("~/models/x", "local_path", ""),
    ("file:///etc/passwd", "local_path", ""),
    ('from_pretrained("./mine")', "local_path", ""),
    ("javascript:alert(1)", "scheme", "javascript"),
    ("data:text/html,x", "scheme", "data"),
    ("ftp://huggingface.co/o/n", "scheme", "ftp"),
    ("s3://bucket/o/n", "scheme", "s3"),
    ("https://user:pw@huggingface.co/o/n", "userinfo", "huggingface.co"),
    ("https://hf_x@huggingface.co/o/n", "userinfo", "huggingface.co"),
    ("huggingface.co@evil.example/o/n", "at_sign", "evil.example"),
    ("https://huggingface.co@evil.example/o/n", "at_sign", "evil.example"),
    ("https://huggingface.co:pw@evil.example/o/n", "at_sign", "evil.example"),
    ("https://huggingface.co:8443/o/n", "port", "8443"),
    ("huggingface.co:8443/o/n", "port", "8443"),
    ("https://huggingfаce.co/o/n", "host_letter", "U+0430"),
    ("https://ｈuggingface.co/o/n", "host_letter", "U+FF48"),
    ("https://huggingface.co.evil.example/o/n", "look_alike", "huggingface.co.evil.example"),
    ("huggingface.co.evil.example/o/n", "look_alike", "huggingface.co.evil.example"),
    ("https://hf.co.evil.example/o/n", "look_alike", "hf.co.evil.example"),
    ("https://hugg1ngface.co/o/n", "look_alike", "hugg1ngface.co"),
    ("https://hugingface.co/o/n", "look_alike", "hugingface.co"),
    ("https://huggingface.com/o/n", "look_alike", "huggingface.com"),
    ("https://hugging-face.co/o/n", "look_alike", "hugging-face.co"),
    ("https://xn--huggingfce-u2h.co/o/n", "look_alike", "xn--huggingfce-u2h.co"),
    ("https://evil.example/huggingface.co/o/n", "other_site", "evil.example"),
    ("https://hf-mirror.com/o/n", "other_site", "hf-mirror.com"),
    ("https://github.com/openai/whisper", "other_site", "github.com"),
    ("github.com/openai/whisper", "other_site", "github.com"),
    ("github.com/openai", "other_site", "github.com"),
    ("https://127.0.0.1:43117/o/n", "other_site", "127.0.0.1"),
    ("git@github.com:openai/whisper.git", "other_site", "github.com"),
    ("example.com", "other_site", "example.com"),
    ("https://discuss.huggingface.co/t/x", "subdomain", "discuss.huggingface.co"),
    ("https://cdn-lfs.hf.co/o/n", "subdomain", "cdn-lfs.hf.co"),
    ("https://openai-demo.hf.space", "space_subdomain", "openai-demo.hf.space"),
    ("https://openai-demo.hf.space/?x", "space_subdomain", "openai-demo.hf.space"),
    ("https://huggingface.co", "no_repository", "huggingface.co"),
    ("huggingface.co", "no_repository", "huggingface.co"),
    ("https://huggingface.co/", "no_repository", "huggingface.co"),
    ("https://huggingface.co/spaces/justowner", "no_repository", ""),
    ("https://huggingface.co/docs/transformers", "not_a_repository", "docs/transformers"),
    ("https://huggingface.co/papers/2401.1", "not_a_repository", "papers/2401.1"),
    ("https://huggingface.co/blog/x", "not_a_repository", "blog"),
    ("https://huggingface.co/learn/x", "not_a_repository", "learn"),
    ("https://huggingface.co/tasks/x", "not_a_repository", "tasks"),
    ("https://huggingface.co/organizations/x", "not_a_repository", "organizations"),
    ("https://huggingface.co/settings/tokens", "not_a_repository", "settings"),
    ("https://huggingface.co/collections/o/slug-1", "not_a_repository", "collections"),
    ("https://huggingface.co/models?search=x", "not_a_repository", "models"),
    ("https://huggingface.co/datasets", "not_a_repository", "datasets"),
    ("hf://buckets/o/n", "not_a_repository", "buckets"),
    ("ollama run llama3", "ollama_library", "llama3"),
    ("оpenai/privacy-filter", "bad_character", "Cyrillic small letter o"),
    ("https://huggingface.co/%D0%BEpenai/x", "bad_character", "U+043E"),
    ("o/n%2525", "bad_character", "U+0025"),
    ("o/n$x", "bad_character", "U+0024"),
    ("https://huggingface.co\\@evil.example/o/n", "bad_character", "U+005C"),
    ("o/-n", "bad_name", "-n"),
    ("o/n.", None, ""),
    ("o--x/n", "bad_name", "o--x"),
    ("o/..x", "bad_name", "..x"),
    ("https://huggingface.co/../n", "bad_name", ".."),
    ("https://huggingface.co/o/%2e%2e", "bad_name", ".."),
    ("o/" + "n" * 97, "name_too_long", "96"),
    ("o/n:", None, ""),
    ("o/n:Q4 K", "not_understood", ""),
    ("o/n:Q4%20K", "bad_tag", "U+0020"),
    ("https://huggingface.co/o/n/tree/a%20b", "bad_revision", "U+0020"),
    ("https://huggingface.co/o/n/tree/vеrsion", "bad_revision", "U+0435"),
    ("https://huggingface.co/o/n/tree/..%2F..%2Fapi", "bad_revision_name", ".."),
    ("o/n@", "incomplete", ""),
    ("hf download --quiet", "incomplete", ""),
    ("https://huggingface.co/%ff%fe/x", "bad_encoding", "%ff%fe"),
    ("https://huggingface.co/a/b https://huggingface.co/c/d", "several", "c/d"),
    ("https://github.com/x/y and https://huggingface.co/o/n", "several", "github.com"),
    ("https://huggingface.co/o/n/tree/a https://huggingface.co/o/n/tree/b", "several_revisions", "o/n"),
    ('from_pretrained("a/b"); from_pretrained("c/d")', "several", "c/d"),
]


@pytest.mark.parametrize(("pasted", "kind", "name", "revision", "path", "tag"), UNDERSTOOD, ids=lambda v: repr(v)[:50])
def test_understands(
    pasted: str, kind: RepositoryKind, name: str, revision: str | None, path: str | None, tag: str | None
) -> None:
    found = parse(pasted)
    assert (found.repository.kind, found.repository.name) == (kind, name)
    assert (found.revision, found.path, found.quantization) == (revision, path, tag)


@pytest.mark.parametrize(("pasted", "reason", "named"), REFUSED, ids=lambda v: repr(v)[:50])
def test_refuses_and_says_why(pasted: str, reason: str | None, named: str) -> None:
    if reason is None:  # punctuation behind a name is not part of it
        assert parse(pasted).repository.name == "o/n"
        return
    with pytest.raises(UserFacingError) as refusal:
        parse(pasted)
    assert refusal.value.message_id == f"reference.{reason}"
    assert named in str(refusal.value)


@pytest.mark.parametrize(
    ("pasted", "note"),
    [
        ("https://www.huggingface.co/o/n", "reference.note.www"),
        ("gpt2", "reference.note.legacy"),
        ("https://huggingface.co/o/n/discussions/3", "reference.note.rest_ignored"),
        ("https://huggingface.co/o/n/resolve/main/..%2f..%2fx", "reference.note.rest_ignored"),
        ("is Open-OSS/privacy-filter good", "reference.note.in_text"),
    ],
)
def test_says_what_it_changed(pasted: str, note: str) -> None:
    notes = parse(pasted).notes
    assert note in [message.id for message in notes]
    assert all(render(message) for message in notes)


@pytest.mark.parametrize("pasted", [f"{DEMO}/o/n", "127.0.0.1:43117/o/n", f"Look: {DEMO}/o/n/tree/main", "o/n"])
def test_the_configured_hub_is_understood(pasted: str) -> None:
    found = parse(pasted, DEMO)
    assert found.repository.name == "o/n"
    assert not found.notes


def test_a_public_address_on_another_hub_is_understood_and_said() -> None:
    found = parse("https://huggingface.co/o/n", DEMO)
    assert [note.id for note in found.notes] == ["reference.note.other_hub"]
    assert DEMO in render(found.notes[0])


def test_an_endpoint_below_a_path_is_understood() -> None:
    assert parse("https://hub.example/hf/o/n/tree/main", "https://hub.example/hf").repository.name == "o/n"


@pytest.mark.parametrize("pasted", ["http://127.0.0.1:1/o/n", "http://127.0.0.1/o/n", "https://127.0.0.1:43117/o/n"])
def test_another_port_or_scheme_of_the_same_machine_is_not_the_configured_hub(pasted: str) -> None:
    with pytest.raises(UserFacingError) as refusal:
        parse(pasted, DEMO)
    assert refusal.value.message_id == "reference.other_site"


PIECES = st.sampled_from(
    [piece for row in UNDERSTOOD for piece in (row[0], row[2])]
    + [row[0] for row in REFUSED]
    + [
        "https://",
        "hf://",
        "@",
        ":",
        "/",
        "..",
        "%2F",
        "%",
        "?",
        "#",
        "(",
        '"',
        "'",
        " ",
        "\n",
        "а",
        "\\",
        "--",
        ".git",
    ]
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(PIECES | st.text(max_size=12), max_size=5).map("".join), st.sampled_from(["https://huggingface.co", DEMO])
)
def test_never_anything_but_a_valid_name_or_a_refusal_in_words(pasted: str, endpoint: str) -> None:
    outcome = understood_or_refused(pasted, endpoint)
    if isinstance(outcome, UserFacingError):
        assert outcome.message_id.startswith("reference.")
        assert outcome.what
        assert outcome.means
        assert outcome.do
    else:
        validate_repo_id(outcome.repository.name)
        assert outcome.repository.name.isascii()
        assert outcome.revision is None or ".." not in outcome.revision
        assert all(render(note) for note in outcome.notes)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all(pasted: str) -> None:
    outcome = understood_or_refused(pasted, "https://huggingface.co")
    if isinstance(outcome, UserFacingError):
        assert str(outcome)
    else:
        validate_repo_id(outcome.repository.name)


def understood_or_refused(pasted: str, endpoint: str) -> RepoReference | UserFacingError:
    try:
        return parse(pasted, endpoint)
    except UserFacingError as refusal:
        return refusal


def test_reading_an_address_needs_neither_the_network_nor_the_hub_client() -> None:
    code = (
        "import sys; before = set(sys.modules); from core.reference import parse; parse('o/n');"
        "print([n for n in ('socket', 'huggingface_hub', 'httpx2') if n in sys.modules and n not in before])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
