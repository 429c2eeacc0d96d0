"""What planners bring: read, and told by file and row where it can't be."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from core.errors import BadInput
from core.problem import Faults
from tests.unit.workforce.rosters.small import MONDAY, PATTERNS, roster
from workforce.rosters.calendar_file import write_calendars
from workforce.rosters.contract_file import read_contracts, read_time_off, read_training, read_wishes
from workforce.rosters.need_file import read_needs
from workforce.rosters.roster_file import read_roster_file, write_roster
from workforce.rosters.rules_file import SHIPPED_FILE, read_rules, shipped_rules

ZONE = ZoneInfo("Asia/Jakarta")


def file(folder: Path, *lines: str) -> Path:
    written = folder / "plan.csv"
    written.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return written


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1001,-8,,,", r"plan\.csv, row 2, column hours_a_week: -8 does not lie from 0 to 168"),
        ("1001,40,9,,", r"row 2, column days_a_week: 9 does not lie from 1 to 7"),
        ("1001,,,,", r"row 2, column hours_a_week: it is empty"),
        ("1001,40,5,magic,", r"row 2, column queues: there is no queue 'magic'"),
        ("1009,40,5,,", r"row 2, column agent: 1009 is not on record, and no queues are given"),
        ("1001,40,5,,mon-fri 8-17", r"row 2, column available: 'mon-fri 8-17' is no time"),
        ("1001,40,5,,fri-mon 08:00-17:00", r"the days are not in order"),
    ],
)
def test_a_bad_contract_is_told_by_row_and_column(tmp_path: Path, row: str, why: str) -> None:
    written = file(tmp_path, "agent,hours_a_week,days_a_week,queues,available", row)
    with pytest.raises(BadInput, match=why):
        read_contracts(written, ("sales",), PATTERNS, {"1001": ("Sari", frozenset({"sales"}))})


def test_a_contract_with_everything(tmp_path: Path) -> None:
    written = file(tmp_path, "agent,hours_a_week,available,overtime", "1001,37.5,mon-wed 08:00-17:00; sat 22:00-06:00,yes")
    found = read_contracts(written, ("sales",), PATTERNS, {"1001": ("Sari", frozenset({"sales"}))})[0]
    assert (found.week_min, found.shown, found.overtime, found.days_a_week) == (2250, "Sari", True, 5)
    assert found.available == {0: ((480, 1020),), 1: ((480, 1020),), 2: ((480, 1020),), 5: ((1320, 1800),)}


def test_dates_and_agents_that_can_not_be(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"row 2, column from: '2026-02-31' is no date"):
        read_time_off(file(tmp_path, "agent,from,until", "1001,2026-02-31,"), {"1001"}, MONDAY, 7)
    with pytest.raises(BadInput, match=r"row 2, column agent: 1009 has no contract"):
        read_time_off(file(tmp_path, "agent,from,until", "1009,2026-12-08,"), {"1001"}, MONDAY, 7)
    with pytest.raises(BadInput, match="'nights' is no wish"):
        read_wishes(file(tmp_path, "agent,date,wish", "1001,2026-12-08,nights"), {"1001"}, PATTERNS, MONDAY, 7)
    with pytest.raises(BadInput, match="ends before it begins"):
        read_training(file(tmp_path, "agent,date,from,to", "1001,2026-12-08,11:00,09:00"), {"1001"}, MONDAY, 7)
    found = read_time_off(file(tmp_path, "agent,from,until", "1001,2026-12-12,2026-12-20"), {"1001"}, MONDAY, 7)
    assert found == {("1001", 5), ("1001", 6)}


def test_needs_by_interval_of_the_wall_clock(tmp_path: Path) -> None:
    written = file(
        tmp_path, "queue,interval_start,minutes,heads", "sales,2026-12-07T01:00:00+00:00,30,4", "sales,2026-12-08 23:30,30,2"
    )
    found = read_needs(written, ZONE)
    assert (found.first, found.days, found.minutes) == (MONDAY, 2, 30)
    assert [(at, need) for at, need in enumerate(found.by_queue["sales"]) if need] == [(16, 4), (95, 2)]
    with pytest.raises(BadInput, match="row 3, column minutes: the file has intervals of several lengths"):
        read_needs(file(tmp_path, "queue,interval_start,minutes,heads", "a,2026-12-07 08:00,30,4", "a,2026-12-07 09:00,15,4"), ZONE)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("a,2026-12-07 08:00,30,-1", r"row 3, column heads: -1 must be 0 or more\."),
        ("a,2026-12-07 08:00,30,inf", r"row 3, column heads: 'inf' is no number\."),
        ("nope,2026-12-07 08:00,30,4", r"row 3, column queue: there is no queue 'nope'"),
        ("a,2027-12-07 08:00,30,4", r"row 3, column interval_start: 2027-12-07 08:00 is 365 days after the first"),
    ],
)
def test_a_fault_of_what_is_needed_is_told_with_its_row(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        read_needs(file(tmp_path, "queue,interval_start,minutes,heads", "a,2026-12-07 07:00,30,4", row), ZONE, queues=("a",))


def test_a_roster_that_is_written_is_read_again(tmp_path: Path) -> None:
    whole = roster(ani="E-NX", budi="-LL-")
    for name in ("out.csv", "out.xlsx"):
        write_roster(tmp_path / name, whole, MONDAY, {"ani": "Ani"})
        assert read_roster_file(tmp_path / name, PATTERNS, {"ani", "budi"}, MONDAY) == whole
    twice = file(tmp_path, "agent,date,pattern,from,breaks", *["ani,2026-12-07,early,06:00,10:00-11:00 lunch"] * 2)
    with pytest.raises(BadInput, match="row 3, column date: ani has two shifts on this day"):
        read_roster_file(twice, PATTERNS, {"ani"}, MONDAY)
    with pytest.raises(BadInput, match="there is no pattern 'dawn'"):
        read_roster_file(file(tmp_path, "agent,date,pattern,from", "ani,2026-12-07,dawn,05:00"), PATTERNS, {"ani"}, MONDAY)


def test_each_agent_has_a_calendar_whose_shifts_keep_their_names(tmp_path: Path) -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    write_calendars(tmp_path, roster(ani="E-N", budi="L"), MONDAY, ZONE, now)
    events = Calendar.from_ical((tmp_path / "ani.ics").read_bytes()).walk("VEVENT")
    assert [event.decoded("dtstart").astimezone(UTC) for event in events] == [
        datetime(2026, 12, 6, 23, tzinfo=UTC), datetime(2026, 12, 9, 15, tzinfo=UTC)
    ]  # fmt: skip
    write_calendars(tmp_path, roster(ani="L"), MONDAY, ZONE, now)
    again = Calendar.from_ical((tmp_path / "ani.ics").read_bytes()).walk("VEVENT")
    assert again[0]["uid"] == events[0]["uid"], "a calendar replaces the shift of that day"
    with pytest.raises(BadInput, match="can't be the name of a file"):
        write_calendars(tmp_path, roster(**{"../x": "E"}), MONDAY, ZONE, now)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("most_h: 40", "most_h: -1", r"line \d+: rules.weekly_hours.most_h is too small"),
        ("fair_nights: {weight: 5}", "fair_nights: {wait: 5}", r"wait is not known here"),
        ("from: 22:00", "from: 25:00", r"this is no time of the day"),
        ("[early, day, seven, five]", "[early, dawn, seven, five]", r"There is no pattern dawn"),
        ("minutes: 30, after_min: [240, 240]}]}\n  - {name: late", "minutes: 30, after_min: [120, 240]}]}\n  - {name: late",
         r"day can have 6 hours on end"),
        ("name: short", "name: early", r"There are two patterns early"),
    ],
)  # fmt: skip
def test_faults_of_rules_are_told_by_line(before: str, after: str, why: str) -> None:
    text = SHIPPED_FILE.read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(Faults, match=why):
        read_rules(text.replace(before, after, 1), "rules.yaml")


def test_the_shipped_rules_are_the_law_s() -> None:
    rules = shipped_rules().rules.rules
    assert rules.weekly_hours is not None
    assert rules.weekly_hours.most_h == 40
    assert rules.overtime is not None
    assert (rules.overtime.most_day_h, rules.overtime.most_week_h) == (4, 18)
    assert rules.daily_hours is not None
    assert (rules.daily_hours.most_h, rules.daily_hours.six_days_h) == (8, 7)
    assert all(pattern.paid_min <= 480 for pattern in shipped_rules().patterns)
