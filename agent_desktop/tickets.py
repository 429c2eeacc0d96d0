"""Tickets: the lists of them, and each on a page of its own."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import Role, User
from agent_desktop.code_words import PRIORITIES
from agent_desktop.languages import language_here
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.ticket_history_words import ToldChange, told_changes
from crm.contact_history import Interaction
from crm.ticket_category import TicketSubject
from crm.ticket_changes import find_ticket
from crm.ticket_history import TicketInteraction, TicketNote, changes_of, interactions_of, notes_of
from crm.ticket_list import TicketQuery, TicketView, count_tickets, find_tickets
from crm.ticket_states import TicketStatus, legal_acts
from crm.tickets import Ticket, is_late
from routing.agents import load_profiles

blueprint = Blueprint("tickets", __name__, url_prefix="/tickets")
ROLES = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN)
_LONGEST_SEARCH = 80
_MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class ListedTicket:
    """One row of the list."""

    ticket: Ticket
    customer: str
    late: bool
    owner: str
    team: str


@dataclass(frozen=True, slots=True)
class WholeTicket:
    """Everything that the page of a ticket shows. `owner` and `team` in words, "" for nobody; `people` and `teams` to whom it can
    be handed over, by id."""

    ticket: Ticket
    customer: str
    phones: tuple[str, ...]
    late: bool
    owner: str
    team: str
    acts: frozenset[str]
    notes: list[TicketNote]
    changes: list[ToldChange]
    interactions: list[tuple[TicketInteraction, Interaction | None]]
    people: dict[str, str]
    teams: dict[str, str]


@blueprint.get("")
@needs_role(*ROLES)
def page() -> ResponseReturnValue:
    """`view` with the filters `status`, `category`, `priority`, `team`, the search `q` and the place `after`."""
    here, user, now = services(), user_here(), services().clock.now()
    query = _query(user)
    with here.database.reading() as session:
        found = find_tickets(session, query, now)
        names, teams = people_by_id(session), teams_by_name()
        counts = {
            view: count_tickets(session, TicketQuery(view, query.agent_id), now, _MOST_COUNTED)
            for view in TicketView if view is not TicketView.ALL
        }  # fmt: skip
        rows = [
            ListedTicket(
                each, customer_name(each), is_late(each, now), names.get(each.owner, each.owner), teams.get(each.team, each.team)
            )
            for each in found.tickets
        ]
    return render_template(
        "tickets/list.html", rows=rows, query=query, views=_views(user), counts=counts, teams=teams, most=_MOST_COUNTED,
        categories=[each.value for each in TicketSubject], statuses=[each.value for each in TicketStatus], priorities=PRIORITIES,
        next_page=_next_page(query, found.next) if found.next else "",
    )  # fmt: skip


@blueprint.get("/<number>")
@needs_role(*ROLES)
def ticket(number: str) -> ResponseReturnValue:
    return ticket_page(number)


def ticket_page(number: str, typed: str = "", moved: bool = False) -> str:
    """The page; `typed` is a note that was not saved, because the ticket was `moved` meanwhile."""
    with services().database.reading() as session:
        whole = gather(session, number, services().clock.now())
    return render_template(
        "tickets/ticket.html", whole=whole, ticket=whole.ticket, typed=typed, moved=moved, may_take=bool(user_here().agent_id),
        mine=whole.ticket.owner != "" and whole.ticket.owner == user_here().agent_id, priorities=PRIORITIES,
        categories=[each.value for each in TicketSubject],
    )  # fmt: skip


def gather(session: Session, number: str, now: datetime) -> WholeTicket:
    """All of a ticket. Raises NotFound."""
    found = find_ticket(session, number)
    names, teams = people_by_id(session), teams_by_name()
    return WholeTicket(
        found, customer_name(found), tuple(phone.e164 for phone in found.customer.phones), is_late(found, now),
        names.get(found.owner, found.owner), teams.get(found.team, found.team),
        frozenset(act.value for act in legal_acts(TicketStatus(found.status))), notes_of(session, found.id),
        told_changes(changes_of(session, found.id), names, teams), interactions_of(session, found.id), names, teams,
    )  # fmt: skip


def customer_name(ticket: Ticket) -> str:
    """Whose ticket it is, as they are addressed."""
    return f"{ticket.customer.honorific} {ticket.customer.name}".strip()


def people_by_id(session: Session) -> dict[str, str]:
    """Every agent's name by their id, in order of the names."""
    found = load_profiles(session)
    return dict(sorted(((key, profile.name) for key, profile in found.items()), key=lambda one: one[1].casefold()))


def teams_by_name() -> dict[str, str]:
    """The queues, which are our teams, by name, with their labels."""
    return {queue.name: queue.label_in(language_here()) for queue in services().policy().queues}


def _views(user: User) -> list[TicketView]:
    return [view for view in TicketView if view is not TicketView.MINE or user.agent_id]


def _query(user: User) -> TicketQuery:
    """What is looked for; a filter that there is not counts as none."""
    asked, views = request.args, _views(user)
    view = next((view for view in views if view == asked.get("view")), views[0])
    priority = asked.get("priority", "")
    return TicketQuery(
        view, user.agent_id or "",
        status=_one_of(asked.get("status"), list(TicketStatus)), category=_one_of(asked.get("category"), list(TicketSubject)),
        priority=int(priority) if priority in ("1", "2", "3", "4") else 0, team=_one_of(asked.get("team"), list(teams_by_name())),
        text=" ".join(asked.get("q", "")[:_LONGEST_SEARCH].replace("\x00", "").split()), after=asked.get("after", "")[:80],
    )  # fmt: skip


def _next_page(query: TicketQuery, after: str) -> str:
    """The address of the page that goes on there, with the same filters."""
    asked = {
        "view": query.view.value, "status": query.status, "category": query.category, "team": query.team, "q": query.text,
        "priority": str(query.priority or ""), "after": after,
    }  # fmt: skip
    return f"{url_for('tickets.page')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _one_of(text: str | None, known: list[str]) -> str:
    return next((str(one) for one in known if one == text), "")
