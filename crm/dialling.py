"""Whether an agent may call a number now, and what for. Asked before anything rings, and nowhere else."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from core.call_hours import CallHours
from core.errors import BadInput, HaloError
from crm.customers import Customer
from crm.lookup import customers_by_number
from crm.outside_numbers import OutsideRule, outside_number
from crm.selling import may_be_sold_to
from crm.whereabouts import Address, zone_at


class DialPurpose(StrEnum):
    """What a call is for. Stored with interactions: add, never rename."""

    SERVICE = "service"
    SALES = "sales"


@dataclass(frozen=True, slots=True)
class DialRule:
    """Which numbers may be called, and when on the clock of whoever is called; `home_zone` where nobody knows where they are."""

    numbers: OutsideRule
    hours: dict[DialPurpose, CallHours]
    home_zone: str


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a number reaches: in E.164, the customer (None: nobody on record), and their time zone."""

    number: str
    customer_id: int | None
    name: str
    zone: str


class SellingRefused(HaloError):
    """Nothing may be sold to them; the code says why: dial_ and a NotToBeSoldTo."""

    def __init__(self, why: str) -> None:
        super().__init__(f"No sales call to them ({why}).", "Call for a service, or ask for their consent first.")
        self.code = f"dial_{why}"


class TooEarlyOrLate(HaloError):
    """They are not called at this hour; from `next_at` (UTC) on they are. `zone` is theirs."""

    code = "dial_hours"

    def __init__(self, purpose: DialPurpose, zone: str, next_at: datetime) -> None:
        super().__init__(f"A {purpose} call is not made at this hour in {zone}.", f"Call from {next_at.isoformat()} on.")
        self.purpose, self.zone, self.next_at = purpose, zone, next_at


def whom_it_reaches(session: Session, text: str, customer_id: int | None, rule: DialRule) -> Called:
    """Whom the typed number reaches. Of several customers who share it the one meant; of one alone, that one.

    Raises NumberRefused. A customer who does not have the number is not meant, whatever the page says.
    """
    number = outside_number(text, rule.numbers)
    theirs = customers_by_number(session, number)
    meant = next((each for each in theirs if each.id == customer_id), theirs[0] if len(theirs) == 1 else None)
    address = Address(meant.city, meant.province, meant.postcode) if meant else Address()
    return Called(number, meant.id if meant else None, _name(meant), zone_at(address, number, rule.home_zone))


def check_dial(session: Session, called: Called, purpose: DialPurpose, rule: DialRule, now: datetime) -> datetime:
    """Until when they may be called for this purpose, UTC. Raises SellingRefused, TooEarlyOrLate."""
    if purpose is DialPurpose.SALES:
        permission = may_be_sold_to(session, called.customer_id)
        if permission.why_not is not None:
            raise SellingRefused(permission.why_not.value)
    hours = rule.hours[purpose]
    until = hours.until(now, called.zone)
    if until is None:
        raise TooEarlyOrLate(purpose, called.zone, hours.next_from(now, called.zone))
    return until


def purpose_of(text: str) -> DialPurpose:
    """The purpose of this code. Raises BadInput."""
    try:
        return DialPurpose(text)
    except ValueError:
        raise BadInput("There is no such purpose.", "Choose service or sales.") from None


def _name(customer: Customer | None) -> str:
    return f"{customer.honorific} {customer.name}".strip() if customer else ""
