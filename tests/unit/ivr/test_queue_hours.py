"""Queues with hours of their own: as written in the file, and how they go with the line that leads to them."""

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadInput
from ivr.hours import Emergency, OpenState, Schedule, Span, Why, in_emergency, is_open
from ivr.hours_file import SHIPPED_FILE, load_hours, raise_for_unknown_queues, read_hours
from ivr.hours_source import OWN_FILE, HoursSource
from ivr.queue_hours import queue_state

FILE = Path("hours.yaml")
JAKARTA, PERTH = ZoneInfo("Asia/Jakarta"), ZoneInfo("Australia/Perth")
TEXT = """\
schedules:
  office:
    label: {id: Kantor, en: Office}
    zone: Asia/Jakarta
    week:
      mon-fri: 08:00-20:00
    holidays: {country: ID}
    days:
      2026-12-24: closed
      2026-12-31: {open: 08:00-12:00}
queues:
  billing: office
  technical:
    schedule: office
    week: {daily: 07:00-22:00}
    holidays: none
    days:
      2026-12-31: closed
  sales: {schedule: office, zone: Australia/Perth, holidays: {country: AU, region: WA}}
"""
WRITTEN = read_hours(TEXT, FILE)
OFFICE = WRITTEN.schedules["office"]


def opens(schedule: Schedule, *at: int, zone: ZoneInfo = JAKARTA) -> bool:
    return is_open(schedule, datetime(*at, tzinfo=zone)).open  # type: ignore[arg-type,misc]  # a date is given as its parts


def test_the_name_of_a_schedule_is_all_of_it() -> None:
    billing = WRITTEN.queues["billing"]
    assert (billing.name, billing.closed_with) == ("billing", "office")
    assert (billing.zone, billing.week, billing.holidays, billing.days) == (
        OFFICE.zone, OFFICE.week, OFFICE.holidays, OFFICE.days,
    )  # fmt: skip
    assert not opens(billing, 2026, 12, 25, 10), "Christmas is a holiday where the office is"


def test_what_is_written_takes_the_place_of_the_schedules_and_the_rest_is_the_schedules() -> None:
    technical = WRITTEN.queues["technical"]
    assert technical.week == ((Span(420, 1320),),) * 7
    assert opens(technical, 2026, 12, 25, 21), "it works through holidays"
    assert not opens(technical, 2026, 12, 24, 10), "a date of the office's"
    assert technical.days[date(2026, 12, 31)].spans == (), "its own date counts before the office's"


def test_a_queue_elsewhere_goes_by_its_own_clock_and_holidays() -> None:
    sales = WRITTEN.queues["sales"]
    assert (sales.zone, sales.week) == (PERTH, OFFICE.week)
    assert opens(sales, 2026, 8, 17, 9, zone=PERTH), "independence day is Indonesia's"
    assert not opens(sales, 2026, 6, 1, 9, zone=PERTH), "Western Australia Day"
    assert not opens(sales, 2026, 8, 18, 20), "twenty in Jakarta is twenty-one in Perth"


@pytest.mark.parametrize(
    ("good", "bad", "line", "about"),
    [
        ("billing: office", "billing: offise", 12, "there is no schedule 'offise'"),
        ("    schedule: office", "    schedule: shop", 14, "there is no schedule 'shop'"),
        ("    schedule: office\n", "", 13, "Field required"),
        ("daily: 07:00-22:00", "daily: 7-22", 15, "no times"),
        ("daily: 07:00-22:00", "daily: 07:00-22:00, sat: closed", 15, "sat twice"),
        ("holidays: none", "holidays: {country: QQ}", 16, "QQ"),
        ("      2026-12-31: closed", "      2026-31-12: closed", 18, "no date"),
        ("Australia/Perth", "Australia/Sydny", 19, "no time zone"),
        ("  sales:", "  Sales:", 19, "pattern"),
        ("{schedule: office, zone", "{schedule: office, label: {id: A, en: B}, zone", 19, "not permitted"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(good: str, bad: str, line: int, about: str) -> None:
    assert good in TEXT
    with pytest.raises(BadInput, match=re.escape(about)) as caught:
        read_hours(TEXT.replace(good, bad, 1), FILE)
    assert f"hours.yaml, line {line}: " in caught.value.message


def test_every_unknown_queue_is_named_with_its_line() -> None:
    raise_for_unknown_queues(WRITTEN, FILE, ["sales", "billing", "technical", "general"])
    with pytest.raises(BadInput) as caught:
        raise_for_unknown_queues(WRITTEN, FILE, ["technical"])
    assert caught.value.message == (
        "hours.yaml, line 12: there is no queue 'billing'; hours.yaml, line 19: there is no queue 'sales'."
    )
    assert "technical" in caught.value.next_step


def test_as_shipped_no_queue_has_hours_of_its_own_and_what_its_comment_shows_is_right() -> None:
    assert load_hours().queues == {}
    shipped = SHIPPED_FILE.read_text(encoding="utf-8")
    shown = "\n".join(line.removeprefix("#   ") for line in shipped.partition("For example\n")[2].splitlines())
    assert set(read_hours(f"{shipped}\n{shown}\n", FILE).queues) == {"billing", "technical"}


def test_the_source_reads_the_queues_of_the_file_in_force(tmp_path: Path) -> None:
    source, own = HoursSource(tmp_path), tmp_path / OWN_FILE
    assert source.queues() == {}
    own.parent.mkdir()
    own.write_text(TEXT, encoding="utf-8")
    assert set(source.queues()) == {"billing", "technical", "sales"}
    assert set(source.schedules()) == {"office"}


OPEN, CLOSED = OpenState(True, Why.REGULAR, JAKARTA), OpenState(False, Why.REGULAR, JAKARTA)
ELSEWHERE = OpenState(False, Why.HOLIDAY, PERTH)
FIRE = in_emergency(OFFICE, Emergency())


@pytest.mark.parametrize(
    ("own", "line", "found"),
    [
        (None, None, None),
        (None, CLOSED, CLOSED),
        (ELSEWHERE, None, ELSEWHERE),
        (ELSEWHERE, OPEN, ELSEWHERE),
        (OPEN, CLOSED, OPEN),  # longer than the line
        (OPEN, FIRE, FIRE),
        (None, FIRE, FIRE),
    ],
)
def test_own_hours_count_but_in_an_emergency_of_the_line(
    own: OpenState | None, line: OpenState | None, found: OpenState | None
) -> None:
    assert queue_state(own, line) is found
