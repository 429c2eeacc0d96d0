"""While nobody is there: self-service goes on, a person becomes a message, and an emergency is told before anything else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.flow_file import read_flow, shipped_flow
from ivr.flow_run import run_flow
from ivr.flow_version import FlowVersion
from ivr.hours import Emergency, OpenState, Why
from ivr.hours_file import load_hours
from ivr.line import Heard, Recording
from ivr.message_box import MessageBox
from ivr.outcome import CallBack, Contained, Outcome, RouteTo, TurnedAway
from ivr.runner import run
from tests.unit.ivr.callers import desk_with_pin
from tests.unit.ivr.fake_desk import KNOWN_ANI, OWN_ORDER, PIN, STRANGER_ANI, FakeDesk, wishes
from tests.unit.ivr.fake_line import NOW, SILENCE, FakeLine, says, visit

OPENS = NOW + timedelta(hours=20)
CLOSED = OpenState(False, Why.REGULAR, ZoneInfo("Asia/Jakarta"), opens_next=OPENS)
EMERGENCY = replace(CLOSED, why=Why.EMERGENCY, emergency=Emergency(text={"id": "Kantor kami kebanjiran.", "en": "We are flooded."}))


def call(
    does: Sequence[str | Heard], folder: Path, opening: OpenState = CLOSED, ani: str = KNOWN_ANI, desk: FakeDesk | None = None,
    flow: str = "",
) -> tuple[FakeLine, Outcome, FakeDesk]:  # fmt: skip
    line = FakeLine(does, ani=ani, recorded=[Recording(folder / "said.wav", 5.0)])
    desk = desk or desk_with_pin()
    caller = visit(line, desk, MessageBox(folder))
    caller.opening, caller.schedule = opening, load_hours().schedules["office"]
    if flow:
        caller.version = FlowVersion(read_flow(flow, "mine.yaml").flow, 1, "a-speech-set")
    return line, run(run_flow, caller), desk


def test_a_closed_line_says_so_and_when_it_opens_and_offers_self_service(tmp_path: Path) -> None:
    line, outcome, _desk = call(["1", SILENCE], tmp_path)
    assert line.keys_heard[:5] == ["greeting_morning", "hours_closed", "hours_opens_next", "closed_menu_invite", "closed_menu_1"]
    assert outcome == Contained(f"order_status:{OWN_ORDER}")


@pytest.mark.parametrize("way", [["0"], [says("petugas")], ["3"], ["2", SILENCE, "0"], [SILENCE, SILENCE, SILENCE]], ids=str)
def test_who_wants_a_person_leaves_a_message_and_is_promised_a_call_after_opening(way: list[str | Heard], tmp_path: Path) -> None:
    line, outcome, desk = call([*way, "1", "1"], tmp_path)
    assert isinstance(outcome, CallBack)
    (wish,) = wishes(desk)
    assert wish.number == KNOWN_ANI
    assert wish.due_at > OPENS
    assert not any(key.startswith("connecting") for key in line.keys_heard)


@pytest.mark.parametrize("slip", [["9", "9"], ["0"], [says("petugas")]], ids=str)
def test_a_slip_after_the_message_does_not_cost_the_message(slip: list[str | Heard], tmp_path: Path) -> None:
    line, outcome, desk = call(["2", SILENCE, "0", *slip, "1"], tmp_path)
    assert outcome == CallBack("billing", "bill:INV-0042")
    assert [wish.recording for wish in wishes(desk)] == [str(tmp_path / "said.wav")]
    assert line.keys_heard[-1] == "voicemail_kept"


def test_the_bill_that_was_heard_goes_with_the_message(tmp_path: Path) -> None:
    _line, outcome, desk = call(["2", SILENCE, "0", "1", "1"], tmp_path)
    assert outcome == CallBack("billing", "bill:INV-0042")
    assert [(wish.queue, wish.reason) for wish in wishes(desk)] == [("billing", "bill:INV-0042")]


def test_a_menu_that_leads_to_a_queue_leads_to_a_message_too(tmp_path: Path) -> None:
    flow = shipped_flow().text.replace("closed: closed_menu", "closed: people_menu")
    _line, outcome, _desk = call(["2", "1", "1"], tmp_path, flow=flow)
    assert outcome == CallBack("billing", "billing")


def test_a_call_back_can_be_asked_for_by_voice(tmp_path: Path) -> None:
    _line, outcome, desk = call([says("telepon saya kembali"), "1"], tmp_path)
    assert isinstance(outcome, CallBack)
    assert [wish.recording for wish in wishes(desk)] == [""]


def test_nobody_waits_in_a_line_that_no_one_serves_even_when_nothing_works(tmp_path: Path) -> None:
    desk = desk_with_pin()
    desk.fails = True
    line, outcome, _desk = call(["1", "1", OWN_ORDER, "0", "0", "0"], tmp_path, desk=desk)
    assert not isinstance(outcome, RouteTo)
    assert "sorry_back_end" in line.keys_heard


def test_who_gives_no_sign_of_life_hears_when_we_open_and_a_goodbye(tmp_path: Path) -> None:
    flow = shipped_flow().text.replace("instead_of_person: voicemail", "instead_of_person: call_back")
    line, outcome, _desk = call([], tmp_path, ani="", flow=flow)
    assert outcome == TurnedAway("")
    assert line.keys_heard[-2:] == ["hours_opens_next", "goodbye"]


def test_account_matters_are_settled_while_closed(tmp_path: Path) -> None:
    _line, outcome, _desk = call([says("pembayaran saya"), PIN, SILENCE], tmp_path)
    assert outcome == Contained("payment_state")


def test_an_emergency_is_told_first_in_the_callers_language(tmp_path: Path) -> None:
    line, _outcome, _desk = call(["1", SILENCE], tmp_path, EMERGENCY)
    assert line.heard[0] == "Kantor kami kebanjiran."
    assert line.keys_heard[1:3] == ["hours_opens_next", "greeting_morning"]


def test_strangers_hear_an_emergency_in_both_languages_before_they_choose_one(tmp_path: Path) -> None:
    line, _outcome, _desk = call(["2", SILENCE], tmp_path, EMERGENCY, ani=STRANGER_ANI)
    spoken = [line.heard.index(words) for words in ("Kantor kami kebanjiran.", "We are flooded.", "Selamat datang di Halo.")]
    assert spoken == sorted(spoken)


def test_opening_hours_are_told_and_lead_back(tmp_path: Path) -> None:
    line, outcome, _desk = call([says("jam buka"), SILENCE], tmp_path)
    assert outcome == Contained("opening_hours")
    assert line.keys_heard.count("hours_opens_next") == 2, "at the beginning, and asked for"


def test_the_regular_week_is_told_of_a_line_that_closes(tmp_path: Path) -> None:
    line, _outcome, _desk = call([says("jam buka"), SILENCE], tmp_path)
    assert "hours_week_days" in line.keys_heard
