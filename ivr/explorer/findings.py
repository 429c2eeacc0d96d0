"""What an exploration found wrong, each with the way that leads there."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.errors import BadInput
from ivr.catalogue import text_of
from ivr.explorer.everything import Exploration
from ivr.explorer.graph import passive_circles, places_before, steps_ahead
from ivr.explorer.moves import End, Kind
from ivr.explorer.search import Explored, Step, Way
from ivr.flow import Flow
from ivr.hearing import Taken, judge
from ivr.line import Heard, Prompt
from ivr.outcome import CallBack, Outcome, RouteTo
from ivr.reasons import Reason


class Fault(StrEnum):
    """What can be wrong."""

    LOOP = "loop without progress"
    DEAD_END = "dead end"
    NO_PERSON = "no way to a person"
    NOT_AT_ONCE = "a wish for a person is not heeded"
    NEVER_REACHED = "never reached"
    NO_SENTENCE = "no such sentence"
    NOT_UNDERSTOOD = "a phrase is not understood"
    BREAKS = "breaks"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and the `way` that leads there; None for what no call can show."""

    fault: Fault
    what: str
    way: Way | None = None

    def __str__(self) -> str:
        told = f"{self.fault}: {self.what}."
        if self.way is None:
            return told
        moves = ", ".join(move.name for move in self.way.moves if move.kind is not Kind.RECORDS_ANSWER) or "at once"
        return f"{told} Way there: {self.way.beginning}: {moves}."


def findings(flow: Flow, exploration: Exploration, queues: Collection[str]) -> list[Finding]:
    """Everything that is wrong; [] for a flow that lets nobody down. One finding for each thing, however many ways there are."""
    found = [*_never_reached(flow, exploration), *_phrases(flow)]
    for done in exploration.every:
        found += [*_breaks(done, queues), *_ways_out(done), *_zero(done), *_loops(done), *_sentences(done)]
    first: dict[tuple[Fault, str], Finding] = {}
    for finding in found:
        first.setdefault((finding.fault, finding.what), finding)
    return list(first.values())


def reaches_person(outcome: Outcome | End | None) -> bool:
    """Whether it ended with a person, or the promise of one; for a question by itself: that one is wanted."""
    return isinstance(outcome, RouteTo | CallBack) or (isinstance(outcome, End) and outcome.wanted is not None)


def _breaks(done: Explored, queues: Collection[str]) -> Iterator[Finding]:
    for way, what in done.broken:
        yield Finding(Fault.BREAKS, what, way)
    for step in done.steps:
        if isinstance(step.outcome, RouteTo):
            if step.outcome.reason == Reason.FLOW_FAILED:
                yield Finding(Fault.BREAKS, f"the flow fails after {step.move.name} at {step.start.name}", _way(done, step))
            if step.outcome.queue not in queues:
                yield Finding(Fault.BREAKS, f"there is no queue {step.outcome.queue!r}", _way(done, step))


def _ways_out(done: Explored) -> Iterator[Finding]:
    ends = {step.start for step in done.steps if step.outcome is not None and step.move.kind is not Kind.HANG_UP}
    persons = {step.start for step in done.steps if reaches_person(step.outcome)}
    out, to_person = places_before(done, ends), places_before(done, persons)
    for place, way in done.ways.items():
        if place not in out:
            yield Finding(Fault.DEAD_END, f"from {place.name} a caller can only hang up", way)
        elif place not in to_person and way.beginning.is_open:
            yield Finding(Fault.NO_PERSON, f"from {place.name} no way leads to a person", way)


def _zero(done: Explored) -> Iterator[Finding]:
    ahead = steps_ahead(done)

    def is_heeded(step: Step | None) -> bool:
        """With a person, or the promise of one, whatever is looked up or written before."""
        while step is not None and step.place is not None:
            step = next((each for each in ahead[step.place] if each.move.kind is Kind.RECORDS_ANSWER), None)
        return step is not None and reaches_person(step.outcome)

    for step in done.steps:
        if step.move.wants_person and done.ways[step.start].beginning.is_open and not is_heeded(step):
            what = f"{step.move.name} at {step.start.name} leads to {step.place.name if step.place else step.outcome}"
            yield Finding(Fault.NOT_AT_ONCE, what, _way(done, step))


def _loops(done: Explored) -> Iterator[Finding]:
    """Circles that a caller goes round who is silent, presses wrong keys or is not understood."""
    for circle in passive_circles(done):
        names = " → ".join(dict.fromkeys(each.name for each in circle))
        yield Finding(Fault.LOOP, f"{names} goes round for ever", done.ways[circle[0]])


def _sentences(done: Explored) -> Iterator[Finding]:
    known: set[tuple[str, str, str, tuple[str, ...]]] = set()
    for step in done.steps:
        for prompt in step.heard:
            key = (prompt.key, prompt.language, prompt.text, tuple(prompt.values))
            if key in known:
                continue
            known.add(key)
            problem = _unspeakable(prompt)
            if problem:
                yield Finding(Fault.NO_SENTENCE, problem, _way(done, step))


def _unspeakable(prompt: Prompt) -> str:
    try:
        text_of(prompt)
    except BadInput as problem:
        return problem.message.rstrip(".")
    return ""


def _never_reached(flow: Flow, exploration: Exploration) -> Iterator[Finding]:
    asked = {place.name for place in exploration.calls.ways}
    made: dict[str, set[str]] = defaultdict(set)
    for step in exploration.calls.steps:
        if step.move.kind is Kind.END:
            made[step.start.name].add(step.move.end.answer)
    for name, menu in flow.menus.items():
        if name not in asked:
            yield Finding(Fault.NEVER_REACHED, f"the menu {name}")
            continue
        for choice in menu.choices:
            if choice.name not in made[name]:
                yield Finding(Fault.NEVER_REACHED, f"the choice {choice.name} at {name}")
    wanted = {choice.does for menu in flow.menus.values() for choice in menu.choices if choice.does}
    for service in sorted(wanted - exploration.calls.services):
        yield Finding(Fault.NEVER_REACHED, f"the service {service}")


def _phrases(flow: Flow) -> Iterator[Finding]:
    for name, menu in flow.menus.items():
        options = {choice.name: choice.all_phrases() for choice in menu.choices}
        for choice in menu.choices:
            for phrase in choice.all_phrases():
                if judge(Heard(words=phrase, confidence=1.0, spoke=True), options) != Taken(choice.name):
                    yield Finding(Fault.NOT_UNDERSTOOD, f'"{phrase}" at {name}')


def _way(done: Explored, step: Step) -> Way:
    there = done.ways[step.start]
    return Way(there.beginning, (*there.moves, step.move))
