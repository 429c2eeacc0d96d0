"""Bills: what is open and when it is due, for a caller whom we know by their own number, or who proves who they are."""

from ivr.answers import bill_answer
from ivr.identity import account_holder
from ivr.reasons import Reason, reason_text
from ivr.services.service import AFTER_ANSWER, Step, tell_and_go_on
from ivr.telling import Answer
from ivr.visit import Visit

AFTER = "after_bill"


class Bill:
    """The open amount and its due day."""

    name = "bill"
    menus = {AFTER: AFTER_ANSWER}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Step:
        visit.begin("billing", reason_text(Reason.BILL))
        customer_id = account_holder(visit)
        bills = visit.look_up("open_bills", lambda desk: desk.open_bills(customer_id))
        reason = reason_text(Reason.BILL, bills[0].number if bills else "")
        return tell_and_go_on(visit, Answer(reason, lambda words: bill_answer(bills, words)), AFTER)
