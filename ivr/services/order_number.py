"""An order's number from the caller, twice at most, with a polite word on what was not found."""

from crm.order_numbers import LENGTH, is_order_number
from ivr.desk import OrderFacts
from ivr.line import Prompt
from ivr.menu import PersonWanted
from ivr.naming import look_up_named
from ivr.number_entry import NumberQuestion
from ivr.number_form import ORDER_NUMBER
from ivr.reasons import Reason
from ivr.spoken import spoken_digits, spoken_number
from ivr.visit import Visit

QUESTION = NumberQuestion("order_number", LENGTH, form=ORDER_NUMBER)
_WRONG_TRIES = 2


def ask_order(visit: Visit, *lead_in: Prompt) -> OrderFacts:
    """The order whose number the caller types or says.

    Whoever knows an order's number is taken for its customer, unless their own number has told us who they are.
    Raises Unavailable at once when the records have failed before. Raises PersonWanted for a lone 0, after two numbers that do not
    exist, after three times without any answer, and when too many were named from the caller's number.
    """
    visit.records.raise_if_failed()
    opening = list(lead_in)
    for attempt in range(1, _WRONG_TRIES + 1):
        typed = visit.ask_number(QUESTION, *opening, attempt=attempt)
        # Spoken to its end: it fills the time of the look-up and takes in a "#" typed after the last digit.
        visit.say("order_checking")
        order = _find(visit, typed) if is_order_number(typed) else None
        if order:
            visit.line.note(QUESTION.name, "found")
            visit.order = order.number
            if visit.customer_id is None:
                visit.identify(order.customer_id, visit.language)
            return order
        visit.line.note(QUESTION.name, Reason.ORDER_NOT_FOUND)
        opening = [_what_was_wrong(visit, typed)]
    raise PersonWanted(Reason.ORDER_NOT_FOUND)


def _find(visit: Visit, number: str) -> OrderFacts | None:
    return look_up_named(visit, "order", QUESTION.name, lambda desk: desk.order(number))


def _what_was_wrong(visit: Visit, typed: str) -> Prompt:
    if len(typed) != LENGTH:
        return visit.prompt("order_number_short", count=spoken_number(len(typed), visit.language))
    return visit.prompt("order_unknown", number=spoken_digits(typed, visit.language))
