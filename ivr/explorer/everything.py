"""Explores a whole flow: its questions each by itself, and every call over them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ivr.explorer.calls import NOW, Calls
from ivr.explorer.moves import NOISE, Kind, Move
from ivr.explorer.questions import Questions
from ivr.explorer.records import RememberedDesk
from ivr.explorer.scenes import Scene, scenes
from ivr.explorer.search import Explored, Search
from ivr.explorer.seconds import Sentence, seconds_from
from ivr.flow import Flow
from ivr.flow_version import FlowVersion
from ivr.services import SERVICES
from ivr.services.service import Service

_FAULTS = {
    Kind.SILENCE: "silence", Kind.HANG_UP: "hang-up", Kind.RECORDS_SLOW: "slow records", Kind.RECORDS_FAIL: "dead records",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exploration:
    """Everything that can happen in a flow: in `calls`, and inside of each of their `questions`."""

    calls: Explored
    questions: tuple[Explored, ...]

    @property
    def every(self) -> tuple[Explored, ...]:
        """Both."""
        return (self.calls, *self.questions)

    @property
    def places(self) -> int:
        """How many places there are."""
        return sum(len(done.ways) for done in self.every)

    @property
    def moves(self) -> int:
        """How many moves were made at them."""
        return sum(len(done.steps) for done in self.every)

    def faults(self) -> Counter[str]:
        """How often each fault was tried, the most frequent first."""
        tried: Counter[str] = Counter()
        for done in self.every:
            tried["hang-up"] += done.hang_ups
            for step in done.steps:
                if (name := _fault_of(step.move)) is not None:
                    tried[name] += 1
                tried["recogniser dead"] += not done.ways[step.start].beginning.listening
        return Counter(dict(tried.most_common()))


def explore_flow(
    flow: Flow,
    known_s: Mapping[Sentence, float],
    told: Callable[[Scene, Exploration], object] = lambda *_: None,
    only: Sequence[Scene] = (),
    services: Mapping[str, Service] = SERVICES,
) -> Exploration:
    """Everything that can happen in this flow; the same every time.

    `known_s` are the lengths of sentences that were measured; `told` hears after each scene what was found so far; `only`
    are the scenes to explore, all when there are none.
    """
    seconds_of = seconds_from(known_s)
    version = FlowVersion(flow, 0, "explorer")
    questions, search = Questions(version, seconds_of), Search(seconds_of)
    with RememberedDesk(NOW) as desk:
        calls = Calls(version, questions, desk, services)
        for scene in only or scenes(flow):
            search.explore(scene, partial(calls.probe, scene))
            told(scene, Exploration(search.found, tuple(questions.explored)))
    return Exploration(search.found, tuple(questions.explored))


def _fault_of(move: Move) -> str | None:
    if move.kind is Kind.ANSWER and move.idle:
        return "noise" if move == NOISE else "wrong key"
    return _FAULTS.get(move.kind)
