"""What a condition of a script may ask about: the facts, what kind each is, and what they are in a call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crm.customer_card import CustomerCard
from crm.customers import ConsentPurpose
from crm.dialling import DialPurpose
from scripts import dispositions

Value = bool | int | str | frozenset[str]
Known = Mapping[str, Value]
"""Facts by name. What is not known of a caller is not there."""

ANSWER = "answer."
"""Before a page's name: what was answered there."""
_LATELY = timedelta(days=30)


class Kind(StrEnum):
    """What a fact is, and therefore what it can be compared with."""

    YES_NO = "yes or no"
    NUMBER = "a number"
    AMOUNT = "an amount in rupiah"
    DATE = "a date"
    WORD = "a word"
    WORDS = "several words"
    TEXT = "free text"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be asked about. `choices` are the words there are; () when anybody may add some."""

    kind: Kind
    choices: tuple[str, ...] = ()


FACTS: Mapping[str, Fact] = {
    # of the call
    "queue": Fact(Kind.WORD),
    "language": Fact(Kind.WORD, ("id", "en")),
    "reason": Fact(Kind.WORD),
    "ivr_path": Fact(Kind.WORDS),
    "waited_s": Fact(Kind.NUMBER),
    "second_call_today": Fact(Kind.YES_NO),
    "called_back": Fact(Kind.YES_NO),
    "dialled_for": Fact(Kind.WORD, tuple(purpose.value for purpose in DialPurpose)),
    # of the customer
    "known_customer": Fact(Kind.YES_NO),
    "segment": Fact(Kind.WORD),
    "value": Fact(Kind.AMOUNT),
    "orders": Fact(Kind.NUMBER),
    "order_open": Fact(Kind.YES_NO),
    "order_late": Fact(Kind.YES_NO),
    "bought": Fact(Kind.WORDS),
    "open_amount": Fact(Kind.AMOUNT),
    "overdue_amount": Fact(Kind.AMOUNT),
    "overdue_days": Fact(Kind.NUMBER),
    "open_tickets": Fact(Kind.NUMBER),
    "ticket_late": Fact(Kind.YES_NO),
    "visit_booked": Fact(Kind.YES_NO),
    "recent_contacts": Fact(Kind.NUMBER),
    "last_contact_days": Fact(Kind.NUMBER),
    "last_disposition": Fact(Kind.WORD, dispositions.codes()),
    "last_score": Fact(Kind.NUMBER),
    "offers_allowed": Fact(Kind.YES_NO),
}


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is known of the call itself. `reason` is its code, with or without a detail; `ivr_path` what the caller did;
    `dialled_for` why an agent calls them by hand, "" for who called us."""

    queue: str
    language: str = "id"
    reason: str = ""
    ivr_path: tuple[str, ...] = ()
    waited_s: float = 0.0
    second_call_today: bool = False
    called_back: bool = False
    dialled_for: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What branches are decided by: the facts, and which day it is in the contact center."""

    today: date
    known: Known = field(default_factory=dict)


def situation(call: CallFacts, card: CustomerCard | None, now: datetime, time_zone: str = "Asia/Jakarta") -> Situation:
    """Everything that is known as of `now` (aware). Of a stranger (`card` None) only the call is."""
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    known: dict[str, Value] = {
        "queue": call.queue, "language": call.language, "waited_s": int(call.waited_s),
        "second_call_today": call.second_call_today, "called_back": call.called_back, "known_customer": card is not None,
        "ivr_path": _steps(call.ivr_path),
    }  # fmt: skip
    if call.reason:
        known["reason"] = call.reason.partition(":")[0]
    if call.dialled_for:
        known["dialled_for"] = call.dialled_for
    if card is not None:
        known |= _of_customer(card, now, today, zone)
    return Situation(today, known)


def _steps(path: tuple[str, ...]) -> frozenset[str]:
    """Each step as it is, and its parts: "main_menu:person" is main_menu and person, too."""
    return frozenset(word for step in path for word in (step, *step.split(":")) if word)


def _of_customer(card: CustomerCard, now: datetime, today: date, zone: ZoneInfo) -> dict[str, Value]:
    overdue = [invoice for invoice in card.invoices if invoice.overdue]
    open_orders = [order for order in card.orders if order.is_open]
    known: dict[str, Value] = {
        "segment": card.segment, "value": card.lifetime_value_idr, "orders": card.order_count,
        "order_open": bool(open_orders),
        "order_late": any(order.promised_on is not None and order.promised_on < today for order in open_orders),
        "bought": frozenset(line.category for order in card.orders for line in order.lines),
        "open_amount": card.open_invoices_idr, "overdue_amount": sum(invoice.open_idr for invoice in overdue),
        "overdue_days": max(((today - invoice.due_on).days for invoice in overdue), default=0),
        "open_tickets": len(card.open_tickets), "ticket_late": any(ticket.late for ticket in card.open_tickets),
        "visit_booked": bool(card.visits),
    }  # fmt: skip
    # The call in hand is a contact, too, as soon as the call log has written it; it is no earlier one.
    earlier = [contact for contact in card.contacts if contact.ended_at is not None]
    known["recent_contacts"] = sum(contact.at >= now - _LATELY for contact in earlier)
    if earlier:
        known["last_contact_days"] = (today - earlier[0].at.astimezone(zone).date()).days
        if earlier[0].disposition_code:
            known["last_disposition"] = earlier[0].disposition_code
    if card.survey is not None:
        known["last_score"] = card.survey.score
    asked = [consent.granted for consent in card.consents if consent.purpose == ConsentPurpose.TELEMARKETING]
    return known | ({"offers_allowed": asked[0]} if asked else {})
