"""The machine keeps step with the unpickler: stack, marks, memo, and every opcode's length."""

import datetime as dt
import pickle
import pickletools
from collections import OrderedDict
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.scanning.byte_sources import BytesFile
from core.scanning.formats.pickle_hidden import is_old_pickle
from core.scanning.formats.pickle_machine import Machine
from core.scanning.formats.pickle_memo import KEPT
from core.scanning.formats.pickle_reading import BrokenPickle
from core.scanning.inspection import Budget, LimitReached
from tests.core.scanning.formats.opcodes import framed, name, pickled, short, text


def run(stream: bytes) -> Machine:
    machine = Machine(BytesFile(stream), 0, Budget())
    machine.run()
    return machine


def imports(stream: bytes) -> list[str]:
    return [found.dotted for found in run(stream).imports]


_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300) | st.binary(max_size=300),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner) | st.frozensets(st.text())
    ),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(value=_plain, protocol=st.integers(0, 5))
def test_ordinary_values_run_to_their_end_opcode_by_opcode(value: object, protocol: int) -> None:
    stream = pickle.dumps(value, protocol)
    machine = run(stream + b"behind")
    assert machine.offset == len(stream)
    assert machine.opcodes == sum(1 for _ in pickletools.genops(stream))
    assert {found.module for found in machine.imports} <= {"builtins", "__builtin__", "_codecs"}


@pytest.mark.parametrize("protocol", range(6))
def test_imports_are_named_in_every_protocol(protocol: int) -> None:
    stream = pickle.dumps([OrderedDict(a=1), dt.date(2026, 1, 1), {1, 2}], protocol)
    assert {"collections.OrderedDict", "datetime.date"} <= set(imports(stream))


@pytest.mark.parametrize("size", [100, 40_000, 70_000, 600_000])
def test_long_arguments_are_stepped_over_exactly(size: int) -> None:
    value = ["x" * size, b"y" * size, 1 << size, bytearray(size)]
    for protocol in (2, 4, 5):
        stream = pickle.dumps(value, protocol)
        assert run(stream + b"behind").offset == len(stream)


def test_texts_of_the_oldest_protocol_may_be_long() -> None:
    stream = pickle.dumps(["x" * 200_000, OrderedDict()], 0)
    machine = run(stream)
    assert machine.offset == len(stream)
    assert "collections.OrderedDict" in {found.dotted for found in machine.imports}


def test_a_tuple_behind_a_mark_is_what_a_call_gets() -> None:
    (call,) = run(pickled(name("posix", "system") + b"(" + text("a") + text("b") + b"tR")).calls
    assert call.arguments == ("a", "b")


def test_values_below_a_mark_stay_where_they_are() -> None:
    stream = pickled(b"](" + text("a") + b"((" + text("b") + b"tl" + b"e" + name("os", "system") + b"0")
    assert imports(stream) == ["os.system"]


@pytest.mark.parametrize(
    "fetch",
    [
        lambda index: b"h" + bytes([index]),
        lambda index: b"j" + index.to_bytes(4, "little"),
        lambda index: f"g{index}\n".encode(),
    ],
)
def test_names_may_come_out_of_the_memo(fetch: Callable[[int], bytes]) -> None:
    body = short("posix") + b"\x94" + short("system") + b"\x94" + b"00" + fetch(0) + fetch(1) + b"\x93"
    assert imports(framed(body)) == ["posix.system"]


def test_memoize_counts_entries_as_the_unpickler_does() -> None:
    # Entries at 5, 1 and 0 are three, so MEMOIZE stores under 3; who counts the highest index stores elsewhere.
    puts = short("builtins") + b"q\x05" + b"q\x01" + b"q\x000" + short("print") + b"q\x020"
    real = short("posix") + b"\x94" + short("system") + b"\x94" + b"00"
    stream = framed(puts + real + b"h\x04" + b"h\x06" + b"\x93")
    with pytest.raises(BrokenPickle):
        run(stream)  # 6 was never stored: 4 is posix, and system replaced what 5 held
    assert imports(framed(puts + real + b"h\x04" + b"h\x05" + b"\x93")) == ["posix.system"]


def test_storing_the_same_value_twice_under_one_index_counts_once() -> None:
    body = (
        short("a") + b"q\x00q\x00" + b"0" + short("posix") + b"\x94" + short("system") + b"\x94" + b"00h\x01h\x02\x93"
    )
    assert imports(framed(body)) == ["posix.system"]


def test_an_overwritten_name_is_the_new_one_and_is_odd() -> None:
    body = short("math") + b"q\x000" + short("posix") + b"q\x000" + b"h\x00" + short("system") + b"\x93"
    machine = run(framed(body))
    assert [found.dotted for found in machine.imports] == ["posix.system"]
    assert [problem for problem, _ in machine.anomalies] == ["memo_overwritten"]


def _many_entries(count: int = KEPT + 10) -> bytes:
    return b"".join(short(f"{number:06}") + b"\x940" for number in range(count))


def test_names_stored_after_tens_of_thousands_of_others_are_still_found() -> None:
    late = short("posix") + b"\x940" + short("system") + b"\x940"
    fetch = b"j" + (KEPT + 10).to_bytes(4, "little") + b"j" + (KEPT + 11).to_bytes(4, "little")
    assert imports(framed(_many_entries() + late + fetch + b"\x93")) == ["posix.system"]


def test_late_names_are_what_was_stored_not_what_stands_in_front_of_the_store() -> None:
    first = short("posix") + short("system") + b"q\x000q\x010"
    late = short("ab") + b"0h\x01\x940" + short("ab") + b"0h\x00\x940"
    fetch = b"j" + (KEPT + 10).to_bytes(4, "little") + b"j" + (KEPT + 11).to_bytes(4, "little")
    assert imports(framed(first + _many_entries(KEPT + 8) + late + fetch + b"\x93")) == ["posix.system"]


def test_late_calls_and_imports_stay_known() -> None:
    late = name("os", "system") + b"\x940" + short("x") + b"\x940"
    fetch = b"j" + (KEPT + 10).to_bytes(4, "little")
    machine = run(framed(_many_entries() + late + fetch + text("echo") + b"\x85R"))
    assert [found.dotted for found in machine.imports] == ["os.system"]
    assert machine.calls[0].arguments == ("echo",)


@pytest.mark.parametrize(
    ("stream", "where"),
    [
        (b"\x80\x04", "ends early"),
        (b"\x80\x09N.", "protocol 9"),
        (b"\x80\x02\xffN.", "unknown instruction"),
        (b"\x80\x02R.NNN", "empty stack"),
        (b"\x80\x02h\x07.NN", "never stored"),
        (b"\x80\x02X\xff\xff\xff\x7fabc.", "ends early"),
        (b"\x80\x02\x8b\xff\xff\xff\xffabc.", "negative length"),
        (b"\x80\x02\x8b\xff\xff\xff\x7fabc.", "ends early"),
        (b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xffabc.", "ends early"),
        (b"I12x\nN.", "invalid literal"),
        (b"Sabc\n.", "without quotes"),
        (b"p-1\nN.", "empty stack"),
        (b"Np-1\nN.", "negative memo index"),
        (b"Vabc", "ends early"),
        (b"\x80\x02}1.", "pop from empty list"),
    ],
)
def test_what_an_unpickler_refuses_is_broken(stream: bytes, where: str) -> None:
    with pytest.raises(BrokenPickle, match=where if where != "pop from empty list" else None):
        run(stream)


@pytest.mark.parametrize(
    "body",
    [
        b"(" * 200_000,
        b"N" + b"\x85" * 300_000,
        b"]" + b"\x94h\x00a" * 50_000,
        b"N" * 300_000,
        b"N2" * 200_000,
    ],
    ids=["marks", "tuples in tuples", "a list in itself", "a long stack", "duplicates"],
)
def test_deep_and_wide_streams_end(body: bytes) -> None:
    try:
        machine = run(pickled(body, 4))
    except LimitReached:
        return
    assert machine.at_end


def test_time_runs_out_in_an_endless_stream() -> None:
    budget = Budget(seconds=0.0)
    with pytest.raises(LimitReached):
        Machine(BytesFile(pickled(b"N0" * 200_000)), 0, budget).run()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (name("builtins", "getattr") + name("os", "path") + text("join") + b"\x86R", "os.path.join"),
        (
            name("builtins", "getattr")
            + name("builtins", "__import__")
            + text("os")
            + b"\x85R"
            + text("system")
            + b"\x86R",
            "os.system",
        ),
        (
            name("builtins", "getattr")
            + name("importlib", "import_module")
            + text("os")
            + b"\x85R"
            + text("popen")
            + b"\x86R",
            "os.popen",
        ),
        (name("__builtin__", "getattr") + name("m", "C") + text("__dict__") + b"\x86R", "m.C.__dict__"),
        (b"\x82\x01", "copyreg.extension 1"),
        (b"\x83\x01\x02", "copyreg.extension 513"),
        (b"\x84\x01\x00\x00\x00", "copyreg.extension 1"),
        (b"(" + b"ios\nsystem\n", "os.system"),
        (b"(" + name("os", "system") + text("echo") + b"o", "os.system"),
    ],
)
def test_names_that_are_reached_another_way(body: bytes, expected: str) -> None:
    assert expected in imports(pickled(body))


def test_arguments_given_by_name_are_shown() -> None:
    body = name("subprocess", "Popen") + b")" + b"}" + text("args") + text("echo") + b"s" + b"\x92"
    (call,) = run(pickled(body)).calls
    assert "echo" in repr([getattr(argument, "members", argument) for argument in call.arguments])


def test_a_large_header_that_begins_like_a_text_is_no_pickle_and_costs_one_look() -> None:
    class Counting(BytesFile):
        asked = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.asked += len(data)
            return data

    file = Counting(b"Sk\0\0\0\0\0\0{" + bytes(5_000_000))
    assert not is_old_pickle(file)
    assert file.asked < 100
