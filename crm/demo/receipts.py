"""Demo payments: how the money for an invoice came, or is on its way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from crm.demo.purchases import PAYMENT_DAYS, Purchase
from crm.demo.shop import weighted
from crm.payment.records import PaymentMethod, PaymentStatus

_METHODS = (
    (PaymentMethod.VIRTUAL_ACCOUNT, 45),
    (PaymentMethod.TRANSFER, 25),
    (PaymentMethod.WALLET, 20),
    (PaymentMethod.CARD, 10),
)
_PENDING_SHARE, _PENDING_DAYS = 0.25, 4


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment for one invoice; `row` fits the table of payments but for the customer."""

    amount_idr: int
    row: dict[str, object]


class Receipts:
    """Makes the payments of demo invoices as of a moment (aware)."""

    def __init__(self, chance: Random, as_of: datetime) -> None:
        self._chance, self._as_of = chance, as_of

    def draw(self, purchase: Purchase) -> Receipt | None:
        """The payment of this order's invoice: what is paid of it, or now and then what was begun; None for neither."""
        invoice, chance = purchase.invoice, self._chance
        if invoice is None:
            return None
        paid_idr, amount_idr = int(str(invoice["paid_idr"])), int(str(invoice["amount_idr"]))
        if paid_idr:
            longest = min(timedelta(days=PAYMENT_DAYS), self._as_of - purchase.placed_at)
            return self._receipt(purchase.placed_at + longest * chance.random() ** 4, paid_idr, PaymentStatus.RECEIVED)
        fresh = self._as_of - purchase.placed_at < timedelta(days=_PENDING_DAYS)
        if fresh and chance.random() < _PENDING_SHARE:
            return self._receipt(purchase.placed_at, amount_idr, PaymentStatus.PENDING)
        return None

    def _receipt(self, at: datetime, amount_idr: int, status: PaymentStatus) -> Receipt:
        at = at.replace(microsecond=0)
        # A card is charged at once: what is still on its way comes from a bank.
        received = status is PaymentStatus.RECEIVED
        method = weighted(self._chance, _METHODS) if received else PaymentMethod.VIRTUAL_ACCOUNT
        return Receipt(
            amount_idr,
            {
                "key": f"demo-{self._chance.getrandbits(96):024x}",
                "amount_idr": amount_idr,
                "method": method.value,
                "status": status.value,
                "begun_at": at,
                "received_at": at if received else None,
                "reference": f"{self._chance.randrange(10**11, 10**12)}",
                "card_brand": "visa" if method is PaymentMethod.CARD else "",
                "card_token": "",
                "decline_reason": "",
                "interaction_id": "",
            },
        )
