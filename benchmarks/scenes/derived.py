"""Pages made from other pages: copies with changes, and what repackagers put on the Hub."""

import json
from collections.abc import Mapping

from benchmarks.scenes.architectures import Decoder
from benchmarks.scenes.originals import ATTRIBUTES
from benchmarks.scenes.scene import Page, Push
from benchmarks.scenes.weights import gguf, gguf_names, vocabulary
from core.demo.store import Files, NewFile


def copy(
    page: Page,
    name: str,
    age: float,
    changed: Files | None = None,
    left_out: tuple[str, ...] = (),
    **facts: object,
) -> Page:
    """All files of `page` but `left_out` (names or beginnings of names), with `changed` over them."""
    files = {path: content for path, content in page.files.items() if not path.startswith(left_out or ("\0",))}
    return Page(name, {**files, **(changed or {})}, age, facts, kind=page.kind)


def edited(text: str, *changes: tuple[str, str]) -> bytes:
    """A card with some words exchanged; a change that meets nothing is a mistake of the scene."""
    for old, new in changes:
        if old not in text:
            raise ValueError(f"not in the card: {old}")
        text = text.replace(old, new)
    return text.encode()


def after(text: str, heading: str, section: str) -> bytes:
    """A card with a section put in before a heading."""
    return edited(text, (f"\n{heading}\n", f"\n{section.strip()}\n\n{heading}\n"))


def gguf_files(
    decoder: Decoder, stem: str, quants: tuple[str, ...], template: str, facts: Mapping[str, str] | None = None
) -> dict[str, NewFile | bytes]:
    """One GGUF file for each kind of quantisation."""
    keys: dict[str, str | int | list[str]] = {
        "general.name": stem.replace("-", " "),
        "general.type": "model",
        f"{decoder.model}.block_count": decoder.layers,
        f"{decoder.model}.context_length": decoder.context,
        f"{decoder.model}.embedding_length": decoder.width,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": list(vocabulary()),
        "tokenizer.chat_template": template,
        **(facts or {}),
    }
    named = gguf_names(decoder.tensors)
    return {f"{stem}-{quant}.gguf": gguf(named, f"{stem} {quant}", decoder.model, keys) for quant in quants}


def gguf_page(
    name: str,
    base: str,
    decoder: Decoder,
    quants: tuple[str, ...],
    template: str,
    age: float,
    card: str,
    **facts: object,
) -> Page:
    """A page of GGUF files made from `base`."""
    stem = base.partition("/")[2]
    files: Files = {
        ".gitattributes": ATTRIBUTES + b"*.gguf filter=lfs diff=lfs merge=lfs -text\n",
        "README.md": card.encode(),
        **gguf_files(decoder, stem, quants, template),
    }
    described = {"architecture": decoder.model, "context_length": decoder.context, "chat_template": template}
    return Page(name, files, age, {"gguf": described, **facts})


def quantised_card(base: str, maker: str, quants: tuple[str, ...], tool: str = "llama.cpp release b5200") -> str:
    """As the large repackagers write them."""
    stem = base.partition("/")[2]
    rows = "\n".join(
        f"| [{stem}-{q}.gguf](./{stem}-{q}.gguf) | {q} | {_WORTH.get(q, 'ordinary use')} |" for q in quants
    )
    return f"""---
quantized_by: {maker}
pipeline_tag: text-generation
base_model: {base}
base_model_relation: quantized
---

## Quantisations of {stem} by {maker}

Made with {tool}. Original model: https://huggingface.co/{base}

All quants use an importance matrix from a calibration text of my own. Run them in LM Studio or with any project that
builds on llama.cpp.

## Prompt format

See the chat template of the original.

## Download a file

| File | Quant | Good for |
| --- | --- | --- |
{rows}

```
pip install -U "huggingface_hub[cli]"
huggingface-cli download {maker}/{stem}-GGUF --include "{stem}-{quants[0]}.gguf" --local-dir ./
```

## Which one?

Look at your memory first. For speed, take a file one or two GB smaller than the memory of your graphics card.
"""


_WORTH = {
    "Q8_0": "as good as the original",
    "Q6_K": "very high quality, near perfect",
    "Q5_K_M": "high quality",
    "Q4_K_M": "good quality, the usual choice",
    "Q3_K_M": "low quality",
    "IQ4_XS": "smaller than Q4_K_S with like performance",
}


def fresh(name: str, files: Files, age: float, *pushes: Push, **facts: object) -> Page:
    """A page with nothing from elsewhere."""
    return Page(name, {".gitattributes": ATTRIBUTES, **files}, age, facts, pushes)


def adapter_config(base: str, rank: int, modules: tuple[str, ...]) -> bytes:
    """`adapter_config.json` as `peft` writes it."""
    facts = {
        "base_model_name_or_path": base,
        "bias": "none",
        "lora_alpha": 2 * rank,
        "lora_dropout": 0.05,
        "peft_type": "LORA",
        "r": rank,
        "target_modules": list(modules),
        "task_type": "CAUSAL_LM",
    }
    return json.dumps(facts, indent=2).encode() + b"\n"
