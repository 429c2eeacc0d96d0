"""Agents that each interval of a queue needs, by itself: from callers, handling time, patience, target and shrinkage."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from core.errors import BadInput
from workforce.erlang_inputs import Counts, Floats
from workforce.erlang_line import Line, line_of
from workforce.erlang_need import Target, agents_for
from workforce.erlang_worth import heads
from workforce.forecast import ForecastRow


@dataclass(frozen=True, slots=True)
class Handled:
    """So many contacts an agent has `at_once`, 1 for calls. Each further one makes all of an agent's contacts longer by the share
    `slower`, since nobody reads two chats as fast as one: J. Luo and J. Zhang, "Staffing and Control of Instant Messaging Contact
    Centers", Operations Research 61 (2013), have service slow down with how many there are at once. Measure your own."""

    at_once: int = 1
    slower: float = 0.15

    def __post_init__(self) -> None:
        if self.at_once < 1 or self.slower < 0:
            raise BadInput(f"{self.at_once} contacts at once, {self.slower:g} slower: that can't be.", "Give 1 or more, 0 or more.")

    @property
    def stretch(self) -> float:
        """How many times as long a contact takes when an agent has all they may have."""
        return 1 + self.slower * (self.at_once - 1)


ONE_BY_ONE = Handled()


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """What a queue is staffed by. `patience_s` infinite: nobody gives up (Erlang C). `aht_s`: where the forecast knows none."""

    target: Target
    patience_s: float = math.inf
    shrinkage: float = 0.0
    handled: Handled = ONE_BY_ONE
    aht_s: float | None = None
    least: int = 0


@dataclass(frozen=True, slots=True)
class StaffRow:
    """An interval: `agents` on queue and `heads` to be paid; how callers fare then; the service level with one agent more and
    with one fewer. Shares 0 to 1."""

    queue: str
    starts_at: datetime
    minutes: int
    callers: float
    aht_s: float
    load_erlang: float
    agents: int
    heads: int
    service_level: float
    asa_s: float
    abandoned_share: float
    occupancy: float
    level_with_more: float
    level_with_fewer: float
    because: str


def staff_rows(rows: Sequence[ForecastRow], plan: QueuePlan) -> list[StaffRow]:
    """What each interval of one queue needs. Raises BadInput where no handling time is known, and for numbers that can't be."""
    if not rows:
        return []
    callers = np.array([row.callers for row in rows])
    known_s = [plan.aht_s if row.aht_s is None else row.aht_s for row in rows]
    for row, each in zip(rows, known_s, strict=True):
        if each is None and row.callers:
            raise BadInput(f"{row.queue}: nothing is known of handling times.", "Give one, by --aht.")
    aht_s = np.array([each or 1.0 for each in known_s]) * plan.handled.stretch
    load = callers * aht_s / (np.array([row.minutes for row in rows]) * 60)
    places = agents_for(plan.target, load, aht_s, plan.patience_s, plan.least * plan.handled.at_once)
    agents = -(-places // plan.handled.at_once)
    paid = heads(agents, plan.shrinkage)
    lines = [_line(load, agents + change, aht_s, plan) for change in (0, 1, -1)]
    level, more, fewer = (each.service_level(plan.target.answer_within_s, plan.target.short_abandon_s) for each in lines)
    asa_s, gone, busy = lines[0].asa_s, lines[0].abandoned_share, lines[0].occupancy
    return [
        StaffRow(
            row.queue, row.starts_at, row.minutes, row.callers, float(aht_s[at]), float(load[at]), int(agents[at]), int(paid[at]),
            float(level[at]), float(asa_s[at]), float(gone[at]), float(busy[at]), float(more[at]), float(fewer[at]),
            _because(row, plan, float(load[at]), int(agents[at])),
        )
        for at, row in enumerate(rows)
    ]  # fmt: skip


def _line(load: Floats, agents: Counts, aht_s: Floats, plan: QueuePlan) -> Line:
    """The line before the places of so many agents."""
    return line_of(load, np.maximum(agents, 0) * plan.handled.at_once, aht_s, plan.patience_s)


def _because(row: ForecastRow, plan: QueuePlan, load: float, agents: int) -> str:
    if not row.callers:
        return "nobody is expected"
    formula = "Erlang C" if math.isinf(plan.patience_s) else f"Erlang A, patience {plan.patience_s:.0f} s"
    parts = [f"{row.callers:.1f} callers in {row.minutes} min = {load:.2f} erlangs", f"{formula}: {agents} agents"]
    if plan.handled.at_once > 1:
        parts.insert(1, f"{plan.handled.at_once} at once, each {plan.handled.stretch:.2f} times as long")
    if plan.shrinkage:
        parts.append(f"/ (1 - {plan.shrinkage:.2f})")
    return "; ".join(parts)
