"""An agent's day as a strip on an axis that all share: planned, lived, and where both differ. Geometry only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_desktop.code_words import state_kind
from workforce.adherence import ON_QUEUE, Kept
from workforce.day_adherence import AgentDay, DayPlan

WIDE = 1000.0
_SHORTEST = timedelta(hours=8)
_MOST_NAMED = 13
_NARROWEST = 0.8


@dataclass(frozen=True, slots=True)
class DayBar:
    """A piece of a row: `kind` colours it; `start`, `end` and `what` are for its words."""

    x: float
    width: float
    kind: str
    start: datetime
    end: datetime
    what: str


@dataclass(frozen=True, slots=True)
class DayAxis:
    """Whole hours of the day, within it, that hold all that was planned and lived."""

    start: datetime
    end: datetime

    def x(self, moment: datetime) -> float:
        """Where a moment lies, 0 to 1000; at an edge what lies beyond."""
        place = (moment - self.start) / (self.end - self.start) * WIDE
        return round(min(WIDE, max(0.0, place)), 1)

    @property
    def hours(self) -> tuple[tuple[float, str], ...]:
        """Places of full hours, with their names ("" for those between two names)."""
        count = round((self.end - self.start) / timedelta(hours=1))
        every = 1 + (count - 1) // _MOST_NAMED
        moments = [(self.start + timedelta(hours=number)).astimezone(self.start.tzinfo) for number in range(count + 1)]
        return tuple((self.x(at), f"{at:%H}" if number % every == 0 else "") for number, at in enumerate(moments))


@dataclass(frozen=True, slots=True)
class DayBars:
    """The three rows of one agent, and the place of now (None: not on the axis)."""

    planned: tuple[DayBar, ...]
    lived: tuple[DayBar, ...]
    out: tuple[DayBar, ...]
    now_x: float | None


def axis_of(plan: DayPlan, days: Iterable[AgentDay], now: datetime) -> DayAxis:
    """From the first full hour that anything lies in to the last, eight at least; the whole day where shifts cross midnight."""
    edges = [edge for day in days for each in day.planned for edge in (each.start, each.end)]
    edges += [edge for day in days for each in day.lived for edge in (each.start, each.end)]
    start = max(plan.start, min(edges, default=min(now, plan.end) - _SHORTEST))
    end = min(plan.end, max(edges, default=start + _SHORTEST))
    zone = plan.start.tzinfo
    start = start.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    last = end.astimezone(zone)
    end = last.replace(minute=0, second=0, microsecond=0)
    end = end if end == last else end + timedelta(hours=1)
    end = min(plan.end, max(end, start + _SHORTEST))
    return DayAxis(max(plan.start, min(start, end - _SHORTEST)), end)


def bars_of(day: AgentDay, axis: DayAxis, now: datetime) -> DayBars:
    """The strip of one agent."""
    planned = [(each.start, each.end, "queue" if each.activity == ON_QUEUE else "off", each.activity) for each in day.planned]
    lived = [
        (each.start, each.end, state_kind(each.state, each.reason), each.reason or each.state.value) for each in day.lived
    ]  # fmt: skip
    out = [(each.start, each.end, each.kept.value, each.activity) for each in day.held.pieces if each.kept is not Kept.ADHERENT]
    return DayBars(
        _drawn(planned, axis), _drawn(lived, axis), _drawn(out, axis), axis.x(now) if axis.start <= now < axis.end else None
    )


def _drawn(parts: Sequence[tuple[datetime, datetime, str, str]], axis: DayAxis) -> tuple[DayBar, ...]:
    return tuple(
        DayBar(axis.x(start), max(_NARROWEST, round(axis.x(end) - axis.x(start), 1)), kind, start, end, what)
        for start, end, kind, what in parts
        if end > axis.start and start < axis.end
    )
