"""A day of a roster as a picture: people wanted as steps, people on queue as a line, and who is missing as bars."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent_desktop.interval_picture import Bar, GridLine, Scale
from workforce.roster_check.staffing import broken_staffing, supply_of
from workforce.rosters.problem import Cell, RosterProblem
from workforce.rosters.shift_pattern import DAY_MIN, Placed


@dataclass(frozen=True, slots=True)
class RosterDay:
    """`short_h`: hours of people that are missing on this day, `over_h` those whom nobody needs."""

    bars: tuple[Bar, ...]
    grid: tuple[GridLine, ...]
    steps: str
    line: str
    labels: tuple[str, ...]
    short_h: float
    over_h: float
    most_needed: int
    most_there: float


def draw_roster_day(problem: RosterProblem, roster: Mapping[Cell, Placed], day: int, queue: str = "") -> RosterDay:
    """Of all queues together, or of one: then the line is everybody who serves it, though others may need them too."""
    a_day, step = DAY_MIN // problem.minutes, problem.minutes
    slots = range(day * a_day, (day + 1) * a_day)
    near = {cell: placed for cell, placed in roster.items() if cell[1] in (day - 1, day)}
    supply = supply_of(problem, near)
    queues = [queue] if queue else list(problem.needs)
    needed = [sum(problem.needs[each][slot] for each in queues) for slot in slots]
    there = [sum(load for served, load in supply.get(slot, {}).items() if not queue or queue in served) / step for slot in slots]
    missing, over = [0.0] * a_day, 0.0
    for each in broken_staffing(problem, supply, slots):
        if each.rule == "understaffed" and each.slot is not None and (not queue or each.what == queue):
            missing[each.slot - slots.start] += each.amount / step
        elif each.rule == "overstaffed":
            over += each.amount / 60
    scale = Scale(a_day, max([1, *needed, *there]))
    labels = tuple(f"{number * step // 60:02d}" if number * step % 60 == 0 else "" for number in range(a_day))
    short = sum(missing) * step / 60
    return RosterDay(
        scale.bars(missing), scale.grid, scale.steps(list(needed)), scale.steps(there), labels, short, over,
        max(needed), max(there),
    )  # fmt: skip
