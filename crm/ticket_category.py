"""What tickets are about."""

from enum import StrEnum


class TicketSubject(StrEnum):
    """What a ticket can be about; its category."""

    DELIVERY = "delivery"
    PRODUCT = "product"
    BILLING = "billing"
    VISIT = "visit"
    OTHER = "other"
