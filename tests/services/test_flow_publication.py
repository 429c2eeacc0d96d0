"""Flows on a real database: published, read by calls, brought back; a call keeps the version it began with."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import pytest

from core.clock import VirtualClock
from core.database import Database
from core.errors import BadInput, NotFound
from ivr.flow_check import Premises
from ivr.flow_file import read_flow, shipped_flow
from ivr.flow_versions import history, recent_speech_sets
from ivr.line import Prompt
from ivr.number_form import SCORE
from ivr.publication import Publisher
from ivr.published_flows import PublishedFlows
from ivr.services import SERVICES
from ivr.speech.grammars import GrammarSource
from routing.policy_file import shipped_policy

CLOCK = VirtualClock(datetime(2025, 2, 3, 2, 30, tzinfo=UTC))
THERE = Premises(list(shipped_policy().policy.names), {"hotline"}, SERVICES)
SHIPPED = shipped_flow()
EDITED = read_flow(SHIPPED.text.replace("Untuk penjualan, tekan satu.", "Ingin membeli, tekan satu."), "mine.yaml")
BROKEN = read_flow(SHIPPED.text.replace("queue: sales}", "queue: sail}"), "mine.yaml")
WITHOUT_HOURS = read_flow(SHIPPED.text.replace("hours: hotline", "hours: offise"), "mine.yaml")


class Workshop:
    """Makes speech sets and sounds, and remembers which."""

    def __init__(self) -> None:
        self.sounds: list[Prompt] = []
        self.sets: list[set[str]] = []

    def make_sounds(self, prompts: Iterable[Prompt]) -> None:
        self.sounds.extend(prompts)

    def make_set(self, grammars: Mapping[str, GrammarSource]) -> str:
        self.sets.append(set(grammars))
        return f"set-{len(self.sets)}"


@pytest.fixture
def workshop() -> Workshop:
    return Workshop()


@pytest.fixture
def publisher(database: Database, workshop: Workshop) -> Publisher:
    return Publisher(database, CLOCK, lambda: THERE, workshop.make_set, workshop.make_sounds)


def in_force(database: Database) -> tuple[int, str]:
    version = PublishedFlows(database).current("hotline")
    return version.number, version.flow.menus["people_menu"].ask["id"][0].split(",")[0]


def test_before_anything_is_published_the_shipped_flow_serves_by_key_alone(database: Database) -> None:
    version = PublishedFlows(database).current("hotline")
    assert (version.number, version.speech_set) == (0, "")
    assert version.flow == SHIPPED.flow


def test_a_published_flow_is_what_the_next_call_gets_and_the_running_one_keeps_its_own(
    database: Database, publisher: Publisher
) -> None:
    flows = PublishedFlows(database)
    publisher.publish_shipped()
    running = flows.current("hotline")
    assert publisher.publish(EDITED, "admin", "shorter") == 2
    assert flows.current("hotline").number == 2
    assert running.flow == SHIPPED.flow
    assert in_force(database) == (2, "Ingin membeli")


def test_everything_that_callers_hear_and_say_is_made_before_it_is_in_force(publisher: Publisher, workshop: Workshop) -> None:
    publisher.publish(SHIPPED, "admin")
    assert {(prompt.key, prompt.language) for prompt in workshop.sounds} >= {("main_menu_1", "id"), ("connecting_sales", "en")}
    assert workshop.sets == [{*SHIPPED.flow.menus, "spoken_number_id", "spoken_number_en", "yes_no", "callback_offer", "call_time"}]


def test_a_flow_with_a_fault_is_refused_by_line_and_changes_nothing(database: Database, publisher: Publisher) -> None:
    publisher.publish_shipped()
    with pytest.raises(BadInput, match=r"mine\.yaml, line \d+: There is no queue 'sail'"):
        publisher.publish(BROKEN, "admin")
    assert in_force(database) == (1, "Untuk penjualan")


def test_a_flow_whose_hours_nobody_wrote_is_not_put_in_force(database: Database, publisher: Publisher) -> None:
    publisher.publish_shipped()
    with pytest.raises(BadInput, match=r"mine\.yaml, line \d+: There is no schedule 'offise'\. Use one of: hotline"):
        publisher.publish(WITHOUT_HOURS, "admin")
    assert in_force(database)[0] == 1


def test_bringing_back_an_earlier_version_is_one_more_line_of_history(database: Database, publisher: Publisher) -> None:
    publisher.publish_shipped()
    publisher.publish(EDITED, "admin")
    publisher.roll_back("hotline", 1, "admin")
    assert in_force(database) == (1, "Untuk penjualan")
    with database.reading() as session:
        lines = [(line.number, line.how, line.by, line.in_force) for line in history(session, "hotline")]
    assert lines == [(1, "rolled_back", "admin", True), (2, "published", "admin", False), (1, "published", "halo", False)]
    with pytest.raises(NotFound, match="no version 7"):
        publisher.roll_back("hotline", 7, "admin")


def test_publishing_the_same_again_makes_no_new_version(database: Database, workshop: Workshop) -> None:
    same = Publisher(database, CLOCK, lambda: THERE, lambda _grammars: "one-set", workshop.make_sounds)
    assert [same.publish(SHIPPED, "admin") for _ in range(3)] == [1, 1, 1]
    assert same.publish_shipped() == []


def test_a_new_program_renews_its_own_flow_but_never_one_that_a_person_published(database: Database, publisher: Publisher) -> None:
    assert publisher.publish_shipped() == ["hotline"]
    publisher.publish(EDITED, "admin")
    assert publisher.publish_shipped() == []
    assert in_force(database)[1] == "Ingin membeli"


def test_a_database_that_is_gone_leaves_calls_with_what_was_seen_last(database: Database, publisher: Publisher) -> None:
    publisher.publish(EDITED, "admin")
    flows = PublishedFlows(database)
    seen = flows.current("hotline")
    database.dispose()
    gone = Database("sqlite:////nowhere/at/all.db")
    flows._database = gone
    assert flows.current("hotline") is seen
    assert PublishedFlows(gone).current("hotline").number == 0
    gone.dispose()


def test_a_new_speech_model_renews_the_word_graph_of_a_persons_flow_and_nothing_else(
    database: Database, publisher: Publisher, workshop: Workshop
) -> None:
    publisher.publish(EDITED, "admin", "shorter")
    flows = PublishedFlows(database)
    running = flows.current("hotline")
    assert publisher.renew() == ["hotline"]  # the workshop makes another set each time, as with another model
    current = flows.current("hotline")
    assert (running.speech_set, current.speech_set) == ("set-1", "set-2")
    assert (current.number, current.flow) == (running.number, EDITED.flow)
    assert current.number_grammar("id", SCORE).speech_set == "set-2"
    with database.reading() as session:
        assert [(line.number, line.by) for line in history(session, "hotline")] == [(1, "admin")]
    same = Publisher(database, CLOCK, lambda: THERE, lambda _grammars: "set-2", workshop.make_sounds)
    assert same.renew() == []


def test_a_new_speech_model_makes_no_version_of_the_shipped_flow_either(database: Database, publisher: Publisher) -> None:
    assert publisher.publish_shipped() == ["hotline"]
    assert publisher.publish_shipped() == []
    current = PublishedFlows(database).current("hotline")
    assert (current.number, current.speech_set) == (1, "set-2")


def test_the_word_graphs_of_the_last_publications_are_kept_and_no_older_ones(database: Database, publisher: Publisher) -> None:
    for text in (EDITED, SHIPPED, EDITED, SHIPPED):
        publisher.publish(text, "admin")
    with database.reading() as session:
        assert recent_speech_sets(session) == {"set-2", "set-3", "set-4"}
    publisher.roll_back("hotline", 1, "admin")
    with database.reading() as session:
        assert recent_speech_sets(session) == {"set-3", "set-4", "set-5"}
