"""What a customer is worth: what they bought, less what it cost to serve them; every number with where it comes from.

value = revenue - cost to serve
revenue = the totals of all orders that were not cancelled
cost to serve = minutes that agents handled them x cost of a minute + text messages x cost of one + visits x cost of one

Handling is talk, hold, consult and wrap-up (AHT's parts, and the time of whoever was consulted), over every interaction of theirs
on any medium. What is not on record, as goods, delivery, or advertising, is not counted: the value compares customers, it is no
profit.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.appointments import Appointment, AppointmentStatus
from crm.contact_history import Interaction, Segment, SegmentKind
from crm.orders import Order, OrderStatus
from crm.text_messages import TextMessage, TextStatus

HANDLING = (SegmentKind.TALK, SegmentKind.HOLD, SegmentKind.CONSULT, SegmentKind.WRAP_UP)


@dataclass(frozen=True, slots=True)
class Rates:
    """What serving costs, in whole rupiah."""

    minute_idr: int
    text_idr: int
    visit_idr: int


@dataclass(frozen=True, slots=True)
class CustomerValue:
    """The value with what it is made of. `handled_s` by kind of segment, `contacts` those that an agent handled."""

    orders: int
    revenue_idr: int
    contacts: int
    handled_s: dict[str, float]
    texts: int
    visits: int
    rates: Rates

    @property
    def handling_idr(self) -> int:
        """What agents' time cost, to the nearest rupiah."""
        return round(sum(self.handled_s.values()) / 60 * self.rates.minute_idr)

    @property
    def texts_idr(self) -> int:
        """What text messages cost."""
        return self.texts * self.rates.text_idr

    @property
    def visits_idr(self) -> int:
        """What visits that took place cost."""
        return self.visits * self.rates.visit_idr

    @property
    def cost_idr(self) -> int:
        """All that it cost to serve them."""
        return self.handling_idr + self.texts_idr + self.visits_idr

    @property
    def value_idr(self) -> int:
        """What is left; below zero for somebody who costs more than they bought for."""
        return self.revenue_idr - self.cost_idr


def customer_value(session: Session, customer_id: int, rates: Rates, now: datetime) -> CustomerValue:
    """The value of this customer as of `now` (aware), in four queries; a segment that goes on counts up to `now`."""
    bought = (Order.customer_id == customer_id, Order.status != OrderStatus.CANCELLED)
    orders, revenue_idr = session.execute(select(func.count(), func.coalesce(func.sum(Order.total_idr), 0)).where(*bought)).one()
    handled_s = {kind.value: 0.0 for kind in HANDLING}
    contacts = set()
    for row in session.execute(
        select(Segment.interaction_id, Segment.kind, Segment.started_at, Segment.ended_at)
        .join(Interaction, Interaction.id == Segment.interaction_id)
        .where(Interaction.customer_id == customer_id, Segment.kind.in_(HANDLING))
    ):
        handled_s[row.kind] += max(0.0, ((row.ended_at or now) - row.started_at).total_seconds())
        contacts.add(row.interaction_id)
    sent = (Interaction.customer_id == customer_id, TextMessage.status.in_((TextStatus.SENT, TextStatus.DELIVERED)))
    texts = select(func.count()).select_from(TextMessage).join(Interaction, Interaction.id == TextMessage.interaction_id)
    # A visit that was not cancelled and whose day is over took place; those to come cost nothing yet.
    took_place = (Appointment.customer_id == customer_id, Appointment.status == AppointmentStatus.PAST)
    visits = select(func.count()).select_from(Appointment).where(*took_place)
    return CustomerValue(
        int(orders), int(revenue_idr), len(contacts), handled_s, session.scalar(texts.where(*sent)) or 0,
        session.scalar(visits) or 0, rates,
    )  # fmt: skip
