"""The roster of agents who share queues, while weeks of some are taken back and made anew: what it costs is known at any moment.

What an agent's days cost, and whether they may be, is the checker's to say; nothing is taken that breaks more hard rules.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from workforce.roster_check.agent_days import broken_days
from workforce.roster_check.agent_weeks import broken_weeks
from workforce.rosters.alike import alike
from workforce.rosters.contract import Contract
from workforce.rosters.counts import Part
from workforce.rosters.cover import on_queue, slot_units
from workforce.rosters.day_prices import DayPrices
from workforce.rosters.possible_shifts import PossibleShifts
from workforce.rosters.problem import Cell, Roster, RosterProblem, Training
from workforce.rosters.shift_pattern import DAY_MIN, Placed, Shift
from workforce.rosters.slot_costs import SlotCosts, few_enough
from workforce.rosters.week_mixes import week_ends
from workforce.rosters.week_of_one import Alphabet, Around, Worked, best_week

Days = Mapping[int, Placed | None]
_NIGHTS, _WEEKENDS = 0, 1


def can_be_priced(problem: RosterProblem, part: Part) -> bool:
    """Whether it is known here what a part's intervals cost: not with many kinds of agents in many queues, nor a least staff."""
    return problem.rules.rules.least_staff is None and few_enough(problem, {lot[0].queues for lot in part.lots.values()})


class PartRoster:
    """Of a part."""

    def __init__(self, problem: RosterProblem, part: Part, roster: Roster) -> None:
        self._problem, self.agents = problem, {one.agent: one for lot in part.lots.values() for one in lot}
        self._possible = PossibleShifts(problem)
        self._choices: dict[tuple[Shift, ...], tuple[Alphabet, DayPrices]] = {}
        self._staffing = SlotCosts(problem, sorted({one.queues for one in self.agents.values()}, key=sorted))
        self._slots_a_day = DAY_MIN // problem.minutes
        self._minutes: dict[object, tuple[Any, Any]] = {}
        self._ends: dict[object, Mapping[Worked, float]] = {}
        self._weekends = {day for weekend in problem.weekends() for day in weekend}
        self._fair = {agent: [0, 0] for agent in self.agents}
        self._days: dict[str, dict[int, Placed]] = {agent: {} for agent in self.agents}
        for (agent, day), placed in (*problem.before.items(), *roster.items()):
            if agent in self._days:
                self._put(agent, {day: placed})
        self._like: dict[str, list[str]] = {}
        for lot in alike(problem):
            members = [one.agent for one in lot]
            if members[0] in self.agents:
                self._like |= dict.fromkeys(members, members)
        self._own = {agent: self._points_of(agent) for agent in self.agents}

    def cost(self) -> float:
        """All that the part's agents and queues cost."""
        return float(self._staffing.now(slice(None)).sum()) + self._fairness(self.agents) + sum(map(self.own_points, self.agents))

    def own_points(self, agent: str) -> float:
        """What the agent's own days cost."""
        return self._own[agent][1]

    def roster(self) -> dict[Cell, Placed]:
        """Of the time itself."""
        return {(agent, day): placed for agent, days in self._days.items() for day, placed in days.items() if day >= 0}

    def can_change(self, agent: str, week: range) -> bool:
        """Whether anything of the agent's week is open, and nothing of it is settled as a shift that is none of the patterns'."""
        kept = [self._problem.kept[agent, day] for day in week if (agent, day) in self._problem.kept]
        return len(kept) < len(week) and all(one is None or one.shift in self._problem.shifts for one in kept)

    def anew(self, week: range, agents: Iterable[str]) -> float:
        """Take the week of these back, and give each, one after the other, the best that there then is; the points saved, below 0
        where a hard rule is kept again that was broken. As it was where more is broken, or no less and it costs more."""
        names = list(agents)
        slots = np.arange(week.start * self._slots_a_day, min(self._problem.slots, (week.stop + 1) * self._slots_a_day))
        before = {agent: {day: self._days[agent].get(day) for day in week} for agent in names}
        own = {agent: self._own[agent] for agent in names}
        cost = self._cost_of(names, slots)
        for agent in names:
            self._put(agent, dict.fromkeys(week))
        if all(self._give_best(agent, week, slots) for agent in names):
            if all(self._days[agent].get(day) == before[agent][day] for agent in names for day in week):
                return 0.0
            self._own |= {agent: self._points_of(agent) for agent in names}
            saved = cost - self._cost_of(names, slots)
            mended = [own[agent][0] - self._own[agent][0] for agent in names]
            if min(mended) >= 0 and (saved >= 0 or any(mended)):
                return saved
        for agent in names:
            self._put(agent, before[agent])
        self._own |= own
        return 0.0

    def _cost_of(self, agents: Iterable[str], slots: Any) -> float:
        return float(self._staffing.now(slots).sum()) + self._fairness(agents) + sum(map(self.own_points, agents))

    def _points_of(self, agent: str) -> tuple[int, float]:
        """Hard rules broken, and points of the others."""
        one, days = self.agents[agent], self._days[agent]
        broken = [*broken_days(self._problem, one, days), *broken_weeks(self._problem, one, days)]
        return sum(each.hard for each in broken), sum(each.points for each in broken)

    def _fairness(self, agents: Iterable[str]) -> float:
        rules, cost = self._problem.rules.rules, 0.0
        for members in {id(self._like[agent]): self._like[agent] for agent in agents}.values():
            for place, form in ((_NIGHTS, rules.fair_nights), (_WEEKENDS, rules.fair_weekends)):
                if form is not None:
                    counts = [self._fair[each][place] for each in members]
                    cost += form.weight * (max(counts) - min(counts))
        return cost

    def _put(self, agent: str, days: Days) -> None:
        """These days, and all others as before."""
        own = self._days[agent]
        for day, placed in days.items():
            old = own.pop(day, None)
            if old is not None:
                self._count(agent, day, old, -1)
            if placed is not None:
                own[day] = placed
                self._count(agent, day, placed, 1)

    def _count(self, agent: str, day: int, placed: Placed, times: int) -> None:
        slots, minutes = self._minutes_of(placed, self._problem.training.get((agent, day), ()))
        at = slots + day * self._slots_a_day
        there = (at >= 0) & (at < self._problem.slots)
        self._staffing.load[at[there], self._staffing.groups[self.agents[agent].queues]] += times * minutes[there]
        if day >= 0:
            self._fair[agent][_NIGHTS] += times * (placed.shift.key in self._problem.nights)
            self._fair[agent][_WEEKENDS] += times * (day in self._weekends)

    def _minutes_of(self, placed: Placed, training: tuple[Training, ...]) -> tuple[Any, Any]:
        """Intervals from the day's first on, and the minutes on queue in each."""
        key = (placed, training)
        if key not in self._minutes:
            found = slot_units(self._problem, 1, 0, on_queue(placed, training))
            slots, minutes = [slot for slot, _ in found], [each for _, each in found]
            self._minutes[key] = np.array(slots, dtype=np.int64), np.array(minutes, dtype=float)
        return self._minutes[key]

    def _give_best(self, agent: str, week: range, slots: Any) -> bool:
        """Give the agent, who is off, the best week; False where there is none."""
        one, problem, a_day = self.agents[agent], self._problem, self._slots_a_day
        alphabet, prices = self._choices_of(one, week)
        worth = self._staffing.one_more(slots, one.queues) / problem.minutes
        worth = np.concatenate([worth, np.zeros((len(week) + 1) * a_day - len(worth))])
        costs, breaks = [], []
        for number, day in enumerate(week):
            training = problem.training.get((agent, day), ())
            points, places = prices.of_shifts(worth[number * a_day : (number + 2) * a_day], training)
            costs.append(points + prices.of_rules(one, day))
            breaks.append(places)
        whole = next(each for each in problem.weeks() if each.stop == week.stop)
        worked = [placed.shift.pattern.paid_min for day in whole if (placed := self._days[agent].get(day)) is not None]
        start = (len(worked), sum(worked))
        lengths = frozenset([*worked, *alphabet.paid[1:]])
        found = best_week(alphabet, one, np.array(costs), start, self._ends_of(one, whole, lengths), self._around(agent, week))
        if found is None:
            return False
        for day, letter, places in zip(week, found, breaks, strict=True):
            shift = alphabet.shifts[letter]
            placed = None if shift is None else Placed(shift, tuple(places[letter]))
            self._put(agent, {day: problem.kept.get((agent, day), placed)})
        return True

    def _choices_of(self, one: Contract, week: range) -> tuple[Alphabet, DayPrices]:
        """What the agent may have on a day, with what is settled; and what it costs."""
        settled = {placed.shift.key for day in week if (placed := self._problem.kept.get((one.agent, day))) is not None}
        possible = self._possible.of(one)
        if settled:
            possible = tuple(shift for shift in self._problem.shifts if shift.key in settled or shift in possible)
        if possible not in self._choices:
            alphabet = Alphabet(self._problem, possible)
            self._choices[possible] = alphabet, DayPrices(self._problem, alphabet)
        return self._choices[possible]

    def _ends_of(self, one: Contract, week: range, lengths: frozenset[int]) -> Mapping[Worked, float]:
        away = sum((one.agent, day) in self._problem.time_off for day in week)
        key = (one.week_min, one.days_a_week, lengths, one.overtime, away, len(week))
        if key not in self._ends:
            self._ends[key] = week_ends(self._problem, one, week, lengths)
        return self._ends[key]

    def _around(self, agent: str, week: range) -> Around:
        days, nights = self._days[agent], self._problem.nights
        before, after = days.get(week.start - 1), days.get(week.stop)
        back, on = range(week.start - 1, min(days, default=0) - 1, -1), range(week.stop, self._problem.days)
        return Around(
            before.shift if before else None,
            after.shift if after else None,
            _row(day in days for day in back),
            _row(day in days for day in on),
            _row(day in days and days[day].shift.key in nights for day in back),
            _row(day in days and days[day].shift.key in nights for day in on),
        )


def _row(there: Iterable[bool]) -> int:
    """How many in a row, from the first on."""
    count = 0
    for each in there:
        if not each:
            break
        count += 1
    return count
