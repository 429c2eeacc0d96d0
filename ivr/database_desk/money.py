"""Bills and payments."""

from collections.abc import Sequence
from datetime import datetime

from core.errors import Unavailable
from crm.lookup import current_id, open_invoices
from crm.payment.answers import LastPayment, last_payment
from crm.payment.cards import Card
from crm.payment.taking import PaymentResult, take_payment
from ivr.database_desk.records import Records, answering
from ivr.desk.bills import BillFacts


class DatabaseMoney(Records):
    """See ivr.desk.bills."""

    def open_bills(self, customer_id: int) -> tuple[BillFacts, ...]:
        with self._reading() as session:
            found = open_invoices(session, current_id(session, customer_id))
            bills = [BillFacts(invoice.number, invoice.due_on, invoice.open_idr) for invoice in found]
        return tuple(sorted(bills, key=lambda bill: (bill.due_on, bill.number)))

    def payment_state(self, customer_id: int) -> LastPayment:
        with self._reading() as session:
            return last_payment(session, current_id(session, customer_id))

    def takes_cards(self) -> bool:
        return self._gateway is not None

    def take_payment(
        self, customer_id: int, bills: Sequence[str], amount_idr: int, card: Card, now: datetime, interaction_id: str = ""
    ) -> PaymentResult:
        if self._gateway is None:
            raise Unavailable("There is no payment gateway.", "Give the desk one, or do not offer to pay by card.")
        with answering():
            with self._database.reading() as session:
                customer_id = current_id(session, customer_id)
            return take_payment(self._database, self._gateway, customer_id, bills, amount_idr, card, now, interaction_id)
