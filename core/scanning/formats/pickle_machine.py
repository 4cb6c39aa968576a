"""An abstract unpickler: runs every opcode of protocols 0 to 5 on symbols, imports nothing, calls nothing.

It follows CPython's unpickler (Modules/_pickle.c) in stack, marks and memo, keeps only what can become a name or an
argument, and steps over long arguments without reading them.
"""

from core.byte_reader import ByteReader
from core.scanning.formats.pickle_opcodes import TABLE, Stop
from core.scanning.formats.pickle_reading import BrokenPickle
from core.scanning.formats.pickle_state import State
from core.scanning.formats.pickle_values import KEPT
from core.scanning.inspection import Budget

_CHECK_EVERY = 1 << 18
"""Opcodes between looks at the clock and the size of the stack."""
_LONG_STACK = 4_000_000
_AT_WORK = 1000


class Machine(State):
    """One stream. `run` works to its STOP; what was seen stays in `imports`, `calls` and the rest whatever happens."""

    def __init__(self, file: ByteReader, start: int, budget: Budget) -> None:
        super().__init__(file, start, budget)
        self.opcodes = 0

    def run(self) -> None:
        """Run to STOP. Raises `BrokenPickle`, `LimitReached`, or what the reader raises."""
        table = TABLE
        count = 0
        try:
            while True:
                for count in range(1, _CHECK_EVERY + 1):  # noqa: B007  read when it is over
                    if self.at > self.limit:
                        self.refill()
                    code = self.buffer[self.at]
                    self.at += 1
                    table[code](self)
                self.opcodes += count
                count = 0
                self._check()
        except Stop:
            return
        except IndexError:
            problem = "ends early" if self.at_end else "takes from an empty stack"
            raise BrokenPickle(problem, self.offset) from None
        except (ValueError, KeyError) as problem:
            raise BrokenPickle(str(problem).strip("'")[:80], self.offset) from None
        finally:
            self.opcodes += count

    def _check(self) -> None:
        self.budget.check_time()
        if len(self.stack) > _LONG_STACK:  # only the first members of anything are kept, and the last are at work
            del self.stack[KEPT:-_AT_WORK]
