"""Holds a conversation with a flow without a phone, and says where it went otherwise than written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.clock import stopwatch_s
from ivr.conversations.people import WHO, person_of
from ivr.conversations.scripted_line import ScriptedLine
from ivr.conversations.story import Acts, Ends, Hours, Story
from ivr.conversations.world import Worlds, in_mood
from ivr.flow import Condition
from ivr.flow_run import run_flow
from ivr.flow_version import FlowVersion
from ivr.hours import Emergency, OpenState, Why
from ivr.line import InboundCall, Prompt
from ivr.message_box import MessageBox
from ivr.outcome import CallBack, CallerGone, Contained, Outcome, RouteTo, TurnedAway
from ivr.runner import run
from ivr.visit import DEFAULT_LANGUAGE, Visit

ZONE = ZoneInfo("Asia/Jakarta")
USUAL_TIME = datetime(2025, 2, 3, 9, 30, tzinfo=ZONE)  # a Monday
_INTERACTION = "3f2b9c1e-8d1a-4f6b-9a51-0a1b2c3d4e5f"
_SPEECH_SET = "rehearsal"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How a conversation went: `problem` is "" when it went as written. `turns` are the caller's acts, each with how many of
    the sentences in `heard` had been spoken by then. `took_s` is the machine's time."""

    story: Story
    problem: str
    outcome: Outcome
    heard: tuple[Prompt, ...]
    turns: tuple[tuple[int, Acts], ...]
    took_s: float


def rehearse(story: Story, version: FlowVersion, worlds: Worlds, now: datetime | None = None) -> Rehearsed:
    """Hold one conversation; `now` (aware) instead of the time that it names."""
    now = now or (story.at.replace(tzinfo=ZONE) if story.at else USUAL_TIME)
    call = InboundCall(_INTERACTION, WHO[story.caller], story.dialled, "PJSIP/trunk-00000001", story.language)
    heard_by = FlowVersion(version.flow, version.number, _SPEECH_SET)
    line = ScriptedLine(story, call, worlds.folder)
    with worlds.world(now, story.segment) as world:
        begun_s = stopwatch_s()
        visit: Visit

        def fill() -> None:
            line.say(Prompt("looking_up", visit.language))

        with in_mood(world.desk, story.records, fill) as records:
            visit = Visit(
                line=line, records=records, now=now, version=heard_by, message_box=MessageBox(worlds.folder / "messages"),
                language=story.language or DEFAULT_LANGUAGE,
            )  # fmt: skip
            visit.holds = frozenset({Condition.CARDS} if world.desk.takes_cards() else ())
            visit.opening = _opening(story.hours, now)
            outcome = run(run_flow, visit)
        first_id, took_s = world.first_id, stopwatch_s() - begun_s
    problem = line.finish(in_words(outcome, first_id)) or _other_end(story, outcome, visit, first_id)
    return Rehearsed(story, problem, outcome, tuple(line.heard), tuple(line.turns), took_s)


def rehearse_all(stories: Iterable[Story], version: FlowVersion) -> Iterator[Rehearsed]:
    """Hold each of these conversations with a flow, one after the other."""
    with Worlds() as worlds:
        for story in stories:
            yield rehearse(story, version, worlds)


def _opening(hours: Hours, now: datetime) -> OpenState | None:
    """How the flow's hours are; None where nothing is closed."""
    match hours:
        case Hours.OPEN:
            return None
        case Hours.CLOSED:
            return OpenState(False, Why.REGULAR, ZONE, opens_next=now + timedelta(days=1))
        case Hours.EMERGENCY:
            return OpenState(False, Why.EMERGENCY, ZONE, emergency=Emergency())


def in_words(outcome: Outcome, first_id: int) -> str:
    """An outcome as a conversation writes its end."""
    match outcome:
        case RouteTo(queue, reason, language, customer_id):
            return f"queue {queue}, reason {reason}, language {language}, customer {person_of(customer_id, first_id)}"
        case Contained(reason):
            return f"contained, reason {reason}"
        case CallBack(queue, reason):
            return f"callback {queue}, reason {reason}"
        case CallerGone(heard):
            return f"gone, reason {heard}" if heard else "gone"
        case TurnedAway(reason):
            return f"turned away, reason {reason}" if reason else "turned away"


def _other_end(story: Story, outcome: Outcome, visit: Visit, first_id: int) -> str:
    ends = story.ends
    found = _end_of(outcome, visit, first_id)
    wanted = {name: value for name in ("how", "queue", "reason", "language", "customer") if (value := getattr(ends, name))}
    if all(getattr(found, name) == value for name, value in wanted.items()):
        return ""
    further = [f"{name} {value}" for name, value in wanted.items() if name not in ("how", "queue")]
    shown = ", ".join([f"{ends.how} {ends.queue}".strip(), *further])
    return f"{story.place(ends.line)}: expected the end {shown}; it ended: {in_words(outcome, first_id)}."


def _end_of(outcome: Outcome, visit: Visit, first_id: int) -> Ends:
    known = {"language": visit.language, "customer": person_of(visit.customer_id, first_id)}
    match outcome:
        case RouteTo(queue, reason, _language, _customer):
            return Ends(0, "queue", queue, reason, **known)
        case Contained(reason):
            return Ends(0, "contained", "", reason, **known)
        case CallBack(queue, reason):
            return Ends(0, "callback", queue, reason, **known)
        case CallerGone(heard):
            return Ends(0, "gone", "", heard, **known)
        case TurnedAway(reason):
            return Ends(0, "turned away", "", reason, **known)
