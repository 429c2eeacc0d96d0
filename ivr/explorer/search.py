"""The search: from the beginning of a call, every move at every place, until no new place is found."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from crm.callback_tasks import CallbackWish
from ivr.conversations.people import WHO
from ivr.desk import CallerFacts, CrmDesk
from ivr.explorer.moves import Kind, Move
from ivr.explorer.place import Place
from ivr.explorer.probe import Probed, ProbeLine, Stopped
from ivr.explorer.records import Remembered, RememberedDesk
from ivr.flow import Condition, Flow
from ivr.flow_run import run_flow
from ivr.flow_version import FlowVersion
from ivr.hours import OpenState, Why
from ivr.line import InboundCall, Prompt
from ivr.message_box import MessageBox
from ivr.outcome import CallerGone, Outcome
from ivr.runner import run
from ivr.visit import DEFAULT_LANGUAGE, Visit

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2025, 2, 3, 9, 30, tzinfo=ZONE)
START = Place(("start",), "start")
# A caller whom we could not look up is a stranger in every scene: followed in one of them.
EXAMPLE = "stranger"
_SURE, _ALWAYS = frozenset({"callers"}), frozenset[str]()
_HOLDS = frozenset({Condition.CARDS})
_INTERACTION = "3f2b9c1e-8d1a-4f6b-9a51-0a1b2c3d4e5f"


@dataclass(frozen=True, slots=True)
class Scene:
    """What is given before a call begins: who calls which number, whether anybody listens, whether it is open."""

    caller: str
    listening: bool = True
    is_open: bool = True
    dialled: str = "1500400"
    segment: str = ""

    def __str__(self) -> str:
        more = [
            "" if self.listening else "recogniser dead",
            "" if self.is_open else "closed",
            "" if self.dialled == Scene("").dialled else f"dialled {self.dialled}",
            f"segment {self.segment}" if self.segment else "",
        ]
        return ", ".join([self.caller, *filter(None, more)])


@dataclass(frozen=True, slots=True)
class Step:
    """One move and what came of it: the next `place`, or the `outcome` of the call. `seconds` are spoken and waited."""

    start: Place
    move: Move
    place: Place | None
    outcome: Outcome | None
    heard: tuple[Prompt, ...]
    seconds_s: float
    answered: bool


@dataclass(slots=True)
class Explored:
    """Everything that can happen in one scene. `ways` is a shortest sequence of moves to each place, `menus` and `services` those
    that were reached."""

    scene: Scene
    steps: list[Step] = field(default_factory=list)
    ways: dict[Place, tuple[Move, ...]] = field(default_factory=dict)
    menus: set[str] = field(default_factory=set)
    services: set[str] = field(default_factory=set)
    broken: list[tuple[tuple[Move, ...], str]] = field(default_factory=list)
    calls: int = 0


def scenes(flow: Flow) -> list[Scene]:
    """The scenes that this flow knows: every caller; some of them without a recogniser, closed, and by each entry."""
    found = [Scene(caller) for caller in WHO if caller != "withheld"]
    some = [Scene("Sari"), Scene("stranger")]
    found += [replace(scene, listening=False) for scene in some]
    if flow.closed:
        found += [replace(scene, is_open=False) for scene in some]
    for entry in flow.entries:
        if entry.dialled or entry.segments:
            narrowed = Scene("", dialled=(*entry.dialled, Scene("").dialled)[0], segment=(*entry.segments, "")[0])
            found += [replace(narrowed, caller=scene.caller) for scene in some]
    return found


class Explorer:
    """Explores a flow on the data set of conversations. `seconds_of` tells how long a sentence takes; `desk` is of NOW."""

    def __init__(self, flow: Flow, seconds_of: Callable[[Prompt], float], desk: RememberedDesk) -> None:
        self._version = FlowVersion(flow, 0, "explorer")
        self._seconds_of, self._desk = seconds_of, desk

    def explore(self, scene: Scene, most_calls: int = 200_000) -> Explored:
        """Follow every move from every place, the nearest places first."""
        done = Explored(scene)
        first = self._call(scene, ())
        done.calls += 1
        waiting: deque[tuple[Place, tuple[Move, ...], tuple[Move, ...]]] = deque()
        seen_uses: set[Place] = set()

        def take(start: Place, way: tuple[Move, ...], found: Probed) -> None:
            move = way[-1] if way else Move(Kind.RECORDS_ANSWER, "the call begins")
            self._note(done, start, move, way, found)
            if found.place is not None and found.place not in done.ways:
                done.ways[found.place] = way
                done.menus |= {found.menu} - {""}
                done.services |= {found.service} - {""}
                waiting.append((found.place, way, found.moves))
            for number, place in found.uses:
                if place not in seen_uses:
                    seen_uses.add(place)
                    self._hang_up(done, way, number)

        take(START, (), first)
        while waiting:
            place, way, moves = waiting.popleft()
            for move in moves:
                if done.calls >= most_calls:
                    done.broken.append((way, f"more than {most_calls} calls were not enough"))
                    return done
                done.calls += 1
                further = (*way, move)
                take(place, further, self._call(scene, further))
        return done

    def _note(self, done: Explored, start: Place, move: Move, way: tuple[Move, ...], found: Probed) -> None:
        seconds_s = sum(map(self._seconds_of, found.heard)) + found.waited_s
        done.steps.append(Step(start, move, found.place, found.outcome, tuple(found.heard), seconds_s, found.answered))
        if found.never_ends:
            done.broken.append((way, "goes on and on without asking anything"))
        if found.used_after_end:
            done.broken.append((way, "speaks to a caller who is gone"))
        if move.kind is Kind.HANG_UP and found.outcome is None:
            done.broken.append((way, "asks a caller who is gone"))

    def _hang_up(self, done: Explored, way: tuple[Move, ...], number: int) -> None:
        done.calls += 1
        found = self._call(done.scene, way, hang_up_at=number)
        if found.used_after_end or found.place is not None:
            done.broken.append((way, "goes on after a hang-up"))
        elif not isinstance(found.outcome, CallerGone) and _is_lost(found.outcome):
            done.broken.append((way, f"a hang-up ends as {found.outcome}"))

    def _call(self, scene: Scene, way: Sequence[Move], hang_up_at: int | None = None) -> Probed:
        call = InboundCall(_INTERACTION, WHO[scene.caller], scene.dialled, "PJSIP/trunk-00000001")
        line = ProbeLine(call, self._version, way, scene.listening, _ALWAYS if scene.caller == EXAMPLE else _SURE, hang_up_at)
        self._desk.begin()
        desk = cast(CrmDesk, _InSegment(self._desk, scene.segment) if scene.segment else self._desk)
        visit: Visit

        def fill() -> None:
            line.say(Prompt("looking_up", visit.language))

        records = Remembered(desk, fill, line.look_up)
        visit = Visit(
            line=line, records=records, now=NOW, version=self._version, message_box=_NoBox(Path("/nonexistent")),
            language=DEFAULT_LANGUAGE,
        )  # fmt: skip
        line.answer_heard = lambda: visit.heard
        try:
            visit.holds = _HOLDS
            if not scene.is_open:
                visit.opening = OpenState(False, Why.REGULAR, ZONE, opens_next=NOW + timedelta(days=1))
            line.found.outcome = run(run_flow, visit)
            line.found.answered = line.found.answered or visit.heard != line.answer_before
        except Stopped:
            pass
        return line.found


def _is_lost(outcome: Outcome | None) -> bool:
    """A hang-up may still leave a promise behind; nothing else."""
    return type(outcome).__name__ != "CallBack"


class _NoBox(MessageBox):
    """Keeps no message: the calls of an explorer are nobody's."""

    def put(self, wish: CallbackWish) -> None:
        pass

    def forget(self, interaction_id: str) -> None:
        pass


class _InSegment:
    """The desk, with every caller in one segment."""

    def __init__(self, desk: RememberedDesk, segment: str) -> None:
        self._desk, self._segment = desk, segment

    def callers(self, e164: str) -> tuple[CallerFacts, ...]:
        found: tuple[CallerFacts, ...] = self._desk.callers(e164)
        return tuple(replace(caller, segment=self._segment) for caller in found)

    def __getattr__(self, name: str) -> Callable[..., object]:
        return cast(Callable[..., object], getattr(self._desk, name))
