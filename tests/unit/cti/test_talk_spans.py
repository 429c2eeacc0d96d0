"""Whose voice is where: the spans of a recording cover it without gap, each with one agent."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.events import Event, EventKind
from crm.contact_history import OUTSIDE, Segment, SegmentKind
from cti.talks.spans import marks, spans

BEGUN = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
KINDS = st.sampled_from([SegmentKind.TALK, SegmentKind.HOLD, SegmentKind.CONSULT, SegmentKind.QUEUE, SegmentKind.IVR])


def at(second: float) -> datetime:
    return BEGUN + timedelta(seconds=second)


def segment(kind: str, begin_s: float, end_s: float | None, agent_id: str = "1001", detail: str = "") -> Segment:
    ended = None if end_s is None else at(end_s)
    return Segment(kind=kind, started_at=at(begin_s), ended_at=ended, agent_id=agent_id, queue="billing", detail=detail)


@st.composite
def calls(draw: st.DrawFn) -> list[Segment]:
    """Segments one after the other, as the record has them."""
    moment = draw(st.floats(-20, 5))
    found = []
    for _number in range(draw(st.integers(0, 8))):
        length = draw(st.floats(0.01, 15))
        found.append(segment(draw(KINDS), moment, moment + length, draw(st.sampled_from(["", "1001", "1002"]))))
        moment += length
    return found


@given(calls(), st.floats(0.2, 60))
def test_the_spans_cover_the_recording_without_gap_and_neighbours_have_different_agents(
    segments: list[Segment], length_s: float
) -> None:
    found = spans(BEGUN, length_s, segments)
    assert found[0].from_s == 0.0
    assert found[-1].to_s == length_s
    for before, after in itertools.pairwise(found):
        assert before.to_s == after.from_s
        assert before.agent_id != after.agent_id
    assert {each.agent_id for each in found} <= {each.agent_id for each in segments} | {""}


def test_who_is_only_asked_is_nobody_and_a_number_outside_is_no_agent() -> None:
    talk = segment(SegmentKind.TALK, 0, 10)
    assert [each.agent_id for each in spans(BEGUN, 20, [talk, segment(SegmentKind.TALK, 10, 20, "", OUTSIDE)])] == ["1001"]
    assert [each.agent_id for each in spans(BEGUN, 20, [])] == [""]


def test_a_hold_is_part_of_its_agents_talk_and_marked() -> None:
    parts = [segment(SegmentKind.TALK, 0, 5), segment(SegmentKind.HOLD, 5, 8), segment(SegmentKind.TALK, 8, 12)]
    [span] = spans(BEGUN, 12, parts)
    assert (span.from_s, span.to_s, span.agent_id) == (0, 12, "1001")
    assert marks(BEGUN, 12, parts, []) == [("hold", 5, 8)]
    assert marks(at(6), 4, parts, []) == [("hold", 0, 2)], "clipped to the part that is looked at"


def test_a_pause_that_nobody_ended_lasts_to_the_end_and_one_told_twice_is_one() -> None:
    paused = [Event(EventKind.RECORDING_PAUSED, at(second), "i", "1001") for second in (3, 4)]
    assert marks(BEGUN, 10, [], paused) == [("pause", 3, 10)]
    on = Event(EventKind.RECORDING_RESUMED, at(6), "i", "1001")
    assert marks(BEGUN, 10, [], [*paused, on, on]) == [("pause", 3, 6)]
