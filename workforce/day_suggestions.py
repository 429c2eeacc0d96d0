"""What could be done about the rest of a day: who could stay longer, go home early, or have a break at another time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

import numpy as np

from workforce.day_cover import Group, Levels, first_to_come, level_over, levels, shared_out, there_in
from workforce.day_history import Floats
from workforce.day_outlook import QueueOutlook
from workforce.rosters.calendar_file import moment_of
from workforce.rosters.rules_form import RosterRules
from workforce.rosters.shift_pattern import REST, Break, Placed, Shift, ShiftPattern

STEPS_MIN = (60, 120)
"""By how much longer or shorter a shift is suggested to be."""
_LEAST_CALLERS = 0.5  # that many more are answered in time, or it is not worth anybody's evening …
_LEAST_LACK_H = 0.5  # … but where a line is so short of agents that one more helps nobody in time
_LEAST_WORSE = 0.005  # a service level that sinks by less has not sunk
EACH_KIND = 12


class Kind(StrEnum):
    """What is suggested."""

    STAY = "stay"
    LEAVE = "leave"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Effect:
    """The service level of a queue, 0 to 1: of the time that is touched, and of the rest of the day; before and after."""

    queue: str
    before: float
    after: float
    rest_before: float
    rest_after: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The shift of an agent becomes `after`; `start` to `end` is the time that is touched. `callers`: so many more are answered in
    time; `lack_h`: so many hours of agents fewer are lacking; `saved_min`: so many minutes fewer are worked."""

    kind: Kind
    agent: str
    before: Placed
    after: Placed
    start: datetime
    end: datetime
    effects: tuple[Effect, ...]
    callers: float
    lack_h: float
    saved_min: int


@dataclass(frozen=True, eq=False)
class DayNow:
    """All that suggestions are made of: queues, who serves which, and when whom is on queue by the roster; `within`: see
    day_cover.levels."""

    day: date
    zone: tzinfo
    now: datetime
    outlooks: Mapping[str, QueueOutlook]
    starts: Sequence[datetime]
    minutes: int
    serves: Mapping[str, Group]
    on_queue: Mapping[str, Floats]
    within: Mapping[str, tuple[float, float]]

    def cover(self) -> Levels:
        """By queue the agents who are to be there, and the service level with them."""
        return self.levels(self.supply)

    @property
    def supply(self) -> dict[Group, Floats]:
        """Agents on queue in each interval, by the queues that they serve."""
        found: dict[Group, Floats] = {}
        for agent, there in self.on_queue.items():
            group = self.serves.get(agent, frozenset())
            found[group] = found.get(group, np.zeros(len(self.starts))) + there
        return found

    def levels(self, supply: Mapping[Group, Floats]) -> Levels:
        """The service level with this supply."""
        loads = {queue: np.array([row.load_erlang for row in each.needed]) for queue, each in self.outlooks.items()}
        return levels(self.outlooks, shared_out(supply, loads), self.within)


def suggestions(
    here: DayNow, shifts: Mapping[str, Placed], rules: RosterRules, patterns: Iterable[ShiftPattern]
) -> list[Suggestion]:  # fmt: skip
    """For the shifts of the day, the most useful of each kind first; whether the rules allow them is asked elsewhere. To stay and
    to move a break answer more callers in time; to leave keeps every queue's target, or what it has."""
    by_name = {pattern.name: pattern for pattern in patterns}
    supply, base = here.supply, here.cover()
    first = first_to_come(here.starts, here.minutes, here.now)
    found: dict[Kind, list[Suggestion]] = {kind: [] for kind in Kind}
    seen: dict[tuple[Group, bytes], Levels] = {}
    for agent, placed in sorted(shifts.items()):
        group = here.serves.get(agent, frozenset())
        for kind, after in _others(here, placed, rules, by_name.get(placed.shift.pattern.name)):
            change = _there(here, after) - _there(here, placed)
            change[:first] = 0.0
            touched = np.flatnonzero(change)
            if not len(touched) or not group:
                continue
            key = (group, change.tobytes())
            if key not in seen:
                seen[key] = here.levels({**supply, group: np.maximum(supply.get(group, 0.0) + change, 0.0)})
            each = _weighed(here, kind, agent, (placed, after), touched, first, (base, seen[key]))
            if each is not None:
                found[kind].append(each)
    ordered = [
        sorted(own, key=lambda one: (-one.saved_min if kind is Kind.LEAVE else 0, -one.callers, -one.lack_h, one.agent))
        for kind, own in found.items()
    ]  # fmt: skip
    return [one for own in ordered for one in _once_each(own)[:EACH_KIND]]


def longer(placed: Placed, minutes: int, rules: RosterRules) -> Placed:
    """The shift with so many minutes of work more at its end, after a rest where the rules ask for one."""
    pattern, form = placed.shift.pattern, rules.rules.rest_in_shift
    breaks, places, length = list(pattern.breaks), list(placed.breaks), pattern.minutes
    if form is not None:
        rests = [
            at + each.minutes for at, each in zip(placed.breaks, pattern.breaks, strict=True) if each.minutes >= form.least_min
        ]
        if length + minutes - max(rests, default=0) > form.after_h * 60:
            breaks.append(Break(REST, form.least_min, length, length))
            places.append(length)
            length += form.least_min
    stretched = replace(pattern, minutes=length + minutes, breaks=tuple(breaks))
    return Placed(Shift(stretched, placed.shift.start), tuple(places))


def shorter(placed: Placed, minutes: int) -> Placed:
    """The shift with so many minutes fewer at its end; a break that would begin after it, or at its end, is left out."""
    pattern = placed.shift.pattern
    length = pattern.minutes - minutes
    kept = [(each, at) for each, at in zip(pattern.breaks, placed.breaks, strict=True) if at + each.minutes < length]
    cut = replace(pattern, minutes=length, breaks=tuple(each for each, _at in kept))
    return Placed(Shift(cut, placed.shift.start), tuple(at for _each, at in kept))


def moved(placed: Placed, number: int, at: int) -> Placed:
    """The break of this number begins so many minutes after the shift's start."""
    return replace(placed, breaks=tuple(at if own == number else place for own, place in enumerate(placed.breaks)))


def _others(here: DayNow, placed: Placed, rules: RosterRules, pattern: ShiftPattern | None) -> Iterator[tuple[Kind, Placed]]:
    """What else the shift could be from now on."""

    def moment(minute: int) -> datetime:
        return moment_of(here.day, 0, minute, here.zone)

    start, end = placed.shift.start, placed.shift.end
    if moment(end) <= here.now:
        return
    for step in STEPS_MIN:
        yield Kind.STAY, longer(placed, step, rules)
        if moment(max(end - step, start + 60)) == moment(end - step) > here.now:
            yield Kind.LEAVE, shorter(placed, step)
    if pattern is None or len(pattern.breaks) != len(placed.breaks):
        return
    for number, each in enumerate(pattern.breaks):
        if moment(start + placed.breaks[number]) <= here.now:
            continue
        for at in each.places:
            if at != placed.breaks[number] and moment(start + at) > here.now and at + each.minutes <= placed.shift.pattern.minutes:
                yield Kind.BREAK, moved(placed, number, at)


def _there(here: DayNow, placed: Placed) -> Floats:
    edges = [placed.shift.start, *(edge for rest in sorted(placed.rests()) for edge in rest), placed.shift.end]
    stretches = [
        (moment_of(here.day, 0, start, here.zone), moment_of(here.day, 0, end, here.zone))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    return there_in(stretches, here.starts, here.minutes)


def _weighed(
    here: DayNow, kind: Kind, agent: str, shift: tuple[Placed, Placed], touched: "np.ndarray[tuple[int], np.dtype[np.intp]]",
    first: int, both: tuple[Levels, Levels],
) -> Suggestion | None:  # fmt: skip
    """None where it does no good, or harm."""
    begins, ends = int(touched[0]), int(touched[-1]) + 1
    effects, callers, lack_h = [], 0.0, 0.0
    for queue, outlook in here.outlooks.items():
        was, then = (one.level[queue] for one in both)
        parts = [level_over(outlook, level, *span) for span in ((begins, ends), (first, None)) for level in (was, then)]
        if any(each is None for each in parts):
            continue
        before, after, rest_before, rest_after = (float(each or 0.0) for each in parts)
        coming = np.array([row.callers for row in outlook.needed])
        callers += float(((then - was) * coming)[first:].sum())
        needed = np.array([row.agents for row in outlook.needed])
        lacked, lacks = (np.maximum(needed - one.agents[queue], 0.0)[first:].sum() * here.minutes / 60 for one in both)
        lack_h += float(lacked - lacks)
        if abs(after - before) >= _LEAST_WORSE / 5:
            effects.append(Effect(queue, before, after, rest_before, rest_after))
        if kind is Kind.LEAVE and _sinks(outlook, was[begins:ends], then[begins:ends], coming[begins:ends]):
            return None
    if kind is Kind.LEAVE and lack_h < -1e-6:
        return None
    if kind is not Kind.LEAVE and callers < _LEAST_CALLERS and (lack_h < _LEAST_LACK_H or callers < 0):
        return None
    effects.sort(key=lambda one: -abs(one.after - one.before))
    placed, other = shift
    return Suggestion(
        kind, agent, placed, other, here.starts[begins], here.starts[ends - 1] + timedelta(minutes=here.minutes), tuple(effects),
        callers, lack_h, placed.shift.pattern.paid_min - other.shift.pattern.paid_min,
    )  # fmt: skip


def _sinks(outlook: QueueOutlook, was: Floats, then: Floats, coming: Floats) -> bool:
    """Whether a queue with callers goes below its target, or further below it."""
    return bool(((coming > 0) & (then < outlook.target) & (then < was - _LEAST_WORSE)).any())


def _once_each(ordered: Sequence[Suggestion]) -> list[Suggestion]:
    """Of each agent the best."""
    found: dict[str, Suggestion] = {}
    for each in ordered:
        found.setdefault(each.agent, each)
    return list(found.values())
