"""How far it is to an answer and to a person: in turns of the caller, and in seconds that are spoken and waited."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from ivr.explorer.findings import is_passive, reaches_person
from ivr.explorer.moves import LISTENS_ON, Kind
from ivr.explorer.place import Place
from ivr.explorer.search import START, Explored, Step
from ivr.outcome import Contained

_OVER_ANSWER = " (over the answer)"


@dataclass(frozen=True, slots=True, order=True)
class Length:
    """How long a way is. `seconds_s` comes first: it is what a caller feels."""

    seconds_s: float
    turns: int

    def __add__(self, other: "Length") -> "Length":
        return Length(self.seconds_s + other.seconds_s, self.turns + other.turns)


NOWHERE = Length(0.0, 0)


@dataclass(frozen=True, slots=True)
class NodeWays:
    """The shortest ways from a menu or a number, heard to its end; None where there is none."""

    name: str
    to_person: Length | None
    to_answer: Length | None


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways through a flow. `answers` are the shortest ways from the ring to each answer; `longest_to_person` is what a
    caller goes through at worst who is silent, presses wrong keys or is not understood all along."""

    nodes: tuple[NodeWays, ...]
    answers: Mapping[str, Length]
    longest_to_person: Length

    @property
    def longest_to_answer(self) -> Length:
        """The shortest way to the answer that is furthest away."""
        return max(self.answers.values(), default=NOWHERE)


def ways(explored: Sequence[Explored]) -> Ways:
    """Measure all scenes together: the best of them for the shortest ways, the worst for the longest."""
    nodes: dict[str, tuple[list[Length], list[Length]]] = defaultdict(lambda: ([], []))
    answers: dict[str, list[Length]] = defaultdict(list)
    worst = [NOWHERE]
    for done in explored:
        for place, length in _shortest(done, lambda step: reaches_person(step.outcome)).items():
            nodes[_name(place)][0].append(length)
        for place, length in _shortest(done, _is_answer).items():
            nodes[_name(place)][1].append(length)
        for name, length in _to_answers(done):
            answers[name].append(length)
        worst.append(_longest_to_person(done))
    asked = [name for name in nodes if name not in ("start", "look-up", "yes or no")]
    return Ways(
        tuple(NodeWays(name, min(nodes[name][0], default=None), min(nodes[name][1], default=None)) for name in sorted(asked)),
        {name: min(lengths) for name, lengths in sorted(answers.items())},
        max(worst),
    )


def _name(place: Place) -> str:
    return place.name.removesuffix(_OVER_ANSWER)


def _is_answer(step: Step) -> bool:
    return step.answered or isinstance(step.outcome, Contained)


def _length(step: Step) -> Length:
    """A look-up and listening on are no turns of the caller."""
    looks_up = step.move.kind in (Kind.RECORDS_ANSWER, Kind.RECORDS_SLOW, Kind.RECORDS_FAIL)
    return Length(step.seconds_s, 0 if looks_up or step.move == LISTENS_ON else 1)


def _shortest(done: Explored, wanted: Callable[[Step], bool]) -> dict[Place, Length]:
    """From each place the shortest way to a step that is wanted (Dijkstra, backwards)."""
    before: dict[Place, list[Step]] = defaultdict(list)
    best: dict[Place, Length] = {}
    ticket = count()
    heap: list[tuple[Length, int, Place]] = []
    for step in done.steps:
        if step.move.kind is Kind.HANG_UP:
            continue
        if wanted(step):
            heapq.heappush(heap, (_length(step), next(ticket), step.start))
        if step.place is not None:
            before[step.place].append(step)
    while heap:
        length, _, place = heapq.heappop(heap)
        if place in best:
            continue
        best[place] = length
        for step in before[place]:
            if step.start not in best:
                heapq.heappush(heap, (length + _length(step), next(ticket), step.start))
    return best


def _to_answers(done: Explored) -> Iterable[tuple[str, Length]]:
    """From the ring forwards: the shortest way to the end of each answer."""
    ahead: dict[Place, list[Step]] = defaultdict(list)
    for step in done.steps:
        ahead[step.start].append(step)
    seen: set[Place] = set()
    heap: list[tuple[Length, int, Place]] = [(NOWHERE, 0, START)]
    ticket = count(1)
    while heap:
        length, _, place = heapq.heappop(heap)
        if place in seen:
            continue
        seen.add(place)
        for step in ahead[place]:
            further = length + _length(step)
            if step.answered:
                yield _name(place).removeprefix("after_"), further
            if step.place is not None and step.place not in seen:
                heapq.heappush(heap, (further, next(ticket), step.place))


def _longest_to_person(done: Explored) -> Length:
    """The longest way along passive moves only; a circle among them is a finding of its own and is not gone round."""
    ahead: dict[Place, list[Step]] = defaultdict(list)
    for step in done.steps:
        if is_passive(step.move):
            ahead[step.start].append(step)
    known: dict[Place, Length | None] = {}
    stack: list[tuple[Place, bool]] = [(START, False)]
    begun: set[Place] = set()
    while stack:
        place, ready = stack.pop()
        if ready:
            found = [_length(step) for step in ahead[place] if reaches_person(step.outcome)]
            for step in ahead[place]:
                rest = known.get(step.place) if step.place is not None else None
                if rest is not None:
                    found.append(_length(step) + rest)
            known[place] = max(found, default=None)
            continue
        if place in begun:
            continue
        begun.add(place)
        stack.append((place, True))
        stack += [(step.place, False) for step in ahead[place] if step.place is not None and step.place not in begun]
    return known.get(START) or NOWHERE
