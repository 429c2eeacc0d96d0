"""The journal that the dialplan keeps while we are away."""

from datetime import UTC, datetime

import pytest

from asterisk_conf import names
from cti.rescue_journal import JournalLine, RescueJournal

ID = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def file(tmp_path):
    (tmp_path / "spool").mkdir()
    return tmp_path / names.RESCUE_JOURNAL


def test_every_line_is_told_until_it_is_forgotten_and_new_ones_come_after(file, tmp_path):
    file.write_text(f"{ID} arrived 1700000000 628111\n{ID} answered 1700000009 PJSIP/agent-1001-0000002a\n")
    journal = RescueJournal(tmp_path)
    at = datetime.fromtimestamp(1700000000, UTC)
    assert journal.take()[0] == JournalLine(ID, "arrived", at, "628111")
    file.write_text(f"{ID} ended 1700000030\n")
    assert [line.what for line in RescueJournal(tmp_path).take()] == ["arrived", "answered"]
    journal.forget()
    assert [line.what for line in journal.take()] == ["ended"]


def test_no_journal_is_no_news(tmp_path):
    assert RescueJournal(tmp_path).take() == []


def test_a_line_cut_off_by_a_crash_hides_no_other(file, tmp_path):
    file.write_text(f"{ID} arr\nnonsense\n\n{ID} ended 1700000030\n")
    assert [line.what for line in RescueJournal(tmp_path).take()] == ["ended"]
