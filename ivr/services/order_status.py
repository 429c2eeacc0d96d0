"""Order status: the one on its way for a known caller, else one by its number."""

from ivr.answers import is_worth_telling, order_answer
from ivr.desk import OrderFacts
from ivr.reasons import Reason, reason_text
from ivr.services.order_number import ask_order
from ivr.services.service import Next
from ivr.visit import GENERAL_QUEUE, Visit

AFTER = "after_order"


class OrderStatus:
    """Where the order is, when it comes, what it costs."""

    name = "order_status"
    menus = {AFTER: frozenset({"again", "main_menu", "other_order", "goodbye"})}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Next:
        visit.queue, visit.subject = GENERAL_QUEUE, reason_text(Reason.ORDER_STATUS)
        order = _own_order(visit)
        if order is None:
            lead_in = (visit.prompt("order_none_on_its_way"),) if visit.customer_id else ()
            order = ask_order(visit, *lead_in)
        while True:
            if visit.customer_id is None:
                visit.identify(order.customer_id, visit.language)
            reason = reason_text(Reason.ORDER_STATUS, order.number)
            match visit.answer(reason, order_answer(order, visit.language, visit.now), AFTER):
                case "again":
                    continue
                case "other_order":
                    order = ask_order(visit)
                case next_step:
                    return Next(next_step)


def _own_order(visit: Visit) -> OrderFacts | None:
    customer_id = visit.customer_id
    if customer_id is None:
        return None
    order = visit.look_up("newest_order", lambda desk: desk.newest_order(customer_id))
    return order if order and is_worth_telling(order, visit.now) else None
