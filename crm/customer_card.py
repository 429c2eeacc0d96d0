"""The customer card: everything a screen pop shows of one customer, as plain values, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.orm import Session

from crm import card_statements as statements
from crm.appointments import booked_appointments
from crm.card_parts import CardConsent, CardContact, CardInvoice, CardLine, CardOrder, CardPhone, CardSurvey, CardTicket, CardVisit
from crm.contact_history import Interaction
from crm.customers import Customer
from crm.lookup import standing_for
from crm.orders import OPEN_ORDER_STATUSES, Invoice
from crm.surveys import last_answer
from crm.tickets import is_late

SHOWN_CONTACTS = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """At most so many of each: the newest orders, bills (open ones first) and open tickets."""

    orders: int = 5
    invoices: int = 8
    tickets: int = 8


BESIDE_A_CALL, ALL = Shown(), Shown(1000, 1000, 1000)


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """One customer as a page shows it. Orders and contacts newest first; invoices: open ones first, the oldest due first. `in_all`:
    how many there are of each, shown or not; `order_count` without those that were cancelled."""

    customer_id: int
    external_id: str | None
    name: str
    honorific: str
    language: str | None
    address: str
    city: str
    province: str
    postcode: str
    segment: str
    customer_since: date | None
    phones: tuple[CardPhone, ...]
    emails: tuple[str, ...]
    consents: tuple[CardConsent, ...]
    orders: tuple[CardOrder, ...]
    invoices: tuple[CardInvoice, ...]
    open_tickets: tuple[CardTicket, ...]
    contacts: tuple[CardContact, ...]
    lifetime_value_idr: int
    order_count: int
    open_invoices_idr: int
    survey: CardSurvey | None = None
    visits: tuple[CardVisit, ...] = ()
    named_agent: str = ""
    in_all: Shown = Shown(0, 0, 0)

    @property
    def spoken_name(self) -> str:
        """The name with its honorific, as people address the customer: "Ibu Sari Lestari"."""
        return f"{self.honorific} {self.name}".strip()


def customer_card(
    session: Session, customer_id: int, now: datetime, time_zone: str = "Asia/Jakarta", shown: Shown = BESIDE_A_CALL
) -> CustomerCard | None:  # fmt: skip
    """The card of one customer as of `now` (aware), or of who stands for them by now; None when there is no such customer.

    Twelve queries at most, however much the customer has; every one is served by an index on the customer.
    """
    customer = standing_for(session, session.get(Customer, customer_id))
    if customer is None:
        return None
    customer_id = customer.id
    value_idr, order_count = _lifetime(session, customer_id)
    today = now.astimezone(ZoneInfo(time_zone)).date()
    orders, orders_in_all = _orders(session, customer_id, shown.orders)
    invoices, open_idr, invoices_in_all = _invoices(session, customer_id, today, shown.invoices)
    tickets, tickets_in_all = _open_tickets(session, customer_id, now, shown.tickets)
    return CustomerCard(
        customer_id=customer.id,
        external_id=customer.external_id,
        name=customer.name,
        honorific=customer.honorific,
        language=customer.language,
        address=customer.address,
        city=customer.city,
        province=customer.province,
        postcode=customer.postcode,
        segment=customer.segment,
        named_agent=customer.named_agent,
        customer_since=customer.customer_since,
        phones=_phones(session, customer_id),
        emails=_emails(session, customer_id),
        consents=_consents(session, customer_id),
        orders=orders,
        invoices=invoices,
        open_tickets=tickets,
        contacts=_contacts(session, customer_id),
        lifetime_value_idr=value_idr,
        order_count=order_count,
        open_invoices_idr=open_idr,
        survey=_survey(session, customer_id),
        visits=_visits(session, customer_id, today),
        in_all=Shown(orders_in_all, invoices_in_all, tickets_in_all),
    )


def _lifetime(session: Session, customer_id: int) -> tuple[int, int]:
    total, count = session.execute(statements.LIFETIME, {"customer": customer_id}).one()
    return int(total), count


def _phones(session: Session, customer_id: int) -> tuple[CardPhone, ...]:
    return tuple(CardPhone(*row) for row in session.execute(statements.PHONES, {"customer": customer_id}))


def _emails(session: Session, customer_id: int) -> tuple[str, ...]:
    return tuple(session.scalars(statements.EMAILS, {"customer": customer_id}))


def _consents(session: Session, customer_id: int) -> tuple[CardConsent, ...]:
    return tuple(CardConsent(*row) for row in session.execute(statements.CONSENTS, {"customer": customer_id}))


def _orders(session: Session, customer_id: int, most: int) -> tuple[tuple[CardOrder, ...], int]:
    """The newest, and how many there are."""
    rows = session.execute(statements.ORDERS, {"customer": customer_id, "most": most}).all()
    orders = [row[0] for row in rows]
    lines: dict[int, list[CardLine]] = defaultdict(list)
    for row in session.execute(statements.LINES, {"ids": [order.id for order in orders]}):
        lines[row[0]].append(CardLine(*row[1:]))
    shown = tuple(
        CardOrder(
            order.id, order.number, order.status, order.status in OPEN_ORDER_STATUSES, order.placed_at, order.promised_on,
            order.delivered_at, order.courier, order.tracking_number, order.total_idr, tuple(lines[order.id]),
        )
        for order in orders
    )  # fmt: skip
    return shown, int(rows[0][1]) if rows else 0


def _invoices(session: Session, customer_id: int, today: date, most: int) -> tuple[tuple[CardInvoice, ...], int, int]:
    """Those to be shown, what is open in all, and how many there are."""
    rows = session.execute(statements.INVOICES, {"customer": customer_id, "most": most}).all()
    open_idr, in_all = (int(rows[0][1]), int(rows[0][2])) if rows else (0, 0)
    return tuple(_card_invoice(row[0], today) for row in rows), open_idr, in_all


def _card_invoice(invoice: Invoice, today: date) -> CardInvoice:
    overdue = invoice.open_idr > 0 and invoice.due_on < today
    return CardInvoice(
        invoice_id=invoice.id,
        number=invoice.number,
        order_id=invoice.order_id,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        amount_idr=invoice.amount_idr,
        open_idr=invoice.open_idr,
        overdue=overdue,
    )


def _open_tickets(session: Session, customer_id: int, now: datetime, most: int) -> tuple[tuple[CardTicket, ...], int]:
    """The most urgent, and how many are open."""
    rows = session.execute(statements.OPEN_TICKETS, {"customer": customer_id, "most": most}).all()
    tickets = tuple(
        CardTicket(
            ticket.id, ticket.number, ticket.subject, ticket.category, ticket.priority, ticket.status, ticket.opened_at,
            ticket.due_at, is_late(ticket, now),
        )
        for ticket, _in_all in rows
    )  # fmt: skip
    return tickets, int(rows[0][1]) if rows else 0


def _visits(session: Session, customer_id: int, today: date) -> tuple[CardVisit, ...]:
    return tuple(
        CardVisit(visit.id, visit.purpose, visit.when.day, visit.when.from_hour, visit.when.to_hour)
        for visit in booked_appointments(session, customer_id, today)
    )


def _contacts(session: Session, customer_id: int) -> tuple[CardContact, ...]:
    interactions = list(session.scalars(statements.CONTACTS, {"customer": customer_id, "most": SHOWN_CONTACTS}))
    given: dict[str, Row[str, str, str]] = {}
    for row in session.execute(statements.DISPOSITIONS, {"ids": [interaction.id for interaction in interactions]}):
        given[row.interaction_id] = row
    return tuple(_card_contact(interaction, given.get(interaction.id)) for interaction in interactions)


def _survey(session: Session, customer_id: int) -> CardSurvey | None:
    answer = last_answer(session, customer_id)
    if answer is None or answer.score is None:
        return None
    return CardSurvey(
        answer.id, answer.score, answer.transcript, answer.transcript_kind, bool(answer.comment_recording),
        answer.may_hold_card,
        answer.answered_at or answer.asked_at,
    )  # fmt: skip


def _card_contact(interaction: Interaction, disposition: Row[str, str, str] | None) -> CardContact:
    return CardContact(
        interaction_id=interaction.id,
        at=interaction.started_at,
        ended_at=interaction.ended_at,
        medium=interaction.medium,
        queue=interaction.queue,
        reason=interaction.reason,
        outcome=interaction.outcome,
        agent_id=interaction.agent_id,
        disposition_code=disposition.code if disposition else "",
        note=disposition.note if disposition else "",
    )
