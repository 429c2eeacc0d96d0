"""Which queues an agent reaches and from which ring on, and what queues need and too few can do."""

import pytest

from routing.reach import Gap, gaps, reaches, skills_asked
from tests.unit.routing.small_policy import policy_of, queue_text, site_text, sites_text

SALES = queue_text(
    "sales", "needs: [{skill: sales, at_least: 3}], rings: [{after_s: 30, lower: {sales: 2}}, {after_s: 60, drop: [sales]}]"
)
TAX = queue_text("tax", "needs: [{skill: tax}, {any_of: [{skill: java}, {skill: sunda, at_least: 2}]}]")
ENGLISH = "languages: {en: {needs: [{skill: english, at_least: 2}], rings: [{after_s: 45, drop: [english]}]}}"
POLICY = policy_of(SALES, TAX, queue_text("general"), more=ENGLISH)


def ring(queue: str, language: str = "", **proficiencies: int) -> tuple[int, float] | None:
    found = reaches(POLICY, "1001", proficiencies, "").get((queue, language))
    return (found.ring, found.after_s) if found else None


def test_an_agent_is_in_the_first_ring_that_asks_for_no_more_than_they_can() -> None:
    assert ring("sales", sales=3) == (0, 0)
    assert ring("sales", sales=2) == (1, 30)
    assert ring("sales") == (2, 60)
    assert ring("general") == (0, 0)


def test_what_no_ring_lets_them_serve_is_left_out() -> None:
    assert ring("tax", tax=5, sunda=1) is None
    assert ring("tax", tax=1, sunda=2) == (0, 0)


def test_a_caller_s_language_asks_for_more() -> None:
    assert ring("general", "en") == (1, 45)
    assert ring("general", "en", english=2) == (0, 0)
    assert ring("sales", "en", sales=2, english=1) == (2, 45)


def test_the_rings_of_another_queue_s_agents_count() -> None:
    policy = policy_of(queue_text("vip", "needs: [{skill: vip}], rings: [{after_s: 20, also: sales}]"), SALES)
    assert reaches(policy, "1", {"sales": 3}, "")["vip", ""].ring == 1
    assert ("vip", "") not in reaches(policy, "1", {"sales": 2}, "")


SITES = sites_text(site_text("jkt", "Jakarta"), site_text("sby", "Surabaya", "hours: always, languages: [id]"))


@pytest.mark.parametrize(("site", "shared", "near"), [
    ("jkt", (0, 0, False, False), (0, 0, False, True)), ("sby", (1, 60, True, False), (0, 0, False, True)),
    ("", (1, 60, True, False), (1, 60, True, False)), ("bandung", (1, 60, True, False), (1, 60, True, False)),
])  # fmt: skip
def test_where_an_agent_is_says_from_when_on_they_are_asked(
    site: str, shared: tuple[int, float, bool, bool], near: tuple[int, float, bool, bool]
) -> None:
    rules = {"shared": "share: {jkt: 1}", "near": "near_km: 0"}
    queues = [queue_text(name, f"needs: [{{skill: x}}], sites: {{{rule}, any_after_s: 60}}") for name, rule in rules.items()]
    found = reaches(policy_of(*queues, queue_text("b"), more=SITES), "1", {"x": 1}, site)
    told = {queue: (one.ring, one.after_s, one.at_latest, one.near_first) for (queue, _language), one in found.items()}
    assert told == {"shared": shared, "near": near, "b": (0, 0, False, False)}


def test_a_site_that_does_not_speak_the_caller_s_language_is_asked_late() -> None:
    queue = queue_text("a", "sites: {near_km: 0, any_after_s: 60}")
    found = reaches(policy_of(queue, more=SITES + "languages: {en: {needs: [{skill: english}]}}\n"), "1", {"english": 1}, "sby")
    assert [(found["a", language].after_s, found["a", language].at_latest) for language in ("", "en")] == [(0, False), (60, True)]


def test_every_skill_that_is_asked_for_stands_once_in_the_order_of_the_policy() -> None:
    assert skills_asked(POLICY) == ["sales", "java", "sunda", "tax", "english"]
    assert skills_asked(policy_of(queue_text("a"))) == []


def told(*agents: dict[str, int]) -> list[tuple[str, str, str, int]]:
    return [(gap.skill, gap.queue, gap.language, gap.able) for gap in gaps(POLICY, agents)]


def test_a_skill_that_nobody_or_one_alone_has_well_enough_is_a_gap() -> None:
    rest = {"tax": 1, "java": 1, "english": 2}
    assert told({"sales": 3, **rest}, {"sales": 2, **rest}) == [("sales", "sales", "", 1)]
    assert told({"sales": 2, **rest}, {"sales": 2, **rest}) == [("sales", "sales", "", 0)]
    assert told({"sales": 3, **rest}, {"sales": 5, **rest}) == []


def test_of_several_skills_any_of_which_will_do_each_is_named_when_all_together_are_too_few() -> None:
    able = {"sales": 3, "tax": 1, "english": 2}
    assert told({**able, "java": 1}, {**able, "sunda": 2}) == []
    assert told({**able, "java": 1}, {**able, "sunda": 1}) == [("java", "tax", "", 1), ("sunda", "tax", "", 1)]


def test_a_language_that_too_few_speak_is_a_gap_of_no_queue() -> None:
    able = {"sales": 3, "tax": 1, "java": 1}
    found = gaps(POLICY, [able, {**able, "english": 2}])
    assert [(gap.skill, gap.queue, gap.language, gap.able) for gap in found] == [("english", "", "en", 1)]
    assert isinstance(found[0], Gap)
