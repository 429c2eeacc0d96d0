"""Order status: the one on its way for a known caller, else one by its number."""

from ivr.answers import is_worth_telling, order_answer
from ivr.desk import OrderFacts
from ivr.reasons import Reason, reason_text
from ivr.services.order_number import ask_order
from ivr.services.service import AFTER_ANSWER, Step, go_on
from ivr.telling import Answer, tell
from ivr.visit import GENERAL_QUEUE, Visit

AFTER = "after_order"
OTHER_ORDER = "other_order"


class OrderStatus:
    """Where the order is, when it comes, what it costs."""

    name = "order_status"
    menus = {AFTER: AFTER_ANSWER | {OTHER_ORDER}}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Step:
        visit.begin(GENERAL_QUEUE, reason_text(Reason.ORDER_STATUS))
        order = own_or_named_order(visit)
        while True:
            chosen = tell(visit, _answer(order), AFTER)
            if chosen.choice.name != OTHER_ORDER:
                return go_on(chosen)
            order = ask_order(visit)


def own_or_named_order(visit: Visit) -> OrderFacts:
    """The order that a known caller most likely means, else the one whose number they give. Raises PersonWanted."""
    order = _own_order(visit)
    if order:
        visit.order = order.number
        return order
    return ask_order(visit, *([visit.prompt("order_none_on_its_way")] if visit.customer_id else []))


def _answer(order: OrderFacts) -> Answer:
    return Answer(reason_text(Reason.ORDER_STATUS, order.number), lambda words: order_answer(order, words))


def _own_order(visit: Visit) -> OrderFacts | None:
    customer_id = visit.customer_id
    if customer_id is None:
        return None
    order = visit.look_up("newest_order", lambda desk: desk.newest_order(customer_id))
    return order if order and is_worth_telling(order, visit.now) else None
