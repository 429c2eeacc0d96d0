"""Making a roster as work for the rq worker: what it finds is a draft, so that no published roster changes whatever happens."""

from datetime import datetime
from zoneinfo import ZoneInfo

from rq.exceptions import DuplicateJobError

from core.clock import SystemClock
from core.database import Database
from core.job_queue import job_queue
from core.log import get_log
from core.settings import load_settings
from routing.policy_in_force import PolicyInForce
from workforce.roster_records import RosterState
from workforce.roster_store import find_version, problem_of, put_shifts

_BESIDE_S = 600
_KEPT_S = 600
_EVERY_S = 1.0

log = get_log(__name__)


def enqueue_roster(redis_url: str, version_id: int, limit_s: float) -> bool:
    """Ask the worker for it; False when the same one waits or runs. Raises Unavailable when Redis does not answer."""
    with job_queue(redis_url) as queue:
        try:
            queue.enqueue_call(
                roster_job, args=(version_id,), timeout=int(limit_s) + _BESIDE_S, result_ttl=0, failure_ttl=_KEPT_S,
                job_id=f"roster-{version_id}", unique=True,
            )  # fmt: skip
        except DuplicateJobError:
            return False
    return True


def roster_job(version_id: int) -> None:
    """Make it, on this process's own installation."""
    settings = load_settings()
    database = Database(settings.database)
    try:
        make_roster(database, version_id, ZoneInfo(settings.time_zone))
    finally:
        database.dispose()


def make_roster(database: Database, version_id: int, zone: ZoneInfo) -> None:
    """Solve and keep as a draft; safe to repeat. One that is a draft already, or published, stays as it is."""
    from workforce.rosters.conflict import conflict_words, find_conflict  # here: the solver takes a second to load
    from workforce.rosters.solve import solve
    from workforce.rosters.solving import Effort, Progress

    clock = SystemClock()
    with database.writing() as session:
        version = find_version(session, version_id)
        if version.state not in (RosterState.WAITING, RosterState.SOLVING):
            return
        version.state, version.changed_at = RosterState.SOLVING, clock.now()
        problem, limit_s = problem_of(session, version, PolicyInForce(database).current(), zone), version.limit_s
        session.commit()
    told = _Told(database, version_id)

    def tell(progress: Progress) -> None:
        told.tell(clock.now(), progress.cost, progress.bound, progress.doing)

    found = solve(problem, Effort(limit_s=limit_s, tell=tell, stopped=told.stopped))
    lines: list[str] = []
    if found.roster is None:
        conflict = find_conflict(problem, Effort(limit_s=limit_s))
        lines = conflict_words(problem, conflict) if conflict is not None else ["No roster was found in the time given."]
        found = conflict.partial if conflict is not None else found
    with database.writing() as session:
        version = find_version(session, version_id)
        if found.roster is None:
            version.state = RosterState.FAILED
        else:
            put_shifts(session, version, problem, found.roster, zone)
            version.state, version.cost, version.bound = RosterState.DRAFT, found.cost, found.bound
        version.told, version.doing, version.changed_at = "\n".join(lines), "", clock.now()
        session.commit()
    log.info("roster_made", version=version_id, shifts=len(found.roster or ()), cost=found.cost, bound=found.bound)


class _Told:
    """Writes down how far it is, once a second at most, and looks whether it is to stop. Asked from the solver's threads."""

    def __init__(self, database: Database, version_id: int) -> None:
        self._database, self._version_id = database, version_id
        self._last: datetime | None = None

    def tell(self, now: datetime, cost: float | None, bound: float, doing: str) -> None:
        if self._last is not None and (now - self._last).total_seconds() < _EVERY_S:
            return
        self._last = now
        with self._database.writing() as session:
            version = find_version(session, self._version_id)
            version.cost, version.bound, version.doing, version.changed_at = cost, bound, doing[:80], now
            session.commit()

    def stopped(self) -> bool:
        with self._database.reading() as session:
            return find_version(session, self._version_id).stop_asked
