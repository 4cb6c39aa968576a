"""The allow-list: what ordinary model files import, and what must not slip through beside it."""

import tomllib

import pytest

from core.paths import RESOURCES
from core.scanning.formats.pickle_globals import Verdict, _entries, acts, judge
from tests.core.scanning.formats.opcodes import named

ORDINARY = """
torch._utils._rebuild_tensor_v2 torch._utils._rebuild_parameter torch.FloatStorage torch.BFloat16Storage torch.Size
torch.device torch.float16 torch.storage.UntypedStorage torch.nn.modules.conv.Conv2d torch._tensor._rebuild_from_type_v2
torch.nn.functional.relu collections.OrderedDict collections.defaultdict numpy.dtype numpy.ndarray
numpy.core.multiarray._reconstruct numpy._core.multiarray.scalar numpy.random._pickle.__generator_ctor
sklearn.ensemble._forest.RandomForestClassifier sklearn.tree._tree.Tree sklearn.utils._bunch.Bunch
scipy.sparse._csr.csr_matrix pandas.core.frame.DataFrame pandas._libs.internals._unpickle_block
pandas._libs.arrays.__pyx_unpickle_NDArrayBacked xgboost.sklearn.XGBClassifier lightgbm.basic.Booster
joblib.numpy_pickle.NumpyArrayWrapper transformers.training_args.TrainingArguments datetime.datetime decimal.Decimal
pathlib.PosixPath argparse.Namespace omegaconf.dictconfig.DictConfig typing.Any copyreg._reconstructor _codecs.encode
""".split()


@pytest.mark.parametrize("dotted", ORDINARY)
def test_ordinary_imports_are_known(dotted: str) -> None:
    assert judge(*named(dotted)).verdict in {Verdict.HARMLESS, Verdict.FRAMEWORK}


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("torch.nn.functional", "torch.load"),
        ("torch.nn.functional", "torch.hub.load"),
        ("torch.nn.functional", "warnings.sys.modules"),
        ("math", "os.system"),
        ("collections", "abc.sys.modules"),
        ("collections", "OrderedDict.__init__.__globals__"),
        ("collections", "OrderedDict.__subclasses__"),
        ("torch", "FloatStorage.__reduce__"),
        ("numpy", "os.system"),
        ("pathlib", "os.system"),
        ("pathlib", "Path.write_text"),
        ("datetime", "sys"),
        ("subprocess", "Popen.communicate"),
        ("torch.nn.modules.container", "Sequential.__init__.__globals__"),
    ],
)
def test_known_modules_are_no_way_to_others(module: str, name: str) -> None:
    assert judge(module, name).verdict in {Verdict.UNKNOWN, Verdict.DANGEROUS}


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("commands", "getoutput"),
        ("cStringIO", "open"),
        ("cPickle", "loads"),
        ("__builtin__", "execfile"),
        ("urllib", "urlopen"),
    ],
)
def test_names_of_python_2_mean_what_they_become(module: str, name: str) -> None:
    assert judge(module, name).verdict is Verdict.DANGEROUS


def test_names_nobody_listed_are_unknown() -> None:
    assert judge("unheard_of", "thing").verdict is Verdict.UNKNOWN
    assert judge("wave", "thing").reason.startswith("part of Python")


def test_entries_read_one_by_one_are_the_whole_list() -> None:
    whole = tomllib.loads((RESOURCES / "pickle_globals.toml").read_text(encoding="utf-8"))["entry"]
    assert whole
    for entry in whole:
        assert any(
            found.judgement.reason == entry["reason"] and found.names == frozenset(entry["names"])
            for found in _entries(entry["module"])
        ), entry["module"]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("torch", "utils.collect_env.run"),
        ("numpy", "f2py.crackfortran.myeval"),
        ("pandas.io.common", "urllib.request.urlopen"),
        ("scipy.optimize._optimize", "sys.modules"),
    ],
)
def test_a_dotted_name_is_followed_to_where_it_leads(module: str, name: str) -> None:
    assert judge(module, name).verdict is Verdict.DANGEROUS


@pytest.mark.parametrize(
    "name", ["run_setup", "load_weights", "main", "Popen", "WorkerLauncher", "_shell_command", "exec_"]
)
def test_names_that_act_fit_no_pattern(name: str) -> None:
    assert acts(name)
    assert judge("sklearn.anything", name).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "name",
    [
        "DataLoader",
        "mean",
        "_rebuild_tensor_v2",
        "unpickle_vocab",
        "GaussianProcessRegressor",
        "importance",
        "executed",
    ],
)
def test_ordinary_names_do_not_act(name: str) -> None:
    assert not acts(name)


@pytest.mark.parametrize(
    "copy", ["cloudpickle", "joblib.externals.cloudpickle", "numba.cloudpickle", "srsly.cloudpickle"]
)
def test_copies_of_cloudpickle_are_cloudpickle(copy: str) -> None:
    assert judge(f"{copy}.cloudpickle", "_make_function").verdict is Verdict.CODE


def test_patterns_cover_what_they_say_and_no_more() -> None:
    assert judge("pandas.core.indexes.base", "_new_Index").verdict is Verdict.FRAMEWORK
    assert judge("torch._C", "_VariableFunctionsClass.relu").verdict is Verdict.FRAMEWORK
    assert judge("torch._C", "_VariableFunctionsClass.from_file").verdict is Verdict.DANGEROUS
    assert judge("torch._C", "_VariableFunctionsClass.__subclasses__").verdict is Verdict.DANGEROUS
    assert judge("keras.src.models.model", "Model._unpickle_model").verdict is Verdict.FRAMEWORK
    assert judge("keras.src.models.model", "Model.load_own_variables").verdict is Verdict.UNKNOWN
