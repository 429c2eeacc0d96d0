"""Agents as rosters know them: what they can serve, and what was agreed with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workforce.rosters.shift_pattern import DAY_MIN, Shift, ShiftPattern

ALWAYS: tuple[tuple[int, int], ...] = ((0, 2 * DAY_MIN),)


@dataclass(frozen=True)
class Contract:
    """An agent. `queues` are those that they serve; `hours` of a week in minutes; `available` by weekday (0: Monday) the times
    [from, to) in minutes of the day, beyond 1440 for a night: weekdays that are not there are wholly free to roster when the
    mapping is empty, and not at all otherwise. `patterns` empty: any.

    `protected`: not to work at night, whoever decided so and why. The `most_…` and `least_…` replace the rules' own for this agent.
    """

    agent: str
    queues: frozenset[str] = frozenset()
    week_min: int = 2400
    days_a_week: int = 5
    available: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    patterns: frozenset[str] = frozenset()
    overtime: bool = False
    protected: bool = False
    name: str = ""
    most_in_a_row: int | None = None
    least_in_a_row: int | None = None
    least_off_in_a_row: int | None = None
    most_weekends: int | None = None
    most_total_min: int | None = None
    least_total_min: int | None = None
    most_of: Mapping[str, int] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """As people call them."""
        return self.name or self.agent

    def works_as(self, pattern: ShiftPattern) -> bool:
        """Whether such shifts are among the agent's: by the contract's patterns, and by its days a week."""
        return pattern.days_a_week <= self.days_a_week and (not self.patterns or pattern.name in self.patterns)

    def can_be_there(self, weekday: int, shift: Shift) -> bool:
        """Whether the shift of a day of this weekday lies within the agent's times."""
        if not self.available:
            return True
        return any(start <= shift.start and shift.end <= end for start, end in self.available.get(weekday, ()))
