"""Runs a flow to its outcome. Whatever happens inside, a caller ends with an answer or with a person."""

from collections.abc import Callable

from core.errors import Unavailable
from core.log import get_log
from ivr.hours_answer import queue_closed_answer
from ivr.line import HungUp, Prompt
from ivr.menu import PersonWanted
from ivr.outcome import CallerGone, Outcome, RouteTo, TurnedAway
from ivr.reasons import Reason, reason_text
from ivr.spoken import LANGUAGES
from ivr.visit import DEFAULT_LANGUAGE, GENERAL_QUEUE, Visit

Flow = Callable[[Visit], Outcome]
STEP = "person"

_APOLOGIES = {
    Reason.NO_INPUT: "sorry_no_input",
    Reason.WRONG_INPUT: "sorry_wrong_input",
    Reason.NOT_UNDERSTOOD: "sorry_not_understood",
    Reason.ORDER_NOT_FOUND: "sorry_order_not_found",
    Reason.CUSTOMER_NOT_FOUND: "sorry_customer_not_found",
    Reason.TOO_MANY_NUMBERS: "sorry_too_many_numbers",
    Reason.NO_PIN: "sorry_no_pin",
    Reason.PIN_NOT_PROVED: "sorry_pin",
    Reason.NO_TIME_FITS: "sorry_no_time",
    Reason.NO_CARDS: "sorry_no_cards",
    Reason.CARD_NOT_READ: "sorry_card_not_read",
    Reason.PAYMENT_DECLINED: "sorry_payment_declined",
    Reason.PAYMENT_UNKNOWN: "sorry_payment_unknown",
    Reason.BACK_END_DOWN: "sorry_back_end",
    Reason.FLOW_FAILED: "sorry_flow_failed",
}
# What the agent must know before anything else, beside what the caller was doing: its code, or the number of the paper.
_WITH_CODE = frozenset(
    {Reason.BACK_END_DOWN, Reason.CUSTOMER_NOT_FOUND, Reason.TOO_MANY_NUMBERS, Reason.NO_PIN, Reason.PIN_NOT_PROVED}
)
_WITH_NUMBER = frozenset({Reason.PAYMENT_DECLINED, Reason.PAYMENT_UNKNOWN})
_log = get_log(__name__)


def run(flow: Flow, visit: Visit) -> Outcome:
    """Run one flow for one caller."""
    try:
        try:
            return flow(visit)
        except PersonWanted as wanted:
            return _hand_over(visit, wanted.reason)
        except Unavailable:
            return _hand_over(visit, Reason.BACK_END_DOWN)
    except HungUp:
        return CallerGone(visit.heard)
    except Exception:
        _log.exception("flow_failed", flow=getattr(flow, "__name__", "flow"))
        return _after_failure(visit)


def _hand_over(visit: Visit, wanted: Reason) -> RouteTo:
    """To whoever knows most about what the caller was doing and is there, who sees what that was."""
    queue = visit.person_queue or visit.queue
    reason = wanted.value
    code, _colon, number = visit.subject.partition(":")
    if wanted in _WITH_CODE:
        reason = reason_text(wanted, code)
    elif wanted in _WITH_NUMBER:
        reason = reason_text(wanted, number)
    elif wanted is not Reason.ORDER_NOT_FOUND and visit.subject:
        reason = visit.subject
    visit.line.note(STEP, wanted)
    apology = [visit.prompt(_APOLOGIES[wanted])] if wanted in _APOLOGIES else []
    return visit.connect(queue, reason, *apology)


def _after_failure(visit: Visit) -> Outcome:
    language = visit.language if visit.language in LANGUAGES else DEFAULT_LANGUAGE
    wish = RouteTo(GENERAL_QUEUE, Reason.FLOW_FAILED.value, language, visit.customer_id, visit.postcode)
    try:
        visit.line.note(STEP, Reason.FLOW_FAILED)
        sorry = Prompt(_APOLOGIES[Reason.FLOW_FAILED], language)
        closed = visit.own_hours(GENERAL_QUEUE)
        if closed is not None and not closed.open:
            told = queue_closed_answer(closed, Prompt("queue_closed", language), visit.now)
            visit.line.say(sorry, *told, Prompt("goodbye", language))
            return TurnedAway(Reason.FLOW_FAILED.value)
        visit.line.stand_in_line(wish, sorry)
        visit.line.say(Prompt("connecting", language))
    except HungUp:
        return CallerGone(visit.heard)
    except Exception:
        _log.exception("apology_failed")
    return wish
