"""The events of one call, for tests of the record."""

from datetime import UTC, datetime, timedelta

from core.bus import EventBus
from core.events import Event, EventKind
from core.ids import new_id

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


class Story:
    """Tells events of one call, in the order and with the times given."""

    def __init__(self, bus: EventBus) -> None:
        self.bus, self.interaction_id = bus, new_id()

    def tell(self, kind: EventKind, seconds: float, agent: str = "", key: str = "", **data: object) -> Event:
        event = Event(kind, at(seconds), self.interaction_id, agent, data, key=key or new_id())
        return self.bus.publish(event)

    def agent(self, seconds: float, action: str, before: str, state: str) -> None:
        self.tell(EventKind.AGENT_STATE_CHANGED, seconds, "1001", action=action, before=before, state=state, reason="", token=1)

    def arrive(self) -> None:
        self.tell(EventKind.INTERACTION_STARTED, 0, ani="+6281100000001", dnis="1500400", channel="PJSIP/carrier-1")

    def queue(self, seconds: float) -> None:
        data = {"queue": "billing", "priority": 5, "reason": "bill", "language": "id", "customer_id": None, "again": False}
        self.tell(EventKind.INTERACTION_QUEUED, seconds, **data)

    def ring(self, seconds: float) -> None:
        self.agent(seconds - 0.1, "reserve", "READY", "RESERVED")
        self.agent(seconds, "ring", "RESERVED", "RINGING")

    def answer(self, seconds: float) -> None:
        self.tell(EventKind.INTERACTION_ANSWERED, seconds, "1001", queue="billing", wait_s=seconds)
        self.agent(seconds, "answer", "RINGING", "TALKING")
