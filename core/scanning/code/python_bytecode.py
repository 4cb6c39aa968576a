"""Compiled Python: which functions it names and which texts it holds. How they come together is not worked out."""

from collections.abc import Iterator

from core.command_lines import deeds
from core.findings import Level
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.executables import scan_executable
from core.scanning.code.python_marshal import BrokenMarshal, CodeObject, MarshalReader, layout_of
from core.scanning.inspection import Inspection

_LARGEST = 16 << 20
_HEADER = 16
"""Bytes before the code object since Python 3.7 (PEP 552)."""
_STARTS = frozenset(
    "system popen Popen startfile check_output check_call getoutput spawnl spawnv execv execl execvp posix_spawn "
    "ShellExecuteW create_subprocess_shell create_subprocess_exec".split()
)
_COMPUTES = frozenset({"exec", "eval"})
_NETWORK = frozenset(
    "urlopen urlretrieve requests httpx socket aiohttp smtplib ftplib HTTPSConnection HTTPConnection".split()
)
_DECODES = frozenset("b64decode b85decode b32decode unhexlify decompress fromhex loads a2b_base64".split())
_ONLY_READS = frozenset("json loads yaml".split())
_MOST_TEXTS = 20_000


def scan_bytecode(inspection: Inspection) -> None:
    """Say that it is a program, and what its names and texts say of it."""
    scan_executable(inspection)
    if inspection.file.size > _LARGEST:
        return
    data = inspection.read_at(0, inspection.file.size)
    layout = layout_of(int.from_bytes(data[:2], "little"))
    if layout is None:
        return
    try:
        code = MarshalReader(data[_HEADER:], layout).read()
    except BrokenMarshal:
        return
    if isinstance(code, CodeObject):
        with Behaviour(inspection) as behaviour:
            _judge(code, behaviour)


def _judge(whole: CodeObject, behaviour: Behaviour) -> None:
    parts = list(_all(whole))
    named = {name for part in parts for name in part.names}
    starts = named & _STARTS or ({"run", "call"} & named if "subprocess" in named else set())
    if starts:
        behaviour.note("starts-programs", *(fact("call", name) for name in sorted(starts)))
    if named & _NETWORK:
        behaviour.network(*(fact("call", name) for name in sorted(named & _NETWORK)), hub=False)
    for part in parts:
        have = set(part.names)
        if not have & _COMPUTES:
            continue
        shown = fact("call", ", ".join(sorted(have & (_COMPUTES | _NETWORK | _DECODES))))
        behaviour.note("computed", shown)
        if have & _NETWORK:
            behaviour.note("download-and-run", shown)
        if have & _DECODES - _ONLY_READS:
            behaviour.note("decode-and-run", shown)
    armed = bool(starts or named & (_COMPUTES | _NETWORK))
    for text in [text for part in parts for text in _texts(part.constants)][:_MOST_TEXTS]:
        for deed in deeds(" ".join(text[:65536].split())):
            level = Level.NOTE if deed.usual else None if armed else Level.CAREFUL
            behaviour.note(deed.kind, fact("command", deed.text), level=level)


def _all(code: CodeObject) -> Iterator[CodeObject]:
    """A code object and those inside it."""
    waiting = [code]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += [inner for inner in one.constants if isinstance(inner, CodeObject)]


def _texts(constants: tuple[object, ...]) -> Iterator[str]:
    """Texts, and lists of texts as one line: `subprocess.run(["curl", …])` is a command."""
    for one in constants:
        if isinstance(one, bytes):
            yield one.decode("utf-8", "replace")
        elif isinstance(one, str):
            yield one
        elif isinstance(one, tuple):
            words = [part for part in one if isinstance(part, str)]
            if len(words) > 1:
                yield " ".join(words)
            yield from words
