"""Asks for an order number by key, twice at most, and reads back politely what was not found."""

from crm.order_numbers import LENGTH, is_order_number
from ivr.desk import OrderFacts
from ivr.line import Prompt
from ivr.menu import PERSON_KEY, PersonWanted, retry_key
from ivr.reasons import Reason
from ivr.spoken import spoken_digits, spoken_number
from ivr.visit import Visit

STEP = "order_number"
_WRONG_TRIES = 2
_SILENT_TRIES = 3
_FIRST_KEY_WAIT_S = 8.0  # time to find the slip
_NEXT_KEY_WAIT_S = 4.0


def ask_order(visit: Visit, *lead_in: Prompt) -> OrderFacts:
    """The order whose number the caller types.

    Raises PersonWanted for a lone 0, after two numbers that do not exist, and after three times without any key.
    """
    wrong = silent = 0
    prompts = [*lead_in, visit.prompt("order_number_1")]
    while True:
        typed = _typed(visit, prompts)
        if not typed:
            silent += 1
            visit.line.note(STEP, Reason.NO_INPUT)
            if silent == _SILENT_TRIES:
                raise PersonWanted(Reason.NO_INPUT)
            opening = visit.prompt(retry_key(Reason.NO_INPUT, silent + 1))
            prompts = [opening, visit.prompt(f"order_number_{silent + 1}")]
            continue
        # Spoken to its end: it fills the time of the look-up and takes in a "#" typed after the last digit.
        visit.line.say(visit.prompt("order_checking"))
        order = visit.desk.order(typed) if is_order_number(typed) else None
        if order:
            visit.line.note(STEP, "found")
            return order
        wrong += 1
        visit.line.note(STEP, Reason.ORDER_NOT_FOUND)
        if wrong == _WRONG_TRIES:
            raise PersonWanted(Reason.ORDER_NOT_FOUND)
        prompts = [_what_was_wrong(visit, typed), visit.prompt("order_number_2")]


def _typed(visit: Visit, prompts: list[Prompt]) -> str:
    # No order number begins with 0, so the first key alone tells a number from the wish for a person.
    first = visit.line.ask_keys(*prompts, most=1, wait_s=_FIRST_KEY_WAIT_S)
    if first == "*":  # no part of a number: as if it had not been pressed
        first = visit.line.ask_keys(most=1, wait_s=_FIRST_KEY_WAIT_S)
    if first == PERSON_KEY:
        visit.line.note(STEP, Reason.ASKED_FOR_PERSON)
        raise PersonWanted(Reason.ASKED_FOR_PERSON)
    rest = visit.line.ask_keys(most=LENGTH - 1, wait_s=_NEXT_KEY_WAIT_S) if first else ""
    return (first + rest).replace("*", "")


def _what_was_wrong(visit: Visit, typed: str) -> Prompt:
    if len(typed) < LENGTH:
        return visit.prompt("order_number_short", count=spoken_number(len(typed), visit.language))
    return visit.prompt("order_unknown", number=spoken_digits(typed, visit.language))
