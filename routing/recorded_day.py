"""A day as the event log tells it: who came when, how long they waited and were handled, and when agents were on duty."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.events import Event, EventKind
from routing.agent_state import AgentState
from routing.place import Place
from routing.wait_facts import end_of, place_of

_OFF_DUTY = frozenset({AgentState.OFFLINE, AgentState.NOT_READY})
_HANDLING = frozenset({AgentState.TALKING, AgentState.WRAP_UP})
_ENDED = frozenset({EventKind.INTERACTION_ANSWERED, EventKind.INTERACTION_ABANDONED})


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One caller who reached a queue. `gave_up`: else they were answered. `handling_s`: None, when nobody handled them."""

    place: Place
    wait_s: float
    gave_up: bool
    handling_s: float | None


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """`calls` in the order of their arrival; `duty` by agent: when they were on duty, as seconds from `start`."""

    start: datetime
    calls: tuple[RecordedCall, ...]
    duty: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)


def recorded_day(events: Iterable[Event], start: datetime, end: datetime) -> RecordedDay:
    """The day from `start` to `end` (aware) by its events, in the order of the log.

    Left out are callers who wait still, and those who were promised a call: neither says how patient they were.
    """
    own: defaultdict[str, list[Event]] = defaultdict(list)
    changes: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind is EventKind.AGENT_STATE_CHANGED:
            changes[event.agent_id].append(event)
        elif event.interaction_id:
            own[event.interaction_id].append(event)
    handled_s = _handled_s(changes.values(), end)
    calls = []
    for key, told in own.items():
        place = place_of(told)
        if place is None or not start <= place.queued_at < end:
            continue
        ended_at, by = end_of(place, told, end)
        if by in _ENDED:
            gave_up = by is EventKind.INTERACTION_ABANDONED
            wait_s = (ended_at - place.queued_at).total_seconds()
            calls.append(RecordedCall(place, wait_s, gave_up, None if gave_up else handled_s.get(key)))
    duty = {agent_id: periods for agent_id, each in changes.items() if (periods := _duty(each, start, end))}
    return RecordedDay(start, tuple(sorted(calls, key=lambda call: (call.place.queued_at, call.place.interaction_id))), duty)


def _handled_s(changes: Iterable[list[Event]], end: datetime) -> dict[str, float]:
    """Talk and wrap-up by interaction, seconds."""
    found: defaultdict[str, float] = defaultdict(float)
    for each in changes:
        for event, after in zip(each, [*each[1:], None], strict=True):
            if AgentState(event.data["state"]) in _HANDLING:
                found[event.interaction_id] += ((after.at if after else end) - event.at).total_seconds()
    return dict(found)


def _duty(changes: list[Event], start: datetime, end: datetime) -> tuple[tuple[float, float], ...]:
    """When the agent was there for calls, from the first change of the day on."""
    periods: list[tuple[float, float]] = []
    for event, after in zip(changes, [*changes[1:], None], strict=True):
        from_s, to_s = ((moment - start).total_seconds() for moment in (event.at, after.at if after else end))
        calls_out = bool(event.data.get("dialled"))  # whoever calls by hand is not there for callers
        if AgentState(event.data["state"]) in _OFF_DUTY or calls_out or from_s >= to_s:
            continue
        if periods and periods[-1][1] == from_s:
            from_s = periods.pop()[0]
        periods.append((from_s, to_s))
    return tuple(periods)
