"""What was agreed with a customer: tickets and appointments."""

from datetime import datetime

from crm.appointments import (
    Appointment,
    Arranged,
    VisitPurpose,
    book_appointment,
    booked_appointments,
    cancel_appointment,
    move_appointment,
    visit_windows,
)
from crm.lookup import current_id
from crm.ticket_news import ticket_opened
from crm.tickets import Ticket, TicketSubject, TicketWish, newest_ticket, open_tickets, open_wished, usual_subject
from crm.time_windows import Window
from ivr.callback_news import tell_pages
from ivr.database_desk.records import Records
from ivr.desk.appointments import AppointmentAnswer, AppointmentFacts
from ivr.desk.tickets import TicketFacts


class DatabaseAgreements(Records):
    """See ivr.desk.tickets, ivr.desk.appointments."""

    def tickets(self, customer_id: int, most: int = 3) -> tuple[TicketFacts, ...]:
        with self._reading() as session:
            customer_id = current_id(session, customer_id)
            newest = newest_ticket(session, customer_id)
            found = open_tickets(session, customer_id, most) or ([newest] if newest else [])
        return tuple(_ticket_facts(ticket) for ticket in found)

    def open_ticket(
        self, customer_id: int, subject: TicketSubject, language: str, now: datetime, interaction_id: str
    ) -> TicketFacts:
        with self._writing() as session:
            wish = TicketWish(current_id(session, customer_id), subject, usual_subject(subject, language), interaction_id)
            ticket, is_new = open_wished(session, wish, self._targets(), "IVR", now)
        if is_new:
            tell_pages(self._tell, ticket_opened(ticket, interaction_id, "", now))
        return _ticket_facts(ticket)

    def appointments(self, customer_id: int, now: datetime) -> tuple[AppointmentFacts, ...]:
        with self._reading() as session:
            customer_id = current_id(session, customer_id)
            return tuple(_appointment_facts(found) for found in booked_appointments(session, customer_id, now.date()))

    def visit_windows(self, customer_id: int, now: datetime) -> tuple[Window, ...]:
        with self._reading() as session:
            customer_id = current_id(session, customer_id)
            return tuple(visit_windows(session, customer_id, now.date()))

    def book_appointment(
        self, customer_id: int, purpose: VisitPurpose, window: Window, now: datetime, interaction_id: str = ""
    ) -> AppointmentAnswer:
        with self._writing() as session:
            customer_id = current_id(session, customer_id)
            return _answer(*book_appointment(session, customer_id, purpose, window, now, now.date(), interaction_id))

    def move_appointment(
        self, customer_id: int, appointment_id: int, window: Window, now: datetime, interaction_id: str = ""
    ) -> AppointmentAnswer:
        with self._writing() as session:
            customer_id = current_id(session, customer_id)
            return _answer(*move_appointment(session, customer_id, appointment_id, window, now, now.date(), interaction_id))

    def cancel_appointment(self, customer_id: int, appointment_id: int, now: datetime, interaction_id: str = "") -> Arranged:
        with self._writing() as session:
            customer_id = current_id(session, customer_id)
            return cancel_appointment(session, customer_id, appointment_id, now, now.date(), interaction_id)


def _answer(arranged: Arranged, appointment: Appointment | None) -> AppointmentAnswer:
    return AppointmentAnswer(arranged, _appointment_facts(appointment) if appointment else None)


def _appointment_facts(appointment: Appointment) -> AppointmentFacts:
    return AppointmentFacts(appointment.id, appointment.purpose, appointment.when)


def _ticket_facts(ticket: Ticket) -> TicketFacts:
    return TicketFacts(ticket.number, ticket.category, ticket.status, ticket.opened_at, ticket.due_at, ticket.solved_at)
