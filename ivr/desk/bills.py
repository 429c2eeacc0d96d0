"""Bills, whether a payment was received, and paying by card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from crm.payment.answers import LastPayment
from crm.payment.cards import Card
from crm.payment.taking import PaymentResult


@dataclass(frozen=True, slots=True)
class BillFacts:
    """An invoice with something still to pay, in whole rupiah."""

    number: str
    due_on: date
    open_idr: int


class BillsDesk(Protocol):
    def open_bills(self, customer_id: int) -> tuple[BillFacts, ...]:
        """What this customer has still to pay, the earliest due first."""
        ...

    def payment_state(self, customer_id: int) -> LastPayment:
        """Whether the newest payment of this customer was received."""
        ...

    def takes_cards(self) -> bool:
        """Whether there is a payment gateway: without one, paying by card is not offered."""
        ...

    def take_payment(
        self, customer_id: int, bills: Sequence[str], amount_idr: int, card: Card, now: datetime, interaction_id: str = ""
    ) -> PaymentResult:
        """Pay these invoices (their numbers) whole by card, for the amount that the caller agreed to.

        Takes as long as the gateway: give it more time than a look-up. Waited for in vain, its result is not known,
        which is what PaymentResult's UNKNOWN says.
        """
        ...
