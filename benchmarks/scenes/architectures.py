"""Architectures: names and shapes of tensors as `transformers` and `diffusers` write them, and their configurations."""

import json
from dataclasses import dataclass, field
from typing import Any

from benchmarks.scenes.weights import Tensors


@dataclass(frozen=True, slots=True)
class Decoder:
    """A language model of the Llama kind.

    `fused`: matrices joined as in Phi; `norms`: of queries and keys, as in Qwen3; `tied`: no head of its own.
    """

    kind: str
    model: str
    width: int
    layers: int
    heads: int
    groups: int
    inner: int
    words: int
    context: int
    fused: bool = False
    norms: bool = False
    tied: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    def config(self, **changes: object) -> bytes:
        """`config.json`."""
        facts = {
            "architectures": [self.kind],
            "attention_dropout": 0.0,
            "hidden_act": "silu",
            "hidden_size": self.width,
            "initializer_range": 0.02,
            "intermediate_size": self.inner,
            "max_position_embeddings": self.context,
            "model_type": self.model,
            "num_attention_heads": self.heads,
            "num_hidden_layers": self.layers,
            "num_key_value_heads": self.groups,
            "rms_norm_eps": 1e-06,
            "rope_theta": 1000000,
            "tie_word_embeddings": self.tied,
            "torch_dtype": "bfloat16",
            "transformers_version": "4.51.0",
            "use_cache": True,
            "vocab_size": self.words,
            **self.more,
            **changes,
        }
        return json.dumps(facts, indent=2).encode() + b"\n"

    @property
    def tensors(self) -> Tensors:
        """All of them."""
        found: dict[str, tuple[str, tuple[int, ...]]] = {
            "model.embed_tokens.weight": ("BF16", (self.words, self.width))
        }
        for number in range(self.layers):
            at = f"model.layers.{number}."
            shapes = {f"{at}{name}.weight": ("BF16", shape) for name, shape in self._layer()}
            found |= shapes
        found["model.norm.weight"] = ("BF16", (self.width,))
        return found if self.tied else {**found, "lm_head.weight": ("BF16", (self.words, self.width))}

    def _layer(self) -> list[tuple[str, tuple[int, ...]]]:
        head = self.width // self.heads
        keys = self.groups * head
        norms_of_layer: list[tuple[str, tuple[int, ...]]] = [
            ("input_layernorm", (self.width,)),
            ("post_attention_layernorm", (self.width,)),
        ]
        if self.fused:
            attention = [("self_attn.qkv_proj", (self.width + 2 * keys, self.width))]
            mlp = [("mlp.gate_up_proj", (2 * self.inner, self.width))]
        else:
            attention = [
                ("self_attn.q_proj", (self.width, self.width)),
                ("self_attn.k_proj", (keys, self.width)),
                ("self_attn.v_proj", (keys, self.width)),
            ]
            mlp = [("mlp.gate_proj", (self.inner, self.width)), ("mlp.up_proj", (self.inner, self.width))]
        norms: list[tuple[str, tuple[int, ...]]] = (
            [("self_attn.q_norm", (head,)), ("self_attn.k_norm", (head,))] if self.norms else []
        )
        last = [("self_attn.o_proj", (self.width, self.width)), ("mlp.down_proj", (self.width, self.inner))]
        return [*norms_of_layer, *attention, *norms, *mlp, *last]


QWEN3 = Decoder("Qwen3ForCausalLM", "qwen3", 4096, 36, 32, 8, 12288, 151936, 40960, norms=True)
QWEN2 = Decoder("Qwen2ForCausalLM", "qwen2", 3584, 28, 28, 4, 18944, 152064, 131072)
LLAMA = Decoder("LlamaForCausalLM", "llama", 4096, 32, 32, 8, 14336, 128256, 131072)
MISTRAL = Decoder("MistralForCausalLM", "mistral", 4096, 32, 32, 8, 14336, 32768, 32768)
GEMMA = Decoder(
    "Gemma3ForConditionalGeneration", "gemma3", 2560, 34, 8, 4, 10240, 262208, 131072, norms=True, tied=True
)
PHI = Decoder("Phi3ForCausalLM", "phi3", 3072, 32, 24, 8, 8192, 200064, 131072, fused=True, tied=True)
SMOL = Decoder("LlamaForCausalLM", "llama", 2048, 24, 32, 32, 8192, 49152, 8192, tied=True)
TERN = Decoder("LlamaForCausalLM", "llama", 2560, 30, 20, 5, 9216, 65536, 8192)
TINY = Decoder("LlamaForCausalLM", "llama", 512, 8, 8, 4, 1536, 16000, 1024, tied=True)


def encoder(prefix: str, width: int, layers: int, inner: int, words: int, positions: int = 512) -> Tensors:
    """BERT and its relatives; `prefix` "bert." in models with a head, "" in plain ones."""
    found: dict[str, tuple[str, tuple[int, ...]]] = {
        f"{prefix}embeddings.word_embeddings.weight": ("F32", (words, width)),
        f"{prefix}embeddings.position_embeddings.weight": ("F32", (positions, width)),
        f"{prefix}embeddings.LayerNorm.weight": ("F32", (width,)),
    }
    for number in range(layers):
        at = f"{prefix}encoder.layer.{number}."
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            found[f"{at}{part}.weight"] = ("F32", (width, width))
            found[f"{at}{part}.bias"] = ("F32", (width,))
        found[f"{at}intermediate.dense.weight"] = ("F32", (inner, width))
        found[f"{at}output.dense.weight"] = ("F32", (width, inner))
        found[f"{at}output.LayerNorm.weight"] = ("F32", (width,))
    return {**found, f"{prefix}pooler.dense.weight": ("F32", (width, width))}


def encoder_config(kind: str, model: str, width: int, layers: int, heads: int, words: int, **more: object) -> bytes:
    """`config.json` of an encoder."""
    facts = {
        "architectures": [kind],
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": width,
        "layer_norm_eps": 1e-12,
        "model_type": model,
        "num_attention_heads": heads,
        "num_hidden_layers": layers,
        "pad_token_id": 0,
        "vocab_size": words,
        **more,
    }
    return json.dumps(facts, indent=2).encode() + b"\n"


def speech(width: int = 1280, layers: int = 32, mels: int = 128, words: int = 51866) -> Tensors:
    """Whisper: an encoder of spectrograms and a decoder of text."""
    found: dict[str, tuple[str, tuple[int, ...]]] = {
        "model.encoder.conv1.weight": ("F16", (width, mels, 3)),
        "model.encoder.conv2.weight": ("F16", (width, width, 3)),
        "model.encoder.embed_positions.weight": ("F16", (1500, width)),
        "model.decoder.embed_tokens.weight": ("F16", (words, width)),
        "model.decoder.embed_positions.weight": ("F16", (448, width)),
    }
    for side in ("encoder", "decoder"):
        for number in range(layers):
            at = f"model.{side}.layers.{number}."
            for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
                found[f"{at}self_attn.{part}.weight"] = ("F16", (width, width))
                if side == "decoder":
                    found[f"{at}encoder_attn.{part}.weight"] = ("F16", (width, width))
            found[f"{at}fc1.weight"] = ("F16", (4 * width, width))
            found[f"{at}fc2.weight"] = ("F16", (width, 4 * width))
    return found


def speech_config() -> bytes:
    """`config.json` of Whisper large-v3."""
    facts = {
        "architectures": ["WhisperForConditionalGeneration"],
        "d_model": 1280,
        "decoder_layers": 32,
        "encoder_layers": 32,
        "model_type": "whisper",
        "num_mel_bins": 128,
        "torch_dtype": "float16",
        "vocab_size": 51866,
    }
    return json.dumps(facts, indent=2).encode() + b"\n"


def diffusion() -> Tensors:
    """The first blocks of a transformer for images."""
    found: dict[str, tuple[str, tuple[int, ...]]] = {"x_embedder.weight": ("BF16", (3072, 64))}
    for number in range(19):
        at = f"transformer_blocks.{number}."
        for part in ("attn.to_q", "attn.to_k", "attn.to_v", "attn.to_out.0"):
            found[f"{at}{part}.weight"] = ("BF16", (3072, 3072))
        found[f"{at}ff.net.0.proj.weight"] = ("BF16", (12288, 3072))
        found[f"{at}ff.net.2.weight"] = ("BF16", (3072, 12288))
    return found
