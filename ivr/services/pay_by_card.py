"""Paying by card: what is open, the card by key, a yes to the amount, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Unavailable
from crm.payment.cards import Card, CardBrand
from crm.payment.taking import PaymentResult, Taken
from ivr.desk import BillFacts
from ivr.flow import Condition
from ivr.identity import proved_customer
from ivr.line import Prompt
from ivr.menu import PersonWanted
from ivr.reasons import Reason, reason_text
from ivr.services.card_entry import ask_card
from ivr.services.questions import CONFIRM, YES_OR_NO, confirms
from ivr.services.service import AFTER_ANSWER, AFTER_TELL, Next, Step, tell_and_go_on
from ivr.telling import Answer
from ivr.visit import Visit
from ivr.wording import Wording

WHICH = "pay_which"
GATEWAY_LIMIT_S = 20.0
CARDS_TRIED = 2
BRANDS = {
    CardBrand.VISA: "Visa", CardBrand.MASTERCARD: "Mastercard", CardBrand.JCB: "J C B", CardBrand.AMEX: "American Express",
    CardBrand.UNIONPAY: "Union Pay", CardBrand.MAESTRO: "Maestro",
}  # fmt: skip


@dataclass(slots=True)
class _Wish:
    """What the caller wants to pay, and the amount they agree to."""

    customer_id: int
    bills: tuple[str, ...]
    amount_idr: int


class PayByCard:
    """One bill or all of them, with one card, and another one when the first is declined."""

    name = "pay_by_card"
    menus = {  # noqa: RUF012  # never changed
        WHICH: frozenset({"all", "first", "main_menu"}),
        CONFIRM: YES_OR_NO,
        AFTER_TELL: AFTER_ANSWER,
    }

    def run(self, visit: Visit) -> Step:
        visit.begin("billing", reason_text(Reason.PAY_BY_CARD))
        customer_id = proved_customer(visit)
        if Condition.CARDS not in visit.holds:
            raise PersonWanted(Reason.NO_CARDS)
        bills = visit.look_up("open_bills", lambda desk: desk.open_bills(customer_id))
        if not bills:
            return _tell(visit, Prompt("bill_none", visit.language))
        chosen = _which(visit, bills)
        if not chosen:
            return Next.MAIN_MENU
        visit.subject = reason_text(Reason.PAY_BY_CARD, chosen[0].number)
        wish = _Wish(customer_id, tuple(bill.number for bill in chosen), sum(bill.open_idr for bill in chosen))
        return _pay(visit, wish)


def _which(visit: Visit, bills: Sequence[BillFacts]) -> Sequence[BillFacts]:
    """All bills, or the one that is due first; () for neither."""
    if len(bills) == 1:
        return bills
    total = visit.prompt("pay_bills", count=visit.aloud.count(len(bills)), total=_sum(visit, bills), first=_sum(visit, bills[:1]))
    return {"all": bills, "first": bills[:1]}.get(visit.ask(WHICH, about=(total,)), ())


def _pay(visit: Visit, wish: _Wish) -> Step:
    opening = [visit.prompt("pay_amount", amount=visit.aloud.money(wish.amount_idr))]
    for _card in range(CARDS_TRIED):
        result = _charge(visit, wish, ask_card(visit, *opening))
        if result is None:
            visit.say("pay_left")
            return Next.MAIN_MENU
        visit.line.note("payment", result.taken.value)
        match result.taken:
            case Taken.APPROVED:
                return tell_and_go_on(visit, _paid(visit.subject, result), AFTER_TELL)
            case Taken.ALREADY_PAID:
                return _tell(visit, Prompt("bill_none", visit.language))
            case Taken.IN_PROGRESS:
                return _tell(visit, Prompt("pay_in_progress", visit.language))
            case Taken.DECLINED:
                reason = result.decline_reason.value if result.decline_reason else "refused"
                opening = [visit.prompt(f"pay_declined_{reason}"), visit.prompt("pay_other_card")]
            case Taken.TOO_MANY_DECLINED:
                break
            case _:
                raise PersonWanted(Reason.PAYMENT_UNKNOWN)
    raise PersonWanted(Reason.PAYMENT_DECLINED)


def _charge(visit: Visit, wish: _Wish, card: Card) -> PaymentResult | None:
    """Charge what the caller agrees to; None when they do not. An amount that has changed meanwhile is asked about anew."""
    while True:
        brand, amount = BRANDS[card.number.brand], visit.aloud.money(wish.amount_idr)
        if not confirms(visit, visit.prompt("pay_confirm", brand=brand, amount=amount)):
            return None
        result = _take(visit, wish, card)
        visit.hear_first()
        if result.taken is not Taken.AMOUNT_CHANGED:
            return result
        wish.amount_idr = result.amount_idr
        visit.say("pay_amount_changed")


def _take(visit: Visit, wish: _Wish, card: Card) -> PaymentResult:
    """Nothing tells a payment that got no answer from one that was made: then it is not known."""
    interaction_id = visit.line.call.interaction_id
    visit.say("pay_moment")
    try:
        return visit.look_up(
            "take_payment",
            lambda desk: desk.take_payment(wish.customer_id, wish.bills, wish.amount_idr, card, visit.moment, interaction_id),
            GATEWAY_LIMIT_S,
        )
    except Unavailable:
        return PaymentResult(Taken.UNKNOWN, wish.amount_idr)


def _paid(reason: str, result: PaymentResult) -> Answer:
    def sentences(words: Wording) -> list[Prompt]:
        approved = Prompt("pay_approved", words.language, {"amount": words.money(result.amount_idr)})
        return [approved, Prompt("pay_reference", words.language, {"reference": words.digits(result.reference)})]

    return Answer(reason, sentences)


def _tell(visit: Visit, prompt: Prompt) -> Step:
    return tell_and_go_on(visit, Answer(visit.subject, lambda _words: [prompt]), AFTER_TELL)


def _sum(visit: Visit, bills: Sequence[BillFacts]) -> str:
    return visit.aloud.money(sum(bill.open_idr for bill in bills))
