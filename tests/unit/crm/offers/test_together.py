"""What goes together: by hand, in closed form on planted baskets, and by law."""

from itertools import product as every
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.offers.together import Pair, best_together, goes_together

A, B, C = 1, 2, 3
purchases = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 6), st.integers(0, 4).map(float)), max_size=60)


def by_hand(rows: list[tuple[int, int, float]]) -> dict[tuple[int, int], tuple[int, int, float]]:
    """(buyers, then, lift) of every pair by plain counting."""
    first: dict[tuple[int, int], float] = {}
    for customer, product, when in rows:
        first[customer, product] = min(when, first.get((customer, product), when))
    customers = {customer for customer, _product in first}
    products = {product for _customer, product in first}
    found = {}
    for one, other in every(products, products):
        if one == other:
            continue
        of_one = {customer for customer, product in first if product == one}
        of_other = {customer for customer, product in first if product == other}
        then = sum(first[customer, other] >= first[customer, one] for customer in of_one & of_other)
        lift = len(of_one & of_other) * len(customers) / (len(of_one) * len(of_other))
        found[one, other] = len(of_one), then, lift
    return found


def test_a_small_shop_counted_by_hand() -> None:
    # Five customers. A: 1, 2, 3, 4. B: 1 with A, 2 later, 3 before, 5. C: 4 later.
    rows = [(1, A, 1.0), (1, B, 1.0), (2, A, 1.0), (2, B, 2.0), (3, B, 1.0), (3, A, 2.0), (4, A, 1.0), (4, C, 9.0), (5, B, 1.0)]
    found = goes_together(rows, least_together=1, least_lift=0.0, kept=9)
    assert found.customers == 5
    assert found.buyers == {A: 4, B: 4, C: 1}
    pairs = {(pair.bought, pair.other): pair for pair in found.pairs}
    assert pairs.keys() == {(A, B), (B, A), (A, C)}
    assert (pairs[A, B].then, pairs[A, B].share) == (2, 0.5)
    assert pairs[A, B].lift == pytest.approx(3 * 5 / (4 * 4))
    assert (pairs[B, A].then, pairs[B, A].lift) == (2, pairs[A, B].lift)
    assert (pairs[A, C].then, pairs[A, C].lift) == (1, pytest.approx(1 * 5 / (4 * 1)))


@given(purchases)
def test_it_counts_as_one_would_by_hand(rows: list[tuple[int, int, float]]) -> None:
    found = goes_together(rows, least_together=1, least_lift=0.0, kept=99)
    wanted = {key: facts for key, facts in by_hand(rows).items() if facts[1] >= 1}
    counted = {(pair.bought, pair.other): (pair.buyers, pair.then, pair.lift) for pair in found.pairs}
    assert counted.keys() == wanted.keys()
    for key, (buyers, then, lift) in wanted.items():
        assert counted[key] == (buyers, then, pytest.approx(lift))


@given(purchases, st.integers(1, 4), st.floats(0, 3), st.integers(1, 3))
def test_only_what_is_strong_enough_is_kept_and_not_more_than_asked(
    rows: list[tuple[int, int, float]], least_together: int, least_lift: float, kept: int
) -> None:
    everything = goes_together(rows, 1, 0.0, 99).pairs
    found = goes_together(rows, least_together, least_lift, kept).pairs
    assert set(found) <= set(everything)
    assert all(pair.then >= least_together and pair.lift >= least_lift for pair in found)
    for product in {pair.bought for pair in everything}:
        assert sum(pair.bought == product for pair in found) <= kept


@given(purchases, st.randoms(use_true_random=False))
def test_the_order_and_repetition_of_rows_change_nothing(rows: list[tuple[int, int, float]], chance: Random) -> None:
    mixed = rows + rows
    chance.shuffle(mixed)
    assert goes_together(mixed, 1, 0.0, 99) == goes_together(rows, 1, 0.0, 99)


def test_planted_associations_are_found_at_their_strength() -> None:
    """Every customer buys A with p, B with q if they bought A and r if not, C with s: lift and share follow in closed form."""
    p, q, r, s, many = 0.3, 0.5, 0.05, 0.4, 40_000
    chance = Random(7)
    rows = []
    for customer in range(many):
        has_a = chance.random() < p
        rows += [(customer, A, 1.0)] if has_a else []
        rows += [(customer, B, 2.0)] if chance.random() < (q if has_a else r) else []
        rows += [(customer, C, 1.0)] if chance.random() < s else []
        rows.append((customer, 4, 0.0))  # everybody buys something
    pairs = {(pair.bought, pair.other): pair for pair in goes_together(rows, 5, 0.0, 99).pairs}
    all_b = p * q + (1 - p) * r
    # Three and more standard deviations at so many customers.
    assert pairs[A, B].share == pytest.approx(q, abs=0.015)
    assert pairs[A, B].lift == pytest.approx(q / all_b, rel=0.04)
    assert pairs[A, C].share == pytest.approx(s, abs=0.015)
    assert pairs[A, C].lift == pytest.approx(1.0, rel=0.04)
    assert (B, A) not in pairs  # nobody takes A after B
    assert (A, 4) not in pairs  # everybody had it before
    assert pairs[4, A].lift == 1.0
    strong = goes_together(rows, 5, 1.2, 99).pairs
    assert [(pair.bought, pair.other) for pair in strong] == [(A, B)]


def test_evidence_of_several_products_adds_up_and_the_strongest_gives_the_reason() -> None:
    weak, strong, other = Pair(A, C, 100, 10, 4.0), Pair(B, C, 100, 30, 4.0), Pair(A, 4, 100, 35, 4.0)
    (first, weight, because), second = best_together([weak, strong, other])
    assert (first, because) == (C, strong)
    assert weight == pytest.approx(0.1 * 2 + 0.3 * 2)
    assert second == (4, pytest.approx(0.35 * 2), other)


def test_nobody_bought_anything() -> None:
    assert goes_together([], 1, 1.0, 9).pairs == ()
