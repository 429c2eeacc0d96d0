"""Bills and payments in memory, with the laws of the real ones; a part of FakeDesk."""

from collections.abc import Sequence
from datetime import date, datetime

from core.errors import NotFound, Unavailable
from crm.payment.answers import LastPayment, PaymentState
from crm.payment.cards import Card
from crm.payment.gateway import DeclineReason
from crm.payment.sandbox import CHARGED_WITHOUT_ANSWER, DECLINED_CARDS, LOST_ON_THE_WAY
from crm.payment.taking import MOST_DECLINED, PaymentResult, Taken
from ivr.desk import BillFacts


class FakeMoney:
    """`cards`: whether there is a payment gateway; `fails` makes every question fail."""

    def __init__(self) -> None:
        self.bills = {
            7: (BillFacts("INV-0042", date(2025, 2, 10), 412_000),),
            8: (BillFacts("INV-0043", date(2025, 1, 20), 150_000), BillFacts("INV-0050", date(2025, 2, 20), 50_000)),
        }
        self.last_payments: dict[int, LastPayment] = {}
        self.charges_idr: list[int] = []
        self.declined: dict[int, int] = {}
        self.pending_bills: set[str] = set()
        self.cards = True
        self.fails = False

    def open_bills(self, customer_id: int) -> tuple[BillFacts, ...]:
        self._answer()
        return self.bills.get(customer_id, ())

    def payment_state(self, customer_id: int) -> LastPayment:
        self._answer()
        return self.last_payments.get(customer_id, LastPayment(PaymentState.NONE))

    def takes_cards(self) -> bool:
        return self.cards

    def take_payment(
        self, customer_id: int, bills: Sequence[str], amount_idr: int, card: Card, now: datetime, interaction_id: str = ""
    ) -> PaymentResult:
        self._answer()
        if not self.cards:
            raise Unavailable("There is no payment gateway.")
        chosen = [bill for bill in self.bills.get(customer_id, ()) if bill.number in bills]
        known = {bill.number for bill in chosen} | set(self.last_payments.get(customer_id, LastPayment(PaymentState.NONE)).invoices)
        if not bills or not set(bills) <= known:
            raise NotFound("There is no such invoice of this customer.")
        if self.pending_bills & set(bills):
            return PaymentResult(Taken.IN_PROGRESS)
        open_idr = sum(bill.open_idr for bill in chosen)
        if not open_idr:
            return PaymentResult(Taken.ALREADY_PAID)
        if open_idr != amount_idr:
            return PaymentResult(Taken.AMOUNT_CHANGED, open_idr)
        if self.declined.get(customer_id, 0) >= MOST_DECLINED:
            return PaymentResult(Taken.TOO_MANY_DECLINED)
        return self._charge(customer_id, chosen, amount_idr, card, now)

    def _answer(self) -> None:
        if self.fails:
            raise Unavailable("The customer records do not answer.")

    def _charge(self, customer_id: int, chosen: Sequence[BillFacts], amount_idr: int, card: Card, now: datetime) -> PaymentResult:
        number = card.number.reveal()
        numbers = tuple(bill.number for bill in chosen)
        reason = DeclineReason.EXPIRED_CARD if card.expiry.is_over(now.date()) else DECLINED_CARDS.get(number)
        if number in (LOST_ON_THE_WAY, CHARGED_WITHOUT_ANSWER):
            self.pending_bills |= set(numbers)
            self.last_payments[customer_id] = LastPayment(PaymentState.PENDING, amount_idr, now, amount_idr, "card", numbers)
            return PaymentResult(Taken.UNKNOWN, amount_idr)
        reference = f"SBX-{len(self.charges_idr):08d}"
        if reason:
            self.declined[customer_id] = self.declined.get(customer_id, 0) + 1
            return PaymentResult(Taken.DECLINED, amount_idr, reference, reason)
        self.charges_idr.append(amount_idr)
        self.bills[customer_id] = tuple(bill for bill in self.bills[customer_id] if bill not in chosen)
        self.last_payments[customer_id] = LastPayment(PaymentState.RECEIVED, amount_idr, now, 0, "card", numbers)
        return PaymentResult(Taken.APPROVED, amount_idr, reference)
