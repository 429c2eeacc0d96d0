"""Holds a conversation with a flow without a phone, and says where it went otherwise than written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.clock import stopwatch_s
from crm.phone_numbers import takes_texts
from ivr.callback_offer import offer_callback
from ivr.conversations.deviation import Deviation, Way
from ivr.conversations.people import EVERYBODY, NOBODY, WHO, called_by, person_of
from ivr.conversations.scripted_line import ScriptedLine, Turn
from ivr.conversations.story import Acts, Ends, Hears, Hours, Story
from ivr.conversations.world import Worlds, in_mood
from ivr.flow import Condition
from ivr.flow_run import run_flow
from ivr.flow_version import FlowVersion
from ivr.hearing import spoken_digits_to_keys
from ivr.hours import Emergency, OpenState, Schedule, Span, Why, is_open
from ivr.line import HungUp, InboundCall, Prompt
from ivr.menu import PersonWanted
from ivr.message_box import MessageBox
from ivr.outcome import CallBack, CallerGone, Contained, Outcome, RouteTo, TurnedAway
from ivr.queue_hours import Earliest, OwnHours, always, no_own_hours
from ivr.runner import run
from ivr.visit import DEFAULT_LANGUAGE, Visit

ZONE = ZoneInfo("Asia/Jakarta")
USUAL_TIME = datetime(2025, 2, 3, 9, 30, tzinfo=ZONE)  # a Monday
_INTERACTION = "3f2b9c1e-8d1a-4f6b-9a51-0a1b2c3d4e5f"
_SPEECH_SET = "rehearsal"
_PLACE = "{}"


@dataclass(frozen=True, slots=True)
class Here:
    """How it is where a conversation is held: the time (aware, in the local zone), the flow's hours and those of queues, and
    whether bills can be paid by card and texts can be sent."""

    now: datetime
    opening: OpenState | None = None
    schedule: Schedule | None = None
    own_hours: OwnHours = no_own_hours
    cards: bool = True
    texts: bool = False


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How a conversation went: `deviation` is None when it went as written. `heard` are the sentences in their order, `met` and
    `cut` those (by number) of the file and those not heard whole (see ScriptedLine), `turns` the caller's acts.

    `touched` are the people of the set whom it is about, `changed` the tables of the records whose content it changes.
    `took_s` is the machine's time.
    """

    story: Story
    deviation: Deviation | None
    outcome: Outcome
    heard: tuple[Prompt, ...]
    met: Mapping[int, Hears]
    cut: frozenset[int]
    turns: tuple[Turn, ...]
    touched: frozenset[str]
    changed: frozenset[str]
    took_s: float

    @property
    def problem(self) -> str:
        """What went otherwise, in words; "" for nothing."""
        return "" if self.deviation is None else str(self.deviation)


def rehearse(story: Story, version: FlowVersion, worlds: Worlds, here: Here | None = None) -> Rehearsed:
    """Hold one conversation in the world that it names, or as it would go `here`: then with the speech set of the version."""
    heard_by = version
    if here is None:
        now = story.at.replace(tzinfo=ZONE) if story.at else USUAL_TIME
        here = Here(now, _opening(story.hours, now), own_hours=dict.fromkeys(story.closed_queues, _opening(Hours.CLOSED, now)).get)
        heard_by = FlowVersion(version.flow, version.number, _SPEECH_SET)
    call = InboundCall(_INTERACTION, WHO[story.caller], story.dialled, "PJSIP/trunk-00000001", story.language)
    line = ScriptedLine(story, call, worlds.folder)
    with worlds.world(here.now, story.segment, here.cards) as world:
        begun_s = stopwatch_s()
        visit: Visit

        def fill() -> None:
            line.keep_company(Prompt("looking_up", visit.language))

        with in_mood(world.desk, story.records, fill) as records:
            visit = Visit(
                line=line, records=records, now=here.now, version=heard_by, message_box=MessageBox(worlds.folder / "messages"),
                language=story.language or DEFAULT_LANGUAGE,
            )  # fmt: skip
            visit.holds = _holds(here, call.ani)
            visit.opening, visit.schedule, visit.own_hours = here.opening, here.schedule, here.own_hours
            visit.earliest = _earliest(story.open_hours)
            outcome = _in_line(visit, story.in_line) if story.in_line else run(run_flow, visit)
        names, took_s = world.names, stopwatch_s() - begun_s
        changed = world.changed()
    deviation = line.finish(in_words(outcome, names)) or _other_end(story, outcome, visit, names)
    touched = _touched(story, person_of(visit.customer_id, names))
    heard, turns = tuple(line.heard), tuple(line.turns)
    return Rehearsed(story, deviation, outcome, heard, line.met, frozenset(line.cut), turns, touched, changed, took_s)


def rehearse_all(stories: Iterable[Story], version: FlowVersion) -> Iterator[Rehearsed]:
    """Hold each of these conversations with a flow, one after the other."""
    with Worlds() as worlds:
        for story in stories:
            yield rehearse(story, version, worlds)


def _holds(here: Here, ani: str) -> frozenset[Condition]:
    held = {Condition.CARDS: here.cards, Condition.MESSAGES: here.texts and takes_texts(ani)}
    return frozenset(condition for condition, holds in held.items() if holds)


def _touched(story: Story, customer: str) -> frozenset[str]:
    """Those who have the caller's number, those whose order or customer number is given, and who the caller turned out to be."""
    keys = "".join(f" {spoken_digits_to_keys(act.what) or act.what}" for act in story.steps if isinstance(act, Acts))
    named = [person for person in EVERYBODY if person.customer_number in keys or (person.order and person.order in keys)]
    people = {person.name for person in (*called_by(story.caller), *named)}
    return frozenset(people | ({customer} - {NOBODY}))


def _in_line(visit: Visit, queue: str) -> Outcome:
    """The caller has pressed the key for a call-back in the line of this queue: who is promised none waits on."""
    waits_on = RouteTo(queue, "", visit.language, visit.customer_id)
    try:
        return offer_callback(visit, queue, "", lambda: True, _PLACE, lambda *_what: _PLACE) or waits_on
    except PersonWanted:
        return waits_on
    except HungUp:
        return CallerGone()


def _earliest(open_hours: tuple[int, int] | None) -> Earliest:
    """When queues call that are open in these hours of every day; None: at any."""
    if open_hours is None:
        return always
    week = ((Span(open_hours[0] * 60, open_hours[1] * 60),),) * 7
    schedule = Schedule("every_day", {}, ZONE, week)

    def earliest(_queue: str, at: datetime) -> datetime:
        state = is_open(schedule, at)
        return at if state.open else state.opens_next or at

    return earliest


def _opening(hours: Hours, now: datetime) -> OpenState | None:
    """How the flow's hours are; None where nothing is closed."""
    match hours:
        case Hours.OPEN:
            return None
        case Hours.CLOSED:
            return OpenState(False, Why.REGULAR, ZONE, opens_next=now + timedelta(days=1))
        case Hours.EMERGENCY:
            return OpenState(False, Why.EMERGENCY, ZONE, emergency=Emergency())


def in_words(outcome: Outcome, names: Mapping[int, str]) -> str:
    """An outcome as a conversation writes its end."""
    match outcome:
        case RouteTo(queue, reason, language, customer_id):
            return f"queue {queue}, reason {reason}, language {language}, customer {person_of(customer_id, names)}"
        case Contained(reason):
            return f"contained, reason {reason}"
        case CallBack(queue, reason):
            return f"callback {queue}, reason {reason}"
        case CallerGone(heard):
            return f"gone, reason {heard}" if heard else "gone"
        case TurnedAway(reason):
            return f"turned away, reason {reason}" if reason else "turned away"


def _other_end(story: Story, outcome: Outcome, visit: Visit, names: Mapping[int, str]) -> Deviation | None:
    ends = story.ends
    found = _end_of(outcome, visit, names)
    wanted = {name: value for name in ("how", "queue", "reason", "language", "customer") if (value := getattr(ends, name))}
    if all(getattr(found, name) == value for name, value in wanted.items()):
        return None
    further = [f"{name} {value}" for name, value in wanted.items() if name not in ("how", "queue")]
    shown = ", ".join([f"{ends.how} {ends.queue}".strip(), *further])
    return Deviation(Way.OTHER_END, story.source, ends.line, shown, in_words(outcome, names))


def _end_of(outcome: Outcome, visit: Visit, names: Mapping[int, str]) -> Ends:
    known = {"language": visit.language, "customer": person_of(visit.customer_id, names)}
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
