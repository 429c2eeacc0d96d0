"""One wait read from the event archive, with the policy and the skills of its time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.errors import NotFound
from core.event_archive import events_between, events_of, last_of_each_agent
from core.events import Event, EventKind
from routing.agents import load_profiles
from routing.occupancy_today import occupancies_of
from routing.place import Place
from routing.policy import Policy
from routing.policy_file import read_policy, shipped_policy
from routing.policy_versions import PolicyPublication, in_force_at, put_in_force_between
from routing.rules_then import rules_during
from routing.wait_facts import WaitFacts, expected_in, offers_in, overflows_in, spans_between
from routing.wait_story import WaitStory, tell
from routing.waits_apart import Wait, waits_apart

_LOOK_BACK = timedelta(days=1)  # nobody stays in one state for longer
_A_MOMENT = timedelta(milliseconds=1)
_MOST_OTHERS = 2000


def wait_story(session: Session, interaction_id: str, now: datetime, number: int = 1, time_zone: str = "UTC") -> WaitStory:
    """The story of one interaction's wait as of `now` (aware UTC): of the `number`th one, see routing.waits_apart.

    Days begin in the `time_zone`. Raises NotFound when there is none.
    """
    waits = waits_of(session, interaction_id)
    if not 1 <= number <= len(waits):
        raise NotFound("This caller never stood in line.", "Choose one from the list of waits.")
    wait = waits[number - 1]
    place, start = wait.place, wait.place.queued_at
    end, ended_by = wait.end(now)
    before = last_of_each_agent(session, EventKind.AGENT_STATE_CHANGED, start - _LOOK_BACK, start)
    during = list(events_between(session, start, end + _A_MOMENT, [EventKind.AGENT_STATE_CHANGED]))
    offers = offers_in(during)
    others = list(dict.fromkeys(offer.interaction_id for offer in offers if offer.interaction_id != interaction_id))[:_MOST_OTHERS]
    told = defaultdict[str, list[Event]](list)
    for event in events_of(session, others):
        told[event.interaction_id].append(event)
    places = {key: found for key, events in told.items() if (found := _place_at(events, end)) is not None}
    done = events_between(session, start - _LOOK_BACK, end + _A_MOMENT, [EventKind.QUEUE_OVERFLOWS])
    facts = WaitFacts(
        place, end, ended_by, spans_between(before, during, start, end), offers, places, expected_in(place, wait.events),
        overflows_in(place, done, end), wait.ahead_s,
    )  # fmt: skip
    profiles = load_profiles(session)
    changed = list(events_between(session, start, now, [EventKind.AGENT_SKILLS_CHANGED]))
    rules = rules_during(
        start, end, _policies(session, start, end), {agent_id: profile.proficiencies for agent_id, profile in profiles.items()},
        {agent_id: profile.site for agent_id, profile in profiles.items()}, changed,
    )  # fmt: skip
    return tell(facts, rules, lambda moment, agents: occupancies_of(session, time_zone, moment, agents))


def waits_of(session: Session, interaction_id: str) -> list[Wait]:
    """All waits of an interaction, the first one first."""
    return waits_apart(events_of(session, [interaction_id]))


def _place_at(events: Iterable[Event], moment: datetime) -> Place | None:
    """The last place in line that they took before a moment."""
    return next((wait.place for wait in reversed(waits_apart(events)) if wait.place.queued_at <= moment), None)


def _policies(session: Session, start: datetime, end: datetime) -> list[tuple[datetime, int, Policy]]:
    """The policies of this time, each since when: the first one came before."""
    first = in_force_at(session, start)
    later = put_in_force_between(session, start, end)
    shipped = (start, 0, shipped_policy().policy)
    return [_read(first) if first is not None else shipped, *map(_read, later)]


def _read(publication: PolicyPublication) -> tuple[datetime, int, Policy]:
    return publication.at, publication.number, read_policy(publication.content, f"policy {publication.number}").policy
