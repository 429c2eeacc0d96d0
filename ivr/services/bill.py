"""Bills: what is open and when it is due, for a caller whom we know or who can name an order."""

from ivr.answers import bill_answer
from ivr.reasons import Reason, reason_text
from ivr.services.order_number import ask_order
from ivr.services.service import Next
from ivr.visit import Visit

AFTER = "after_bill"


class Bill:
    """The open amount and its due day."""

    name = "bill"
    menus = {AFTER: frozenset({"again", "main_menu", "goodbye"})}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Next:
        visit.queue, visit.subject = "billing", reason_text(Reason.BILL)
        customer_id = visit.customer_id
        if customer_id is None:
            customer_id = ask_order(visit, visit.prompt("bill_order_first")).customer_id
            visit.identify(customer_id, visit.language)
        bills = visit.look_up("open_bills", lambda desk: desk.open_bills(customer_id))
        reason = reason_text(Reason.BILL, bills[0].number if bills else "")
        while True:
            next_step = visit.answer(reason, bill_answer(bills, visit.language, visit.today), AFTER)
            if next_step != "again":
                return Next(next_step)
