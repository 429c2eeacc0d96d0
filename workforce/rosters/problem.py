"""What a roster is made for: days, needs, agents, rules, and what is settled already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from workforce.rosters.contract import Contract
from workforce.rosters.rules_form import RosterRules
from workforce.rosters.shift_pattern import DAY_MIN, Placed, Shift, ShiftPattern

Cell = tuple[str, int]
"""An agent and a day, counted from the problem's first; days before it are below 0."""
Roster = Mapping[Cell, Placed]
"""Who works when; a cell that is not there is a day off."""
PAST_DAYS = 14


@dataclass(frozen=True, slots=True)
class ShiftNeed:
    """So many people are wanted on shifts of a pattern on a day; each one missing or too many costs so much."""

    day: int
    pattern: str
    people: int
    under_weight: int
    over_weight: int


@dataclass(frozen=True, slots=True)
class Wish:
    """An agent would like a shift of this pattern on a day, "" for a day off, or would not (`against`). `weight` None: the
    rule's."""

    agent: str
    day: int
    pattern: str
    against: bool = False
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Training:
    """Off the queue from `start` to `end`, minutes of that day, within a shift."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class RosterProblem:
    """`needs`: by queue, people on queue in each interval of `minutes`, from the first day's midnight on, the wall clock's.

    `kept` is settled: these cells stay (None: a day off). `given`: a roster from which the new one is to differ little.
    `before`: what was worked on days below 0, PAST_DAYS at most.
    """

    first: date
    days: int
    minutes: int
    patterns: tuple[ShiftPattern, ...]
    contracts: tuple[Contract, ...]
    rules: RosterRules
    needs: Mapping[str, Sequence[int]] = field(default_factory=dict)
    shift_needs: tuple[ShiftNeed, ...] = ()
    time_off: frozenset[Cell] = frozenset()
    wishes: tuple[Wish, ...] = ()
    training: Mapping[Cell, tuple[Training, ...]] = field(default_factory=dict)
    kept: Mapping[Cell, Placed | None] = field(default_factory=dict)
    given: Roster | None = None
    before: Roster = field(default_factory=dict)

    @cached_property
    def by_agent(self) -> Mapping[str, Contract]:
        """The contracts by agent."""
        return {each.agent: each for each in self.contracts}

    @cached_property
    def shifts(self) -> tuple[Shift, ...]:
        """Every shift that there can be on a day: of patterns for which anybody works on days enough of a week."""
        most = max((one.days_a_week for one in self.contracts), default=7)
        return tuple(shift for pattern in self.patterns if pattern.days_a_week <= most for shift in pattern.shifts())

    @cached_property
    def nights(self) -> frozenset[tuple[str, int]]:
        """The keys of the shifts that count as nights."""
        form = self.rules.nights
        return frozenset(
            shift.key for pattern in self.patterns for shift in pattern.shifts()
            if shift.in_hours(form.from_time, form.until) >= form.least_min
        )  # fmt: skip

    @cached_property
    def slots(self) -> int:
        """Intervals of the whole time."""
        return self.days * DAY_MIN // self.minutes

    def date_of(self, day: int) -> date:
        """The date of a day."""
        return self.first + timedelta(days=day)

    def weekday(self, day: int) -> int:
        """0 for Monday."""
        return (self.first.weekday() + day) % 7

    def weeks(self) -> Iterator[range]:
        """The calendar weeks from Monday, as far as they are known: by the time itself, and by what was worked before."""
        start = -self.first.weekday()
        earliest = min((day for _agent, day in self.before), default=0)
        for monday in range(start, self.days, 7):
            yield range(max(monday, earliest), min(monday + 7, self.days))

    def weekends(self) -> Iterator[range]:
        """Saturdays and Sundays of the time."""
        for saturday in range(5 - self.first.weekday() - 7, self.days, 7):
            found = range(max(saturday, 0), min(saturday + 2, self.days))
            if found:
                yield found
