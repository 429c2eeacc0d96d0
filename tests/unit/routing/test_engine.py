"""The matching engine: laws that hold for any floor, and the named rules one by one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing.agents import Profile
from routing.engine import ReadyAgent, match, next_relaxation_s
from routing.place import Place
from routing.skills import SkillRequirement, missing_skill

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SKILLS = ("sales", "billing", "technical", "english")


def place(number: int, waited_s: float = 0, priority: int = 5, *needs: SkillRequirement) -> Place:
    return Place(f"i{number}", "q", NOW - timedelta(seconds=waited_s), f"c{number}", priority, tuple(needs))


def agent(name: str, idle_s: float = 0, **skills: int) -> ReadyAgent:
    return ReadyAgent(Profile(name, name, skills), NOW - timedelta(seconds=idle_s))


requirements = st.builds(SkillRequirement, st.sampled_from(SKILLS), st.integers(1, 5), st.one_of(st.none(), st.floats(1, 300)))
lines = st.lists(st.tuples(st.floats(0, 600), st.integers(0, 9), st.lists(requirements, max_size=2)), max_size=12).map(
    lambda rows: [place(number, waited, priority, *needs) for number, (waited, priority, needs) in enumerate(rows)]
)
floors = st.lists(st.tuples(st.floats(0, 600), st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5))), max_size=8).map(
    lambda rows: [agent(f"a{number}", idle, **skills) for number, (idle, skills) in enumerate(rows)]
)


def able(ready: ReadyAgent, waiting: Place) -> bool:
    return missing_skill(waiting.requirements, ready.profile.proficiencies, waiting.waited_s(NOW)) is None


@given(floors, lines)
def test_nobody_is_named_twice_and_everybody_chosen_is_able(floor, line):
    chosen = match(floor, line, NOW)
    assert len({one.agent_id for one in chosen}) == len(chosen) == len({one.place.interaction_id for one in chosen})
    by_id = {ready.agent_id: ready for ready in floor}
    assert all(able(by_id[one.agent_id], one.place) for one in chosen)


@given(floors, lines)
def test_no_caller_is_passed_over_by_a_later_one_whose_agent_could_have_served_them(floor, line):
    by_id = {ready.agent_id: ready for ready in floor}
    chosen = match(floor, line, NOW)
    served = {one.place.interaction_id for one in chosen}
    for one in chosen:
        for left in line:
            if left.interaction_id not in served and left.order < one.place.order:
                assert not able(by_id[one.agent_id], left)


@given(floors, lines)
def test_nobody_waits_for_an_agent_who_stands_idle_and_could_serve_them(floor, line):
    chosen = match(floor, line, NOW)
    busy, served = {one.agent_id for one in chosen}, {one.place.interaction_id for one in chosen}
    for waiting in line:
        if waiting.interaction_id not in served:
            assert not any(able(ready, waiting) for ready in floor if ready.agent_id not in busy)


@given(floors, lines, st.randoms())
def test_the_order_in_which_the_floor_is_listed_changes_nothing(floor, line, chance):
    once = match(floor, line, NOW)
    chance.shuffle(floor)
    chance.shuffle(line)
    assert match(floor, line, NOW) == once


def test_the_longest_idle_of_the_able_gets_the_call():
    floor = [agent("fresh", 5, sales=3), agent("rested", 90, sales=3), agent("other", 500, billing=5)]
    [one] = match(floor, [place(1, 0, 5, SkillRequirement("sales", 2))], NOW)
    assert one.agent_id == "rested"
    assert one.because["able_agents"] == 2


def test_a_lower_priority_number_goes_first_however_long_others_wait():
    [one] = match([agent("a")], [place(1, 500, 5), place(2, 1, 0)], NOW)
    assert one.place.interaction_id == "i2"


def test_a_requirement_counts_until_its_time_and_not_after():
    need = SkillRequirement("english", 2, relax_after_s=45)
    assert match([agent("a")], [place(1, 44.9, 5, need)], NOW) == []
    [one] = match([agent("a")], [place(1, 45, 5, need)], NOW)
    assert one.because["relaxed"] == ["english"]


def test_the_next_relaxation_is_the_soonest_of_all():
    line = [
        place(1, 10, 5, SkillRequirement("english", 2, relax_after_s=45)),
        place(2, 20, 5, SkillRequirement("sales", 2, relax_after_s=100), SkillRequirement("billing", 2)),
    ]
    assert next_relaxation_s(line, NOW) == 35
    assert next_relaxation_s([place(3, 0, 5, SkillRequirement("billing", 2))], NOW) is None
