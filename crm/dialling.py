"""Whether an agent may call a number now, and what for. Asked before anything rings, and nowhere else."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.call_hours import CallHours
from core.errors import BadInput, HaloError
from crm.customers import Customer
from crm.lookup import customers_by_number
from crm.outside_numbers import OutsideRule, outside_number
from crm.phone_numbers import country_of
from crm.public_holidays import public_holiday
from crm.selling import may_be_sold_to
from crm.whereabouts import Address, zone_at


class DialPurpose(StrEnum):
    """What a call is for. Stored with interactions: add, never rename."""

    SERVICE = "service"
    SALES = "sales"


@dataclass(frozen=True, slots=True)
class DialRule:
    """Which numbers may be called, and when on the clock of whoever is called; `home_zone` where nobody knows where they are.
    `not_on_holidays`: for these purposes nobody is called on a public holiday of the country of their number."""

    numbers: OutsideRule
    hours: dict[DialPurpose, CallHours]
    home_zone: str
    not_on_holidays: frozenset[DialPurpose] = frozenset()


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a number reaches: in E.164, the customer (None: nobody on record), and their time zone. `on_record`: the number is
    theirs there; a caller whom an agent has named may call from another one. `shared`: several have it, and none is meant."""

    number: str
    customer_id: int | None
    name: str
    zone: str
    on_record: bool = True
    shared: bool = False


class SellingRefused(HaloError):
    """Nothing may be sold to them; the code says why: dial_ and a NotToBeSoldTo."""

    def __init__(self, why: str) -> None:
        super().__init__(f"No sales call to them ({why}).", "Call for a service, or ask for their consent first.")
        self.code = f"dial_{why}"


class TooEarlyOrLate(HaloError):
    """They are not called at this hour; from `next_at` (UTC) on they are. `zone` is theirs; `holiday`: the country, if that is why,
    and today's date there."""

    code = "dial_hours"

    def __init__(self, purpose: DialPurpose, zone: str, next_at: datetime, holiday: tuple[str, date] | None = None) -> None:
        super().__init__(f"A {purpose} call is not made at this hour in {zone}.", f"Call from {next_at.isoformat()} on.")
        self.purpose, self.zone, self.next_at, self.holiday = purpose, zone, next_at, holiday


def whom_it_reaches(
    session: Session, text: str, customer_id: int | None, rule: DialRule, named: tuple[str, int] | None = None
) -> Called:  # fmt: skip
    """Whom the typed number reaches. Of several customers who share it the one meant; of one alone, that one. `named`: the number
    of the call just ended and the customer whom it was, where they are known: they are meant by that number, though
    it is not theirs.

    Raises NumberRefused. Any other customer who does not have the number is not meant, whatever the page says.
    """
    number = outside_number(text, rule.numbers)
    theirs = customers_by_number(session, number)
    on_record = next((each for each in theirs if each.id == customer_id), theirs[0] if len(theirs) == 1 else None)
    caller = session.get(Customer, named[1]) if named is not None and named[0] == number else None
    meant = caller or on_record
    address = Address(meant.city, meant.province, meant.postcode) if meant else Address()
    zone = zone_at(address, number, rule.home_zone)
    return Called(
        number, meant.id if meant else None, _name(meant), zone, caller is None or caller in theirs, not meant and len(theirs) > 1
    )


def check_dial(session: Session, called: Called, purpose: DialPurpose, rule: DialRule, now: datetime) -> datetime:
    """Until when they may be called for this purpose, UTC. Raises SellingRefused, TooEarlyOrLate."""
    if purpose is DialPurpose.SALES:
        permission = may_be_sold_to(session, called.customer_id if called.on_record else None)
        if permission.why_not is not None:
            raise SellingRefused("shared_number" if called.shared else permission.why_not.value)
    hours, country = rule.hours[purpose], country_of(called.number)

    def is_holiday(day: date) -> bool:
        return purpose in rule.not_on_holidays and bool(public_holiday(country, day))

    until = hours.until(now, called.zone, is_holiday)
    if until is None:
        today, next_at = now.astimezone(ZoneInfo(called.zone)).date(), hours.next_from(now, called.zone, is_holiday)
        raise TooEarlyOrLate(purpose, called.zone, next_at, (country, today) if is_holiday(today) else None)
    return until


def purpose_of(text: str) -> DialPurpose:
    """The purpose of this code. Raises BadInput."""
    try:
        return DialPurpose(text)
    except ValueError:
        raise BadInput("There is no such purpose.", "Choose service or sales.") from None


def _name(customer: Customer | None) -> str:
    return f"{customer.honorific} {customer.name}".strip() if customer else ""
