"""The engine on the live floor: what agents and callers do reaches it, and what it says is what may be done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from routing.agent_state import AgentState
from routing.agents import Profile
from routing.assignments import Assignments, can_be_offered
from routing.live import LiveAgent
from routing.occupancy import Occupancies
from routing.place import Place
from tests.unit.routing.small_policy import policy_of, queue_text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RINGS = "needs: [{skill: sales, at_least: 2}, {skill: english, at_least: 2}], rings: [{after_s: 45, drop: [english]}]"
POLICY = policy_of(
    queue_text("q"), queue_text("sales", "needs: [{skill: sales, at_least: 2}]"), queue_text("patient", RINGS),
    queue_text("best", "needs: [{skill: sales, at_least: 2}], balance: most_proficient"),
)  # fmt: skip
PROFILES = {
    name: Profile(name, name, skills)
    for name, skills in (("fresh", {"sales": 4}), ("rested", {"sales": 3}), ("other", {"billing": 5}))
}


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def agent(name: str, idle_s: float = 0, lease_s: float = 3600) -> LiveAgent:
    return LiveAgent(name, AgentState.READY, later(-idle_s), phone_up=True, lease_until=later(lease_s))


def place(number: int, waited_s: float = 0, queue: str = "q") -> Place:
    return Place(f"i{number}", queue, later(-waited_s), f"c{number}")


@pytest.fixture
def floor() -> Assignments:
    floor = Assignments(POLICY, "Asia/Jakarta")
    floor.load(PROFILES, {}, {}, NOW)
    return floor


def test_the_longest_idle_of_the_able_gets_the_call_and_why_is_told(floor: Assignments) -> None:
    for each in (agent("fresh", 5), agent("rested", 90), agent("other", 500)):
        floor.see_agent(each, NOW)
    floor.see_place("i1", place(1, 3, "sales"), NOW)
    [one] = floor.find(NOW)
    assert (one.agent_id, one.place.interaction_id) == ("rested", "i1")
    assert one.because == {
        "waited_s": 3, "idle_s": 90, "ring": 0, "able_agents": 2, "balance": "longest_idle", "kept_scarce_free": False,
        "asked_first": "",
        "required": ["sales>=2"], "relaxed": [],
    }  # fmt: skip
    assert floor.find(NOW) == []


def test_a_queue_may_have_the_best_take_its_calls(floor: Assignments) -> None:
    for each in (agent("fresh", 5), agent("rested", 90)):
        floor.see_agent(each, NOW)
    floor.see_place("i1", place(1, 0, "best"), NOW)
    floor.see_place("i2", place(2, 0, "no more"), NOW)
    assert [one.agent_id for one in floor.find(NOW)] == ["fresh", "rested"]


def test_a_requirement_is_relaxed_when_its_time_has_come_and_not_before(floor: Assignments) -> None:
    floor.see_agent(agent("fresh"), NOW)
    floor.see_place("i1", place(1, 40, "patient"), NOW)
    assert floor.find(NOW) == []
    assert floor.next_ring_s(NOW) == 5
    [one] = floor.find(later(5))
    assert (one.because["ring"], one.because["required"], one.because["relaxed"]) == (1, ["sales>=2"], ["english>=2"])
    assert floor.next_ring_s(later(5)) is None


def test_whose_page_went_silent_gets_nobody_and_the_caller_goes_to_the_next(floor: Assignments) -> None:
    floor.see_agent(agent("rested", 90, lease_s=2), NOW)
    floor.see_agent(agent("fresh", 5), NOW)
    floor.see_place("i1", place(1), NOW)
    assert [one.agent_id for one in floor.find(later(3))] == ["fresh"]
    assert floor.find(later(3)) == []


def test_what_was_refused_is_tried_again_when_it_is_told_again(floor: Assignments) -> None:
    floor.see_agent(agent("rested"), NOW)
    floor.see_place("i1", place(1), NOW)
    assert len(floor.find(NOW)) == 1
    floor.see_agent(replace(agent("rested"), state=AgentState.NOT_READY), NOW)  # they left at that very moment
    floor.see_place("i1", place(1), NOW)
    assert floor.find(NOW) == []
    floor.see_agent(agent("fresh"), NOW)
    assert [one.agent_id for one in floor.find(NOW)] == ["fresh"]


def test_everything_is_there_after_a_load(floor: Assignments) -> None:
    floor.load(PROFILES, {"rested": agent("rested")}, {"i1": place(1), "i2": place(2, 10)}, NOW)
    assert [one.place.interaction_id for one in floor.find(NOW)] == ["i2"]


def test_an_agent_of_whom_nothing_is_known_gets_nobody(floor: Assignments) -> None:
    floor.see_agent(agent("stranger"), NOW)
    floor.see_place("i1", place(1), NOW)
    assert floor.find(NOW) == []


@pytest.mark.parametrize("change", [
    {"state": AgentState.WRAP_UP}, {"phone_up": False}, {"lease_until": None}, {"lease_until": NOW},
])  # fmt: skip
def test_only_who_is_ready_with_a_page_and_a_phone_is_offered_anything(change: dict[str, object]) -> None:
    assert can_be_offered(agent("fresh"), NOW)
    assert not can_be_offered(replace(agent("fresh"), **change), NOW)


def test_a_new_policy_holds_for_those_who_wait_already(floor: Assignments) -> None:
    agents, line = {"other": agent("other", 5)}, {"i1": place(1, 10, "sales"), "i2": place(2, 5)}
    floor.load(PROFILES, agents, line, NOW)
    assert [one.place.interaction_id for one in floor.find(NOW)] == ["i2"], "who sells is not there"
    floor.use(policy_of(queue_text("q"), queue_text("sales")))
    floor.load(PROFILES, agents, line, NOW)
    assert [one.place.interaction_id for one in floor.find(NOW)] == ["i1"], "anybody will do now, and the first is first"


def test_what_an_agent_has_learnt_counts_at_once(floor: Assignments) -> None:
    floor.see_agent(agent("other", 5), NOW)
    floor.see_place("i1", place(1, 10, "sales"), NOW)
    assert floor.find(NOW) == []
    floor.know(Profile("other", "other", {"sales": 2}))
    assert [one.agent_id for one in floor.find(NOW)] == ["other"]


def test_least_occupied_counts_what_was_done_before_a_restart_too(floor: Assignments) -> None:
    floor.use(policy_of(queue_text("q", "balance: least_occupied")))
    states = (("rested", AgentState.TALKING, -600), ("rested", AgentState.READY, -90), ("fresh", AgentState.READY, -600))
    floor.load(PROFILES, {"rested": agent("rested", 90), "fresh": agent("fresh", 5)}, {}, NOW)
    today = Occupancies("Asia/Jakarta")
    for name, state, at_s in states:
        today.see(name, state, later(at_s))
    floor.recall(today, NOW)
    floor.see_place("i1", place(1), NOW)
    assert [one.agent_id for one in floor.find(NOW)] == ["fresh"]


def test_who_has_gone_home_makes_no_skill_less_scarce(floor: Assignments) -> None:
    floor.use(policy_of(queue_text("q", "keep_scarce_free: true"), queue_text("bill", "needs: [{skill: billing}, {skill: sales}]")))
    away = {f"away{number}": Profile(f"away{number}", "", {"billing": 1}) for number in range(30)}
    gone = {name: LiveAgent(name, AgentState.OFFLINE) for name in away}
    ready = {"other": agent("other", 90), "fresh": agent("fresh", 5), "rested": agent("rested", 4)}
    floor.load({**PROFILES, **away}, {**ready, **gone}, {"i1": place(1)}, NOW)
    assert [one.agent_id for one in floor.find(NOW)] == ["fresh"], "two sell, one alone knows bills"


LAST = "last_agent: {within_h: 24, wait_s: 20}"


def after_a_talk(ago_s: float, waited_s: float = 0) -> Place:
    return replace(place(1, waited_s), last_agent="fresh", last_talk_ago_s=ago_s)


def test_who_spoke_with_them_last_is_asked_alone_for_a_while(floor: Assignments) -> None:
    floor.use(policy_of(queue_text("q", LAST)))
    busy = replace(agent("fresh"), state=AgentState.TALKING)
    floor.load(PROFILES, {"fresh": busy, "rested": agent("rested", 90)}, {"i1": after_a_talk(3600)}, NOW)
    assert floor.find(NOW) == []
    assert floor.next_ring_s(NOW) == 20
    floor.see_agent(agent("fresh"), later(10))
    [one] = floor.find(later(10))
    assert (one.agent_id, one.because["asked_first"], one.because["required"]) == ("fresh", "last_agent", [])


def test_after_that_anybody_who_can_may_have_them(floor: Assignments) -> None:
    floor.use(policy_of(queue_text("q", LAST)))
    floor.load(PROFILES, {"fresh": replace(agent("fresh"), state=AgentState.TALKING), "rested": agent("rested", 90)}, {}, NOW)
    floor.see_place("i1", after_a_talk(3600), NOW)
    assert floor.find(later(19)) == []
    [one] = floor.find(later(20))
    assert (one.agent_id, one.because["asked_first"]) == ("rested", "")


@pytest.mark.parametrize("state", [AgentState.NOT_READY, AgentState.OFFLINE, None])
def test_nobody_waits_for_a_last_agent_who_is_away(floor: Assignments, state: AgentState | None) -> None:
    floor.use(policy_of(queue_text("q", LAST)))
    agents = {"rested": agent("rested", 90)} | ({"fresh": replace(agent("fresh"), state=state)} if state else {})
    floor.load(PROFILES, agents, {"i1": after_a_talk(3600)}, NOW)
    assert [one.agent_id for one in floor.find(NOW)] == ["rested"]


def test_a_talk_of_long_ago_binds_nobody(floor: Assignments) -> None:
    floor.use(policy_of(queue_text("q", LAST)))
    floor.load(PROFILES, {"fresh": agent("fresh"), "rested": agent("rested", 90)}, {"i1": after_a_talk(25 * 3600)}, NOW)
    assert [one.agent_id for one in floor.find(NOW)] == ["rested"]


BOTH = f"named_agent: {{wait_s: 30}}, {LAST}"


def own(named_agent: str, last_agent: str = "") -> Place:
    return replace(after_a_talk(3600), named_agent=named_agent, last_agent=last_agent)


def test_a_customers_own_agent_is_asked_before_the_last_one(floor: Assignments) -> None:
    floor.use(policy_of(queue_text("q", BOTH)))
    floor.load(PROFILES, {"fresh": agent("fresh"), "rested": agent("rested", 90)}, {"i1": own("fresh", "rested")}, NOW)
    [one] = floor.find(NOW)
    assert (one.agent_id, one.because["asked_first"]) == ("fresh", "named_agent")


def test_the_own_agent_is_waited_for_as_long_as_the_policy_says(floor: Assignments) -> None:
    floor.use(policy_of(queue_text("q", BOTH)))
    busy = replace(agent("fresh"), state=AgentState.TALKING)
    floor.load(PROFILES, {"fresh": busy, "rested": agent("rested", 90)}, {"i1": own("fresh")}, NOW)
    assert floor.find(later(29)) == []
    [one] = floor.find(later(30))
    assert (one.agent_id, one.because["asked_first"]) == ("rested", "")


@pytest.mark.parametrize(("policy", "gets"), [(BOTH, "rested"), ("named_agent: {wait_s: 30}", "fresh")])
def test_while_the_own_agent_is_away_the_last_one_is_asked_where_the_queue_wants_that(
    floor: Assignments, policy: str, gets: str
) -> None:
    floor.use(policy_of(queue_text("q", policy)))
    away = replace(agent("other"), state=AgentState.NOT_READY)
    agents = {"other": away, "fresh": agent("fresh", 200), "rested": agent("rested", 90)}
    floor.load(PROFILES, agents, {"i1": own("other", "rested")}, NOW)
    assert [one.agent_id for one in floor.find(NOW)] == [gets]
