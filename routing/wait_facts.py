"""What the event log says of one wait and of the floor around it: facts, folded from events, judged by nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.events import Event, EventKind
from routing.agent_state import Action, AgentState
from routing.expectations import Cause
from routing.overflow import Overflowing
from routing.place import Place
from routing.told_waits import ToldWait

_ENDS = frozenset({
    EventKind.INTERACTION_ANSWERED, EventKind.INTERACTION_ABANDONED, EventKind.CALLBACK_PROMISED, EventKind.INTERACTION_ENDED,
})  # fmt: skip

_QUEUED = EventKind.INTERACTION_QUEUED
# For who waits at home.
_HOME_ENDS = frozenset({EventKind.INTERACTION_ANSWERED, EventKind.CALLBACK_MISSED, EventKind.CALLBACK_WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Span:
    """An agent was in this state from `start` to `end`, both within the wait, and had been since `since`; `interaction_id` where
    the state has one."""

    start: datetime
    end: datetime
    since: datetime
    state: AgentState
    reason: str = ""
    interaction_id: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An agent was reserved for an interaction, `because` of what the engine said."""

    at: datetime
    agent_id: str
    interaction_id: str
    because: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """After `after_s` of the wait its end was expected at `end_s`, between `low_s` and `high_s`, all seconds of the wait, for this
    cause."""

    after_s: float
    end_s: float
    low_s: float
    high_s: float
    cause: Cause


@dataclass(frozen=True, slots=True)
class WaitFacts:
    """One interaction's wait: from `place.queued_at` to `ended_at`, by the event `ended_by` (None: they wait still, as of then).

    `spans` are what every agent did meanwhile, `offers` who was offered to whom, `places` of the others who stood in line,
    `expected` what was told of the wait, `overflows` what was done for the queue from so many seconds of the wait on. `ahead_s`:
    the rings go by a moment that is so much earlier than `place.queued_at`.
    """

    place: Place
    ended_at: datetime
    ended_by: EventKind | None
    spans: Mapping[str, tuple[Span, ...]]
    offers: tuple[Offer, ...]
    places: Mapping[str, Place]
    expected: tuple[Expected, ...] = ()
    overflows: tuple[tuple[float, Overflowing], ...] = ()
    ahead_s: float = 0.0


def place_of(events: Iterable[Event]) -> Place | None:
    """The place that these events of one interaction speak of: its first moment in line, and the newest of what counts there."""
    queued = [event for event in events if event.kind is _QUEUED]
    if not queued:
        return None
    first, newest = queued[0], queued[-1].data
    since = first.data.get("since")  # before this call, where it took over a place
    queued_at = datetime.fromisoformat(since) if since else first.at
    return Place(
        first.interaction_id, str(newest.get("queue", "")), queued_at, channel="", priority=newest.get("priority"),
        customer_id=newest.get("customer_id"), language=str(newest.get("language", "")), reason=str(newest.get("reason", "")),
        segment=str(newest.get("segment", "")), second_call=bool(newest.get("second_call")),
        named_agent=str(newest.get("named_agent", "")), last_agent=str(newest.get("last_agent", "")),
        last_talk_ago_s=float(newest.get("last_talk_ago_s") or 0),
        region=str(newest.get("region", "")), confidence=int(newest.get("confidence") or 0),
        credit_s=float(first.data.get("credit_s") or 0), asked_agent=str(newest.get("asked_agent") or ""),
        asked_for_s=float(newest.get("asked_for_s") or 0),
    )  # fmt: skip


def end_of(place: Place, events: Iterable[Event], now: datetime) -> tuple[datetime, EventKind | None]:
    """When the wait ended and by what; `now` and None while it lasts. `events` are those of the interaction.

    Who keeps the place to be called back waits on when they have hung up, until the last try.
    """
    told, ends = list(events), _ENDS
    at_home = [number for number, event in enumerate(told) if event.data.get("callback") and event.kind is _QUEUED]
    if at_home:
        told, ends = told[at_home[-1] :], _HOME_ENDS
    for event in told:
        if event.kind in ends and event.at >= place.queued_at:
            return event.at, event.kind
    return now, None


def spans_between(before: Iterable[Event], during: Iterable[Event], start: datetime, end: datetime) -> dict[str, tuple[Span, ...]]:
    """What each agent did in [start, end): `before` has their last change before it, `during` those in it. Offline is no span."""
    now_in: dict[str, Event] = {event.agent_id: event for event in before if event.kind is EventKind.AGENT_STATE_CHANGED}
    spans: dict[str, list[Span]] = {}
    for event in during:
        if event.kind is EventKind.AGENT_STATE_CHANGED:
            _close(spans, now_in.get(event.agent_id), start, event.at)
            now_in[event.agent_id] = event
    for event in now_in.values():
        _close(spans, event, start, end)
    return {agent_id: tuple(own) for agent_id, own in spans.items()}


def offers_in(events: Iterable[Event]) -> tuple[Offer, ...]:
    """Every reservation among these events."""
    return tuple(
        Offer(event.at, event.agent_id, event.interaction_id, event.data.get("because") or {})
        for event in events
        if event.kind is EventKind.AGENT_STATE_CHANGED and event.data.get("action") == Action.RESERVE
    )


def expected_in(place: Place, events: Iterable[Event]) -> tuple[Expected, ...]:
    """What was told of the wait of this place by the interaction's events."""
    found = []
    for event in events:
        if event.kind is EventKind.WAIT_EXPECTED and "cause" in event.data and event.at >= place.queued_at:
            told, start = ToldWait.of(event), place.queued_at
            after_s, end_s, low_s, high_s = (
                (moment - start).total_seconds() for moment in (told.at, told.due, told.low, told.high)
            )
            found.append(Expected(after_s, end_s, low_s, high_s, Cause(event.data["cause"])))
    return tuple(found)


def overflows_in(place: Place, events: Iterable[Event], end: datetime) -> tuple[tuple[float, Overflowing], ...]:
    """What was done for the queue of this place while it waited, by the events up to its end: what began before counts from 0."""
    found: list[tuple[float, Overflowing]] = []
    for event in events:
        if event.data.get("queue") == place.queue and event.at < end:
            after_s = max(0.0, (event.at - place.queued_at).total_seconds())
            found = [each for each in found if each[0] < after_s]
            found.append((after_s, Overflowing.of(event)))
    return tuple(each for each in found if each[1] or each[0] > 0)


def skills_then(now: Mapping[str, Mapping[str, int]], changed_since: Iterable[Event]) -> dict[str, Mapping[str, int]]:
    """What agents could do before these changes of skills, in the order of the log, from what they can do now."""
    then = dict(now)
    for event in reversed(list(changed_since)):
        if event.kind is EventKind.AGENT_SKILLS_CHANGED and event.agent_id in then:
            then[event.agent_id] = event.data.get("before") or {}
    return then


def sites_then(now: Mapping[str, str], changed_since: Iterable[Event]) -> dict[str, str]:
    """Where agents were before these changes, in the order of the log, from where they are now."""
    then = dict(now)
    for event in reversed(list(changed_since)):
        if "site_before" in event.data and event.agent_id in then:
            then[event.agent_id] = str(event.data["site_before"])
    return then


def _close(spans: dict[str, list[Span]], event: Event | None, start: datetime, end: datetime) -> None:
    """The span that began with this event ends here."""
    if event is None:
        return
    state, begun = AgentState(event.data["state"]), max(event.at, start)
    if state is not AgentState.OFFLINE and begun < end:
        with_interaction = state in (AgentState.RESERVED, AgentState.RINGING, AgentState.TALKING, AgentState.WRAP_UP)
        held = event.interaction_id if with_interaction else ""
        spans.setdefault(event.agent_id, []).append(Span(begun, end, event.at, state, str(event.data.get("reason") or ""), held))
