"""The official pages that the scenes are about, each built once."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scenes import templates
from benchmarks.scenes.architectures import (
    GEMMA,
    LLAMA,
    MISTRAL,
    PHI,
    QWEN2,
    QWEN3,
    SMOL,
    TERN,
    diffusion,
    encoder,
    encoder_config,
    speech,
    speech_config,
)
from benchmarks.scenes.scene import Page, Push, Who, organisation
from benchmarks.scenes.weights import digest, safetensors, sharded
from core.demo.pickles import torch_zip
from core.demo.store import Files, NewFile

_CARDS = Path(__file__).parent / "cards"
ATTRIBUTES = b"*.safetensors filter=lfs diff=lfs merge=lfs -text\n*.bin filter=lfs diff=lfs merge=lfs -text\n"
APACHE = b"                                 Apache License\n                           Version 2.0, January 2004\n"
GENERATION = b'{\n  "do_sample": true,\n  "temperature": 0.6,\n  "top_p": 0.95\n}\n'
PHI_CONFIGURATION = b'''"""Configuration of the Phi-3 family."""

from transformers.configuration_utils import PretrainedConfig


class Phi3Config(PretrainedConfig):
    model_type = "phi3"

    def __init__(self, vocab_size=200064, hidden_size=3072, num_hidden_layers=32, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        super().__init__(**kwargs)
'''
PHI_MODELING = b'''"""PyTorch Phi-3 model."""

import torch
from torch import nn
from transformers.modeling_utils import PreTrainedModel

from .configuration_phi3 import Phi3Config


class Phi3RMSNorm(nn.Module):
    def __init__(self, hidden_size, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

    def forward(self, hidden_states):
        variance = hidden_states.to(torch.float32).pow(2).mean(-1, keepdim=True)
        return self.weight * hidden_states * torch.rsqrt(variance + self.variance_epsilon)


class Phi3ForCausalLM(PreTrainedModel):
    config_class = Phi3Config

    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.norm = Phi3RMSNorm(config.hidden_size)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def forward(self, input_ids, **kwargs):
        return self.lm_head(self.norm(self.embed_tokens(input_ids)))
'''


def card(name: str) -> str:
    """The card of an official page."""
    return (_CARDS / f"{name}.md").read_text(encoding="utf-8")


def large(content: NewFile, seed: str) -> NewFile:
    """With a hash that nobody computes."""
    return NewFile(content.pieces, sha256=digest(seed))


def checkpoint(seed: str, tensors: int = 24, call: tuple[str, str, str] | None = None) -> NewFile:
    """A `pytorch_model.bin`; `call` hides one more call in it."""
    shapes = {f"encoder.layer.{number}.output.dense.weight": (128, 256) for number in range(tensors)}
    return large(torch_zip(shapes, seed, call, sparse=True), f"{seed} checkpoint {call}")


@functools.cache
def whisper() -> Page:
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "README.md": card("whisper-large-v3").encode(),
        "config.json": speech_config(),
        "generation_config.json": b'{"max_length": 448, "return_timestamps": false}\n',
        "preprocessor_config.json": b'{"feature_size": 128, "sampling_rate": 16000}\n',
        **templates.tokenizer("whisper"),
        "model.safetensors": safetensors(speech(), "openai whisper large v3"),
        "pytorch_model.bin": checkpoint("openai whisper large v3"),
    }
    facts = {"downloads": 4_900_000, "downloadsAllTime": 71_000_000, "likes": 4800}
    return Page("openai/whisper-large-v3", files, 1110, facts)


@functools.cache
def qwen() -> Page:
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "LICENSE": APACHE,
        "README.md": card("qwen3-8b").encode(),
        "config.json": QWEN3.config(),
        "generation_config.json": GENERATION,
        **templates.tokenizer("qwen", templates.CHATML),
        **sharded(QWEN3.tensors, "Qwen3-8B", 5),
    }
    return Page("Qwen/Qwen3-8B", files, 575, {"downloads": 5_800_000, "downloadsAllTime": 40_000_000, "likes": 740})


@functools.cache
def qwen_base() -> Page:
    files: Files = {
        "README.md": card("qwen3-8b-base").encode(),
        "config.json": QWEN3.config(),
        **templates.tokenizer("qwen", templates.CHATML),
        **sharded(QWEN3.tensors, "Qwen3-8B-Base", 5),
    }
    return Page("Qwen/Qwen3-8B-Base", files, 575, {"downloads": 700_000, "likes": 70})


@functools.cache
def llama() -> Page:
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "LICENSE": b"LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release Date: July 23, 2024\n",
        "USE_POLICY.md": b"# Llama 3.1 Acceptable Use Policy\n\nDo not use Llama 3.1 against the law.\n",
        "README.md": card("llama-3.1-8b-instruct").encode(),
        "config.json": LLAMA.config(rope_theta=500000.0),
        "generation_config.json": GENERATION,
        **templates.tokenizer("llama", templates.LLAMA3),
        **sharded(LLAMA.tensors, "Llama-3.1-8B-Instruct", 4),
        "original/params.json": b'{"dim": 4096, "n_layers": 32, "n_heads": 32, "n_kv_heads": 8}\n',
        "original/consolidated.00.pth": checkpoint("Llama-3.1-8B-Instruct original", 32),
    }
    facts = {
        "gated": "manual",
        "downloads": 6_100_000,
        "downloadsAllTime": 98_000_000,
        "likes": 4700,
        "former_names": ["meta-llama/Meta-Llama-3.1-8B-Instruct"],
    }
    return Page("meta-llama/Llama-3.1-8B-Instruct", files, 860, facts)


@functools.cache
def mistral() -> Page:
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "README.md": card("mistral-7b-instruct-v0.3").encode(),
        "config.json": MISTRAL.config(),
        "generation_config.json": b'{"bos_token_id": 1, "eos_token_id": 2}\n',
        "params.json": b'{"dim": 4096, "n_layers": 32, "vocab_size": 32768}\n',
        **templates.tokenizer("mistral", templates.MISTRAL),
        "tokenizer.model.v3": NewFile((b"\n\x0e\n\x05<unk>\x15\x00\x00\x00\x00\x18\x02", 580_000)),
        **sharded(MISTRAL.tensors, "Mistral-7B-Instruct-v0.3", 3),
        "consolidated.safetensors": safetensors(
            {name.replace("model.", ""): value for name, value in MISTRAL.tensors.items()}, "Mistral consolidated"
        ),
    }
    return Page("mistralai/Mistral-7B-Instruct-v0.3", files, 915, {"downloads": 900_000, "likes": 2100})


@functools.cache
def gemma() -> Page:
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "README.md": card("gemma-3-4b-it").encode(),
        "config.json": GEMMA.config(text_config={"hidden_size": 2560, "num_hidden_layers": 34}),
        "generation_config.json": GENERATION,
        "preprocessor_config.json": b'{"image_processor_type": "Gemma3ImageProcessor", "image_seq_length": 256}\n',
        **templates.tokenizer("gemma", templates.GEMMA),
        "chat_template.json": json.dumps({"chat_template": templates.GEMMA}).encode(),
        **sharded(GEMMA.tensors, "gemma-3-4b-it", 2),
    }
    facts = {"gated": "manual", "downloads": 1_300_000, "likes": 980}
    return Page("google/gemma-3-4b-it", files, 625, facts)


@functools.cache
def phi() -> Page:
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "LICENSE": b"    MIT License\n\n    Copyright (c) Microsoft Corporation.\n",
        "README.md": card("phi-4-mini-instruct").encode(),
        "config.json": PHI.config(
            auto_map={
                "AutoConfig": "configuration_phi3.Phi3Config",
                "AutoModelForCausalLM": "modeling_phi3.Phi3ForCausalLM",
            }
        ),
        "configuration_phi3.py": PHI_CONFIGURATION,
        "modeling_phi3.py": PHI_MODELING,
        "generation_config.json": b'{"bos_token_id": 199999, "eos_token_id": [200020, 199999]}\n',
        **templates.tokenizer("phi", templates.PHI),
        **sharded(PHI.tensors, "Phi-4-mini-instruct", 2),
    }
    return Page("microsoft/Phi-4-mini-instruct", files, 640, {"downloads": 410_000, "likes": 620})


@functools.cache
def bge() -> Page:
    tensors = encoder("", 1024, 24, 4096, 250002, 8194)
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "README.md": card("bge-m3").encode(),
        "config.json": encoder_config("XLMRobertaModel", "xlm-roberta", 1024, 24, 16, 250002),
        "config_sentence_transformers.json": b'{"__version__": {"sentence_transformers": "2.2.2"}}\n',
        "modules.json": b'[{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}]\n',
        "sentence_bert_config.json": b'{"max_seq_length": 8192, "do_lower_case": false}\n',
        "1_Pooling/config.json": b'{"word_embedding_dimension": 1024, "pooling_mode_cls_token": true}\n',
        **templates.tokenizer("xlmRoberta"),
        "colbert_linear.pt": checkpoint("bge-m3 colbert", 1),
        "sparse_linear.pt": checkpoint("bge-m3 sparse", 2),
        "pytorch_model.bin": checkpoint("bge-m3", 24),
        "onnx/config.json": encoder_config("XLMRobertaModel", "xlm-roberta", 1024, 24, 16, 250002),
        "model.safetensors": safetensors(tensors, "bge-m3"),
    }
    return Page("BAAI/bge-m3", files, 1030, {"downloads": 4_100_000, "likes": 2500})


@functools.cache
def minilm() -> Page:
    tensors = encoder("", 384, 6, 1536, 30522)
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "README.md": card("all-minilm-l6-v2").encode(),
        "config.json": encoder_config("BertModel", "bert", 384, 6, 12, 30522),
        "modules.json": b'[{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}]\n',
        "1_Pooling/config.json": b'{"word_embedding_dimension": 384, "pooling_mode_mean_tokens": true}\n',
        "data_config.json": b'[{"name": "msmarco-triplets.jsonl", "weight": 14, "lines": 499184}]\n',
        "train_script.py": b'''"""Train script for a single file. Needs to set the TPU address first."""

import argparse
import torch
from torch.utils.data import IterableDataset
from transformers import AutoModel, AutoTokenizer


def train(args):
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModel.from_pretrained(args.model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    model.save_pretrained(args.output)
    tokenizer.save_pretrained(args.output)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="nreimers/MiniLM-L6-H384-uncased")
    parser.add_argument("output")
    train(parser.parse_args())
''',
        **templates.tokenizer("bert"),
        "pytorch_model.bin": checkpoint("all-MiniLM-L6-v2", 6),
        "model.safetensors": safetensors(tensors, "all-MiniLM-L6-v2"),
    }
    return Page("sentence-transformers/all-MiniLM-L6-v2", files, 1728, {"downloads": 110_000_000, "likes": 4200})


@functools.cache
def bert() -> Page:
    tensors = encoder("bert.", 768, 12, 3072, 30522)
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "LICENSE": APACHE,
        "README.md": card("bert-base-uncased").encode(),
        "config.json": encoder_config("BertForMaskedLM", "bert", 768, 12, 12, 30522),
        **templates.tokenizer("bert"),
        "vocab.txt": b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nof\n",
        "pytorch_model.bin": checkpoint("bert-base-uncased", 12),
        "model.safetensors": safetensors(tensors, "bert-base-uncased"),
    }
    facts = {"downloads": 60_000_000, "likes": 2400, "former_names": ["bert-base-uncased"]}
    return Page("google-bert/bert-base-uncased", files, 1728, facts)


@functools.cache
def flux() -> Page:
    index = {
        "_class_name": "FluxPipeline",
        "transformer": ["diffusers", "FluxTransformer2DModel"],
        "vae": ["diffusers", "AutoencoderKL"],
        "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
    }
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "README.md": card("flux.1-schnell").encode(),
        "model_index.json": json.dumps(index, indent=2).encode(),
        "scheduler/scheduler_config.json": b'{"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 1.0}\n',
        "transformer/config.json": b'{"_class_name": "FluxTransformer2DModel", "num_layers": 19}\n',
        "transformer/diffusion_pytorch_model.safetensors": safetensors(diffusion(), "flux schnell transformer"),
        "vae/config.json": b'{"_class_name": "AutoencoderKL", "latent_channels": 16}\n',
        "vae/diffusion_pytorch_model.safetensors": safetensors(
            {"decoder.conv_in.weight": ("BF16", (512, 16, 3, 3))}, "flux vae"
        ),
        "flux1-schnell.safetensors": safetensors(diffusion(), "flux schnell single"),
    }
    return Page("black-forest-labs/FLUX.1-schnell", files, 846, {"downloads": 900_000, "likes": 4100})


@functools.cache
def smol() -> Page:
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "README.md": card("smollm2-1.7b-instruct").encode(),
        "config.json": SMOL.config(),
        "generation_config.json": b'{"eos_token_id": 2}\n',
        **templates.tokenizer("gpt2", templates.CHATML),
        **sharded(SMOL.tensors, "SmolLM2-1.7B-Instruct", 1),
    }
    return Page("HuggingFaceTB/SmolLM2-1.7B-Instruct", files, 755, {"downloads": 95_000, "likes": 650})


@functools.cache
def deepseek() -> Page:
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "LICENSE": b"MIT License\n\nCopyright (c) 2023 DeepSeek\n",
        "README.md": card("deepseek-r1-distill-qwen-7b").encode(),
        "config.json": QWEN2.config(),
        "generation_config.json": GENERATION,
        **templates.tokenizer("qwen", templates.CHATML.replace("im_start", "User").replace("im_end", "End")),
        **sharded(QWEN2.tensors, "DeepSeek-R1-Distill-Qwen-7B", 2),
    }
    return Page("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", files, 673, {"downloads": 800_000, "likes": 720})


@functools.cache
def chatglm() -> Page:
    code = PHI_MODELING.replace(b"Phi3", b"ChatGLM").replace(b"phi3", b"chatglm").replace(b"Phi-3", b"ChatGLM")
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "README.md": card("chatglm3-6b").encode(),
        "config.json": LLAMA.config(
            architectures=["ChatGLMModel"],
            model_type="chatglm",
            auto_map={
                "AutoConfig": "configuration_chatglm.ChatGLMConfig",
                "AutoModel": "modeling_chatglm.ChatGLMForCausalLM",
            },
        ),
        "configuration_chatglm.py": PHI_CONFIGURATION.replace(b"Phi3", b"ChatGLM").replace(b"phi3", b"chatglm"),
        "modeling_chatglm.py": code,
        **sharded(SMOL.tensors, "chatglm3-6b", 2),
    }
    return Page("zai-org/chatglm3-6b", files, 1125, {"likes": 1140, "former_names": ["THUDM/chatglm3-6b"]})


@functools.cache
def tern() -> Page:
    """Of a publisher that our list does not know."""
    files: Files = {
        ".gitattributes": ATTRIBUTES,
        "README.md": card("tern-3b").encode(),
        "config.json": TERN.config(),
        **templates.tokenizer("llama", templates.CHATML),
        **sharded(TERN.tensors, "Tern-3B", 2),
    }
    pushes = (Push("Correct the licence", 180, {"LICENSE": APACHE}),)
    return Page("solvanta/Tern-3B", files, 210, {"downloads": 31_000, "likes": 410}, pushes)


def pages() -> Iterator[Page]:
    """All of them."""
    yield from (one() for one in (whisper, qwen, qwen_base, llama, mistral, gemma, phi, bge, minilm, bert, flux, smol))
    yield from (one() for one in (deepseek, chatglm, tern))


ACCOUNTS: tuple[Who, ...] = (
    organisation("Qwen", "Qwen", 41_000, isVerified=True, numUsers=30, plan="enterprise"),
    organisation("meta-llama", "Meta Llama", 62_000, isVerified=True, numUsers=45, plan="enterprise"),
    organisation("mistralai", "Mistral AI_", 14_000, isVerified=True, numUsers=60),
    organisation("google", "Google", 24_000, isVerified=True, numUsers=600),
    organisation("google-bert", "BERT community", 210, numUsers=3),
    organisation("microsoft", "Microsoft", 15_000, isVerified=True, numUsers=900),
    organisation("BAAI", "Beijing Academy of Artificial Intelligence", 2400, numUsers=80),
    organisation("sentence-transformers", "Sentence Transformers", 900, numUsers=4),
    organisation("black-forest-labs", "Black Forest Labs", 26_000, isVerified=True, numUsers=20),
    organisation("HuggingFaceTB", "Hugging Face Smol Models Research", 2600, isVerified=True, numUsers=30),
    organisation("deepseek-ai", "DeepSeek", 91_000, isVerified=True, numUsers=12),
    organisation("zai-org", "Z.ai", 9000, isVerified=True, numUsers=25),
    organisation("solvanta", "Solvanta", 640, isVerified=True, numUsers=9),
)
