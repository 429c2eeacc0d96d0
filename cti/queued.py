"""The event that a caller stands in line: told by everything that puts one there."""

from datetime import datetime

from core.events import Event, EventKind
from routing.place import Place


def queued_event(place: Place, again: bool = False, at: datetime | None = None) -> Event:
    """The event that a caller stands in line, from `at` on; without it from the place's own moment on."""
    return Event(
        EventKind.INTERACTION_QUEUED, at or place.queued_at, place.interaction_id,
        data={
            "queue": place.queue, "priority": place.priority, "reason": place.reason, "language": place.language,
            "customer_id": place.customer_id, "segment": place.segment, "second_call": place.second_call,
            "named_agent": place.named_agent, "last_agent": place.last_agent, "last_talk_ago_s": place.last_talk_ago_s,
            "region": place.region, "confidence": place.confidence, "again": again,
            "callback": bool(place.callback), "since": place.queued_at.isoformat(),
            "credit_s": round(place.credit_s, 3), "asked_agent": place.asked_agent, "asked_for_s": place.asked_for_s,
        },
    )  # fmt: skip
