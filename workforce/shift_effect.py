"""What it would break and leave short when shifts of a published roster change hands: rules of the agents concerned, and staff."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workforce.roster_check.agent_days import broken_days
from workforce.roster_check.agent_weeks import broken_weeks
from workforce.roster_check.broken import BrokenRule
from workforce.roster_check.check import Change
from workforce.roster_check.staffing import broken_staffing, on_queue_min, supply_of
from workforce.rosters.problem import Cell, Roster, RosterProblem
from workforce.rosters.shift_pattern import DAY_MIN, Placed

_Staff = dict[tuple[str, str, int], BrokenRule]
_Moved = Counter[tuple[frozenset[str], int, Placed]]


@dataclass(frozen=True, slots=True)
class Short:
    """A queue lacks more people than before on a day (from the roster's first), from `start` to `end` in minutes of the day: in all
    `missing_min` minutes of a person."""

    queue: str
    day: int
    start: int
    end: int
    missing_min: int


@dataclass(frozen=True, slots=True)
class Effect:
    """`broken`: hard rules that were kept before; `short`: queues that lack more people than before."""

    broken: tuple[BrokenRule, ...]
    short: tuple[Short, ...]

    @property
    def harmless(self) -> bool:
        """Whether it breaks nothing and leaves nobody short."""
        return not self.broken and not self.short


class ShiftEffects:
    """Weighs changes of one roster; whoever asks about many colleagues asks the same one, which remembers what they share."""

    def __init__(self, problem: RosterProblem, roster: Roster) -> None:
        self._problem, self._roster = problem, roster
        self._days: dict[str, dict[int, Placed]] = defaultdict(dict)
        for (agent, day), placed in (*problem.before.items(), *roster.items()):
            self._days[agent][day] = placed
        self._kept: dict[str, frozenset[BrokenRule]] = {}
        self._staff: dict[frozenset[tuple[tuple[frozenset[str], int, Placed], int]], Effect] = {}

    def of(self, change: Change) -> Effect:
        """What the change would break and leave short. Raises KeyError for an agent without a contract."""
        staff = self._of_staff(change)
        return Effect((*self._of_agents(change), *staff.broken), staff.short)

    def without(self, cell: Cell) -> Effect:
        """What a day off instead of this shift would break of the rules on staff, and leave short: a day off is not against an
        agent's own rules."""
        return self._of_staff({cell: None})

    def _of_agents(self, change: Change) -> Iterator[BrokenRule]:
        for agent in sorted({agent for agent, _day in change}):
            if agent not in self._kept:
                self._kept[agent] = frozenset(self._hard(agent, self._days[agent]))
            after = dict(self._days[agent])
            for (whose, day), placed in change.items():
                if whose == agent:
                    after.pop(day, None)
                    if placed is not None:
                        after[day] = placed
            yield from (each for each in self._hard(agent, after) if each not in self._kept[agent])

    def _hard(self, agent: str, days: dict[int, Placed]) -> Iterator[BrokenRule]:
        one = self._problem.by_agent[agent]
        for each in (*broken_days(self._problem, one, days), *broken_weeks(self._problem, one, days)):
            if each.hard:
                yield each

    def _of_staff(self, change: Change) -> Effect:
        moved = self._moved(change)
        key = frozenset(moved.items())
        if key not in self._staff:
            self._staff[key] = self._weigh_staff(moved)
        return self._staff[key]

    def _moved(self, change: Change) -> _Moved:
        """How many more people of each set of queues work each shift; what one gives and another like them takes is nothing."""
        found: _Moved = Counter()
        for cell, placed in change.items():
            queues = self._problem.by_agent[cell[0]].queues
            for one, sign in ((self._roster.get(cell), -1), (placed, 1)):
                if one is not None:
                    found[queues, cell[1], one] += sign
        return Counter({key: count for key, count in found.items() if count})

    def _weigh_staff(self, moved: _Moved) -> Effect:
        problem = self._problem
        days = {day for _queues, day, _placed in moved}
        near = {cell: placed for cell, placed in self._roster.items() if any(day - 2 < cell[1] < day + 2 for day in days)}
        supply = supply_of(problem, near)
        after: dict[int, dict[frozenset[str], int]] = defaultdict(lambda: defaultdict(int))
        after.update({slot: defaultdict(int, load) for slot, load in supply.items()})
        slots: set[int] = set()
        for (queues, day, placed), count in moved.items():
            for slot, minutes in on_queue_min(problem, "", day, placed):
                slots.add(slot)
                after[slot][queues] += count * minutes
        was, is_now = self._lacking(supply, sorted(slots)), self._lacking(after, sorted(slots))
        worse = [(each, each.amount - _amount(was, key)) for key, each in is_now.items() if each.amount > _amount(was, key)]
        broken = tuple(each for each, _more in worse if each.hard)
        return Effect(broken, tuple(self._spans([(each, more) for each, more in worse if each.rule == "understaffed"])))

    def _lacking(self, supply: Mapping[int, dict[frozenset[str], int]], slots: list[int]) -> _Staff:
        found = broken_staffing(self._problem, supply, slots)
        return {(each.rule, each.what, each.slot or 0): each for each in found if each.rule != "overstaffed"}

    def _spans(self, worse: list[tuple[BrokenRule, int]]) -> Iterator[Short]:
        """Intervals after each other, of one queue and day, in one piece."""
        step = self._problem.minutes
        open_one: Short | None = None
        for each, more in sorted(worse, key=lambda one: (one[0].what, one[0].slot or 0)):
            day, start = divmod((each.slot or 0) * step, DAY_MIN)
            if open_one is not None and (open_one.queue, open_one.day, open_one.end) == (each.what, day, start):
                open_one = Short(each.what, day, open_one.start, start + step, open_one.missing_min + more)
                continue
            if open_one is not None:
                yield open_one
            open_one = Short(each.what, day, start, start + step, more)
        if open_one is not None:
            yield open_one


def moving(roster: Roster, mine: Cell, other: str, other_day: int | None) -> dict[Cell, Placed | None]:
    """The change by which `other` takes over this shift, and where `other_day` is given, gives their shift of that day for it."""
    agent, day = mine
    change: dict[Cell, Placed | None] = {mine: None, (other, day): roster.get(mine)}
    if other_day is not None:
        change[other, other_day] = roster.get(mine) if other_day == day else None
        change[agent, other_day] = roster.get((other, other_day))
    return change


def _amount(known: _Staff, key: tuple[str, str, int]) -> int:
    found = known.get(key)
    return found.amount if found is not None else 0
