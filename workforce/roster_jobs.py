"""Making a roster as a job of the process planning: what it finds is a draft, so that no published roster ever changes by it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import redis
from rq import Queue as JobQueue
from rq.exceptions import DuplicateJobError

from core.clock import SystemClock
from core.database import Database
from core.errors import HaloError, NotFound, Unavailable
from core.job_queue import ROSTER_JOB_QUEUE
from core.log import get_log
from core.settings import load_settings
from routing.policy_in_force import PolicyInForce
from workforce.roster_check.words import LANGUAGES
from workforce.roster_records import RosterState, RosterVersion
from workforce.roster_store import as_roster, find_version, problem_of, put_shifts, shifts_of

_BESIDE_S = 600
_KEPT_S = 1  # its id stays taken as long as it is kept, and one that failed is made again
_EVERY_S = 1.0
_SIGN_EVERY_S = 5.0
MOST_SECONDS = 3600
SILENT_FOR = timedelta(seconds=60)
KILLED = "The solver was stopped from outside. Make the roster again."
STOPPED = "It was stopped before a first roster was found. Let it run longer."
BROKEN = "Something went wrong on our side. Make the roster again; ./halo logs planning tells more."
NONE_IN_TIME = "No roster was found in the time given."

log = get_log(__name__)


def enqueue_roster(connection: "redis.Redis", version_id: int, limit_s: float) -> bool:
    """Ask the process for rosters for it; False when the same one waits or runs. Raises Unavailable when Redis does not answer."""
    try:
        JobQueue(ROSTER_JOB_QUEUE, connection=connection).enqueue_call(
            roster_job, args=(version_id,), timeout=int(limit_s) * 2 + _BESIDE_S, result_ttl=0, failure_ttl=_KEPT_S,
            job_id=f"roster-{version_id}", unique=True,
        )  # fmt: skip
    except DuplicateJobError:
        return False
    except redis.RedisError as problem:
        raise Unavailable("The job queue (Redis) does not answer.", "Run ./halo doctor.") from problem
    return True


def has_lost_its_solver(version: RosterVersion, now: datetime) -> bool:
    """Whether it is being solved and nobody has given a sign for a minute: its process is gone, and it can be asked for again."""
    return version.state == RosterState.SOLVING and now - version.changed_at > SILENT_FOR


def roster_job(version_id: int) -> None:
    """Make it, on this process's own installation."""
    settings = load_settings()
    database = Database(settings.database)
    try:
        make_roster(database, version_id, ZoneInfo(settings.time_zone))
    finally:
        database.dispose()


def killed(database: Database, job: Any) -> None:
    """The process that solved it was killed: the roster has failed, and can be asked for again. Published ones stay as they are."""
    number = job.args[0] if job.args else 0
    with database.writing() as session:
        version = session.get(RosterVersion, number)
        if version is not None and version.state in (RosterState.WAITING, RosterState.SOLVING):
            _fail(version, KILLED, SystemClock().now())
            session.commit()
    log.warning("roster_killed", version=number)


def stop_with_the_best(database: Database, job: Any) -> None:
    """Its process is asked to end: the roster ends with the best until now."""
    with database.writing() as session:
        version = session.get(RosterVersion, job.args[0]) if job.args else None
        if version is not None:
            version.stop_asked = True
            session.commit()


def make_roster(database: Database, version_id: int, zone: ZoneInfo) -> None:
    """Solve and keep as a draft; safe to repeat. One that is a draft already, or published, stays as it is."""
    clock = SystemClock()
    try:
        _make(database, version_id, zone, clock)
    except NotFound:
        log.info("roster_gone", version=version_id)
    except Exception as problem:
        log.exception("roster_failed", version=version_id)
        with database.writing() as session:
            _fail(find_version(session, version_id), problem.message if isinstance(problem, HaloError) else BROKEN, clock.now())
            session.commit()


def _make(database: Database, version_id: int, zone: ZoneInfo, clock: SystemClock) -> None:
    from workforce.rosters.conflict import conflict_words, find_conflict  # here: the solver takes a second to load
    from workforce.rosters.solve import settled, solve
    from workforce.rosters.solving import Effort, Progress

    with database.writing() as session:
        version = find_version(session, version_id)
        if version.state not in (RosterState.WAITING, RosterState.SOLVING):
            return
        version.state, version.changed_at = RosterState.SOLVING, clock.now()
        policy = PolicyInForce(database).current()
        problem, limit_s = problem_of(session, version, policy, zone), version.limit_s
        free = frozenset((agent, day) for agent, day in version.anew.get("cells", ()) if agent in problem.by_agent)
        base = as_roster(shifts_of(session, version_id), problem.patterns, problem.first, zone)
        session.commit()
    if not problem.contracts:
        raise NotFound("No agent has a contract.", "Bring the contracts first.")
    told = _Told(database, version_id)

    def tell(progress: Progress) -> None:
        told.tell(clock.now(), progress.cost, progress.bound, progress.doing)

    with told.alive(clock):
        effort = Effort(limit_s=limit_s, tell=tell, stopped=told.stopped)
        problem = settled(problem, base, free) if free else problem
        found = solve(problem, effort)
        lines: list[str] = []
        if found.roster is None and told.stopped():
            lines = [STOPPED]
        elif found.roster is None:
            told.tell(clock.now(), None, 0.0, "conflict", at_once=True)
            conflict = find_conflict(problem, Effort(limit_s=limit_s, stopped=told.stopped))
            lines = [NONE_IN_TIME]
            if conflict is not None:
                lines = ["\n".join(conflict_words(problem, conflict, each, policy.labels_in(each))) for each in LANGUAGES]
            lines = [STOPPED] if conflict is None and told.stopped() else lines
            found = conflict.partial if conflict is not None else found
    with database.writing() as session:
        version = find_version(session, version_id)
        if found.roster is None:
            version.state = RosterState.STOPPED if lines == [STOPPED] else RosterState.FAILED
        else:
            put_shifts(session, version, problem, found.roster, zone)
            version.state, version.cost, version.bound = RosterState.DRAFT, found.cost, found.bound
        version.told, version.doing, version.changed_at = "\n\n".join(lines), "", clock.now()
        session.commit()
    log.info("roster_made", version=version_id, shifts=len(found.roster or ()), cost=found.cost, bound=found.bound)


def _fail(version: RosterVersion, told: str, now: datetime) -> None:
    version.state, version.told, version.doing, version.changed_at = RosterState.FAILED, told, "", now


class _Told:
    """Writes down how far it is, once a second at most, and looks whether it is to stop. Asked from the solver's threads."""

    def __init__(self, database: Database, version_id: int) -> None:
        self._database, self._version_id = database, version_id
        self._last: datetime | None = None

    def tell(self, now: datetime, cost: float | None, bound: float, doing: str, at_once: bool = False) -> None:
        if not at_once and self._last is not None and (now - self._last).total_seconds() < _EVERY_S:
            return
        self._last = now
        with self._database.writing() as session:
            version = find_version(session, self._version_id)
            version.cost, version.bound, version.doing, version.changed_at = cost, bound, doing[:80], now
            session.commit()

    def stopped(self) -> bool:
        with self._database.reading() as session:
            return find_version(session, self._version_id).stop_asked

    @contextmanager
    def alive(self, clock: SystemClock) -> Iterator[None]:
        """Give a sign of life every few seconds while the block runs: a solver may say nothing for long."""
        over = threading.Event()

        def signs() -> None:
            while not over.wait(_SIGN_EVERY_S):
                with self._database.writing() as session:
                    find_version(session, self._version_id).changed_at = clock.now()
                    session.commit()

        thread = threading.Thread(target=signs, name="roster-alive", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
