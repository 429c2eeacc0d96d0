"""Planned activities against lived states: every second is one thing, and which."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.agent_state import AgentState as S
from routing.wait_facts import Span
from workforce.adherence import ON_QUEUE, Adherence, Kept, Planned, adherence, share_in_place, within
from workforce.roster_in_force import InForce, activities_of, in_force
from workforce.rosters.rules_form import AdherenceForm

MORNING = datetime(2026, 12, 1, 1, tzinfo=UTC)  # 08:00 in Jakarta
RULES = AdherenceForm()


def at(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def plan(*parts: tuple[float, float, str]) -> list[Planned]:
    return [Planned(at(start), at(end), activity) for start, end, activity in parts]


def spans(*parts: tuple[float, float, S], talk: str = "") -> list[Span]:
    with_call = (S.RESERVED, S.RINGING, S.TALKING, S.WRAP_UP)
    return [
        Span(at(start), at(end), at(start), state, "break" if state is S.NOT_READY else "", talk if state in with_call else "")
        for start, end, state in parts
    ]


def minutes(found: Adherence) -> dict[Kept, float]:
    return {kept: seconds / 60 for kept, seconds in found.by_kept.items() if seconds}


EIGHT_HOURS = plan((0, 240, ON_QUEUE), (240, 300, "lunch"), (300, 540, ON_QUEUE))
AS_PLANNED = spans((0, 240, S.READY), (240, 300, S.NOT_READY), (300, 540, S.READY))


def test_a_day_as_it_was_planned_is_whole() -> None:
    found = adherence(EIGHT_HOURS, AS_PLANNED, [], RULES, at(600))
    assert minutes(found) == {Kept.ADHERENT: 540}
    assert (found.adherence, found.conformance, found.unplanned_s) == (1.0, 1.0, 0.0)
    assert found.by_activity["lunch"][Kept.ADHERENT] == 3600


def test_late_early_away_and_late_from_a_break_are_told_apart() -> None:
    lived = spans(
        (20, 100, S.READY), (100, 110, S.NOT_READY), (110, 230, S.READY), (230, 310, S.NOT_READY), (310, 500, S.READY)
    )  # fmt: skip
    found = adherence(EIGHT_HOURS, lived, [], RULES, at(600))
    assert minutes(found) == {Kept.ADHERENT: 450, Kept.LATE: 30, Kept.AWAY: 10, Kept.EARLY: 50}
    assert found.adherence == 450 / 540
    assert found.conformance == 390 / 480


def test_who_has_left_is_away_until_the_shift_is_over_and_then_was_early() -> None:
    lived = spans((0, 240, S.READY))
    assert adherence(EIGHT_HOURS, lived, [], RULES, at(400)).kept_now is Kept.AWAY
    assert minutes(adherence(EIGHT_HOURS, lived, [], RULES, at(540)))[Kept.EARLY] == 240


def test_who_never_logged_in_is_absent_for_the_whole_shift() -> None:
    found = adherence(EIGHT_HOURS, [], [], RULES, at(600))
    assert minutes(found) == {Kept.ABSENT: 540}
    assert (found.adherence, found.conformance) == (0, 0)
    assert adherence(EIGHT_HOURS, [], [], RULES, at(1)).adherence == 1, "a minute is forgiven"
    not_ready_all_day = adherence(EIGHT_HOURS, spans((0, 540, S.NOT_READY)), [], RULES, at(600))
    assert minutes(not_ready_all_day) == {Kept.AWAY: 480, Kept.ADHERENT: 60}


def test_on_queue_in_a_break_and_in_a_training_is_out_of_place() -> None:
    planned = plan((0, 60, ON_QUEUE), (60, 120, "coaching"), (120, 180, ON_QUEUE))
    found = adherence(planned, spans((0, 180, S.READY)), [], RULES, at(200))
    assert minutes(found) == {Kept.ADHERENT: 120, Kept.IN_BREAK: 60}
    assert found.conformance == 1.5


def test_a_call_that_runs_into_a_break_may_be_finished_but_not_the_next_one_begun() -> None:
    planned = plan((0, 60, ON_QUEUE), (60, 90, "lunch"))
    first = [*spans((0, 50, S.READY)), *spans((50, 70, S.TALKING), (70, 73, S.WRAP_UP), talk="one")]
    found = adherence(planned, [*first, *spans((73, 90, S.NOT_READY))], [], RULES, at(100))
    assert minutes(found) == {Kept.ADHERENT: 90}
    again = [*first, *spans((73, 80, S.TALKING), talk="two"), *spans((80, 90, S.NOT_READY))]
    assert minutes(adherence(planned, again, [], RULES, at(100)))[Kept.IN_BREAK] == 7


def test_a_wrap_up_beyond_its_time_is_too_long_also_where_it_began_before_the_shift_part() -> None:
    planned = plan((0, 60, ON_QUEUE))
    lived = [*spans((0, 10, S.READY)), *spans((10, 12, S.TALKING), (12, 30, S.WRAP_UP), talk="one"), *spans((30, 60, S.READY))]
    assert minutes(adherence(planned, lived, [], RULES, at(60))) == {Kept.ADHERENT: 47, Kept.AFTER_CALL: 13}
    patient = AdherenceForm(after_call_s=1800)
    assert minutes(adherence(planned, lived, [], patient, at(60))) == {Kept.ADHERENT: 60}


def test_tolerance_forgives_a_stretch_as_long_as_it_and_none_of_a_longer_one() -> None:
    planned = plan((0, 60, ON_QUEUE))
    one, more = spans((1, 60, S.READY)), spans((1.5, 60, S.READY))
    assert minutes(adherence(planned, one, [], RULES, at(60))) == {Kept.ADHERENT: 60}
    assert minutes(adherence(planned, more, [], RULES, at(60)))[Kept.LATE] == 1.5
    assert minutes(adherence(planned, more, [], AdherenceForm(tolerance_s=90), at(60))) == {Kept.ADHERENT: 60}
    whole_minutes = AdherenceForm(tolerance_s=0, round_to_s=60)
    assert minutes(adherence(planned, spans((2.4, 60, S.READY)), [], whole_minutes, at(60)))[Kept.LATE] == 2


def test_what_is_excused_counts_as_in_place_and_is_still_told() -> None:
    excused = [(at(0), at(30)), (at(240), at(300))]
    found = adherence(EIGHT_HOURS, spans((40, 240, S.READY), (300, 540, S.READY)), excused, RULES, at(600))
    assert minutes(found) == {Kept.ADHERENT: 500, Kept.EXCUSED: 30, Kept.LATE: 10}
    assert found.adherence == 530 / 540
    assert found.conformance == 440 / 450, "what is excused on queue is not asked for"


def test_a_log_in_without_a_shift_has_no_adherence_but_its_time_is_told() -> None:
    found = adherence([], spans((0, 60, S.READY), (60, 90, S.NOT_READY)), [], RULES, at(600))
    assert (found.adherence, found.conformance, found.unplanned_s) == (None, None, 3600)
    overtime = adherence(plan((0, 60, ON_QUEUE)), spans((0, 100, S.READY)), [], RULES, at(600))
    assert (overtime.adherence, overtime.conformance, overtime.unplanned_s) == (1.0, 100 / 60, 2400)


def test_a_night_belongs_to_both_days_with_its_own_minutes() -> None:
    zone = ZoneInfo("Asia/Jakarta")
    midnight = datetime(2026, 12, 2, tzinfo=zone)
    shift = [Planned(midnight - timedelta(hours=2), midnight + timedelta(hours=6))]
    ready = midnight + timedelta(minutes=30)
    lived = [
        Span(midnight - timedelta(hours=2), midnight - timedelta(minutes=10), midnight, S.READY),
        Span(midnight - timedelta(minutes=10), ready, midnight, S.NOT_READY),
        Span(ready, midnight + timedelta(hours=6), ready, S.READY),
    ]
    whole = adherence(shift, lived, [], RULES, midnight + timedelta(hours=20))
    first = within(whole, lived, midnight - timedelta(days=1), midnight)
    second = within(whole, lived, midnight, midnight + timedelta(days=1))
    assert minutes(first) == {Kept.ADHERENT: 110, Kept.AWAY: 10}
    assert minutes(second) == {Kept.ADHERENT: 330, Kept.AWAY: 30}, "away, not late: the shift began the day before"
    assert share_in_place([first, second]) == whole.adherence


def test_a_night_in_which_the_clock_is_put_back_has_an_hour_more() -> None:
    zone = ZoneInfo("Europe/Berlin")
    times = {
        "starts_at": datetime(2026, 10, 24, 22, tzinfo=zone).isoformat(),
        "ends_at": datetime(2026, 10, 25, 6, tzinfo=zone).isoformat(), "activities": [],
    }  # fmt: skip
    shift = activities_of(times)
    start = datetime(2026, 10, 24, 20, tzinfo=UTC)
    lived = [Span(start, start + timedelta(hours=9), start, S.READY)]
    found = adherence(shift, lived, [], RULES, start + timedelta(days=1))
    assert (found.planned_s, found.adherence) == (9 * 3600, 1.0)
    day = datetime(2026, 10, 25, tzinfo=zone)
    assert within(found, lived, day.astimezone(UTC), datetime(2026, 10, 26, tzinfo=zone).astimezone(UTC)).planned_s == 7 * 3600


def test_of_each_minute_what_was_in_force_at_that_minute_counts() -> None:
    before, longer = tuple(plan((0, 240, ON_QUEUE))), tuple(plan((0, 120, ON_QUEUE), (120, 150, "rest"), (150, 300, ON_QUEUE)))
    late = in_force([InForce(at(-600), before), InForce(at(200), longer)])
    assert late == tuple(plan((0, 300, ON_QUEUE))), "the rest that was put in afterwards was no rest then"
    assert in_force([InForce(at(-600), before), InForce(at(60), longer)]) == longer
    assert in_force([InForce(at(-600), before), InForce(at(60), ())]) == tuple(plan((0, 60, ON_QUEUE)))
    assert in_force([InForce(at(60), before)]) == tuple(plan((60, 240, ON_QUEUE))), "before it was published nothing was planned"


_STATES = st.sampled_from([S.READY, S.NOT_READY, S.TALKING, S.WRAP_UP, S.RINGING, None])


@settings(max_examples=60, deadline=None)
@given(
    lived=st.lists(st.tuples(st.integers(1, 4000), _STATES), max_size=12),
    parts=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 90), st.sampled_from([ON_QUEUE, "lunch", "coaching"])), max_size=8),
    excused=st.lists(st.tuples(st.integers(0, 500), st.integers(1, 90)), max_size=3),
    until=st.integers(0, 900), tolerance_s=st.integers(0, 600), round_to_s=st.sampled_from([1, 60, 300]),
)  # fmt: skip
def test_every_planned_second_is_exactly_one_thing(
    lived: list[tuple[int, S | None]], parts: list[tuple[int, int, str]], excused: list[tuple[int, int]], until: int,
    tolerance_s: int, round_to_s: int,
) -> None:  # fmt: skip
    planned, minute = [], 0
    for gap, length, activity in parts:
        minute += gap * 5
        planned.append(Planned(at(minute), at(minute + length), activity))
        minute += length
    told, second = [], 0
    for length, state in lived:
        if state is not None:
            told.append(Span(at(second / 60), at((second + length) / 60), at(second / 60), state, "", f"call {second // 900}"))
        second += length
    rules = AdherenceForm(tolerance_s=tolerance_s, round_to_s=round_to_s)
    found = adherence(planned, told, [(at(start), at(start + long)) for start, long in excused], rules, at(until))
    assert sum(found.by_kept.values()) == found.planned_s
    if round_to_s <= 60:
        due = sum(max(0.0, (min(each.end, at(until)) - each.start).total_seconds()) for each in planned)
        assert found.planned_s == due
    assert found.adherence is None or 0 <= found.adherence <= 1
    assert all(one.end <= other.start for one, other in zip(found.pieces, found.pieces[1:], strict=False))
