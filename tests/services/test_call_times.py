"""Customers are called in the opening hours of the queue that calls them."""

from datetime import UTC, datetime, timedelta

import pytest

from core.database import Database
from ivr.call_times import CallTimes
from ivr.hours_now import Hours
from ivr.published_flows import PublishedFlows
from ivr.reception import HOTLINE
from routing.callback_plan import MOST_TRIES, TRY_AGAIN_AFTER, next_try
from tests.services.test_queue_hours import HOUR, NOW, close, end, hours

__all__ = ["hours"]  # the fixture: billing has an office's hours, technical is always there


@pytest.fixture
def times(database: Database, hours: Hours) -> CallTimes:
    return CallTimes(hours, PublishedFlows(database), HOTLINE)


def test_at_night_a_queue_calls_in_the_morning_and_one_that_is_always_there_at_once(times: CallTimes) -> None:
    night = NOW + 14 * HOUR
    assert times.earliest("billing", NOW) == NOW
    assert times.earliest("billing", night) == datetime(2026, 11, 25, 1, 0, tzinfo=UTC), "8:00 in Jakarta"
    assert times.earliest("technical", night) == night


def test_a_queue_closed_until_nobody_knows_when_is_asked_again_in_an_hour(times: CallTimes, database: Database) -> None:
    closing = close(database, "office")
    assert times.earliest("billing", NOW) == NOW + HOUR
    end(database, closing)
    assert times.earliest("billing", NOW) == NOW


def test_tries_come_later_and_later_in_the_hours_and_end(times: CallTimes) -> None:
    evening = NOW + timedelta(hours=9, minutes=55)  # 19:55: closes at 20:00
    planned = [next_try(tries, "billing", evening, times.earliest) for tries in range(1, MOST_TRIES + 1)]
    opens = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    assert planned == [opens, opens, evening + TRY_AGAIN_AFTER[-1], None]
