from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.errors import Unavailable
from ivr.callback_offer import offer_callback
from ivr.callback_promise import PHONE_IS_FREE
from ivr.line import Heard
from ivr.message_box import MessageBox
from ivr.outcome import CallBack
from tests.unit.ivr.fake_desk import KNOWN_ANI, FakeDesk, wishes
from tests.unit.ivr.fake_line import NOW, SILENCE, FakeLine, says, visit


class Line:
    """A place in line that can be left once, unless an agent was just claimed."""

    def __init__(self, claimed: bool = False) -> None:
        self.claimed = claimed
        self.left = 0

    def leave(self) -> bool:
        self.left += not self.claimed
        return not self.claimed


def offer(does: list[str | Heard], place: Line, folder: Path) -> tuple[FakeLine, FakeDesk, CallBack | None]:
    line, desk = FakeLine(does), FakeDesk()
    return line, desk, offer_callback(visit(line, desk, MessageBox(folder)), "billing", "bill", place.leave)


@pytest.mark.parametrize("yes", ["1", says("ya")])
def test_who_agrees_leaves_the_line_and_is_promised_a_call(yes: str | Heard, tmp_path: Path) -> None:
    place = Line()
    line, desk, outcome = offer([yes, "1"], place, tmp_path)
    assert outcome == CallBack("billing", "bill")
    assert place.left == 1
    assert [(wish.number, wish.queue) for wish in wishes(desk)] == [(KNOWN_ANI, "billing")]
    assert line.keys_heard[-1] == "callback_promised"


@pytest.mark.parametrize("no", ["2", SILENCE, says("tidak")])
def test_who_does_not_agree_keeps_the_place(no: str | Heard, tmp_path: Path) -> None:
    place = Line()
    line, desk, outcome = offer([no], place, tmp_path)
    assert (outcome, place.left, wishes(desk)) == (None, 0, [])
    assert line.keys_heard[-1] == "callback_waits_on"


def test_who_gives_no_number_keeps_the_place(tmp_path: Path) -> None:
    place = Line()
    _line, desk, outcome = offer(["1", "2", "12#", "12#"], place, tmp_path)
    assert (outcome, place.left, wishes(desk)) == (None, 0, [])


def test_who_agrees_while_an_agent_is_being_called_stays(tmp_path: Path) -> None:
    line, desk, outcome = offer(["1", "1"], Line(claimed=True), tmp_path)
    assert (outcome, wishes(desk)) == (None, [])
    assert line.keys_heard[-1] == "callback_agent_comes"


def test_with_a_full_disk_the_records_alone_keep_the_promise_and_without_both_there_is_none(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.write_text("no folder")
    _line, desk, outcome = offer(["1", "1"], Line(), full)
    assert outcome == CallBack("billing", "bill")
    assert len(wishes(desk)) == 1
    away = FakeDesk()
    away.fails = True
    with pytest.raises(Unavailable):
        offer_callback(visit(FakeLine(["1", "1"]), away, MessageBox(full)), "billing", "bill", Line().leave)


PLACE = '{"queue":"billing"}'


def offer_place(does: list[str | Heard], folder: Path) -> tuple[FakeLine, FakeDesk, CallBack | None]:
    line, desk = FakeLine(does), FakeDesk()
    return line, desk, offer_callback(visit(line, desk, MessageBox(folder)), "billing", "bill", Line().leave, PLACE)


def test_who_keeps_the_place_hears_so_and_is_due_as_soon_as_the_phone_is_free(tmp_path: Path) -> None:
    line, desk, outcome = offer_place(["1", "1"], tmp_path)
    assert outcome == CallBack("billing", "bill")
    [wish] = wishes(desk)
    assert (wish.place, wish.due_at) == (PLACE, NOW + PHONE_IS_FREE)
    assert (line.keys_heard[0], line.keys_heard[-1]) == ("callback_offer_place", "callback_place_kept")


@pytest.mark.parametrize("number", ["0018005551234#", "0809123456#"])
def test_a_number_that_no_machine_should_dial_is_left_to_people(number: str, tmp_path: Path) -> None:
    line, desk, outcome = offer_place(["1", "2", number, "1"], tmp_path)
    if outcome is not None:
        [wish] = wishes(desk)
        assert wish.place == ""
        assert wish.due_at > NOW
        assert line.keys_heard[-1] == "callback_promised"


MAKASSAR = "0411871234#"


def choose_time(
    does: list[str | Heard], folder: Path
) -> tuple[FakeLine, FakeDesk, CallBack | None, list[tuple[str, str, datetime]]]:
    line, desk, places = FakeLine(does), FakeDesk(), []

    def place_at(interaction_id: str, number: str, at: datetime) -> str:
        places.append((interaction_id, number, at))
        return PLACE

    caller = visit(line, desk, MessageBox(folder))
    return line, desk, offer_callback(caller, "billing", "bill", Line().leave, PLACE, place_at), places


@pytest.mark.parametrize("later", ["3", says("another time")])
def test_a_time_that_was_chosen_is_a_promise_of_its_own_from_that_moment_on(later: str | Heard, tmp_path: Path) -> None:
    line, desk, outcome, [(interaction_id, number, at)] = choose_time([later, "1", "1", "1"], tmp_path)
    assert outcome == CallBack("billing", "bill")
    [wish] = wishes(desk)
    assert (wish.interaction_id, wish.number, wish.due_at, wish.place) == (interaction_id, KNOWN_ANI, at, PLACE)
    assert (number, at) == (KNOWN_ANI, NOW + timedelta(hours=1))
    assert interaction_id != line.call.interaction_id
    assert line.keys_heard[-1] == "callback_at_that_time"


def test_the_hour_is_one_of_the_clock_where_the_number_is(tmp_path: Path) -> None:
    _line, _desk, _outcome, [(_id, number, at)] = choose_time(["3", "2", MAKASSAR, "1", "4", "14", "1"], tmp_path)
    assert number == "+62411871234"
    assert at == NOW.replace(hour=13, minute=0), "two in the afternoon in Makassar is one in Jakarta"


@pytest.mark.parametrize(
    "does", [["3", "1", "9", "9", "9"], ["3", "1", "1", "2", SILENCE, SILENCE], ["3", "1", "4", "77", "4", "99"]]
)
def test_who_chooses_no_time_keeps_the_place(does: list[str | Heard], tmp_path: Path) -> None:
    line, desk, outcome, places = choose_time(does, tmp_path)
    assert (outcome, wishes(desk), places) == (None, [], [])
    assert line.keys_heard[-1] == "callback_waits_on"


def test_a_number_that_no_machine_should_dial_is_called_by_people_at_that_time(tmp_path: Path) -> None:
    _line, desk, outcome, places = choose_time(["3", "2", "006561234567#", "1", "1", "1"], tmp_path)
    assert outcome == CallBack("billing", "bill")
    [wish] = wishes(desk)
    assert (wish.number, wish.place, places) == ("+6561234567", "", [])
    assert wish.due_at == NOW + timedelta(hours=1)


def test_without_a_way_out_no_time_is_offered(tmp_path: Path) -> None:
    line, _desk, outcome = offer(["3"], Line(), tmp_path)
    assert outcome is None
    assert line.keys_heard == ["callback_offer", "callback_waits_on"]


def test_who_presses_the_key_for_the_offer_twice_has_not_agreed_to_it(tmp_path: Path) -> None:
    line, place = FakeLine(["11", "2"]), Line()
    assert line.ask_keys() == "1"  # in line
    assert offer_callback(visit(line, FakeDesk(), MessageBox(tmp_path)), "billing", "bill", place.leave) is None
    assert (line.keys_heard, place.left) == (["callback_offer", "callback_waits_on"], 0)


def test_a_number_that_is_read_back_is_confirmed_by_no_key_from_before_it(tmp_path: Path) -> None:
    place = Line()
    line, desk, outcome = offer(["11", "2", "08123456789#1", "2", "12#"], place, tmp_path)
    assert (outcome, place.left, wishes(desk)) == (None, 0, [])
    assert line.keys_heard.count("callback_number_is") == 1


def test_a_time_that_is_read_back_is_confirmed_by_no_key_from_before_it(tmp_path: Path) -> None:
    line, desk, outcome = offer_place(["3", "1", "11", "2", SILENCE, SILENCE], tmp_path)
    assert (outcome, wishes(desk)) == (None, [])
    assert "callback_time_is" in line.keys_heard
