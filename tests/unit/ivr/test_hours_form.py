"""Opening hours as written in YAML, and the file that is in force."""

import os
import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadInput
from ivr.holiday_days import HolidayCalendar
from ivr.hours import Span, Why, is_open
from ivr.hours_file import SHIPPED_FILE, load_hours, read_hours
from ivr.hours_source import OWN_FILE, HoursSource

GOOD = """\
schedules:
  perth:
    label: {id: Perth, en: Perth}
    zone: Australia/Perth
    week:
      mon-fri: [08:00-12:00, 13:00-17:00]
      sat: 22:00-02:00
      sun: closed
    holidays: {country: AU, region: WA}
    days:
      2026-12-24: {open: 08:00-12:00, because: {id: Malam Natal, en: Christmas Eve}}
      2026-12-31: closed
"""


def test_a_schedule_is_read_as_it_is_written() -> None:
    perth = read_hours(GOOD, Path("hours.yaml")).schedules["perth"]

    assert perth.zone == ZoneInfo("Australia/Perth")
    assert perth.week[0] == perth.week[4] == (Span(480, 720), Span(780, 1020))
    assert perth.week[5] == (Span(1320, 1560),)
    assert perth.week[6] == ()
    assert perth.days[date(2026, 12, 24)].name["en"] == "Christmas Eve"
    assert perth.days[date(2026, 12, 31)].spans == ()
    assert perth.day(date(2026, 6, 1)).why is Why.HOLIDAY  # Western Australia Day, in that state only
    assert perth.day(date(2026, 6, 8)).why is Why.REGULAR  # King's birthday elsewhere


@pytest.mark.parametrize(
    ("good", "bad", "line", "about"),
    [
        ("Australia/Perth", "Australia/Sydny", 4, "no time zone"),
        ("13:00-17:00", "11:00-17:00", 6, "overlap"),
        ("13:00-17:00", "8-17", 6, "no times"),
        ("22:00-02:00", "22:00-24:30", 7, "ends at 24:00"),
        ("22:00-02:00", "22:00-22:00", 7, "no time at all"),
        ("sat:", "fri-mon:", 7, "no days"),
        ("sat:", "funday:", 7, "no days"),
        ("sat:", "fri:", 5, "fri twice"),
        ("region: WA", "region: XX", 9, "XX"),
        ("country: AU", "country: QQ", 9, "QQ"),
        ("region: WA", "kinds: [none]", 9, "none"),
        ("2026-12-24", "2026-24-12", 11, "no date"),
        ("2026-12-31", "2026-12-24", 12, "twice"),
        ("closed\n    holidays", "close\n    holidays", 8, "no times"),
        ("en: Perth", "fr: Perth", 3, "pattern"),
        (", en: Perth", "", 2, "words in id and en"),
        ("  perth:", "  Perth-:", 2, "pattern"),
        ("    zone", "    zon", 4, "not permitted"),
        ("    week:", "    week: {", 7, "expected"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(good: str, bad: str, line: int, about: str) -> None:
    with pytest.raises(BadInput, match=re.escape(about)) as caught:
        read_hours(GOOD.replace(good, bad, 1), Path("hours.yaml"))

    assert f"hours.yaml, line {line}: " in caught.value.message


@pytest.mark.parametrize("text", ["", "[]", "schedules: {}", "schedules: 7"])
def test_a_file_without_schedules_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"hours\.yaml, line 1"):
        read_hours(text, Path("hours.yaml"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.yaml"):
        load_hours(tmp_path / "none.yaml")


def test_the_shipped_hotline_is_open_at_any_hour_and_the_office_is_not() -> None:
    shipped = load_hours().schedules
    assert shipped["hotline"].never_closes
    office = shipped["office"]
    assert is_open(office, datetime(2026, 11, 24, 3, 0, tzinfo=UTC)).open
    assert not is_open(office, datetime(2026, 11, 22, 3, 0, tzinfo=UTC)).open  # a Sunday
    joint_leave = is_open(office, datetime(2026, 12, 24, 3, 0, tzinfo=UTC))
    assert (joint_leave.open, joint_leave.name["id"]) == (False, "Cuti Bersama Hari Raya Natal")


def test_holidays_have_names_in_the_languages_that_the_library_knows() -> None:
    indonesia = HolidayCalendar("ID", kinds=("public",))
    assert indonesia.on(date(2026, 8, 17)) == {"id": "Hari Kemerdekaan Republik Indonesia", "en": "Independence Day"}
    assert indonesia.on(date(2026, 12, 24)) is None
    assert HolidayCalendar("NL").on(date(2026, 4, 27)) == {"en": "King's Day"}


def write(file: Path, text: str, at_s: int) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    os.utime(file, (at_s, at_s))


def test_an_own_file_wins_is_read_again_and_goes_away_again(tmp_path: Path) -> None:
    source, own = HoursSource(tmp_path), tmp_path / OWN_FILE
    assert set(source.schedules()) == {"hotline", "office"}
    write(own, GOOD, 1)
    assert set(source.schedules()) == {"perth"}
    write(own, GOOD.replace("perth:", "freo:"), 2)
    assert set(source.schedules()) == {"freo"}
    own.unlink()
    assert set(source.schedules()) == {"hotline", "office"}


def test_a_broken_new_version_keeps_the_last_good_one_and_says_so(tmp_path: Path) -> None:
    source, own = HoursSource(tmp_path), tmp_path / OWN_FILE
    write(own, GOOD, 1)
    good = source.schedules()
    write(own, GOOD.replace("08:00-12:00", "8-12"), 2)
    assert source.schedules() is good
    assert "line 6" in source.problem
    write(own, GOOD, 3)
    assert set(source.schedules()) == {"perth"}
    assert source.problem == ""


def test_a_file_that_is_broken_from_the_start_leaves_the_shipped_hours(tmp_path: Path) -> None:
    source = HoursSource(tmp_path)
    write(tmp_path / OWN_FILE, "schedules: [", 1)
    assert source.schedules() == load_hours(SHIPPED_FILE).schedules
    assert "line 2" in source.problem or "line 1" in source.problem
