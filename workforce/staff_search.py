"""Agents of several skills: the fewest with whom every queue's target holds, found by the routing engine on simulated callers."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from statistics import fmean

from core.errors import BadInput
from routing.demand import ENDLESS, Exponential, Lognormal, Poisson, Stream
from routing.policy import Policy
from routing.replications import Estimate, estimate
from routing.simulate import simulate
from workforce.skill_groups import SkillGroup, served_by, without_sites

_FEWEST_DAYS, _MOST_DAYS = 4, 32
_CALLERS = 250.0
_LEAST_S, _MOST_S = 1800.0, 4 * 3600.0
_WARM_SHARE = 0.2
_MOST_TRIED = 200
_SPREAD = 1.0  # of handling times: standard deviation over mean, about that of telephone talks
Tell = Callable[[int, str], object]
"""Hears how many staffings were tried, and what is done."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What comes to a queue, and what is to hold: `service_target` answered within the time that the policy says."""

    queue: str
    per_hour: float
    aht_s: float
    patience_s: float
    service_target: float


@dataclass(frozen=True, slots=True)
class Worth:
    """What one agent more of a group changes in the service level of a queue; with a confidence interval."""

    group: str
    queue: str
    gain: Estimate


@dataclass(frozen=True, eq=False)
class Found:
    """Agents by group; each queue's service level with its interval; what one more of each group is worth. `short`: the queues
    whose target does not hold with all there are; `alone`: the agents that the queues would need each for itself."""

    agents: Mapping[str, int]
    levels: Mapping[str, Estimate]
    worth: Sequence[Worth]
    short: Sequence[str]
    alone: int
    tried: int


def search(
    policy: Policy, demands: Sequence[Demand], groups: Sequence[SkillGroup], alone: Mapping[str, int], seed: int = 1,
    tell: Tell = lambda tried, what: None,
) -> Found:  # fmt: skip
    """Start with what each queue needs `alone`, of the groups that serve fewest others; add where a target does not hold, then take
    away while all hold, also two for one who can do more. A target holds when the lower end of the 95 % interval reaches it. Sites
    make no difference here. Raises BadInput where nobody serves a queue or nobody comes."""
    floor = without_sites(policy)
    coming = [each for each in demands if each.per_hour > 0]
    if not coming:
        raise BadInput("Nobody comes to any queue.", "Choose an interval with callers.")
    serves = served_by(floor, [each.queue for each in coming], groups)
    trial = _Trial(floor, coming, groups, seed, tell)
    staff = [0] * len(groups)
    for each in coming:
        left = alone[each.queue]
        for number in serves[each.queue]:
            taken = min(left, groups[number].most - staff[number])
            staff[number], left = staff[number] + taken, left - taken
    staff = _add(trial, staff, serves, groups)
    short = trial.misses(tuple(staff))
    if not short:
        staff = _swap(trial, _take_away(trial, staff), groups)
    worth = [one for number in range(len(groups)) if staff[number] < groups[number].most for one in trial.worth(staff, number)]
    return Found(
        {group.name: count for group, count in zip(groups, staff, strict=True)}, trial.levels(tuple(staff)), worth, short,
        sum(alone[each.queue] for each in coming), trial.tried,
    )  # fmt: skip


def _add(trial: "_Trial", staff: list[int], serves: Mapping[str, Sequence[int]], groups: Sequence[SkillGroup]) -> list[int]:
    """One more, then two, four … of the first group that has some left, for the queue that is furthest from its target."""
    step = 1
    while short := trial.misses(tuple(staff)):
        levels = trial.levels(tuple(staff))
        worst = max(short, key=lambda queue: trial.target(queue) - levels[queue].low)
        number = next((each for each in serves[worst] if staff[each] < groups[each].most), None)
        if number is None:
            return staff
        staff = [count + (min(step, groups[at].most - count) if at == number else 0) for at, count in enumerate(staff)]
        step *= 2
    return staff


def _take_away(trial: "_Trial", staff: list[int]) -> list[int]:
    """By halving steps of each group in turn, while every target holds."""
    step = max(1, max(staff) // 4)
    while True:
        took = False
        for number in sorted(range(len(staff)), key=lambda at: -staff[at]):
            while staff[number] >= step:
                fewer = [count - (step if at == number else 0) for at, count in enumerate(staff)]
                if trial.misses(tuple(fewer)):
                    break
                staff, took = fewer, True
        if step > 1:
            step = max(1, step // 2)
        elif not took:
            return staff


def _swap(trial: "_Trial", staff: list[int], groups: Sequence[SkillGroup]) -> list[int]:
    """One of a group for two of others, while every target holds; those first who can do the most."""
    for number in sorted(range(len(staff)), key=lambda at: -len(groups[at].proficiencies)):
        found = True
        while found and staff[number] < groups[number].most:
            found = False
            for one, other in combinations_with_replacement([at for at in range(len(staff)) if at != number], 2):
                fewer = list(staff)
                fewer[one], fewer[other], fewer[number] = fewer[one] - 1, fewer[other] - 1, fewer[number] + 1
                if one == other:
                    fewer[one] = staff[one] - 2
                if min(fewer) >= 0 and trial.tried < _MOST_TRIED and not trial.misses(tuple(fewer)):
                    staff, found = fewer, True
                    break
    return staff


class _Trial:
    """Simulated days with a staffing. The same callers come to each, so that two staffings differ by nothing else."""

    def __init__(self, policy: Policy, demands: Sequence[Demand], groups: Sequence[SkillGroup], seed: int, tell: Tell) -> None:
        self._demands, self._groups, self._seed, self._tell, self._order = demands, groups, seed, tell, policy.order
        self.tried = 0
        self._runs: dict[tuple[tuple[int, ...], int], dict[str, float]] = {}
        self._seen: set[tuple[int, ...]] = set()
        slowest = min(each.per_hour for each in demands) / 3600
        self._length_s = min(max(_CALLERS / slowest, _LEAST_S, 10 * max(each.aht_s for each in demands)), _MOST_S)
        self._warm_s = _WARM_SHARE * self._length_s
        self._streams = [self._stream(policy, each) for each in demands]

    def target(self, queue: str) -> float:
        return next(each.service_target for each in self._demands if each.queue == queue)

    def levels(self, staff: tuple[int, ...], days: int = _FEWEST_DAYS) -> dict[str, Estimate]:
        """Over at least so many days, and all that were simulated."""
        while days < _MOST_DAYS and (staff, days) in self._runs:
            days += 1
        runs = [self._run(staff, number) for number in range(days)]
        found = {}
        for each in self._demands:
            values = [run[each.queue] for run in runs if each.queue in run]
            found[each.queue] = estimate(values) if len(values) > 1 else Estimate(fmean(values) if values else 0.0, math.inf, 1)
        return found

    def misses(self, staff: tuple[int, ...]) -> list[str]:
        """The queues whose target does not hold for sure; as many days as it takes to know, up to a limit."""
        if staff not in self._seen:
            self._seen.add(staff)
            self.tried += 1
            self._tell(self.tried, ", ".join(f"{group.name}: {count}" for group, count in zip(self._groups, staff, strict=True)))
        days = _FEWEST_DAYS
        while True:
            levels = self.levels(staff, days)
            short = [each.queue for each in self._demands if levels[each.queue].low < each.service_target]
            if not short or days >= _MOST_DAYS or any(levels[queue].high < self.target(queue) for queue in short):
                return short
            days = min(days * 2, _MOST_DAYS)

    def worth(self, staff: Sequence[int], number: int) -> list[Worth]:
        """One more of this group, day by day with the same callers."""
        more = tuple(count + (at == number) for at, count in enumerate(staff))
        days = 2 * _FEWEST_DAYS
        pairs = [(self._run(tuple(staff), day), self._run(more, day)) for day in range(days)]
        found = []
        for each in self._demands:
            gains = [then[each.queue] - now[each.queue] for now, then in pairs if each.queue in now and each.queue in then]
            if len(gains) > 1:
                found.append(Worth(self._groups[number].name, each.queue, estimate(gains)))
        return found

    def _run(self, staff: tuple[int, ...], day: int) -> dict[str, float]:
        key = (staff, day)
        if key not in self._runs:
            agents = [agent for group, count in zip(self._groups, staff, strict=True) for agent in group.agents(count)]
            played = simulate(agents, self._streams, self._seed, day, self._order)
            self._runs[key] = {
                each.queue: level for each in self._demands
                if (level := played.figures(each.queue, self._warm_s, self._length_s).service_level) is not None
            }  # fmt: skip
        return self._runs[key]

    def _stream(self, policy: Policy, demand: Demand) -> Stream:
        queue = policy.queue(demand.queue)
        patience = ENDLESS if math.isinf(demand.patience_s) else Exponential(demand.patience_s)
        return Stream(
            demand.queue, policy.plan(demand.queue, ""), Poisson((demand.per_hour * self._length_s / 3600,), self._length_s),
            Lognormal(demand.aht_s, _SPREAD), patience, priority=queue.priority, answer_within_s=queue.answer_within_s,
            short_abandon_s=queue.short_abandon_s,
        )  # fmt: skip
