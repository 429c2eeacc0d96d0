"""Callers, their PINs, what they say of a call, and when they want to be called back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from crm.callback_tasks import CallbackWish, add_callback_task
from crm.customers import Customer
from crm.lookup import current_id, customer_by_external_id, customers_by_number, newest_orders, standing_for
from crm.number_tries import may_name, named_own
from crm.pins import PinCheck, has_pin, verify_pin
from crm.surveys import save_survey, survey_asked, wants_survey
from ivr.database_desk.records import Records, answering
from ivr.desk.callers import CallerFacts


class DatabasePeople(Records):
    """See ivr.desk.callers, ivr.desk.surveys, ivr.desk.tasks."""

    def callers(self, e164: str) -> tuple[CallerFacts, ...]:
        with self._reading() as session:
            return _caller_facts(session, customers_by_number(session, e164))

    def caller(self, customer_id: int) -> CallerFacts | None:
        with self._reading() as session:
            return _one(session, standing_for(session, session.get(Customer, customer_id)))

    def customer_by_number(self, number: str) -> CallerFacts | None:
        with self._reading() as session:
            return _one(session, customer_by_external_id(session, number))

    def may_name(self, caller: str, now: datetime) -> bool:
        with answering():
            return may_name(self._database, caller, now)

    def named_own(self, caller: str) -> None:
        with answering():
            named_own(self._database, caller)

    def verify_pin(self, customer_id: int, pin: str, caller: str, now: datetime) -> PinCheck:
        with answering():
            with self._database.reading() as session:
                customer_id = current_id(session, customer_id)
            return verify_pin(self._database, customer_id, pin, caller, now)

    def wants_survey(self, customer_id: int | None, ani: str, now: datetime, share: float, rest_days: float, chance: float) -> bool:
        with self._reading() as session:
            return wants_survey(session, _current(session, customer_id), ani, now, share, rest_days, chance)

    def survey_asked(self, interaction_id: str, customer_id: int | None, now: datetime, ani: str = "") -> None:
        with self._writing() as session:
            survey_asked(session, interaction_id, _current(session, customer_id), now, ani)

    def save_survey(
        self,
        interaction_id: str,
        customer_id: int | None,
        now: datetime,
        score: int | None = None,
        comment_recording: str = "",
        transcript: str = "",
    ) -> None:
        with self._writing() as session:
            save_survey(session, interaction_id, _current(session, customer_id), now, score, comment_recording, transcript)

    def add_callback_task(self, wish: CallbackWish, now: datetime) -> int:
        with self._writing() as session:
            return add_callback_task(session, replace(wish, customer_id=_current(session, wish.customer_id)), now)


def _current(session: Session, customer_id: int | None) -> int | None:
    return None if customer_id is None else current_id(session, customer_id)


def _one(session: Session, customer: Customer | None) -> CallerFacts | None:
    return _caller_facts(session, [customer])[0] if customer else None


def _caller_facts(session: Session, customers: Sequence[Customer]) -> tuple[CallerFacts, ...]:
    return tuple(
        CallerFacts(
            customer_id=customer.id,
            language=customer.language,
            segment=customer.segment,
            customer_number=customer.external_id,
            newest_order=next((order.number for order in newest_orders(session, customer.id, limit=1)), None),
            has_pin=has_pin(session, customer.id),
        )
        for customer in customers
    )
