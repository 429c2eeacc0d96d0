"""Skills of several agents changed at once: all of it or nothing, and never over what somebody else did meanwhile."""

import threading

import pytest

from core.clock import VirtualClock
from core.database import Database
from core.errors import BadInput, NotFound, Unavailable
from core.events import Event, EventKind
from routing.agent_skills import MOST_SKILLS, SkillChange, SkillNameWrong, SkillsMoved, TooManySkills, make_changes
from routing.agents import AgentRecord, AgentSkill, load_profiles
from tests.services.desk_house import NOON


class Floor:
    """Agents with skills, and what was told."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock, self.told = database, VirtualClock(NOON), list[Event]()
        with database.writing() as session:
            for agent_id, sales in (("1001", 2), ("1002", 3), ("1003", 0)):
                skills = [AgentSkill(skill="sales", proficiency=sales)] if sales else []
                session.add(AgentRecord(id=agent_id, name=agent_id, phone_secret="x", skills=skills))
            session.commit()

    def change(self, *changes: SkillChange, by: str = "Sari (sari)") -> list[Event]:
        return make_changes(self.database, self.clock, self.told.append, changes, by)

    @property
    def skills(self) -> dict[str, dict[str, int]]:
        with self.database.reading() as session:
            return {agent_id: profile.proficiencies for agent_id, profile in load_profiles(session).items()}


@pytest.fixture
def floor(database: Database) -> Floor:
    return Floor(database)


def test_one_skill_is_set_for_several_and_each_is_told_by_whom(floor: Floor) -> None:
    events = floor.change(
        *(SkillChange(agent_id, "tax", 4, 0) for agent_id in ("1003", "1001")), SkillChange("1001", "sales", 0, 2)
    )
    assert floor.skills == {"1001": {"tax": 4}, "1002": {"sales": 3}, "1003": {"tax": 4}}
    assert floor.told == events
    assert [(event.kind, event.agent_id) for event in events] == [(EventKind.AGENT_SKILLS_CHANGED, one) for one in ("1001", "1003")]
    assert events[0].data == {"by": "Sari (sari)", "before": {"sales": 2}, "after": {"tax": 4}}


def test_what_was_changed_meanwhile_is_not_overwritten_and_nothing_else_is_done_either(floor: Floor) -> None:
    floor.change(SkillChange("1001", "sales", 5, 2), by="Ratna")
    with pytest.raises(SkillsMoved) as refused:
        floor.change(SkillChange("1001", "sales", 1, 2), SkillChange("1002", "sales", 1, 3))
    assert refused.value.now == {("1001", "sales"): 5}
    assert floor.skills["1002"] == {"sales": 3}
    assert len(floor.told) == 1


def test_two_who_want_the_same_do_not_stand_in_each_other_s_way(floor: Floor) -> None:
    floor.change(SkillChange("1001", "sales", 5, 2))
    (event,) = floor.change(SkillChange("1001", "sales", 5, 2))
    assert event.data["before"] == event.data["after"] == {"sales": 5}


def test_what_was_kept_and_could_not_be_told_is_told_when_it_is_tried_again(floor: Floor) -> None:
    def away(event: Event) -> None:
        raise Unavailable("The event log does not answer.")

    change = SkillChange("1001", "sales", 5, 2)
    with pytest.raises(Unavailable):
        make_changes(floor.database, floor.clock, away, [change], "Sari (sari)")
    floor.change(change)
    assert [event.data["after"] for event in floor.told] == [{"sales": 5}]


@pytest.mark.parametrize(("change", "error"), [
    (SkillChange("1001", "Sales", 1, 0), SkillNameWrong), (SkillChange("1001", "sales", 6, 2), BadInput),
    (SkillChange("9", "sales", 1, 0), NotFound),
])  # fmt: skip
def test_one_that_can_t_be_stops_all(floor: Floor, change: SkillChange, error: type[Exception]) -> None:
    with pytest.raises(error):
        floor.change(SkillChange("1002", "sales", 1, 3), change)
    assert floor.skills["1002"] == {"sales": 3}
    assert floor.told == []


def test_nobody_gets_more_skills_than_fit(floor: Floor) -> None:
    with pytest.raises(TooManySkills):
        floor.change(*(SkillChange("1001", f"s{number}", 1, 0) for number in range(MOST_SKILLS)))
    floor.change(*(SkillChange("1003", f"s{number}", 1, 0) for number in range(MOST_SKILLS)))
    assert len(floor.skills["1003"]) == MOST_SKILLS


def test_of_two_at_the_same_moment_exactly_one_is_told_that_they_came_late(floor: Floor) -> None:
    refused: list[int] = []
    gate = threading.Barrier(2)

    def press(level: int) -> None:
        gate.wait()
        try:
            floor.change(SkillChange("1001", "sales", level, 2))
        except SkillsMoved:
            refused.append(level)

    for _round in range(8):
        floor.change(*[SkillChange("1001", "sales", 2, now) for now in [floor.skills["1001"]["sales"]]])
        refused.clear()
        pressing = [threading.Thread(target=press, args=(level,)) for level in (4, 5)]
        for one in pressing:
            one.start()
        for one in pressing:
            one.join()
        assert len(refused) == 1
        assert floor.skills["1001"]["sales"] == 9 - refused[0]
