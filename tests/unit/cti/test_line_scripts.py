"""Callers in line who want to be called back: their place is given up for a promise, never for nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
import redis

from asterisk_conf import names
from core.clock import VirtualClock
from core.errors import Unavailable
from core.events import Event, EventKind
from core.settings import Settings
from cti.agi_line import AgiLine
from cti.agi_session import AgiSession
from cti.line_scripts import LineScripts
from ivr.outcome import Outcome
from ivr.reception import Reception, Waiting
from routing.expectations import Expectation
from routing.expected_live import EXPECTED as EXPECTED_KEY
from routing.expected_live import OVERFLOWING
from routing.live import LiveStore
from routing.order import FIRST
from routing.outlook import newcomer_of
from routing.overflow import Overflowing
from routing.place import Place
from routing.policy import Policy
from routing.policy_file import shipped_policy
from tests.unit.ivr.fake_line import FakeLine

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
SETTINGS = Settings.model_construct(survey_share=0.0, survey_rest_days=30.0, outbound_trunk="")
PLACE = Place(FakeLine().call.interaction_id, "billing", NOW, "PJSIP/trunk-00000001")


class Line:
    """The line of waiting callers, in memory."""

    def __init__(self) -> None:
        self.places = {PLACE.interaction_id: PLACE}
        self.told: list[tuple[EventKind, bool | None]] = []

    def where(self, interaction_id: str) -> tuple[Place | None, Place | None]:
        return self.places.get(interaction_id), None

    def take_out_of_line(self, interaction_id: str, event: Event) -> bool:
        self.told.append((event.kind, event.data.get("again")))
        return self.places.pop(interaction_id, None) is not None

    def put_in_line(self, place: Place, event: Event) -> None:
        self.told.append((event.kind, event.data.get("again")))
        self.places[place.interaction_id] = place


class FailingReception:
    """Nothing can be kept: before or after the caller has left the line."""

    def __init__(self, leaves: bool) -> None:
        self._leaves = leaves

    def offer_callback(self, _line: Any, _waiting: Waiting, leave_line: Callable[[], bool]) -> Outcome | None:
        if self._leaves:
            assert leave_line()
        raise Unavailable("Neither disk nor records take it.", "Run ./halo doctor.")


def scripts_with(reception: object, store: object) -> LineScripts:
    def policy() -> Policy:
        return shipped_policy().policy

    return LineScripts(SETTINGS, cast(Reception, reception), cast(LiveStore, store), policy, VirtualClock(NOW), lambda event: None)


class LaterReception:
    """A caller who chooses a time."""

    def __init__(self) -> None:
        self.place = ""

    def offer_callback(self, _line: Any, waiting: Waiting, _leave_line: Callable[[], bool]) -> Outcome | None:
        self.place = waiting.place_at("00000000-0000-0000-0000-000000000009", "+62411871234", NOW + timedelta(hours=1))
        return None


def test_a_call_at_a_chosen_time_has_a_place_from_then_on_before_everybody() -> None:
    reception = LaterReception()
    scripts_with(reception, Line()).offer_callback(cast(AgiSession, None), cast(AgiLine, FakeLine()))
    later = Place.from_json(reception.place)
    assert (later.queued_at, later.priority, later.channel) == (NOW + timedelta(hours=1), FIRST, "")
    assert (later.queue, later.ani, later.interaction_id[-1]) == ("billing", "+62411871234", "9")


def test_who_was_called_and_waits_on_the_line_is_offered_no_other_call() -> None:
    line = Line()
    line.places[PLACE.interaction_id] = replace(PLACE, callback=3)
    offer(line, FailingReception(leaves=True))
    assert line.told == []


@pytest.mark.parametrize("them", [True, False])
def test_the_dialplan_sends_on_who_says_that_it_is_them(them: bool) -> None:
    said: list[tuple[str, ...]] = []
    session = SimpleNamespace(execute=lambda *words: said.append(words))
    reception = SimpleNamespace(is_them=lambda _line: them)
    scripts_with(reception, Line()).called(cast(AgiSession, session), cast(AgiLine, FakeLine()))
    assert said == [("SET VARIABLE", names.NEXT, names.WAITING if them else names.GOODBYE)]


def offer(line: Line, reception: FailingReception) -> None:
    scripts = scripts_with(reception, line)
    scripts.offer_callback(cast(AgiSession, None), cast(AgiLine, FakeLine()))


@pytest.mark.parametrize("leaves", [True, False])
def test_a_promise_that_can_not_be_kept_costs_nobody_the_place(leaves: bool) -> None:
    line = Line()
    with pytest.raises(Unavailable):
        offer(line, FailingReception(leaves))
    assert line.places == {PLACE.interaction_id: PLACE}
    assert line.told == ([(EventKind.CALLBACK_PROMISED, None), (EventKind.INTERACTION_QUEUED, True)] if leaves else [])


class TellingReception:
    """Keeps what it is to tell a caller in line, who presses the key for a call-back over it, or not."""

    def __init__(self, presses: bool = False) -> None:
        self.told: list[tuple[str, int, tuple[float, float, float] | None]] = []
        self.presses, self.may_leave, self.offered = presses, False, 0

    def wait_on(
        self, _line: Any, queue: str, position: int, expected: tuple[float, float, float] | None, may_leave: bool,
        is_news: Callable[[int], bool],
    ) -> bool:  # fmt: skip
        self.told.append((queue, position, expected))
        self.may_leave, self.is_news = may_leave, is_news
        return self.presses

    def offer_callback(self, _line: Any, _waiting: Waiting, _leave_line: Callable[[], bool]) -> Outcome | None:
        self.offered += 1
        return None


EXPECTED = Expectation(NOW.timestamp() + 90, NOW.timestamp() - 5, NOW.timestamp() + 200, 3, NOW.timestamp() + 90)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("interaction_id", [PLACE.interaction_id, "somebody-else"])
def test_who_stands_in_line_is_told_the_place_in_its_queue_and_how_long_it_will_be(interaction_id: str, known: bool) -> None:
    reception, caller = TellingReception(), FakeLine()
    caller._call = replace(caller.call, interaction_id=interaction_id)
    kept = {PLACE.interaction_id: EXPECTED.to_json()} if known else {}
    redis = SimpleNamespace(hget=lambda _key, name: kept.get(name))
    store = SimpleNamespace(snapshot=lambda: SimpleNamespace(line={PLACE.interaction_id: PLACE}), redis=redis)
    scripts = scripts_with(reception, store)
    scripts.tell_position(cast(AgiSession, None), cast(AgiLine, caller))
    here = interaction_id == PLACE.interaction_id
    assert reception.told == ([("billing", 1, (90, 0, 200) if known else None)] if here else [])


@pytest.mark.parametrize("presses", [True, False])
def test_the_key_for_a_call_back_counts_over_the_words_that_name_it(presses: bool) -> None:
    reception, line = TellingReception(presses), Line()
    line.redis = SimpleNamespace(hget=lambda _key, _name: None)  # type: ignore[attr-defined]
    line.snapshot = lambda: SimpleNamespace(line=line.places)  # type: ignore[attr-defined]
    scripts_with(reception, line).tell_position(cast(AgiSession, None), cast(AgiLine, FakeLine()))
    assert (reception.may_leave, reception.offered) == (True, int(presses))


class Channel:
    """The variables of a caller's channel, which outlive the script."""

    def __init__(self) -> None:
        self.variables: dict[str, str] = {}

    def variable(self, name: str) -> str:
        return self.variables.get(name, "")

    def execute(self, _command: str, name: str, value: str) -> None:
        self.variables[name] = value


def test_a_closing_is_news_to_a_caller_once_whatever_becomes_of_the_script() -> None:
    reception, line, channel = TellingReception(), Line(), Channel()
    line.redis = SimpleNamespace(hget=lambda _key, _name: None)  # type: ignore[attr-defined]
    line.snapshot = lambda: SimpleNamespace(line=line.places)  # type: ignore[attr-defined]

    def is_news(closing: int) -> bool:
        scripts_with(reception, line).tell_position(cast(AgiSession, channel), cast(AgiLine, FakeLine()))
        return reception.is_news(closing)

    assert [is_news(7), is_news(7), is_news(8)] == [True, False, True]


class OfferedReception:
    """Keeps what the offer was about."""

    def __init__(self) -> None:
        self.waiting: list[Waiting] = []

    def offer_callback(self, _line: Any, waiting: Waiting, _leave_line: Callable[[], bool]) -> Outcome | None:
        self.waiting.append(waiting)
        return None


@pytest.mark.parametrize("trunk", ["", "carrier"])
def test_with_a_trunk_to_call_by_the_offer_is_to_keep_the_place(trunk: str) -> None:
    reception = OfferedReception()
    settings = SETTINGS.model_copy(update={"outbound_trunk": trunk})
    scripts = LineScripts(
        settings, cast(Reception, reception), cast(LiveStore, Line()), lambda: shipped_policy().policy, VirtualClock(NOW),
        lambda event: None,
    )  # fmt: skip
    scripts.offer_callback(cast(AgiSession, None), cast(AgiLine, FakeLine()))
    [waiting] = reception.waiting
    assert waiting.place == (PLACE.to_json() if trunk else "")


@pytest.mark.parametrize(
    ("expected_s", "overflows", "told"),
    [(240, False, ["wait 240"]), (40, False, []), (None, True, ["offer"]), (240, True, ["wait 240", "offer"]), (None, False, [])],
)
def test_who_comes_into_a_long_line_hears_for_how_long_and_is_offered_a_call_where_it_overflows(
    expected_s: float | None, overflows: bool, told: list[str]
) -> None:
    notes: dict[tuple[str, str], str] = {}
    if expected_s is not None:
        notes[EXPECTED_KEY, newcomer_of("billing")] = Expectation(expected_s, 30, 400, 3, expected_s).to_json()
    if overflows:
        notes[OVERFLOWING, "billing"] = Overflowing((), True, ("waiting",)).to_json()
    line, heard = Line(), list[str]()
    line.redis = SimpleNamespace(hget=lambda key, name: notes.get((key, name)))  # type: ignore[attr-defined]
    reception = SimpleNamespace(
        tell_wait=lambda _line, expected: heard.append(f"wait {expected[0]:.0f}"),
        offer_callback=lambda _line, _waiting, _leave: heard.append("offer"),
    )
    scripts_with(reception, line).greet(cast(AgiSession, None), cast(AgiLine, FakeLine()), "billing")
    assert heard == told


def test_who_comes_into_line_while_redis_is_away_just_waits() -> None:
    def fail(_key: str, _name: str) -> None:
        raise redis.ConnectionError

    store = SimpleNamespace(redis=SimpleNamespace(hget=fail))
    scripts_with(SimpleNamespace(), store).greet(cast(AgiSession, None), cast(AgiLine, FakeLine()), "billing")
