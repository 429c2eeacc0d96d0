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
