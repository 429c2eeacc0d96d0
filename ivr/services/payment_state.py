"""Whether a payment was received: the newest one of this customer."""

from crm.payment.answers import LastPayment, PaymentState
from ivr.identity import proved_customer
from ivr.line import Prompt
from ivr.reasons import Reason, reason_text
from ivr.services.service import AFTER_ANSWER, AFTER_TELL, Step, tell_and_go_on
from ivr.telling import Answer
from ivr.visit import Visit
from ivr.wording import Wording


class PaymentReceived:
    """Received, partly, on its way, or not seen."""

    name = "payment_state"
    menus = {AFTER_TELL: AFTER_ANSWER}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Step:
        visit.begin("billing", reason_text(Reason.PAYMENT_STATE))
        customer_id = proved_customer(visit)
        last = visit.look_up("payment_state", lambda desk: desk.payment_state(customer_id))
        reason = reason_text(Reason.PAYMENT_STATE, last.invoices[0] if last.invoices else "")
        return tell_and_go_on(visit, Answer(reason, lambda words: payment_answer(last, words)), AFTER_TELL)


def payment_answer(last: LastPayment, words: Wording) -> list[Prompt]:
    """What is known of the newest payment, and what is still open of the same bills."""
    if last.state is PaymentState.NONE or last.at is None:
        return [Prompt("payment_none", words.language)]
    day = last.at.astimezone(words.now.tzinfo).date()
    fields = {"amount": words.money(last.amount_idr), "day": words.on_day(day)}
    if last.state is PaymentState.PENDING:
        return [Prompt("payment_pending", words.language, fields)]
    received = Prompt("payment_received", words.language, fields)
    if last.state is PaymentState.PARTLY:
        return [received, Prompt("payment_rest", words.language, {"amount": words.money(last.open_idr)})]
    return [received]
