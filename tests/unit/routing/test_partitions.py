"""The partitions of a policy, and whom of the line a partition's leader leaves to others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.problem import Problem
from routing.agent_state import AgentState
from routing.agents import Profile
from routing.assignments import Assignments
from routing.left_to_others import ASIDE, KEPT
from routing.live import TERM, LiveAgent, term_key
from routing.place import Place
from routing.policy_file import MOST_PARTITIONS, read_or_tell
from tests.unit.routing.small_policy import policy_of, policy_text, queue_text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = policy_of(
    queue_text("main"), queue_text("west", "partition: west"), queue_text("east", "partition: east"),
    queue_text("far-east", "partition: east"),
)  # fmt: skip
PROFILES = {name: Profile(name, name, {}) for name in ("1001", "1002")}


def place(number: int, queue: str) -> Place:
    return Place(f"i{number}", queue, NOW + timedelta(seconds=number), f"c{number}")


def agent(name: str, state: AgentState = AgentState.READY) -> LiveAgent:
    return LiveAgent(name, state, NOW, phone_up=True, lease_until=NOW + timedelta(hours=1))


def floor(partition: str, *places: Place, agents: int = 2) -> Assignments:
    """The first agents are ready, these callers wait."""
    made = Assignments(POLICY, "Asia/Jakarta", partition)
    ready = {name: agent(name) for name in list(PROFILES)[:agents]}
    made.load(PROFILES, ready, {each.interaction_id: each for each in places}, NOW)
    return made


def given(made: Assignments, at: datetime = NOW) -> list[tuple[str, str]]:
    return [(one.agent_id, one.place.interaction_id) for one in made.find(at)]


def problems(*queues: str) -> list[tuple[int, str]]:
    found = read_or_tell(policy_text(*queues), "policy.yaml")
    assert isinstance(found, list)
    assert all(isinstance(problem, Problem) for problem in found)
    return [(problem.line, problem.message) for problem in found]


# ---- the form --------------------------------------------------------------------------------------------------------


def test_a_queue_says_its_partition_and_else_is_the_main_leaders() -> None:
    assert POLICY.partitions == ("west", "east")
    assert [POLICY.partition_of(place(1, queue)) for queue in ("main", "west", "far-east", "no more")] == ["", "west", "east", ""]
    assert policy_of(queue_text("a")).partitions == ()


def test_promised_calls_are_the_main_leaders() -> None:
    assert POLICY.partition_of(replace(place(1, "west"), callback=7)) == ""


def test_a_partition_has_a_name_of_small_letters() -> None:
    [(line, message)] = problems(queue_text("a"), queue_text("b", "partition: The East"))
    assert line == 3
    assert message.startswith("queues.1.partition: a name is made of small letters")


def test_there_are_not_too_many() -> None:
    queues = [queue_text(f"q{number}", f"partition: p{number}") for number in range(MOST_PARTITIONS + 1)]
    assert not isinstance(read_or_tell(policy_text(*queues[:-1]), "policy.yaml"), list)
    assert problems(*queues) == [(MOST_PARTITIONS + 2, f"There are more than {MOST_PARTITIONS} partitions.")]


def test_each_has_a_term_of_its_own() -> None:
    assert term_key("") == TERM
    assert len({term_key(name) for name in ("", "east", "west")}) == 3


# ---- who serves whom ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("partition", "expected"), [
    ("", []), ("east", [("1001", "i1"), ("1002", "i3")]), ("west", []),
])  # fmt: skip
def test_each_leader_serves_its_own_in_the_order_of_one_line(partition: str, expected: list[tuple[str, str]]) -> None:
    line = place(1, "east"), place(4, "west"), place(3, "far-east"), place(5, "main")
    assert given(floor(partition, *line)) == expected


def test_all_leaders_together_do_what_one_would() -> None:
    line = place(1, "west"), place(2, "main"), place(3, "east")
    found = {partition: given(floor(partition, *line)) for partition in ("", "west", "east")}
    assert found == {"": [("1002", "i2")], "west": [("1001", "i1")], "east": []}


def test_an_agent_is_kept_for_the_caller_of_another_leader_until_that_one_had_its_time() -> None:
    made = floor("east", place(1, "west"), place(2, "east"), agents=1)
    assert given(made) == []
    made.see_agent(agent("1001"), NOW)  # such as a page that says it is there
    made.see_place("i1", place(1, "west"), NOW)
    assert given(made) == []
    assert made.next_ring_s(NOW) == KEPT.total_seconds()
    assert given(made, NOW + KEPT) == [("1001", "i2")]


def test_who_was_passed_for_a_slow_leader_is_considered_again_later() -> None:
    made = floor("east", place(1, "west"), agents=1)
    given(made)
    given(made, NOW + KEPT)
    made.see_place("i2", place(2, "east"), NOW + KEPT)
    assert given(made, NOW + KEPT) == [("1001", "i2")]
    back = NOW + KEPT + ASIDE
    made.see_place("i2", None, back)
    assert given(made, back) == []
    made.see_agent(agent("1001"), back)
    made.see_place("i3", place(3, "east"), back)
    assert given(made, back) == [], "kept for the first in line again"


def test_when_the_other_leader_has_reserved_nothing_is_kept() -> None:
    made = floor("east", place(1, "west"), place(2, "east"))
    assert given(made) == [("1002", "i2")]
    made.see_agent(agent("1001", AgentState.RESERVED), NOW)
    made.see_place("i1", None, NOW)
    made.see_agent(agent("1001"), NOW)
    made.see_place("i3", place(3, "east"), NOW)
    assert given(made) == [("1001", "i3")]


def test_when_the_other_leader_took_another_agent_the_one_who_was_kept_is_free() -> None:
    made = floor("east", place(1, "west"), agents=1)
    assert given(made) == []
    made.see_place("i1", None, NOW)
    made.see_place("i2", place(2, "east"), NOW)
    assert given(made) == [("1001", "i2")]


def test_when_somebody_else_got_the_agent_who_was_kept_the_caller_is_considered_again() -> None:
    made = floor("east", place(1, "west"), agents=1)
    assert given(made) == []
    made.see_agent(agent("1001", AgentState.TALKING), NOW)
    made.see_agent(agent("1002"), NOW)
    made.see_place("i2", place(2, "east"), NOW)
    assert given(made) == [], "the other agent is kept for the first in line now"


def test_everybody_in_line_stands_in_what_is_expected() -> None:
    made = floor("", place(3, "main"), place(1, "west"), place(2, "east"), agents=1)
    assert given(made) == []
    line = made.floor_now({}, NOW).line
    assert [standing.place.interaction_id for standing in line] == ["i1", "i2", "i3"]
