"""What the demo's customers can settle by themselves: their parcels' way, windows, payments, visits, earlier surveys.

Drawn from chances of its own, so that customers and orders stay as they are whatever is added here.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.ids import derived_id
from crm.appointments import Appointment, VisitPurpose, book_appointment, visit_windows
from crm.customers import ConsentPurpose
from crm.deliveries import TRACKING_WORDS, TrackingEvent
from crm.demo.calendar import technicians_come_to, window_plans
from crm.demo.people import Person
from crm.demo.purchases import Purchase
from crm.demo.receipts import Receipts
from crm.demo.shop import load_towns, weighted
from crm.payment.records import Payment, PaymentAllocation
from crm.surveys import SurveyAnswer
from crm.time_windows import WindowPlan

TRACKED_DAYS = 60
_VISIT_SHARE, _SURVEY_SHARE = 0.02, 0.12
_SCORES = ((5, 46), (4, 30), (3, 13), (2, 6), (1, 5))
_SURVEY_DAYS = 200


class Services:
    """Writes them as of a moment (aware). Everything in the caller's unit of work."""

    def __init__(self, session: Session, chance: Random, as_of: datetime) -> None:
        self._session, self._chance, self.as_of = session, chance, as_of

    def write_windows(self) -> None:
        """The weekly plans."""
        self._session.execute(insert(WindowPlan), window_plans(load_towns()))

    def write_tracking(self, ordered: Sequence[tuple[int, Purchase]]) -> None:
        """Where the parcels of (order id, purchase) have been, for those of the last weeks."""
        since = self.as_of - timedelta(days=TRACKED_DAYS)
        rows = [
            {"order_id": order_id, "at": at, "code": code.value, "place": place, "what_id": words[0], "what_en": words[1]}
            for order_id, purchase in ordered
            if purchase.placed_at >= since
            for code, at, place in purchase.tracked
            if (words := TRACKING_WORDS[code])
        ]
        if rows:
            self._session.execute(insert(TrackingEvent), rows)

    def write_payments(self, billed: Sequence[tuple[int, int, Purchase]]) -> None:
        """Payments for (customer id, invoice id, purchase)."""
        receipts = Receipts(self._chance, self.as_of)
        drawn = [(customer, invoice, receipt) for customer, invoice, bought in billed if (receipt := receipts.draw(bought))]
        if not drawn:
            return
        self._session.execute(insert(Payment), [{"customer_id": customer, **receipt.row} for customer, _, receipt in drawn])
        ids: dict[object, int] = {row.key: row.id for row in self._session.execute(select(Payment.key, Payment.id))}
        rows = [
            {"payment_id": ids[receipt.row["key"]], "invoice_id": invoice, "amount_idr": receipt.amount_idr}
            for _customer, invoice, receipt in drawn
        ]
        self._session.execute(insert(PaymentAllocation), rows)

    def write_visits(self, reached: Sequence[tuple[int, Person]]) -> list[Appointment]:
        """Some visits that are booked, of (customer id, person)."""
        booked = []
        for customer_id, person in reached:
            if not (technicians_come_to(person.town) and self._chance.random() < _VISIT_SHARE):
                continue
            windows = visit_windows(self._session, customer_id, self.as_of.date())
            purpose = self._chance.choice(list(VisitPurpose))
            window = self._chance.choice(windows)
            moment = self.as_of - timedelta(hours=self._chance.randint(1, 96))
            _done, appointment = book_appointment(self._session, customer_id, purpose, window, moment, self.as_of.date())
            booked += [appointment] if appointment else []
        return booked

    def write_surveys(self, reached: Sequence[tuple[int, Person]]) -> None:
        """Earlier answers of those who did not refuse to be asked."""
        rows = []
        for customer_id, person in reached:
            refused = any(each["purpose"] == ConsentPurpose.SURVEY and not each["granted"] for each in person.consents)
            if self._chance.random() >= _SURVEY_SHARE or refused:
                continue
            longest = min(timedelta(days=_SURVEY_DAYS), self.as_of - person.since)
            asked_at = (self.as_of - longest * self._chance.random()).replace(microsecond=0)
            rows.append(
                {
                    "interaction_id": derived_id("demo-survey", str(customer_id)), "customer_id": customer_id,
                    "score": weighted(self._chance, _SCORES), "comment_recording": "", "transcript": "",
                    "asked_at": asked_at, "answered_at": asked_at + timedelta(seconds=20),
                }
            )  # fmt: skip
        if rows:
            self._session.execute(insert(SurveyAnswer), rows)
