"""Weight files with true headers: names, shapes and types of the tensors of real architectures, zeros behind them.

A seed stands for the values: files of the same seed have the same declared hash, so they are "identical".
"""

import hashlib
import json
import math
import struct
from collections.abc import Iterator, Mapping, Sequence

from core.demo.store import NewFile

Tensors = Mapping[str, tuple[str, tuple[int, ...]]]
"""Name -> type as safetensors writes it, shape."""

_BYTES = {"F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "U32": 4, "I8": 1, "U8": 1}
_ALIGNMENT = 32
_Q4_K, _F32 = 12, 0
_BLOCK, _BLOCK_BYTES = 256, 144
"""Values and bytes of a block of type Q4_K (ggml-quants.h)."""
_UINT32, _STRING, _ARRAY = 4, 8, 9


def digest(seed: str) -> str:
    """The hash that stands for contents nobody computes."""
    return hashlib.sha256(f"scene {seed}".encode()).hexdigest()


def safetensors(tensors: Tensors, seed: str, metadata: Mapping[str, str] | None = None) -> NewFile:
    """One safetensors file."""
    header: dict[str, object] = {"__metadata__": dict(metadata or {"format": "pt"})}
    end = 0
    for name, (kind, shape) in tensors.items():
        start, end = end, end + math.prod(shape) * _BYTES[kind]
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return NewFile((struct.pack("<Q", len(text)), text, end), sha256=digest(f"{seed} safetensors {len(text)} {end}"))


def sharded(tensors: Tensors, seed: str, parts: int) -> dict[str, NewFile | bytes]:
    """As many files as `parts`, with the index that says which tensor is where."""
    if parts == 1:
        return {"model.safetensors": safetensors(tensors, seed)}
    names = list(tensors)
    size = -(-len(names) // parts)
    files: dict[str, NewFile | bytes] = {}
    places: dict[str, str] = {}
    for number in range(parts):
        path = f"model-{number + 1:05}-of-{parts:05}.safetensors"
        own = names[number * size : (number + 1) * size]
        files[path] = safetensors({name: tensors[name] for name in own}, f"{seed} part {number}")
        places |= dict.fromkeys(own, path)
    total = sum(math.prod(shape) * _BYTES[kind] for kind, shape in tensors.values())
    files["model.safetensors.index.json"] = json.dumps(
        {"metadata": {"total_size": total}, "weight_map": dict(sorted(places.items()))}, indent=2
    ).encode()
    return files


def gguf(tensors: Tensors, seed: str, architecture: str, facts: Mapping[str, str | int | Sequence[str]]) -> NewFile:
    """A GGUF file of version 3, matrices as Q4_K and vectors as F32 (layout: ggml's docs/gguf.md)."""
    keys = [_key(name, value) for name, value in {"general.architecture": architecture, **facts}.items()]
    infos, offset = [], 0
    for name, (_, shape) in tensors.items():
        count = math.prod(shape)
        quantised = len(shape) > 1 and count % _BLOCK == 0
        dimensions = struct.pack(f"<I{len(shape)}Q", len(shape), *reversed(shape))
        infos.append(_text(name) + dimensions + struct.pack("<IQ", _Q4_K if quantised else _F32, offset))
        size = count // _BLOCK * _BLOCK_BYTES if quantised else count * 4
        offset += size + -size % _ALIGNMENT
    head = b"".join((b"GGUF", struct.pack("<IQQ", 3, len(infos), len(keys)), *keys, *infos))
    return NewFile((head + bytes(-len(head) % _ALIGNMENT), offset), sha256=digest(f"{seed} gguf {len(head)} {offset}"))


def gguf_names(tensors: Tensors) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Names that llama.cpp gives to the tensors of a decoder."""
    return {_renamed(name): value for name, value in tensors.items()}


def gptq(tensors: Tensors, group: int = 128, awq: bool = False) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The tensors of a decoder after GPTQ or AWQ to 4 bits: matrices of layers become four or three packed ones."""
    found: dict[str, tuple[str, tuple[int, ...]]] = {}
    for name, (kind, shape) in tensors.items():
        if not name.endswith("_proj.weight"):
            found[name] = ("F16" if kind == "BF16" else kind, shape)
            continue
        base, (out, into) = name.removesuffix("weight"), shape
        packed = (into, out // 8) if awq else (into // 8, out)
        found[f"{base}qweight"] = ("I32", packed)
        found[f"{base}qzeros"] = ("I32", (into // group, out // 8))
        found[f"{base}scales"] = ("F16", (into // group, out))
        if not awq:
            found[f"{base}g_idx"] = ("I32", (into,))
    return found


def mlx(tensors: Tensors, group: int = 64) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The tensors of a decoder after `mlx_lm.convert -q` to 4 bits."""
    found: dict[str, tuple[str, tuple[int, ...]]] = {}
    for name, (kind, shape) in tensors.items():
        if len(shape) != 2 or shape[1] % group:
            found[name] = (kind, shape)
            continue
        base = name.removesuffix("weight")
        found[name] = ("U32", (shape[0], shape[1] // 8))
        found[f"{base}scales"] = found[f"{base}biases"] = ("BF16", (shape[0], shape[1] // group))
    return found


def lora(tensors: Tensors, rank: int, wanted: Sequence[str]) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Adapter tensors as `peft` writes them for the matrices whose names end in one of `wanted`."""
    return {
        f"base_model.model.{name.removesuffix('weight')}lora_{part}.weight": ("F32", shape)
        for name, (_, (out, into)) in ((n, t) for n, t in tensors.items() if n.endswith(tuple(wanted)))
        for part, shape in (("A", (rank, into)), ("B", (out, rank)))
    }


def _renamed(name: str) -> str:
    for old, new in _GGUF:
        name = name.replace(old, new)
    return name


_GGUF = (
    ("model.layers.", "blk."),
    ("model.embed_tokens", "token_embd"),
    ("model.norm", "output_norm"),
    ("lm_head", "output"),
    ("self_attn.q_proj", "attn_q"),
    ("self_attn.k_proj", "attn_k"),
    ("self_attn.v_proj", "attn_v"),
    ("self_attn.qkv_proj", "attn_qkv"),
    ("self_attn.o_proj", "attn_output"),
    ("self_attn.q_norm", "attn_q_norm"),
    ("self_attn.k_norm", "attn_k_norm"),
    ("mlp.gate_proj", "ffn_gate"),
    ("mlp.gate_up_proj", "ffn_up"),
    ("mlp.up_proj", "ffn_up"),
    ("mlp.down_proj", "ffn_down"),
    ("post_attention_layernorm", "ffn_norm"),
    ("input_layernorm", "attn_norm"),
)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _key(name: str, value: str | int | Sequence[str]) -> bytes:
    if isinstance(value, int):
        return _text(name) + struct.pack("<II", _UINT32, value)
    if isinstance(value, str):
        return _text(name) + struct.pack("<I", _STRING) + _text(value)
    return _text(name) + struct.pack("<IIQ", _ARRAY, _STRING, len(value)) + b"".join(map(_text, value))


def vocabulary(count: int = 400) -> Iterator[str]:
    """Tokens of a made-up tokenizer."""
    syllables = ("ba", "den", "fi", "gor", "hu", "jal", "ke", "lom", "ni", "pos", "ra", "sul", "ti", "vor", "we", "zan")
    for number in range(count):
        yield syllables[number % 16] + syllables[number // 16 % 16] + ("" if number < 256 else str(number))
