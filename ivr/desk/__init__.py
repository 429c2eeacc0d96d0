"""The desk that a flow asks: everything that the customer records answer and do for a caller, noun by noun.

Facts carry no name and no address, so none can be read out. Every method raises Unavailable when there is no answer. A
`now` is aware and in the contact center's own time zone: its date is the local day. What writes may be asked twice with
the same words and does its work once.
"""

from typing import Protocol

from ivr.desk.appointments import AppointmentAnswer, AppointmentFacts, AppointmentsDesk
from ivr.desk.bills import BillFacts, BillsDesk
from ivr.desk.callers import CallerFacts, CallersDesk
from ivr.desk.deliveries import DeliveriesDesk, TrackingFacts
from ivr.desk.orders import OrderFacts, OrdersDesk
from ivr.desk.surveys import SurveysDesk
from ivr.desk.tasks import TasksDesk
from ivr.desk.tickets import TicketFacts, TicketsDesk

__all__ = [
    "AppointmentAnswer", "AppointmentFacts", "BillFacts", "CallerFacts", "CrmDesk", "OrderFacts", "TicketFacts", "TrackingFacts",
]  # fmt: skip


class CrmDesk(CallersDesk, OrdersDesk, DeliveriesDesk, BillsDesk, TicketsDesk, AppointmentsDesk, SurveysDesk, TasksDesk, Protocol):
    """The customer records as a flow sees them."""
