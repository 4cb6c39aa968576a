"""Configuration files that lead loaders to code."""

import json

import pytest

from core.findings import FileState, Level
from core.scanning.byte_sources import BytesFile
from core.scanning.inspection import Surroundings
from core.scanning.routing import examine
from tests.core.scanning.examining import levels, look_at


def found_in(document: object, path: str = "config.json", *beside: str) -> dict[str, Level]:
    return levels(look_at(path, json.dumps(document), *beside))


@pytest.mark.parametrize(
    "document",
    [
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "bfloat16"},
        {"_attn_implementation": "flash_attention_2", "auto_map": {}, "custom_pipeline": None},
        {"_target_": "nemo.collections.asr.models.EncDecCTCModel", "trust_remote_code": False},
        {"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"]},
        [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}],
        {"chat_template": "{% for message in messages %}{{ message['content'] }}{% endfor %}"},
        "only a text",
        42,
    ],
)
def test_ordinary_configurations_are_left_alone(document: object) -> None:
    assert found_in(document) == {}


def test_auto_map_is_named_with_the_class_it_leads_to() -> None:
    inspection = look_at("config.json", json.dumps({"auto_map": {"AutoModel": "modeling_x.XModel"}}), "modeling_x.py")
    (found,) = inspection.findings.values()
    assert found.rule == "scanning.auto-map"
    assert [fact.value for fact in found.evidence] == ["modeling_x.XModel"]
    assert found.level is Level.CAREFUL


def test_auto_map_is_found_in_any_file_and_in_lists() -> None:
    document = {"auto_map": {"AutoTokenizer": ["tokenization_x.XTokenizer", None]}}
    assert "auto-map" in found_in(document, "tokenizer_config.json")
    assert "auto-map" in found_in({"text": {"deep": [document]}}, "video_preprocessor_config.json")


def test_auto_map_to_another_repository_is_told_apart() -> None:
    assert "auto-map-elsewhere" in found_in({"auto_map": {"AutoModel": "other/repo--modeling.X"}})


@pytest.mark.parametrize(
    ("document", "level"),
    [
        ({"_attn_implementation_internal": "someone/kernels:run"}, Level.HIGH),
        ({"attn_implementation": "someone/kernels"}, Level.HIGH),
        ({"model": {"_target_": "os.system", "command": "echo"}}, Level.HIGH),
        ({"_target_": "builtins.exec"}, Level.HIGH),
        ({"_target_": "somewhere.Thing"}, Level.CAREFUL),
    ],
)
def test_entries_that_call_code_are_found(document: object, level: Level) -> None:
    assert found_in(document) == {"configuration-code": level}


@pytest.mark.parametrize(
    "document",
    [
        {"custom_pipeline": "owner/pipeline"},
        {"trust_remote_code": True},
        [{"idx": 0, "path": "0", "type": "my.Module"}],
    ],
)
def test_entries_that_need_consent_are_found(document: object) -> None:
    assert "custom-pipeline" in found_in(document)


def test_a_pipeline_that_names_a_file_beside_it_is_found() -> None:
    document = {"_class_name": "X", "unet": ["my_unet", "MyUNet"]}
    assert "custom-pipeline" in found_in(document, "model_index.json", "unet/my_unet.py")
    assert "custom-pipeline" in found_in(document, "model_index.json"), "a package of that name is imported instead"


@pytest.mark.parametrize("place", ["diffusers", "transformers", "stable_diffusion", "deepfloyd_if", "ltx"])
def test_a_pipeline_of_known_parts_is_ordinary(place: str) -> None:
    assert (
        found_in({"_class_name": "X", "unet": [place, "Part"], "safety_checker": [None, None]}, "model_index.json")
        == {}
    )


def test_a_pipeline_that_names_a_dangerous_import_is_high() -> None:
    document = {"_class_name": "X", "scheduler": ["subprocess", "Popen"]}
    assert found_in(document, "model_index.json") == {"configuration-code": Level.HIGH}


def test_templates_in_a_list_are_all_read() -> None:
    document = {"chat_template": [{"name": "default", "template": "{{ ''.__class__ }}"}]}
    assert found_in(document, "tokenizer_config.json")["template-code"] is Level.HIGH


@pytest.mark.parametrize(
    "source",
    [
        "a: !!python/object/apply:os.system ['echo']",
        "a: !!python/name:os.system ''",
        "model:\n  _target_: subprocess.Popen\n",
        "model:\n  - {name: a, _target_: subprocess.Popen, args: [echo]}\n",
        "- class_path: posix.system\n",
    ],
)
def test_yaml_that_constructs_objects_is_high_risk(source: str) -> None:
    assert levels(look_at("config.yaml", source)) == {"configuration-code": Level.HIGH}


def test_damaged_json_is_searched_as_text_and_not_called_read() -> None:
    inspection = look_at("config.json", '{"auto_map": {"AutoModel": "m.X"},,}')
    assert inspection.state is FileState.PARTLY_CHECKED


def test_a_configuration_too_large_to_read_is_said_to_be() -> None:
    inspection = look_at("config.json", '{"a": "' + "x" * (17 << 20) + '"}')
    assert inspection.state is FileState.PARTLY_CHECKED


class CountingFile(BytesFile):
    """Counts the bytes that are read."""

    read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.read_bytes += len(data)
        return data


def test_a_large_vocabulary_is_judged_by_its_beginning() -> None:
    file = CountingFile(json.dumps({f"word{number}": number for number in range(120_000)}).encode())
    inspection = examine(file, "vocab.json", Surroundings())
    assert inspection.kind == "json"
    assert inspection.state is FileState.CHECKED
    assert file.read_bytes < file.size / 2


def test_very_deep_json_ends() -> None:
    inspection = look_at("config.json", "[" * 100_000)
    assert inspection.state in {FileState.CHECKED, FileState.PARTLY_CHECKED}
