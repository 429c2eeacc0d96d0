"""Which of a function's variables may still be read: what no line will look at again makes no difference to what may come.

The usual backward analysis of live variables (Aho and others, "Compilers", 9.2.5), over Python's own instructions. Where it
is not sure it says "read": of every variable that an inner function shares, of the variable of a loop that is under way
(where the loop stands is kept nowhere else), and of what the statement under way has read already.
"""

import dis
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import CodeType

_ENDS = ("RETURN", "RAISE", "RERAISE")
_STATEMENT_ENDS = ("STORE", "POP_TOP", "RESUME", "FOR_ITER")


@cache
def live_names(code: CodeType, offset: int) -> frozenset[str]:
    """The variables of `code` that may be read once the instruction at `offset` (a frame's f_lasti) has done its work."""
    found = _Instructions(code)
    at = found.at(offset)
    ahead = (name for place in found.after(at) for name in found.live[place])
    return frozenset((*code.co_cellvars, *code.co_freevars, *ahead, *found.read_by_statement(at)))


class _Instructions:
    def __init__(self, code: CodeType) -> None:
        bytecode = dis.Bytecode(code)
        self._all: Sequence[dis.Instruction] = list(bytecode)
        self._place_of: Mapping[int, int] = {each.offset: place for place, each in enumerate(self._all)}
        handlers = getattr(bytecode, "exception_entries", ())
        self._handlers = [(entry.start, entry.end, self._place_of[entry.target]) for entry in handlers]
        self.live: list[frozenset[str]] = [frozenset()] * len(self._all)
        self._settle()

    def at(self, offset: int) -> int:
        """The instruction to which this offset belongs: a call's may lie behind its beginning, in its own cache."""
        return bisect_right(self._all, offset, key=lambda each: each.offset) - 1

    def after(self, place: int) -> Iterator[int]:
        """The instructions that may follow, those that handle its exception included."""
        here = self._all[place]
        name = here.opname
        goes_on = not name.startswith(_ENDS) and not (name.startswith("JUMP") and "_IF_" not in name)
        if goes_on and place + 1 < len(self._all):
            yield place + 1
        if here.opcode in (*dis.hasjrel, *dis.hasjabs):
            yield self._place_of[here.argval]
        yield from (target for start, end, target in self._handlers if start <= here.offset < end)

    def read_by_statement(self, place: int) -> Iterator[str]:
        """What the statement under way has read, which may be waiting for this instruction's result."""
        while place >= 0 and not self._all[place].opname.startswith(_STATEMENT_ENDS):
            yield from self._reads(place)
            place -= 1

    def _settle(self) -> None:
        """To the fixed point, backwards."""
        changed = True
        while changed:
            changed = False
            for place in reversed(range(len(self._all))):
                here = self._all[place]
                live = frozenset(name for after in self.after(place) for name in self.live[after])
                written = {here.argval} if here.opname in ("STORE_FAST", "DELETE_FAST") else set()
                live = (live - written) | frozenset(self._reads(place))
                if live != self.live[place]:
                    self.live[place], changed = live, True

    def _reads(self, place: int) -> Iterator[str]:
        here = self._all[place]
        if "LOAD_FAST" in here.opname:
            yield from here.argval if isinstance(here.argval, tuple) else (here.argval,)
        if here.opname == "FOR_ITER":
            for each in self._all[place + 1 :]:
                if each.opname == "STORE_FAST":
                    yield each.argval
                elif each.opname != "UNPACK_SEQUENCE":
                    return
