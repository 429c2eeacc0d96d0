"""Callers are told that the talk may be recorded before they stand in line, and who objects is not recorded."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from asterisk_conf import names
from core.clock import VirtualClock
from core.database import Database
from core.errors import Unavailable
from core.events import EventKind
from cti.agi_session import AgiSession
from cti.entry_points import SILENCE_SCRIPT, place_from_variable
from ivr.catalogue import text_of
from ivr.line import CallerLine, HungUp, Prompt
from ivr.outcome import Outcome, RouteTo
from ivr.reception import OBJECTS_KEY, Reception
from routing.live import LiveStore
from tests.services.test_arrivals import FakeChannel, House
from tests.unit.ivr.fake_line import HANG_UP, SILENCE, FakeLine

CLOCK = VirtualClock(datetime(2026, 3, 2, 5, 0, tzinfo=UTC))


@pytest.fixture
def reception(database: Database) -> Reception:
    return Reception(database, CLOCK, "Asia/Jakarta", Path("/nonexistent"))


@pytest.mark.parametrize("language", ["id", "en"])
def test_they_are_told_in_their_language_and_silence_is_no_objection(reception: Reception, language: str) -> None:
    line = FakeLine([SILENCE], language=language)
    assert reception.tell_recorded(line)
    assert line.heard == [text_of(Prompt("talk_recorded", language))]


def test_the_key_against_it_is_confirmed_and_no_other_key_counts(reception: Reception) -> None:
    line = FakeLine([OBJECTS_KEY], language="en")
    assert not reception.tell_recorded(line)
    assert line.heard[-1] == text_of(Prompt("talk_not_recorded", "en"))
    assert reception.tell_recorded(FakeLine(["1"], language="en"))


def test_who_hangs_up_meanwhile_is_gone(reception: Reception) -> None:
    with pytest.raises(HungUp):
        reception.tell_recorded(FakeLine([HANG_UP], language="en"))


class Routing:
    """A reception that sends everybody to billing, and asks for no objection but `objects`."""

    def __init__(self, objects: bool) -> None:
        self.told, self._objects = 0, objects

    def receive(self, flow: str, line: CallerLine) -> Outcome:
        return RouteTo("billing", "person", "id")

    def tell_recorded(self, line: CallerLine) -> bool:
        self.told += 1
        return not self._objects


class Channel(FakeChannel):
    """One that runs subroutines of the dialplan, and notes when."""

    def write(self, line: bytes) -> int:
        if line.startswith(b"GOSUB"):
            self.variables["begun"] = self.variables.get(names.RECORD, "")
            self._answers += ["100 result=0 Trying...", "200 result=0 Gosub complete"]
            return len(line)
        return super().write(line)


@pytest.fixture
def house(redis_url: str) -> Iterator[House]:
    store = LiveStore(redis_url)
    house = House(redis_url, store, CLOCK)
    yield house
    house.bus.close()
    store.close()


def call(house: House, objects: bool = False, unrecorded: str = "", refused: bool = False) -> tuple[Channel, Routing]:
    reception = Routing(objects)
    house.entry._reception = reception
    house.entry._settings = house.settings.model_copy(update={"unrecorded_queues": unrecorded})
    house.entry._refuses_recording = lambda _customer_id: refused
    house.entry._line_scripts.greet = lambda *_who: None
    channel = Channel("", house.settings.agi_key)
    house.entry.serve(AgiSession(channel, channel))
    return channel, reception


def test_the_channel_and_the_place_know_it_and_recording_is_set_up_before_the_line(house: House) -> None:
    channel, reception = call(house)
    assert reception.told == 1
    assert (channel.variables[names.RECORD], channel.variables["begun"]) == ("yes", "yes")
    place = place_from_variable(channel.variables[names.PLACE])
    assert place is not None
    assert place.may_record
    assert house.entry._store.place(place.interaction_id) == place


def test_who_objects_stands_in_line_like_everybody_and_it_is_on_record(house: House) -> None:
    channel, _reception = call(house, objects=True)
    assert channel.variables[names.RECORD] == "no"
    place = place_from_variable(channel.variables[names.PLACE])
    assert place is not None
    assert not place.may_record
    refused = [event for event in house.bus.read("0-0") if event.kind is EventKind.RECORDING_REFUSED]
    assert [(event.interaction_id, event.data) for event in refused] == [(place.interaction_id, {"how": "key"})]


def test_for_a_queue_that_is_not_recorded_nobody_is_told_anything(house: House) -> None:
    channel, reception = call(house, unrecorded="sales,billing")
    assert reception.told == 0
    assert channel.variables[names.RECORD] == "no"
    assert not [event for event in house.bus.read("0-0") if event.kind is EventKind.RECORDING_REFUSED]


def test_a_customer_who_refused_for_good_is_told_nothing_and_not_recorded(house: House) -> None:
    channel, reception = call(house, refused=True)
    assert reception.told == 0
    assert channel.variables[names.RECORD] == "no"


def test_what_begins_to_record_in_a_pause_is_silent_before_the_dialplan_goes_on(house: House) -> None:
    for paused, orders in (("yes", [True]), ("", [True, False])):
        told: list[bool] = []
        house.entry._mute = lambda _channel, silent, told=told: told.append(silent)
        channel = FakeChannel("", house.settings.agi_key, variables={names.RECORDING_PAUSED: paused})
        channel._answers[0] = f"agi_network_script: {SILENCE_SCRIPT}"
        house.entry.serve(AgiSession(channel, channel))
        assert told == orders, "a pause that has just ended is over"
        assert channel.variables[names.SILENT] == "yes"


def test_where_it_is_not_sure_the_dialplan_hears_nothing_of_silence(house: House) -> None:
    def unsure(_channel: str, _silent: bool) -> None:
        raise Unavailable("Asterisk did not say.", "")

    house.entry._mute = unsure
    channel = FakeChannel("", house.settings.agi_key, variables={names.RECORDING_PAUSED: "yes"})
    channel._answers[0] = f"agi_network_script: {SILENCE_SCRIPT}"
    with pytest.raises(Unavailable):
        house.entry.serve(AgiSession(channel, channel))
    assert names.SILENT not in channel.variables
