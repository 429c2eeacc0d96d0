"""Service first: everything that keeps a customer from being offered anything, and a product from being offered. Pure."""

from collections.abc import Iterator, Mapping, Set
from datetime import datetime, timedelta

from crm.offers.offer import Why, WhyNotThis
from crm.offers.situation import Bought, CallSoFar, Situation, Ware
from crm.offers.terms import OfferTerms


def problem_open(call: CallSoFar, terms: OfferTerms) -> bool:
    """Whether the caller's problem is still open, as far as anybody said.

    A disposition that says so wins; then one that says solved, the agent's word, or a script that ended so; then why they call.
    """
    if call.code in terms.unsolved_codes:
        return True
    ended_well = bool(call.end_codes) and terms.solved_codes.issuperset(call.end_codes)
    if call.said_solved or call.code in terms.solved_codes or ended_well:
        return False
    reason, _colon, _detail = call.reason.partition(":")
    free = reason in terms.free_reasons if reason else call.queue in terms.free_queues
    return not free


def suppressions(situation: Situation, terms: OfferTerms, now: datetime) -> tuple[Why, ...]:
    """Why this customer is offered nothing now, all of it, the weightiest first; empty when they may be offered something."""
    return tuple(_suppressions(situation, terms, now))


def _suppressions(situation: Situation, terms: OfferTerms, now: datetime) -> Iterator[Why]:
    if situation.permission.why_not is not None:
        yield Why(situation.permission.why_not.value)
    if problem_open(situation.call, terms):
        yield Why.PROBLEM_OPEN
    if situation.complaints:
        yield Why.COMPLAINT_OPEN
    if situation.disputed:
        yield Why.BILL_DISPUTED
    if _within(situation.last_no_at, terms.quiet_days_after_no, now):
        yield Why.SAID_NO
    if _within(situation.last_not_now_at, terms.quiet_days_after_not_now, now):
        yield Why.SAID_NOT_NOW


def why_not_this(
    ware: Ware, bought: tuple[Bought, ...], wares: Mapping[int, Ware], accepted: Set[int] = frozenset()
) -> WhyNotThis | None:  # fmt: skip
    """Why this product is not offered to who bought these, and `accepted` those lately; None when it may be."""
    if ware.product_id in accepted:
        return WhyNotThis.ACCEPTED
    if ware.stock <= 0:
        return WhyNotThis.OUT_OF_STOCK
    if ware.bought_again:
        return None
    owned = [*(each.product_id for each in bought), *accepted]
    if ware.product_id in owned:
        return WhyNotThis.OWNED
    in_line = [wares[key] for key in owned if key in wares and ware.line and wares[key].line == ware.line]
    return WhyNotThis.OWNS_BETTER if any(each.line_step >= ware.line_step for each in in_line) else None


def _within(moment: datetime | None, days: int, now: datetime) -> bool:
    return moment is not None and now - moment < timedelta(days=days)
