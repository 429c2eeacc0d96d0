"""A day as the event log tells it: who came when, how long they waited and were handled, and when agents were on duty."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.events import Event, EventKind
from routing.agent_state import AgentState
from routing.place import Place
from routing.waits_apart import Wait, waits_apart

_OFF_DUTY = frozenset({AgentState.OFFLINE, AgentState.NOT_READY})
_HANDLING = frozenset({AgentState.TALKING, AgentState.WRAP_UP})
_ENDED = frozenset({EventKind.INTERACTION_ANSWERED, EventKind.INTERACTION_ABANDONED})
_A_MOMENT = timedelta(seconds=1)  # between the answer and the agent's state, either of which may come first
_Piece = tuple[datetime, str, float]  # from when, by whom, seconds


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One caller who reached a queue; of who was handed over each wait is one. `gave_up`: else they were answered. `handling_s`:
    None, when nobody handled them."""

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
    handled = _handled(changes.values(), end)
    calls = []
    for key, told in own.items():
        waits = waits_apart(told)
        ends = [wait.end(end) for wait in waits]
        shares = _shares(waits, [ended_at for ended_at, _ in ends], handled.get(key, ()))
        for wait, (ended_at, by), handling_s in zip(waits, ends, shares, strict=True):
            if by in _ENDED and start <= wait.place.queued_at < end:
                gave_up = by is EventKind.INTERACTION_ABANDONED
                wait_s = (ended_at - wait.place.queued_at).total_seconds()
                calls.append(RecordedCall(wait.place, wait_s, gave_up, None if gave_up else handling_s))
    duty = {agent_id: periods for agent_id, each in changes.items() if (periods := _duty(each, start, end))}
    return RecordedDay(start, tuple(sorted(calls, key=lambda call: (call.place.queued_at, call.place.interaction_id))), duty)


def _handled(changes: Iterable[list[Event]], end: datetime) -> dict[str, list[_Piece]]:
    """Talk and wrap-up by interaction."""
    found: defaultdict[str, list[_Piece]] = defaultdict(list)
    for each in changes:
        for event, after in zip(each, [*each[1:], None], strict=True):
            if AgentState(event.data["state"]) in _HANDLING:
                piece = (event.at, event.agent_id, ((after.at if after else end) - event.at).total_seconds())
                found[event.interaction_id].append(piece)
    return dict(found)


def _shares(waits: Sequence[Wait], ends: Sequence[datetime], pieces: Iterable[_Piece]) -> list[float | None]:
    """How long each wait, which ended then, was handled afterwards, seconds; None for one that nobody handled.

    What an agent did is of the last wait that they had ended by answering, else of the last one that had ended: who has handed a
    caller over wraps up while that one waits for the next.
    """
    found: list[float | None] = [None] * len(waits)
    for at, agent_id, handled_s in pieces:
        over = [number for number, end in enumerate(ends) if end <= at + _A_MOMENT]
        own = [number for number in over if waits[number].answered_by == agent_id]
        share = (own or over or [0])[-1]
        found[share] = (found[share] or 0.0) + handled_s
    return found


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
