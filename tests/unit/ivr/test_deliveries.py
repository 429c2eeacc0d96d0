"""Tracking a parcel, and another time for it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crm.time_windows import Window
from ivr.desk import TrackingFacts
from ivr.flow_run import run_flow
from ivr.line import Grammar, Heard, Prompt
from ivr.outcome import Contained, RouteTo
from ivr.runner import run
from tests.unit.ivr.callers import call, desk_with_pin
from tests.unit.ivr.fake_desk import OTHER_ORDER, OWN_ORDER, PIN, STRANGER_ANI, FakeDesk, order_facts
from tests.unit.ivr.fake_line import NOW, SILENCE, FakeLine, says, visit

TRACK: tuple[str | Heard, ...] = (says("lokasi paket"),)
MOVE = says("ubah jadwal")
TOMORROW = date(2025, 2, 4)


def movable() -> FakeDesk:
    """The own order is packed, so that it can still come at another time."""
    desk = desk_with_pin()
    desk.orders[OWN_ORDER] = order_facts(status="packed")
    return desk


# Tracking


@pytest.mark.parametrize("way", [[says("lokasi paket")], ["4", "1", "1"], ["1", SILENCE, "4"]], ids=["voice", "keys", "after"])
def test_tracking_tells_where_the_parcel_was_seen_last(way: list[str | Heard]) -> None:
    desk = desk_with_pin()
    desk.tracked[OWN_ORDER] = (TrackingFacts(NOW - timedelta(hours=2), "at_hub", "Bandung", "paket tiba di pusat sortir"),)
    line, outcome = call([*way, SILENCE], desk)
    assert outcome == Contained(f"tracking:{OWN_ORDER}")
    assert "Terakhir tercatat hari ini di Bandung, paket tiba di pusat sortir." in line.heard


def test_a_stranger_tracks_by_the_orders_number_without_a_pin() -> None:
    line, outcome = call(["1", says("lokasi paket"), OTHER_ORDER, SILENCE], ani=STRANGER_ANI)
    assert outcome == Contained(f"tracking:{OTHER_ORDER}")
    assert "pin_1" not in line.keys_heard


def test_another_parcel_can_be_tracked() -> None:
    _line, outcome = call([*TRACK, SILENCE, "3", OTHER_ORDER, SILENCE])
    assert outcome == Contained(f"tracking:{OTHER_ORDER}")


# Another time


@pytest.mark.parametrize("way", [[MOVE], ["4", "1", "2"]], ids=["voice", "keys"])
def test_a_delivery_comes_in_the_window_that_the_caller_took_and_it_is_said_back(way: list[str | Heard]) -> None:
    desk = movable()
    line, outcome = call([*way, PIN, "1", SILENCE], desk)
    assert outcome == Contained(f"reschedule:{OWN_ORDER}")
    assert desk.orders[OWN_ORDER].window == Window(TOMORROW, 9, 12)
    assert "Kami bisa datang besok, antara pukul sembilan pagi dan dua belas siang." in line.heard
    done = next(sentence for sentence in line.heard if sentence.startswith("Baik, pesanan nomor"))
    assert "besok, antara pukul sembilan pagi dan dua belas siang" in done


@pytest.mark.parametrize(
    ("answers", "window"),
    [
        (["2", "1"], Window(TOMORROW, 13, 17)),
        (["3", "1"], Window(date(2025, 2, 5), 9, 12)),
        (["2", "2", "1"], Window(date(2025, 2, 5), 9, 12)),
        ([says("hari lain"), says("ya")], Window(date(2025, 2, 5), 9, 12)),
        ([SILENCE, "1"], Window(TOMORROW, 9, 12)),
    ],
)
def test_another_hour_and_another_day_lead_on(answers: list[str | Heard], window: Window) -> None:
    desk = movable()
    call([MOVE, PIN, *answers, SILENCE], desk)
    assert desk.orders[OWN_ORDER].window == window


def test_a_key_from_before_a_window_was_named_takes_none() -> None:
    desk = movable()
    line, _outcome = call([MOVE, PIN + "1", "31", "4", "0"], desk)
    assert desk.orders[OWN_ORDER].window is None
    assert line.keys_heard.count("time_offer") == 2


@pytest.mark.parametrize("early", ["1", says("ya")], ids=["key", "word"])
def test_a_key_or_word_in_the_first_word_of_an_offer_takes_no_window(early: str | Heard) -> None:
    """As on a real line, where a key that comes late cuts the offer short before the day was named."""

    class Hasty(FakeLine):
        def ask(self, *prompts: Prompt, grammar: Grammar, most: int = 1, wait_s: float = 5.0) -> Heard:
            if prompts[0].key == "time_offer":
                self._does[:0] = [early]
            return super().ask(*prompts, grammar=grammar, most=most, wait_s=wait_s)

    desk = movable()
    line = Hasty([MOVE, PIN, "2", "4", "0"])
    run(run_flow, visit(line, desk))
    assert desk.orders[OWN_ORDER].window is None
    assert line.keys_heard.count("time_offer") == 2


def test_silence_takes_no_window() -> None:
    desk = movable()
    line, outcome = call([MOVE, PIN], desk)
    assert isinstance(outcome, RouteTo)
    assert desk.orders[OWN_ORDER].window is None
    assert line.keys_heard.count("time_offer") == 2, "what is offered is said at every try"


def test_who_leaves_it_is_back_in_the_main_menu_and_nothing_changed() -> None:
    desk = movable()
    line, outcome = call([MOVE, PIN, "4", "0"], desk)
    assert outcome == RouteTo("general", f"reschedule:{OWN_ORDER}", "id", 7)
    assert desk.orders[OWN_ORDER].window is None
    assert line.keys_heard.count("main_menu_1") == 2


def test_whom_no_time_fits_reaches_a_person_who_sees_the_order() -> None:
    line, outcome = call([MOVE, PIN, *["3"] * 10], movable())
    assert outcome == RouteTo("general", f"reschedule:{OWN_ORDER}", "id", 7)
    assert "sorry_no_time" in line.keys_heard


def test_a_window_that_was_taken_meanwhile_is_said_so_and_others_are_offered() -> None:
    class Popular(FakeDesk):
        """Somebody else is always faster for the first window."""

        def reschedule(self, order, window, now, interaction_id=""):  # type: ignore[no-untyped-def]
            if window == Window(TOMORROW, 9, 12):
                self.taken["delivery", window] = self.capacity
            return super().reschedule(order, window, now, interaction_id)

    desk = Popular()
    desk.callers_by_number, desk.pins = desk_with_pin().callers_by_number, desk_with_pin().pins
    desk.orders[OWN_ORDER] = order_facts(status="packed")
    line, outcome = call([MOVE, PIN, "1", "1", SILENCE], desk)
    assert "time_taken" in line.keys_heard
    assert outcome == Contained(f"reschedule:{OWN_ORDER}")
    assert desk.orders[OWN_ORDER].window == Window(TOMORROW, 13, 17)


def test_a_parcel_on_its_last_way_is_told_so() -> None:
    line, outcome = call([MOVE, PIN, SILENCE])
    assert outcome == Contained("reschedule")
    assert "reschedule_none" in line.keys_heard


def test_where_no_courier_comes_no_window_is_offered() -> None:
    desk = movable()
    desk.capacity = 0
    line, _outcome = call([MOVE, PIN, SILENCE], desk)
    assert "reschedule_no_windows" in line.keys_heard


def test_of_several_orders_the_number_is_asked_for_and_only_own_ones_are_moved() -> None:
    desk = movable()
    second = replace(order_facts(status="placed"), number="10000059")
    desk.orders["10000059"] = second
    assert "reschedule_which" in call([MOVE, PIN, OWN_ORDER, "1", SILENCE], desk)[0].keys_heard
    assert desk.orders[OWN_ORDER].window is not None
    line, _outcome = call([MOVE, PIN, OTHER_ORDER, SILENCE], desk)
    assert "reschedule_none" in line.keys_heard
    assert desk.orders[OTHER_ORDER].window is None


def test_the_order_that_was_just_read_out_is_the_one_that_is_moved() -> None:
    desk = movable()
    desk.orders["10000059"] = replace(order_facts(status="placed"), number="10000059")
    line, _outcome = call(["1", SILENCE, "5", PIN, "1", SILENCE], desk)
    assert "reschedule_which" not in line.keys_heard
    assert desk.orders[OWN_ORDER].window is not None
