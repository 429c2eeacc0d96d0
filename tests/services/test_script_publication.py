"""Scripts published, brought back and found in force, by every process. On a real database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from core.clock import VirtualClock
from core.database import Database
from core.errors import BadInput, NotFound
from core.event_archive import archive
from core.events import Event, EventKind
from core.problem import Faults
from crm.customers import Customer
from crm.script_actions import ActionKey, actions_done, claim_action
from crm.tickets import TicketSubject, open_ticket
from scripts.checks import Surroundings
from scripts.comparison import Verdict
from scripts.script_file import read_script
from scripts.script_publication import ScriptOvertaken, ScriptPublisher, TrialUnderWay
from scripts.script_trials import trials_of
from scripts.script_versions import ScriptPublication, publications_of
from scripts.scripts_in_force import ScriptsInForce
from scripts.trial_report import trial_report
from tests.unit.scripts.small_scripts import NOW, end, page, script, text_of, words

KEY = ActionKey("00000000-0000-0000-0000-000000000001", "general", "bye", "open_ticket")


def saying(text: str, name: str = "general", **parts: Any) -> dict[str, Any]:
    return script(end(say=words(text)), name=name, **parts)


@dataclass
class House:
    database: Database
    around: Surroundings = field(default_factory=Surroundings)
    told: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = VirtualClock(NOW)
        self.publisher = ScriptPublisher(self.database, self.clock, lambda: self.around, self.told.append)
        self.scripts = ScriptsInForce(self.database)

    def publish(self, *data: dict[str, Any], based_on: int | None = None) -> dict[str, int]:
        return self.publisher.publish([read_script(text_of(one), "mine.yaml") for one in data], "sari", "why", based_on)

    def says(self, name: str = "general", scripts: ScriptsInForce | None = None) -> str:
        found = (scripts or self.scripts).current().find(name)
        assert found is not None
        return found.script.first.say.en


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def test_what_is_published_is_in_force_at_once_in_every_process_and_told(house: House) -> None:
    other = ScriptsInForce(house.database)
    shipped = other.current()
    assert shipped is other.current(), "read once"
    assert house.publish(saying("one")) == {"general": 1}
    assert (house.says(), house.says(scripts=other)) == ("one", "one")
    assert {one.script.name for one in other.current().versions} == {one.script.name for one in shipped.versions}
    assert [(event.kind, event.data) for event in house.told] == [
        (EventKind.SCRIPT_PUBLISHED, {"script": "general", "number": 1, "how": "published", "by": "sari"})
    ]  # fmt: skip


def test_an_earlier_version_and_the_shipped_one_are_brought_back(house: House) -> None:
    house.publish(saying("one"))
    house.publish(saying("two"))
    assert house.publisher.roll_back("general", 1, "budi") == 1
    assert house.says() == "one"
    shipped = ScriptsInForce(Database("sqlite://")).current().find("general")
    house.publisher.roll_back("general", 0, "budi")
    assert shipped is not None
    assert house.says() == shipped.script.first.say.en
    assert house.publish(saying("two")) == {"general": 3}
    with house.database.reading() as session:
        rows = publications_of("general").history(session)
        assert [(row.number, row.how) for row in rows] == [
            (3, "published"), (0, "rolled_back"), (1, "rolled_back"), (2, "published"), (1, "published"),
        ]  # fmt: skip


def test_every_version_can_be_found_for_calls_that_run(house: House) -> None:
    for text in ("one", "two", "three"):
        house.publish(saying(text))
    for number, text in enumerate(("one", "two", "three"), start=1):
        found = ScriptsInForce(house.database).version("general", number)
        assert found is not None
        assert found.first.say.en == text
    assert house.scripts.version("general", 9) is None
    assert house.scripts.version("general", 0) is not None
    assert house.scripts.version("gone", 0) is None


def test_the_versions_of_each_script_are_its_own(house: House) -> None:
    house.publish(saying("one"), saying("vip", "vips", opens_when={"segment": "vip"}))
    house.publish(saying("two"))
    assert (house.says(), house.says("vips")) == ("two", "vip")
    house.publisher.roll_back("vips", 0, "sari")
    assert house.scripts.current().find("vips") is None
    with pytest.raises(NotFound):
        house.publisher.roll_back("vips", 2, "sari")


def test_what_has_faults_or_does_not_go_with_the_others_is_not_published(house: House) -> None:
    house.around = Surroundings(queues=("billing",))
    for data, what in (
        (saying("x", "taxes", queues=["tax"]), "There is no queue tax."),
        (saying("x", "second"), "opens for every queue already"),
        (saying("x", "mine", queues=["billing"]), "opens for the queue billing already"),
        (saying("x", queues=["billing"]), "no script for calls of every queue"),
    ):  # fmt: skip
        with pytest.raises(Faults, match=what):
            house.publish(data)
    assert house.told == []
    with house.database.reading() as session:
        assert publications_of("general").in_force(session) is None


def test_one_that_others_lean_on_by_now_is_not_brought_back(house: House) -> None:
    house.publish(saying("own", "mine", queues=["billing"], opens_when={"segment": "vip"}))
    own = saying("own", "mine", queues=["sales2"])
    house.publish(own)
    house.publish(saying("other", "other", queues=["sales2"], opens_when={"segment": "vip"}))
    house.publisher.roll_back("mine", 1, "sari")
    house.publish(saying("other", "other", queues=["sales2"]))
    with pytest.raises(Faults, match="opens for the queue sales2 already"):
        house.publisher.roll_back("mine", 2, "sari")
    assert house.says("mine") == "own"


def test_who_did_not_know_of_the_newest_version_does_not_replace_it(house: House) -> None:
    assert house.publish(saying("one"), based_on=0) == {"general": 1}
    with pytest.raises(ScriptOvertaken):
        house.publish(saying("two"), based_on=0)
    assert house.publish(saying("one"), based_on=0) == {"general": 1}, "the same again is no other"
    assert house.publish(saying("two"), based_on=1) == {"general": 2}


class Meeting(VirtualClock):
    """Asked between the look around and the writing: keeps the first until the second is as far, if that can be."""

    def __init__(self) -> None:
        super().__init__(NOW)
        self._both = threading.Barrier(2)

    def now(self) -> datetime:
        with suppress(threading.BrokenBarrierError):
            self._both.wait(timeout=0.5)
        return super().now()


def test_of_two_who_publish_at_once_one_finds_the_other_there(house: House) -> None:
    """Each alone goes with what is in force, both together do not."""
    house.publish(saying("one"))
    publisher = ScriptPublisher(house.database, Meeting(), lambda: house.around, house.told.append)

    def publish(name: str) -> bool:
        try:
            publisher.publish([read_script(text_of(saying("x", name, queues=["brand_new"])), "mine.yaml")], "sari")
        except Faults:
            return False
        return True

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(publish, ("a", "b"))) == [False, True]


def test_a_script_of_another_release_that_can_not_be_read_leaves_the_shipped_one(house: House) -> None:
    shipped = house.says()
    with house.database.writing() as session:
        session.add(ScriptPublication(name="general", number=1, content="pages: {}", how="published", at=NOW, by="later"))
        session.commit()
    assert house.says() == shipped
    assert house.scripts.version("general", 1) is None


def test_without_a_database_the_last_library_holds(house: House) -> None:
    away = ScriptsInForce(Database("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    assert away.current().opening("billing", {}).script.name == "billing"
    assert away.version("billing", 3) is None
    assert away.version("billing", 0) is not None


def test_an_action_is_claimed_once_and_again_only_when_it_was_not_kept(house: House) -> None:
    with house.database.writing() as session:
        assert claim_action(session, KEY, "1001", NOW) is not None
    with house.database.writing() as session:
        row = claim_action(session, KEY, "1002", NOW)
        assert row is not None
        row.result = "T000001"
        session.commit()
    with house.database.writing() as session:
        assert claim_action(session, KEY, "1001", NOW) is None
        (done,) = actions_done(session, KEY.interaction_id)
    assert (done.agent_id, done.result) == ("1002", "T000001")


def test_a_ticket_may_have_words_of_its_own(house: House) -> None:
    with house.database.writing() as session:
        customer = Customer(name="Sari", created_at=NOW, updated_at=NOW)
        session.add(customer)
        session.flush()
        own = open_ticket(
            session, customer.id, TicketSubject.BILLING, "id", KEY.interaction_id, NOW, words="Sanggahan INV-7 " + "x" * 300
        )
        usual = open_ticket(session, customer.id, TicketSubject.PRODUCT, "en", KEY.interaction_id, NOW)
    assert own.subject.startswith("Sanggahan INV-7 ")
    assert len(own.subject) == 200
    assert usual.subject == "Trouble with a product"


def test_pages_are_named_in_the_script_that_is_read_again(house: House) -> None:
    house.publish(script(page("hello", next="bye"), end()))
    found = house.scripts.version("general", 1)
    assert found is not None
    assert [each.name for each in found.pages] == ["hello", "bye"]


def begin(house: House, say: str, percent: int = 50, **parts: Any) -> int:
    return house.publisher.begin_trial(read_script(text_of(saying(say, **parts)), "mine.yaml"), percent, "sari", "why")


def said_to(house: House, interaction_id: str) -> str:
    library = house.scripts.current()
    found = library.find("general")
    assert found is not None
    return library.for_call(found, interaction_id).script.first.say.en


def test_a_version_on_trial_reaches_its_share_of_calls_in_every_process_and_no_other(house: House) -> None:
    house.publish(saying("usual"))
    assert begin(house, "tried") == 2
    ids = [f"call-{number}" for number in range(200)]
    first = [said_to(house, one) for one in ids]
    assert set(first) == {"usual", "tried"}
    other = ScriptsInForce(house.database).current()
    usual = other.find("general")
    assert usual is not None
    assert [other.for_call(usual, one).script.first.say.en for one in ids] == first
    assert house.says() == "usual", "what is in force stays so"
    assert [event.data["how"] for event in house.told] == ["published", "tried"]


@pytest.mark.parametrize("number", [1, 2])
def test_one_of_the_two_is_taken_for_all_and_running_calls_keep_theirs(house: House, number: int) -> None:
    house.publish(saying("usual"))
    begin(house, "tried")
    house.publisher.end_trial("general", number, "budi")
    taken = "usual" if number == 1 else "tried"
    assert {said_to(house, f"call-{one}") for one in range(50)} == {taken}
    for each, say in ((1, "usual"), (2, "tried")):
        kept = house.scripts.version("general", each)
        assert kept is not None
        assert kept.first.say.en == say
    with house.database.reading() as session:
        assert [(row.number, row.how) for row in publications_of("general").history(session)] == [
            (number, "chosen"), (2, "tried"), (1, "published"),
        ]  # fmt: skip
        (trial,) = trials_of(session, "general")
        assert (trial.usual, trial.tried, trial.chosen, trial.ended_by) == (1, 2, number, "budi")
    assert house.publish(saying("later")) == {"general": 3}, "no number is given twice"


def test_the_shipped_script_can_be_compared_and_taken_again(house: House) -> None:
    shipped = house.says()
    begin(house, "tried")
    house.publisher.end_trial("general", 0, "budi")
    assert house.says() == shipped


def test_while_a_trial_runs_nothing_else_comes_into_force(house: House) -> None:
    house.publish(saying("usual"))
    begin(house, "tried")
    back = partial(house.publisher.roll_back, "general", 0, "budi")
    for act in (lambda: house.publish(saying("third")), lambda: begin(house, "third"), back):
        with pytest.raises(TrialUnderWay):
            act()
    assert house.publish(saying("usual")) == {"general": 1}, "what is in force already changes nothing"
    house.publish(saying("else", name="other", queues=["sales"], opens_when={"segment": "vip"}))
    assert house.says("other") == "else", "another script is free"


def test_only_what_opens_for_the_same_calls_is_tried(house: House) -> None:
    house.publish(saying("usual"), saying("one", name="other", queues=["sales"], opens_when={"segment": "vip"}))
    for parts in ({"name": "other", "queues": ["billing"], "opens_when": {"segment": "vip"}},
                  {"name": "other", "queues": ["sales"], "opens_when": {"segment": "new"}}, {"priority": 5}):  # fmt: skip
        with pytest.raises(Faults):
            begin(house, "tried", **parts)
    with pytest.raises(Faults, match="says the same"):
        begin(house, "usual")
    for percent in (0, 51, -1):
        with pytest.raises(BadInput):
            begin(house, "tried", percent=percent)
    with pytest.raises(BadInput, match="in force to compare"):
        begin(house, "tried", name="unheard_of", queues=["sales"], opens_when={"segment": "vip"})
    with pytest.raises(NotFound):
        house.publisher.end_trial("general", 1, "budi")


def test_of_two_who_begin_a_trial_at_once_one_does(house: House) -> None:
    house.publish(saying("usual"))
    begun, refused = [], []

    def act(say: str) -> None:
        try:
            begun.append(begin(house, say))
        except TrialUnderWay:
            refused.append(say)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, ["a", "b", "c", "d"]))
    assert (len(begun), len(refused)) == (1, 3)


def test_both_versions_are_reported_from_what_is_on_record(house: House) -> None:
    house.publish(saying("usual"))
    begin(house, "tried")
    events = []
    for number in range(80):
        version, call = 1 + number % 2, f"call-{number}"
        data = {"script": "general", "version": version, "page": "bye"}
        outcome = "solved" if version == 2 or number % 8 == 0 else "follow_up"
        events += [
            Event(EventKind.SCRIPT_OPENED, NOW, call, "1001", data | {"how": "by_itself"}, f"o{number}"),
            Event(EventKind.SCRIPT_ENDED, NOW, call, "1001", data | {"finished": True, "outcome": outcome}, f"e{number}"),
            Event(EventKind.SCRIPT_OPENED, NOW, f"else-{number}", "1001", {**data, "script": "sales", "how": ""}, f"s{number}"),
        ]
    with house.database.writing() as session:
        archive(session, [event.placed(event.key) for event in events])
        session.commit()
        (trial,) = trials_of(session, "general")
        found = trial_report(session, trial, NOW + timedelta(minutes=1))
    assert (found.usual.calls, found.tried.calls, found.enough) == (40, 40, True)
    solved = next(line for line in found.lines if line.name == "solved")
    assert (solved.usual, solved.tried, solved.verdict) == (0.25, 1.0, Verdict.MORE)
