"""Which sites a caller reaches when, and how the plans of it widen."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.regions import all_regions
from routing.distance import EARTH_RADIUS_KM, great_circle_km
from routing.plans import ELSEWHERE, Plan
from routing.site_steps import SiteStep, site_steps
from tests.unit.routing.small_policy import policy_of, queue_text, site_text, sites_text

SITES = sites_text(
    site_text("jakarta", "Jakarta", "hours: always, cost: 3"), site_text("tangerang", "Tangerang", "hours: always, cost: 2"),
    site_text("surabaya", "Surabaya"), site_text("makassar", "Makassar", "hours: always, languages: [id]"),
)  # fmt: skip
REGIONS = st.sampled_from(["", *all_regions().by_code])
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(points, points, points)
def test_a_distance_is_one(one: tuple[float, float], other: tuple[float, float], third: tuple[float, float]) -> None:
    there = great_circle_km(*one, *other)
    assert 0 <= there <= 3.1416 * EARTH_RADIUS_KM
    assert great_circle_km(*one, *one) == 0
    assert there == pytest.approx(great_circle_km(*other, *one), abs=1e-6)
    assert there <= great_circle_km(*one, *third) + great_circle_km(*third, *other) + 1e-3


def test_known_distances() -> None:
    assert great_circle_km(0, 0, 0, 90) == pytest.approx(10_007.5, abs=0.1), "a quarter of the equator"
    assert great_circle_km(-6.2, 106.83, -7.26, 112.75) == pytest.approx(663, abs=5), "Jakarta to Surabaya"


def steps(rule: str, language: str = "id", region: str = "") -> tuple[SiteStep, ...]:
    policy = policy_of(queue_text("q", f"sites: {rule}"), more=SITES)
    rule_form = policy.queue("q").sites
    assert rule_form is not None
    return site_steps(rule_form, policy.sites, language, region)


def test_the_nearest_comes_first_and_farther_ones_later() -> None:
    assert steps("{near_km: 0, widen: [{after_s: 20, km: 900}], any_after_s: 60}", region="surabaya") == (
        SiteStep(0, ("surabaya",)), SiteStep(20, ("tangerang",)), SiteStep(20, ("jakarta",)), SiteStep(20, ("makassar",)),
        SiteStep(60, (ELSEWHERE,)),
    )  # fmt: skip


def test_of_equally_near_sites_the_cheaper_is_liked_better() -> None:
    first, second, *_ = steps("{near_km: 0, any_after_s: 60}", region="ID-JK")
    assert (first, second) == (SiteStep(0, ("tangerang",)), SiteStep(0, ("jakarta",)))


def test_whoever_may_be_anywhere_is_for_every_site_at_once_the_cheapest_first() -> None:
    assert steps("{near_km: 0, any_after_s: 60}") == (
        SiteStep(0, ("surabaya", "makassar")), SiteStep(0, ("tangerang",)), SiteStep(0, ("jakarta",)), SiteStep(60, (ELSEWHERE,)),
    )  # fmt: skip


def test_a_site_that_does_not_speak_the_language_comes_with_everybody_else() -> None:
    assert steps("{near_km: 0, any_after_s: 60}", "en", "makassar")[-2:] == (
        SiteStep(60, ("makassar",)), SiteStep(60, (ELSEWHERE,)),
    )  # fmt: skip
    assert steps("{near_km: 0, any_after_s: 60}", "en", "makassar")[0] == SiteStep(0, ("surabaya",))


def test_sites_without_a_share_come_when_the_wait_is_long() -> None:
    assert steps("{share: {surabaya: 1, jakarta: 2}, any_after_s: 60}", region="makassar") == (
        SiteStep(0, ("jakarta", "surabaya")), SiteStep(60, ("makassar",)), SiteStep(60, ("tangerang",)), SiteStep(60, (ELSEWHERE,)),
    )  # fmt: skip


@given(
    REGIONS, st.sampled_from(("id", "en", "")), st.integers(0, 3000), st.booleans(),
    st.lists(st.tuples(st.integers(1, 90), st.integers(3001, 9000)), max_size=3,
             unique_by=(lambda ring: ring[0], lambda ring: ring[1])),
)  # fmt: skip
def test_each_plan_and_each_ring_adds_and_never_takes_away(
    region: str, language: str, near_km: int, shared: bool, rings: list[tuple[int, int]]
) -> None:
    starts, reaches = sorted(ring[0] for ring in rings), sorted(ring[1] for ring in rings)
    widen = ", ".join(f"{{after_s: {after_s}, km: {km}}}" for after_s, km in zip(starts, reaches, strict=True))
    rule = "share: {surabaya: 2, jakarta: 5}" if shared else f"near_km: {near_km}, widen: [{widen}]"
    queue = f"needs: [{{skill: x, at_least: 3}}], rings: [{{after_s: 30, lower: {{x: 1}}}}], sites: {{{rule}, any_after_s: 100}}"
    policy = policy_of(queue_text("q", queue), more=SITES)
    plan: Plan | None = policy.plan("q", language, region=region)
    assert plan is policy.plan("q", language, region=region)
    everybody = {"jakarta", "tangerang", "surabaya", "makassar", ELSEWHERE}
    chain = []
    while plan is not None:
        chain.append(plan)
        assert {circle.site for circle in plan.circles_at(len(plan.rings) - 1)} == everybody, "in the end everywhere"
        for ring in range(len(plan.rings) - 1):
            assert set(plan.circles_at(ring)) <= set(plan.circles_at(ring + 1))
        plan = plan.wider
    for narrow, wide in pairwise(chain):
        for waited_s in range(0, 110, 5):
            at = [set(each.circles_at(each.ring_at(waited_s))) for each in (narrow, wide)]
            assert at[0] <= at[1]
    assert {circle.site for circle in chain[-1].circles_at(0)} == everybody, "at once, when everything else is passed"
