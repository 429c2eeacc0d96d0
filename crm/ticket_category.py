"""What tickets are about."""

from enum import StrEnum


class TicketSubject(StrEnum):
    """What a ticket can be about; its category."""

    DELIVERY = "delivery"
    PRODUCT = "product"
    BILLING = "billing"
    VISIT = "visit"
    SALES = "sales"  # a customer took an offer: a colleague of sales makes the order
    OTHER = "other"


BY_CALLERS = frozenset(TicketSubject) - {TicketSubject.SALES}
"""What callers can report by themselves."""
