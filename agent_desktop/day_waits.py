"""The waits of a day, the longest or the latest first: one line for each, also of who was handed over and waited once more."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crm.contact_history import Interaction, Outcome, Segment, SegmentKind

MOST_LISTED = 100
_KINDS = (SegmentKind.QUEUE, SegmentKind.TALK)


@dataclass(frozen=True, slots=True)
class WaitLine:
    """One wait in the list; `wait_s` until now for those who wait still, `number` which of the call's waits it is, from 1."""

    interaction_id: str
    number: int
    queue: str
    reason: str
    offered_at: datetime
    wait_s: float
    outcome: str
    agent_id: str


def waits_of_day(session: Session, start: datetime, end: datetime, queue: str, now: datetime, latest: bool) -> list[WaitLine]:
    """The waits of callers who came into line in [start, end), in one queue or in all ("")."""
    calls = select(Interaction).where(Interaction.offered_at >= start, Interaction.offered_at < end)
    several = _several_waits(session, calls)
    lines = (
        line for call in session.scalars(calls)
        for line in (_each(call, several[call.id], now) if call.id in several else [_only(call, now)])
        if queue in ("", line.queue)
    )  # fmt: skip
    return nlargest(MOST_LISTED, lines, key=lambda line: line.offered_at.timestamp() if latest else line.wait_s)


def _several_waits(session: Session, calls: Select[Interaction]) -> Mapping[str, Sequence[Segment]]:
    """The segments of those calls whose callers stood in line again after an answer."""
    found = calls.join(Segment).where(Segment.kind == SegmentKind.QUEUE, Segment.started_at > Interaction.answered_at)
    ids = select(found.with_only_columns(Interaction.id).subquery().c.id)
    own: defaultdict[str, list[Segment]] = defaultdict(list)
    wanted = select(Segment).where(Segment.interaction_id.in_(ids), Segment.kind.in_(_KINDS))
    for segment in session.scalars(wanted.order_by(Segment.started_at, Segment.id)):
        own[segment.interaction_id].append(segment)
    return own


def _only(call: Interaction, now: datetime) -> WaitLine:
    offered_at, ended_at = call.offered_at or now, call.answered_at or call.ended_at or now
    return WaitLine(
        call.id, 1, call.queue, call.reason, offered_at, (ended_at - offered_at).total_seconds(), call.outcome, call.agent_id
    )  # fmt: skip


def _each(call: Interaction, segments: Iterable[Segment], now: datetime) -> Iterator[WaitLine]:
    """A wait from the first moment in line to the talk, or to the end of the call."""
    waits: Segment | None = None
    number = 0
    for segment in segments:
        if segment.kind == SegmentKind.QUEUE:
            if waits is None:
                waits, number = segment, number + 1
        elif waits is not None:
            yield _line(call, number, waits, segment.started_at, Outcome.ANSWERED.value, segment.agent_id)
            waits = None
    if waits is not None:
        gave_up = Outcome.ABANDONED.value if call.ended_at else ""
        yield _line(call, number, waits, call.ended_at or now, gave_up, "")


def _line(call: Interaction, number: int, waits: Segment, end: datetime, outcome: str, agent_id: str) -> WaitLine:
    wait_s = (end - waits.started_at).total_seconds()
    return WaitLine(call.id, number, waits.queue, call.reason, waits.started_at, wait_s, outcome, agent_id)
