"""One assignment of one call, step by step, through the real routing code: for measuring it and for making its events."""

from collections.abc import Callable
from datetime import timedelta

from core.clock import SystemClock
from core.events import Event, EventKind
from core.ids import new_id
from cti.queued import queued_event
from routing.agent_changes import AgentChanges
from routing.agent_state import Action
from routing.live import LiveAgent, LiveStore
from routing.place import Place

AGENT = "2001"


class Desk:
    """One agent, ready for one call after the other."""

    def __init__(self, redis_url: str) -> None:
        self.store, self._clock = LiveStore(redis_url), SystemClock()
        self._changes = AgentChanges(self.store, self._clock, presence_lease_s=3600)
        self._changes.log_in(AGENT)
        self._changes.phone_changed(AGENT, up=True)
        self._changes.make_ready(AGENT)

    def steps(self, interaction_id: str = "") -> dict[str, Callable[[], object]]:
        """The steps of one more call, by name, to be done in this order."""
        now, key = self._clock.now(), interaction_id or new_id()
        place = Place(key, queue="billing", queued_at=now, channel="PJSIP/carrier-00000001", ani="+628190000001")
        later, held = now + timedelta(seconds=60), []

        def reserve() -> None:
            reserved = self._changes.try_reserve(AGENT, place, later, {"able_agents": 1})
            if not isinstance(reserved, LiveAgent):
                raise RuntimeError(f"the reservation was refused: {reserved.cause}")
            held.append(reserved.token)

        def answer() -> None:
            said = {"queue": place.queue, "wait_s": 0.1}
            step(Action.ANSWER, Event(EventKind.INTERACTION_ANSWERED, self._clock.now(), key, AGENT, said))

        def step(action: Action, *events: Event) -> None:
            self._changes.apply_reserved(AGENT, action, held[0], interaction_id=key, deadline=later, events=events)

        return {
            "put in line": lambda: self.store.put_in_line(place, queued_event(place)),
            "reserve": reserve,
            "ring": lambda: step(Action.RING),
            "answer": answer,
            "hang up": lambda: step(Action.HANG_UP),
            "done": lambda: self._changes.finish_wrap_up(AGENT, key, ready=True),
        }
