"""What an exploration found wrong, each with the way that leads there."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import BadInput
from ivr.catalogue import text_of
from ivr.explorer.moves import LISTENS_ON, Kind, Move
from ivr.explorer.place import Place
from ivr.explorer.search import Explored, Scene, Step
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
    """One thing that is wrong. `scene` and `way` lead there; both are empty for what no call can show."""

    fault: Fault
    what: str
    scene: Scene | None = None
    way: tuple[Move, ...] = ()

    def __str__(self) -> str:
        told = f"{self.fault}: {self.what}."
        if self.scene is None:
            return told
        moves = ", ".join(move.name for move in self.way if move.kind is not Kind.RECORDS_ANSWER) or "at once"
        return f"{told} Way there: {self.scene}: {moves}."


def findings(flow: Flow, explored: Sequence[Explored], queues: Collection[str]) -> list[Finding]:
    """Everything that is wrong; [] for a flow that lets nobody down. One finding for each thing, however many ways there are."""
    found = [*_never_reached(flow, explored), *_phrases(flow)]
    for done in explored:
        for check in (_breaks, _ways_out, _zero, _loops, _sentences):
            found += check(done, queues)
    first: dict[tuple[Fault, str], Finding] = {}
    for finding in found:
        first.setdefault((finding.fault, finding.what), finding)
    return list(first.values())


def reaches_person(outcome: Outcome | None) -> bool:
    """Whether the call ended with a person, or the promise of one."""
    return isinstance(outcome, RouteTo | CallBack)


def is_passive(move: Move) -> bool:
    """What happens to a caller who does nothing that brings them on."""
    return move.idle or move == LISTENS_ON or move.kind in (Kind.RECORDS_ANSWER, Kind.RECORDS_SLOW, Kind.RECORDS_FAIL)


def _breaks(done: Explored, queues: Collection[str]) -> Iterator[Finding]:
    for way, what in done.broken:
        yield Finding(Fault.BREAKS, what, done.scene, way)
    for step in done.steps:
        if isinstance(step.outcome, RouteTo):
            way = _way(done, step)
            if step.outcome.reason == Reason.FLOW_FAILED:
                yield Finding(Fault.BREAKS, f"the flow fails after {step.move.name} at {step.start.name}", done.scene, way)
            if step.outcome.queue not in queues:
                yield Finding(Fault.BREAKS, f"there is no queue {step.outcome.queue!r}", done.scene, way)


def _ways_out(done: Explored, _queues: Collection[str]) -> Iterator[Finding]:
    before: dict[Place, list[Place]] = defaultdict(list)
    for step in done.steps:
        if step.place is not None:
            before[step.place].append(step.start)
    ends = {step.start for step in done.steps if step.outcome is not None and step.move.kind is not Kind.HANG_UP}
    persons = {step.start for step in done.steps if reaches_person(step.outcome)}
    out, to_person = _all_before(ends, before), _all_before(persons, before)
    for place, way in done.ways.items():
        if place not in out:
            yield Finding(Fault.DEAD_END, f"from {place.name} a caller can only hang up", done.scene, way)
        elif place not in to_person and done.scene.is_open:
            yield Finding(Fault.NO_PERSON, f"from {place.name} no way leads to a person", done.scene, way)


def _zero(done: Explored, _queues: Collection[str]) -> Iterator[Finding]:
    if not done.scene.is_open:
        return
    looks_up = {step.start: step for step in done.steps if step.move.kind is Kind.RECORDS_ANSWER}

    def is_heeded(step: Step | None) -> bool:
        """With a person, or the promise of one, whatever is looked up or written before."""
        while step is not None and step.place is not None:
            step = looks_up.get(step.place)
        return step is not None and reaches_person(step.outcome)

    for step in done.steps:
        if step.move.wants_person and not is_heeded(step):
            what = f"{step.move.name} at {step.start.name} leads to {step.place.name if step.place else step.outcome}"
            yield Finding(Fault.NOT_AT_ONCE, what, done.scene, _way(done, step))


def _loops(done: Explored, _queues: Collection[str]) -> Iterator[Finding]:
    """Circles that a caller goes round who is silent, presses wrong keys or is not understood."""
    ahead: dict[Place, list[Step]] = defaultdict(list)
    for step in done.steps:
        if step.place is not None and is_passive(step.move):
            ahead[step.start].append(step)
    finished: set[Place] = set()
    for first in done.ways:
        trail: list[Place] = []
        stack: list[tuple[Place, int]] = [(first, 0)]
        while stack:
            place, number = stack.pop()
            del trail[len(stack) :]
            if place in finished:
                continue
            if number == 0 and place in trail:
                continue
            trail.append(place)
            if number == len(ahead[place]):
                finished.add(place)
                trail.pop()
                continue
            stack.append((place, number + 1))
            step = ahead[place][number]
            if step.place in trail[:]:
                circle = trail[trail.index(step.place) :]
                names = " → ".join(dict.fromkeys(each.name for each in circle))
                yield Finding(Fault.LOOP, f"{names} goes round for ever", done.scene, done.ways[step.place])
            elif step.place is not None and step.place not in finished:
                stack.append((step.place, 0))


def _sentences(done: Explored, _queues: Collection[str]) -> Iterator[Finding]:
    known: set[tuple[str, str, str, tuple[str, ...]]] = set()
    for step in done.steps:
        for prompt in step.heard:
            key = (prompt.key, prompt.language, prompt.text, tuple(prompt.values))
            if key in known:
                continue
            known.add(key)
            problem = _unspeakable(prompt)
            if problem:
                yield Finding(Fault.NO_SENTENCE, problem, done.scene, _way(done, step))


def _unspeakable(prompt: Prompt) -> str:
    try:
        text_of(prompt)
    except BadInput as problem:
        return problem.message.rstrip(".")
    return ""


def _never_reached(flow: Flow, explored: Sequence[Explored]) -> Iterator[Finding]:
    menus = {name for done in explored for name in done.menus}
    services = {name for done in explored for name in done.services}
    for name in flow.menus:
        if name not in menus:
            yield Finding(Fault.NEVER_REACHED, f"the menu {name}")
    wanted = {choice.does for menu in flow.menus.values() for choice in menu.choices if choice.does}
    for name in sorted(wanted - services):
        yield Finding(Fault.NEVER_REACHED, f"the service {name}")


def _phrases(flow: Flow) -> Iterator[Finding]:
    for name, menu in flow.menus.items():
        options = {choice.name: choice.all_phrases() for choice in menu.choices}
        for choice in menu.choices:
            for phrase in choice.all_phrases():
                if judge(Heard(words=phrase, confidence=1.0, spoke=True), options) != Taken(choice.name):
                    yield Finding(Fault.NOT_UNDERSTOOD, f'"{phrase}" at {name}')


def _way(done: Explored, step: Step) -> tuple[Move, ...]:
    return (*done.ways.get(step.start, ()), step.move)


def _all_before(places: Collection[Place], before: dict[Place, list[Place]]) -> set[Place]:
    found, waiting = set(places), list(places)
    while waiting:
        for place in before[waiting.pop()]:
            if place not in found:
                found.add(place)
                waiting.append(place)
    return found
