"""What agents have done today, from the event archive."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from core.event_archive import events_between, events_of_agents
from core.events import EventKind
from routing.occupancy import Occupancies


def occupancies_today(session: Session, time_zone: str, now: datetime) -> Occupancies:
    """As the archive has it: from midnight over there until `now`, aware."""
    found = Occupancies(time_zone)
    found.fold(events_between(session, found.midnight_before(now), now, [EventKind.AGENT_STATE_CHANGED]))
    return found


def occupancies_of(session: Session, time_zone: str, moment: datetime, agent_ids: Collection[str]) -> dict[str, float]:
    """The occupancy of these agents as it was at a moment of the past: as of when they had become ready last before it."""
    found = Occupancies(time_zone)
    midnight = found.midnight_before(moment)
    found.fold(events_of_agents(session, midnight, moment, [EventKind.AGENT_STATE_CHANGED], agent_ids))
    return {agent_id: found.occupancy(agent_id) for agent_id in agent_ids}
