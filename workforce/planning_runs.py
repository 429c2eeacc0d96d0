"""Forecasts and searches that people asked for: how far each is, and what came of it. Two at once do not meet."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import BadInput, HaloError, NotFound
from workforce.planning_tables import PlanningResult, PlanningRun

KEPT = 60
SILENT_FOR = timedelta(seconds=120)
LONGEST_NAME = 80


class Kind(StrEnum):
    """What is worked on."""

    FORECAST = "forecast"
    SEARCH = "search"
    WHAT_IF = "what_if"


class State(StrEnum):
    """How far a run is. LOST: the worker gave no sign for two minutes; it is only told, never kept."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


class Cancelled(HaloError):
    """Somebody has cancelled this run."""

    code = "run_cancelled"


def place(session: Session, kind: Kind, name: str, asked: Mapping[str, Any], by: str, at: datetime) -> PlanningRun:
    """Write down what is asked for, under the next version of this name. The caller commits. Raises BadInput for the name."""
    cleaned = name.strip()
    if not 1 <= len(cleaned) <= LONGEST_NAME:
        raise BadInput("A forecast has a name of 1 to 80 characters.", "Give it a name.")
    newest = session.scalar(select(func.max(PlanningRun.version)).where(PlanningRun.kind == kind, PlanningRun.name == cleaned))
    run = PlanningRun(
        kind=kind, name=cleaned, version=(newest or 0) + 1, asked=dict(asked), state=State.WAITING, done=0, of=0, doing="",
        queue="", problem={}, by=by[:80], at=at, told_at=at, ended_at=None,
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


def replace_older(session: Session, kind: Kind, name: str, at: datetime) -> None:
    """Whoever asks again under the same name wants no answer to what they asked before. The caller commits."""
    unended = PlanningRun.state.in_((State.WAITING, State.WORKING))
    older = update(PlanningRun).where(PlanningRun.kind == kind, PlanningRun.name == name.strip(), unended)
    session.execute(older.values(state=State.CANCELLED, ended_at=at))


def find(session: Session, run_id: int, kind: Kind) -> PlanningRun:
    """Raises NotFound."""
    run = session.get(PlanningRun, run_id)
    if run is None or run.kind != kind:
        raise NotFound(f"There is no {kind} {run_id}.", "Choose another, or compute one.")
    return run


def newest(session: Session, kind: Kind, most: int = KEPT) -> list[PlanningRun]:
    """The newest first."""
    asked = select(PlanningRun).where(PlanningRun.kind == kind).order_by(PlanningRun.id.desc()).limit(most)
    return list(session.scalars(asked))


def state_of(run: PlanningRun, now: datetime) -> State:
    """With LOST, where a worker has begun and gives no sign any more."""
    lost = run.state == State.WORKING and now - run.told_at > SILENT_FOR
    return State.LOST if lost else State(run.state)


def results(session: Session, run_id: int, queues: Sequence[str] = ()) -> dict[str, str]:
    """What came of it, by queue; all of them unless some are named."""
    asked = select(PlanningResult.queue, PlanningResult.content).where(PlanningResult.run_id == run_id)
    if queues:
        asked = asked.where(PlanningResult.queue.in_(queues))
    return {each.queue: each.content for each in session.execute(asked)}


def queues_of(session: Session, run_id: int) -> list[str]:
    """The queues that it has something of."""
    return list(session.scalars(select(PlanningResult.queue).where(PlanningResult.run_id == run_id)))


def cancel(session: Session, run_id: int, at: datetime) -> bool:
    """Stop it where it waits or is worked on; whether it did. The worker sees that at its next step. The caller commits."""
    stopped = session.execute(
        update(PlanningRun)
        .where(PlanningRun.id == run_id, PlanningRun.state.in_((State.WAITING, State.WORKING)))
        .values(state=State.CANCELLED, ended_at=at)
        .returning(PlanningRun.id)
    )
    return stopped.first() is not None


def fail(session: Session, run_id: int, problem: Mapping[str, Any], at: datetime) -> None:
    """It ended with this problem, unless it has ended already. The caller commits."""
    unended = PlanningRun.state.in_((State.WAITING, State.WORKING))
    failed = update(PlanningRun).where(PlanningRun.id == run_id, unended)
    session.execute(failed.values(state=State.FAILED, problem=dict(problem), ended_at=at, told_at=at))


def begin_again(session: Session, run_id: int) -> None:
    """What is worked on waits again; whoever works on it stops at its next step. The caller commits."""
    working = update(PlanningRun).where(PlanningRun.id == run_id, PlanningRun.state == State.WORKING)
    session.execute(working.values(state=State.WAITING, done=0, doing="", queue=""))


class Progress:
    """Tells how far a run is, twice a second at most. Raises Cancelled where nobody wants it any more."""

    def __init__(self, database: Database, run_id: int) -> None:
        self._database, self._run_id = database, run_id
        self._told_at: datetime | None = None

    def begin(self, now: datetime) -> bool:
        """Take it; False where another worker has, or nobody wants it."""
        return self._change((State.WAITING,), state=State.WORKING, told_at=now)

    def tell(self, now: datetime, done: int, of: int, doing: str, queue: str = "", at_once: bool = False) -> None:
        """So many parts are done."""
        if not at_once and self._told_at is not None and now - self._told_at < timedelta(seconds=0.5):
            return
        self._told_at = now
        if not self._change((State.WORKING,), done=done, of=of, doing=doing, queue=queue, told_at=now):
            raise Cancelled("It was cancelled.", "Compute it again.")

    def end(self, now: datetime, state: State, contents: Mapping[str, str], problem: Mapping[str, Any]) -> None:
        """Keep what came of it, in one piece; of a run that was cancelled nothing. Only the newest 60 of a kind stay."""
        with self._database.writing() as session:
            run = session.get(PlanningRun, self._run_id)
            if run is None or run.state != State.WORKING:
                return
            run.state, run.problem, run.ended_at, run.told_at = state, dict(problem), now, now
            run.done = run.of if state is State.DONE else run.done
            session.add_all(PlanningResult(run_id=run.id, queue=queue, content=content) for queue, content in contents.items())
            old = select(PlanningRun.id).where(PlanningRun.kind == run.kind).order_by(PlanningRun.id.desc()).offset(KEPT)
            session.execute(delete(PlanningRun).where(PlanningRun.id.in_(list(session.scalars(old)))))
            session.commit()

    def _change(self, states: Sequence[State], **values: Any) -> bool:
        with self._database.writing() as session:
            changed = session.execute(
                update(PlanningRun)
                .where(PlanningRun.id == self._run_id, PlanningRun.state.in_(states))
                .values(**values)
                .returning(PlanningRun.id)
            ).first()
            session.commit()
        return changed is not None
