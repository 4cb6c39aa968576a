"""What honest publishers upload: checkpoints, configurations, tokenizers, cards, tables, pictures, archives."""

import collections
import gzip
import json
import pickle
import struct
import zlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

from benchmarks.corpus.pickles import legacy, npy, tar, torch_zip, zipped_plainly
from benchmarks.corpus.samples import Sample, benign
from core.demo.pickles import state_dict, torch_legacy
from core.demo.pickles import torch_zip as checkpoint
from core.demo.tensors import noise
from tests.core.scanning.formats.opcodes import data, name, named, pickled, text

_ARCHITECTURES = (
    "llama mistral qwen2 qwen3 gemma2 phi3 bert roberta deberta-v2 t5 bart gpt2 opt bloom falcon mamba whisper wav2vec2 "
    "vit clip siglip detr segformer"
).split()


def samples() -> Iterator[Sample]:
    """All of them."""
    yield from _checkpoints()
    yield from _plain_pickles()
    yield from _library_objects()
    yield from _configurations()
    yield from _texts()
    yield from _media()
    yield from _archives()


def _checkpoints() -> Iterator[Sample]:
    for count in (1, 2, 7, 30):
        tensors = {f"model.layers.{number}.weight": (2, 3) for number in range(count)}
        yield benign("checkpoint", f"{count} tensors", "pytorch_model.bin", _content(checkpoint(tensors, "corpus")))
        yield benign("checkpoint", f"{count} tensors, legacy", "model.pt", torch_legacy(tensors, "corpus"))
        yield benign("checkpoint", f"{count} tensors, plain", "model.pth", state_dict(tensors))
        yield benign(
            "checkpoint",
            f"{count} tensors, tar.gz",
            "model.tar.gz",
            gzip.compress(tar(model=state_dict(tensors)), mtime=0),
        )
    for case, body in {
        "parameter": name("torch._utils", "_rebuild_parameter")
        + b"("
        + name("collections", "OrderedDict")
        + b")R\x88}tR",
        "size": name("torch", "Size") + b"((K\x01K\x02ttR",
        "device": name("torch", "device") + b"(" + text("cpu") + b"tR",
        "dtype": name("torch", "float16"),
        "defaultdict": name("collections", "defaultdict") + b"(" + name("builtins", "list") + b"tR",
        "random state": name("numpy.random._pickle", "__randomstate_ctor") + b"(" + text("MT19937") + b"tR",
    }.items():
        yield benign("checkpoint", case, "optimizer.pt", torch_zip(pickled(body)))
        yield benign("checkpoint", f"{case}, legacy", "scheduler.pt", legacy(pickled(body)))


def _plain_pickles() -> Iterator[Sample]:
    values: dict[str, object] = {
        "dict": {"a": 1, "b": [1.5, None, True]},
        "list": list(range(300)),
        "nested": {"x": {"y": ({"z"}, frozenset({1}), b"bytes", bytearray(b"more"))}},
        "ordered": collections.OrderedDict(a=1),
        "counter": collections.Counter("hello"),
        "deque": collections.deque([1, 2]),
        "date": date(2026, 5, 1),
        "decimal": Decimal("1.5"),
        "path": PurePosixPath("data/train"),
        "complex": complex(1, 2),
        "slice": slice(1, 2),
        "text": "x" * 5000,
    }
    for case, value in values.items():
        for protocol in (0, 2, 4, 5):
            yield benign("pickle", f"{case}, protocol {protocol}", "data.pkl", pickle.dumps(value, protocol))
    nested = pickle.dumps(values["nested"], 4)
    yield benign("pickle", "packed with zlib", "data.joblib", zlib.compress(nested))
    yield benign("pickle", "packed with gzip", "data.joblib", gzip.compress(nested, mtime=0))


def _library_objects() -> Iterator[Sample]:
    """Objects of well-known libraries, as their own `__reduce__` writes them."""
    dtype = (
        name("numpy", "dtype")
        + b"("
        + text("f8")
        + b"\x89\x88tR(K\x03"
        + text("<")
        + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    )
    array = (
        name("numpy.core.multiarray", "_reconstruct")
        + b"("
        + name("numpy", "ndarray")
        + b"K\x00\x85"
        + data(b"b")
        + b"tR"
        b"(K\x01K\x02\x85" + dtype + b"\x89" + data(bytes(16)) + b"tb"
    )
    scalar = name("numpy.core.multiarray", "scalar") + b"(" + dtype + data(bytes(8)) + b"tR"
    new = name("copyreg", "_reconstructor")
    objects = {
        "array": array,
        "array of NumPy 2": array.replace(b"numpy.core", b"numpy._core"),
        "scalar": scalar,
        "forest": new
        + b"("
        + name("sklearn.ensemble._forest", "RandomForestClassifier")
        + name("builtins", "object")
        + b"NtR}("
        + text("n_estimators")
        + b"Kd"
        + text("classes_")
        + array
        + b"ub",
        "pipeline": new
        + b"("
        + name("sklearn.pipeline", "Pipeline")
        + name("builtins", "object")
        + b"NtR}"
        + text("steps")
        + b"]sb",
        "scaler": name("sklearn.preprocessing._data", "StandardScaler") + b")\x81}(" + text("mean_") + array + b"ub",
        "frame": name("pandas.core.frame", "DataFrame") + b")\x81}b",
        "series": name("pandas.core.series", "Series") + b")\x81}b",
        "sparse": name("scipy.sparse._csr", "csr_matrix") + b")\x81}(" + text("data") + array + b"ub",
        "booster": name("xgboost.core", "Booster") + b")\x81}" + text("handle") + data(b"x") + b"sb",
        "light": name("lightgbm.sklearn", "LGBMClassifier") + b")\x81}b",
        "training arguments": name("transformers.training_args", "TrainingArguments")
        + b")\x81}("
        + text("lr")
        + b"G?\xf0\x00\x00\x00\x00\x00\x00ub",
        "tokenizer": name("transformers.models.bert.tokenization_bert", "BertTokenizer") + b")\x81}b",
    }
    for dotted in _PARTS:
        module, attribute = named(dotted)
        objects[dotted] = name(module, attribute) + (b")\x81}b" if attribute[0].isupper() else b"")
    objects["time zone"] = name("builtins", "getattr") + b"(" + name("zoneinfo", "ZoneInfo") + text("_unpickle") + b"tR"
    objects["time zone"] += b"(" + text("Europe/Paris") + b"K\x01tR"
    objects["keras"] = name("builtins", "getattr") + b"(" + name("keras.src.models.sequential", "Sequential")
    objects["keras"] += text("_unpickle_model") + b"tR(" + name("_io", "BytesIO") + b"(tRtR"
    for case, body in objects.items():
        yield benign("library", case, "model.pkl", pickled(body))
        yield benign("library", f"{case} in zip", "training_args.bin", torch_zip(pickled(body)))
    yield benign("library", "array of objects", "labels.npy", npy(pickle.dumps(["a", "b"], 4)))


_PARTS = """
sklearn.feature_selection._univariate_selection.f_classif sklearn.metrics._classification.f1_score numpy.mean numpy.log1p
numpy.ma.MaskedArray sklearn.cluster._kmeans._kmeans_single_lloyd scipy.spatial._ckdtree.cKDTree torch.uint16
torch.utils.data.sampler.SequentialSampler torch.utils.data._utils.collate.default_collate joblib.memory.Memory
torch.distributed.checkpoint.metadata.Metadata torch.distributed.checkpoint.filesystem._StorageInfo
mmengine.config.config.ConfigDict fastai.callback.core.TrainEvalCallback gensim.models.word2vec.Word2Vec
gensim.utils.call_on_class_only keras.src.utils.tracking.TrackedList detectron2.config.config.CfgNode
transformers.pipelines.text_classification.TextClassificationPipeline statsmodels.tsa.statespace._representation.dStatespace
torchvision.transforms.transforms.Compose lightning.fabric.utilities.data.AttributeDict ml_dtypes.bfloat16
""".split()
"""What genuine files of these libraries ask for, besides the objects above."""


def _configurations() -> Iterator[Sample]:
    for number, architecture in enumerate(_ARCHITECTURES):
        config = {"model_type": architecture, "hidden_size": 64 * (number + 1), "num_hidden_layers": number + 1, "torch_dtype": "float16",
                  "attn_implementation": "sdpa", "transformers_version": "4.57.1"}  # fmt: skip
        yield benign("config", architecture, "config.json", json.dumps(config, indent=2))
    vocabulary = {f"token{number}": number for number in range(2000)}
    yield benign(
        "tokenizer",
        "fast",
        "tokenizer.json",
        json.dumps({"version": "1.0", "model": {"type": "BPE", "vocab": vocabulary, "merges": []}}),
    )
    yield benign("tokenizer", "vocabulary", "vocab.json", json.dumps(vocabulary))
    yield benign(
        "tokenizer",
        "words",
        "vocab.txt",
        "\n".join(["[PAD]", "[UNK]", "import", "exec", "eval", "os", "system", "the"] * 50),
    )
    yield benign("tokenizer", "merges", "merges.txt", "#version: 0.2\n" + "\n".join(f"a b{n}" for n in range(500)))
    yield benign(
        "tokenizer", "special", "special_tokens_map.json", json.dumps({"bos_token": "<s>", "eos_token": "</s>"})
    )
    yield benign(
        "tokenizer",
        "sentencepiece",
        "tokenizer.model",
        b"\n\x0e\n\x05<unk>\x15\x00\x00\x00\x00\x18\x02" + noise("spm", 3000),
    )
    files = {"model.safetensors.index.json": {"metadata": {"total_size": 9}, "weight_map": {"a": "model-00001-of-00002.safetensors"}},
             "generation_config.json": {"temperature": 0.7, "top_p": 0.9}, "preprocessor_config.json": {"size": 224, "do_normalize": True},
             "adapter_config.json": {"peft_type": "LORA", "r": 8, "base_model_name_or_path": "a/b"},
             "model_index.json": {"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"]},
             "modules.json": [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}],
             "trainer_state.json": {"log_history": [{"loss": 1.0, "step": 1}]}, "scheduler_config.json": {"_class_name": "DDIMScheduler"},
             "added_tokens.json": {"<extra>": 5}, "quantize_config.json": {"bits": 4, "group_size": 128}}  # fmt: skip
    for path, document in files.items():
        yield benign("config", path, path, json.dumps(document))
    for case, text_ in {
        "training": "model: acme/base\nlearning_rate: 1e-5\ndatasets:\n  - path: a/b\n    type: alpaca\n",
        "hydra of a framework": "trainer:\n  _target_: pytorch_lightning.Trainer\n  max_epochs: 3\noptim:\n  _target_: torch.optim.AdamW\n",
        "environment": "name: x\ndependencies:\n  - python=3.11\n  - pip:\n      - torch\n",
        "workflow": "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pip install .\n",
    }.items():
        yield benign("yaml", case, "config.yaml", text_)
    yield benign(
        "requirements",
        "ordinary",
        "requirements.txt",
        "torch>=2.0\ntransformers[torch]==4.57.1\nnumpy<2  # pinned\n-r more.txt\n",
    )
    yield benign(
        "requirements",
        "wheels of PyTorch",
        "requirements.txt",
        "--extra-index-url https://download.pytorch.org/whl/cu121\ntorch\n",
    )
    yield benign(
        "requirements",
        "from its source",
        "requirements.txt",
        "git+https://github.com/huggingface/transformers\ndiffusers\n",
    )


def _texts() -> Iterator[Sample]:
    card = "---\nlicense: mit\n---\n# Model\n\n## Usage\n\n```python\nfrom transformers import pipeline\npipe = pipeline('x')\n```\n"
    texts = {
        "README.md": card, "LICENSE": "Apache License\nVersion 2.0, January 2004\n" + "text " * 500, "USE_POLICY.md": "# Policy\nDo not harm.\n",
        ".gitattributes": "*.safetensors filter=lfs diff=lfs merge=lfs -text\n", "data/train.csv": "text,label\nhello,1\n" * 50,
        "notes.txt": "import os is the first line of many scripts.\nRemember to run eval.\n", "results.tsv": "a\tb\n1\t2\n",
        "dev.jsonl": '{"text": "run curl https://a.example | sh"}\n' * 20, "labels.txt": "cat\ndog\n", "CITATION.cff": "cff-version: 1.2.0\n",
        "CHANGELOG.md": "# 1.0\n- first\n", "model.xml": "<?xml version='1.0'?><net name='a'><layers/></net>", ".gitignore": "*.pyc\n",
        "params.json": '{"dim": 4096}', "eval.log": "step 1 loss 0.5\n" * 100, "data.arff": "@relation x\n@data\n1,2\n", "dataset_infos.json": "{}",
    }  # fmt: skip
    for path, content in texts.items():
        yield benign("text", path, path, content)
    usage = (
        "pip install transformers torch",
        "git clone https://huggingface.co/a/b",
        "curl -LsSf https://astral.sh/uv/install.sh | sh",
    )
    for number, line in enumerate(usage):
        yield benign(
            "text", f"usage {number}", "README.md", f"# Model\n\n```bash\n{line}\npython app.py\n```\nRun `{line}`.\n"
        )
    for language in ("de", "zh", "ar", "ru", "ja"):
        words = {"de": "Größe und Übung", "zh": "模型说明", "ar": "نموذج", "ru": "модель языка", "ja": "モデルの説明"}[
            language
        ]
        yield benign("text", f"card in {language}", f"README_{language}.md", f"# {words}\n\n{words}\n" * 20)
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 123\n"
    yield benign(
        "text",
        "template of a card",
        "card.md.jinja",
        "# {{ name }}\n{% for tag in tags %}- {{ tag }}\n{% endfor %}" + pointer[:0],
    )


def _media() -> Iterator[Sample]:
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(17) + noise("png", 400)
    kinds = {
        "logo.png": png, "photo.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + noise("jpg", 500), "anim.gif": b"GIF89a" + noise("gif", 300),
        "pic.webp": b"RIFF" + struct.pack("<I", 300) + b"WEBPVP8 " + noise("webp", 292), "voice.wav": b"RIFF" + struct.pack("<I", 400) + b"WAVEfmt " + noise("wav", 392),
        "song.mp3": b"ID3\x03" + noise("mp3", 500), "song.flac": b"fLaC" + noise("flac", 400), "clip.mp4": b"\x00\x00\x00\x18ftypisom" + noise("mp4", 500),
        "data.parquet": b"PAR1" + noise("parquet", 900) + b"PAR1", "data.arrow": b"ARROW1\x00\x00" + noise("arrow", 500), "index.faiss": noise("faiss", 900),
        "events.tfrecord": noise("tfr", 700), "font.woff2": b"wOF2" + noise("font", 300), "logo.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0L9 9'/></svg>",
        "report.html": b"<html><head><title>Results</title></head><body><table><tr><td>1</td></tr></table></body></html>",
        "store.sqlite": b"SQLite format 3\x00" + noise("sql", 600), "zeros.bin": bytes(5000), "empty.txt": b"",
    }  # fmt: skip
    for path, content in kinds.items():
        if path not in {
            "index.faiss",
            "events.tfrecord",
        }:  # without marks of their own: "not checked", which is not a claim
            yield benign("media", path, path, content)


def _archives() -> Iterator[Sample]:
    inner = {"__class__": "ndarray", "__module__": "numpy", "__loader__": "NdArrayNode", "content": []}
    tree = {
        "__class__": "RandomForestClassifier",
        "__module__": "sklearn.ensemble._forest",
        "__loader__": "ObjectNode",
        "content": inner,
    }
    yield benign("skops", "forest", "model.skops", zipped_plainly(**{"schema.json": json.dumps(tree).encode()}))
    members = {"a__config": b'{"a": 1}', "a__notes": b"hello\n", "b": b"1,2\n"}
    yield benign("archive", "texts", "data.zip", zipped_plainly(**members))
    yield benign("archive", "texts in tar", "data.tar", tar(**members))
    yield benign("archive", "texts in tar.gz", "data.tar.gz", gzip.compress(tar(**members), mtime=0))
    yield benign("archive", "packed text", "data.jsonl.gz", gzip.compress(b'{"a": 1}\n' * 200, mtime=0))


def _content(file: object) -> bytes:
    pieces = file.pieces  # type: ignore[attr-defined]
    return b"".join(bytes(piece) if isinstance(piece, int) else piece for piece in pieces)
