"""Code that honest publishers put beside their weights: models, tokenizers, training, conversion, demos, notebooks."""

import json
from collections.abc import Iterator

from benchmarks.corpus.samples import Sample, benign, careful

_NAMES = ("Aurora", "Birch", "Comet", "Delta", "Ember")

_PYTHON = {
    "modeling_{low}.py": '''"""PyTorch {name} model."""
import math
from typing import Optional, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from transformers import PreTrainedModel
from transformers.utils import logging

from .configuration_{low} import {name}Config

logger = logging.get_logger(__name__)


class {name}Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads = config.num_heads
        self.query = nn.Linear(config.hidden_size, config.hidden_size)
        self.register_buffer("mask", torch.tril(torch.ones(8, 8)).view(1, 1, 8, 8))

    def forward(self, x: torch.Tensor, past: Optional[Tuple[torch.Tensor]] = None) -> torch.Tensor:
        weights = F.softmax(self.query(x) / math.sqrt(self.heads), dim=-1)
        return weights[..., ::-1] if past is None else torch.cat([past[0], weights], dim=1)


class {name}ForCausalLM(PreTrainedModel):
    config_class = {name}Config
    _keys_to_ignore_on_load_missing = [r"attn.masked_bias"]

    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([{name}Attention(config) for _ in range(config.num_layers)])
        self.post_init()

    def forward(self, input_ids, **kwargs):
        hidden = input_ids
        for layer in self.layers:
            hidden = getattr(layer, "forward")(hidden)
        return eval("hidden") if False else hidden
''',
    "configuration_{low}.py": """from transformers import PretrainedConfig


class {name}Config(PretrainedConfig):
    model_type = "{low}"

    def __init__(self, hidden_size=64, num_heads=4, num_layers=2, **kwargs):
        self.hidden_size = hidden_size
        self.num_heads = num_heads
        self.num_layers = num_layers
        super().__init__(**kwargs)
""",
    "tokenization_{low}.py": """import base64
import json
import os
import unicodedata
from functools import lru_cache

from transformers import PreTrainedTokenizer


@lru_cache()
def bytes_to_unicode():
    bs = list(range(ord("!"), ord("~") + 1)) + list(range(ord("\\xa1"), ord("\\xac") + 1))
    cs = bs[:]
    n = 0
    for b in range(2**8):
        if b not in bs:
            bs.append(b)
            cs.append(2**8 + n)
            n += 1
    return dict(zip(bs, [chr(n) for n in cs]))


def load_ranks(path):
    with open(path, "rb") as f:
        contents = f.read()
    return {{base64.b64decode(token): int(rank) for token, rank in (line.split() for line in contents.splitlines() if line)}}


class {name}Tokenizer(PreTrainedTokenizer):
    def __init__(self, vocab_file, **kwargs):
        self.ranks = load_ranks(vocab_file)
        self.encoder = {{v: k for k, v in bytes_to_unicode().items()}}
        super().__init__(**kwargs)

    def convert_tokens_to_string(self, tokens):
        return bytearray([self.encoder[c] for c in "".join(tokens)]).decode("utf-8", errors="replace")

    def save_vocabulary(self, save_directory, filename_prefix=None):
        path = os.path.join(save_directory, "vocab.json")
        with open(path, "w", encoding="utf-8") as f:
            f.write(json.dumps(self.encoder, ensure_ascii=False))
        return (path,)
""",
    "train_{low}.py": """#!/usr/bin/env python
import argparse
import logging
import os
import subprocess
import sys

import torch
from datasets import load_dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, Trainer, TrainingArguments

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("WANDB_PROJECT", "{low}")
logger = logging.getLogger(__name__)


def git_revision():
    try:
        return subprocess.check_output(["git", "rev-parse", "HEAD"]).decode("ascii").strip()
    except Exception:
        return "unknown"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="acme/{low}")
    parser.add_argument("--dtype", default="bfloat16")
    args = parser.parse_args()
    logger.info("revision %s on %s", git_revision(), torch.cuda.get_device_name(0))
    tokenizer = AutoTokenizer.from_pretrained(args.model, trust_remote_code=True)
    model = AutoModelForCausalLM.from_pretrained(args.model, torch_dtype=getattr(torch, args.dtype))
    dataset = load_dataset("acme/data", split="train").map(lambda row: tokenizer(row["text"]), batched=True)
    trainer = Trainer(model=model, args=TrainingArguments("out", report_to="none"), train_dataset=dataset)
    trainer.train(resume_from_checkpoint=os.path.isdir("out"))
    model.eval()
    torch.save(model.state_dict(), "out/{low}.pt")


if __name__ == "__main__":
    sys.exit(main())
""",
    "convert_{low}_to_safetensors.py": """import json
import os
import re
import shutil
from collections import defaultdict
from pathlib import Path

import torch
from huggingface_hub import HfApi, hf_hub_download, snapshot_download
from safetensors.torch import save_file


def convert(name, folder):
    path = hf_hub_download(name, "pytorch_model.bin", token=os.environ.get("HF_TOKEN"))
    state = torch.load(path, map_location="cpu", weights_only=True)
    renamed = {{re.sub(r"^module\\.", "", key): value.contiguous() for key, value in state.items()}}
    os.makedirs(folder, exist_ok=True)
    save_file(renamed, os.path.join(folder, "{low}.safetensors"), metadata={{"format": "pt"}})
    with open(os.path.join(folder, "index.json"), "w") as f:
        json.dump({{"total": sum(t.numel() for t in renamed.values())}}, f, indent=2)
    shutil.rmtree(Path(folder) / "tmp", ignore_errors=True)


if __name__ == "__main__":
    snapshot_download("acme/{low}", allow_patterns=["*.json"])
    convert("acme/{low}", "out")
    HfApi().upload_folder(folder_path="out", repo_id="acme/{low}")
""",
    "inference_{low}.py": """import base64
import io
from urllib.request import urlopen

import requests
import torch
from PIL import Image
from transformers import AutoProcessor, pipeline

url = "http://images.cocodataset.org/val2017/000000039769.jpg"
image = Image.open(requests.get(url, stream=True, timeout=10).raw)
other = Image.open(io.BytesIO(urlopen("https://assets.example/cat.png").read()))
encoded = base64.b64encode(open("cat.png", "rb").read()).decode()
pipe = pipeline("image-to-text", model="acme/{low}", device=0 if torch.cuda.is_available() else -1)
print(pipe(image)[0]["generated_text"])
reply = requests.post("https://api.example/v1/chat", headers={{"Authorization": "Bearer x"}}, json={{"image": encoded}})
print(reply.json()["choices"][0])
""",
    "app_{low}.py": """import os
import subprocess
import threading
import time

import gradio as gr
import spaces
import torch

subprocess.run("pip install flash-attn --no-build-isolation", env={{"FLASH_ATTENTION_SKIP_CUDA_BUILD": "TRUE"}}, shell=True)
os.system("pip install -q sentencepiece")


@spaces.GPU
def generate(prompt, temperature=0.7):
    from transformers import TextIteratorStreamer

    streamer = TextIteratorStreamer(tokenizer, skip_prompt=True)
    threading.Thread(target=model.generate, kwargs=dict(streamer=streamer)).start()
    for text in streamer:
        time.sleep(0.01)
        yield text


with gr.Blocks(css="footer {{visibility: hidden}}") as demo:
    gr.Markdown("# {name}")
    gr.ChatInterface(generate)

demo.queue().launch(server_name="0.0.0.0")
""",
    "eval_{low}.py": '''import importlib
import json
import multiprocessing as mp
import os

import numpy as np


def run_test(code, tests, timeout=3.0):
    """Score a generated program in a process of its own."""
    namespace = {{}}
    try:
        exec(compile(tests, "tests.py", "exec"), namespace)
        return True
    except Exception:
        return False


def main():
    task = importlib.import_module(os.environ.get("TASK", "tasks.default"))
    with mp.Pool(4) as pool:
        scores = pool.starmap(run_test, [(row["code"], row["test"]) for row in task.rows()])
    print(json.dumps({{"pass@1": float(np.mean(scores))}}))
''',
    "{low}_dataset.py": """import csv
import os

import datasets

_URL = "https://data.example/{low}.zip"


class {name}(datasets.GeneratorBasedBuilder):
    VERSION = datasets.Version("1.0.0")

    def _info(self):
        return datasets.DatasetInfo(features=datasets.Features({{"text": datasets.Value("string")}}))

    def _split_generators(self, dl_manager):
        folder = dl_manager.download_and_extract(_URL)
        return [datasets.SplitGenerator("train", gen_kwargs={{"path": os.path.join(folder, "train.csv")}})]

    def _generate_examples(self, path):
        with open(path, encoding="utf-8") as f:
            for number, row in enumerate(csv.DictReader(f)):
                yield number, row
""",
    "setup.py": """import os
import re

from setuptools import find_packages, setup
from torch.utils.cpp_extension import BuildExtension, CUDAExtension

here = os.path.abspath(os.path.dirname(__file__))
version = re.search(r'__version__ = "(.*?)"', open(os.path.join(here, "{low}", "__init__.py")).read()).group(1)
setup(
    name="{low}",
    version=version,
    packages=find_packages(),
    ext_modules=[CUDAExtension("{low}_ops", ["ops.cpp", "ops.cu"])],
    cmdclass={{"build_ext": BuildExtension}},
    install_requires=["torch", "numpy"],
)
""",
    "utils_{low}.py": """import hashlib
import os
import pickle
import random
import socket
import tempfile
import urllib.request
import warnings
import zipfile
from contextlib import contextmanager

import numpy as np
import torch
import torch.distributed as dist
from tqdm import tqdm


def download(url, root):
    os.makedirs(root, exist_ok=True)
    target = os.path.join(root, os.path.basename(url))
    with urllib.request.urlopen(url) as source, open(target, "wb") as output:
        with tqdm(total=int(source.info().get("Content-Length")), unit="iB") as bar:
            while True:
                buffer = source.read(8192)
                if not buffer:
                    break
                output.write(buffer)
                bar.update(len(buffer))
    if hashlib.sha256(open(target, "rb").read()).hexdigest() != url.split("/")[-2]:
        raise RuntimeError("checksum does not match")
    return torch.load(target, map_location="cpu")


def free_port():
    with socket.socket() as s:
        s.bind(("", 0))
        return s.getsockname()[1]


def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def save(state, path):
    with tempfile.NamedTemporaryFile(delete=False) as f:
        pickle.dump(state, f)
    os.replace(f.name, path)


def load(path):
    with open(path, "rb") as f:
        return pickle.load(f)


def init_distributed():
    dist.init_process_group("nccl", init_method=f"tcp://127.0.0.1:{{free_port()}}")


def registry(name):
    return {{"relu": torch.nn.ReLU, "gelu": torch.nn.GELU}}[name]()
""",
    "serve_{low}.py": """import os
import uuid

import uvicorn
from fastapi import FastAPI, File, UploadFile
from pydantic import BaseModel

app = FastAPI()


class Query(BaseModel):
    prompt: str
    n: int = 1


@app.post("/generate")
async def generate(query: Query):
    return {{"id": uuid.uuid4().hex, "text": model(query.prompt)}}


@app.post("/upload")
async def upload(file: UploadFile = File(...)):
    path = os.path.join("/tmp", file.filename)
    with open(path, "wb") as f:
        f.write(await file.read())
    return {{"ok": True}}


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=int(os.getenv("PORT", 8000)))
""",
    "quantize_{low}.py": """import argparse
import shutil
import subprocess
import sys
from pathlib import Path

TYPES = ["Q4_K_M", "Q5_K_M", "Q8_0"]


def run(command):
    print("+", " ".join(map(str, command)))
    subprocess.run(command, check=True)


def main():
    args = argparse.ArgumentParser().parse_args()
    run([sys.executable, "llama.cpp/convert_hf_to_gguf.py", "model", "--outfile", "f16.gguf"])
    for kind in TYPES:
        run(["llama-quantize", "f16.gguf", f"{low}-{{kind}}.gguf", kind])
    run(["huggingface-cli", "upload", "acme/{low}-GGUF", "."])
    shutil.copy("README.md", Path("out"))


main()
""",
}

_SHELL = {
    "train.sh": "#!/bin/bash\nset -euo pipefail\nexport CUDA_VISIBLE_DEVICES=0,1\nexport WANDB_MODE=offline\n"
    "torchrun --nproc_per_node=2 train.py \\\n  --lr 1e-4 \\\n  --output_dir out 2>&1 | tee train.log\n",
    "download.sh": "#!/usr/bin/env bash\nmkdir -p data\nwget -c https://data.example/train.tar.gz -P data\ntar -xzf data/train.tar.gz -C data\n"
    "curl -L -o model.safetensors https://huggingface.co/acme/x/resolve/main/model.safetensors\n",
    "slurm.sh": "#!/bin/bash\n#SBATCH --gres=gpu:8\nmodule load cuda\nsource ~/.bashrc\nconda activate x\nsrun python train.py\n",
    "build.sh": "#!/bin/sh\ncd llama.cpp && make -j LLAMA_CUBLAS=1\nfor q in Q4_0 Q8_0; do ./quantize f16.gguf $q.gguf $q; done\n",
    "Makefile": "quality:\n\truff check .\n\npython:\n\tpython -m build\n",
    "Dockerfile": "FROM nvidia/cuda:12.1.0-runtime-ubuntu22.04\nRUN apt-get update && apt-get install -y python3-pip git\nCOPY . /app\n"
    'RUN pip install -r requirements.txt\nCMD ["python3", "app.py"]\n',
    "index.js": "import { pipeline } from '@huggingface/transformers';\nconst pipe = await pipeline('sentiment-analysis');\n"
    "document.querySelector('#go').addEventListener('click', async () => { console.log(await pipe('hi')); });\n",
    "analysis.R": "library(ggplot2)\nd <- read.csv('results.csv')\nggplot(d, aes(x, y)) + geom_line()\n",
}

_NOTEBOOK = (
    "%pip install -q transformers accelerate\n!nvidia-smi",
    "%matplotlib inline\nimport torch\nfrom transformers import pipeline\npipe = pipeline('text-generation', model='acme/{low}')",
    "!wget -q https://data.example/test.csv\nimport pandas as pd\ndf = pd.read_csv('test.csv')\ndf.head()",
    "%%time\nout = [pipe(t) for t in df['text'][:10]]\nprint(out)",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "from google.colab import drive\ndrive.mount('/content/drive')\nfrom huggingface_hub import notebook_login\nnotebook_login()",
)


def samples() -> Iterator[Sample]:
    """All of them."""
    for name in _NAMES:
        low = name.lower()
        for path, source in _PYTHON.items():
            # A harness that runs programs which a model wrote is honest, and still nothing to start without care.
            label = careful if path.startswith("eval_") else benign
            yield label("python", f"{name} {path}", path.format(low=low), source.format(name=name, low=low))
        yield benign("notebook", name, f"{low}.ipynb", _notebook([cell.replace("{low}", low) for cell in _NOTEBOOK]))
    for path, source in _SHELL.items():
        yield benign("script", path, path, source)


def _notebook(cells: list[str]) -> str:
    made = [
        {"cell_type": "code", "source": cell, "outputs": [], "metadata": {}, "execution_count": 1} for cell in cells
    ]
    text = {"cell_type": "markdown", "source": "# Title\n```\npip install x\n```", "metadata": {}}
    return json.dumps({"cells": [text, *made], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
