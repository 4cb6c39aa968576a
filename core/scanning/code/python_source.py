"""Python files, read as a tree; nothing of them is run or imported."""

import ast
import warnings

from core.findings import Evidence
from core.scanning.code.commands import judge
from core.scanning.code.sources import read_text
from core.scanning.inspection import Inspection

_DECODES = ("base64.", "binascii.", "zlib.decompress", "codecs.decode", "bytes.fromhex", "marshal.loads")
_FETCHES = ("urllib.request.", "requests.", "httpx.", "urllib3.", "http.client.", "socket.")
_STARTS = ("os.system", "os.popen", "os.exec", "os.spawn", "os.startfile", "subprocess.", "pty.spawn")


def scan_python(inspection: Inspection) -> None:
    """Say that it is Python, and what it does."""
    inspection.report("code-python")
    judge_python(inspection, read_text(inspection))


def judge_python(inspection: Inspection, source: str, place: str = "") -> None:
    """Report what a piece of Python does; `place` names the cell of a notebook."""
    judge(inspection, source, place=place)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        nodes = list(ast.walk(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        inspection.partly("code_not_python")
        return
    names = _imports(nodes)
    for node in nodes:
        if isinstance(node, ast.Call):
            _judge_call(inspection, node, names, place)
        elif isinstance(node, ast.List | ast.Tuple):
            words = [part.value for part in node.elts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            judge(inspection, " ".join(" ".join(words).split()), node.lineno, place)


def _imports(nodes: list[ast.AST]) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(
                {
                    a.asname or a.name.partition(".")[0]: a.name if a.asname else a.name.partition(".")[0]
                    for a in node.names
                }
            )
        elif isinstance(node, ast.ImportFrom):
            names.update({a.asname or a.name: f"{node.module}.{a.name}" for a in node.names})
    return names


def _dotted(node: ast.AST, names: dict[str, str]) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join((names.get(node.id, node.id), *reversed(parts)))


def _judge_call(inspection: Inspection, call: ast.Call, names: dict[str, str], place: str) -> None:
    called = _dotted(call.func, names)
    inner = [_dotted(n.func, names) for a in call.args for n in ast.walk(a) if isinstance(n, ast.Call)]
    fact = Evidence("call", f"{place} {called}".strip(), line=call.lineno)
    if called in {"exec", "eval"}:
        if any(name.startswith(_DECODES) for name in inner):
            inspection.report("code-decode-and-run", fact)
        elif any(name.startswith(_FETCHES) for name in inner):
            inspection.report("code-download-and-run", fact)
        elif not (call.args and isinstance(call.args[0], ast.Constant)):
            inspection.report("code-computed", fact)
    elif called.startswith(_STARTS):
        inspection.report("code-starts-programs", fact)
    elif called.startswith(_FETCHES):
        inspection.report("code-network", fact)
