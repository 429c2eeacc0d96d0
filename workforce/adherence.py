"""What was planned for an agent held against what they lived, second by second.

Adherence = time in place / planned time, conformance = time on queue / planned time on queue, both as in B. Cleveland, "Call Center
Management on Fast Forward", 4th ed. (2019), "adherence to schedule". In place is: on queue where that is planned, off queue in a
break or training, and whatever was excused. On queue are READY, RESERVED, RINGING, TALKING and WRAP_UP.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby, pairwise

from routing.agent_state import AgentState
from routing.wait_facts import Span
from workforce.rosters.rules_form import AdherenceForm

ON_QUEUE = "queue"
"""The activity of a shift outside its breaks and trainings."""
_OFF = frozenset({AgentState.NOT_READY, AgentState.OFFLINE})


class Kept(StrEnum):
    """What a planned second was. Each is exactly one of these."""

    ADHERENT = "adherent"
    EXCUSED = "excused"  # out of place, and somebody said why that is all right
    LATE = "late"  # off queue until they came, at the start or after a break
    EARLY = "early"  # off queue from when they left until a break, or the end
    AWAY = "away"  # off queue in between
    ABSENT = "absent"  # never logged in during the shift
    IN_BREAK = "in_break"  # on queue in a break or a training
    AFTER_CALL = "after_call"  # in a wrap-up for longer than the rules have it


IN_PLACE = frozenset({Kept.ADHERENT, Kept.EXCUSED})


@dataclass(frozen=True, slots=True)
class Planned:
    """[start, end) of a shift: `activity` is ON_QUEUE, or the name of a break or training."""

    start: datetime
    end: datetime
    activity: str = ON_QUEUE


@dataclass(frozen=True, slots=True)
class HeldPiece:
    """[start, end) of planned time, and what it was."""

    start: datetime
    end: datetime
    activity: str
    kept: Kept

    @property
    def long_s(self) -> float:
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class Adherence:
    """`pieces` are all planned time up to now, in order. `on_queue_s` was lived, planned or not; `unplanned_s` of it outside every
    shift."""

    pieces: tuple[HeldPiece, ...] = ()
    on_queue_s: float = 0.0
    unplanned_s: float = 0.0

    @property
    def planned_s(self) -> float:
        return sum(piece.long_s for piece in self.pieces)

    @property
    def by_kept(self) -> Mapping[Kept, float]:
        """Seconds; they add up to `planned_s`."""
        found = dict.fromkeys(Kept, 0.0)
        for piece in self.pieces:
            found[piece.kept] += piece.long_s
        return found

    @property
    def by_activity(self) -> Mapping[str, Mapping[Kept, float]]:
        """The same for each activity."""
        found: dict[str, dict[Kept, float]] = {}
        for piece in self.pieces:
            own = found.setdefault(piece.activity, dict.fromkeys(Kept, 0.0))
            own[piece.kept] += piece.long_s
        return found

    @property
    def adherence(self) -> float | None:
        """Time in place / planned time, 0 to 1; None where nothing was planned."""
        return share_in_place([self])

    @property
    def conformance(self) -> float | None:
        """Time on queue / planned time on queue that is not excused, 0 and up; None where none was planned."""
        return share_worked([self])

    @property
    def kept_now(self) -> Kept | None:
        """What the last planned second was."""
        return self.pieces[-1].kept if self.pieces else None


def share_in_place(days: Iterable[Adherence]) -> float | None:
    """Adherence of several together: the sums' quotient, so that a long shift counts for more than a short one."""
    pieces = [piece for day in days for piece in day.pieces]
    planned_s = sum(piece.long_s for piece in pieces)
    return sum(piece.long_s for piece in pieces if piece.kept in IN_PLACE) / planned_s if planned_s else None


def share_worked(days: Sequence[Adherence]) -> float | None:
    """Conformance of several together."""
    due_s = sum(
        piece.long_s for day in days for piece in day.pieces if piece.activity == ON_QUEUE and piece.kept is not Kept.EXCUSED
    )  # fmt: skip
    return sum(day.on_queue_s for day in days) / due_s if due_s else None


def adherence(
    planned: Iterable[Planned], lived: Iterable[Span], excused: Iterable[tuple[datetime, datetime]], rules: AdherenceForm,
    until: datetime,
) -> Adherence:  # fmt: skip
    """One agent's planned time up to `until`, which do not overlap, in whole shifts: what lies end to end is one shift."""

    def near(moment: datetime) -> datetime:
        return _rounded(moment, rules.round_to_s)

    until = near(until)
    spans = [replace(each, start=near(each.start), end=min(near(each.end), until)) for each in lived]
    spans = sorted((each for each in spans if each.start < each.end), key=lambda each: each.start)
    wanted = [replace(each, start=near(each.start), end=near(each.end)) for each in sorted(planned, key=lambda each: each.start)]
    pieces: list[HeldPiece] = []
    for shift in _shifts([each for each in wanted if each.start < each.end]):
        pieces += _held(shift, spans, rules, until)
    away = [(near(start), near(end)) for start, end in excused]
    on_queue = [each for each in spans if each.state not in _OFF]
    on_queue_s = sum((each.end - each.start).total_seconds() for each in on_queue)
    inside_s = sum(_common_s((each.start, each.end), (one.start, one.end)) for each in on_queue for one in wanted)
    return Adherence(_joined(_with_excuses(pieces, away)), on_queue_s, on_queue_s - inside_s)


def within(found: Adherence, lived: Iterable[Span], start: datetime, end: datetime) -> Adherence:
    """The part of it that lies in [start, end); `lived` as it was given."""
    pieces = tuple(
        replace(piece, start=max(piece.start, start), end=min(piece.end, end))
        for piece in found.pieces
        if piece.start < end and piece.end > start
    )
    on_queue = [(each.start, each.end) for each in lived if each.state not in _OFF]
    on_queue_s = sum(_common_s(each, (start, end)) for each in on_queue)
    inside_s = sum(
        _common_s((max(each[0], start), min(each[1], end)), (piece.start, piece.end)) for each in on_queue for piece in pieces
    )
    return Adherence(pieces, on_queue_s, max(0.0, on_queue_s - inside_s))


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of one activity and one state; `span` None: offline."""

    start: datetime
    end: datetime
    stretch: Planned
    span: Span | None

    @property
    def on_queue(self) -> bool:
        return self.span is not None and self.span.state not in _OFF


def _shifts(wanted: Sequence[Planned]) -> list[list[Planned]]:
    shifts: list[list[Planned]] = []
    for each in wanted:
        if shifts and shifts[-1][-1].end == each.start:
            shifts[-1].append(each)
        else:
            shifts.append([each])
    return shifts


def _held(shift: Sequence[Planned], spans: Sequence[Span], rules: AdherenceForm, until: datetime) -> list[HeldPiece]:
    parts = [part for stretch in shift for part in _cut(stretch, spans, until)]
    worked = [part for part in parts if part.on_queue and part.stretch.activity == ON_QUEUE]
    if not any(part.span is not None for part in parts):
        missing_s = sum((part.end - part.start).total_seconds() for part in parts)
        kept = Kept.ADHERENT if missing_s <= rules.tolerance_s else Kept.ABSENT
        return [HeldPiece(part.start, part.end, part.stretch.activity, kept) for part in parts]
    over = shift[-1].end <= until
    began: dict[str, datetime] = {}
    for each in spans:
        if each.interaction_id:
            began[each.interaction_id] = min(began.get(each.interaction_id, each.since), each.since)
    held: list[HeldPiece] = []
    for (stretch, on_queue), own in groupby(parts, key=lambda part: (part.stretch, part.on_queue)):
        run = list(own)
        start, end = run[0].start, run[-1].end
        short = (end - start).total_seconds() <= rules.tolerance_s
        if stretch.activity != ON_QUEUE:
            held += _off_queue(run, began, rules) if on_queue else [HeldPiece(start, end, stretch.activity, Kept.ADHERENT)]
        elif on_queue:
            for part in run:
                held += _wrapped_up(part, rules)
        elif short:
            held.append(HeldPiece(start, end, ON_QUEUE, Kept.ADHERENT))
        else:
            first, last = (worked[0].start, worked[-1].end) if worked else (None, None)
            held.append(HeldPiece(start, end, ON_QUEUE, _gap(start, end, stretch, first, last, over)))
    return held


def _gap(start: datetime, end: datetime, stretch: Planned, first: datetime | None, last: datetime | None, over: bool) -> Kept:
    """Off queue where they were to be on it; `first` and `last` of the shift on queue."""
    if first is None or last is None:
        return Kept.AWAY
    if end <= first:
        return Kept.LATE
    if start >= last:
        return Kept.EARLY if over else Kept.AWAY
    if start == stretch.start:
        return Kept.LATE
    return Kept.EARLY if end == stretch.end else Kept.AWAY


def _off_queue(run: Sequence[_Part], began: Mapping[str, datetime], rules: AdherenceForm) -> list[HeldPiece]:
    """On queue in a break or training. A call that began before it may be finished, with its wrap-up."""

    def finishes(part: _Part) -> bool:
        return part.span is not None and began.get(part.span.interaction_id, part.start) < part.stretch.start

    own_s = sum((part.end - part.start).total_seconds() for part in run if not finishes(part))
    kept = Kept.ADHERENT if own_s <= rules.tolerance_s else Kept.IN_BREAK
    held: list[HeldPiece] = []
    for part in run:
        held += _wrapped_up(part, rules) if finishes(part) else [HeldPiece(part.start, part.end, part.stretch.activity, kept)]
    return held


def _wrapped_up(part: _Part, rules: AdherenceForm) -> list[HeldPiece]:
    """In place, but for what a wrap-up takes beyond its time."""
    activity = part.stretch.activity
    if part.span is None or part.span.state is not AgentState.WRAP_UP:
        return [HeldPiece(part.start, part.end, activity, Kept.ADHERENT)]
    limit = _rounded(part.span.since, rules.round_to_s) + timedelta(seconds=rules.after_call_s)
    limit = min(max(_rounded(limit, rules.round_to_s), part.start), part.end)
    held = [HeldPiece(part.start, limit, activity, Kept.ADHERENT), HeldPiece(limit, part.end, activity, Kept.AFTER_CALL)]
    return [piece for piece in held if piece.start < piece.end]


def _cut(stretch: Planned, spans: Sequence[Span], until: datetime) -> list[_Part]:
    parts, at, end = [], stretch.start, min(stretch.end, until)
    for each in spans:
        if each.end <= at or each.start >= end:
            continue
        if each.start > at:
            parts.append(_Part(at, each.start, stretch, None))
        begins = max(each.start, at)
        at = min(each.end, end)
        parts.append(_Part(begins, at, stretch, each))
    if at < end:
        parts.append(_Part(at, end, stretch, None))
    return parts


def _with_excuses(pieces: Iterable[HeldPiece], excused: Sequence[tuple[datetime, datetime]]) -> list[HeldPiece]:
    found: list[HeldPiece] = []
    for piece in pieces:
        if piece.kept is Kept.ADHERENT:
            found.append(piece)
            continue
        edges = {piece.start, piece.end, *(edge for each in excused for edge in each if piece.start < edge < piece.end)}
        ordered = sorted(edges)
        for start, end in pairwise(ordered):
            inside = any(first <= start and end <= last for first, last in excused)
            found.append(HeldPiece(start, end, piece.activity, Kept.EXCUSED if inside else piece.kept))
    return found


def _joined(pieces: Iterable[HeldPiece]) -> tuple[HeldPiece, ...]:
    found: list[HeldPiece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last is not None and (last.end, last.activity, last.kept) == (piece.start, piece.activity, piece.kept):
            found[-1] = replace(last, end=piece.end)
        else:
            found.append(piece)
    return tuple(found)


def _common_s(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> float:
    return max(0.0, (min(one[1], other[1]) - max(one[0], other[0])).total_seconds())


def _rounded(moment: datetime, to_s: int) -> datetime:
    return datetime.fromtimestamp(round(moment.timestamp() / to_s) * to_s, UTC)
