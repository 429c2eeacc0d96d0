"""What callers hear of opening hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.catalogue import text_of
from ivr.hours import ALL_DAY, Emergency, OpenState, Schedule, Span, SpecialDay, in_emergency, is_open
from ivr.hours_answer import emergency_message, hours_answer, week_answer
from ivr.hours_file import load_hours
from ivr.spoken import spoken_time

JAKARTA, AMSTERDAM = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Amsterdam")
OFFICE = load_hours().schedules["office"]


def heard(state: OpenState, language: str, now: datetime) -> str:
    return " ".join(text_of(prompt) for prompt in hours_answer(state, language, now))


def told(schedule: Schedule, language: str, *parts: int) -> str:
    now = datetime(*parts, tzinfo=JAKARTA)  # type: ignore[arg-type,misc]  # a date is given as its parts
    return heard(is_open(schedule, now), language, now)


@pytest.mark.parametrize(
    ("at", "indonesian", "english"),
    [
        ("00:00", "dua belas malam", "midnight"),
        ("00:30", "dua belas lewat tiga puluh menit malam", "half past twelve at night"),
        ("03:00", "tiga dini hari", "three in the morning"),
        ("08:00", "delapan pagi", "eight in the morning"),
        ("10:45", "sepuluh lewat empat puluh lima menit pagi", "a quarter to eleven in the morning"),
        ("12:00", "dua belas siang", "noon"),
        ("13:05", "satu lewat lima menit siang", "five past one in the afternoon"),
        ("16:00", "empat sore", "four in the afternoon"),
        ("19:52", "tujuh lewat lima puluh dua menit malam", "eight minutes to eight in the evening"),
        ("20:01", "delapan lewat satu menit malam", "one minute past eight in the evening"),
        ("23:40", "sebelas lewat empat puluh menit malam", "twenty to twelve at night"),
    ],
)
def test_a_time_is_said_as_people_say_it(at: str, indonesian: str, english: str) -> None:
    assert spoken_time(time.fromisoformat(at), "id") == indonesian
    assert spoken_time(time.fromisoformat(at), "en") == english


@given(
    st.sampled_from(["id", "en"]), st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=2, unique=True)
)
def test_two_times_never_sound_the_same(language: str, times: list[time]) -> None:
    words = [spoken_time(at, language) for at in times]
    assert len(set(words)) == len(times)
    assert not any(character.isdigit() for word in words for character in word)


def test_open_says_until_when() -> None:
    assert told(OFFICE, "en", 2026, 12, 23, 15, 0) == "We are open now, until eight in the evening."
    assert told(OFFICE, "id", 2026, 12, 23, 15, 0) == "Kami sedang buka, sampai pukul delapan malam."


def test_closed_says_when_it_opens_again() -> None:
    assert told(OFFICE, "en", 2026, 12, 22, 21, 0) == "We are closed at the moment. We open again tomorrow at eight in the morning."
    assert told(OFFICE, "id", 2026, 12, 22, 7, 0) == "Saat ini kami sedang tutup. Kami buka kembali hari ini pukul delapan pagi."


def test_a_holiday_is_named() -> None:
    assert told(OFFICE, "id", 2026, 12, 25, 10, 0) == (
        "Kami tutup hari ini karena Hari Raya Natal. Kami buka kembali besok pukul delapan pagi."
    )
    assert told(OFFICE, "en", 2026, 12, 24, 7, 0).startswith(
        "We are closed today for Christmas Joint Holiday. We open again on Saturday"
    )
    assert "We are closed tomorrow for Christmas Joint Holiday." in told(OFFICE, "en", 2026, 12, 23, 22, 0)


def test_a_holiday_without_a_name_in_the_callers_language_is_a_holiday() -> None:
    special = replace(OFFICE, days={date(2026, 12, 23): SpecialDay((), {"en": "Moving (to floor 3)"})})
    assert told(special, "id", 2026, 12, 23, 10, 0).startswith("Kami tutup hari ini. ")
    assert told(special, "en", 2026, 12, 23, 10, 0).startswith("We are closed today for Moving. ")
    dutch = replace(OFFICE, holidays=load_dutch())
    assert told(dutch, "id", 2026, 4, 27, 10, 0).startswith("Kami tutup hari ini karena hari libur. ")


def load_dutch() -> object:
    from ivr.holiday_days import HolidayCalendar

    return HolidayCalendar("NL")


def test_midnight_belongs_to_the_day_that_it_ends() -> None:
    late = replace(OFFICE, week=((Span(600, 1440),), *((),) * 6))
    assert told(late, "en", 2026, 12, 21, 15, 0) == "We are open now, until midnight."
    night = replace(OFFICE, week=((Span(1320, 1560),), *((),) * 6))
    assert told(night, "en", 2026, 12, 21, 23, 0) == "We are open now, until tomorrow at two in the morning."


def test_another_places_clock_is_named() -> None:
    dutch = replace(OFFICE, zone=AMSTERDAM, holidays=None)
    assert told(dutch, "en", 2026, 12, 22, 16, 0) == "We are open now, until eight in the evening Amsterdam time."
    assert told(dutch, "id", 2026, 12, 22, 12, 0).endswith("Kami buka kembali hari ini pukul delapan pagi waktu Amsterdam.")


def test_always_open_says_so() -> None:
    assert told(load_hours().schedules["hotline"], "en", 2026, 12, 25, 3, 0) == "We are open around the clock, every day."


def test_never_open_makes_no_promise() -> None:
    never = replace(OFFICE, week=((),) * 7, holidays=None)
    assert told(never, "en", 2026, 12, 25, 3, 0) == "We are closed at the moment."


def test_an_emergency_plays_its_message_first(tmp_path: Path) -> None:
    now = datetime(2026, 12, 23, 4, 0, tzinfo=UTC)
    state = in_emergency(OFFICE, Emergency(datetime(2026, 12, 23, 6, 0, tzinfo=UTC), {"en": "A fire {drill}."}))
    assert heard(state, "en", now.astimezone(JAKARTA)) == "A fire {drill}. We open again today at one in the afternoon."
    assert heard(state, "id", now.astimezone(JAKARTA)).startswith("Mohon maaf, kami terpaksa tutup sementara")
    recording = tmp_path / "message.wav"
    (prompt,) = emergency_message(in_emergency(OFFICE, Emergency(None, {"en": "not this"}, recording)), "en")
    assert prompt.recording == recording
    assert text_of(prompt).startswith("We are sorry")  # where the file can't be played
    assert emergency_message(is_open(OFFICE, now), "en") == []


def test_the_week_has_days_with_the_same_times_together() -> None:
    assert " ".join(text_of(prompt) for prompt in week_answer(OFFICE, "id")) == (
        "Hari Senin sampai Jumat kami buka pukul delapan pagi sampai delapan malam. "
        "Hari Sabtu kami buka pukul delapan pagi sampai empat sore. Pada hari libur nasional kami tutup."
    )
    split = replace(OFFICE, week=((Span(480, 720), Span(780, 1020)), *((),) * 5, ALL_DAY), holidays=None)
    assert " ".join(text_of(prompt) for prompt in week_answer(split, "en")) == (
        "On Monday we are open from eight in the morning to noon and from one in the afternoon to five in the afternoon. "
        "On Sunday we are open around the clock."
    )
