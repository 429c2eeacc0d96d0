"""The throttle's laws, whatever the times and limits."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crm.throttle import FIRST_PAUSE, FORGET_AFTER, LONGEST_PAUSE, Tries, after_right, after_wrong

START = datetime(2026, 3, 2, tzinfo=UTC)
LIMITS = st.integers(1, 8)


def guesses_within(limit: int, hours: float) -> int:
    """How many wrong tries somebody gets through who tries whenever it is possible."""
    tries, now, made = Tries(), START, 0
    while now < START + timedelta(hours=hours):
        if tries.locked_until and tries.is_locked(now):
            now = tries.locked_until
            continue
        tries, made = after_wrong(tries, limit, now), made + 1
        now += timedelta(seconds=1)
    return made


@given(LIMITS)
def test_each_pause_is_twice_the_one_before_until_the_longest(limit: int) -> None:
    tries, now, pauses = Tries(), START, []
    for _pause in range(10):
        for _try in range(limit):
            assert not tries.is_locked(now)
            tries = after_wrong(tries, limit, now)
        assert tries.locked_until is not None
        pauses.append(tries.locked_until - now)
        now = tries.locked_until
    assert pauses[0] == FIRST_PAUSE
    assert all(after == min(2 * before, LONGEST_PAUSE) for before, after in pairwise(pauses))


@given(LIMITS, st.integers(0, 60))
def test_the_tries_left_are_the_tries_until_the_pause(limit: int, wrong: int) -> None:
    tries = Tries()
    for _try in range(wrong):
        tries = after_wrong(tries, limit, tries.locked_until or START)
    left = tries.left(limit)
    assert (left == 0) == bool(tries.locked_until)
    for _try in range(left):
        assert not tries.locked_until
        tries = after_wrong(tries, limit, START)
    assert tries.locked_until


@given(LIMITS, st.integers(0, 30))
def test_a_right_try_is_as_if_it_had_not_been_made(limit: int, wrong: int) -> None:
    tries = Tries(wrong, START)
    assert after_right(after_wrong(tries, limit, START)).wrong == wrong


def test_a_day_without_wrong_tries_after_the_pause_forgets_them() -> None:
    tries = Tries()
    for _try in range(3):
        tries = after_wrong(tries, 3, START)
    assert tries.locked_until is not None
    again = tries.locked_until + FORGET_AFTER
    assert after_wrong(tries, 3, again).wrong == 1
    assert after_wrong(tries, 3, again - timedelta(seconds=1)).wrong == 4


def test_a_patient_thief_gets_through_few_of_a_million_pins() -> None:
    assert guesses_within(3, hours=24) <= 21
    assert guesses_within(3, hours=24 * 365) < 3000
