"""A message left, a promise kept: whatever fails or whoever hangs up."""

from pathlib import Path

import pytest

from core.clock import VirtualClock
from core.database import Database
from ivr.flow_run import run_flow
from ivr.line import HungUp, Prompt, Recording
from ivr.message_box import MessageBox
from ivr.outcome import CallBack, CallerGone, Outcome, RouteTo, TurnedAway
from ivr.reception import Reception
from ivr.runner import run
from ivr.services.voicemail import MOST_S
from tests.unit.ivr.fake_desk import KNOWN_ANI, STRANGER_ANI, FakeDesk, wishes
from tests.unit.ivr.fake_line import HANG_UP, NOW, SILENCE, FakeLine, says, visit

TO_VOICEMAIL = ["3", says("tinggalkan pesan")]
OTHER_NUMBER = "081234567890"


@pytest.fixture
def box(tmp_path: Path) -> MessageBox:
    return MessageBox(tmp_path / "kept")


def message(tmp_path: Path, length_s: float = 6.0) -> Recording:
    file = tmp_path / f"said-{length_s}.wav"
    file.touch()
    return Recording(file, length_s)


def call(line: FakeLine, box: MessageBox, desk: FakeDesk | None = None) -> Outcome:
    return run(run_flow, visit(line, desk, box))


def test_a_message_becomes_a_task_for_the_team_with_the_callers_own_number(tmp_path: Path, box: MessageBox) -> None:
    desk, said = FakeDesk(), message(tmp_path)
    line = FakeLine([*TO_VOICEMAIL, "1", "1"], recorded=[said])
    assert call(line, box, desk) == CallBack("general", "voicemail")
    (wish,) = wishes(desk)
    assert (wish.number, wish.queue, wish.customer_id, wish.recording) == (KNOWN_ANI, "general", 7, str(said.file))
    assert wish.due_at > NOW
    assert line.keys_heard[-1] == "voicemail_kept"
    assert list(box.left_over()) == []


def test_silence_after_the_message_sends_it(tmp_path: Path, box: MessageBox) -> None:
    desk = FakeDesk()
    call(FakeLine([*TO_VOICEMAIL, SILENCE, "1"], recorded=[message(tmp_path)]), box, desk)
    assert len(wishes(desk)) == 1


def test_a_message_can_be_said_again_and_the_first_one_is_gone(tmp_path: Path, box: MessageBox) -> None:
    desk, first, second = FakeDesk(), message(tmp_path, 3), message(tmp_path, 4)
    call(FakeLine([*TO_VOICEMAIL, "2", "1", "1"], recorded=[first, second]), box, desk)
    assert [wish.recording for wish in wishes(desk)] == [str(second.file)]
    assert not first.file.exists()


def test_it_may_be_said_again_as_often_as_the_caller_likes_and_the_last_one_counts(tmp_path: Path, box: MessageBox) -> None:
    desk, takes = FakeDesk(), [message(tmp_path, 3.0 + number) for number in range(6)]
    line = FakeLine([*TO_VOICEMAIL, *["2"] * 5, "1", "1"], recorded=takes)
    assert isinstance(call(line, box, desk), CallBack)
    assert [wish.recording for wish in wishes(desk)] == [str(takes[-1].file)]
    assert [take.file.exists() for take in takes] == [False] * 5 + [True]


def test_another_number_is_typed_and_read_back(tmp_path: Path, box: MessageBox) -> None:
    desk = FakeDesk()
    line = FakeLine([*TO_VOICEMAIL, "1", "2", f"{OTHER_NUMBER}#", "1"], recorded=[message(tmp_path)])
    call(line, box, desk)
    assert [wish.number for wish in wishes(desk)] == ["+6281234567890"]
    assert any("delapan satu dua" in sentence for sentence in line.heard)


def test_a_number_is_read_in_the_country_where_we_are(database: Database, tmp_path: Path) -> None:
    desk = FakeDesk()
    reception = Reception(database, VirtualClock(NOW), "Australia/Perth", tmp_path, desk, country="AU")
    reception.receive("hotline", FakeLine(["1", "3", "4", "0412345678#", "1"], ani=""))
    assert [wish.number for wish in wishes(desk)] == ["+61412345678"]


def test_the_number_they_call_from_is_said_as_people_say_it(tmp_path: Path, box: MessageBox) -> None:
    line = FakeLine(["1", *TO_VOICEMAIL, "1", "1"], ani="+6281234567890", recorded=[message(tmp_path)])
    call(line, box, FakeDesk())
    (asked,) = [sentence for sentence in line.heard if "kembali ke nomor" in sentence]
    assert "nomor nol delapan satu dua, tiga empat" in asked


def test_a_withheld_number_is_asked_for(tmp_path: Path, box: MessageBox) -> None:
    desk = FakeDesk()
    line = FakeLine(["1", *TO_VOICEMAIL, "1", f"{OTHER_NUMBER}#", "1"], ani="", recorded=[message(tmp_path)])
    call(line, box, desk)
    assert "callback_own_number" not in line.keys_heard
    assert [wish.number for wish in wishes(desk)] == ["+6281234567890"]


@pytest.mark.parametrize("at", ["after the message", "at the number"])
def test_who_hangs_up_after_the_message_is_called_back_at_the_number_they_called_from(
    at: str, tmp_path: Path, box: MessageBox
) -> None:
    desk = FakeDesk()
    does = [*TO_VOICEMAIL, HANG_UP] if at == "after the message" else [*TO_VOICEMAIL, "1", HANG_UP]
    outcome = call(FakeLine(does, recorded=[message(tmp_path)]), box, desk)
    assert [wish.number for wish in wishes(desk)] == [KNOWN_ANI]
    assert isinstance(outcome, CallBack | CallerGone)


@pytest.mark.parametrize("at", ["after the message", "at the number"])
def test_who_wants_a_person_after_the_message_gets_one_and_no_promise_and_the_message_is_still_there(
    at: str, tmp_path: Path, box: MessageBox
) -> None:
    desk, said = FakeDesk(), message(tmp_path)
    does = [*TO_VOICEMAIL, "0"] if at == "after the message" else [*TO_VOICEMAIL, "1", "0"]
    outcome = call(FakeLine(does, recorded=[said]), box, desk)
    assert isinstance(outcome, RouteTo)
    assert (wishes(desk), list(box.left_over())) == ([], [])
    assert said.file.exists()


def test_who_hangs_up_in_the_middle_of_the_message_is_called_back(tmp_path: Path, box: MessageBox) -> None:
    desk, said = FakeDesk(), message(tmp_path)

    class GoneWhileSpeaking(FakeLine):
        def record(self, *prompts: Prompt, most_s: float, silence_s: float) -> Recording | None:
            raise HungUp(said)

    assert call(GoneWhileSpeaking(TO_VOICEMAIL), box, desk) == CallBack("general", "voicemail")
    assert [wish.recording for wish in wishes(desk)] == [str(said.file)]


@pytest.mark.parametrize(("length_s", "told"), [(6.0, False), (MOST_S, True)])
def test_who_is_cut_short_hears_why(tmp_path: Path, box: MessageBox, length_s: float, told: bool) -> None:
    desk = FakeDesk()
    line = FakeLine([*TO_VOICEMAIL, "1", "1"], recorded=[message(tmp_path, length_s)])
    assert isinstance(call(line, box, desk), CallBack)
    assert ("voicemail_full" in line.keys_heard) is told
    assert len(wishes(desk)) == 1


def test_a_breath_is_no_message(tmp_path: Path, box: MessageBox) -> None:
    desk = FakeDesk()
    line = FakeLine(TO_VOICEMAIL, recorded=[message(tmp_path, 0.4), None, None])
    assert call(line, box, desk) == TurnedAway(""), "nobody was helped"
    assert wishes(desk) == []
    assert line.keys_heard[-2:] == ["voicemail_nothing", "goodbye"]


def test_with_the_records_away_the_message_is_kept_on_disk_and_the_caller_is_told_the_same(tmp_path: Path, box: MessageBox) -> None:
    desk, said = FakeDesk(), message(tmp_path)
    desk.fails = True
    line = FakeLine(["1", *TO_VOICEMAIL, "1", "1"], ani=STRANGER_ANI, recorded=[said])
    assert isinstance(call(line, box, desk), CallBack)
    assert line.keys_heard[-1] == "voicemail_kept"
    (kept,) = box.left_over()
    assert (kept.number, kept.recording) == (STRANGER_ANI, str(said.file))


def test_the_box_is_closed_to_others_and_a_broken_file_in_it_stays_and_stops_nobody(tmp_path: Path, box: MessageBox) -> None:
    desk = FakeDesk()
    desk.fails = True
    call(FakeLine(["1", *TO_VOICEMAIL, "1", "1"], ani=STRANGER_ANI, recorded=[message(tmp_path)]), box, desk)
    folder = tmp_path / "kept"
    assert folder.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    (folder / "broken.json").write_text("{", encoding="utf-8")
    assert len(list(box.left_over())) == 1
    assert (folder / "broken.json").exists()


def test_who_heard_an_answer_wants_to_leave_a_message_and_goes_without_one_was_not_helped(tmp_path: Path, box: MessageBox) -> None:
    class GoneBeforeTheTone(FakeLine):
        def record(self, *prompts: Prompt, most_s: float, silence_s: float) -> Recording | None:
            raise HungUp

    assert call(GoneBeforeTheTone(["2", SILENCE, "2", *TO_VOICEMAIL]), box) == CallerGone("")
