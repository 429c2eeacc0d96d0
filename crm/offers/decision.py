"""What becomes of the next best offer: shown, held out, suppressed, or there is none. Pure."""

from dataclasses import dataclass
from datetime import datetime

from crm.offers.candidates import Candidate, PassedOver, Shelf, candidates
from crm.offers.hold_out import is_held_out
from crm.offers.offer import OfferState, Why
from crm.offers.situation import Situation
from crm.offers.suppression import suppressions
from crm.offers.terms import OfferTerms


@dataclass(frozen=True, slots=True)
class Decision:
    """`state` is SHOWN or HELD_OUT, then with a `candidate` (of the comparison group: what it would have been); SUPPRESSED, then
    with `whys`; or NOTHING. `passed_over` are products that would have come first."""

    state: OfferState
    candidate: Candidate | None = None
    whys: tuple[Why, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


def decide(situation: Situation, shelf: Shelf, terms: OfferTerms, now: datetime) -> Decision:
    """The next best offer. What suppresses wins over everything; the comparison group is made of those who would get one."""
    whys = suppressions(situation, terms, now)
    if whys or situation.customer_id is None:
        return Decision(OfferState.SUPPRESSED, whys=whys or (Why.UNKNOWN_CUSTOMER,))
    found, passed = candidates(situation.bought, shelf, terms, now, situation.accepted)
    if not found:
        return Decision(OfferState.NOTHING, passed_over=tuple(passed))
    held = is_held_out(situation.customer_id, now, terms.hold_out_share, terms.hold_out_period_days)
    return Decision(OfferState.HELD_OUT if held else OfferState.SHOWN, found[0], passed_over=tuple(passed))
