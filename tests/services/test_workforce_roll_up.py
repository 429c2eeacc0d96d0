"""The roll-up of intervals: idempotent, and run by a real rq worker from a real Redis."""

from datetime import UTC, date, datetime, timedelta

import pytest
import redis
from rq import Queue, SimpleWorker
from sqlalchemy import select

from core.database import Database
from core.errors import BadInput
from core.ids import new_id
from core.job_queue import JOB_QUEUE
from crm.contact_history import Interaction, Outcome, Segment, SegmentKind
from routing.policy_file import shipped_policy
from workforce.interval_stats import IntervalStat
from workforce.intervals import interval_rows, kept_rows
from workforce.jobs import enqueue_roll_up, roll_up_intervals, utc_day

DAY = "2026-03-02"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def add_answered(database: Database, at: datetime) -> None:
    answered = at + timedelta(seconds=10)
    talk = Segment(kind=SegmentKind.TALK, started_at=answered, ended_at=answered + timedelta(seconds=120))
    with database.writing() as session:
        session.add(
            Interaction(
                id=new_id(), queue="sales", started_at=at, offered_at=at, answered_at=answered, outcome=Outcome.ANSWERED,
                segments=[talk],
            )
        )  # fmt: skip
        session.commit()


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def kept(database: Database) -> list[tuple[object, ...]]:
    columns = [column for column in IntervalStat.__table__.columns if column.name != "id"]
    with database.reading() as session:
        return sorted(tuple(row) for row in session.execute(select(*columns)))


def test_rolling_up_twice_keeps_the_same_rows(database: Database) -> None:
    add_answered(database, NOON)
    assert roll_up_intervals(database, DAY) == 48 * len(shipped_policy().policy.queues)
    first = kept(database)
    roll_up_intervals(database, DAY)
    assert kept(database) == first
    assert len(first) == 48 * len(shipped_policy().policy.queues)


def test_what_came_late_is_in_the_next_roll_up(database: Database) -> None:
    roll_up_intervals(database, DAY)
    add_answered(database, NOON)
    roll_up_intervals(database, DAY)
    with database.reading() as session:
        assert sum(stat.offered for stat in session.scalars(select(IntervalStat))) == 1


def test_another_day_is_left_alone(database: Database) -> None:
    add_answered(database, NOON)
    roll_up_intervals(database, DAY)
    before = kept(database)
    roll_up_intervals(database, "2026-03-03")
    assert set(before) < set(kept(database))


def test_kept_rows_say_the_same_as_the_history(database: Database) -> None:
    add_answered(database, NOON)
    roll_up_intervals(database, DAY)
    start, end = utc_day(DAY)
    with database.reading() as session:
        policy = shipped_policy().policy
        assert kept_rows(session, policy, start, end) == interval_rows(session, policy, start, end)


def test_a_day_that_is_no_date_is_refused(database: Database) -> None:
    with pytest.raises(BadInput, match="no date"):
        roll_up_intervals(database, "yesterday")


def test_a_worker_does_what_was_enqueued_once_and_the_job_holds_no_address(database, redis_url, tmp_path, monkeypatch) -> None:
    for name in ("SESSION_KEY", "REDIS_PASSWORD", "AMI_PASSWORD"):
        monkeypatch.setenv(f"HALO_{name}", "of this test")
    monkeypatch.setenv("HALO_HOME", str(tmp_path))
    monkeypatch.setenv("HALO_DATABASE_URL", url_of(database))
    add_answered(database, NOON)
    day = date.fromisoformat(DAY)
    assert enqueue_roll_up(redis_url, day)
    assert not enqueue_roll_up(redis_url, day)
    connection = redis.Redis.from_url(redis_url)
    queue = Queue(JOB_QUEUE, connection=connection)
    assert [job.args for job in queue.jobs] == [(DAY,)]
    SimpleWorker([queue], connection=connection).work(burst=True)
    assert len(kept(database)) == 48 * len(shipped_policy().policy.queues)
    assert enqueue_roll_up(redis_url, day)
    connection.close()
