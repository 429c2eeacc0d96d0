"""Call-back tasks: somebody left a message, somebody of ours calls them back. One task for a message, one taker for a task."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime, insert_missing
from crm.contact_history import Interaction
from crm.recorded import recorded_index


class TaskState(StrEnum):
    OPEN = "open"
    CALLED = "called"  # the customer's phone is called first, or they wait on the line: no agent speaks with them yet
    TAKEN = "taken"
    DONE = "done"


class CallbackTask(Base):
    """A promise to call back. `agent_id` is who took it; recording and transcript are "" until they are there.

    `transcript_kind` is one of crm.recordings.TranscriptKind. `may_hold_card`: something like a card's number was said in it.

    A promise that keeps a place in line has `next_at`, from when on the customer stands in line for the next try, and the
    `place` as routing wrote it; see crm.callback_tries. Without `next_at` people make the call by hand. `tries` is how often the
    customer was called in vain, `picked_up_at` when their phone was answered in the try that goes on.
    """

    __tablename__ = "callback_tasks"
    __table_args__ = (
        Index("ix_callback_tasks_state_due_at", "state", "due_at"),
        Index("ix_callback_tasks_next_at", "next_at"),
        # Of the few whose recording is still there: what the sweep asks every minute.
        recorded_index("ix_callback_tasks_transcript_kind_id", "recording", "transcript_kind", "id"),
        recorded_index("ix_callback_tasks_state_done_at", "recording", "state", "done_at"),
        recorded_index("ix_callback_tasks_recording", "recording", "recording"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[str] = mapped_column(String(36), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    number: Mapped[str] = mapped_column(String(20), index=True)
    queue: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    recording: Mapped[str] = mapped_column(String(240), default="")
    transcript: Mapped[str] = mapped_column(Text, default="")
    transcript_kind: Mapped[str] = mapped_column(String(8), default="")
    may_hold_card: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8), default=TaskState.OPEN)
    agent_id: Mapped[str] = mapped_column(String(36), default="")
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(Text, default="")
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    picked_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


_TAKEN_BY_HAND = CallbackTask.state == TaskState.TAKEN, CallbackTask.next_at.is_(None)


@dataclass(frozen=True, slots=True)
class CallbackWish:
    """Who wants to be called back, where and about what. `number` is E.164, `recording` a path, "" without a message.

    With a `place`, as routing writes it, they are in line with it from `due_at` on; with "" people call them by hand until then.
    """

    interaction_id: str
    number: str
    queue: str
    language: str
    due_at: datetime
    customer_id: int | None = None
    reason: str = ""
    recording: str = ""
    transcript: str = ""
    place: str = ""


def add_callback_task(session: Session, wish: CallbackWish, now: datetime) -> int:
    """Keep the wish and return the task's id; a second wish of the same interaction is the same task. Does not commit."""
    row = {
        "interaction_id": wish.interaction_id, "customer_id": wish.customer_id, "number": wish.number, "queue": wish.queue,
        "language": wish.language, "reason": wish.reason, "recording": wish.recording, "transcript": wish.transcript,
        "transcript_kind": "", "created_at": now, "due_at": wish.due_at, "state": TaskState.OPEN.value, "agent_id": "",
        "place": wish.place, "next_at": wish.due_at if wish.place else None,
    }  # fmt: skip
    insert_missing(session, CallbackTask, row)
    return session.scalars(select(CallbackTask.id).where(CallbackTask.interaction_id == wish.interaction_id)).one()


def open_tasks(session: Session, queues: list[str] | None = None, limit: int = 50) -> list[CallbackTask]:
    """Calls to be made by hand that nobody has taken, the first due first; of these queues, or of all."""
    wanted = select(CallbackTask).where(CallbackTask.state == TaskState.OPEN, CallbackTask.next_at.is_(None))
    if queues is not None:
        wanted = wanted.where(CallbackTask.queue.in_(queues))
    return list(session.scalars(wanted.order_by(CallbackTask.due_at, CallbackTask.id).limit(limit)))


def open_count(session: Session, queues: list[str] | None = None) -> int:
    """How many calls to be made by hand nobody has taken, of these queues or of all."""
    by_hand = CallbackTask.state == TaskState.OPEN, CallbackTask.next_at.is_(None)
    wanted = select(func.count()).select_from(CallbackTask).where(*by_hand)
    if queues is not None:
        wanted = wanted.where(CallbackTask.queue.in_(queues))
    return session.scalar(wanted) or 0


def tasks_of(session: Session, agent_id: str) -> list[CallbackTask]:
    """What this agent has taken and not done yet, the first due first."""
    taken = select(CallbackTask).where(*_TAKEN_BY_HAND, CallbackTask.agent_id == agent_id)
    return list(session.scalars(taken.order_by(CallbackTask.due_at, CallbackTask.id)))


def taken_tasks(session: Session, limit: int | None = None) -> list[CallbackTask]:
    """What somebody has taken and not done yet, whoever it is, the first due first."""
    taken = select(CallbackTask).where(*_TAKEN_BY_HAND)
    return list(session.scalars(taken.order_by(CallbackTask.due_at, CallbackTask.id).limit(limit)))


def claim_task(session: Session, task_id: int, agent_id: str, now: datetime) -> bool:
    """Take a task, which then keeps no place in line any more; of several who do, one wins. True also for the agent who has it
    already. Does not commit."""
    values = {"state": TaskState.TAKEN, "agent_id": agent_id, "taken_at": now, "next_at": None}
    return _change(session, task_id, TaskState.OPEN, "", values) or _holds(session, task_id, TaskState.TAKEN, agent_id)


def release_task(session: Session, task_id: int, agent_id: str) -> bool:
    """Give a task back that this agent has taken. Does not commit."""
    return _change(session, task_id, TaskState.TAKEN, agent_id, {"state": TaskState.OPEN, "agent_id": "", "taken_at": None})


def give_back_forgotten(session: Session, taken_before: datetime) -> list[tuple[str, str]]:
    """Open again what somebody took before this moment and has not finished: whoever went home with it calls nobody.

    Returns interaction and queue of each. Does not commit.
    """
    forgotten = update(CallbackTask).where(*_TAKEN_BY_HAND, CallbackTask.taken_at < taken_before)
    opened = forgotten.values(state=TaskState.OPEN, agent_id="", taken_at=None)
    return [(row[0], row[1]) for row in session.execute(opened.returning(CallbackTask.interaction_id, CallbackTask.queue))]


def finish_task(session: Session, task_id: int, agent_id: str, now: datetime) -> bool:
    """The customer was called back by the agent who has the task. True also when it was done already. Does not commit."""
    values = {"state": TaskState.DONE, "done_at": now}
    return _change(session, task_id, TaskState.TAKEN, agent_id, values) or _holds(session, task_id, TaskState.DONE, agent_id)


def settle_answered(session: Session, task_id: int, agent_id: str, at: datetime) -> None:
    """This agent has spoken with the caller already, at this moment: nobody calls them back. Does not commit."""
    values = {"state": TaskState.DONE, "agent_id": agent_id, "done_at": at}
    _change(session, task_id, TaskState.OPEN, "", values)


def settle_answered_since(session: Session) -> list[tuple[str, str]]:
    """Settle every open task whose caller spoke with an agent after the promise was made, in the same interaction.

    Returns interaction and queue of each. Does not commit.
    """
    its_call = Interaction.id == CallbackTask.interaction_id
    answered = select(Interaction.id).where(its_call, Interaction.answered_at >= CallbackTask.created_at)
    agent, at = (select(column).where(its_call).scalar_subquery() for column in (Interaction.agent_id, Interaction.answered_at))
    settled = update(CallbackTask).where(CallbackTask.state == TaskState.OPEN, answered.exists())
    told = settled.values(state=TaskState.DONE, agent_id=agent, done_at=at).returning(
        CallbackTask.interaction_id, CallbackTask.queue
    )
    return [(row[0], row[1]) for row in session.execute(told)]


def _change(session: Session, task_id: int, state: TaskState, agent_id: str, values: dict[str, Any]) -> bool:
    changed = update(CallbackTask).where(*_is(task_id, state, agent_id)).values(values).returning(CallbackTask.id)
    return bool(session.scalars(changed).all())


def _holds(session: Session, task_id: int, state: TaskState, agent_id: str) -> bool:
    return session.scalar(select(CallbackTask.id).where(*_is(task_id, state, agent_id))) is not None


def _is(task_id: int, state: TaskState, agent_id: str) -> tuple[ColumnElement[bool], ...]:
    whose = CallbackTask.id == task_id, CallbackTask.state == state, CallbackTask.agent_id == agent_id
    return (*whose, CallbackTask.next_at.is_(None)) if state is TaskState.TAKEN else whose
