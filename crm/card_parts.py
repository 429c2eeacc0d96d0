"""The parts of a customer card: plain values, each one thing that a screen pop shows."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CardPhone:
    e164: str
    kind: str


@dataclass(frozen=True, slots=True)
class CardConsent:
    purpose: str
    granted: bool
    given_at: datetime


@dataclass(frozen=True, slots=True)
class CardLine:
    """One product of an order; the name in each language."""

    name_id: str
    name_en: str
    category: str
    quantity: int
    unit_price_idr: int

    def name_in(self, language: str) -> str:
        """The product's name as people of this language read it."""
        return self.name_id if language == "id" else self.name_en


@dataclass(frozen=True, slots=True)
class CardOrder:
    order_id: int
    number: str
    status: str
    is_open: bool
    placed_at: datetime
    promised_on: date | None
    delivered_at: datetime | None
    courier: str
    tracking_number: str
    total_idr: int
    lines: tuple[CardLine, ...]


@dataclass(frozen=True, slots=True)
class CardInvoice:
    """`overdue` is true while something is open after `due_on`, by the date in the contact center's zone."""

    invoice_id: int
    number: str
    order_id: int | None
    issued_on: date
    due_on: date
    amount_idr: int
    open_idr: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class CardTicket:
    ticket_id: int
    number: str
    subject: str
    category: str
    priority: int
    status: str
    opened_at: datetime
    due_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class CardSurvey:
    """The last score that the customer gave a call, 1 to 5 (best), with what they said, "" for nothing.

    `comment_kind` is one of crm.recordings.TranscriptKind; `recorded`: the comment can be heard; `may_hold_card`: something like
    a card's number was said in it.
    """

    id: int
    score: int
    comment: str
    comment_kind: str
    recorded: bool
    may_hold_card: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class CardVisit:
    """A technician's visit that is still to come: [from_hour, to_hour) of local time. `purpose` as in crm.appointments."""

    appointment_id: int
    purpose: str
    day: date
    from_hour: int
    to_hour: int


@dataclass(frozen=True, slots=True)
class CardContact:
    """One earlier interaction. `disposition_code` and `note` are the last agent's, "" when none was given."""

    interaction_id: str
    at: datetime
    ended_at: datetime | None
    medium: str
    queue: str
    reason: str
    outcome: str
    agent_id: str
    disposition_code: str
    note: str
