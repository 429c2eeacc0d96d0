"""The search: from every beginning, every move at every place, until no new place is found."""

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Protocol

from ivr.explorer.length import Length
from ivr.explorer.moves import End, Kind, Move
from ivr.explorer.place import Place
from ivr.explorer.probe import Probe, Probed
from ivr.line import Prompt
from ivr.outcome import CallBack, CallerGone, Outcome

MOST_PROBES = 200_000
_BEGINS = Move(Kind.RECORDS_ANSWER, "the call begins")


class Beginning(Hashable, Protocol):
    """Where a search begins, in words for people. `is_open`: somebody is there, so that everybody must reach them;
    `listening`: words are understood."""

    @property
    def listening(self) -> bool: ...

    @property
    def is_open(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Way:
    """How a place is reached."""

    beginning: Beginning
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One move and what came of it: the next `place`, or the `outcome`. `at_worst` is None for what brings a caller on."""

    start: Place
    move: Move
    place: Place | None
    outcome: Outcome | End | None
    heard: tuple[Prompt, ...]
    took: Length
    at_worst: Length | None
    answered: bool


@dataclass(slots=True)
class Explored:
    """Everything that can happen. `ways` is a shortest way to each place, in the order in which they were found; `services`
    are those that were reached; `hang_ups` how many lines of code a caller was gone at."""

    steps: list[Step] = field(default_factory=list)
    ways: dict[Place, Way] = field(default_factory=dict)
    services: set[str] = field(default_factory=set)
    broken: list[tuple[Way, str]] = field(default_factory=list)
    probes: int = 0
    hang_ups: int = 0


def start_of(beginning: Beginning) -> Place:
    """The place before anything has happened."""
    return Place(("start", beginning), "start")


class Search:
    """Follows every move from every place, the nearest places first. `seconds_of` tells how long a sentence takes."""

    def __init__(self, seconds_of: Callable[[Prompt], float], most_probes: int = MOST_PROBES) -> None:
        self.found = Explored()
        self._seconds_of, self._most_probes = seconds_of, most_probes
        self._places: dict[Place, Place] = {}  # one object for each: places that are the same are found at once
        self._seen_uses: set[Place] = set()

    def explore(self, beginning: Beginning, probe: Probe) -> None:
        """Everything that can happen from here on. A place that was found from an earlier beginning is not followed again."""
        found = self.found
        waiting: deque[tuple[Place, Way, tuple[Move, ...]]] = deque()

        def go(start: Place, way: Way) -> None:
            found.probes += 1
            probed = probe(way.moves, None)
            if probed.place is not None:
                probed.place = self._places.setdefault(probed.place, probed.place)
            self._note(start, way, probed)
            if probed.place is not None and probed.place not in found.ways:
                found.ways[probed.place] = way
                found.services |= {probed.service} - {""}
                waiting.append((probed.place, way, probed.moves))
            for number, place in probed.uses:
                if place not in self._seen_uses:
                    self._seen_uses.add(place)
                    self._hang_up(way, probe, number)

        start = start_of(beginning)
        found.ways[start] = Way(beginning)
        go(start, Way(beginning))
        while waiting:
            place, way, moves = waiting.popleft()
            for move in moves:
                if found.probes >= self._most_probes:
                    found.broken.append((way, f"more than {self._most_probes} probes were not enough"))
                    return
                go(place, Way(beginning, (*way.moves, move)))

    def _note(self, start: Place, way: Way, probed: Probed) -> None:
        found = self.found
        move = way.moves[-1] if way.moves else _BEGINS
        around = Length(sum(map(self._seconds_of, probed.heard)) + probed.waited_s, 0)
        if move.kind is Kind.END:
            took, at_worst = move.took + around, move.at_worst + around if move.at_worst is not None else None
        else:
            took = around + Length(0.0, 0 if move.looks_up or move.kind is Kind.LISTENS_ON else 1)
            at_worst = took if move.passive else None
        found.steps.append(Step(start, move, probed.place, probed.outcome, tuple(probed.heard), took, at_worst, probed.answered))
        if probed.never_ends:
            found.broken.append((way, "goes on and on without asking anything"))
        if probed.used_after_end:
            found.broken.append((way, "speaks to a caller who is gone"))
        if move.kind is Kind.HANG_UP and probed.outcome is None:
            found.broken.append((way, "asks a caller who is gone"))

    def _hang_up(self, way: Way, probe: Probe, number: int) -> None:
        self.found.probes += 1
        self.found.hang_ups += 1
        probed = probe(way.moves, number)
        if probed.used_after_end or probed.place is not None:
            self.found.broken.append((way, "goes on after a hang-up"))
        elif not isinstance(probed.outcome, CallerGone | CallBack):  # a hang-up may leave a promise behind; nothing else
            self.found.broken.append((way, f"a hang-up ends as {probed.outcome}"))
