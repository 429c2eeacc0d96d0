"""Small rosters for tests: a few people, a few days, rules by name."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from workforce.rosters.contract import Contract
from workforce.rosters.problem import Cell, RosterProblem, Wish
from workforce.rosters.rules_form import RosterRules
from workforce.rosters.shift_pattern import Break, Placed, Shift, ShiftPattern, placed_first
from workforce.rosters.solving import Effort

MONDAY = date(2026, 12, 7)
EARLY = ShiftPattern("early", (360,), 540, (Break("lunch", 60, 240, 240),))
LATE = ShiftPattern("late", (840,), 540, (Break("meal", 60, 240, 240),))
NIGHT = ShiftPattern("night", (1320,), 510, (Break("meal", 30, 240, 240),), frozenset({"early"}))
LONG = ShiftPattern("long", (480,), 720, (Break("lunch", 60, 240, 300),))
PATTERNS = (EARLY, LATE, NIGHT, LONG)
QUICK = Effort(limit_s=10, workers=1)


def rules(**named: Any) -> RosterRules:
    """The rules of these names only."""
    form = {"patterns": [{"name": "any", "from": "08:00", "hours": 8}], "rules": named}
    return RosterRules.model_validate(form)


def shift(pattern: ShiftPattern, start: int | None = None) -> Placed:
    return placed_first(Shift(pattern, pattern.starts[0] if start is None else start))


def roster(**by_agent: str) -> dict[Cell, Placed]:
    """`ani="EE-N"`: early, early, off, night."""
    letters = {"E": EARLY, "L": LATE, "N": NIGHT, "X": LONG}
    return {
        (agent, day): shift(letters[letter]) for agent, days in by_agent.items() for day, letter in enumerate(days) if letter != "-"
    }  # fmt: skip


def problem(days: int, agents: Sequence[Contract], named: Mapping[str, Any], **others: Any) -> RosterProblem:
    return RosterProblem(MONDAY, days, 30, PATTERNS, tuple(agents), rules(**named), **others)


def wishes_for(wanted: Mapping[Cell, Placed], agents: Sequence[Contract], days: int, weight: int) -> tuple[Wish, ...]:
    """That everybody would most like just this roster."""
    return tuple(
        Wish(one.agent, day, wanted[one.agent, day].shift.pattern.name if (one.agent, day) in wanted else "", weight=weight)
        for one in agents
        for day in range(days)
    )
