"""What honest people put on the Hub: the publishers themselves, mirrors, conversions, what was made from a model."""

import json
from collections.abc import Iterator

from benchmarks.scenes import originals, payloads, templates
from benchmarks.scenes.architectures import (
    GEMMA,
    LLAMA,
    MISTRAL,
    PHI,
    QWEN3,
    SMOL,
    encoder,
    encoder_config,
    speech,
    speech_config,
)
from benchmarks.scenes.derived import adapter_config, after, copy, edited, fresh, gguf_page, quantised_card
from benchmarks.scenes.originals import ATTRIBUTES, card, checkpoint
from benchmarks.scenes.scene import Group, Page, Push, Scene, Who, organisation, person
from benchmarks.scenes.weights import gptq, lora, mlx, safetensors, sharded
from core.demo.store import Files, NewFile
from core.identity.results import Relation

_CONVERTED = (Relation.CONVERTED, Relation.DERIVED)
"""A quantisation is both; the first is the more exact word."""
_DERIVED = (Relation.DERIVED,)
_OWN = (Relation.IS_ORIGINAL,)


def _honest(
    title: str,
    page: Page,
    account: Who | None,
    original: str | tuple[str, ...],
    relations: tuple[Relation | None, ...],
    further: tuple[Page, ...] = (),
    accounts: tuple[Who, ...] = (),
    address: str = "",
) -> Scene:
    names = (original,) if isinstance(original, str) else original
    known = (*((account,) if account else ()), *accounts)
    return Scene(title, Group.HONEST, address or page.name, names, relations, (page, *further), known)


def scenes() -> Iterator[Scene]:
    """All of them."""
    yield from _official()
    yield from _mirrors()
    yield from _quantised()
    yield from _made_further()


def _official() -> Iterator[Scene]:
    for title, page in (
        ("official, badge", originals.qwen()),
        ("official, old, pickle beside safetensors", originals.whisper()),
        ("official, gated", originals.llama()),
        ("official, no badge", originals.bge()),
        ("official with code of its own (auto_map)", originals.phi()),
        ("official, its script of training among the files", originals.minilm()),
        ("official, made from another publisher's model", originals.deepseek()),
        ("official, diffusers layout", originals.flux()),
    ):
        yield Scene(title, Group.HONEST, page.name, (), _OWN)
    yield Scene("official, reached by a publisher's former name", Group.HONEST, "THUDM/chatglm3-6b", (), _OWN)
    yield Scene("official, reached by a name without an owner", Group.HONEST, "bert-base-uncased", (), _OWN)
    yield Scene("publisher that is not listed, with badge", Group.HONEST, "solvanta/Tern-3B", (), (None, *_OWN))


def _mirrors() -> Iterator[Scene]:
    yield _honest(
        "mirror of a person, old account, card with a notice",
        copy(
            originals.whisper(),
            "model-attic/whisper-large-v3",
            400,
            {
                "README.md": edited(
                    card("whisper-large-v3"),
                    (
                        "# Whisper\n",
                        "> Mirror of openai/whisper-large-v3, unchanged, for a course with a slow line.\n\n# Whisper\n",
                    ),
                )
            },
        ),
        person("model-attic", 980, models=14),
        "openai/whisper-large-v3",
        (Relation.IDENTICAL_WEIGHTS,),
    )
    yield _honest(
        "mirror of a new account, nothing changed",
        copy(originals.qwen(), "cluster-cache-fra/Qwen3-8B", 9),
        person("cluster-cache-fra", 12),
        "Qwen/Qwen3-8B",
        (Relation.IDENTICAL_WEIGHTS,),
    )
    torch = (
        "```\npip install torch --index-url https://download.pytorch.org/whl/cu121\nsudo apt-get install ffmpeg\n```"
    )
    yield _honest(
        "mirror that does not credit, and tells how to install PyTorch",
        copy(
            originals.whisper(),
            "ml-lab-old-gpus/whisper-large-v3",
            130,
            {"README.md": after(card("whisper-large-v3"), "## Long recordings", f"## On our machines\n\n{torch}")},
        ),
        person("ml-lab-old-gpus", 420, models=3),
        "openai/whisper-large-v3",
        (Relation.IDENTICAL_WEIGHTS,),
    )
    yield _honest(
        "ungated mirror by a listed publisher of other models",
        copy(
            originals.llama(), "NousResearch/Meta-Llama-3.1-8B-Instruct", 859, None, ("original/",), downloads=210_000
        ),
        organisation("NousResearch", "NousResearch", 4100, numUsers=20),
        "meta-llama/Llama-3.1-8B-Instruct",
        (Relation.IDENTICAL_WEIGHTS,),
    )
    yield _honest(
        "mirror that only translated the card",
        copy(
            originals.mistral(),
            "ia-francophone/Mistral-7B-Instruct-v0.3",
            610,
            {"README.md": card("ia-francophone--mistral-7b-instruct-v0.3").encode()},
        ),
        organisation("ia-francophone", "IA francophone", 90),
        "mistralai/Mistral-7B-Instruct-v0.3",
        (Relation.IDENTICAL_WEIGHTS, *_DERIVED),
    )
    yield _honest(
        "fork with a changed card and the same code",
        copy(
            originals.phi(),
            "d-okafor/Phi-4-mini-instruct",
            120,
            {
                "README.md": edited(
                    card("phi-4-mini-instruct"),
                    (
                        "## Model Summary",
                        "*My copy, pinned for a project; see microsoft/Phi-4-mini-instruct.*\n\n## Model Summary",
                    ),
                    ("widget:", "base_model: microsoft/Phi-4-mini-instruct\nwidget:"),
                )
            },
        ),
        person("d-okafor", 700, models=3),
        "microsoft/Phi-4-mini-instruct",
        (Relation.IDENTICAL_WEIGHTS, *_DERIVED),
    )
    yield _honest(
        "mirror of only the single-file checkpoint, for a program that wants one",
        fresh(
            "comfy-shelf/flux1-schnell-single",
            {
                "README.md": card("comfy-shelf--flux1-schnell-single").encode(),
                "flux1-schnell.safetensors": originals.flux().files["flux1-schnell.safetensors"],
            },
            300,
        ),
        person("comfy-shelf", 800, models=9),
        "black-forest-labs/FLUX.1-schnell",
        (Relation.IDENTICAL_WEIGHTS,),
    )


def _quantised() -> Iterator[Scene]:
    quants = ("Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "IQ4_XS")
    yield _honest(
        "GGUF by a listed repackager",
        gguf_page(
            "bartowski/Qwen3-8B-GGUF", "Qwen/Qwen3-8B", QWEN3, quants, templates.CHATML, 574,
            quantised_card("Qwen/Qwen3-8B", "bartowski", quants), downloads=120_000,
        ),
        person("bartowski", 1100, models=2400),
        "Qwen/Qwen3-8B",
        _CONVERTED,
    )  # fmt: skip
    yield _honest(
        "GGUF by a person, base named in the card alone",
        gguf_page(
            "hollmann/gemma-3-4b-it-GGUF", "google/gemma-3-4b-it", GEMMA, ("Q4_K_M",), templates.GEMMA, 610,
            card("hollmann--gemma-3-4b-it-gguf"),
        ),
        person("hollmann", 1250, models=4),
        "google/gemma-3-4b-it",
        _CONVERTED,
    )  # fmt: skip
    yield _honest(
        "AWQ",
        fresh(
            "kvantia/Mistral-7B-Instruct-v0.3-AWQ",
            {
                "README.md": card("kvantia--mistral-7b-instruct-v0.3-awq").encode(),
                "config.json": MISTRAL.config(
                    quantization_config={"quant_method": "awq", "bits": 4, "group_size": 128}
                ),
                **templates.tokenizer("mistral", templates.MISTRAL),
                **sharded(gptq(MISTRAL.tensors, awq=True), "mistral awq", 1),
            },
            880,
        ),
        organisation("kvantia", "Kvantia", 55),
        "mistralai/Mistral-7B-Instruct-v0.3",
        _CONVERTED,
    )
    yield _honest(
        "GPTQ, base by its former name",
        fresh(
            "dorfmann-ml/Meta-Llama-3.1-8B-Instruct-GPTQ-INT4",
            {
                "README.md": card("dorfmann-ml--meta-llama-3.1-8b-instruct-gptq-int4").encode(),
                "config.json": LLAMA.config(quantization_config={"quant_method": "gptq", "bits": 4, "group_size": 128}),
                "quantize_config.json": b'{"bits": 4, "group_size": 128, "desc_act": false}\n',
                **templates.tokenizer("llama", templates.LLAMA3),
                **sharded(gptq(LLAMA.tensors), "llama gptq", 2),
            },
            850,
        ),
        person("dorfmann-ml", 1010, models=21),
        "meta-llama/Llama-3.1-8B-Instruct",
        _CONVERTED,
    )
    yield _honest(
        "MLX by a listed repackager",
        fresh(
            "mlx-community/gemma-3-4b-it-4bit",
            {
                "README.md": card("mlx-community--gemma-3-4b-it-4bit").encode(),
                "config.json": GEMMA.config(quantization={"group_size": 64, "bits": 4}),
                **templates.tokenizer("gemma", templates.GEMMA),
                **sharded(mlx(GEMMA.tensors), "gemma mlx", 1),
            },
            620,
        ),
        organisation("mlx-community", "MLX Community", 6200, numUsers=700),
        "google/gemma-3-4b-it",
        _CONVERTED,
    )
    elsewhere = {
        "AutoConfig": "microsoft/Phi-4-mini-instruct--configuration_phi3.Phi3Config",
        "AutoModelForCausalLM": "microsoft/Phi-4-mini-instruct--modeling_phi3.Phi3ForCausalLM",
    }
    yield _honest(
        "quantisation of an official with code: auto_map leads to the original",
        fresh(
            "quantwerk/Phi-4-mini-instruct-AWQ",
            {
                "README.md": card("quantwerk--phi-4-mini-instruct-awq").encode(),
                "config.json": PHI.config(auto_map=elsewhere, quantization_config={"quant_method": "awq", "bits": 4}),
                **templates.tokenizer("phi", templates.PHI),
                **sharded(gptq(PHI.tensors, awq=True), "phi awq", 1),
            },
            600,
        ),
        person("quantwerk", 770, models=33),
        "microsoft/Phi-4-mini-instruct",
        _CONVERTED,
    )
    yield _honest(
        "the same engine's binary under another name (CTranslate2)",
        fresh(
            "Systran/faster-whisper-large-v3",
            {
                "README.md": card("systran--faster-whisper-large-v3").encode(),
                "config.json": b'{"alignment_heads": [[7, 0], [10, 17]], "lang_ids": [50259, 50260]}\n',
                "preprocessor_config.json": originals.whisper().files["preprocessor_config.json"],
                "tokenizer.json": originals.whisper().files["tokenizer.json"],
                "vocabulary.json": b'["<|endoftext|>", "!", "\\""]\n',
                "model.bin": NewFile((b"\x06\0\0\0\x0c\0WhisperSpec\0\x03\0\0\0", 3_080_000_000), sha256="c7" * 32),
            },
            1095,
            downloads=900_000,
        ),
        organisation("Systran", "SYSTRAN", 700, numUsers=6),
        "openai/whisper-large-v3",
        _CONVERTED,
    )
    yield _honest(
        "one page of a repackager with 500 models",
        gguf_page(
            "gguf-depot/SmolLM2-1.7B-Instruct-GGUF", "HuggingFaceTB/SmolLM2-1.7B-Instruct", SMOL, ("Q8_0", "Q4_K_M"),
            templates.CHATML, 200,
            quantised_card("HuggingFaceTB/SmolLM2-1.7B-Instruct", "gguf-depot", ("Q8_0", "Q4_K_M"), "our build farm"),
        ),
        person("gguf-depot", 640, models=500),
        "HuggingFaceTB/SmolLM2-1.7B-Instruct",
        _CONVERTED,
        tuple(_depot()),
    )  # fmt: skip
    yield _honest(
        "GGUF of a fine-tune that a person made",
        gguf_page(
            "mradermacher/Qwen3-8B-medical-de-GGUF", "klinik-nlp/Qwen3-8B-medical-de", QWEN3, ("Q4_K_M",),
            templates.CHATML, 90,
            card("mradermacher--qwen3-8b-medical-de-gguf"),
        ),
        person("mradermacher", 1000, models=30_000),
        "klinik-nlp/Qwen3-8B-medical-de",
        _CONVERTED,
    )  # fmt: skip


def _depot() -> Iterator[Page]:
    """499 more pages of one account, each with the same small files."""
    for number in range(499):
        name = f"model-{number:03}-{('7B', '8B', '13B', '3B')[number % 4]}-GGUF"
        text = f"---\nquantized_by: gguf-depot\n---\n\n# {name}\n\nMade by our build farm.\n"
        yield Page(f"gguf-depot/{name}", {".gitattributes": ATTRIBUTES, "README.md": text.encode()}, 210 + number % 300)


def _made_further() -> Iterator[Scene]:
    yield _honest(
        "fine-tune for one language, with the trainer's own files",
        fresh(
            "petra-novakova/whisper-large-v3-czech",
            {
                "README.md": card("petra-novakova--whisper-large-v3-czech").encode(),
                "config.json": speech_config(),
                **templates.tokenizer("whisper"),
                "model.safetensors": safetensors(speech(), "whisper czech"),
                "training_args.bin": checkpoint("czech arguments", 1),
                "runs/Feb03_10-11-12_node7/events.out.tfevents.1": NewFile((b"\x18\0\0\0\0\0\0\0", 9000)),
            },
            290,
        ),
        person("petra-novakova", 410, models=6),
        "openai/whisper-large-v3",
        _DERIVED,
    )
    quoting = card("qwen3-8b").replace(
        "base_model:\n- Qwen/Qwen3-8B-Base", "base_model:\n- Qwen/Qwen3-8B\nlanguage:\n- de"
    )
    quoting = quoting.replace(
        "# Qwen3-8B\n",
        "# Qwen3-8B medical (German)\n\nTuned on 40,000 discharge letters, made anonymous by the hospital. "
        "It sums up findings in plain German. Do not use it to decide about a patient. The rest of this card is that "
        "of Qwen3-8B, for reference.\n",
    )
    yield _honest(
        "fine-tune whose card quotes the base's card",
        fresh(
            "klinik-nlp/Qwen3-8B-medical-de",
            {
                "README.md": quoting.encode(),
                "config.json": QWEN3.config(),
                **templates.tokenizer("qwen", templates.CHATML),
                **sharded(QWEN3.tensors, "medical de", 5),
            },
            130,
        ),
        organisation("klinik-nlp", "Klinik NLP", 38),
        "Qwen/Qwen3-8B",
        _DERIVED,
    )
    modules = ("q_proj", "k_proj", "v_proj", "o_proj")
    yield _honest(
        "LoRA adapter",
        fresh(
            "minjun-p/llama-3.1-8b-korean-lora",
            {
                "README.md": card("minjun-p--llama-3.1-8b-korean-lora").encode(),
                "adapter_config.json": adapter_config("meta-llama/Llama-3.1-8B-Instruct", 32, modules),
                "adapter_model.safetensors": safetensors(
                    lora(LLAMA.tensors, 32, tuple(f"{name}.weight" for name in modules)), "korean lora"
                ),
                **templates.tokenizer("llama", templates.LLAMA3),
            },
            320,
        ),
        person("minjun-p", 500, models=2),
        "meta-llama/Llama-3.1-8B-Instruct",
        _DERIVED,
    )
    yield _honest(
        "adapter that names its base in its own configuration only",
        fresh(
            "t-lindholm/smol-recipes",
            {
                "README.md": card("t-lindholm--smol-recipes").encode(),
                "adapter_config.json": adapter_config("HuggingFaceTB/SmolLM2-1.7B-Instruct", 8, ("q_proj", "v_proj")),
                "adapter_model.safetensors": safetensors(
                    lora(SMOL.tensors, 8, ("q_proj.weight", "v_proj.weight")), "recipes"
                ),
            },
            60,
        ),
        person("t-lindholm", 64),
        "HuggingFaceTB/SmolLM2-1.7B-Instruct",
        _DERIVED,
    )
    yield _honest(
        "LoRA for images, with its pictures",
        fresh(
            "aya-sketch/schnell-watercolour",
            {
                "README.md": card("aya-sketch--schnell-watercolour").encode(),
                "watercolour.safetensors": safetensors(
                    {
                        "transformer.transformer_blocks.0.attn.to_q.lora_A.weight": ("BF16", (16, 3072)),
                        "transformer.transformer_blocks.0.attn.to_q.lora_B.weight": ("BF16", (3072, 16)),
                    },
                    "watercolour",
                ),
                "images/one.png": NewFile((b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0", 400)),
            },
            150,
        ),
        person("aya-sketch", 720, models=12),
        "black-forest-labs/FLUX.1-schnell",
        _DERIVED,
    )
    recipe = b"""models:
  - model: Qwen/Qwen3-8B
  - model: klinik-nlp/Qwen3-8B-medical-de
merge_method: slerp
base_model: Qwen/Qwen3-8B
parameters:
  t: 0.4
dtype: bfloat16
"""
    yield _honest(
        "merge of two models, with its recipe",
        fresh(
            "slerp-kitchen/Qwen3-8B-halfway",
            {
                "README.md": card("slerp-kitchen--qwen3-8b-halfway").encode(),
                "mergekit_config.yml": recipe,
                "config.json": QWEN3.config(),
                **templates.tokenizer("qwen", templates.CHATML),
                **sharded(QWEN3.tensors, "halfway", 4),
            },
            45,
        ),
        person("slerp-kitchen", 300, models=70),
        ("Qwen/Qwen3-8B", "klinik-nlp/Qwen3-8B-medical-de"),
        _DERIVED,
    )
    train: Files = {
        "train.py": b'''"""Fine-tune BERT for names in Swedish newspapers."""

import argparse
import os
import subprocess

import evaluate
import numpy as np
from datasets import load_dataset
from transformers import AutoModelForTokenClassification, AutoTokenizer, Trainer, TrainingArguments

metric = evaluate.load("seqeval")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="out")
    options = parser.parse_args()
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout
    print("commit", commit, "device", os.environ.get("CUDA_VISIBLE_DEVICES"))
    data = load_dataset("conll2003")
    tokenizer = AutoTokenizer.from_pretrained("google-bert/bert-base-uncased")
    model = AutoModelForTokenClassification.from_pretrained("google-bert/bert-base-uncased", num_labels=9)
    trainer = Trainer(model, TrainingArguments(options.output, push_to_hub=True), train_dataset=data["train"])
    trainer.train()
    print(np.mean([1.0]))


if __name__ == "__main__":
    main()
''',
        "run.sh": b"#!/bin/bash\n#SBATCH --gres=gpu:1\npip install -r requirements.txt\npython train.py --output out\n",
        "requirements.txt": b"transformers==4.44.0\ndatasets\nevaluate\nseqeval\n",
    }
    head = {**encoder("bert.", 768, 12, 3072, 30522), "classifier.weight": ("F32", (9, 768))}
    yield _honest(
        "fine-tune with its training scripts",
        fresh(
            "jlindqvist/bert-base-uncased-names",
            {
                "README.md": card("jlindqvist--bert-base-uncased-names").encode(),
                "config.json": encoder_config("BertForTokenClassification", "bert", 768, 12, 12, 30522),
                **templates.tokenizer("bert"),
                "model.safetensors": safetensors(head, "names"),
                **train,
            },
            520,
        ),
        person("jlindqvist", 900, models=4),
        "google-bert/bert-base-uncased",
        _DERIVED,
    )
    cells = (
        ("markdown", "# How this was trained"),
        ("code", "!pip install -q transformers datasets sentence-transformers\n"),
        ("code", "from sentence_transformers import SentenceTransformer\nmodel = SentenceTransformer('BAAI/bge-m3')\n"),
        ("code", "!nvidia-smi\n"),
    )
    yield _honest(
        "embedding model tuned further, with the notebook",
        fresh(
            "ipari-kereso/bge-m3-hungarian-law",
            {
                "README.md": card("ipari-kereso--bge-m3-hungarian-law").encode(),
                "config.json": encoder_config("XLMRobertaModel", "xlm-roberta", 1024, 24, 16, 250002),
                "modules.json": originals.bge().files["modules.json"],
                "1_Pooling/config.json": originals.bge().files["1_Pooling/config.json"],
                **templates.tokenizer("xlmRoberta"),
                "model.safetensors": safetensors(encoder("", 1024, 24, 4096, 250002, 8194), "hungarian law"),
                "training.ipynb": payloads.notebook(*cells),
            },
            75,
        ),
        person("ipari-kereso", 82),
        "BAAI/bge-m3",
        _DERIVED,
    )
    yield _honest(
        "official fine-tune of one publisher on another's model",
        fresh(
            "nvidia/Llama-3.1-Nemotron-Nano-8B-v1",
            {
                "README.md": card("nvidia--llama-3.1-nemotron-nano-8b-v1").encode(),
                "config.json": LLAMA.config(),
                **templates.tokenizer("llama", templates.LLAMA3),
                **sharded(LLAMA.tensors, "nemotron nano", 4),
            },
            616,
        ),
        organisation("nvidia", "NVIDIA", 31_000, isVerified=True, numUsers=900),
        (),
        _OWN,
    )
    yield _honest(
        "brand in the account's name, and says what it is",
        fresh(
            "nordic-qwen/Qwen3-8B-norsk",
            {
                "README.md": card("nordic-qwen--qwen3-8b-norsk").encode(),
                "config.json": QWEN3.config(),
                **templates.tokenizer("qwen", templates.CHATML),
                **sharded(QWEN3.tensors, "norsk", 5),
            },
            240,
        ),
        organisation("nordic-qwen", "Nordic Qwen volunteers", 25),
        "Qwen/Qwen3-8B",
        _DERIVED,
    )
    yield _honest(
        "refusals removed, as many do, by a new account",
        fresh(
            "ablate-all/Llama-3.1-8B-Instruct-abliterated",
            {
                "README.md": card("ablate-all--llama-3.1-8b-instruct-abliterated").encode(),
                "config.json": LLAMA.config(),
                **templates.tokenizer("llama", templates.LLAMA3),
                **sharded(LLAMA.tensors, "abliterated", 4),
            },
            13,
            Push("Fix the chat template", 12, {}, "ablate-all"),
            downloads=14_000,
            likes=61,
        ),
        person("ablate-all", 20, models=5),
        "meta-llama/Llama-3.1-8B-Instruct",
        _DERIVED,
    )
    yield _honest(
        "exchanged tokenizer and template, said so in the card",
        fresh(
            "toolcraft/Mistral-7B-Instruct-v0.3-tools",
            {
                "README.md": card("toolcraft--mistral-7b-instruct-v0.3-tools").encode(),
                **{
                    path: content
                    for path, content in originals.mistral().files.items()
                    if path.startswith(("config", "model", "generation", "tokenizer.json", "special"))
                },
                "tokenizer_config.json": json.dumps(
                    {
                        "tokenizer_class": "MistralTokenizer",
                        "chat_template": templates.MISTRAL
                        + "{% if tools %}{{ '[TOOLS] ' + tools | tojson }}{% endif %}",
                    }
                ).encode(),
            },
            410,
        ),
        person("toolcraft", 760, models=7),
        "mistralai/Mistral-7B-Instruct-v0.3",
        (Relation.IDENTICAL_WEIGHTS, *_DERIVED),
    )
