"""How far it is to an answer and to a person: in turns of the caller, and in seconds that are spoken and waited."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.explorer.findings import reaches_person
from ivr.explorer.graph import longest_ways, nearest_steps, shortest_ways
from ivr.explorer.length import NOWHERE, Length
from ivr.explorer.moves import OVER_ANSWER
from ivr.explorer.place import Place
from ivr.explorer.search import Explored, Step
from ivr.outcome import Contained

_START = "start"
_NOT_ASKED = (_START, "look-up", "yes or no")


@dataclass(frozen=True, slots=True)
class NodeWays:
    """The ways from a menu or a number, from its first word on: the shortest, with every word heard, and `at_worst` the longest
    to a person for who is silent, presses wrong keys or is not understood all along. None where there is none."""

    name: str
    to_person: Length | None
    to_answer: Length | None
    at_worst: Length | None


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways through a flow. `answers` are the shortest ways from the ring to each answer; `longest_to_person` is what a
    caller goes through at worst, from the ring."""

    nodes: tuple[NodeWays, ...]
    answers: Mapping[str, Length]
    longest_to_person: Length

    @property
    def longest_to_answer(self) -> Length:
        """The shortest way to the answer that is furthest away."""
        return max(self.answers.values(), default=NOWHERE)


def ways(calls: Explored) -> Ways:
    """Measure all scenes together: the best of them for the shortest ways, the worst for the longest."""
    to_person = _by_name(shortest_ways(calls, lambda step: reaches_person(step.outcome)))
    to_answer = _by_name(shortest_ways(calls, lambda step: step.answered or isinstance(step.outcome, Contained)))
    at_worst = _by_name(longest_ways(calls, lambda step: reaches_person(step.outcome)))
    names = sorted({place.name for place in calls.ways if not place.name.endswith(OVER_ANSWER)} - set(_NOT_ASKED))
    nodes = (
        NodeWays(
            name, min(to_person[name], default=None), min(to_answer[name], default=None), max(at_worst[name], default=None)
        )
        for name in names
    )  # fmt: skip
    return Ways(tuple(nodes), dict(sorted(_answers(calls).items())), max(at_worst[_START], default=NOWHERE))


def _answers(calls: Explored) -> dict[str, Length]:
    starts = [place for place in calls.ways if place.name == _START]
    found: dict[str, Length] = {}
    for step, length in nearest_steps(calls, starts):
        if step.answered:
            name = _answer_of(step)
            found[name] = min(length, found.get(name, length))
    return found


def _answer_of(step: Step) -> str:
    return step.start.name.removesuffix(OVER_ANSWER).removeprefix("after_")


def _by_name(lengths: Mapping[Place, Length]) -> dict[str, list[Length]]:
    found: dict[str, list[Length]] = defaultdict(list)
    for place, length in lengths.items():
        found[place.name].append(length)
    return found
