"""Honest repositories that have no original anywhere."""

from collections.abc import Iterator

from benchmarks.scenes import templates
from benchmarks.scenes.architectures import LLAMA, TINY, encoder, encoder_config
from benchmarks.scenes.derived import fresh, gguf_page
from benchmarks.scenes.originals import ATTRIBUTES, card, checkpoint, large
from benchmarks.scenes.scene import Group, Page, Scene, Who, organisation, person
from benchmarks.scenes.weights import safetensors, sharded
from core.demo.pickles import torch_zip
from core.demo.store import NewFile
from core.identity.results import Relation
from core.repository import RepositoryKind

_CORAL_CONFIGURATION = b"""from transformers import PretrainedConfig


class CoralConfig(PretrainedConfig):
    model_type = "coral"
"""
_CORAL_MODEL = b"""import torch
from torch import nn
from transformers import PreTrainedModel

from .configuration_coral import CoralConfig


class CoralModel(PreTrainedModel):
    config_class = CoralConfig

    def __init__(self, config):
        super().__init__(config)
        self.head = nn.Conv2d(3, 2, 1)

    def forward(self, pixels):
        return torch.sigmoid(self.head(pixels))
"""
_NONE: tuple[Relation | None, ...] = (None,)


def _alone(
    title: str, page: Page, account: Who, further: tuple[Page, ...] = (), accounts: tuple[Who, ...] = ()
) -> Scene:
    address = page.name if page.kind is RepositoryKind.MODEL else f"{page.kind}s/{page.name}"
    return Scene(title, Group.ALONE, address, (), _NONE, (page, *further), (account, *accounts))


def scenes() -> Iterator[Scene]:
    """All of them."""
    yield from _people()
    yield from _groups()


def _people() -> Iterator[Scene]:
    yield _alone(
        "first small model of a person",
        fresh(
            "emil-hansson/tic-tac-toe-policy",
            {
                "README.md": card("emil-hansson--tic-tac-toe-policy").encode(),
                "policy.pt": torch_zip({"fc1.weight": (64, 18), "fc2.weight": (9, 64)}, "tictactoe"),
            },
            6,
        ),
        person("emil-hansson", 6),
    )
    names = ("rl-student-anna", "deepq", "lander-fan", "kurs-ki-2023", "moonwalk")
    others = tuple(
        fresh(
            f"{owner}/ppo-LunarLander-v2",
            {
                "README.md": card("ppo-lunarlander-v2").replace("OWNER", owner).encode(),
                "ppo-LunarLander-v2.zip": NewFile((b"PK\x05\x06" + bytes(18),)),
            },
            900 - 40 * number,
        )
        for number, owner in enumerate(names)
    )
    yield _alone(
        "homework that a thousand others handed in under the same name",
        fresh(
            "yusuf-k/ppo-LunarLander-v2",
            {
                "README.md": card("yusuf-k--ppo-lunarlander-v2").encode(),
                "config.json": b'{"policy_class": {":type:": "abc"}, "n_envs": 16}\n',
                "results.json": b'{"mean_reward": 262.4, "std_reward": 18.1}\n',
                "ppo-LunarLander-v2.zip": NewFile((b"PK\x05\x06" + bytes(18),)),
            },
            30,
        ),
        person("yusuf-k", 33),
        others,
    )
    yield _alone(
        "small language model from scratch; the card speaks of brands it learnt from",
        fresh(
            "ingrid-v/saga-60m",
            {
                "README.md": card("ingrid-v--saga-60m").encode(),
                "config.json": TINY.config(),
                **templates.tokenizer("llama"),
                **sharded(TINY.tensors, "saga", 1),
            },
            25,
        ),
        person("ingrid-v", 26),
    )
    yield _alone(
        "voice of a person, in the usual format of its tool",
        fresh(
            "martine-d/voix-bretonne",
            {
                "README.md": card("martine-d--voix-bretonne").encode(),
                "br_FR-martine-medium.onnx": NewFile((b"\x08\x07\x12\x07pytorch\x1a\x052.1.0",), sha256="d1" * 32),
                "br_FR-martine-medium.onnx.json": b'{"audio": {"sample_rate": 22050}, "espeak": {"voice": "br"}}\n',
                "samples/demat.wav": NewFile((b"RIFF\x24\0\0\0WAVEfmt ", 4000)),
            },
            160,
        ),
        person("martine-d", 200),
    )
    yield _alone(
        "detector trained on own pictures",
        fresh(
            "bees-and-co/hive-entrance-detector",
            {
                "README.md": card("bees-and-co--hive-entrance-detector").encode(),
                "best.safetensors": safetensors({"model.0.conv.weight": ("F16", (16, 3, 3, 3))}, "bees"),
                "results.csv": b"epoch,map50\n1,0.31\n100,0.91\n",
            },
            45,
        ),
        person("bees-and-co", 50),
    )
    yield _alone(
        "GGUF of a model whose page is gone",
        gguf_page(
            "archive-of-llms/Aurora-13B-GGUF",
            "nightwriter/Aurora-13B",
            LLAMA,
            ("Q4_K_M",),
            templates.LLAMA3,
            700,
            "---\nbase_model: nightwriter/Aurora-13B\n---\n\n# Aurora 13B, GGUF\n\nA story model; the author has since "
            "removed the original page.\n",
        ),
        person("archive-of-llms", 900, models=40),
    )


def _groups() -> Iterator[Scene]:
    yield _alone(
        "new laboratory with its first model, code included",
        fresh(
            "tidal-lab/coral-segmenter",
            {
                "README.md": card("tidal-lab--coral-segmenter").encode(),
                "config.json": b'{"model_type": "coral", "architectures": ["CoralModel"], "auto_map": {"AutoConfig": '
                b'"configuration_coral.CoralConfig", "AutoModel": "modeling_coral.CoralModel"}}\n',
                "configuration_coral.py": _CORAL_CONFIGURATION,
                "modeling_coral.py": _CORAL_MODEL,
                "model.safetensors": safetensors({"head.weight": ("F32", (2, 3, 1, 1))}, "coral"),
            },
            8,
        ),
        organisation("tidal-lab", "Tidal Lab", 4),
    )
    yield _alone(
        "work of a company that was published elsewhere, put up by a new person; installs from the code host",
        fresh(
            "k-ornitho/perch-torch",
            {
                "README.md": card("third_round/perch").encode(),
                "config.json": b'{"model_type": "perch", "classes": 10932}\n',
                "model.safetensors": safetensors({"head.bias": ("F32", (10932,))}, "perch of a person"),
            },
            8,
        ),
        person("k-ornitho", 9),
    )
    tensors = encoder("roberta.", 768, 12, 3072, 42000)
    yield _alone(
        "language model of a university, from scratch",
        fresh(
            "tartu-humanities/est-roberta-base",
            {
                "README.md": card("tartu-humanities--est-roberta-base").encode(),
                "config.json": encoder_config("RobertaForMaskedLM", "roberta", 768, 12, 12, 42000),
                **templates.tokenizer("roberta"),
                "model.safetensors": safetensors(tensors, "est roberta"),
                "pytorch_model.bin": checkpoint("est roberta", 12),
            },
            1300,
        ),
        organisation("tartu-humanities", "Digital Humanities, Tartu", 30),
    )
    yield _alone(
        "upload by the community of an old model whose page is gone",
        fresh(
            "sd-preservation/stable-diffusion-v1-5",
            {
                "README.md": card("sd-preservation--stable-diffusion-v1-5").encode(),
                "model_index.json": b'{"_class_name": "StableDiffusionPipeline"}\n',
                "unet/config.json": b'{"_class_name": "UNet2DConditionModel", "in_channels": 4}\n',
                "unet/diffusion_pytorch_model.safetensors": safetensors(
                    {"conv_in.weight": ("F32", (320, 4, 3, 3))}, "sd 1.5"
                ),
                "v1-5-pruned-emaonly.ckpt": large(checkpoint("sd 1.5", 12), "sd 1.5 ckpt"),
            },
            815,
        ),
        organisation("sd-preservation", "SD preservation", 900),
    )
    yield _alone(
        "dataset",
        Page(
            "agri-vision/leaf-spots",
            {
                ".gitattributes": ATTRIBUTES,
                "README.md": card("agri-vision--leaf-spots").encode(),
                "data/train-00000-of-00001.parquet": NewFile(
                    (b"PAR1", 30_000_000, b"\x10\0\0\0PAR1"), sha256="e2" * 32
                ),
                "labels.csv": b"id,label\n1,rust\n2,healthy\n",
            },
            380,
            kind=RepositoryKind.DATASET,
        ),
        organisation("agri-vision", "Agri Vision", 17),
    )
    yield _alone(
        "forecasting of a company, its scaler as a plain array",
        fresh(
            "nordwind-energie/load-forecast-48h",
            {
                "README.md": card("nordwind-energie--load-forecast-48h").encode(),
                "weights.safetensors": safetensors({"lstm.kernel": ("F32", (24, 256))}, "load"),
                "scaler.json": b'{"mean": [412.0], "scale": [96.5]}\n',
            },
            95,
        ),
        organisation("nordwind-energie", "Nordwind Energie", 3),
    )
