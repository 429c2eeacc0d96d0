"""What an agent has promised: follow-ups and calls that they took, in one list; and what of it is due now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from agent_desktop.accounts import User
from agent_desktop.services import services
from core.events import Event, EventKind
from crm.callback_tasks import tasks_of
from crm.customers import Customer
from crm.follow_ups import FollowUp, done_since, due_follow_ups, follow_ups_of

_SHOWN_DONE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise. `task_id` is set for a promised call, which is handled on the page of promised calls."""

    id: int
    text: str
    who: str
    phone: str
    due_at: datetime
    late: bool
    ticket: str = ""
    reason: str = ""
    task_id: int = 0
    customer_id: int = 0


@dataclass(frozen=True, slots=True)
class PromiseList:
    """What is still to be kept, the first due first; and what was done lately, the last first."""

    open: list[Promised]
    done: list[Promised]


def promise_list(session: Session, agent_id: str, now: datetime) -> PromiseList:
    """Everything that this agent has promised."""
    promised = [_follow_up(each, now) for each in follow_ups_of(session, agent_id)]
    calls = []
    for task in tasks_of(session, agent_id):
        customer = session.get(Customer, task.customer_id) if task.customer_id else None
        calls.append(
            Promised(
                task.id,
                "",
                _name(customer),
                task.number,
                task.due_at,
                task.due_at < now,
                "",
                task.reason,
                task_id=task.id,
                customer_id=task.customer_id or 0,
            )
        )
    done = [_follow_up(each, now) for each in done_since(session, agent_id, now - _SHOWN_DONE)]
    return PromiseList(sorted([*promised, *calls], key=lambda one: (one.due_at, one.task_id, one.id)), done)


def is_about_follow_ups(event: Event) -> bool:
    """Whether the agent of this event has other follow-ups due than before."""
    return event.kind is EventKind.FOLLOW_UP_CHANGED


def reminder(user: User) -> dict[str, object]:
    """What the desk is pushed: how many follow-ups are due, and the first of them."""
    due = _due(user)
    return {"due": len(due), "first": due[0].text if due else ""}


def follow_ups_due(user: User | None) -> int:
    """How many are due, for the rail; 0 where nobody knows, because a page that says what is wrong must not fail itself."""
    try:
        return len(_due(user)) if user else 0
    except SQLAlchemyError:
        return 0


def _due(user: User) -> list[FollowUp]:
    here = services()
    if not user.agent_id:
        return []
    with here.database.reading() as session:
        return due_follow_ups(session, user.agent_id, here.clock.now())


def _follow_up(each: FollowUp, now: datetime) -> Promised:
    customer = each.customer or (each.ticket.customer if each.ticket else None)
    phone = customer.phones[0].e164 if customer and customer.phones else ""
    return Promised(
        each.id,
        each.text,
        _name(customer),
        phone,
        each.due_at,
        each.due_at <= now,
        each.ticket.number if each.ticket else "",
        customer_id=customer.id if customer else 0,
    )


def _name(customer: Customer | None) -> str:
    return f"{customer.honorific} {customer.name}".strip() if customer else ""
