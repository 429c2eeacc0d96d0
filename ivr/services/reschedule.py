"""Rescheduling: an order comes in another window, one that the caller chooses and hears back."""

from crm.deliveries import RESCHEDULABLE, Rescheduled
from crm.time_windows import Window
from ivr.desk import OrderFacts
from ivr.identity import proved_customer
from ivr.line import Prompt
from ivr.reasons import Reason, reason_text
from ivr.services.order_number import ask_order
from ivr.services.questions import CHOOSE_TIME, TIMES, choose_time
from ivr.services.service import AFTER_ANSWER, AFTER_TELL, Next, Step, tell_and_go_on
from ivr.telling import Answer
from ivr.visit import GENERAL_QUEUE, Visit
from ivr.wording import Wording


class Reschedule:
    """Another day and time for a delivery."""

    name = "reschedule"
    menus = {CHOOSE_TIME: TIMES, AFTER_TELL: AFTER_ANSWER}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Step:
        visit.begin(GENERAL_QUEUE, reason_text(Reason.RESCHEDULE, visit.order))
        order = _which(visit, proved_customer(visit))
        if order is None:
            return _tell(visit, "", "reschedule_none")
        visit.subject = reason_text(Reason.RESCHEDULE, order.number)
        visit.say("reschedule_order", number=visit.aloud.digits(order.number))
        while True:
            windows = visit.look_up("delivery_windows", lambda desk: desk.delivery_windows(order.number, visit.now))
            if not windows:
                return _tell(visit, order.number, "reschedule_no_windows")
            window = choose_time(visit, windows)
            if window is None:
                return Next.MAIN_MENU
            match _reschedule(visit, order.number, window):
                case Rescheduled.CHANGED | Rescheduled.UNCHANGED:
                    return tell_and_go_on(visit, _done(order.number, window), AFTER_TELL)
                case Rescheduled.TOO_LATE:
                    return _tell(visit, order.number, "reschedule_too_late")
                case Rescheduled.FULL | Rescheduled.NOT_OFFERED:
                    visit.say("time_taken")


def _which(visit: Visit, customer_id: int) -> OrderFacts | None:
    """The order that was just read out, the only one that can still be changed, or the one whose number they give."""
    orders = visit.look_up("orders_of", lambda desk: desk.orders_of(customer_id))
    movable = {order.number: order for order in orders if order.status in RESCHEDULABLE}
    if visit.order in movable:
        return movable[visit.order]
    if len(movable) > 1:
        named = ask_order(visit, visit.prompt("reschedule_which"))
        is_theirs = named.customer_id == customer_id and named.status in RESCHEDULABLE
        return named if is_theirs else None
    return next(iter(movable.values()), None)


def _reschedule(visit: Visit, number: str, window: Window) -> Rescheduled:
    interaction_id = visit.line.call.interaction_id
    return visit.look_up("reschedule", lambda desk: desk.reschedule(number, window, visit.now, interaction_id))


def _done(number: str, window: Window) -> Answer:
    def sentences(words: Wording) -> list[Prompt]:
        fields = {"number": words.digits(number), "day": words.on_day(window.day), "times": words.times(window)}
        return [Prompt("reschedule_done", words.language, fields)]

    return Answer(reason_text(Reason.RESCHEDULE, number), sentences)


def _tell(visit: Visit, number: str, key: str) -> Step:
    answer = Answer(reason_text(Reason.RESCHEDULE, number), lambda words: [Prompt(key, words.language)])
    return tell_and_go_on(visit, answer, AFTER_TELL)
