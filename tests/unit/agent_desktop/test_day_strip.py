"""A day on one axis: every row by the same scale, whatever is in it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agent_desktop.day_strip import WIDE, Piece, draw_strip

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
minutes = st.integers(0, 24 * 60 - 1)


def piece(start: int, end: int, kind: str = "ready") -> Piece:
    return Piece(MIDNIGHT + timedelta(minutes=start), MIDNIGHT + timedelta(minutes=end), kind, f"{kind} {start}")


@given(st.lists(st.tuples(minutes, minutes).filter(lambda pair: pair[0] < pair[1]), max_size=12), minutes)
def test_every_piece_lies_on_the_axis_and_hours_are_evenly_apart(spans, now):
    strip = draw_strip([("was", [piece(*span) for span in spans])], MIDNIGHT + timedelta(minutes=now))
    for bar in strip.rows[0].bars:
        assert 0 <= bar.x <= WIDE
        assert bar.x + bar.width <= WIDE + 1
    places = [x for x, _name in strip.hours]
    assert (places[0], places[-1]) == (0, WIDE)
    steps = [after - before for before, after in pairwise(places)]
    assert max(steps) - min(steps) < 0.3
    named = [number for number, (_x, name) in enumerate(strip.hours) if name]
    assert named[0] == 0
    assert named[-1] == len(places) - 1
    assert len(named) <= 13


def test_what_was_planned_stands_on_the_same_axis_above_what_was():
    planned = [piece(8 * 60, 12 * 60, "talking"), piece(13 * 60, 17 * 60, "talking")]
    was = [piece(8 * 60 + 30, 10 * 60)]
    strip = draw_strip([("planned", planned), ("was", was)], MIDNIGHT + timedelta(hours=10))
    assert [row.name for row in strip.rows] == ["planned", "was"]
    early, late = strip.rows[0].bars
    assert early.x == 0
    assert late.x + late.width == WIDE
    hour = WIDE / 9
    assert abs(strip.rows[1].bars[0].x - hour / 2) < 0.2
    assert abs(strip.now_x - 2 * hour) < 0.2


def test_the_present_is_marked_only_where_it_is_on_the_axis():
    strip = draw_strip([("was", [piece(60, 120)])], MIDNIGHT + timedelta(days=1, hours=9))
    assert strip.now_x is None


def test_rows_are_told_in_words_too():
    strip = draw_strip([("was", [piece(90, 120, "wrap_up"), piece(60, 90, "talking")])], MIDNIGHT + timedelta(hours=3))
    assert strip.rows[0].words == "talking 60; wrap_up 90"
