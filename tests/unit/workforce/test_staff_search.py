"""Several skills: pooled agents are fewer, targets hold, and what is short is said."""

import pytest

from core.errors import BadInput
from routing.label import Label
from routing.policy import Policy, Queue
from routing.policy_file import read_policy, shipped_policy
from tests.unit.routing.small_policy import policy_text, queue_text, site_text, sites_text
from workforce.erlang_need import Target, agents_for
from workforce.skill_groups import served_by, skill_groups
from workforce.staff_search import Demand, search

POLICY = shipped_policy().policy
BOTH = {"sales": 3, "billing": 3}
DEMANDS = [Demand("sales", 40, 240, 180, 0.8), Demand("billing", 40, 240, 180, 0.8)]
_LOAD = 40 * 240 / 3600
ALONE = {each.queue: int(agents_for(Target(0.8, POLICY.queue(each.queue).answer_within_s), _LOAD, 240, 180)) for each in DEMANDS}


def test_agents_who_can_do_both_are_fewer_than_two_teams() -> None:
    heard: list[int] = []
    found = search(POLICY, DEMANDS, skill_groups([BOTH] * 20), ALONE, tell=lambda tried, what: heard.append(tried))
    assert sum(found.agents.values()) < found.alone == sum(ALONE.values())
    assert found.short == []
    assert all(level.low >= 0.8 for level in found.levels.values())
    assert heard[-1] == found.tried
    assert all(worth.gain.high > 0 for worth in found.worth)


def test_with_one_skill_each_the_formula_is_about_right() -> None:
    groups = skill_groups([{"sales": 3}] * 20 + [{"billing": 3}] * 20)
    found = search(POLICY, DEMANDS, groups, ALONE)
    for queue, count in (("sales", found.agents["sales=3"]), ("billing", found.agents["billing=3"])):
        assert abs(count - ALONE[queue]) <= 1, queue


def test_too_few_are_all_taken_and_the_queue_is_named() -> None:
    found = search(POLICY, DEMANDS, skill_groups([{"sales": 3}] * 2 + [{"billing": 3}] * 20), ALONE)
    assert found.agents["sales=3"] == 2
    assert found.short == ["sales"]


def test_a_queue_that_nobody_serves_and_a_floor_without_callers_are_refused() -> None:
    with pytest.raises(BadInput, match="No agent can serve the callers of billing"):
        search(POLICY, DEMANDS, skill_groups([{"sales": 3}] * 9), ALONE)
    with pytest.raises(BadInput, match="Nobody comes"):
        search(POLICY, [Demand("sales", 0, 240, 180, 0.8)], skill_groups([BOTH]), ALONE)


def test_sites_make_no_difference() -> None:
    sites = sites_text(site_text("jakarta", "Jakarta", "hours: always"))
    near = queue_text("sales", "needs: [{skill: sales, at_least: 2}], sites: {near_km: 0, any_after_s: 60}")
    policy = read_policy(policy_text(near, more=sites), "policy.yaml").policy
    found = search(policy, [DEMANDS[0]], skill_groups([{"sales": 3}] * 12), ALONE)
    assert found.short == []
    assert found.levels["sales"].low >= 0.8


def test_groups_by_what_agents_can_do() -> None:
    groups = skill_groups([{"b": 1, "a": 2}, {"a": 2, "b": 1}, {}, {"a": 2}])
    assert [(group.name, group.most) for group in groups] == [("a=2 b=1", 2), ("anybody", 1), ("a=2", 1)]


def test_specialists_are_taken_before_those_whom_others_want() -> None:
    policy = Policy(queues=(_queue("one"), _queue("two")), fallback="one")
    assert served_by(policy, ["one", "two"], skill_groups([{"x": 1}])) == {"one": [0], "two": [0]}
    groups = skill_groups([BOTH] * 3 + [{"sales": 3}])
    assert served_by(POLICY, ["sales", "billing"], groups) == {"sales": [1, 0], "billing": [0]}


def _queue(name: str) -> Queue:
    return Queue(name=name, label=Label(id=name, en=name), answer_within_s=20, service_target=0.8, short_abandon_s=5)
