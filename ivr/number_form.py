"""Which numbers may answer a question: how long they are, how they begin, and whether their last digit checks them. Pure rules."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from crm import customer_numbers, order_numbers
from crm.numbering_plan import NumberingPlan, numbering_plan


class Place(NamedTuple):
    """How far a number has come: its `digits` so far, and what they check to, or where in a plan of numbers they lead (else 0)."""

    digits: int = 0
    interim: int = 0


@dataclass(frozen=True, slots=True)
class NumberForm:
    """Numbers of one of these `lengths`. Those that are `checked` end with the check digit of order numbers; those with a `plan`
    are numbers of it alone.

    `name` stands in speech sets, so that a recogniser can be told what to listen for.
    """

    name: str
    lengths: tuple[int, ...]
    begins_with_zero: bool = True
    checked: bool = False
    plan: NumberingPlan | None = None

    @property
    def longest(self) -> int:
        """How many digits there are at most."""
        return max(self.lengths)

    def after(self, place: Place, digit: int) -> Place | None:
        """Where one more digit (0 to 9) leads; None where it can't stand."""
        if place.digits == self.longest or (place.digits == 0 and digit == 0 and not self.begins_with_zero):
            return None
        if self.plan is not None:
            reached = self.plan.after(place.interim, digit)
            return None if reached is None else Place(place.digits + 1, reached)
        return Place(place.digits + 1, order_numbers.checked_on(place.interim, digit) if self.checked else 0)

    def may_end(self, place: Place) -> bool:
        """Whether a number can be over here."""
        whole = self.plan.whole if self.plan is not None else (0,)
        return place.digits in self.lengths and place.interim in whole

    def may_go_on(self, place: Place) -> bool:
        """Whether another digit can stand here."""
        return any(self.after(place, digit) for digit in range(10))

    def fits(self, digits: str) -> bool:
        """Whether these digits are such a number."""
        place: Place | None = Place()
        for digit in digits:
            place = self.after(place, int(digit)) if place is not None and digit in "0123456789" else None
        return place is not None and self.may_end(place)


ORDER_NUMBER = NumberForm("order_number", (order_numbers.LENGTH,), begins_with_zero=False, checked=True)
CUSTOMER_OR_ORDER = NumberForm("who", (customer_numbers.LENGTH, order_numbers.LENGTH), begins_with_zero=False, checked=True)
POSTCODE = NumberForm("postcode", (5,))
PHONE_NUMBER = NumberForm("phone_number", tuple(range(8, 16)))  # E.164 has 15 digits at most
HOUR = NumberForm("hour", (1, 2))
SCORE = NumberForm("score", (1,))
NUMBER_FORMS = (ORDER_NUMBER, CUSTOMER_OR_ORDER, POSTCODE, PHONE_NUMBER, HOUR, SCORE)
"""All that callers are asked to say: each has a word graph in every speech set. What is typed only, as a PIN, is none of them."""


def likely_forms(country: str) -> tuple[NumberForm, ...]:
    """NUMBER_FORMS, of telephone numbers those alone that there are in the country (ISO, "ID"): what callers mostly say.

    What they say may be another number: `fits` of NUMBER_FORMS tells what is accepted.
    """
    return tuple(replace(form, plan=numbering_plan(country)) if form is PHONE_NUMBER else form for form in NUMBER_FORMS)
