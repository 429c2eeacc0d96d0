"""What a caller's script must know of the records to put them in line, asked with little patience: the call goes on without."""

from collections.abc import Callable
from datetime import datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.database import Database
from core.errors import Unavailable
from crm.customers import Consent, ConsentPurpose
from crm.lookup import current_id
from crm.standing import Standing, standing_of
from crm.whereabouts import Address, Whereabouts, where_customer_is, where_is
from ivr.patience import within
from routing.callback_outcomes import CallbackOutcomes
from routing.policy import Policy
from routing.policy_in_force import PolicyInForce

_LIMIT_S = 0.5
_Found = TypeVar("_Found")


class LookUps:
    """Each answers within _LIMIT_S, with the usual when the database does not."""

    def __init__(
        self, database: Database, policies: PolicyInForce, outcomes: CallbackOutcomes, clock: Clock, time_zone: str
    ) -> None:
        self._outcomes = outcomes
        self._database, self._policies, self._clock, self._zone = database, policies, clock, ZoneInfo(time_zone)

    def policy(self) -> Policy:
        """The policy in force; the last one that was known."""
        return _soon("policy", self._policies.current) or self._policies.last()

    def standing(self, interaction_id: str, customer_id: int | None, ani: str) -> Standing:
        """How the caller stands; as a stranger who calls for the first time."""
        return _soon("standing", lambda: self._ask(interaction_id, customer_id, ani)) or Standing()

    def whereabouts(self, customer_id: int | None, postcode: str, ani: str) -> Whereabouts:
        """Where the caller is, `postcode` being what they typed; by that and the number alone."""
        known = _soon("whereabouts", lambda: self._where(customer_id, postcode, ani)) if customer_id is not None else None
        return known or where_is(Address(), postcode, ani)

    def taken_over(self, number: str, customer_id: int | None, interaction_id: str) -> datetime | None:
        """The caller stands in line again: since when they have waited, if they had been promised a call at their turn."""
        if not number and customer_id is None:
            return None
        return _soon("taken_over", lambda: self._outcomes.taken_over(number, customer_id, interaction_id, self._clock.now()))

    def refuses_recording(self, customer_id: int | None) -> bool:
        """Whether the customer has said that no talk of theirs is to be recorded; of one whose record does not answer, too."""
        return customer_id is not None and _soon("consent", lambda: self._allows_recording(customer_id)) is not True

    def _allows_recording(self, customer_id: int) -> bool:
        with self._database.reading() as session:
            said = select(Consent.granted).where(
                Consent.customer_id == _current(session, customer_id), Consent.purpose == ConsentPurpose.RECORDING
            )
            return session.scalar(said) is not False

    def _ask(self, interaction_id: str, customer_id: int | None, ani: str) -> Standing:
        midnight = datetime.combine(self._clock.now().astimezone(self._zone).date(), time(), self._zone)
        with self._database.reading() as session:
            return standing_of(session, interaction_id, _current(session, customer_id), ani, midnight)

    def _where(self, customer_id: int | None, postcode: str, ani: str) -> Whereabouts:
        with self._database.reading() as session:
            return where_customer_is(session, _current(session, customer_id), postcode, ani)


def _current(session: Session, customer_id: int | None) -> int | None:
    """Who stands for this customer by now: one who was merged into another meanwhile is the other."""
    return None if customer_id is None else current_id(session, customer_id)


def _soon(question: str, look_up: Callable[[], _Found]) -> _Found | None:
    try:
        return within(_LIMIT_S, question, look_up)
    except Unavailable:
        return None
