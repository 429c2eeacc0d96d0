"""The hotline: who is calling, in which language, and then orders, bills, or a person."""

from core.errors import Unavailable
from ivr.answers import bill_answer, is_worth_telling, order_answer
from ivr.desk import CallerFacts, OrderFacts
from ivr.flows.order_number_entry import ask_order
from ivr.line import Prompt
from ivr.menu import Menu, Option
from ivr.outcome import Contained, Outcome, RouteTo
from ivr.reasons import Reason, reason_text
from ivr.visit import DEFAULT_LANGUAGE, GENERAL_QUEUE, Visit

LANGUAGE_MENU = Menu(
    "language", (Option("1", "id"), Option("2", "en")), wait_s=4.0, on_silence=DEFAULT_LANGUAGE, languages=("id", "en")
)
MAIN_MENU = Menu("main_menu", (Option("1", "order_status"), Option("2", "bill"), Option("3", "person")))
PEOPLE_MENU = Menu("people_menu", (Option("1", "sales"), Option("2", "billing"), Option("3", "technical")))
AFTER_ORDER = Menu(
    "after_order",
    (Option("1", "again"), Option("2", "main_menu"), Option("3", "other_order")),
    on_silence="goodbye",
)
AFTER_BILL = Menu("after_bill", (Option("1", "again"), Option("2", "main_menu")), on_silence="goodbye")
MENUS = (LANGUAGE_MENU, MAIN_MENU, PEOPLE_MENU, AFTER_ORDER, AFTER_BILL)


def run_hotline(visit: Visit) -> Outcome:
    """The whole flow. Key 0 (PersonWanted), a hang-up and a dead back end are left to the runner, as in every flow."""
    greeting = welcome(visit)
    while True:
        match visit.ask(MAIN_MENU, *greeting):
            case "order_status":
                next_step = tell_order_status(visit)
            case "bill":
                next_step = tell_bill(visit)
            case _:
                return choose_person(visit)
        if next_step == "goodbye":
            visit.line.say(visit.prompt("goodbye"))
            return Contained(visit.subject)
        visit.queue = GENERAL_QUEUE
        greeting = ()


def welcome(visit: Visit) -> tuple[Prompt, ...]:
    """Find out who is calling and in which language; returns the greeting if it was not spoken yet.

    A greeting that opens the main menu can be cut short by a key, so a caller who knows the way loses no time.
    """
    customers = _who_calls(visit)
    visit.customer_id = customers[0].customer_id if len(customers) == 1 else None
    known = {customer.language for customer in customers}
    language = visit.line.call.language or (known.pop() if len(known) == 1 else None)
    if language in LANGUAGE_MENU.languages:
        visit.identify(visit.customer_id, language)
        return (visit.prompt(f"greeting_{_part_of_day(visit.now.hour)}"),)
    chosen = visit.ask(LANGUAGE_MENU, *(Prompt("welcome", spoken) for spoken in LANGUAGE_MENU.languages))
    visit.identify(visit.customer_id, chosen)
    return ()


def tell_order_status(visit: Visit) -> str:
    """Orders: the one on its way for a known caller, else one by number. Returns "main_menu" or "goodbye"."""
    visit.queue, visit.subject = GENERAL_QUEUE, reason_text(Reason.ORDER_STATUS)
    order = _own_order(visit)
    if order is None:
        lead_in = (visit.prompt("order_none_on_its_way"),) if visit.customer_id else ()
        order = ask_order(visit, *lead_in)
    while True:
        if visit.customer_id is None:
            visit.identify(order.customer_id, visit.language)
        reason = reason_text(Reason.ORDER_STATUS, order.number)
        match visit.answer(reason, order_answer(order, visit.language, visit.now), AFTER_ORDER):
            case "again":
                continue
            case "other_order":
                order = ask_order(visit)
            case next_step:
                return next_step


def tell_bill(visit: Visit) -> str:
    """Bills: what is open and when it is due, for a caller whom we know or who can name an order. Returns as above."""
    visit.queue, visit.subject = "billing", reason_text(Reason.BILL)
    customer_id = visit.customer_id
    if customer_id is None:
        customer_id = ask_order(visit, visit.prompt("bill_order_first")).customer_id
        visit.identify(customer_id, visit.language)
    bills = visit.desk.open_bills(customer_id)
    reason = reason_text(Reason.BILL, bills[0].number if bills else "")
    while True:
        next_step = visit.answer(reason, bill_answer(bills, visit.language, visit.today), AFTER_BILL)
        if next_step != "again":
            return next_step


def choose_person(visit: Visit) -> RouteTo:
    """Which team. A caller who has just heard the bill and asks for billing arrives with that bill as the reason."""
    queue = visit.ask(PEOPLE_MENU)
    about_bill = queue == "billing" and visit.subject.startswith(Reason.BILL)
    visit.line.say(visit.prompt(f"connecting_{queue}"))
    return RouteTo(queue, visit.subject if about_bill else queue, visit.language, visit.customer_id)


def _who_calls(visit: Visit) -> tuple[CallerFacts, ...]:
    if not visit.line.call.ani:
        return ()
    try:
        return visit.desk.callers(visit.line.call.ani)
    except Unavailable:
        return ()  # goes on as a stranger: the way to a person needs no records


def _own_order(visit: Visit) -> OrderFacts | None:
    order = visit.desk.newest_order(visit.customer_id) if visit.customer_id else None
    return order if order and is_worth_telling(order, visit.now) else None


def _part_of_day(hour: int) -> str:
    if 4 <= hour < 11:
        return "morning"
    if 11 <= hour < 15:
        return "midday"
    return "afternoon" if 15 <= hour < 18 else "evening"
