"""The recording of a talk in hand: when it is silent, when it goes on, and what survives; Asterisk is a fake at the edge."""

from dataclasses import replace

import pytest

from asterisk_conf import names
from core.events import Event, EventKind
from cti.ami import ActionRefused
from cti.entry_points import place_from_variable
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


def test_hold_is_silent_and_a_pause_outlasts_it(house):
    house.do(house.recorder._hold(house.agent(), True))
    assert house.asterisk.silent
    house.do(house.recorder._hold(house.agent(), False))
    assert not house.asterisk.silent
    house.ask("pause_recording")
    house.do(house.recorder._hold(house.agent(), True))
    house.do(house.recorder._hold(house.agent(), False))
    assert house.asterisk.silent


def test_what_ends_on_hold_stays_silent_until_the_caller_is_taken_back(house):
    house.ask("pause_recording")
    endpoint = names.agent_endpoint("1001", house.agent().phone_kind)
    house.asterisk.variables[f"DEVICE_STATE(PJSIP/{endpoint})"] = "ONHOLD"
    house.ask("record_on")
    assert house.asterisk.silent


def test_a_talk_that_came_back_from_a_consult_in_the_pause_is_recorded_from_its_end_on(house):
    house.ask("pause_recording")
    house.asterisk.records = False
    house.asterisk.variables |= {names.RECORD: "yes", names.RECORDER: "", "BRIDGEPEER": "PJSIP/agent-1001-web-00000007"}
    assert house.ask("record_on") == ""
    [again] = house.asterisk.named("Redirect")
    assert (again["Channel"], again["Exten"]) == (house.place.channel, "held"), "the caller's own way begins to record"
    assert (again["ExtraChannel"], again["ExtraContext"]) == ("PJSIP/agent-1001-web-00000007", names.AGENT_LEG)


def test_all_three_are_left_together(house):
    house.ask("pause_recording")
    house.asterisk.variables |= {names.RECORD: "yes", names.RECORDER: "", "BRIDGEPEER": "PJSIP/agent-1001-web-7,PJSIP/agent-1002-8"}
    assert house.ask("record_on") == ""
    assert not house.asterisk.named("Redirect")


def test_what_is_recorded_already_does_not_begin_twice(house):
    house.asterisk.variables |= {names.RECORD: "yes", names.RECORDER: "0x7f"}
    house.ask("pause_recording")
    house.ask("record_on")
    assert not house.asterisk.named("Redirect")


def test_after_the_pause_the_next_agent_is_recorded(house):
    house.ask("pause_recording")
    house.ask("queue", queue="technical")

    async def hear():
        for event in list(house.events):
            house.recorder.take_note(event)
        await house.a_moment()

    house.do(hear())
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
