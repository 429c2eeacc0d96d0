"""Which tickets there are: views, filters and search, page by page without counting what went before."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager

from core.errors import BadInput
from crm.customers import Customer
from crm.ticket_states import TicketStatus
from crm.tickets import Ticket

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class TicketView(StrEnum):
    MINE = "mine"
    UNOWNED = "unowned"
    OVERDUE = "overdue"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """What is looked for. `agent_id` whose are "mine"; the filters "" or 0 for all; `text` in number, subject and name."""

    view: TicketView
    agent_id: str = ""
    status: str = ""
    category: str = ""
    priority: int = 0
    team: str = ""
    text: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Tickets, each with its customer loaded, and from where the next page goes on ("" when this is the last)."""

    tickets: tuple[Ticket, ...]
    next: str


def find_tickets(session: Session, query: TicketQuery, now: datetime, most: int = 50) -> TicketPage:
    """A page of them: all come the newest first, every other view what is due first. Raises BadInput for no place to go on."""
    newest_first = query.view is TicketView.ALL
    place = Ticket.opened_at if newest_first else func.coalesce(Ticket.due_at, _NEVER, type_=Ticket.due_at.type)
    found = _matching(query, now)
    if query.after:
        at, ticket_id = _read_place(query.after)
        key = tuple_(place, Ticket.id)
        found = found.where(key < tuple_(at, ticket_id) if newest_first else key > tuple_(at, ticket_id))
    order = (place.desc(), Ticket.id.desc()) if newest_first else (place, Ticket.id)
    tickets = list(session.scalars(found.order_by(*order).limit(most + 1)))
    shown, rest = tickets[:most], tickets[most:]
    return TicketPage(tuple(shown), _write_place(shown[-1], newest_first) if rest else "")


def count_tickets(session: Session, query: TicketQuery, now: datetime, most: int = 100) -> int:
    """How many there are, at most `most`."""
    return session.scalar(select(func.count()).select_from(_matching(query, now).limit(most).subquery())) or 0


def late(now: datetime) -> ColumnElement[bool]:
    """Tickets that crm.tickets.is_late is true of."""
    stands_at = func.coalesce(Ticket.waiting_since, now, type_=Ticket.due_at.type)
    waits = and_(Ticket.status == TicketStatus.PENDING, Ticket.due_at < stands_at)
    return or_(and_(Ticket.status == TicketStatus.OPEN, Ticket.due_at < now), waits)


def _matching(query: TicketQuery, now: datetime) -> Select[Ticket]:
    found = select(Ticket).join(Ticket.customer).options(contains_eager(Ticket.customer))
    unsolved = Ticket.status != TicketStatus.SOLVED
    match query.view:
        case TicketView.MINE:
            found = found.where(Ticket.owner == query.agent_id, unsolved)
        case TicketView.UNOWNED:
            found = found.where(Ticket.owner == "", unsolved)
        case TicketView.OVERDUE:
            found = found.where(late(now))
    filters = {"status": query.status, "category": query.category, "priority": query.priority, "team": query.team}
    for name, wanted in filters.items():
        if wanted:
            found = found.where(getattr(Ticket, name) == wanted)
    if query.text:
        some = "%" + query.text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (Ticket.number, Ticket.subject, Customer.name)
        found = found.where(or_(*(func.lower(column).like(some, escape="\\") for column in columns)))
    return found


def _write_place(ticket: Ticket, newest_first: bool) -> str:
    at = ticket.opened_at if newest_first else ticket.due_at or _NEVER
    return f"{at.astimezone(UTC).isoformat()}_{ticket.id}"


def _read_place(text: str) -> tuple[datetime, int]:
    moment, _line, number = text.partition("_")
    try:
        at, ticket_id = datetime.fromisoformat(moment), int(number)
        if at.tzinfo is None or not (_EARLIEST <= at <= _NEVER and 0 <= ticket_id < 2**31):
            raise ValueError
    except ValueError:
        raise BadInput("That is no place in the list.", "Open the list again.") from None
    return at, ticket_id
