"""Whose voice is where in a recording: from the segments of the interaction to stretches with one agent each, and their marks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from core.events import Event, EventKind
from crm.contact_history import OUTSIDE, Segment, SegmentKind
from crm.talk_recordings import MarkKind

_SPOKEN = frozenset({SegmentKind.TALK, SegmentKind.HOLD, SegmentKind.CONSULT})
Mark = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds [from_s, to_s) of a recording with one agent; "" when nobody knows with whom."""

    from_s: float
    to_s: float
    agent_id: str = ""
    queue: str = ""
    segment_id: int | None = None


def spans(started_at: datetime, length_s: float, segments: Iterable[Segment]) -> list[Span]:
    """The recording cut where another agent has the caller: without gap, so that nothing of it is lost."""
    found: list[Span] = []
    for segment in sorted(segments, key=lambda each: each.started_at):
        if segment.kind not in _SPOKEN or segment.detail == OUTSIDE or not segment.agent_id:
            continue
        begin_s = (segment.started_at - started_at).total_seconds()
        end_s = (segment.ended_at - started_at).total_seconds() if segment.ended_at else length_s
        begin_s, end_s = max(0.0, begin_s), min(length_s, end_s)
        if end_s <= begin_s:
            continue
        if found and found[-1].agent_id == segment.agent_id:
            continue
        found.append(Span(begin_s, length_s, segment.agent_id, segment.queue, segment.id))
    if not found:
        return [Span(0.0, length_s)]
    begins = [0.0, *(each.from_s for each in found[1:]), length_s]
    return [
        Span(begin, end, each.agent_id, each.queue, each.segment_id)
        for each, (begin, end) in zip(found, pairwise(begins), strict=True)
    ]


def marks(started_at: datetime, length_s: float, segments: Iterable[Segment], events: Sequence[Event]) -> list[Mark]:
    """Where in [0, length_s) the caller was on hold, and where an agent had paused the recording, by time."""
    found = [
        (MarkKind.HOLD.value, segment.started_at, segment.ended_at) for segment in segments if segment.kind == SegmentKind.HOLD
    ]  # fmt: skip
    paused_at: datetime | None = None
    for event in sorted(events, key=lambda each: each.at):
        if event.kind is EventKind.RECORDING_PAUSED:
            paused_at = paused_at or event.at
        elif event.kind is EventKind.RECORDING_RESUMED and paused_at is not None:
            found.append((MarkKind.PAUSE.value, paused_at, event.at))
            paused_at = None
    if paused_at is not None:
        found.append((MarkKind.PAUSE.value, paused_at, None))
    placed: list[Mark] = []
    for kind, begin, end in found:
        begin_s = max(0.0, (begin - started_at).total_seconds())
        end_s = min(length_s, (end - started_at).total_seconds()) if end else length_s
        if end_s > begin_s:
            placed.append((kind, round(begin_s, 2), round(end_s, 2)))
    return sorted(placed, key=lambda each: each[1])
