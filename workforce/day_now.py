"""A day from the records, ready for suggestions, for the picture of its staff, and to be played on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from routing.agents import Profile, load_profiles
from routing.policy import Policy
from routing.shifts import RosteredAgent, Shift
from workforce.adherence import ON_QUEUE, Planned
from workforce.day_adherence import DayPlan, day_plan
from workforce.day_changes import Checked, checked
from workforce.day_cover import there_in
from workforce.day_outlook import QueueOutlook, intervals_of, outlook
from workforce.day_suggestions import DayNow, suggestions
from workforce.day_what_if import OtherDay, RestOfDay, Tell, play_rest
from workforce.planning_sources import Sources
from workforce.roster_store import as_roster, published_shifts, queues_served, rules_in_force


@dataclass(frozen=True, eq=False)
class StaffedDay:
    """Queues, people, and what the roster has for them, of one day as of `now`."""

    day: date
    now: datetime
    policy: Policy
    outlooks: Mapping[str, QueueOutlook]
    plan: DayPlan
    profiles: Mapping[str, Profile]

    @property
    def serves(self) -> dict[str, frozenset[str]]:
        """By agent the queues with a forecast that they serve."""
        return {
            agent: queues_served(self.policy, tuple(self.outlooks), profile.proficiencies)
            for agent, profile in self.profiles.items()
        }

    def now_of(self, sources: Sources) -> DayNow:
        """The same as suggestions look at it."""
        starts, minutes = intervals_of(self.outlooks)
        within = {
            queue: (self.policy.queue(queue).answer_within_s, self.policy.queue(queue).short_abandon_s) for queue in self.outlooks
        }  # fmt: skip
        on_queue = {agent: there_in(on_queue_of(own), starts, minutes) for agent, own in self.plan.planned.items()}
        return DayNow(
            self.day, sources.zone, self.now, self.outlooks, starts, minutes, self.serves, on_queue, within
        )  # fmt: skip

    def team(self) -> list[RosteredAgent]:
        """On duty as the roster has it, in seconds from the day's beginning; who works from the evening before, too."""
        found = []
        for agent, own in sorted(self.plan.planned.items()):
            profile = self.profiles.get(agent)
            shifts = [
                Shift(max(0.0, (start - self.plan.start).total_seconds()), (end - self.plan.start).total_seconds())
                for start, end in on_queue_of(own)
                if end > self.plan.start
            ]
            if profile is not None and shifts:
                found.append(RosteredAgent(agent, profile.proficiencies, profile.site, shifts))
        return found


def staffed_day(sources: Sources, day: date, now: datetime) -> StaffedDay:
    """All of it from the records."""
    outlooks = outlook(sources, day, now)
    with sources.database.reading() as session:
        return StaffedDay(day, now, sources.policy, outlooks, day_plan(session, day, sources.zone), load_profiles(session))


def suggested(session: Session, sources: Sources, staffed: StaffedDay, language: str) -> list[Checked]:
    """What could be done about the rest of the day, within the rules."""
    rules = rules_in_force(session)
    rows = published_shifts(session, staffed.day, 1)
    shifts = {agent: placed for (agent, _day), placed in as_roster(rows, rules.patterns, staffed.day, sources.zone).items()}
    found = suggestions(staffed.now_of(sources), shifts, rules.rules, rules.patterns)
    return checked(session, found, staffed.day, staffed.policy, sources.zone, language)


def what_if_rest(staffed: StaffedDay, other: OtherDay, tell: Tell = lambda _done, _of: None) -> RestOfDay:
    """The rest of the day as planned, and otherwise. Groups are of all queues, with a forecast or without. Raises BadInput."""
    policy = staffed.policy
    serves = {agent: queues_served(policy, policy.names, each.proficiencies) for agent, each in staffed.profiles.items()}
    return play_rest(policy, staffed.outlooks, staffed.team(), staffed.plan.start, other, serves, tell=tell)


def on_queue_of(planned: Sequence[Planned]) -> list[tuple[datetime, datetime]]:
    """When the roster has them on queue."""
    return [(each.start, each.end) for each in planned if each.activity == ON_QUEUE]
