"""An hour of calls as the event log tells it, for tests that play one once more."""

from datetime import datetime, timedelta

from core.events import Event, EventKind
from cti.queued import queued_event
from routing.agent_state import AgentState
from routing.place import Place


def busy_hour(midnight: datetime, agent_id: str, queue: str, calls: int = 60) -> list[Event]:
    """From one o'clock on a caller comes to this queue each minute and is spoken with for two, by the one agent who is there; who
    would wait longer than five minutes gives up then."""
    events, free_at = [], 3600.0

    def change(seconds: float, state: AgentState, key: str = "") -> Event:
        return Event(EventKind.AGENT_STATE_CHANGED, midnight + timedelta(seconds=seconds), key, agent_id, {"state": state.value})

    events.append(change(3600, AgentState.READY))
    for number in range(calls):
        key, came_s = f"{queue}-{number:03}", 3600 + number * 60.0
        events.append(queued_event(Place(key, queue, midnight + timedelta(seconds=came_s), "c")))
        if free_at - came_s > 300:
            events.append(Event(EventKind.INTERACTION_ABANDONED, midnight + timedelta(seconds=came_s + 300), key))
            continue
        begins = max(came_s, free_at)
        free_at = begins + 120
        events += [change(begins, AgentState.TALKING, key), change(free_at, AgentState.READY)]
        events.append(Event(EventKind.INTERACTION_ANSWERED, midnight + timedelta(seconds=begins), key))
    return [*sorted(events, key=lambda event: event.at), change(free_at + 600, AgentState.OFFLINE)]
