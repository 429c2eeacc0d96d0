"""Who asks for a team that is closed: hears so and when it opens again, is offered what there is, and never waits for nobody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.callback_offer import offer_callback
from ivr.callback_promise import DUE_AFTER
from ivr.catalogue import text_of
from ivr.flow_file import read_flow, shipped_flow
from ivr.flow_run import run_flow
from ivr.flow_version import FlowVersion
from ivr.hours import DayPlan, Emergency, OpenState, Why, in_emergency, is_open
from ivr.hours_answer import queue_closed_answer
from ivr.hours_file import load_hours
from ivr.line import Heard, Prompt, Recording
from ivr.message_box import MessageBox
from ivr.outcome import CallBack, CallerGone, Contained, Outcome, RouteTo, TurnedAway
from ivr.runner import run
from ivr.visit import Visit
from tests.unit.ivr.callers import desk_with_pin
from tests.unit.ivr.fake_desk import KNOWN_ANI, PIN, FakeDesk, wishes
from tests.unit.ivr.fake_line import HANG_UP, NOW, SILENCE, FakeLine, says, visit

JAKARTA = ZoneInfo("Asia/Jakarta")
OPENS = NOW + timedelta(hours=20)
CLOSED = OpenState(False, Why.REGULAR, JAKARTA, opens_next=OPENS)
OFFICE = load_hours().schedules["office"]
SAID = Recording(Path("said.wav"), 5.0)
TEAMS = ("sales", "billing", "technical", "general")


def call(
    does: Sequence[str | Heard], folder: Path, closed: Sequence[str] = ("technical",), opening: OpenState | None = None,
    own: dict[str, OpenState] | None = None, ani: str = KNOWN_ANI, flow: str = "", desk: FakeDesk | None = None,
) -> tuple[FakeLine, Outcome, FakeDesk]:  # fmt: skip
    line = FakeLine(does, ani=ani, recorded=[Recording(folder / "said.wav", 5.0)])
    desk = desk or desk_with_pin()
    caller = visit(line, desk, MessageBox(folder))
    caller.opening, caller.own_hours = opening, {**dict.fromkeys(closed, CLOSED), **(own or {})}.get
    if flow:
        caller.version = FlowVersion(read_flow(flow, "mine.yaml").flow, 1, "a-speech-set")
    return line, run(run_flow, caller), desk


def test_who_chooses_it_hears_that_it_is_closed_and_when_it_opens_again(tmp_path: Path) -> None:
    line, outcome, _desk = call(["3", "3", HANG_UP], tmp_path)
    assert line.keys_heard[-3:] == ["closed_technical", "queue_opens_next", "queue_closed_menu_1"]
    assert line.heard[-3] == "Bagian teknis sedang tutup."
    assert line.heard[-2] == "Buka kembali besok pukul lima lewat tiga puluh menit pagi."
    assert outcome == CallerGone()


@pytest.mark.parametrize(("keys", "recorded"), [(["1", "1", "1"], True), (["2", "1"], False)], ids=["message", "call-back"])
def test_what_is_left_is_a_task_of_that_team_after_it_has_opened(keys: list[str], recorded: bool, tmp_path: Path) -> None:
    _line, outcome, desk = call(["3", "3", *keys], tmp_path)
    assert outcome == CallBack("technical", "technical")
    (wish,) = wishes(desk)
    assert (wish.queue, wish.reason, bool(wish.recording)) == ("technical", "technical", recorded)
    assert wish.due_at == OPENS + DUE_AFTER


def test_another_team_takes_the_caller(tmp_path: Path) -> None:
    line, outcome, _desk = call(["3", "3", "3", "1"], tmp_path)
    assert isinstance(outcome, RouteTo)
    assert outcome.queue == "sales"
    assert line.keys_heard[-1] == "connecting_sales"


def test_the_main_menu_is_open_to_them(tmp_path: Path) -> None:
    _line, outcome, _desk = call(["3", "3", "4", "1", SILENCE], tmp_path)
    assert isinstance(outcome, Contained)


@pytest.mark.parametrize("end", [["0"], [says("petugas")], [SILENCE, SILENCE], ["9", "9"]], ids=str)
def test_a_person_is_somebody_who_is_there(end: list[str | Heard], tmp_path: Path) -> None:
    line, outcome, _desk = call(["3", "3", *end], tmp_path)
    assert isinstance(outcome, RouteTo)
    assert (outcome.queue, outcome.reason) == ("general", "technical")
    assert line.keys_heard[-1] == "connecting_general"


def test_key_zero_at_a_matter_of_a_closed_team_is_a_person_who_sees_what_it_is(tmp_path: Path) -> None:
    _line, outcome, _desk = call(["2", SILENCE, "0"], tmp_path, closed=["billing"])
    assert isinstance(outcome, RouteTo)
    assert (outcome.queue, outcome.reason) == ("general", "bill:INV-0042")


def test_records_that_do_not_answer_do_not_lead_to_a_closed_team(tmp_path: Path) -> None:
    desk = desk_with_pin()
    desk.fails = True
    _line, outcome, _desk = call([says("pembayaran saya"), PIN, "0"], tmp_path, closed=["billing"], desk=desk, ani="")
    assert isinstance(outcome, RouteTo)
    assert outcome.queue == "general"


@pytest.mark.parametrize("way", [["0"], [SILENCE, SILENCE, SILENCE], ["3", "2"], ["3", "0"], ["2", SILENCE, "0"]], ids=str)
@pytest.mark.parametrize("end", [["1", "1", "1"], ["2", "1"], ["0", "1", "1"], [SILENCE, SILENCE, "1", "1"]], ids=str)
def test_where_nobody_at_all_is_there_a_promise_is_made_and_no_line_is_waited_in(
    way: list[str | Heard], end: list[str | Heard], tmp_path: Path
) -> None:
    line, outcome, desk = call([*way, *end], tmp_path, closed=TEAMS)
    assert isinstance(outcome, CallBack)
    assert len(wishes(desk)) == 1
    assert "queue_opens_next" in line.keys_heard
    assert not any(key.startswith("connecting") for key in line.keys_heard)


def test_who_gives_no_sign_of_life_where_nobody_is_hears_a_goodbye(tmp_path: Path) -> None:
    flow = shipped_flow().text.replace("instead_of_person: voicemail", "instead_of_person: call_back")
    line, outcome, _desk = call([], tmp_path, closed=TEAMS, ani="", flow=flow)
    assert outcome == TurnedAway("")
    assert line.keys_heard[-1] == "goodbye"


@pytest.mark.parametrize("left_out", ["queue_closed: queue_closed_menu\n", "instead_of_person: voicemail\n", "both"])
def test_a_flow_from_before_lets_nobody_wait_either(left_out: str, tmp_path: Path) -> None:
    text = shipped_flow().text
    for line in ("queue_closed: queue_closed_menu\n", "instead_of_person: voicemail\n"):
        text = text.replace(line, "") if left_out in (line, "both") else text
    heard, outcome, _desk = call(["3", "3"], tmp_path, closed=TEAMS, flow=text)
    assert not isinstance(outcome, RouteTo)
    assert "queue_opens_next" in heard.keys_heard


def test_a_flow_without_words_for_it_has_the_catalogues(tmp_path: Path) -> None:
    text = shipped_flow().text
    start, end = text.index("closed_words:"), text.index("\nmenus:")
    line, _outcome, _desk = call(["3", "3", HANG_UP], tmp_path, flow=text[:start] + text[end:])
    assert line.heard[-3] == "Bagian itu sedang tutup."


def test_a_team_may_be_there_for_longer_than_the_line(tmp_path: Path) -> None:
    flow = shipped_flow().text.replace("closed: closed_menu", "closed: people_menu")
    there = OpenState(True, Why.REGULAR, JAKARTA)
    _line, outcome, _desk = call(["3"], tmp_path, closed=(), opening=CLOSED, own={"technical": there}, flow=flow)
    assert isinstance(outcome, RouteTo)
    assert outcome.queue == "technical"
    _line, outcome, _desk = call(["2", "1", "1"], tmp_path, closed=(), opening=CLOSED, own={"technical": there}, flow=flow)
    assert outcome == CallBack("billing", "billing")


def test_an_emergency_of_the_line_closes_every_team_behind_it(tmp_path: Path) -> None:
    flow = shipped_flow().text.replace("closed: closed_menu", "closed: people_menu")
    there = OpenState(True, Why.REGULAR, JAKARTA)
    fire = in_emergency(OFFICE, Emergency())
    _line, outcome, _desk = call(["3", "1", "1"], tmp_path, closed=(), opening=fire, own={"technical": there}, flow=flow)
    assert not isinstance(outcome, RouteTo)


@pytest.mark.parametrize("key", ["0", "3"], ids=["a person", "a team"])
def test_who_is_in_a_menu_when_the_line_is_closed_by_hand_hears_that_and_waits_for_nobody(key: str, tmp_path: Path) -> None:
    line, desk = FakeLine([key, "1", "1", "1", "1"] if key == "3" else [key, "1", "1", "1"], recorded=[SAID]), desk_with_pin()
    caller = visit(line, desk, MessageBox(tmp_path))
    caller.opening = OpenState(True, Why.REGULAR, JAKARTA)
    caller.line_hours = lambda: in_emergency(OFFICE, Emergency(text={"id": "Ada banjir."}))
    outcome = run(run_flow, caller)
    assert isinstance(outcome, CallBack)
    assert "Ada banjir." in line.heard
    assert line.heard.index("Ada banjir.") < line.keys_heard.index("queue_closed_menu_1") < line.keys_heard.index("voicemail_speak")
    assert not line.wishes


def test_who_called_while_the_line_was_closed_reaches_a_person_when_it_is_open_again(tmp_path: Path) -> None:
    line = FakeLine(["0"])
    caller = visit(line, desk_with_pin(), MessageBox(tmp_path))
    caller.opening = CLOSED
    caller.line_hours = lambda: OpenState(True, Why.REGULAR, JAKARTA)
    assert isinstance(run(run_flow, caller), RouteTo)


def test_a_flow_that_fails_leads_to_nobody_either(tmp_path: Path) -> None:
    line = FakeLine()
    caller = visit(line, desk_with_pin(), MessageBox(tmp_path))
    caller.own_hours = {"general": CLOSED}.get

    def broken(_visit: Visit) -> Outcome:
        raise RuntimeError

    assert run(broken, caller) == TurnedAway("flow_failed")
    assert line.keys_heard == ["sorry_flow_failed", "queue_closed", "queue_opens_next", "goodbye"]


def test_it_is_asked_for_at_the_moment_and_not_when_the_call_began(tmp_path: Path) -> None:
    line = FakeLine(["3", "3", HANG_UP])
    caller = visit(line, desk_with_pin(), MessageBox(tmp_path))
    asked: list[str] = []

    def closes_meanwhile(queue: str) -> OpenState:
        asked.append(queue)
        return replace(CLOSED, open=not line.steps or line.steps[-1] != ("people_menu", "technical"))

    caller.own_hours = closes_meanwhile
    run(run_flow, caller)
    assert "technical" in asked
    assert line.keys_heard[-1] == "queue_closed_menu_1"


def test_who_waited_when_it_closed_is_called_after_it_has_opened_again(tmp_path: Path) -> None:
    desk = FakeDesk()
    waiting = visit(FakeLine(["1", "1"]), desk, MessageBox(tmp_path))
    waiting.own_hours = {"billing": CLOSED}.get
    assert offer_callback(waiting, "billing", "bill", lambda: True) == CallBack("billing", "bill")
    assert [wish.due_at for wish in wishes(desk)] == [OPENS + DUE_AFTER]


# What is said


def told(state: OpenState, language: str, now: datetime) -> str:
    return " ".join(text_of(prompt) for prompt in queue_closed_answer(state, Prompt("queue_closed", language), now))


def test_a_holiday_is_named_as_the_teams_own() -> None:
    christmas = datetime(2026, 12, 25, 10, tzinfo=JAKARTA)
    assert told(is_open(OFFICE, christmas), "id", christmas) == (
        "Bagian itu sedang tutup. Tutup hari ini karena Hari Raya Natal. Buka kembali besok pukul delapan pagi."
    )
    assert told(is_open(OFFICE, christmas), "en", christmas).startswith(
        "That team is closed at the moment. It is closed today for Christmas Day. It opens again tomorrow at eight in the morning."
    )


@pytest.mark.parametrize(("why", "words"), [(Why.HOLIDAY, "closed today for a public holiday."), (Why.SPECIAL, "closed today.")])
def test_a_day_without_a_name_has_its_kind(why: Why, words: str) -> None:
    state = replace(CLOSED, why=why, closed_days=(DayPlan(date(2025, 2, 3), (), why, {}),))
    assert f"It is {words} It opens" in told(state, "en", NOW)


def test_another_places_clock_is_named() -> None:
    state = replace(CLOSED, zone=ZoneInfo("Australia/Perth"))
    assert told(state, "en", NOW).endswith("It opens again tomorrow at half past six in the morning Perth time.")
    assert told(state, "id", NOW).endswith("Buka kembali besok pukul enam lewat tiga puluh menit pagi waktu Perth.")


def test_where_nobody_knows_until_when_nothing_is_promised() -> None:
    assert told(replace(CLOSED, opens_next=None), "en", NOW) == "That team is closed at the moment."


def test_an_emergency_has_the_message_that_somebody_left_and_no_other(tmp_path: Path) -> None:
    closed = "That team is closed at the moment."
    assert told(in_emergency(OFFICE, Emergency()), "en", NOW) == closed
    assert told(in_emergency(OFFICE, Emergency(text={"en": "We are flooded."})), "en", NOW) == f"{closed} We are flooded."
    spoken = queue_closed_answer(in_emergency(OFFICE, Emergency(recording=tmp_path / "x.wav")), Prompt("queue_closed", "en"), NOW)
    assert [prompt.recording for prompt in spoken] == [None, tmp_path / "x.wav"]
