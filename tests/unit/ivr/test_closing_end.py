"""The end of a closing, as people write it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadInput
from ivr.closing_end import closing_end

JAKARTA, AMSTERDAM = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("18:00", datetime(2026, 11, 24, 18, 0, tzinfo=JAKARTA)),
        ("09:30", datetime(2026, 11, 25, 9, 30, tzinfo=JAKARTA)),
        ("10:00", datetime(2026, 11, 25, 10, 0, tzinfo=JAKARTA)),
        ("2026-11-25 08:00", datetime(2026, 11, 25, 8, 0, tzinfo=JAKARTA)),
        ("2026-11-25T08:00", datetime(2026, 11, 25, 8, 0, tzinfo=JAKARTA)),
        ("3h", datetime(2026, 11, 24, 13, 0, tzinfo=JAKARTA)),
        (" 90m ", datetime(2026, 11, 24, 11, 30, tzinfo=JAKARTA)),
        ("2d", datetime(2026, 11, 26, 10, 0, tzinfo=JAKARTA)),
    ],
)
def test_an_end_is_read(words: str, end: datetime) -> None:
    assert closing_end(words, NOW) == end


def test_no_words_are_no_end() -> None:
    assert closing_end("  ", NOW) is None


@pytest.mark.parametrize("words", ["soon", "25:00", "2026-11-24 09:59", "2026-13-01", "0h", "9999d", "2028-01-01 08:00", "-3h"])
def test_other_words_are_refused(words: str) -> None:
    with pytest.raises(BadInput):
        closing_end(words, NOW)


def test_hours_are_counted_on_a_clock_that_changes_too() -> None:
    before = datetime(2026, 10, 25, 1, 0, tzinfo=AMSTERDAM)
    end = closing_end("3h", before)
    assert end is not None
    assert (end - before.astimezone(ZoneInfo("UTC"))).total_seconds() == 3 * 3600
