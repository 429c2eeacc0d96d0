"""Opening hours: what is said of now and of the next change holds when that moment comes, on every clock."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hours import (
    ALL_DAY,
    DAY_MIN,
    HORIZON_DAYS,
    Emergency,
    Names,
    OpenState,
    Schedule,
    Span,
    SpecialDay,
    Why,
    day_stretches,
    in_emergency,
    is_open,
)

JAKARTA, AMSTERDAM, PERTH = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Amsterdam"), ZoneInfo("Australia/Perth")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clock goes forward by half an hour
SECOND = timedelta(seconds=1)
OFFICE_DAY, SATURDAY = (Span(8 * 60, 20 * 60),), (Span(8 * 60, 16 * 60),)
WEEK = (*(OFFICE_DAY,) * 5, SATURDAY, ())
NOWHERE: Names = {}


class FakeHolidays:
    def __init__(self, days: Mapping[date, Names]) -> None:
        self._days = days

    def on(self, day: date) -> Names | None:
        return self._days.get(day)


CHRISTMAS = FakeHolidays({date(2026, 12, 25): {"id": "Hari Raya Natal", "en": "Christmas Day"}})
OFFICE = Schedule("office", {}, JAKARTA, WEEK, CHRISTMAS)


def at(zone: ZoneInfo, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[arg-type,misc]  # a date is given as its parts


@st.composite
def day_spans(draw: st.DrawFn) -> tuple[Span, ...]:
    marks = sorted(draw(st.lists(st.integers(0, DAY_MIN - 1), max_size=4, unique=True)))
    spans = [Span(first, last) for first, last in zip(marks[::2], marks[1::2], strict=False)]
    if len(marks) % 2:
        spans.append(Span(marks[-1], draw(st.integers(marks[-1] + 1, marks[-1] + DAY_MIN))))
    return tuple(spans)


DATES = st.dates(date(2026, 1, 1), date(2027, 12, 31))
ZONES = st.sampled_from([JAKARTA, AMSTERDAM, PERTH, LORD_HOWE])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (made aware by timezones)
SCHEDULES = st.builds(
    Schedule,
    name=st.just("any"),
    label=st.just({}),
    zone=ZONES,
    week=st.tuples(*[day_spans()] * 7),
    holidays=st.none() | st.dictionaries(DATES, st.just({"en": "Holiday"}), max_size=20).map(FakeHolidays),
    days=st.dictionaries(DATES, st.builds(SpecialDay, day_spans()), max_size=10),
)


@given(SCHEDULES, MOMENTS)
def test_what_comes_next_is_so_when_it_comes(schedule: Schedule, moment: datetime) -> None:
    state = is_open(schedule, moment)
    assert (state.until is None) if not state.open else (state.opens_next is None)
    change = state.changes_at
    if change is None:
        return
    assert change > moment
    assert is_open(schedule, change).open is not state.open
    assert is_open(schedule, change - SECOND / 1000).open is state.open


@given(SCHEDULES, MOMENTS, st.floats(0, 1))
def test_nothing_happens_before_the_next_change(schedule: Schedule, moment: datetime, share: float) -> None:
    state = is_open(schedule, moment)
    change = state.changes_at or moment + timedelta(days=30)
    between = moment + (change - moment) * share
    if between < change:
        assert is_open(schedule, between).open is state.open
        assert is_open(schedule, between).changes_at == state.changes_at or state.changes_at is None


@given(SCHEDULES, MOMENTS)
def test_on_a_clock_that_never_changes_it_is_what_the_days_say(schedule: Schedule, moment: datetime) -> None:
    steady = replace(schedule, zone=JAKARTA)
    there = moment.astimezone(JAKARTA)
    minute = there.hour * 60 + there.minute
    stretches = day_stretches(steady, there.date())
    assert is_open(steady, moment).open is any(first <= minute < last for first, last in stretches)


@given(SCHEDULES, DATES)
def test_a_days_stretches_are_apart_and_within_the_day(schedule: Schedule, day: date) -> None:
    stretches = day_stretches(schedule, day)
    ends = [0, *(mark for stretch in stretches for mark in stretch), DAY_MIN]
    assert ends == sorted(ends)
    assert all(first < last for first, last in stretches)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(stretches))


def test_an_office_day() -> None:
    noon = is_open(OFFICE, at(JAKARTA, 2026, 12, 23, 12, 0))
    assert noon == OpenState(True, Why.REGULAR, JAKARTA, until=at(JAKARTA, 2026, 12, 23, 20, 0))
    opening, closing = at(JAKARTA, 2026, 12, 23, 8, 0), at(JAKARTA, 2026, 12, 23, 20, 0)
    assert is_open(OFFICE, opening).open
    assert not is_open(OFFICE, opening - SECOND).open
    assert not is_open(OFFICE, closing).open


def test_a_holiday_closes_and_has_a_name() -> None:
    state = is_open(OFFICE, at(JAKARTA, 2026, 12, 25, 10, 0))
    assert (state.open, state.why, state.name["en"]) == (False, Why.HOLIDAY, "Christmas Day")
    assert state.opens_next == at(JAKARTA, 2026, 12, 26, 8, 0)
    eve = is_open(OFFICE, at(JAKARTA, 2026, 12, 24, 21, 0))
    assert (eve.why, [plan.day for plan in eve.closed_days]) == (Why.REGULAR, [date(2026, 12, 25)])


def test_a_special_day_counts_before_a_holiday() -> None:
    special = replace(OFFICE, days={date(2026, 12, 25): SpecialDay((Span(540, 720),), {"en": "Christmas service"})})
    state = is_open(special, at(JAKARTA, 2026, 12, 25, 10, 0))
    assert (state.open, state.why, state.until) == (True, Why.SPECIAL, at(JAKARTA, 2026, 12, 25, 12, 0))
    closed = replace(OFFICE, days={date(2026, 12, 23): SpecialDay((), {"en": "Moving"})})
    assert is_open(closed, at(JAKARTA, 2026, 12, 23, 10, 0)).why is Why.SPECIAL


def test_a_night_goes_on_into_a_holiday() -> None:
    night = Schedule("night", {}, JAKARTA, ((Span(22 * 60, 30 * 60),),) * 7, CHRISTMAS)
    state = is_open(night, at(JAKARTA, 2026, 12, 25, 3, 0))
    assert (state.open, state.until, state.why) == (True, at(JAKARTA, 2026, 12, 25, 6, 0), Why.REGULAR)
    assert is_open(night, at(JAKARTA, 2026, 12, 25, 7, 0)).opens_next == at(JAKARTA, 2026, 12, 26, 22, 0)


def test_all_day_every_day_never_closes() -> None:
    always = Schedule("always", {}, JAKARTA, (ALL_DAY,) * 7)
    assert is_open(always, at(JAKARTA, 2026, 12, 25, 3, 0)) == OpenState(True, Why.REGULAR, JAKARTA)
    by_pieces = replace(always, week=((Span(0, 720), Span(720, DAY_MIN)),) * 7)
    assert is_open(by_pieces, at(JAKARTA, 2026, 12, 25, 3, 0)).until is None


def test_all_day_closes_for_the_next_holiday() -> None:
    always = Schedule("always", {}, JAKARTA, (ALL_DAY,) * 7, CHRISTMAS)
    assert is_open(always, at(JAKARTA, 2026, 12, 1, 3, 0)).until == at(JAKARTA, 2026, 12, 25, 0, 0)


def test_a_schedule_that_never_opens_says_so() -> None:
    never = Schedule("never", {}, JAKARTA, ((),) * 7)
    assert is_open(never, at(JAKARTA, 2026, 12, 1, 3, 0)) == OpenState(False, Why.REGULAR, JAKARTA)
    first = date(2026, 12, 1)
    shut = replace(OFFICE, days={first + timedelta(days=number): SpecialDay(()) for number in range(HORIZON_DAYS)})
    assert is_open(shut, at(JAKARTA, 2026, 12, 1, 3, 0)).opens_next is None


def test_special_openings_alone_are_found() -> None:
    fair = Schedule("fair", {}, JAKARTA, ((),) * 7, days={date(2027, 6, 5): SpecialDay((Span(600, 660),))})
    assert is_open(fair, at(JAKARTA, 2026, 12, 1, 3, 0)).opens_next == at(JAKARTA, 2027, 6, 5, 10, 0)


@pytest.mark.parametrize("zone", [AMSTERDAM, PERTH])
def test_hours_are_those_of_the_schedules_own_clock(zone: ZoneInfo) -> None:
    there = replace(OFFICE, zone=zone)
    for month in (1, 7):
        assert is_open(there, at(zone, 2026, month, 13, 7, 0)).opens_next == at(zone, 2026, month, 13, 8, 0)


def test_a_clock_that_goes_forward_or_back_leaves_no_hole() -> None:
    always = Schedule("always", {}, AMSTERDAM, (ALL_DAY,) * 7, CHRISTMAS)
    for spring_or_autumn in (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)):
        for quarter in range(12):
            assert is_open(always, spring_or_autumn + quarter * timedelta(minutes=15)).open


def test_a_time_that_the_clock_skips_or_shows_twice_keeps_the_line_open_for_longer() -> None:
    early = replace(OFFICE, zone=AMSTERDAM, week=((Span(0, 150),),) * 7)  # until 02:30
    skipped = is_open(early, datetime(2026, 3, 28, 23, 30, tzinfo=UTC))
    assert skipped.until == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 summer time
    twice = is_open(early, datetime(2026, 10, 24, 22, 30, tzinfo=UTC))
    assert twice.until == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # the second 02:30


def test_an_emergency_ends_at_the_first_opening_time_after_it() -> None:
    assert in_emergency(OFFICE, Emergency()).opens_next is None
    by_day = in_emergency(OFFICE, Emergency(until=at(JAKARTA, 2026, 12, 23, 14, 0)))
    assert (by_day.open, by_day.why, by_day.opens_next) == (False, Why.EMERGENCY, at(JAKARTA, 2026, 12, 23, 14, 0))
    by_night = in_emergency(OFFICE, Emergency(until=at(JAKARTA, 2026, 12, 24, 22, 0)))
    assert by_night.opens_next == at(JAKARTA, 2026, 12, 26, 8, 0)
