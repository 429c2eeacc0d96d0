"""The engine on the live floor: what agents and callers do reaches it, and what it says is what may be done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from routing.agent_state import AgentState
from routing.agents import Profile
from routing.assignments import Assignments, can_be_offered, plan_for
from routing.balance import Balance
from routing.live import LiveAgent
from routing.needs import NOTHING, Skill
from routing.order import HEAD_START_S
from routing.place import FIRST, NORMAL, Place
from routing.queues import Queue, Queues
from routing.skills import SkillRequirement

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
QUEUES = Queues(
    queues=(
        Queue(name="q", label={"en": "Q"}, answer_within_s=20, service_target=0.8, short_abandon_s=5),
        Queue(name="best", label={"en": "B"}, answer_within_s=20, service_target=0.8, short_abandon_s=5, balance="most_proficient"),
    ),
    fallback="q",
)
SALES, ENGLISH = SkillRequirement("sales", 2), SkillRequirement("english", 2, relax_after_s=45)
PROFILES = {
    name: Profile(name, name, skills)
    for name, skills in (("fresh", {"sales": 4}), ("rested", {"sales": 3}), ("other", {"billing": 5}))
}


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def agent(name: str, idle_s: float = 0, lease_s: float = 3600) -> LiveAgent:
    return LiveAgent(name, AgentState.READY, later(-idle_s), phone_up=True, lease_until=later(lease_s))


def place(number: int, waited_s: float = 0, priority: int = NORMAL, *needs: SkillRequirement) -> Place:
    return Place(f"i{number}", "q", later(-waited_s), f"c{number}", priority, tuple(needs))


@pytest.fixture
def floor() -> Assignments:
    floor = Assignments(QUEUES)
    floor.load(PROFILES, {}, {}, NOW)
    return floor


def test_the_longest_idle_of_the_able_gets_the_call_and_why_is_told(floor: Assignments) -> None:
    for each in (agent("fresh", 5), agent("rested", 90), agent("other", 500)):
        floor.see_agent(each, NOW)
    floor.see_place("i1", place(1, 3, NORMAL, SALES), NOW)
    [one] = floor.find(NOW)
    assert (one.agent_id, one.place.interaction_id) == ("rested", "i1")
    assert one.because == {
        "waited_s": 3, "idle_s": 90, "ring": 0, "able_agents": 2, "required": ["sales>=2"], "relaxed": [],
    }  # fmt: skip
    assert floor.find(NOW) == []


def test_a_queue_may_have_the_best_take_its_calls(floor: Assignments) -> None:
    for each in (agent("fresh", 5), agent("rested", 90)):
        floor.see_agent(each, NOW)
    floor.see_place("i1", replace(place(1, 0, NORMAL, SALES), queue="best"), NOW)
    floor.see_place("i2", replace(place(2, 0, NORMAL, SALES), queue="no more"), NOW)
    assert [one.agent_id for one in floor.find(NOW)] == ["fresh", "rested"]


def test_a_requirement_is_relaxed_when_its_time_has_come_and_not_before(floor: Assignments) -> None:
    floor.see_agent(agent("fresh"), NOW)
    floor.see_place("i1", place(1, 40, NORMAL, SALES, ENGLISH), NOW)
    assert floor.find(NOW) == []
    assert floor.next_ring_s(NOW) == 5
    [one] = floor.find(later(5))
    assert (one.because["ring"], one.because["required"], one.because["relaxed"]) == (1, ["sales>=2"], ["english"])
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


def test_each_relaxation_begins_a_ring() -> None:
    plan = plan_for((SALES, ENGLISH, SkillRequirement("calm", 4, relax_after_s=120)), Balance.LONGEST_IDLE)
    assert [ring.after_s for ring in plan.rings] == [0, 45, 120]
    assert plan.rings[-1].circles[0].needs == Skill("sales", 2)
    assert plan_for((), Balance.LONGEST_IDLE).rings[0].circles[0].needs == NOTHING
    assert plan_for((SALES,), Balance.LONGEST_IDLE) is plan_for((SALES,), Balance.LONGEST_IDLE), (
        "one plan for all callers of a kind"
    )


def test_a_priority_is_worth_waiting_time_so_that_nobody_starves() -> None:
    urgent, usual = place(1, 0, NORMAL - 1), place(2, HEAD_START_S - 1, NORMAL)
    assert urgent.order < usual.order, "urgent, and hardly later"
    assert place(3, HEAD_START_S + 1, NORMAL).order < urgent.order, "whoever has waited for so long is before them"
    assert place(4, 0, FIRST).order < place(5, 9 * HEAD_START_S, 1).order, "an agent was lost: before everybody"
    assert place(6, 5).order < place(7, 4).order
