"""A call that a carrier announced is taken up once, and only with its token; every other call keeps an id of its own."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from asterisk_conf import names
from core.bus import EventBus
from core.clock import VirtualClock
from core.errors import Unavailable
from core.events import EventKind
from core.ids import new_id
from core.settings import Settings
from crm.regions import Confidence
from crm.standing import Standing
from crm.whereabouts import Whereabouts
from cti.agi_session import AgiSession
from cti.arrivals import EXPECTED_S, Arrival, Arrivals
from cti.entry_points import EntryPoints
from cti.typed_keys import TypedKeys
from ivr.line import CallerLine
from ivr.outcome import CallerGone, Outcome
from routing.live import LiveStore
from routing.policy_file import shipped_policy

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
LASTS = timedelta(seconds=EXPECTED_S)
KEY = b"k" * 32


@pytest.fixture
def store(redis_url: str) -> Iterator[LiveStore]:
    store = LiveStore(redis_url)
    yield store
    store.close()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOON)


@pytest.fixture
def arrivals(store: LiveStore, clock: VirtualClock) -> Arrivals:
    return Arrivals(store.redis, KEY, clock)


SOME_ID = "3f2b9c1e-8d1a-4f6b-9a51-0a1b2c3d4e5f"


def announced() -> Arrival:
    return Arrival(new_id(), ani="+628112345678", dnis="+622150001234")


def test_what_was_announced_is_taken_up_with_its_numbers(arrivals):
    call = announced()
    token = arrivals.expect(call, NOON + LASTS)
    assert arrivals.claim(f"{call.interaction_id}.{token}") == call


def test_an_id_is_taken_up_once_also_by_many_at_once(arrivals):
    call = announced()
    offer = f"{call.interaction_id}.{arrivals.expect(call, NOON + LASTS)}"
    with ThreadPoolExecutor(8) as crowd:
        claimed = list(crowd.map(arrivals.claim, [offer] * 16))
    assert [arrival for arrival in claimed if arrival] == [call]


def test_an_id_that_was_taken_up_is_not_announced_anew(arrivals):
    call = announced()
    arrivals.claim(f"{call.interaction_id}.{arrivals.expect(call, NOON + LASTS)}")
    token = arrivals.expect(call, NOON + LASTS)  # the carrier's webhook, sent again much later
    assert arrivals.claim(f"{call.interaction_id}.{token}") is None


def test_a_webhook_that_is_sent_again_before_the_call_changes_nothing(arrivals):
    call = announced()
    first = arrivals.expect(call, NOON + LASTS)
    assert arrivals.expect(call, NOON + LASTS) == first
    assert arrivals.claim(f"{call.interaction_id}.{first}") == call


def test_an_old_token_is_refused(arrivals, clock):
    call = announced()
    token = arrivals.expect(call, NOON + LASTS)
    clock.advance(EXPECTED_S)
    assert arrivals.claim(f"{call.interaction_id}.{token}") is None


def test_a_token_of_another_call_is_refused_and_harms_neither(arrivals):
    one, other = announced(), announced()
    token_of_one, token_of_other = arrivals.expect(one, NOON + LASTS), arrivals.expect(other, NOON + LASTS)
    assert arrivals.claim(f"{one.interaction_id}.{token_of_other}") is None
    assert arrivals.claim(f"{one.interaction_id}.{token_of_one}") == one


@pytest.mark.parametrize("offer", [".", "x", "x.y", f"{SOME_ID}.", SOME_ID, f".{SOME_ID}"])
def test_garbage_is_refused(arrivals, offer):
    assert arrivals.claim(offer) is None


def test_redis_away_is_said():
    nowhere = Arrivals(LiveStore("redis://127.0.0.1:1/0").redis, KEY, VirtualClock(NOON))
    with pytest.raises(Unavailable):
        nowhere.expect(announced(), NOON + LASTS)


class FakeChannel(io.RawIOBase):
    """A channel of Asterisk's at the other end of AGI, which keeps variables."""

    def __init__(self, offer: str, key: str, caller: str = "+62000", variables: dict[str, str] | None = None) -> None:
        self.variables = {names.INTERACTION: new_id(), names.OFFER: offer, **(variables or {})}
        channel = ["agi_channel: PJSIP/twilio-1", "agi_uniqueid: 1.1"]
        lines = ["agi_network_script: hotline", *channel, f"agi_callerid: {caller}", "agi_dnid: +6221500"]
        self._answers = [*lines, f"agi_arg_1: {key}", f"agi_arg_2: {self.variables[names.OFFER]}", ""]

    def readline(self, size: int | None = -1) -> bytes:
        return (self._answers.pop(0) + "\n").encode() if self._answers else b""

    def write(self, line: bytes) -> int:
        command = [word.strip('"') for word in line.decode().strip().replace(" ", "\n", 1).split("\n", 1)[1].split(" ")]
        match command:
            case ["VARIABLE", name, *value] if line.startswith(b"SET"):
                self.variables[name.removeprefix("__")] = " ".join(value)
                self._answers.append("200 result=1")
            case ["VARIABLE", name]:
                value = self.variables.get(name, "")
                self._answers.append(f"200 result=1 ({value})" if value else "200 result=0")
            case _:
                self._answers.append("HANGUP")
        return len(line)


class Hasty:
    """A reception whose caller is gone at once."""

    def receive(self, flow: str, line: CallerLine) -> Outcome:
        return CallerGone()


class House:
    """The entry points, and the calls that come to them."""

    def __init__(self, redis_url: str, store: LiveStore, clock: VirtualClock) -> None:
        self.settings = Settings(home=Path("/nowhere"), session_key="s", redis_password="r", ami_password="a")  # type: ignore[arg-type]
        self.bus, self.arrivals = EventBus(redis_url), Arrivals(store.redis, self.settings.arrival_key, clock)
        self.entry = EntryPoints(
            self.settings, Hasty(), store, self.bus, lambda: shipped_policy().policy, clock, lambda prompt: Path("/x.wav"),
            control_line=None, mute=lambda channel, on: None, typed=TypedKeys(clock),
            standing=lambda *who: Standing("gold", second_call=True),
            whereabouts=lambda *who: Whereabouts("surabaya", Confidence.HIGH), taken_over=lambda *who: None,
        )  # fmt: skip

    def call(self, offer: str, caller: str = "+62000", before: FakeChannel | None = None) -> FakeChannel:
        """A call runs the script once; `before` is its channel after an earlier try."""
        offer = before.variables[names.OFFER] if before else offer
        channel = FakeChannel(offer, self.settings.agi_key, caller, dict(before.variables) if before else None)
        self.entry.serve(AgiSession(channel, channel))
        return channel

    def started(self) -> list[tuple[str, str, str]]:
        events = [event for event in self.bus.read("0-0") if event.kind is EventKind.INTERACTION_STARTED]
        return [(event.interaction_id, event.data["ani"], event.data["dnis"]) for event in events]


@pytest.fixture
def house(redis_url: str, store: LiveStore, clock: VirtualClock) -> Iterator[House]:
    house = House(redis_url, store, clock)
    yield house
    house.bus.close()


def test_the_interaction_is_the_one_of_the_webhook_with_its_numbers(house: House):
    call = announced()
    channel = house.call(f"{call.interaction_id}.{house.arrivals.expect(call, NOON + LASTS)}")
    assert house.started() == [(call.interaction_id, call.ani, call.dnis)]
    assert channel.variables[names.INTERACTION] == call.interaction_id
    assert channel.variables["CALLERID(num)"] == call.ani


@pytest.mark.parametrize("offer", ["", ".", f"{SOME_ID}.9999999999.{'0' * 32}", "x" * 100])
def test_a_call_with_a_wrong_offer_is_taken_under_an_id_of_its_own(house: House, offer: str):
    channel = house.call(offer, caller="+628119999999")
    ((interaction_id, ani, dnis),) = house.started()
    assert interaction_id == channel.variables[names.INTERACTION] not in offer
    assert (ani, dnis) == ("+628119999999", "6221500")


def test_the_same_offer_on_a_second_call_gives_that_one_an_id_of_its_own(house: House):
    call = announced()
    offer = f"{call.interaction_id}.{house.arrivals.expect(call, NOON + LASTS)}"
    first, second = house.call(offer), house.call(offer)
    ids = [interaction_id for interaction_id, _, _ in house.started()]
    assert ids == [first.variables[names.INTERACTION], second.variables[names.INTERACTION]]
    assert ids[0] == call.interaction_id != ids[1]


def test_a_script_that_is_tried_again_keeps_the_interaction(house: House):
    call = announced()
    first = house.call(f"{call.interaction_id}.{house.arrivals.expect(call, NOON + LASTS)}")
    second = house.call("", caller=call.ani, before=first)
    assert second.variables[names.INTERACTION] == call.interaction_id
    assert {interaction_id for interaction_id, _, _ in house.started()} == {call.interaction_id}
