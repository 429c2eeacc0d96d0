"""The picture of a policy: where steps stand on the axis, and how high."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desktop.policy_picture import HEIGHT, draw_policy
from routing.plans import ELSEWHERE
from tests.unit.routing.small_policy import floor, policy_of, queue_text, site_text, sites_text

RINGS = "needs: [{skill: x, at_least: 3}], rings: [{after_s: 30, lower: {x: 1}}, {after_s: 300, drop: [x]}]"
POLICY = policy_of(queue_text("a", f"{RINGS}, last_agent: {{within_h: 1, wait_s: 30}}"), queue_text("b"))
AGENTS = floor(one={"x": 3}, two={"x": 1}, three={})


def test_each_ring_is_a_step_as_high_as_there_are_agents() -> None:
    picture = draw_policy(POLICY, AGENTS, frozenset({"two", "gone"}))
    [stair] = picture.queues[0].stairs
    assert [(step.able, step.added, step.here) for step in stair.steps] == [(1, 1, 0), (2, 1, 1), (3, 1, 1)]
    heights = [step.height for step in stair.steps]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[2] == pytest.approx(3 * heights[0], abs=0.2)
    assert all(step.y + step.height == pytest.approx(HEIGHT) for step in stair.steps)
    assert (picture.agents, picture.here) == (3, 1)
    assert picture.queues[0].alone_width == stair.steps[1].x, "both are at 30 seconds"
    assert picture.queues[1].alone_width is None


def test_the_same_wait_is_at_the_same_place_in_every_queue() -> None:
    picture = draw_policy(POLICY, AGENTS, frozenset())
    at = {seconds: x for x, seconds in picture.ticks}
    assert at[300] == picture.queues[0].stairs[0].steps[2].x
    assert picture.queues[1].stairs[0].steps[0].width == 100


def test_nobody_is_nobody_however_many_there_are_elsewhere() -> None:
    picture = draw_policy(POLICY, floor(three={}), frozenset())
    first, second, third = picture.queues[0].stairs[0].steps
    assert (first.height, second.height) == (0, 0)
    assert third.able == 1
    assert [queue.nobody for queue in picture.queues] == [True, False]
    assert all(queue.nobody for queue in draw_policy(POLICY, {}, frozenset()).queues)


@given(st.lists(st.integers(1, 80_000), unique=True, max_size=6))
def test_steps_join_and_fill_the_axis_and_ticks_keep_apart(starts: list[int]) -> None:
    helpers = [f"b{number}" for number, _start in enumerate(starts)]
    rings = ", ".join(f"{{after_s: {start}, also: {helper}}}" for start, helper in zip(sorted(starts), helpers, strict=True))
    policy = policy_of(queue_text("a", f"rings: [{rings}]"), *(queue_text(helper) for helper in helpers))
    picture = draw_policy(policy, AGENTS, frozenset())
    steps = picture.queues[0].stairs[0].steps
    assert steps[0].x == 0
    for one, other in pairwise(steps):
        assert one.x + one.width == pytest.approx(other.x, abs=0.05)
        assert other.x >= one.x
    assert steps[-1].x + steps[-1].width == pytest.approx(100, abs=0.05)
    places = [x for x, _seconds in picture.ticks]
    assert all(later - sooner >= 9 for sooner, later in pairwise(places))
    assert places[0] == 0
    assert places[-1] < 96


def test_agents_are_counted_by_site_where_the_queue_heeds_sites() -> None:
    sites = sites_text(site_text("jkt", "Jakarta"), site_text("sby", "Surabaya"))
    rule = "needs: [{skill: x}], sites: {share: {jkt: 1}, any_after_s: 600}"
    policy = policy_of(queue_text("a", rule), queue_text("b"), more=sites)
    agents = floor({"jan": "jkt", "surya": "sby"}, jan={"x": 1}, surya={"x": 1}, none={"x": 1}, unskilled={})
    picture = draw_policy(policy, agents, frozenset({"surya"}))
    first, later = picture.queues[0].stairs[0].steps
    assert (first.able, first.here, first.by_site) == (1, 0, (("jkt", 1),))
    assert (later.able, later.added, later.here) == (3, 2, 1)
    assert dict(later.by_site) == {"jkt": 1, "sby": 1, ELSEWHERE: 1}
    assert [sites for _needs, sites in later.asked] == [("sby", ELSEWHERE)], "what it adds"
    assert later.x < 100, "the last step has room on the axis"
    [everywhere] = picture.queues[1].stairs[0].steps
    assert (everywhere.able, everywhere.by_site) == (4, ())
    assert [sites for _needs, sites in everywhere.asked] == [()]
