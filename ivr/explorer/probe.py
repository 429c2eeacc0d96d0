"""One call that does what it is told and stops where it was not told: the step of the search."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from ivr.explorer.moves import LOOK_UPS, End, Kind, Move, moves_at, moves_at_recording
from ivr.explorer.place import Place, Stack, stack_above
from ivr.flow_version import YES_NO_GRAMMAR, FlowVersion
from ivr.line import Grammar, Heard, HungUp, InboundCall, Prompt, Recording
from ivr.menu import Menu
from ivr.number_entry import NumberEntry
from ivr.outcome import Outcome, RouteTo

_MOST_USES = 3000
_RECORDED = Recording(Path("/nonexistent/explorer.wav"), 5.0)


class Stopped(BaseException):
    """The call came to a point where nothing more was told. No Exception: a flow must not catch it."""


class NeverEnds(Stopped):
    """The flow goes on and on without asking anything."""


@dataclass(slots=True)
class Probed:
    """What a probe found: an `outcome`, or the `place` where it stopped with the `moves` that are possible there.

    `heard` is what was said after the last move but one, `waited_s` the silence in it. `uses` are the places at which the
    line was used since, by their number in the call.
    """

    place: Place | None = None
    moves: tuple[Move, ...] = ()
    outcome: Outcome | End | None = None
    heard: list[Prompt] = field(default_factory=list)
    waited_s: float = 0.0
    uses: list[tuple[int, Place]] = field(default_factory=list)
    answered: bool = False
    never_ends: bool = False
    used_after_end: bool = False
    service: str = ""


Probe = Callable[[Sequence[Move], int | None], Probed]  # makes these moves; hangs up at that use of the line, None: never


class ProbeLine:
    """Fulfils ivr.line.CallerLine. Does the `moves` one after the other; raises Stopped at the first point after them.

    `listening` False: nobody understands words. `hang_up_at` ends the call at that use of the line instead.
    `answer_heard` tells which answer was heard last.
    """

    def __init__(
        self, call: InboundCall, version: FlowVersion, moves: Sequence[Move], listening: bool, hang_up_at: int | None = None
    ) -> None:
        self._call, self._version, self._listening = call, version, listening
        self._moves: Iterator[Move] = iter(moves)
        self._left = len(moves)
        self._hang_up_at = hang_up_at
        self._uses = 0
        self._keys = ""
        self._typed = False
        self.gone = False
        self.found = Probed()
        self.answer_heard: Callable[[], str] = lambda: ""
        self.answer_before = ""

    @property
    def call(self) -> InboundCall:
        return self._call

    def say(self, *prompts: Prompt) -> None:
        self._use()
        self.found.heard.extend(prompts)
        self._keys, self._typed = "", False

    def keep_company(self, prompt: Prompt) -> None:
        self._use()
        self.found.heard.append(prompt)

    def ask_keys(self, *prompts: Prompt, most: int = 1, wait_s: float = 5.0) -> str:
        return self._ask(prompts, None, most, wait_s).keys

    def ask(self, *prompts: Prompt, grammar: Grammar, most: int = 1, wait_s: float = 5.0) -> Heard:
        return self._ask(prompts, grammar if self._listening else None, most, wait_s)

    def record(self, *prompts: Prompt, most_s: float, silence_s: float) -> Recording | None:
        self.say(*prompts)
        move = self._move(lambda _stack: ("message", moves_at_recording()))
        if move.kind is Kind.HANG_UP:
            self.gone = True
            raise HungUp(_RECORDED)
        self.found.waited_s += _RECORDED.length_s if move.kind is Kind.MESSAGE else silence_s
        return _RECORDED if move.kind is Kind.MESSAGE else None

    def stand_in_line(self, wish: RouteTo, *words: Prompt) -> None:
        self._use()
        self.found.heard.extend(words)

    def private(self) -> AbstractContextManager[None]:
        return nullcontext()

    def entered(self, flow: str, version: int, menu: str = "") -> None:
        """What is told here is for figures; a walk has none."""

    def note(self, step: str, detail: str = "") -> None:
        self._use()

    def identified(self, customer_id: int | None, language: str) -> None:
        self._use()

    def look_up(self) -> Kind:
        """How a look-up goes; see ivr.explorer.records.Remembered. What is kept of a caller who has left is kept."""
        if self.gone:
            return Kind.RECORDS_ANSWER
        return self._move(lambda _stack: ("look-up", LOOK_UPS)).kind

    def _ask(self, prompts: Sequence[Prompt], grammar: Grammar | None, most: int, wait_s: float) -> Heard:
        self._use()
        self.found.heard.extend(prompts)
        if self._keys or (self._typed and not prompts):
            return Heard(keys=self._pressed(most))
        move = self._answer(lambda stack: self._question(stack, prompts, grammar))
        if move.kind is Kind.SILENCE:
            self.found.waited_s += wait_s
            return Heard()
        if move.heard.keys:
            self._keys, self._typed = move.heard.keys, True
            return Heard(keys=self._pressed(most))
        return move.heard

    def _question(self, stack: Stack, prompts: Sequence[Prompt], grammar: Grammar | None) -> tuple[str, tuple[Move, ...]]:
        """What is asked, and what a caller may do."""
        asked = stack.asked()
        if grammar is not None and grammar.name == YES_NO_GRAMMAR:
            name = "yes or no"
        else:
            name = name_of(asked) if asked else (prompts[-1].key if prompts else "keys")
        again = asked is not None and all(prompt.key != f"{name_of(asked)}_1" for prompt in prompts)
        return name, moves_at(self._version, asked, grammar, again)

    def _answer(self, here: Callable[[Stack], tuple[str, tuple[Move, ...]]]) -> Move:
        """The next move of the caller. Raises HungUp."""
        move = self._move(here)
        if move.kind is Kind.HANG_UP:
            self.gone = True
            raise HungUp
        return move

    def _move(self, here: Callable[[Stack], tuple[str, tuple[Move, ...]]]) -> Move:
        """The next move. `here` tells what this point is called, and what may happen at it."""
        self._left -= 1
        if self._left < 0:
            stack = self._stack()
            name, self.found.moves = here(stack)
            self.found.place = stack.place(name, self._listening)
            self.found.service = stack.service()
            self.found.answered = self.answer_heard() != self.answer_before
            raise Stopped
        move = next(self._moves)
        self._typed = False
        if self._left == 0:  # from here on it counts
            self.found.heard, self.found.waited_s, self.found.uses = [], 0.0, []
            self.answer_before = self.answer_heard()
        return move

    def _use(self) -> None:
        if self.gone:
            self.found.used_after_end = True
            raise HungUp
        if self._uses == self._hang_up_at:
            self.gone = True
            raise HungUp
        if self._left <= 0:
            self.found.uses.append((self._uses, self._stack().code()))
        self._uses += 1
        if self._uses > _MOST_USES:
            self.found.never_ends = True
            raise NeverEnds

    def _pressed(self, most: int) -> str:
        pressed = self._keys[:most].partition("#")[0]
        self._keys = self._keys[len(pressed) :]
        if len(pressed) < most:
            self._keys = self._keys.removeprefix("#")
        return pressed

    @staticmethod
    def _stack() -> Stack:
        return stack_above(sys._getframe(1))


def name_of(asked: Menu | NumberEntry) -> str:
    """What a question is called."""
    return asked.name if isinstance(asked, Menu) else asked.question.name
