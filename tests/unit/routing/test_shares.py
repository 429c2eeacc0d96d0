"""Calls shared out by weight: never a whole call away from the weights."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from routing.engine import Engine
from routing.shares import ShareCount, Shares
from tests.unit.routing.small_policy import policy_of, queue_text, site_text, sites_text


@given(st.lists(st.integers(1, 100), min_size=1, max_size=7), st.integers(1, 300))
def test_each_site_has_its_share_but_for_less_than_a_call(weights: list[int], calls: int) -> None:
    shares = Shares("q", tuple((f"s{number}", weight) for number, weight in enumerate(weights)))
    count, had = ShareCount(shares, lambda site: True), dict.fromkeys(dict(shares.weights), 0)
    for number in range(1, calls + 1):
        ranks = count.ranks()
        turn = min(ranks, key=ranks.__getitem__)
        count.give(turn)
        had[turn] += 1
        for site, weight in shares.weights:
            assert abs(had[site] - Fraction(weight * number, sum(weights))) < 1


def test_a_site_that_could_not_take_its_turn_makes_up_for_it() -> None:
    count = ShareCount(Shares("q", (("a", 1), ("b", 1))), lambda site: True)
    for _ in range(3):
        count.give("b")
    for _ in range(3):
        assert count.ranks()["a"] < count.ranks()["b"]
        count.give("a")
    assert count.ranks()["a"] < count.ranks()["b"], "even again: the first of the policy"


def test_who_opens_is_owed_nothing_for_the_night() -> None:
    closed = {"a"}
    count = ShareCount(Shares("q", (("a", 1), ("b", 1))), lambda site: site not in closed)
    for _ in range(50):
        count.give("b")
    assert set(count.ranks()) == {"b"}
    closed.clear()
    for site in ("a", "b", "a", "b"):
        ranks = count.ranks()
        assert min(ranks, key=ranks.__getitem__) == site
        count.give(site)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 60))
def test_the_engine_shares_out_calls_while_agents_are_ready_everywhere(jakarta: int, surabaya: int, calls: int) -> None:
    policy = policy_of(
        queue_text("q", f"sites: {{share: {{jakarta: {jakarta}, surabaya: {surabaya}}}, any_after_s: 60}}"),
        more=sites_text(site_text("jakarta", "Jakarta"), site_text("surabaya", "Surabaya"), site_text("makassar", "Makassar")),
    )  # fmt: skip
    engine, sites = Engine(policy.asked, policy.site_limits), ("jakarta", "surabaya", "makassar")
    for number in range(3 * calls):
        engine.know(f"a{number}", {}, sites[number % 3])
        engine.ready(f"a{number}", 0.0)
    for number in range(calls):
        engine.wait(f"c{number:03d}", number, 0.0, policy.plan("q", ("id", "en")[number % 2], region="surabaya"), 0.0)
    had = [found.circle.site for found in engine.match(0.0)]
    assert len(had) == calls
    assert had.count("makassar") == 0
    # Two languages are counted together: both sites speak them.
    assert abs(had.count("jakarta") - Fraction(calls * jakarta, jakarta + surabaya)) < 1
