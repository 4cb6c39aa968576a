"""What the pickle machine holds while it runs: stack, marks, memo, and everything worth telling."""

import re
from collections.abc import Callable

from core.byte_reader import ByteReader
from core.scanning.formats.pickle_globals import Verdict, judge
from core.scanning.formats.pickle_memo import KEPT as KEPT_VALUES
from core.scanning.formats.pickle_memo import LONGEST_TEXT, Memo
from core.scanning.formats.pickle_reading import BrokenPickle, StreamReader
from core.scanning.formats.pickle_tensors import reaches_beyond
from core.scanning.formats.pickle_values import KEPT, Attribute, Call, Global, Items, Long, TextAt
from core.scanning.inspection import Budget, LimitReached

KEPT_TEXT = 4096
"""Characters kept of a text, bytes kept of a byte string."""
LONG_ENOUGH_TO_HIDE = 40
"""Characters from which on a text is looked into: it may be code, or a pickle of its own."""
_MAX_MARKS = 100_000
_MAX_IMPORTS = 50_000
_LONGEST_NAME = 1000
"""Characters kept of a module or name; no real one is as long."""
_MAX_CALLS = 200_000
_MAX_TEXTS = 2000
_MAX_FETCHES = 100
_ELSEWHERE = re.compile(
    r"(?:https?|ftp|file|hf|s3|gs)://|[^\n]{1,500}\.(?:pt|pth|pkl|pickle|bin|ckpt|joblib|dill|h5|keras|npy|onnx|yaml)$|"
    r"(?:/|~/|\.\./|[A-Z]:[\\/]|\\\\)[^\n]{2,500}$",
    re.IGNORECASE,
)
"""An address, a name of a file with a model, or a path that starts outside of the folder of the model."""
_OF_THE_HUB = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
"""A repository of the Hub: its classes for models load what is given to them by name."""
_LOADS_BY_NAME = re.compile(
    r"(?:sentence_transformers|transformers|diffusers|setfit|peft|ultralytics|nemo|spacy|flair)\b"
)

_NAMES = (str, Global)
_GETATTR = {("builtins", "getattr"), ("__builtin__", "getattr")}
_PARTIAL = {("functools", "partial"), ("_functools", "partial")}
_MOST_PARTIALS = 20
_MAKERS = {("copyreg", "_reconstructor"), ("copy_reg", "_reconstructor"), ("copyreg", "__newobj__")}
_IMPORTERS = {
    ("builtins", "__import__"),
    ("__builtin__", "__import__"),
    ("importlib", "import_module"),
    ("importlib", "__import__"),
}


class State(StreamReader):
    """Stack, marks and memo as CPython's unpickler has them, and what was seen so far."""

    def __init__(self, file: ByteReader, start: int, budget: Budget) -> None:
        super().__init__(file, start)
        self.budget = budget
        self.stack: list[object] = []
        self.marks: list[list[object]] = []
        self.memo = Memo()
        self.imports: list[Global] = []
        self.calls: list[Call] = []
        """Calls of anything that is not known to be harmless."""
        self.patches: list[tuple[Global, object, int]] = []
        """States set on an imported object itself, not on an instance of it."""
        self.fetches: list[tuple[Global, str, int]] = []
        """Objects of known libraries that are made of a file or an address."""
        self.texts: list[tuple[bytes | str, int, int]] = []
        """Texts and bytes that may be hidden code (long ones: their start), with offset and length; bounded."""
        self.anomalies: list[tuple[str, int]] = []
        self.persistent_ids = 0
        self.on_call: Callable[[State, Call], None] | None = None
        """Called for each call as it happens, so that a format can step over raw data in the stream."""
        self._seen_imports: dict[tuple[str, str], Global] = {}

    # -- stack

    def mark(self) -> None:
        """Set a mark: what is pushed from here on lies apart."""
        if len(self.marks) >= _MAX_MARKS:
            raise LimitReached("too_deep")
        self.marks.append(self.stack)
        self.stack = []

    def pop_mark(self) -> list[object]:
        """Take everything above the last mark, and the mark."""
        items = self.stack
        self.stack = self.marks.pop()
        return items

    def push_text(self, data: bytes | Long) -> None:
        """Push a text given in UTF-8 that ends here."""
        if isinstance(data, bytes):
            text = data.decode("utf-8", "surrogatepass")
            self.stack.append(text[:KEPT_TEXT])
            if len(text) >= LONG_ENOUGH_TO_HIDE:
                self.note(text, self.offset - len(data), len(data))
        else:
            self.stack.append(data)

    def push_bytes(self, data: bytes | Long) -> None:
        """Push a byte string that ends here; of one that was stepped over, the start is looked at."""
        if isinstance(data, Long):
            self.file.seek(data.offset)
            self.note(self.file.read(KEPT_TEXT), data.offset, data.size)
            self.stack.append(data)
            return
        if len(data) >= 16:
            self.note(data, self.offset - len(data), len(data))
        self.stack.append(data[:KEPT_TEXT])

    def note(self, data: bytes | str, offset: int, size: int) -> None:
        """Keep a text or byte string to look into later."""
        if len(self.texts) < _MAX_TEXTS and len(data) >= 16:
            self.texts.append((data, offset, size))

    def add(self, target: object, values: list[object]) -> None:
        """Put members into a container, which may be an imported object or the result of a call."""
        if isinstance(target, Items):
            target.add(values)
        elif isinstance(target, Global):
            self.patches.append((target, Items("list", values[:KEPT]), self.offset))
        elif isinstance(target, Call) and len(target.attributes) < KEPT:
            target.attributes.extend(values[:8])

    # -- memo

    def store(self, index: int, width: int) -> None:
        """Put the top of the stack into the memo. `width`: bytes of the opcode that asks for it, which ends here."""
        value = self.stack[-1]
        if index < 0:
            raise BrokenPickle("a negative memo index", self.offset)
        place = self._place(value, width) if index >= KEPT_VALUES and isinstance(value, str) else None
        old = self.memo.put(index, value, place)
        if isinstance(old, _NAMES) and isinstance(value, _NAMES) and old != value:
            self.anomalies.append(("memo_overwritten", self.offset))

    def _place(self, text: str, width: int) -> int | None:
        """Offset of a text that stands right before the opcode that stores it; None if it is not found there."""
        encoded = text.encode("utf-8", "surrogatepass")
        end = self.at - width
        start = end - len(encoded)
        if start < 0 or len(encoded) > LONGEST_TEXT or self.buffer[start:end] != encoded:
            return None
        return self.base + start

    def recall(self, index: int) -> None:
        """Push what the memo holds. Raises `KeyError`."""
        self.stack.append(self.memo.get(index))

    # -- importing and calling by name

    def import_object(self, module: object, name: object) -> None:
        """Push an imported object. A module or name that is no text was computed by the pickle itself."""
        module_text, name_text = self._as_text(module), self._as_text(name)
        if module_text is None or name_text is None:
            self.anomalies.append(("computed_import", self.offset))
        self.stack.append(self.found(module_text or "?", name_text or "?"))

    def found(self, module: str, name: str) -> Global:
        """The one object that stands for this import. Also for an import that a call amounts to."""
        module, name = module[:_LONGEST_NAME], name[:_LONGEST_NAME]
        known = self._seen_imports.get((module, name))
        if known is None:
            if len(self._seen_imports) >= _MAX_IMPORTS:
                raise LimitReached("too_complicated")
            known = Global(module, name, self.offset)
            known.watched = judge(module, name).verdict not in {Verdict.HARMLESS, Verdict.FRAMEWORK}
            self._seen_imports[module, name] = known
            self.imports.append(known)
        return known

    def _as_text(self, value: object) -> str | None:
        if isinstance(value, TextAt):
            self.file.seek(value.offset)
            return self.file.read(value.size).decode("utf-8", "replace")
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        return value if isinstance(value, str) else None

    def call(self, function: object, arguments: object, runs: bool = True) -> None:
        """Push the result of a call. `arguments` should be a tuple. `runs`: as in `Call`."""
        values = arguments if isinstance(arguments, tuple) else (arguments,)
        function = _completed(function)
        if _makes_instance(function) and values and isinstance(values[0], Global):
            function, values, runs = values[0], values[1:], False
        if not isinstance(function, Global) or function.watched:
            values = tuple(self._as_text(value) if isinstance(value, TextAt) else value for value in values)
        if _makes_array(function) and len(values) > 2 and values[0] is not function:
            self.call(values[0], values[1])
            self.build(values[2])
            return
        if reaches_beyond(function, values):
            self.anomalies.append(("tensor_beyond", self.offset - 1))
        call = Call(function, values, self.offset - 1, runs=runs)
        self._keep(call)
        self.stack.append(self._meaning(call))
        if self.on_call is not None:
            self.on_call(self, call)

    def reduce(self, function: object, arguments: object) -> None:
        """Push the result of a call that runs what it calls, unlike those that only make an empty instance."""
        if isinstance(function, Global) and not function.watched and isinstance(arguments, tuple) and arguments:
            first = arguments[0]
            if isinstance(first, str) and _leads_elsewhere(function, first) and len(self.fetches) < _MAX_FETCHES:
                self.fetches.append((function, first, self.offset - 1))
        self.call(function, arguments)

    def _keep(self, call: Call) -> None:
        if isinstance(call.function, Global) and not call.function.watched:
            return
        if len(self.calls) >= _MAX_CALLS:
            raise LimitReached("too_complicated")
        self.calls.append(call)

    def _meaning(self, call: Call) -> object:
        """What a call amounts to, when it only names something else; else the call itself."""
        function, arguments = call.function, call.arguments
        if not isinstance(function, Global) or not arguments:
            return call
        key, first = (function.module, function.name), arguments[0]
        if isinstance(first, str) and _names_a_type(function):
            return self.found(function.module, f"{function.name}.{first}")
        if key in _GETATTR and len(arguments) >= 2 and isinstance(arguments[1], str):
            return self._attribute(first, arguments[1], call.offset)
        if key in _PARTIAL and isinstance(first, Global):
            self._keep(Call(first, arguments[1:], call.offset))
        return call

    def _attribute(self, owner: object, name: str, offset: int) -> object:
        """`getattr(owner, name)`."""
        if isinstance(owner, Global):
            return self.found(owner.module, f"{owner.name}.{name}")
        module = _imported(owner)
        return Attribute(owner, name, offset) if module is None else self.found(module, name)

    def build(self, state: object) -> None:
        """Set a state on the top of the stack."""
        target = self.stack[-1]
        if isinstance(target, Global):
            self.patches.append((target, state, self.offset))
        elif isinstance(target, Call) and len(target.attributes) < KEPT:
            target.attributes.append(state)
            if self.on_call is not None:
                self.on_call(self, target)


def _leads_elsewhere(maker: Global, text: str) -> bool:
    """True if an object that is made of this text takes the rest from a file, an address or the Hub."""
    if _ELSEWHERE.match(text):
        return True
    return _LOADS_BY_NAME.match(maker.module) is not None and _OF_THE_HUB.fullmatch(text) is not None


def _completed(function: object) -> object:
    """What a call of `functools.partial(function, …)` calls: its first argument, or what its state replaces it by."""
    for _ in range(_MOST_PARTIALS):
        if not isinstance(function, Call) or not isinstance(function.function, Global) or not function.arguments:
            break
        if (function.function.module, function.function.name) not in _PARTIAL:
            break
        state = function.attributes[-1] if function.attributes else None
        function = state[0] if isinstance(state, tuple) and state else function.arguments[0]
    return function


def _names_a_type(function: Global) -> bool:
    """True for the helpers of cloudpickle (also of copies of it) and dill that give a type of Python by its name."""
    module, name = function.module, function.name
    return (name == "_builtin_type" and module.endswith("cloudpickle")) or (module, name) == (
        "dill._dill",
        "_load_type",
    )


def _makes_instance(function: object) -> bool:
    """True for the helper with which protocols 0 and 1 make an instance of a class (Lib/copyreg.py)."""
    return isinstance(function, Global) and (function.module, function.name) in _MAKERS


def _makes_array(function: object) -> bool:
    """True for the helper of dill that calls `values[0](*values[1])` and sets the state `values[2]`."""
    return isinstance(function, Global) and (function.module, function.name) == ("dill._dill", "_create_array")


def _imported(value: object) -> str | None:
    """The module that `__import__("x")` or the like gives; None for anything else."""
    if not isinstance(value, Call) or not isinstance(value.function, Global) or not value.arguments:
        return None
    name = value.arguments[0]
    importer = (value.function.module, value.function.name) in _IMPORTERS
    return name if importer and isinstance(name, str) else None
