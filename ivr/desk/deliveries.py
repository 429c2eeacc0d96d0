"""Where a parcel has been, and when it can come instead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crm.deliveries import Rescheduled
from crm.time_windows import Window


@dataclass(frozen=True, slots=True)
class TrackingFacts:
    """One thing that happened to a parcel. `what` is in the language asked for, `place` a town ("" for none), `at` aware UTC."""

    at: datetime
    code: str
    place: str
    what: str


class DeliveriesDesk(Protocol):
    def track(self, order: str, language: str) -> tuple[TrackingFacts, ...]:
        """What happened to the parcel of the order with this number, the newest first; () for no such order."""
        ...

    def delivery_windows(self, order: str, now: datetime) -> tuple[Window, ...]:
        """When this order could come instead, the earliest first; () when it can't be changed."""
        ...

    def reschedule(self, order: str, window: Window, now: datetime, interaction_id: str = "") -> Rescheduled:
        """Let this order come in another window."""
        ...
