"""The few customers that conversations are about: fixed, small, and with one thing of every kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from crm.customer_numbers import customer_number
from crm.order_numbers import order_number

PIN = "735190"
# Far from the numbers that a shop begins with, so that the set fits beside any other data.
FIRST_CUSTOMER = 990_001
UNKNOWN_ORDER = order_number(9_900_999)
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the data set. `number` is the one they call from."""

    name: str
    number: str
    language: str | None
    segment: str = "regular"
    order: str = ""
    pin: str = ""

    @property
    def customer_number(self) -> str:
        """As they would type or say it."""
        return customer_number(FIRST_CUSTOMER + EVERYBODY.index(self))


SARI = Person("Sari", "+628111000001", "id", order=order_number(9_900_000), pin=PIN)
BUDI = Person("Budi", "+628111000002", "en", "vip", order=order_number(9_900_001), pin=PIN)
DEWI = Person("Dewi", "+628111000003", None)
RINA = Person("Rina", "+62215550123", "id", order=order_number(9_900_003), pin=PIN)
AGUS = Person("Agus", "+62215550123", "id", order=order_number(9_900_004))
EVERYBODY = (SARI, BUDI, DEWI, RINA, AGUS)

# Who a conversation can name as its caller, and the number that Halo sees.
WHO: Mapping[str, str] = {
    "Sari": SARI.number, "Budi": BUDI.number, "Dewi": DEWI.number, "family": RINA.number,
    "stranger": "+628998887776", "withheld": "",
}  # fmt: skip


def called_by(caller: str) -> tuple[Person, ...]:
    """The people who have the number from which this caller of a conversation calls; none for a stranger."""
    return tuple(person for person in EVERYBODY if person.number == WHO[caller])


def person_of(customer_id: int | None, names: Mapping[int, str]) -> str:
    """Who this customer is of those in `names` (by id); NOBODY for None."""
    return NOBODY if customer_id is None else names.get(customer_id, "another customer")
