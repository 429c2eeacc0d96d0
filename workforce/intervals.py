"""Intervals computed from the contact history: what was offered, answered, abandoned and handled, and what that needs."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from core.errors import BadInput
from crm.contact_history import OUTSIDE, Interaction, Outcome, Segment, SegmentKind
from routing.policy import Policy, Queue
from workforce.interval_row import IntervalRow
from workforce.interval_stats import IntervalStat

HALF_HOUR = 30
LENGTHS = (15, HALF_HOUR)
_SUMS = (
    "queue", "starts_at", "minutes", "offered", "answered", "abandoned", "short_abandons", "answered_within", "answer_within_s",
    "wait_s", "handled", "handle_s",
)  # fmt: skip
HANDLING = (SegmentKind.TALK, SegmentKind.HOLD, SegmentKind.CONSULT, SegmentKind.WRAP_UP)


def interval_rows(
    session: Session, policy: Policy, day_start: datetime, day_end: datetime, minutes: int = HALF_HOUR
) -> list[IntervalRow]:
    """Every queue × interval in [day_start, day_end), empty ones too, computed from the contact history as it is now.

    Both moments aware; their distance a whole number of intervals of 15 or 30 `minutes`, else BadInput. Sorted by
    queue, in the order of the policy, then time. Interactions of queues that no longer exist are left out.
    """
    starts = _interval_starts(day_start, day_end, minutes)
    rows = {
        (queue.name, number): IntervalRow(queue.name, start, minutes, queue.answer_within_s, queue.service_target)
        for queue in policy.queues
        for number, start in enumerate(starts)
    }
    by_name = {queue.name: queue for queue in policy.queues}
    handled_s = _handled_s(session, by_name, day_start, day_end)
    offered = select(
        Interaction.id,
        Interaction.queue,
        Interaction.offered_at,
        Interaction.answered_at,
        Interaction.ended_at,
        Interaction.outcome,
    ).where(Interaction.queue.in_(by_name), Interaction.offered_at >= day_start, Interaction.offered_at < day_end)
    for found in session.execute(offered):
        if found.offered_at is None:
            continue
        key = (found.queue, int((found.offered_at - day_start) / timedelta(minutes=minutes)))
        abandoned_at = found.ended_at if found.outcome == Outcome.ABANDONED else None
        rows[key] = counted(
            rows[key], by_name[found.queue], found.offered_at, found.answered_at, abandoned_at, handled_s.get(found.id)
        )
    return [row for queue in policy.queues for row in _with_staffing_aht([rows[queue.name, n] for n in range(len(starts))])]


def counted(
    row: IntervalRow,
    queue: Queue,
    offered_at: datetime,
    answered_at: datetime | None,
    abandoned_at: datetime | None,
    handled_s: float | None,
) -> IntervalRow:
    """The row with one more interaction. One that is neither answered nor abandoned (yet) only counts as offered."""
    row = replace(row, offered=row.offered + 1)
    if answered_at is not None:
        wait_s = max(0.0, (answered_at - offered_at).total_seconds())
        within = int(wait_s <= queue.answer_within_s)
        row = replace(
            row, answered=row.answered + 1, answered_within=row.answered_within + within, wait_s=row.wait_s + wait_s
        )  # fmt: skip
    elif abandoned_at is not None:
        short = int((abandoned_at - offered_at).total_seconds() <= queue.short_abandon_s)
        row = replace(row, abandoned=row.abandoned + 1, short_abandons=row.short_abandons + short)
    if handled_s is not None:
        row = replace(row, handled=row.handled + 1, handle_s=row.handle_s + handled_s)
    return row


def keep_rows(session: Session, rows: Sequence[IntervalRow], day_start: datetime, day_end: datetime, minutes: int) -> None:
    """Put `rows` in the place of all kept rows of that length in [day_start, day_end); the caller commits."""
    session.execute(
        delete(IntervalStat).where(
            IntervalStat.minutes == minutes, IntervalStat.starts_at >= day_start, IntervalStat.starts_at < day_end
        )
    )
    values = [{name: getattr(row, name) for name in _SUMS} for row in rows]
    if values:
        session.execute(insert(IntervalStat), values)


def kept_rows(
    session: Session, policy: Policy, day_start: datetime, day_end: datetime, minutes: int = HALF_HOUR
) -> list[IntervalRow]:
    """The rows that the roll-up kept for [day_start, day_end), sorted like `interval_rows`; days not rolled up are absent."""
    rows = []
    for queue in policy.queues:
        found = session.execute(
            select(*(getattr(IntervalStat, name) for name in _SUMS)).where(
                IntervalStat.queue == queue.name, IntervalStat.minutes == minutes, IntervalStat.starts_at >= day_start,
                IntervalStat.starts_at < day_end,
            ).order_by(IntervalStat.starts_at)
        )  # fmt: skip
        rows += _with_staffing_aht([
            IntervalRow(**dict(zip(_SUMS, values, strict=True)), service_target=queue.service_target) for values in found
        ])  # fmt: skip
    return rows


def _interval_starts(day_start: datetime, day_end: datetime, minutes: int) -> list[datetime]:
    if minutes not in LENGTHS:
        raise BadInput(f"Intervals of {minutes} minutes are not kept.", "Use 15 or 30.")
    if day_start.tzinfo is None or day_end.tzinfo is None:
        raise BadInput("Intervals need moments with a zone.", "Give aware times.")
    length = timedelta(minutes=minutes)
    number, rest = divmod(day_end - day_start, length)
    if rest or number < 0:
        raise BadInput(f"{day_start} to {day_end} is no whole number of {minutes}-minute intervals.", "Choose whole intervals.")
    return [day_start + length * each for each in range(number)]


def _handled_s(session: Session, queues: Collection[str], day_start: datetime, day_end: datetime) -> dict[str, float]:
    """Handling seconds by interaction id, of those of these queues that were talked to and whose handling is over."""
    offered = (Interaction.queue.in_(queues), Interaction.offered_at >= day_start, Interaction.offered_at < day_end)
    segments = session.execute(
        select(Segment.interaction_id, Segment.kind, Segment.started_at, Segment.ended_at)
        .join(Interaction, Interaction.id == Segment.interaction_id)
        .where(*offered, Segment.kind.in_(HANDLING), Segment.detail != OUTSIDE)
    )
    total_s: dict[str, float] = {}
    talked: set[str] = set()
    unfinished: set[str] = set()
    for interaction_id, kind, started_at, ended_at in segments:
        if ended_at is None:
            unfinished.add(interaction_id)
            continue
        total_s[interaction_id] = total_s.get(interaction_id, 0.0) + (ended_at - started_at).total_seconds()
        if kind == SegmentKind.TALK:
            talked.add(interaction_id)
    return {interaction_id: total_s[interaction_id] for interaction_id in talked - unfinished}


def _with_staffing_aht(rows: list[IntervalRow]) -> list[IntervalRow]:
    handled, handle_s = sum(row.handled for row in rows), sum(row.handle_s for row in rows)
    usual_s = handle_s / handled if handle_s > 0 else None
    return [replace(row, staffing_aht_s=row.aht_s or usual_s) for row in rows]
