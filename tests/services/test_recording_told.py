"""Callers are told that the talk may be recorded before anybody takes them, and who objects is not recorded."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from asterisk_conf import names
from core.clock import VirtualClock
from core.database import Database
from core.errors import Unavailable
from core.events import Event, EventKind
from cti.agi_session import AgiSession
from cti.entry_points import SILENCE_SCRIPT, place_from_variable
from ivr.catalogue import text_of
from ivr.line import CallerLine, HungUp, Prompt
from ivr.outcome import CallerGone, Outcome, RouteTo
from ivr.reception import OBJECTS_KEY, Reception
from routing.agent_changes import AgentChanges
from routing.live import LINE, TAKEN, LiveAgent, LiveStore
from routing.place import Place
from tests.services.test_arrivals import FakeChannel, House
from tests.unit.ivr.fake_line import HANG_UP, SILENCE, FakeLine

TELLING = f"SHARED({names.TELLING})"
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
    """A reception that sends everybody to billing; they object when they are told, or hang up, or neither.

    `meanwhile` is how the floor and the channel were when they were told.
    """

    def __init__(self, house: House, objects: bool, hangs_up: bool, when_told: Callable[[Place], None]) -> None:
        self._house, self._objects, self._hangs_up, self._when_told = house, objects, hangs_up, when_told
        self.told = 0
        self.channel: Channel
        self.meanwhile: tuple[Place | None, str, str] = (None, "", "")

    def receive(self, flow: str, line: CallerLine) -> Outcome:
        wish = RouteTo("billing", "person", "id")
        try:
            line.stand_in_line(wish)
        except HungUp:
            return CallerGone("bill")
        return wish

    def tell_recorded(self, line: CallerLine) -> bool:
        self.told += 1
        place = self._house.entry._store.place(line.call.interaction_id)
        self.meanwhile = (place, self.channel.variables[TELLING], self.channel.variables[names.RECORD])
        if place is not None:
            self._when_told(place)
        if self._hangs_up:
            raise HungUp
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


def call(
    house: House,
    objects: bool = False,
    unrecorded: str = "",
    refused: bool = False,
    hangs_up: bool = False,
    when_told: Callable[[Place], None] = lambda _place: None,
) -> tuple[Channel, Routing]:
    reception = Routing(house, objects, hangs_up, when_told)
    into_line = house.entry._into_line
    house.entry._reception = into_line._reception = reception
    into_line._settings = house.settings.model_copy(update={"unrecorded_queues": unrecorded})
    into_line._records = replace(into_line._records, refuses_recording=lambda _customer_id: refused)
    house.entry._line_scripts.greet = lambda *_who: None
    reception.channel = channel = Channel("", house.settings.agi_key)
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


def kinds(house: House) -> list[EventKind]:
    return [event.kind for event in house.bus.read("0-0")]


def test_they_are_in_line_while_they_are_told_and_until_then_nobody_takes_or_records_them(house: House) -> None:
    channel, reception = call(house)
    place, telling, record = reception.meanwhile
    assert place is not None
    assert not place.may_record
    assert (telling, record) == ("yes", "no")
    assert channel.variables[TELLING] == ""
    assert kinds(house)[-2:] == [EventKind.INTERACTION_QUEUED, EventKind.RECORDING_TOLD]


def test_who_was_taken_meanwhile_is_recorded_too(house: House) -> None:
    """An agent may be rung, and answer, before the caller has heard it: then the place is no longer in line."""
    store = house.entry._store
    _channel, reception = call(house)
    place, *_others = reception.meanwhile
    assert place is not None
    store.redis.hdel(LINE, place.interaction_id)
    store.redis.hset(TAKEN, place.interaction_id, place.to_json())
    assert place.telling_until_s == CLOCK.now().timestamp() + 12
    assert store.told_of_recording(place.interaction_id, True, Event(EventKind.RECORDING_TOLD, CLOCK.now(), place.interaction_id))
    assert store.where(place.interaction_id) == (None, replace(place, may_record=True, telling_until_s=0.0))
    store.drop_taken(place.interaction_id)
    before = len(kinds(house))
    assert not store.told_of_recording(
        place.interaction_id, True, Event(EventKind.RECORDING_TOLD, CLOCK.now(), place.interaction_id)
    )
    assert len(kinds(house)) == before, "of a caller who is gone nothing is told"


def test_who_objects_when_somebody_has_answered_is_on_record_and_on_that_agents_page(house: House) -> None:
    store, changes = house.entry._store, AgentChanges(house.entry._store, CLOCK, 60)

    def answered(place: Place) -> None:
        changes.log_in("1001")
        changes.phone_changed("1001", True)
        changes.make_ready("1001")
        assert isinstance(changes.try_reserve("1001", place, CLOCK.now() + timedelta(seconds=15), {}), LiveAgent)

    channel, _reception = call(house, objects=True, when_told=answered)
    refused = [event for event in house.bus.read("0-0") if event.kind is EventKind.RECORDING_REFUSED]
    assert [(event.agent_id, event.data) for event in refused] == [("1001", {"how": "key"})]
    in_line, taken = store.where(channel.variables[names.INTERACTION])
    assert in_line is None
    assert taken is not None
    assert (taken.may_record, taken.telling_until_s) == (False, 0.0)


def test_who_hangs_up_while_they_are_told_is_gone_from_the_line_and_was_not_settled_by_the_menu(house: House) -> None:
    channel, _reception = call(house, hangs_up=True)
    assert channel.variables[names.RECORD] == "no"
    assert EventKind.INTERACTION_QUEUED in kinds(house)
    assert EventKind.INTERACTION_CONTAINED not in kinds(house)
    assert EventKind.RECORDING_TOLD not in kinds(house)


def test_where_the_live_state_does_not_answer_they_are_told_all_the_same_once_and_come_into_line_after_it(house: House) -> None:
    store, into_line = house.entry._store, house.entry._into_line
    puts: list[Place] = []

    class AwayOnce:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def put_in_line(self, place: Place, event: Event) -> bool:
            puts.append(place)
            if len(puts) == 1:
                raise Unavailable("away", "")
            return store.put_in_line(place, event)

    into_line._store = AwayOnce()
    channel, reception = call(house)
    assert reception.told == 1
    assert [place.may_record for place in puts] == [False, True]
    assert store.place(channel.variables[names.INTERACTION]) == puts[1]


def test_who_objects_stands_in_line_like_everybody_and_it_is_on_record(house: House) -> None:
    channel, _reception = call(house, objects=True)
    assert channel.variables[names.RECORD] == "no"
    assert "begun" not in channel.variables
    assert channel.variables[TELLING] == ""
    place = house.entry._store.place(channel.variables[names.INTERACTION])
    assert place is not None
    assert place == place_from_variable(channel.variables[names.PLACE])
    assert not place.may_record
    refused = [event for event in house.bus.read("0-0") if event.kind is EventKind.RECORDING_REFUSED]
    assert [(event.interaction_id, event.data) for event in refused] == [(place.interaction_id, {"how": "key"})]


def test_for_a_queue_that_is_not_recorded_nobody_is_told_anything(house: House) -> None:
    channel, reception = call(house, unrecorded="sales,billing")
    assert reception.told == 0
    assert channel.variables[TELLING] == "", "whoever answers takes them at once"
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
