"""Sites in the policy file: each mistake is told with its line and what to write instead."""

import pytest

from routing.policy_check import Surroundings, policy_problems
from routing.policy_file import PolicyText, read_or_tell, read_policy
from tests.unit.routing.small_policy import policy_text, queue_text, site_text, sites_text

NEAR = "sites: {near_km: 0, any_after_s: 60}"


def text(site: str = "hours: always", queue: str = NEAR) -> str:
    return policy_text(queue_text("a", queue), more=sites_text(site_text("jakarta", "Jakarta", site)))


@pytest.mark.parametrize(("site", "what", "step"), [
    ("hours: sometimes", "sites.0.hours: these are no hours.", "Write always, or days with times such as {mon-fri: 08:00-17:00}."),
    ("hours: {mon: 8-9}", "sites.0.hours: these are no opening times.",
     "Write 08:00-17:00, a list of such, or closed; all day is 00:00-24:00."),
    ("hours: {fri-mon: closed}", "sites.0.hours: these are no days.",
     "Write daily, one such as mon, or two in order as in mon-fri."),
    ("hours: {daily: closed, mon: closed}", "sites.0.hours: a day stands here twice.", "Name each day once."),
    ("hours: always, capacity: 0", "sites.0.capacity is too small.", "Use 1 or more."),
    ("hours: always, load: 1", "sites.0.load is too large.", "Use less than 1."),
    ("hours: always, cost: -1", "sites.0.cost is too small.", "Use 0 or more."),
    ("hours: always, when_closed: give", "sites.0.when_closed: this word is not known here.", "Write take, or leave it out."),
    ("hours: always, languages: [jv]", "sites.0.languages.0: a language is id or en.", "Use one of the two."),
    ("capacity: 3", "sites.0.hours is missing.", "Add it."),
])  # fmt: skip
def test_each_mistake_in_a_site_is_told(site: str, what: str, step: str) -> None:
    assert told(text(site)) == [("policy.yaml, line 5", what, step)]


def test_places_and_time_zones_that_are_none_are_told() -> None:
    wrong = text().replace("where: Jakarta", "where: Atlantis").replace("Asia/Jakarta", "Asia/Atlantis")
    assert [problem[1] for problem in told(wrong)] == [
        "sites.0.where: this city or province is not known.", "sites.0.time_zone: there is no such time zone.",
    ]  # fmt: skip


@pytest.mark.parametrize(("queue", "line", "what"), [
    ("sites: {any_after_s: 60}", 2, "queues.0.sites: write either `near_km`, with `widen` where wanted, or `share`."),
    ("sites: {near_km: 0, share: {jakarta: 1}, any_after_s: 60}", 2,
     "queues.0.sites: write either `near_km`, with `widen` where wanted, or `share`."),
    ("sites: {near_km: 0}", 2, "queues.0.sites.any_after_s is missing."),
    ("sites: {near_km: 9, widen: [{after_s: 5, km: 8}], any_after_s: 60}", 2,
     "queues.0.sites: each ring must begin later and reach farther than the one before, `any_after_s` last of all."),
    ("sites: {near_km: 9, widen: [{after_s: 70, km: 80}], any_after_s: 60}", 2,
     "queues.0.sites: each ring must begin later and reach farther than the one before, `any_after_s` last of all."),
    ("sites: {share: {jakarta: 0}, any_after_s: 60}", 2, "queues.0.sites.share.jakarta is too small."),
    ("sites: {share: {medan: 5}, any_after_s: 60}", 2, "There is no site medan."),
])  # fmt: skip
def test_each_mistake_in_how_a_queue_uses_sites_is_told(queue: str, line: int, what: str) -> None:
    [(place, told_what, step)] = told(text(queue=queue))
    assert (place, told_what) == (f"policy.yaml, line {line}", what)
    assert step


def test_sites_that_are_twice_or_not_there_are_told() -> None:
    twice = policy_text(queue_text("a", NEAR), more=sites_text(*[site_text("jakarta", "Jakarta")] * 2))
    assert told(twice) == [("policy.yaml, line 6", "There are two sites jakarta.", "Give each a name of its own.")]
    assert told(policy_text(queue_text("a", NEAR))) == [(
        "policy.yaml, line 2", "The policy has no sites, but this queue is to use them.", "Write the sites under `sites`.",
    )]  # fmt: skip


def test_a_place_may_be_a_point() -> None:
    point = text().replace("where: Jakarta", "where: {latitude: -6.9, longitude: 107.6}")
    assert read_policy(point, "policy.yaml").policy.sites[0].where.longitude == 107.6


def test_sites_that_get_no_calls_are_pointed_out() -> None:
    sites = sites_text(site_text("jakarta", "Jakarta"), site_text("medan", "Medan", "hours: {daily: closed}"))
    found = read_policy(policy_text(queue_text("a", NEAR), more=sites), "policy.yaml")
    around = Surroundings(agents=[{}], agent_sites=["jakarta", "", "bandung"])
    assert [(problem.line, problem.message, problem.serious) for problem in policy_problems(found, around)] == [
        (4, "Agents at no site of the policy: 2. Queues with `sites` ask them last.", False),
        (6, "The site medan is closed for ever.", False), (6, "No agent is at the site medan.", False),
    ]  # fmt: skip


def told(text: str) -> list[tuple[str, str, str]]:
    found = read_or_tell(text, "policy.yaml")
    assert not isinstance(found, PolicyText), "nothing was found wrong"
    return [(problem.place, problem.message, problem.next_step) for problem in found]
