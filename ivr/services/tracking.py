"""Tracking: where the parcel was seen last, for whoever knows the order's number."""

from ivr.answers import tracking_answer
from ivr.desk import OrderFacts
from ivr.reasons import Reason, reason_text
from ivr.services.order_number import ask_order
from ivr.services.order_status import OTHER_ORDER, own_or_named_order
from ivr.services.service import AFTER_ANSWER, Step, go_on
from ivr.telling import Answer, tell
from ivr.visit import GENERAL_QUEUE, Visit

AFTER = "after_tracking"


class Tracking:
    """Where the parcel is now, and when it comes."""

    name = "tracking"
    menus = {AFTER: AFTER_ANSWER | {OTHER_ORDER}}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Step:
        visit.begin(GENERAL_QUEUE, reason_text(Reason.TRACKING, visit.order))
        order = _read_out_order(visit) or own_or_named_order(visit)
        while True:
            chosen = tell(visit, _answer(visit, order), AFTER)
            if chosen.choice.name != OTHER_ORDER:
                return go_on(chosen)
            order = ask_order(visit)


def _read_out_order(visit: Visit) -> OrderFacts | None:
    """The one whose status they have just heard."""
    return visit.look_up("order", lambda desk: desk.order(visit.order)) if visit.order else None


def _answer(visit: Visit, order: OrderFacts) -> Answer:
    seen = visit.look_up("track", lambda desk: desk.track(order.number, visit.language))
    return Answer(reason_text(Reason.TRACKING, order.number), lambda words: tracking_answer(order, seen, words))
