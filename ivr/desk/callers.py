"""Who is calling, as far as a flow needs to know, and how they prove it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crm.pins import PinCheck


@dataclass(frozen=True, slots=True)
class CallerFacts:
    """A customer: no name and no address.

    `customer_number` is theirs to type or say, `newest_order` the number of the order they placed last, None for none:
    by either of them several people on one number are told apart.
    """

    customer_id: int
    language: str | None
    segment: str = "regular"
    customer_number: str | None = None
    newest_order: str | None = None
    has_pin: bool = False


class CallersDesk(Protocol):
    def callers(self, e164: str) -> tuple[CallerFacts, ...]:
        """Everyone who has this number, whoever ordered or called last first."""
        ...

    def caller(self, customer_id: int) -> CallerFacts | None:
        """The customer with this id, such as the one whose order was named."""
        ...

    def customer_by_number(self, number: str) -> CallerFacts | None:
        """The customer with this customer number."""
        ...

    def may_name(self, caller: str, now: datetime) -> bool:
        """Whether the caller with this number (E.164, "" when withheld) may name one more customer or order; counted here."""
        ...

    def named_own(self, caller: str) -> None:
        """What the caller has just named is their own: it does not count."""
        ...

    def verify_pin(self, customer_id: int, pin: str, caller: str, now: datetime) -> PinCheck:
        """Check the PIN that was typed by the caller with this number (E.164, "" when withheld)."""
        ...
