"""One wait read from the event archive, with the policy and the skills of its time."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.errors import NotFound
from core.event_archive import events_between, events_of, last_of_each_agent
from core.events import Event, EventKind
from routing.agents import load_profiles
from routing.policy_file import read_policy, shipped_policy
from routing.policy_versions import in_force_at
from routing.wait_facts import (
    WaitFacts,
    end_of,
    expected_in,
    offers_in,
    overflows_in,
    place_of,
    sites_then,
    skills_then,
    spans_between,
)
from routing.wait_story import WaitStory, tell

_LOOK_BACK = timedelta(days=1)  # nobody stays in one state for longer
_A_MOMENT = timedelta(milliseconds=1)
_MOST_OTHERS = 2000


def wait_story(session: Session, interaction_id: str, now: datetime) -> WaitStory:
    """The story of one interaction's wait as of `now` (aware UTC). Raises NotFound when it never stood in line."""
    own = list(events_of(session, [interaction_id]))
    place = place_of(own)
    if place is None:
        raise NotFound("This caller never stood in line.", "Choose one from the list of waits.")
    start = place.queued_at
    end, ended_by = end_of(place, own, now)
    before = last_of_each_agent(session, EventKind.AGENT_STATE_CHANGED, start - _LOOK_BACK, start)
    during = list(events_between(session, start, end + _A_MOMENT, [EventKind.AGENT_STATE_CHANGED]))
    offers = offers_in(during)
    others = list(dict.fromkeys(offer.interaction_id for offer in offers if offer.interaction_id != interaction_id))[:_MOST_OTHERS]
    told = defaultdict[str, list[Event]](list)
    for event in events_of(session, others):
        told[event.interaction_id].append(event)
    places = {key: found for key, events in told.items() if (found := place_of(events)) is not None}
    done = events_between(session, start - _LOOK_BACK, end + _A_MOMENT, [EventKind.QUEUE_OVERFLOWS])
    facts = WaitFacts(
        place, end, ended_by, spans_between(before, during, start, end), offers, places, expected_in(place, own),
        overflows_in(place, done, end),
    )  # fmt: skip
    publication = in_force_at(session, end)
    policy = (read_policy(publication.content, f"policy {publication.number}") if publication else shipped_policy()).policy
    profiles = load_profiles(session)
    changed = list(events_between(session, end, now, [EventKind.AGENT_SKILLS_CHANGED]))
    skills = skills_then({agent_id: profile.proficiencies for agent_id, profile in profiles.items()}, changed)
    return tell(facts, policy, skills, sites_then({agent_id: profile.site for agent_id, profile in profiles.items()}, changed))
