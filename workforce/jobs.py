"""Work for the rq worker: the roll-up of a day's intervals, safe to run at any time and any number of times."""

from datetime import UTC, date, datetime, time, timedelta

from rq.exceptions import DuplicateJobError

from core.database import Database
from core.errors import BadInput
from core.job_queue import job_queue
from core.log import get_log
from core.settings import load_settings
from routing.policy_in_force import PolicyInForce
from workforce.intervals import HALF_HOUR, interval_rows, keep_rows

_TIME_LIMIT_S = 300
_WAITS_AT_MOST_S = 3600
_FAILURE_KEPT_S = 600

log = get_log(__name__)


def roll_up_intervals(database: Database, day: str) -> int:
    """Recompute the kept half-hour rows of one UTC day ("2026-03-01") from the contact history; returns their number.

    Running it again gives the same rows. Raises BadInput when `day` is no ISO date.
    """
    start, end = utc_day(day)
    policy = PolicyInForce(database).current()
    with database.reading() as session:
        rows = interval_rows(session, policy, start, end, HALF_HOUR)
    with database.writing() as session:
        keep_rows(session, rows, start, end, HALF_HOUR)
        session.commit()
    log.info("intervals_rolled_up", day=day, rows=len(rows), offered=sum(row.offered for row in rows))
    return len(rows)


def roll_up_job(day: str) -> int:
    """The same as a job: on the database of this process's own settings, so that no address lies in the job queue."""
    database = Database(load_settings().database)
    try:
        return roll_up_intervals(database, day)
    finally:
        database.dispose()


def enqueue_roll_up(redis_url: str, day: date) -> bool:
    """Ask the worker for the roll-up of a UTC day; False when the same one waits, runs, or has just failed.

    Raises Unavailable when Redis does not answer.
    """
    with job_queue(redis_url) as queue:
        try:
            queue.enqueue_call(
                roll_up_job,
                args=(day.isoformat(),),
                timeout=_TIME_LIMIT_S,
                # A job's id stays taken as long as the job is kept: so none is kept, and one that a worker lost lapses.
                result_ttl=0,
                ttl=_WAITS_AT_MOST_S,
                failure_ttl=_FAILURE_KEPT_S,
                job_id=f"roll-up-{day.isoformat()}",
                unique=True,
            )
        except DuplicateJobError:
            return False
    return True


def utc_day(day: str) -> tuple[datetime, datetime]:
    """First moment of a UTC day and of the next. Raises BadInput when `day` is no ISO date."""
    try:
        start = datetime.combine(date.fromisoformat(day), time(), UTC)
    except ValueError:
        raise BadInput(f"{day!r} is no date.", "Write it like 2026-03-01.") from None
    return start, start + timedelta(days=1)
