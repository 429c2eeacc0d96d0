"""What agents have done today, from the event archive."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.event_archive import events_between
from core.events import EventKind
from routing.occupancy import Occupancies


def occupancies_today(session: Session, time_zone: str, now: datetime) -> Occupancies:
    """As the archive has it: from midnight over there until `now`, aware."""
    found = Occupancies(time_zone)
    found.fold(events_between(session, found.midnight_before(now), now, [EventKind.AGENT_STATE_CHANGED]))
    return found
