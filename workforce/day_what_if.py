"""The rest of a day played by the routing engine: as it is planned, and with agents ill, more callers or longer handling."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import fmean

from core.errors import BadInput
from routing.demand import ENDLESS, Exponential, Lognormal, Poisson, Stream
from routing.policy import Policy
from routing.replications import Estimate, estimate
from routing.shifts import Period, RosteredAgent, Shift
from routing.simulate import simulate
from routing.simulated_day import Figures, SimulatedDay
from routing.simulated_overflow import SimulatedOverflow
from routing.simulated_site import simulated_sites
from routing.what_if import Measure
from workforce.day_outlook import QueueOutlook

_WARM = timedelta(hours=1)
_SPREAD = 1.0  # of handling times: standard deviation over mean, about that of telephone talks
_FEWEST_RUNS, _MOST_RUNS = 4, 20
_CALLERS_AT_ONCE = 24_000  # played in about a second and a half, both ways together
MOST_TIMES = 5.0
Tell = Callable[[int, int], None]
"""Called after each day played: so many are done, of so many."""


def group_of(queues: Iterable[str]) -> str:
    """The name of those who serve just these queues, such as "billing+sales"."""
    return "+".join(sorted(queues))


@dataclass(frozen=True, slots=True)
class OtherDay:
    """From `at` on: so many agents of those who serve a queue are `ill`, and of those who serve just the queues of a group
    (named as `group_of` does); callers come `volume` times as often, and are handled `aht` times as long."""

    at: datetime
    ill: Mapping[str, int] = field(default_factory=dict)
    volume: float = 1.0
    aht: float = 1.0
    ill_groups: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        counts = (*self.ill.values(), *self.ill_groups.values())
        if any(count < 0 for count in counts) or not all(0 <= each <= MOST_TIMES for each in (self.volume, self.aht)):
            raise BadInput("That can't be what if.", "Use 0 agents or more, and 0 to 5 times.")
        if self.aht == 0:
            raise BadInput("Nobody is handled in no time.", "Use more than 0 times.")


@dataclass(frozen=True, slots=True)
class Played:
    """One measure of one queue over the rest of the day; None where nobody came."""

    planned: Estimate | None
    otherwise: Estimate | None
    gain: Estimate | None


@dataclass(frozen=True, eq=False)
class RestOfDay:
    """`measures` by queue; `hours` of the time that is left, and by queue the mean service level in each, as planned and otherwise
    (None: nobody came). `gone`: who is ill. `left` by queue: the share of callers who still stand in line when the last agent has
    gone home; their waits are in no mean."""

    measures: Mapping[str, Mapping[Measure, Played]]
    hours: Sequence[datetime]
    levels: Mapping[str, tuple[Sequence[float | None], Sequence[float | None]]]
    runs: int
    gone: Sequence[str]
    left: Mapping[str, Played] = field(default_factory=dict)


def ill_agents(
    duty: Mapping[str, Sequence[Period]], serves: Mapping[str, frozenset[str]], other: OtherDay, at_s: float
) -> list[str]:
    """Who is ill: of those who are still to work for the queue or the group, by their number, evenly spread among those who
    serve few queues and those who serve many. Raises BadInput where there are not so many."""
    left = sorted((agent for agent in duty if any(to_s > at_s for _from_s, to_s in duty[agent])), key=lambda agent: (
        len(serves.get(agent, ())), agent))  # fmt: skip
    gone: list[str] = []
    chosen = [(name, count, [each for each in left if group_of(serves.get(each, ())) == name])
              for name, count in other.ill_groups.items()]  # fmt: skip
    chosen += [(queue, count, [each for each in left if queue in serves.get(each, ())]) for queue, count in other.ill.items()]
    for name, count, every in chosen:
        able = [agent for agent in every if agent not in gone]
        if count > len(able):
            raise BadInput(f"Only {len(able)} agents of {name} are still to work then.", "Choose fewer.")
        gone += [able[int((number + 0.5) * len(able) / count)] for number in range(count)]
    return gone


def play_rest(
    policy: Policy, outlooks: Mapping[str, QueueOutlook], team: Sequence[RosteredAgent], begins: datetime, other: OtherDay,
    serves: Mapping[str, frozenset[str]], seed: int = 1, tell: Tell = lambda _done, _of: None,
) -> RestOfDay:  # fmt: skip
    """`team` is on duty as planned, in seconds from `begins`. The hour before `other.at` is played too, so that the time that is
    looked at does not begin with empty lines. Both days have the same callers, as far as both have them. Raises BadInput where
    nothing is left of the day, or nobody is expected."""
    rows = next(iter(outlooks.values())).needed if outlooks else ()
    if not rows:
        raise BadInput("No forecast has this day.", "Compute a forecast first.")
    long = timedelta(minutes=rows[0].minutes)
    numbers = [number for number, row in enumerate(rows) if row.starts_at + long > other.at]
    if not numbers:
        raise BadInput("Nothing is left of the day then.", "Choose an earlier time.")
    at_s, end_s = ((moment - begins).total_seconds() for moment in (other.at, rows[-1].starts_at + long))
    warm = [number for number, row in enumerate(rows) if other.at - _WARM <= row.starts_at and row.starts_at < other.at]
    first = min([*warm, *numbers])
    duty = {agent.agent_id: agent.on_duty() for agent in team}
    gone = ill_agents(duty, serves, other, at_s)
    both, only, beside = min(1.0, other.volume), max(0.0, 1.0 - other.volume), max(0.0, other.volume - 1.0)
    planned = _Day(policy, outlooks, team, begins, first, other.at, 1.0, (both, only, 0.0))
    left = [_until(each, at_s, each.agent_id in gone) for each in team]
    otherwise = _Day(policy, outlooks, left, begins, first, other.at, other.aht, (both, 0.0, beside))
    callers = sum(row.callers for each in outlooks.values() for row in each.needed[first:])
    if callers <= 0:
        raise BadInput("Nobody is expected for the rest of the day.", "Choose an earlier time.")
    runs = max(_FEWEST_RUNS, min(_MOST_RUNS, int(_CALLERS_AT_ONCE / (callers * (1 + max(1.0, other.volume))))))
    pairs = []
    for number in range(runs):
        was = planned.play(seed, number)
        tell(2 * number + 1, 2 * runs)
        pairs.append((was, otherwise.play(seed, number)))
        tell(2 * number + 2, 2 * runs)
    hours = [at_s + 3600.0 * number for number in range(math.ceil((end_s - at_s) / 3600))]
    measures, levels, waiting = {}, {}, {}
    for queue in outlooks:
        figures = [(was.of(queue, at_s, end_s), then.of(queue, at_s, end_s)) for was, then in pairs]
        measures[queue] = {measure: _played(figures, measure.value) for measure in Measure}
        waiting[queue] = _played(figures, "in_line_share")
        sides = [[_mean([day.of(queue, hour, hour + 3600).service_level for day in side]) for hour in hours]
                 for side in zip(*pairs, strict=True)]  # fmt: skip
        levels[queue] = (sides[0], sides[1])
    return RestOfDay(measures, [begins + timedelta(seconds=each) for each in hours], levels, runs, gone, waiting)


class _Outcome:
    """A played day, asked by queue."""

    def __init__(self, day: SimulatedDay) -> None:
        self._day = day
        self._names: dict[str, list[str]] = {}
        for stream in day.streams:
            self._names.setdefault(stream.name.split("|")[0], []).append(stream.name)

    def of(self, queue: str, from_s: float, to_s: float) -> Figures:
        return self._day.figures(self._names[queue], from_s, to_s)


class _Day:
    """One way the rest may go. `shares` of the callers expected: those who come either way, only as planned, and only otherwise."""

    def __init__(
        self, policy: Policy, outlooks: Mapping[str, QueueOutlook], team: Sequence[RosteredAgent], begins: datetime, first: int,
        at: datetime, aht: float, shares: tuple[float, float, float],
    ) -> None:  # fmt: skip
        self._policy, self._begins = policy, begins
        self._team = [replace(agent, site=policy.site_of_agent(agent.site)) for agent in team]
        self._streams = [
            stream for queue, each in outlooks.items() for stream in _streams(policy, queue, each, begins, first, at, aht, shares)
        ]

    def play(self, seed: int, number: int) -> _Outcome:
        queues = [stream.name.split("|")[0] for stream in self._streams]
        overflow = SimulatedOverflow(self._policy, queues, lambda helped, each: helped.plan(queues[each], ""))
        sites = simulated_sites(self._policy.sites, self._begins)
        return _Outcome(simulate(self._team, self._streams, seed, number, self._policy.order, sites, overflow))


def _streams(
    policy: Policy, queue: str, outlook: QueueOutlook, begins: datetime, first: int, at: datetime, aht: float,
    shares: tuple[float, float, float],
) -> list[Stream]:  # fmt: skip
    """Streams of one name have the same callers in both days; handled longer they stay the same, too."""
    known, rows = policy.queue(queue), outlook.needed
    before = [row.callers if row.starts_at < at else 0.0 for row in rows[first:]]
    after = [row.callers - early for row, early in zip(rows[first:], before, strict=True)]
    parts = [("before", before, 1.0)]
    for name, share in zip(("both", "planned", "otherwise"), shares, strict=True):
        parts.append((name, [share * each for each in after], aht))
    callers = sum(row.callers for row in rows[first:])
    aht_s = sum(row.callers * row.aht_s for row in rows[first:]) / callers if callers else rows[first].aht_s
    patience = ENDLESS if math.isinf(outlook.patience_s) else Exponential(outlook.patience_s)
    return [
        Stream(
            f"{queue}|{name}", policy.plan(queue, ""),
            Poisson(expected, rows[0].minutes * 60.0, (rows[first].starts_at - begins).total_seconds()),
            Lognormal(aht_s * times, _SPREAD), patience, priority=known.priority, answer_within_s=known.answer_within_s,
            short_abandon_s=known.short_abandon_s,
        )
        for name, expected, times in parts
    ]  # fmt: skip


def _until(agent: RosteredAgent, at_s: float, ill: bool) -> RosteredAgent:
    """Who is ill goes then."""
    if not ill:
        return agent
    left = [Shift(from_s, min(to_s, at_s)) for from_s, to_s in agent.on_duty() if from_s < at_s]
    return replace(agent, shifts=left)


def _played(both: Sequence[tuple[Figures, Figures]], measure: str) -> Played:
    was: list[float | None] = [getattr(one, measure) for one, _other in both]
    then: list[float | None] = [getattr(other, measure) for _one, other in both]
    gains = [after - before for before, after in zip(was, then, strict=True) if before is not None and after is not None]
    return Played(*(_estimated([value for value in each if value is not None]) for each in (was, then, gains)))


def _estimated(values: Sequence[float]) -> Estimate | None:
    return estimate(values) if len(values) > 1 else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
