"""No offer while anything suppresses it; what is offered is in stock and new to them; the same is always decided alike."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.offers.candidates import Shelf, candidates
from crm.offers.decision import decide
from crm.offers.offer import OfferKind, OfferState, Why, WhyNotThis
from crm.offers.situation import Bought, CallSoFar, Lowered, Situation, Ware
from crm.offers.suppression import problem_open, suppressions, why_not_this
from crm.offers.terms import OfferTerms
from crm.offers.together import Pair
from crm.selling import NotToBeSoldTo, Permission, permission
from tests.unit.crm.offers.offer_worlds import NOW, SHIPPED, calls, free_situations, shelves, situations, terms

FREE = Situation(1, Permission(), CallSoFar("sales", "sales"))
NO_HOLD_OUT = SHIPPED.model_copy(update={"hold_out_share": 0.0})
NECKLACE, EARRINGS, TV_32, TV_50, TV_65, FILTER = range(1, 7)
WARES = {
    NECKLACE: Ware(NECKLACE, "jewellery", 900_000, 5),
    EARRINGS: Ware(EARRINGS, "jewellery", 400_000, 5),
    TV_32: Ware(TV_32, "television", 2_000_000, 5, "tv", 1),
    TV_50: Ware(TV_50, "television", 5_000_000, 5, "tv", 2),
    TV_65: Ware(TV_65, "television", 9_000_000, 5, "tv", 3),
    FILTER: Ware(FILTER, "supplies", 90_000, 5, bought_again=True),
}
SHELF = Shelf(WARES, {}, [Pair(NECKLACE, EARRINGS, 100, 31, 4.0)], [(FILTER, 50), (NECKLACE, 40)])


def bought(*product_ids: int, days_ago: float = 7, unpacked: bool = False) -> tuple[Bought, ...]:
    return tuple(Bought(key, NOW - timedelta(days=days_ago), unpacked) for key in product_ids)


SUPPRESSED = {
    "never asked": (replace(FREE, permission=permission(None)), Why.NEVER_ASKED),
    "refused": (replace(FREE, permission=permission(False)), Why.REFUSED),
    "unknown": (Situation(None, Permission(NotToBeSoldTo.UNKNOWN_CUSTOMER), FREE.call), Why.UNKNOWN_CUSTOMER),
    "problem": (replace(FREE, call=CallSoFar("billing", "bill:INV-7")), Why.PROBLEM_OPEN),
    "complaint": (replace(FREE, complaints=("T000001",)), Why.COMPLAINT_OPEN),
    "dispute": (replace(FREE, disputed="INV-7"), Why.BILL_DISPUTED),
    "no": (replace(FREE, last_no_at=NOW - timedelta(days=29.9)), Why.SAID_NO),
    "not now": (replace(FREE, last_not_now_at=NOW - timedelta(days=6.9)), Why.SAID_NOT_NOW),
}


@given(situations(), shelves(), terms)
def test_whatever_suppresses_wins_over_everything_else(situation: Situation, shelf: Shelf, terms: OfferTerms) -> None:
    decision = decide(situation, shelf, terms, NOW)
    whys = suppressions(situation, terms, NOW)
    assert decision.whys == whys
    assert (decision.state is OfferState.SUPPRESSED) == bool(whys)
    assert (decision.candidate is None) == (decision.state in (OfferState.SUPPRESSED, OfferState.NOTHING))
    quiet = situation.last_no_at is not None and NOW - situation.last_no_at < timedelta(days=terms.quiet_days_after_no)
    if not situation.permission.given or situation.complaints or situation.disputed or quiet:
        assert decision.state is OfferState.SUPPRESSED


@pytest.mark.parametrize(("situation", "why"), SUPPRESSED.values(), ids=SUPPRESSED.keys())
@given(shelf=shelves())
def test_each_reason_alone_is_enough_and_is_named(situation: Situation, why: Why, shelf: Shelf) -> None:
    decision = decide(situation, shelf, SHIPPED, NOW)
    assert (decision.state, decision.whys, decision.candidate) == (OfferState.SUPPRESSED, (why,), None)


@given(free_situations(), shelves(), terms)
def test_what_is_offered_is_in_stock_and_new_to_them(situation: Situation, shelf: Shelf, terms: OfferTerms) -> None:
    decision = decide(situation, shelf, terms, NOW)
    if decision.candidate is None:
        assert decision.state is OfferState.NOTHING
        return
    ware = shelf.wares[decision.candidate.product_id]
    assert ware.stock > 0
    assert ware.bought_again or ware.product_id not in [each.product_id for each in situation.bought]
    assert decision.candidate.kind in terms.kinds
    assert 0 <= decision.candidate.price_idr <= ware.price_idr
    for passed in decision.passed_over:
        assert why_not_this(shelf.wares[passed.product_id], situation.bought, shelf.wares) is passed.why


@given(free_situations(), shelves(), terms, st.randoms(use_true_random=False))
def test_the_order_of_what_is_read_changes_nothing(situation: Situation, shelf: Shelf, terms: OfferTerms, chance: object) -> None:
    def shuffled(some: object) -> list[object]:
        mixed = list(some)  # type: ignore[call-overload]
        chance.shuffle(mixed)  # type: ignore[attr-defined]
        return mixed

    mixed = Shelf(
        dict(shuffled(shelf.wares.items())), dict(shuffled(shelf.lowered.items())), shuffled(shelf.pairs), shuffled(shelf.sellers)
    )
    assert candidates(situation.bought, mixed, terms, NOW) == candidates(situation.bought, shelf, terms, NOW)


@given(free_situations(), shelves(), terms)
def test_nothing_is_offered_twice_in_a_row_of_candidates(situation: Situation, shelf: Shelf, terms: OfferTerms) -> None:
    found, passed = candidates(situation.bought, shelf, terms, NOW)
    keys = [each.product_id for each in found] + [each.product_id for each in passed]
    assert len(keys) == len(set(keys))


@given(calls)
def test_a_call_that_says_nothing_free_is_a_problem_until_somebody_says_solved(call: CallSoFar) -> None:
    silent = replace(call, code="", end_codes=(), said_solved=False, reason="asked_for_person", queue="billing")
    assert problem_open(silent, SHIPPED)
    assert not problem_open(replace(silent, said_solved=True), SHIPPED)
    assert problem_open(replace(call, code="complaint"), SHIPPED)
    assert problem_open(replace(call, code="complaint", said_solved=True, reason="sales"), SHIPPED)


@pytest.mark.parametrize(("call", "open_"), [
    (CallSoFar("sales"), False),
    (CallSoFar("sales", "sales"), False),
    (CallSoFar("sales", "pin_not_proved:bill"), True),
    (CallSoFar("billing"), True),
    (CallSoFar("billing", "opening_hours"), False),
    (CallSoFar("billing", "bill:INV-7", end_codes=("solved",)), False),
    (CallSoFar("billing", "bill:INV-7", end_codes=("solved", "bill_disputed")), True),
    (CallSoFar("billing", "bill:INV-7", code="promise_to_pay"), False),
    (CallSoFar("billing", "bill:INV-7", code="bill_disputed", end_codes=("solved",), said_solved=True), True),
])  # fmt: skip
def test_who_says_what_about_the_problem(call: CallSoFar, open_: bool) -> None:
    assert problem_open(call, SHIPPED) is open_


def test_a_no_that_is_long_ago_counts_no_more() -> None:
    assert suppressions(replace(FREE, last_no_at=NOW - timedelta(days=30)), SHIPPED, NOW) == ()


def offered(situation: Situation, shelf: Shelf = SHELF, **changed: object) -> tuple[OfferKind, int, int] | None:
    candidate = decide(situation, shelf, NO_HOLD_OUT.model_copy(update=changed), NOW).candidate
    return (candidate.kind, candidate.product_id, candidate.price_idr) if candidate else None


def test_who_bought_a_necklace_is_offered_the_earrings_that_go_with_it() -> None:
    decision = decide(replace(FREE, bought=bought(NECKLACE)), SHELF, NO_HOLD_OUT, NOW)
    assert decision.candidate is not None
    assert (decision.candidate.kind, decision.candidate.product_id) == (OfferKind.TOGETHER, EARRINGS)
    assert decision.candidate.because_id == NECKLACE
    assert decision.candidate.pair is not None
    assert decision.candidate.pair.share == 0.31


def test_pairs_that_few_take_are_not_offered_as_such() -> None:
    weak = replace(SHELF, pairs=[Pair(NECKLACE, EARRINGS, 100, 4, 4.0)])
    assert offered(replace(FREE, bought=bought(NECKLACE)), weak) == (OfferKind.POPULAR, FILTER, 90_000)


def test_a_promotion_lowers_the_price_of_whatever_is_offered() -> None:
    lowered = replace(SHELF, lowered={EARRINGS: Lowered(7, 10)})
    assert offered(replace(FREE, bought=bought(NECKLACE)), lowered) == (OfferKind.TOGETHER, EARRINGS, 360_000)


def test_the_next_step_of_a_line_is_offered_when_the_plainer_one_is_old_or_not_packed() -> None:
    line = {"kinds": (OfferKind.UP_SELL,)}
    assert offered(replace(FREE, bought=bought(TV_32, days_ago=539)), **line) is None
    assert offered(replace(FREE, bought=bought(TV_32, days_ago=540)), **line) == (OfferKind.UP_SELL, TV_50, 5_000_000)
    assert offered(replace(FREE, bought=bought(TV_32, days_ago=0.1, unpacked=True)), **line) == (
        OfferKind.UP_SELL,
        TV_50,
        5_000_000,
    )
    assert offered(replace(FREE, bought=bought(TV_65, days_ago=540)), **line) is None


def test_promotions_of_what_they_buy_anyway_come_first() -> None:
    shelf = replace(SHELF, lowered={FILTER: Lowered(1, 50), EARRINGS: Lowered(2, 10)})
    kinds = {"kinds": (OfferKind.PROMOTION,)}
    assert offered(replace(FREE, bought=bought(NECKLACE)), shelf, **kinds) == (OfferKind.PROMOTION, EARRINGS, 360_000)
    assert offered(FREE, shelf, **kinds) == (OfferKind.PROMOTION, FILTER, 45_000)


@pytest.mark.parametrize(("ware", "owned", "why"), [
    (replace(WARES[EARRINGS], stock=0), (), WhyNotThis.OUT_OF_STOCK),
    (WARES[EARRINGS], (EARRINGS,), WhyNotThis.OWNED),
    (WARES[TV_50], (TV_65,), WhyNotThis.OWNS_BETTER),
    (WARES[TV_50], (TV_32,), None),
    (WARES[FILTER], (FILTER,), None),
    (replace(WARES[FILTER], stock=0), (FILTER,), WhyNotThis.OUT_OF_STOCK),
])  # fmt: skip
def test_why_a_product_is_not_for_them(ware: Ware, owned: tuple[int, ...], why: WhyNotThis | None) -> None:
    assert why_not_this(ware, bought(*owned), WARES | {ware.product_id: ware}) is why


@pytest.mark.parametrize("again", [EARRINGS, FILTER])
def test_what_they_accepted_lately_is_not_offered_again_though_the_order_is_not_there_yet(again: int) -> None:
    shelf = replace(SHELF, pairs=[Pair(NECKLACE, again, 100, 31, 4.0)], sellers=[(TV_50, 50)])
    kinds = {"kinds": (OfferKind.TOGETHER, OfferKind.POPULAR)}
    asked = replace(FREE, bought=bought(NECKLACE))
    assert offered(asked, shelf, **kinds) == (OfferKind.TOGETHER, again, WARES[again].price_idr)
    assert offered(replace(asked, accepted=frozenset({again})), shelf, **kinds) == (OfferKind.POPULAR, TV_50, 5_000_000)
    assert offered(replace(asked, accepted=frozenset({again, TV_65})), shelf, **kinds) is None
