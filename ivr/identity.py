"""Who is calling, for what belongs to one customer: by their number, else by what they can name; and proof by PIN.

What is owed is told to who calls from a number that is theirs alone. Who has only named a customer or an order proves it by
PIN: else anybody could type numbers and learn what strangers owe. For everything else a PIN is always needed. A caller
without one goes to a person: an order number and a postcode stand on every parcel's label, so whoever finds a box could
"prove" with them.
"""

from crm import customer_numbers, order_numbers
from crm.pins import LENGTH as PIN_LENGTH
from crm.pins import PER_CUSTOMER, PinResult
from ivr.desk import CallerFacts, CrmDesk
from ivr.line import Prompt
from ivr.menu import PersonWanted
from ivr.naming import look_up_named
from ivr.number_entry import NumberQuestion
from ivr.number_form import CUSTOMER_OR_ORDER
from ivr.reasons import Reason
from ivr.visit import Visit

WHO = NumberQuestion("who", CUSTOMER_OR_ORDER.longest, form=CUSTOMER_OR_ORDER)
PIN = NumberQuestion("pin", PIN_LENGTH, may_begin_with_zero=True, secret=True)
_WRONG_NUMBERS = 2


def who_calls(visit: Visit) -> int:
    """The customer's id. A stranger, and someone on a number of several people, names a customer or an order number.

    Raises Unavailable at once when the records have failed before. Raises PersonWanted after two numbers that we do not know,
    when too many were named from the caller's number, and when asked for.
    """
    if visit.customer_id is not None:
        return visit.customer_id
    visit.records.raise_if_failed()
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


def account_holder(visit: Visit) -> int:
    """The id of the customer who calls, to whom amounts may be told: by a number that is theirs alone, else by PIN.

    Of several people on one number each is believed who has no PIN. Raises PersonWanted as proved_customer does.
    """
    customer_id = who_calls(visit)
    with_this_number = {known.customer_id: known for known in visit.people}
    own = with_this_number.get(customer_id)
    if own is not None and (len(with_this_number) == 1 or not own.has_pin):
        return customer_id
    return proved_customer(visit)


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
    if customer_numbers.is_customer_number(typed):
        return look_up_named(visit, "customer", WHO.name, lambda desk: desk.customer_by_number(typed))
    if order_numbers.is_order_number(typed):
        return look_up_named(visit, "customer", WHO.name, lambda desk: _of_order(desk, typed))
    return None


def _of_order(desk: CrmDesk, number: str) -> CallerFacts | None:
    order = desk.order(number)
    return desk.caller(order.customer_id) if order else None
