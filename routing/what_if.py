"""What another policy or another roster would have changed on a recorded day, with confidence intervals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from sqlalchemy.orm import Session

from core.event_archive import events_between
from core.events import EventKind
from routing.agents import load_profiles
from routing.needs import Proficiencies
from routing.policy import Policy, Queue
from routing.policy_file import read_policy, shipped_policy
from routing.policy_versions import in_force_at
from routing.recorded_day import RecordedDay, recorded_day
from routing.replay import replay, streams_of_queue
from routing.replications import Estimate, estimate
from routing.service_level import service_level
from routing.shifts import RosteredAgent
from routing.simulated_day import Figures, SimulatedDay
from routing.wait_facts import sites_then, skills_then

_KINDS = (
    EventKind.INTERACTION_QUEUED, EventKind.INTERACTION_ANSWERED, EventKind.INTERACTION_ABANDONED, EventKind.CALLBACK_PROMISED,
    EventKind.INTERACTION_ENDED, EventKind.INTERACTION_HANDED_OVER, EventKind.AGENT_STATE_CHANGED,
)  # fmt: skip
_LATE = timedelta(hours=3)  # who came before midnight has been handled by then


@dataclass(frozen=True, slots=True)
class Past:
    """A day with the policy, the skills and the agents' sites of its time."""

    day: RecordedDay
    policy: Policy
    skills: Mapping[str, Proficiencies]
    sites: Mapping[str, str] = field(default_factory=dict)


class Measure(StrEnum):
    """What is compared. Shares are 0 to 1, waits seconds; see routing.simulated_day.Figures."""

    SERVICE_LEVEL = "service_level"
    MEAN_WAIT_S = "mean_wait_s"
    ABANDONED_SHARE = "abandoned_share"


@dataclass(frozen=True, slots=True)
class Change:
    """One measure of one queue: as it was on record, as the engine plays that day once more, as it would have been otherwise, and
    what that changes, caller by caller. None: nobody came, or nothing else was asked for."""

    queue: str
    measure: Measure
    recorded: float | None
    replayed: Estimate | None
    otherwise: Estimate | None = None
    gain: Estimate | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`changes` by queue and measure; `occupancy` by agent, as replayed and otherwise (0 to 1; None: not on duty)."""

    changes: tuple[Change, ...]
    occupancy: Mapping[str, tuple[float | None, float | None]]


def load_past(session: Session, start: datetime, end: datetime, now: datetime) -> Past:
    """The day from `start` to `end` as far as it has come by `now`; all aware."""
    until = min(end, now)
    day = recorded_day(events_between(session, start, min(end + _LATE, now), _KINDS), start, until)
    publication = in_force_at(session, until)
    text = read_policy(publication.content, f"policy {publication.number}") if publication else shipped_policy()
    profiles = load_profiles(session)
    changed = list(events_between(session, until, now, [EventKind.AGENT_SKILLS_CHANGED]))
    skills = skills_then({agent_id: profile.proficiencies for agent_id, profile in profiles.items()}, changed)
    sites = sites_then({agent_id: profile.site for agent_id, profile in profiles.items()}, changed)
    return Past(day, text.policy, skills, sites)


def load_day(session: Session, day: date, zone: tzinfo, now: datetime) -> Past:
    """A day of the calendar of this time zone; as load_past."""
    start, end = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    return load_past(session, start, end, now)


def what_if(
    past: Past, days: int, policy: Policy | None = None, agents: Sequence[RosteredAgent] | None = None,
    tell: Callable[[int], object] = lambda done: None,
) -> WhatIf:  # fmt: skip
    """Play the day `days` times (two or more), and otherwise, where there is another policy or roster. Queues that only the other
    policy has come last.

    `tell` hears how many are done.
    """
    changes_anything = policy is not None or agents is not None
    before, after = [], []
    for number in range(days):
        before.append(replay(past.day, past.policy, past.skills, number, sites=past.sites))
        if changes_anything:
            after.append(replay(past.day, policy or past.policy, past.skills, number, agents, past.sites))
        tell(number + 1)
    queues = {queue.name: queue for each in (policy, past.policy) if each is not None for queue in each.queues}
    order = dict.fromkeys([*past.policy.names, *queues])
    changes = tuple(_change(past, queues[name], measure, before, after) for name in order for measure in Measure)
    occupancies = [runs[0].occupancy() if runs else {} for runs in (before, after)]
    names = sorted({name for each in occupancies for name in each})
    return WhatIf(changes, {name: (occupancies[0].get(name), occupancies[1].get(name)) for name in names})


def _change(past: Past, queue: Queue, measure: Measure, before: list[SimulatedDay], after: list[SimulatedDay]) -> Change:
    was, would_be = ([_value(day, queue.name, measure) for day in runs] for runs in (before, after))
    both = [(one, other) for one, other in zip(was, would_be, strict=False) if one is not None and other is not None]
    return Change(
        queue.name, measure, _recorded(past, queue, measure), _estimate(was), _estimate(would_be),
        _estimate([other - one for one, other in both]),
    )  # fmt: skip


def _estimate(values: Sequence[float | None]) -> Estimate | None:
    known = [value for value in values if value is not None]
    return estimate(known) if len(known) > 1 else None


def _value(day: SimulatedDay, queue: str, measure: Measure) -> float | None:
    names = streams_of_queue(day, queue)
    if not names:
        return None
    figures: Figures = day.figures(names)
    found: float | None = getattr(figures, measure.value)
    return found


def _recorded(past: Past, queue: Queue, measure: Measure) -> float | None:
    calls = [call for call in past.day.calls if call.place.queue == queue.name]
    if not calls:
        return None
    if measure is Measure.MEAN_WAIT_S:
        return sum(call.wait_s for call in calls) / len(calls)
    if measure is Measure.ABANDONED_SHARE:
        return sum(call.gave_up for call in calls) / len(calls)
    in_time = sum(not call.gave_up and call.wait_s <= queue.answer_within_s for call in calls)
    return service_level(in_time, len(calls), sum(call.gave_up and call.wait_s <= queue.short_abandon_s for call in calls))
