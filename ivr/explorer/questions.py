"""Every question that a flow asks, walked once: what becomes of it does not depend on what led there.

A menu and a number are asked by one object that knows its words and how well this caller was understood so far, and
nothing else of the call (ivr.menu.Menu, ivr.number_entry.NumberEntry). So each is walked by itself, from every state of
those ears, with every try, wrong key, noise and question back; and a call is then walked over the ends of whole questions.
"""

from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from ivr.explorer.graph import longest_ways, nearest_ends
from ivr.explorer.length import Length
from ivr.explorer.moves import HANG_UP, End, Kind, Move
from ivr.explorer.place import Place, watched
from ivr.explorer.probe import Probed, ProbeLine, Stopped, name_of
from ivr.explorer.search import Explored, Search, Step, start_of
from ivr.flow_version import FlowVersion
from ivr.line import HungUp, InboundCall, Prompt
from ivr.menu import MOST_MISHEARD, Ears, Menu, PersonWanted
from ivr.number_entry import NumberEntry
from ivr.outcome import CallerGone
from ivr.reasons import Reason

Asked = Menu | NumberEntry
_CALL = InboundCall("", "", "", "")
_EARS = ("", "misheard once", "by key alone")


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it begins to be asked, of a caller who was not understood `misheard` times just before."""

    name: str
    languages: tuple[str, ...]
    listening: bool
    misheard: int = 0
    is_open: bool = True  # whether a person is there is not the question's business: it must say that one is wanted

    def __str__(self) -> str:
        how = (self.listening and _EARS[self.misheard]) or ("" if self.listening else "recogniser dead")
        return ", ".join(filter(None, (f"{self.name} ({'+'.join(self.languages)})", how)))


class Questions:
    """The questions of one version of a flow, each walked when it is first met."""

    def __init__(self, version: FlowVersion, seconds_of: Callable[[Prompt], float]) -> None:
        self._version, self._seconds_of = version, seconds_of
        self._ends: dict[Hashable, tuple[Move, ...]] = {}
        self.explored: list[Explored] = []

    def moves_at(self, asked: Asked, listening: bool) -> tuple[Move, ...]:
        """Every end of a question, and a hang-up. `listening` False: no word is understood.

        What a question is about (a day, an amount) is said at every try; the first stands for all, as they take alike.
        """
        key = (*_offered(asked), listening)
        if key not in self._ends:
            self._ends[key] = (*self._walked(asked, listening), HANG_UP)
        return self._ends[key]

    def _walked(self, asked: Asked, listening: bool) -> list[Move]:
        search = Search(self._seconds_of)
        askings = [
            Asking(name_of(asked), _languages(asked), listening, misheard)
            for misheard in (range(MOST_MISHEARD + 1) if listening else (0,))
        ]
        for asking in askings:
            search.explore(asking, partial(self._ask, asked, asking))
        found = search.found
        self.explored.append(found)
        starts = [start_of(asking) for asking in askings]
        return [
            _whole(found, asked, end, *nearest, starts)
            for end, nearest in nearest_ends(found, starts).items()
            if isinstance(end, End)
        ]

    def _ask(self, asked: Asked, asking: Asking, moves: Sequence[Move], hang_up_at: int | None) -> Probed:
        line = ProbeLine(_CALL, self._version, moves, asking.listening, hang_up_at)
        with suppress(Stopped):
            line.found.outcome = watched(lambda: _end_of(asked, line, Ears(asking.misheard)))
        return line.found


def _end_of(asked: Asked, line: ProbeLine, ears: Ears) -> End | CallerGone:
    try:
        return End(asked.ask(line, ears))
    except PersonWanted as wanted:
        return End(wanted=wanted.reason)
    except HungUp:
        return CallerGone()


def _whole(found: Explored, asked: Asked, end: End, last: Step, took: Length, starts: Sequence[Place]) -> Move:
    """The question, walked to this end in one move."""
    worst = longest_ways(found, lambda step: step.outcome == end)
    at_worst = max((worst[start] for start in starts if start in worst), default=None)
    how = ", ".join(move.name for move in (*found.ways[last.start].moves, last.move))
    return Move(
        Kind.END, f"{name_of(asked)}: {how}", idle=at_worst is not None, wants_person=end.wanted is Reason.ASKED_FOR_PERSON,
        end=end, took=took, at_worst=at_worst,
    )  # fmt: skip


def _offered(asked: Asked) -> tuple[Hashable, ...]:
    if isinstance(asked, NumberEntry):
        return asked.question, asked.language
    return asked.name, asked.languages, tuple(choice.name for choice in asked.choices), bool(asked.about)


def _languages(asked: Asked) -> tuple[str, ...]:
    return asked.languages if isinstance(asked, Menu) else (asked.language,)
