"""Who is calling, for what belongs to one customer: by their number, else by what they can name; and proof by PIN.

A caller without a PIN goes to a person: an order number and a postcode stand on every parcel's label, so whoever finds a
box could "prove" with them.
"""

from crm import customer_numbers, order_numbers
from crm.pins import LENGTH as PIN_LENGTH
from crm.pins import PER_CUSTOMER, PinResult
from ivr.desk import CallerFacts, CrmDesk
from ivr.line import Prompt
from ivr.menu import PersonWanted
from ivr.number_entry import NumberQuestion
from ivr.reasons import Reason
from ivr.visit import Visit

WHO = NumberQuestion("who", order_numbers.LENGTH)  # a customer number is one digit shorter
PIN = NumberQuestion("pin", PIN_LENGTH, may_begin_with_zero=True, secret=True)
_WRONG_NUMBERS = 2


def who_calls(visit: Visit) -> int:
    """The customer's id. A stranger, and someone on a number of several people, names a customer or an order number.

    Raises PersonWanted after two numbers that we do not know, and when asked for.
    """
    if visit.customer_id is not None:
        return visit.customer_id
    opening = [visit.prompt("who_first")]
    for attempt in range(1, _WRONG_NUMBERS + 1):
        typed = visit.ask_number(WHO, *opening, attempt=attempt)
        visit.say("order_checking")
        found = _find(visit, typed)
        if found:
            visit.line.note(WHO.name, "found")
            visit.caller = found
            visit.identify(found.customer_id, visit.language)
            return found.customer_id
        visit.line.note(WHO.name, Reason.CUSTOMER_NOT_FOUND)
        opening = [visit.prompt("who_unknown")]
    raise PersonWanted(Reason.CUSTOMER_NOT_FOUND)


def proved_customer(visit: Visit) -> int:
    """The id of the customer who calls, proved by PIN: asked for once in a call, by key alone.

    Raises PersonWanted for a customer without a PIN, after as many wrong ones as the records allow, and when asked for.
    """
    customer_id = who_calls(visit)
    if visit.proved == customer_id:
        return customer_id
    caller = visit.caller or visit.look_up("caller", lambda desk: desk.caller(customer_id))
    visit.caller = caller
    if caller is None or not caller.has_pin:
        visit.line.note(PIN.name, Reason.NO_PIN)
        raise PersonWanted(Reason.NO_PIN)
    opening: list[Prompt] = []
    for attempt in range(1, PER_CUSTOMER + 1):
        if _is_right(visit, customer_id, visit.ask_number(PIN, *opening, attempt=attempt)):
            visit.line.note(PIN.name, "proved")
            visit.proved = customer_id
            return customer_id
        opening = [visit.prompt("pin_wrong")]
    visit.line.note(PIN.name, Reason.PIN_NOT_PROVED)
    raise PersonWanted(Reason.PIN_NOT_PROVED)


def _is_right(visit: Visit, customer_id: int, typed: str) -> bool:
    """Whether the PIN fits. One that is too short was a slip of the finger: no try of it is counted on record."""
    if len(typed) != PIN_LENGTH:
        return False
    caller = visit.line.call.ani
    check = visit.look_up("verify_pin", lambda desk: desk.verify_pin(customer_id, typed, caller, visit.moment))
    if check.result is PinResult.RIGHT:
        return True
    if check.tries_left == 0:
        visit.line.note(PIN.name, Reason.PIN_NOT_PROVED)
        raise PersonWanted(Reason.PIN_NOT_PROVED)
    return False


def _find(visit: Visit, typed: str) -> CallerFacts | None:
    return visit.look_up("customer", lambda desk: _customer(desk, typed))


def _customer(desk: CrmDesk, typed: str) -> CallerFacts | None:
    if customer_numbers.is_customer_number(typed):
        return desk.customer_by_number(typed)
    order = desk.order(typed) if order_numbers.is_order_number(typed) else None
    return desk.caller(order.customer_id) if order else None
