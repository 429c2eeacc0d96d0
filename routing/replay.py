"""A recorded day through the same engine: under the policy of that day, under another one, or with other agents."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from random import Random

from routing.asked_first import AskedFirst, first_of
from routing.demand import Given, Stream
from routing.needs import Proficiencies
from routing.patience import PatienceCurve
from routing.policy import Policy
from routing.recorded_day import RecordedCall, RecordedDay
from routing.shifts import RosteredAgent, Shift
from routing.simulate import simulate
from routing.simulated_day import SimulatedDay
from routing.simulated_overflow import SimulatedOverflow
from routing.simulated_site import simulated_sites

_SEPARATOR = "|"
_Kind = tuple[str, str, AskedFirst | None, str, int, float]  # queue, language, who is asked first, region, priority, credit
_NOWHERE: Mapping[str, str] = {}


def replay(
    day: RecordedDay, policy: Policy, skills: Mapping[str, Proficiencies], seed: int, agents: Sequence[RosteredAgent] | None = None,
    sites: Mapping[str, str] = _NOWHERE,
) -> SimulatedDay:  # fmt: skip
    """The day once more. Callers come when they came, with the handling time that they had.

    Nobody knows how long a caller who was answered would have waited, nor how long one who gave up would have been handled: both
    are drawn, from those of the queue who gave up later, and from those who were handled. The same `seed` draws the same for a
    caller under every policy. Agents are on duty as they were, at their `sites`, unless others are given.
    """
    found = agents if agents is not None else team_of(day, skills, sites)
    team = [replace(agent, site=policy.site_of_agent(agent.site)) for agent in found]
    alike = _alike(day, policy, {agent.agent_id for agent in team})
    streams, kinds = _streams(day, policy, seed, alike), list(alike)
    overflow = SimulatedOverflow(policy, [kind[0] for kind in kinds], lambda helped, number: helped.plan(*kinds[number][:4]))
    return simulate(
        team, streams, seed, order=policy.order, sites=simulated_sites(policy.sites, day.start), overflow=overflow
    )  # fmt: skip


def team_of(day: RecordedDay, skills: Mapping[str, Proficiencies], sites: Mapping[str, str] = _NOWHERE) -> list[RosteredAgent]:
    """The agents of that day, on duty as they were, where they were."""
    return [
        RosteredAgent(agent_id, skills.get(agent_id, {}), sites.get(agent_id, ""), [Shift(*period) for period in periods])
        for agent_id, periods in sorted(day.duty.items())
    ]


def streams_of_queue(day: SimulatedDay, queue: str) -> list[str]:
    """The names of the streams in a replayed day that were callers of this queue."""
    return [stream.name for stream in day.streams if stream.name.split(_SEPARATOR)[0] == queue]


def _alike(day: RecordedDay, policy: Policy, team: Collection[str]) -> Mapping[_Kind, Sequence[RecordedCall]]:
    """Callers who stand in line alike, in the order of their first."""
    alike: defaultdict[_Kind, list[RecordedCall]] = defaultdict(list)
    for call in day.calls:
        place = call.place
        queue = policy.queue_or_fallback(place.queue)
        priority = queue.priority if place.priority is None else place.priority
        credit_s = policy.order.credit(place.segment, place.reason, place.second_call) + place.credit_s
        alone = first_of(policy.asked_first(place), team)
        alike[queue.name, place.language, alone, policy.region_of(place), priority, credit_s].append(call)
    return alike


def _streams(day: RecordedDay, policy: Policy, seed: int, alike: Mapping[_Kind, Sequence[RecordedCall]]) -> list[Stream]:
    drawn = _Drawn(day.calls, seed)
    streams = []
    for (name, language, alone, region, priority, credit_s), calls in alike.items():
        queue = policy.queue(name)
        first = f"{alone.asked_as.value} {alone.agent_id}" if alone else ""
        streams.append(Stream(
            _SEPARATOR.join((name, language, first, region, str(priority), f"{credit_s:g}")),
            policy.plan(name, language, alone, region),
            Given([(call.place.queued_at - day.start).total_seconds() for call in calls]),
            Given([drawn.handling_s(call) for call in calls]), Given([drawn.patience_s(call) for call in calls]),
            priority=priority, credit_s=credit_s, answer_within_s=queue.answer_within_s, short_abandon_s=queue.short_abandon_s,
        ))  # fmt: skip
    return streams


class _Drawn:
    """What is not known of each caller, drawn by the caller's own chance."""

    def __init__(self, calls: Sequence[RecordedCall], seed: int) -> None:
        self._seed = seed
        by_queue: defaultdict[str, list[RecordedCall]] = defaultdict(list)
        for call in calls:
            by_queue[call.place.queue].append(call)
        self._curves = {queue: PatienceCurve([(call.wait_s, call.gave_up) for call in each]) for queue, each in by_queue.items()}
        self._handled = {queue: sorted(call.handling_s for call in each if call.handling_s) for queue, each in by_queue.items()}
        self._all_handled = sorted(call.handling_s for call in calls if call.handling_s)

    def patience_s(self, call: RecordedCall) -> float:
        if call.gave_up:
            return call.wait_s
        return self._curves[call.place.queue].beyond(call.wait_s, self._chance(call, "patience").random())

    def handling_s(self, call: RecordedCall) -> float:
        if call.handling_s is not None:
            return call.handling_s
        known = self._handled[call.place.queue] or self._all_handled
        return self._chance(call, "handling").choice(known) if known else 0.0

    def _chance(self, call: RecordedCall, what: str) -> Random:
        return Random(f"{self._seed} {what} {call.place.interaction_id}")  # noqa: S311  (a simulation, no secret)
