"""Tickets: what became of one, and a new one."""

from crm.ticket_category import BY_CALLERS, TicketSubject
from crm.tickets import TicketStatus as Status
from ivr.desk import TicketFacts
from ivr.identity import proved_customer
from ivr.line import Prompt
from ivr.reasons import Reason, reason_text
from ivr.services.service import AFTER_ANSWER, Step, tell_and_go_on
from ivr.telling import Answer
from ivr.visit import GENERAL_QUEUE, Visit
from ivr.wording import Wording

AFTER, SUBJECT = "after_ticket", "ticket_subject"
_QUEUES = {TicketSubject.PRODUCT: "technical", TicketSubject.VISIT: "technical", TicketSubject.BILLING: "billing"}


class TicketStatus:
    """Where the newest tickets stand, and by when they are promised."""

    name = "ticket_status"
    menus = {AFTER: AFTER_ANSWER}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Step:
        visit.begin(GENERAL_QUEUE, reason_text(Reason.TICKET))
        customer_id = proved_customer(visit)
        tickets = visit.look_up("tickets", lambda desk: desk.tickets(customer_id))
        if tickets:
            visit.queue = queue_for(tickets[0].category)
        reason = reason_text(Reason.TICKET, tickets[0].number if tickets else "")
        return tell_and_go_on(visit, Answer(reason, lambda words: tickets_answer(tickets, words)), AFTER)


class OpenTicket:
    """A new ticket about one of a few things; its number and day are said."""

    name = "open_ticket"
    menus = {SUBJECT: BY_CALLERS, AFTER: AFTER_ANSWER}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Step:
        visit.begin(GENERAL_QUEUE, reason_text(Reason.OPEN_TICKET))
        customer_id = proved_customer(visit)
        subject = TicketSubject(visit.ask(SUBJECT))
        visit.queue = queue_for(subject)
        interaction_id = visit.line.call.interaction_id
        ticket = visit.look_up(
            "open_ticket", lambda desk: desk.open_ticket(customer_id, subject, visit.language, visit.now, interaction_id)
        )
        answer = Answer(reason_text(Reason.OPEN_TICKET, ticket.number), lambda words: opened_answer(ticket, words))
        return tell_and_go_on(visit, answer, AFTER)


def queue_for(category: str) -> str:
    """Who settles tickets of this category."""
    return next((queue for subject, queue in _QUEUES.items() if subject == category), GENERAL_QUEUE)


def tickets_answer(tickets: tuple[TicketFacts, ...], words: Wording) -> list[Prompt]:
    """Each ticket: its number, how it stands, and its day; the newest first."""
    if not tickets:
        return [Prompt("ticket_none", words.language)]
    return [sentence for ticket in tickets for sentence in _ticket(ticket, words)]


def opened_answer(ticket: TicketFacts, words: Wording) -> list[Prompt]:
    """The number of a ticket that was just opened, and by when it is promised."""
    return [Prompt("ticket_opened", words.language, {"number": words.digits(ticket.number)}), *_due(ticket, words)]


def _ticket(ticket: TicketFacts, words: Wording) -> list[Prompt]:
    number = {"number": words.digits(ticket.number)}
    if ticket.status == Status.SOLVED:
        if ticket.solved_at is None:
            return [Prompt("ticket_solved", words.language, number)]
        day = words.on_day(ticket.solved_at.astimezone(words.now.tzinfo).date())
        return [Prompt("ticket_solved_on", words.language, {**number, "day": day})]
    about = ticket.category if ticket.category in BY_CALLERS else TicketSubject.OTHER.value
    key = "ticket_pending" if ticket.status == Status.PENDING else "ticket_open"
    return [Prompt(f"{key}_{about}", words.language, number), *_due(ticket, words)]


def _due(ticket: TicketFacts, words: Wording) -> list[Prompt]:
    if ticket.due_at is None:
        return []
    day = ticket.due_at.astimezone(words.now.tzinfo).date()
    key = "ticket_late" if day < words.now.date() else "ticket_due"
    return [Prompt(key, words.language, {"day": words.on_day(day)})]
