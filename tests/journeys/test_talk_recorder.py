"""The recording of a talk in hand: when it is silent, when it goes on, and what survives; Asterisk is a fake at the edge."""

from dataclasses import replace

import pytest

from asterisk_conf import names
from core.events import Event, EventKind
from cti.ami import ActionRefused
from cti.holds import HELD, Holds
from cti.place_on_channel import place_from_variable
from cti.talk_recorder import TalkRecorder
from routing.agent_state import AgentState
from tests.journeys.control_house import ControlHouse, ListeningAsterisk

MUTE = "MixMonitorMute"


class RecordingAsterisk(ListeningAsterisk):
    """Says no to whoever mutes a channel that nothing records."""

    records = True

    async def action(self, name, **fields):
        answer = await super().action(name, **fields)
        if name in (MUTE, "StopMixMonitor") and not self.records:
            raise ActionRefused("nothing records it")
        return answer

    @property
    def silent(self) -> bool:
        """Whether the last that was said is silence."""
        return self.named(MUTE)[-1]["State"] == "1"


@pytest.fixture
def house(redis_url):
    house = ControlHouse(redis_url, asterisk=RecordingAsterisk())
    house.asterisk.variables |= {names.RECORD: "yes", names.RECORDER: "0x7f"}
    told_and_willing(house)
    yield house
    house.close()


def told_and_willing(house: ControlHouse) -> None:
    house.place = replace(house.place, may_record=True)
    told = Event(EventKind.CALLBACK_ON_LINE, house.clock.now(), house.place.interaction_id)
    assert house.changes.customer_answered(house.agent(), house.place, told)
    house.do()


def kinds(house: ControlHouse, *wanted: EventKind) -> list[tuple[EventKind, str]]:
    return [(event.kind, str(event.data.get("why", ""))) for event in house.events if event.kind in wanted]


RECORDING = (EventKind.RECORDING_PAUSED, EventKind.RECORDING_RESUMED, EventKind.RECORDING_REFUSED)


def test_a_pause_is_silent_before_anybody_hears_of_it_and_nothing_begins_to_record_in_it(house):
    assert house.ask("pause_recording") == ""
    order = [name for name, fields in house.asterisk.actions if name == MUTE or fields.get("Variable") == names.RECORDING_PAUSED]
    assert order == ["Setvar", MUTE]
    assert house.asterisk.silent
    assert (house.agent().recording_paused_until - house.clock.now()).total_seconds() == house.settings.pause_recording_s
    assert kinds(house, *RECORDING) == [(EventKind.RECORDING_PAUSED, "")]


def test_the_agent_goes_on_and_a_second_time_nothing_happens(house):
    house.ask("pause_recording")
    assert house.ask("record_on") == ""
    assert not house.asterisk.silent
    assert house.asterisk.variables[names.RECORDING_PAUSED] == ""
    assert house.agent().recording_paused_until is None
    house.ask("record_on")
    assert kinds(house, *RECORDING) == [(EventKind.RECORDING_PAUSED, ""), (EventKind.RECORDING_RESUMED, "agent")]


def test_the_bound_ends_a_pause_though_the_process_that_began_it_is_gone(house):
    house.ask("pause_recording")
    house.later(house.settings.pause_recording_s / 2, "1001")
    house.do(house.recorder.compare())  # whoever leads now
    assert house.asterisk.silent
    house.later(house.settings.pause_recording_s, "1001")
    house.do(house.recorder.compare())
    assert not house.asterisk.silent
    assert house.agent().recording_paused_until is None
    assert kinds(house, *RECORDING)[-1] == (EventKind.RECORDING_RESUMED, "time")


def leg(house: ControlHouse) -> str:
    return names.agent_leg_id(house.agent().token)


def tell(house: ControlHouse, event: str) -> None:
    """Asterisk tells of the agent's leg."""

    async def told() -> None:
        house.asterisk.tell(event, uniqueid=leg(house))
        await house.a_moment()

    house.do(told())


def test_hold_is_silent_and_a_pause_outlasts_it(house):
    tell(house, "Hold")
    assert house.asterisk.silent
    tell(house, "Unhold")
    assert not house.asterisk.silent
    house.ask("pause_recording")
    tell(house, "Hold")
    tell(house, "Unhold")
    assert house.asterisk.silent


def test_of_hold_each_process_hears_also_while_none_leads(house):
    also = {event for event, standing_by in house.asterisk.also_standing_by if standing_by}
    assert {"Hold", "Unhold"} <= also


def test_what_ends_on_hold_stays_silent_until_the_caller_is_taken_back(house):
    house.ask("pause_recording")
    tell(house, "Hold")
    house.ask("record_on")
    assert house.asterisk.silent
    house.do(house.recorder.compare())
    assert house.asterisk.silent
    tell(house, "Unhold")
    assert not house.asterisk.silent


def who_comes_new(house: ControlHouse, is_held: bool) -> None:
    """Another process leads, which heard nothing of what was before; Asterisk says how the agent's leg is."""
    house.asterisk.variables[HELD] = "1" if is_held else "0"
    recorder = TalkRecorder(house.settings, house.clock, house.store, house.changes, house.asterisk, house.bus.publish)
    row = {"uniqueid": leg(house), "channel": "PJSIP/agent-1001"}
    house.do(Holds(house.clock, house.store, house.changes, house.asterisk, recorder).compare([row]))


def test_who_comes_in_the_middle_of_a_hold_leaves_it_silent_and_on_record(house):
    tell(house, "Hold")
    who_comes_new(house, is_held=True)
    assert house.asterisk.silent
    assert kinds(house, EventKind.INTERACTION_HELD, EventKind.INTERACTION_RESUMED)[-1] == (EventKind.INTERACTION_HELD, "agent")


def test_who_comes_after_the_caller_was_taken_back_records_on_and_says_so(house):
    tell(house, "Hold")
    who_comes_new(house, is_held=False)
    assert not house.asterisk.silent
    assert kinds(house, EventKind.INTERACTION_HELD, EventKind.INTERACTION_RESUMED)[-1] == (EventKind.INTERACTION_RESUMED, "agent")


def found(house: ControlHouse) -> list[bool]:
    return [event.data["is_recorded"] for event in house.events if event.kind is EventKind.RECORDING_FOUND]


def hear_all(house: ControlHouse) -> None:
    async def hear():
        for event in list(house.events):
            house.recorder.take_note(event)
        await house.a_moment()

    house.do(hear())


def test_the_agent_is_told_that_it_is_recorded_when_asterisk_has_said_so(house):
    assert house.agent().is_recorded is None
    hear_all(house)
    assert house.agent().is_recorded
    hear_all(house)
    assert found(house) == [True], "and that once"


def test_what_nothing_records_is_said_to_be_recorded_by_nobody(house):
    house.asterisk.variables[names.RECORDER] = ""
    hear_all(house)
    assert house.agent().is_recorded is False
    assert house.ask("pause_recording") == "not_recorded"
    assert house.asterisk.variables[names.RECORDING_PAUSED] == ""
    house.asterisk.variables[names.RECORDER], house.asterisk.records = "0x7f", False
    house.do(house.recorder.compare())
    assert found(house) == [False], "a name alone records nothing"


def test_a_pause_that_ends_while_somebody_is_asked_lets_the_rest_of_the_talk_be_written(house):
    house.ready_agent("1002")
    house.ask("pause_recording")
    assert house.ask("consult", agent="1002") == ""
    house.later(house.settings.pause_recording_s + 1, "1001")
    house.do(house.recorder.compare())
    assert not house.asterisk.silent
    assert house.asterisk.variables[names.RECORDING_PAUSED] == ""
    assert house.agent().is_recorded is None, "nobody is recorded while the caller hears music"
    assert [each["Exten"] for each in house.asterisk.named("Redirect")] == ["held"], "and nobody's leg is moved for it"


def test_of_a_customer_who_refused_and_is_known_only_now_nothing_is_kept(house):
    house.refusing = {7}
    assert house.ask("identify", customer="8") == ""
    assert house.store.where(house.place.interaction_id)[1].customer_id == 8
    assert not kinds(house, *RECORDING)
    house.place = house.store.where(house.place.interaction_id)[1]
    assert house.ask("identify", customer="7") == ""
    assert house.asterisk.named("StopMixMonitor")
    assert place_from_variable(house.asterisk.variables[names.PLACE]) == house.store.where(house.place.interaction_id)[1]
    kept = house.store.where(house.place.interaction_id)[1]
    assert (kept.customer_id, kept.may_record) == (7, False)
    told = [(event.kind, event.data) for event in house.events if event.kind in (EventKind.INTERACTION_IDENTIFIED, *RECORDING)]
    assert told == [
        (EventKind.INTERACTION_IDENTIFIED, {"customer_id": 8, "language": "id"}),
        (EventKind.INTERACTION_IDENTIFIED, {"customer_id": 7, "language": "id"}),
        (EventKind.RECORDING_REFUSED, {"how": "consent"}),
    ]


def test_after_the_pause_the_next_agent_is_recorded(house):
    house.ask("pause_recording")
    house.ask("queue", queue="technical")

    hear_all(house)
    assert not house.asterisk.silent
    assert kinds(house, *RECORDING)[-1] == (EventKind.RECORDING_RESUMED, "over")
    assert house.agent().state is AgentState.WRAP_UP
    assert house.agent().recording_paused_until is None


def test_of_who_objects_nothing_is_recorded_any_more_wherever_they_go(house):
    assert house.ask("refuse_recording") == ""
    assert house.asterisk.named("StopMixMonitor")
    assert house.asterisk.variables[names.RECORD] == "no"
    assert not place_from_variable(house.asterisk.variables[names.PLACE]).may_record
    assert not house.store.where(house.place.interaction_id)[1].may_record
    assert kinds(house, *RECORDING) == [(EventKind.RECORDING_REFUSED, "")]
    house.place = house.store.where(house.place.interaction_id)[1]
    house.ask("queue", queue="technical")
    assert house.asterisk.variables[names.RECORD] == "no"


def test_the_queue_says_whether_the_next_talk_is_recorded(house):
    house.transfers._settings = house.settings.model_copy(update={"unrecorded_queues": "sales,technical"})
    house.ask("queue", queue="technical")
    assert house.asterisk.variables[names.RECORD] == "no"


def test_what_is_not_recorded_is_not_paused(house):
    house.ask("refuse_recording")
    assert house.ask("pause_recording") == "not_recorded"
    assert house.agent().recording_paused_until is None


def test_an_asterisk_that_does_not_answer_pauses_nothing_and_says_so(house):
    house.asterisk.refuses = {MUTE}
    assert house.ask("pause_recording") == "unavailable"
    assert house.asterisk.variables[names.RECORDING_PAUSED] == "", "and later parts of the talk are recorded"
    assert house.agent().recording_paused_until is None
