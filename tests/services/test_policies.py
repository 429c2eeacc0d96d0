"""Policies published, brought back and found in force; skills changed; how a caller stands. On a real database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import VirtualClock
from core.database import Database
from core.errors import BadInput, NotFound
from core.events import Event, EventKind
from core.problem import Faults
from crm.contact_history import Interaction
from crm.customers import Customer
from crm.regions import Confidence
from crm.standing import Standing, standing_of
from crm.whereabouts import Whereabouts, where_customer_is
from routing.agent_skills import change_site, change_skills
from routing.agents import AgentRecord, AgentSkill, load_profile
from routing.policy_check import Surroundings, policy_problems
from routing.policy_file import read_policy, shipped_policy
from routing.policy_in_force import PolicyInForce
from routing.policy_publication import PolicyOvertaken, PolicyPublisher
from routing.policy_versions import PolicyPublication, history
from tests.unit.routing.small_policy import policy_text, queue_text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ONE, TWO = policy_text(queue_text("a")), policy_text(queue_text("a"), queue_text("b"))


@dataclass
class House:
    database: Database
    around: Surroundings = field(default_factory=lambda: Surroundings({"a": "the flow hotline"}))
    told: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = VirtualClock(NOW)
        self.publisher = PolicyPublisher(self.database, self.clock, lambda: self.around, self.told.append)
        self.policies = PolicyInForce(self.database)

    def publish(self, text: str, based_on: int | None = None) -> int:
        return self.publisher.publish(read_policy(text, "policy.yaml"), "sari", "why", based_on)

    def agent(self, agent_id: str, **skills: int) -> None:
        with self.database.writing() as session:
            record = AgentRecord(id=agent_id, name="Sari", phone_secret="s")
            record.skills = [AgentSkill(skill=skill, proficiency=proficiency) for skill, proficiency in skills.items()]
            session.add(record)
            session.commit()


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def test_what_is_published_is_in_force_everywhere_and_told(house: House) -> None:
    assert house.policies.current() is shipped_policy().policy
    assert house.publish(ONE) == 1
    assert house.policies.current().names == ("a",)
    assert house.policies.current() is house.policies.current() is house.policies.last()
    assert house.publish(TWO) == 2
    assert PolicyInForce(house.database).current().names == house.policies.current().names == ("a", "b")
    assert [(event.kind, event.data) for event in house.told] == [
        (EventKind.POLICY_PUBLISHED, {"number": number, "how": "published", "by": "sari"}) for number in (1, 2)
    ]


def test_the_same_once_more_makes_no_new_version_but_is_told_again(house: House) -> None:
    assert [house.publish(ONE), house.publish(ONE)] == [1, 1]
    assert len(house.told) == 2
    with house.database.reading() as session:
        assert len(history(session)) == 1


def test_an_earlier_policy_is_brought_back_by_its_number(house: House) -> None:
    house.publish(ONE)
    house.publish(TWO)
    assert house.publisher.roll_back(1, "budi") == 1
    assert house.policies.current().names == ("a",)
    with house.database.reading() as session:
        assert [(row.number, row.how, row.by, row.note) for row in history(session)] == [
            (1, "rolled_back", "budi", "why"), (2, "published", "sari", "why"), (1, "published", "sari", "why"),
        ]  # fmt: skip
    assert house.publish(TWO) == 3, "a number names one text for ever"
    with pytest.raises(NotFound, match="no policy 9"):
        house.publisher.roll_back(9, "budi")


def test_a_bad_policy_never_goes_live(house: House) -> None:
    house.publish(TWO)
    house.around = Surroundings({"b": "the flow hotline"})
    with pytest.raises(Faults, match="no queue b, but the flow hotline leads to it"):
        house.publish(ONE)
    with pytest.raises(Faults, match="There is no reason rain"):
        house.publish(policy_text(queue_text("a"), queue_text("b"), more="order: {credit_s: {reasons: {rain: 5}}}"))
    house.around = Surroundings({"c": "config/hours.yaml"})
    with pytest.raises(Faults, match=r"config/hours\.yaml leads to it"):
        house.publisher.roll_back(1, "budi")
    assert house.policies.current().names == ("a", "b")
    assert len(house.told) == 1


def test_who_did_not_know_of_the_newest_policy_does_not_replace_it(house: House) -> None:
    assert house.publish(ONE, based_on=0) == 1
    with pytest.raises(PolicyOvertaken):
        house.publish(TWO, based_on=0)
    assert house.publish(TWO, based_on=1) == 2
    with pytest.raises(PolicyOvertaken):
        house.publisher.roll_back(1, "budi", based_on=1)


class Meeting(VirtualClock):
    """Asked between the look at what is in force and the writing: keeps the first until the second is as far, if that can be."""

    def __init__(self) -> None:
        super().__init__(NOW)
        self._both = threading.Barrier(2)

    def now(self) -> datetime:
        with suppress(threading.BrokenBarrierError):
            self._both.wait(timeout=0.5)
        return super().now()


def test_of_two_who_publish_at_once_each_overwrites_only_what_they_knew(house: House) -> None:
    house.publish(ONE)
    publisher = PolicyPublisher(house.database, Meeting(), lambda: house.around, house.told.append)

    def publish(number: int) -> int | None:
        try:
            return publisher.publish(read_policy(f"{TWO}# {number}\n", "policy.yaml"), "sari", "why", based_on=1)
        except PolicyOvertaken:
            return None

    with ThreadPoolExecutor(2) as people:
        numbers = list(people.map(publish, range(2)))
    assert sorted(numbers, key=lambda number: number is None) == [2, None]
    with house.database.reading() as session:
        assert [row.number for row in history(session)] == [2, 1]


def test_a_policy_of_another_release_that_can_not_be_read_leaves_the_last_one(house: House) -> None:
    house.publish(ONE)
    assert house.policies.current().names == ("a",)
    with house.database.writing() as session:
        session.add(PolicyPublication(number=2, content="queues: {}", how="published", at=NOW, by="later"))
        session.commit()
    assert house.policies.current().names == ("a",)


def test_without_a_database_the_last_policy_holds(house: House) -> None:
    house.publish(ONE)
    house.policies.current()
    away = PolicyInForce(Database("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    assert away.current() is shipped_policy().policy


def test_queues_that_nobody_can_serve_are_pointed_out(house: House) -> None:
    needs = "needs: [{skill: sales, at_least: 3}]"
    text = read_policy(policy_text(
        queue_text("a"), queue_text("b", needs), queue_text("c", f"{needs}, rings: [{{after_s: 40, lower: {{sales: 2}}}}]")
    ), "policy.yaml")  # fmt: skip
    problems = policy_problems(text, Surroundings(agents=[{"sales": 2}]))
    assert [(problem.line, problem.message, problem.serious) for problem in problems] == [
        (3, "No agent can serve the callers of b.", False),
        (4, "No agent can serve the callers of c in their first 40 seconds.", False),
    ]


def test_skills_are_set_changed_and_taken_away_and_told(house: House) -> None:
    house.agent("1001", sales=2, english=3)
    skills = change_skills(house.database, house.clock, house.told.append, "1001", {"sales": 5, "english": 0, "tax": 1}, "sari")
    assert skills == {"sales": 5, "tax": 1}
    with house.database.reading() as session:
        profile = load_profile(session, "1001")
        assert load_profile(session, "9999") is None
    assert profile is not None
    assert profile.proficiencies == skills
    assert [(event.kind, event.agent_id) for event in house.told] == [(EventKind.AGENT_SKILLS_CHANGED, "1001")]


@pytest.mark.parametrize(("changes", "wrong"), [
    ({"Sales": 3}, "no name of a skill"), ({"sales": 6}, "no proficiency"), ({"sales": -1}, "no proficiency"),
    ({f"s{number}": 1 for number in range(101)}, "more than 100 skills"),
])  # fmt: skip
def test_what_can_be_no_skill_is_refused(house: House, changes: dict[str, int], wrong: str) -> None:
    house.agent("1001", sales=2)
    with pytest.raises(BadInput, match=wrong):
        change_skills(house.database, house.clock, house.told.append, "1001", changes, "sari")
    with pytest.raises(NotFound, match="no agent 7"):
        change_skills(house.database, house.clock, house.told.append, "7", {"sales": 1}, "sari")
    assert house.told == []


def test_who_called_before_today_is_known_by_customer_or_by_number(database: Database) -> None:
    midnight = NOW.replace(hour=0)
    with database.writing() as session:
        customer = Customer(name="Sari", segment="gold", named_agent="1001", created_at=NOW, updated_at=NOW)
        session.add(customer)
        session.flush()
        theirs = customer.id
        for key, ani, who, at in (
            ("own", "+6281", theirs, NOW), ("today", "+6282", None, NOW - timedelta(hours=2)),
            ("yesterday", "+6281", theirs, midnight - timedelta(seconds=1)),
        ):  # fmt: skip
            session.add(Interaction(id=key, ani=ani, customer_id=who, started_at=at))
        session.commit()
    with database.reading() as session:
        assert standing_of(session, "own", theirs, "+6281", midnight) == Standing("gold", "1001", second_call=False)
        assert standing_of(session, "new", theirs, "+6283", midnight) == Standing("gold", "1001", second_call=True)
        assert standing_of(session, "new", None, "+6282", midnight) == Standing(second_call=True)
        assert standing_of(session, "new", None, "", midnight) == Standing()
        session.add(Interaction(id="talk", ani="+6284", agent_id="1001", started_at=NOW, answered_at=NOW))
        session.add(Interaction(id="older", ani="+6284", agent_id="1002", started_at=NOW, answered_at=NOW - timedelta(days=2)))
        session.flush()
        talked = standing_of(session, "new", None, "+6284", midnight)
        assert (talked.last_agent, talked.last_talk_at) == ("1001", NOW)


def test_an_agent_is_moved_and_that_is_told_with_the_skills_as_they_are(house: House) -> None:
    house.agent("1001", sales=2)
    change_site(house.database, house.clock, house.told.append, "1001", "surabaya", "sari")
    with house.database.reading() as session:
        profile = load_profile(session, "1001")
    assert profile is not None
    assert (profile.site, profile.proficiencies) == ("surabaya", {"sales": 2})
    assert [event.data for event in house.told] == [
        {"by": "sari", "before": {"sales": 2}, "after": {"sales": 2}, "site_before": "", "site_after": "surabaya"},
    ]  # fmt: skip
    with pytest.raises(BadInput, match="no name of a site"):
        change_site(house.database, house.clock, house.told.append, "1001", "Surabaya!", "sari")
    with pytest.raises(NotFound, match="no agent 7"):
        change_site(house.database, house.clock, house.told.append, "7", "surabaya", "sari")


def test_where_a_customer_is_stands_in_their_record(database: Database) -> None:
    with database.writing() as session:
        customer = Customer(name="Sari", city="Kota Malang", province="Jawa Timur", created_at=NOW, updated_at=NOW)
        stranger = Customer(name="Budi", created_at=NOW, updated_at=NOW)
        session.add_all([customer, stranger])
        session.flush()
        assert where_customer_is(session, customer.id, "", "+62215551234") == Whereabouts("malang", Confidence.HIGH)
        assert where_customer_is(session, stranger.id, "", "+62215551234") == Whereabouts("ID-JK", Confidence.MEDIUM)
        assert where_customer_is(session, stranger.id, "90111", "+62215551234") == Whereabouts("ID-SN", Confidence.HIGH)
        assert where_customer_is(session, None, "", "") == Whereabouts()
