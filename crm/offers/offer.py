"""The words of offers: their kinds, what becomes of them, and why there is none. Stored and reported: add, never rename."""

from enum import StrEnum

from crm.selling import NotToBeSoldTo


class OfferKind(StrEnum):
    """TOGETHER: bought by those who bought the same as this customer. UP_SELL: a better one of the same product line."""

    TOGETHER = "together"
    UP_SELL = "up_sell"
    PROMOTION = "promotion"
    POPULAR = "popular"


class OfferState(StrEnum):
    """SHOWN, ACCEPTED, DECLINED, NOT_NOW: an offer. HELD_OUT: in the comparison group. NOTHING: no product was left to offer."""

    SUPPRESSED = "suppressed"
    NOTHING = "nothing"
    HELD_OUT = "held_out"
    SHOWN = "shown"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_NOW = "not_now"


ANSWERS = (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.NOT_NOW)
OFFERED, HELD_OUT = "offered", "held_out"
"""The two groups that are compared."""


class Why(StrEnum):
    """Why a customer is offered nothing now (crm.selling.NotToBeSoldTo says some of it)."""

    UNKNOWN_CUSTOMER = NotToBeSoldTo.UNKNOWN_CUSTOMER.value
    NEVER_ASKED = NotToBeSoldTo.NEVER_ASKED.value
    REFUSED = NotToBeSoldTo.REFUSED.value
    PROBLEM_OPEN = "problem_open"
    COMPLAINT_OPEN = "complaint_open"
    BILL_DISPUTED = "bill_disputed"
    SAID_NO = "said_no"
    SAID_NOT_NOW = "said_not_now"


class WhyNotThis(StrEnum):
    """Why a product is not offered to this customer."""

    OUT_OF_STOCK = "out_of_stock"
    ACCEPTED = "accepted"
    OWNED = "owned"
    OWNS_BETTER = "owns_better"
