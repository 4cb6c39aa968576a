"""What shows only when all files are looked at together."""

from dataclasses import replace

from core.findings import Ability, FileResult, FileState, Level, finding
from core.scanning.together import across_files


def result(path: str, kind: str = "torch_zip", ability: Ability = Ability.CODE_ON_LOAD) -> FileResult:
    return FileResult(path, kind, ability, FileState.CHECKED)


def safetensors(path: str) -> FileResult:
    return result(path, "safetensors", Ability.DATA)


def twins(*results: FileResult) -> dict[str, object]:
    return {one.path: dict(found.values)["other"] for one in across_files(results) for found in one.findings}


def test_old_weights_beside_safetensors_are_said_to_be_unneeded() -> None:
    assert twins(result("pytorch_model.bin"), safetensors("model.safetensors")) == {
        "pytorch_model.bin": "model.safetensors"
    }
    assert twins(result("unet/x.ckpt"), safetensors("unet/x.safetensors")) == {"unet/x.ckpt": "unet/x.safetensors"}


def test_shards_belong_together() -> None:
    found = twins(
        result("pytorch_model-00001-of-00002.bin"),
        safetensors("model-00001-of-00003.safetensors"),
        safetensors("model-00002-of-00003.safetensors"),
    )
    assert found == {"pytorch_model-00001-of-00002.bin": "model-00001-of-00003.safetensors"}


def test_other_folders_other_models_and_other_files_do_not_count() -> None:
    assert twins(result("a/pytorch_model.bin"), safetensors("b/model.safetensors")) == {}
    assert twins(result("training_args.bin"), safetensors("model.safetensors")) == {}
    assert twins(result("model.onnx", "onnx"), safetensors("model.safetensors")) == {}


def test_order_and_number_stay() -> None:
    given = (safetensors("model.safetensors"), result("pytorch_model.bin"), result("z.pt"))
    assert [one.path for one in across_files(given)] == [one.path for one in given]


def test_a_file_in_the_place_of_a_library_weighs_more_if_it_acts() -> None:
    shadow = finding("scanning.name-shadows-library", "numpy/__init__.py", name="numpy")
    acts = finding("scanning.code-starts-programs", "numpy/__init__.py")
    plain = finding("scanning.code-python", "numpy/__init__.py")
    python = result("numpy/__init__.py", "python", Ability.SCRIPT)
    for beside, level in ((acts, Level.HIGH), (plain, Level.CAREFUL)):
        (seen,) = across_files((replace(python, findings=(shadow, beside)),))
        assert seen.findings[0].level is level


def test_a_pickle_weighs_as_much_as_the_file_that_it_asks_for() -> None:
    asks = finding("scanning.pickle-local-code", "m.pkl", name="tools.boot.init")
    pickle = replace(result("m.pkl", "pickle"), findings=(asks,))
    acts = finding("scanning.code-starts-programs", "lib/tools/boot.py")
    for path, level in (("lib/tools/boot.py", Level.HIGH), ("lib/tools/reboot.py", Level.CAREFUL)):
        beside = replace(result(path, "python", Ability.SCRIPT), findings=(acts,))
        assert across_files((pickle, beside))[0].findings[0].level is level
