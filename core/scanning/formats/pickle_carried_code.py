"""Functions that a pickle carries as compiled code or source: what they mention, without running or decoding them.

cloudpickle, dill and torch.fx write the parts of a function (names it uses, its constants, the modules it imports) as
ordinary values of the pickle, so they can be read. What is done with them cannot be known without following bytecode.
"""

import re
from itertools import pairwise

from core.byte_reader import ByteReader
from core.findings import Evidence, Level
from core.scanning.content import decode
from core.scanning.formats.pickle_globals import Verdict, judge
from core.scanning.formats.pickle_values import OPAQUE, TELLING, Call, Global, Items, texts_in
from core.scanning.inspection import Inspection

_LONGEST_SOURCE = 4 << 20

_NAMES = frozenset(
    "system popen Popen execv execve execvp spawnl spawnv spawnlp fork_exec eval exec compile __import__ import_module "
    "run_path run_module check_output check_call getoutput subprocess pty ctypes CDLL socket create_connection urlopen "
    "urlretrieve requests httpx urllib ftplib smtplib paramiko b64decode marshal rmtree unlink startfile winreg "
    "__subclasses__ __globals__ __builtins__ open_code dlopen".split()
)
"""Names that compiled code of an ordinary model has no use for."""
_IN_SOURCE = re.compile(
    r"\b(?:os\s*\.\s*(?:system|popen|exec\w*|spawn\w*|remove|unlink)|subprocess|socket|ctypes|pty|urllib|requests|"
    r"eval|exec|compile|__import__|importlib|__subclasses__|__globals__|b64decode|marshal|rmtree|"
    r"powershell|cmd\.exe|/bin/(?:ba)?sh|curl|wget)\b"
)


def mentions(calls: list[Call]) -> str | None:
    """The first thing that functions made by these calls mention and that a model does not need; None if nothing."""
    searched: set[int] = set()
    for call in calls:
        for text in texts_in((call.arguments, tuple(call.attributes)), searched):
            word = text if isinstance(text, str) else text.decode("latin-1")
            if word in _NAMES or (judge(word, "x").verdict is Verdict.DANGEROUS and word not in _ORDINARY):
                return word
            found = _IN_SOURCE.search(word) if len(word) > 8 and isinstance(text, str) else None
            if found is not None:
                return found[0]
    return None


MADE_OF_SOURCE = frozenset({"torch_utils.persistence._reconstruct_persistent_obj"})
"""Makers that take source and nothing compiled: it can be read like any other Python."""
_MAKE_FUNCTIONS = frozenset(
    "_builtin_type _builtin_type.CodeType _builtin_type.FunctionType _make_function _make_cell _make_empty_cell "
    "_function_setstate _cell_set _create_function _create_code _create_cell _load_type.CodeType".split()
)
"""Makers of functions; those left out import modules or make classes."""


def reaches_nothing(makers: list[Global], made: list[Call]) -> bool:
    """True if the code in the file names nothing: no global, no attribute, no module.

    Such a function can only calculate with what it is given, as a schedule of a learning rate does.
    """
    if any(maker.name not in _MAKE_FUNCTIONS for maker in makers):
        return False
    codes = [call for call in made if _makes_code(call)]
    return bool(codes) and all(_names_nothing(call.arguments) for call in codes)


def _makes_code(call: object) -> bool:
    return isinstance(call, Call) and isinstance(call.function, Global) and call.function.name in _CODE_MAKERS


_CODE_MAKERS = frozenset({"_builtin_type.CodeType", "_create_code", "_load_type.CodeType"})


def _names_nothing(parts: tuple[object, ...]) -> bool:
    """`parts` of a code object: among them the instructions, then the constants, then the names (types.CodeType)."""
    for code, constants, names in zip(parts, parts[1:], parts[2:], strict=False):
        if isinstance(code, bytes) and isinstance(constants, tuple) and isinstance(names, tuple):
            return not names and all(_is_plain(constant) for constant in constants)
    return False


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(_is_plain(member) for member in value)
    return value is None or value is OPAQUE or isinstance(value, str | bytes | int | float) or _makes_code(value)


_ORDINARY = frozenset(
    {"os", "sys", "code", "test", "platform", "glob", "threading", "site", "profile", "trace", "signal"}
)
"""Modules that harmless functions import as well, or whose names are ordinary words."""


_PARSES_ARGUMENTS = re.compile(
    r"(?:\s*def _parse_args\w*\(self,[\w\s,.=+-]*(?:moments='\w+')?\):\s*"
    r"return (?:\([\w\s,]*\), loc, (?:scale|1)(?:, moments)?|self\._argcheck_rvs\([\w\s,=]*\)))+\s*"
)
"""What SciPy itself writes there: three functions that only hand their arguments on."""


def runs_its_state(call: Call) -> bool:
    """True for a distribution of SciPy whose `_parse_arg_template`, which is run when it is loaded, is not SciPy's."""
    for state in call.attributes:
        members = state.members if isinstance(state, Items) else []
        for key, value in pairwise(members):
            if key in TELLING and not (isinstance(value, str) and _PARSES_ARGUMENTS.fullmatch(value)):
                return True
    return False


def scan_source(inspection: Inspection, name: str, file: ByteReader) -> None:
    """Python source in a package of PyTorch: it is run when something of the package is loaded (torch.package)."""
    source = decode(file.read(_LONGEST_SOURCE)) or ""
    file.seek(0)
    if source.strip():
        found = _IN_SOURCE.search(source)
        facts = () if found is None else (Evidence("text", found[0], line=source.count("\n", 0, found.start()) + 1),)
        level = None if found is None else Level.HIGH
        inspection.report("pickle-carries-code", Evidence("member", name), *facts, level=level)
