"""Promised calls that keep a place in line: which are due, who calls now, and what came of it. Nothing here commits.

The live state says which agent has a call in hand; the task is what outlives it. It is OPEN until an agent is about to call,
TAKEN while the call goes on, and OPEN again for the next try, or DONE. A customer whose phone is called before the agent's
is CALLED until an agent has answered; `picked_up_at` then says since when they wait on the line.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, update
from sqlalchemy.orm import Session

from crm.callback_tasks import CallbackTask, TaskState
from crm.contact_history import Interaction

_KEPT = CallbackTask.next_at.is_not(None), CallbackTask.state.in_((TaskState.OPEN, TaskState.CALLED, TaskState.TAKEN))
_GOES_ON = CallbackTask.state.in_((TaskState.CALLED, TaskState.TAKEN))


def kept_tasks(session: Session, queues: list[str] | None = None) -> list[CallbackTask]:
    """All that keep a place and are not over, the next one first; of these queues, or of all."""
    wanted = select(CallbackTask).where(*_KEPT)
    if queues is not None:
        wanted = wanted.where(CallbackTask.queue.in_(queues))
    return list(session.scalars(wanted.order_by(CallbackTask.next_at, CallbackTask.id)))


def take_for_call(
    session: Session, task_id: int, agent_id: str, now: datetime, state: TaskState = TaskState.TAKEN
) -> CallbackTask | None:
    """This agent is about to call, or for this agent the customer is (CALLED); None when the promise is over or keeps no place any
    more. Agents never compete here: the place in the live state was given to one of them."""
    values = {"state": state, "agent_id": agent_id, "taken_at": now, "picked_up_at": None}
    return _change(session, task_id, values, CallbackTask.next_at <= now)


def give_back(session: Session, task_id: int) -> None:
    """Nobody was called after all: the same try is still to be made."""
    values = {"state": TaskState.OPEN, "agent_id": "", "taken_at": None}
    _change(session, task_id, values, _GOES_ON)


def put_off(session: Session, task_id: int, next_at: datetime) -> None:
    """Not before then."""
    _change(session, task_id, {"state": TaskState.OPEN, "agent_id": "", "taken_at": None, "next_at": next_at})


def keep_picked_up(session: Session, task_id: int, at: datetime) -> None:
    """The customer's phone was answered, by whomever."""
    _change(session, task_id, {"picked_up_at": at}, _GOES_ON)


def keep_missed(
    session: Session, task_id: int, next_at: datetime | None, now: datetime, even_if_picked_up: bool
) -> CallbackTask | None:
    """The try was in vain; the next is at `next_at`, None: there is none. None when no try goes on."""
    values: dict[str, Any] = {"tries": CallbackTask.tries + 1, "next_at": next_at, "picked_up_at": None}
    values |= {"state": TaskState.OPEN, "agent_id": "", "taken_at": None} if next_at else {"state": TaskState.DONE, "done_at": now}
    unanswered = () if even_if_picked_up else (CallbackTask.picked_up_at.is_(None),)
    return _change(session, task_id, values, _GOES_ON, *unanswered)


def keep_reached(session: Session, task_id: int, agent_id: str, now: datetime) -> CallbackTask | None:
    """This agent has spoken with the customer. None when the promise was over already."""
    return _change(session, task_id, {"state": TaskState.DONE, "agent_id": agent_id, "done_at": now})


def call_later(session: Session, task_id: int, agent_id: str, at: datetime, place: str) -> bool:
    """A call that was to be made by hand, by anybody or by this agent, is made by the line at this moment, with this place."""
    by_hand = CallbackTask.id == task_id, CallbackTask.next_at.is_(None)
    own = and_(CallbackTask.state == TaskState.TAKEN, CallbackTask.agent_id == agent_id)
    whose = or_(CallbackTask.state == TaskState.OPEN, own)
    values = {"state": TaskState.OPEN, "agent_id": "", "taken_at": None, "due_at": at, "next_at": at, "place": place}
    changed = update(CallbackTask).where(*by_hand, whose).values(values).returning(CallbackTask.id)
    return session.scalar(changed) is not None


def take_over(session: Session, number: str, customer_id: int | None, now: datetime) -> list[CallbackTask]:
    """The customer, or this number ("" when withheld), has called again and waits on the line: they are not called back any
    more, unless they are being called just now by an agent, or are on the line already, or are to be called at a later time only.
    Returns the promises that are over."""
    theirs = _theirs(CallbackTask.number, CallbackTask.customer_id, number, customer_id)
    rings = and_(CallbackTask.state == TaskState.CALLED, CallbackTask.picked_up_at.is_(None))
    free = or_(CallbackTask.state == TaskState.OPEN, rings)
    waits = (*_KEPT, free, CallbackTask.due_at <= now, or_(false(), *theirs))
    if session.scalar(select(CallbackTask.id).where(*waits).limit(1)) is None:
        return []  # nearly always: nothing is locked for it
    closed = update(CallbackTask).where(*waits)
    done = closed.values(state=TaskState.DONE, done_at=now).returning(CallbackTask)
    return list(session.scalars(done))


def was_answered(session: Session, task: CallbackTask) -> bool:
    """Whether an agent has spoken with the customer who was called first, in this try."""
    answered = Interaction.id == task.interaction_id, Interaction.answered_at >= task.taken_at
    return bool(session.scalar(select(exists().where(*answered))))


def spoke_meanwhile(session: Session, task: CallbackTask) -> bool:
    """Whether the customer, or this number, has had an agent since they were to be called: they called, or were, for another
    promise."""
    called = _theirs(Interaction.ani, Interaction.customer_id, task.number, task.customer_id)
    answered = Interaction.answered_at >= task.due_at, Interaction.id != task.interaction_id
    were = _theirs(CallbackTask.number, CallbackTask.customer_id, task.number, task.customer_id)
    reached = CallbackTask.picked_up_at.is_not(None), CallbackTask.done_at >= task.due_at, CallbackTask.id != task.id
    found = or_(exists().where(or_(false(), *called), *answered), exists().where(or_(false(), *were), *reached))
    return bool(session.scalar(select(found)))


def _theirs(number_column: Any, customer_column: Any, number: str, customer_id: int | None) -> list[ColumnElement[bool]]:
    by_number = [number_column == number] if number else []
    return by_number + ([customer_column == customer_id] if customer_id is not None else [])


def _change(session: Session, task_id: int, values: dict[str, Any], *holds: ColumnElement[bool]) -> CallbackTask | None:
    changed = update(CallbackTask).where(CallbackTask.id == task_id, *_KEPT, *holds).values(values).returning(CallbackTask)
    return session.scalars(changed, execution_options={"populate_existing": True}).one_or_none()
