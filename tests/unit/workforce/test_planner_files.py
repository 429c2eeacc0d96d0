"""Tables in and out: what was written is read, and every fault is told by row and column."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadInput
from workforce.day_calendar import SpecialDay
from workforce.day_history import day_histories
from workforce.erlang_need import Target
from workforce.forecast import ForecastRow
from workforce.overruling import Overruling
from workforce.plan_files import read_forecast, write_forecast, write_staff
from workforce.planner_files import read_history, read_overrulings, read_special_days
from workforce.staff_need import QueuePlan, staff_rows
from workforce.table_file import read_table, write_table

JAKARTA = ZoneInfo("Asia/Jakarta")
QUEUES = ("sales", "billing")
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
ROWS = [
    ForecastRow("sales", AT, 30, 12.5, 6, 20, 240.5, 12.5),
    ForecastRow("sales", AT + timedelta(minutes=30), 30, 99, 80, 120, None, 14.0, "campaign, with a comma"),
]


def written(folder: Path, text: str) -> Path:
    file = folder / "given.csv"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["plan.csv", "plan.xlsx"])
def test_a_forecast_comes_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    write_forecast(tmp_path / name, ROWS, JAKARTA)
    assert read_forecast(tmp_path / name, QUEUES, JAKARTA) == ROWS


@pytest.mark.parametrize("name", ["staff.csv", "staff.xlsx"])
def test_staffing_is_a_table_with_reasons(tmp_path: Path, name: str) -> None:
    write_staff(tmp_path / name, staff_rows(ROWS[:1], QueuePlan(Target(0.8, 20))), JAKARTA)
    row = read_table(tmp_path / name, ("queue", "agents", "because"))[0]
    assert row.text("interval_start") == "2026-03-02 08:00+07:00"
    assert row.whole_at("agents") == 4
    assert row.text("because").startswith("12.5 callers in 30 min")


def test_special_days(tmp_path: Path) -> None:
    text = "name,date,factor,leave_out,note\nmailing,2026-03-02,1.5,,ours\noutage,2026-03-03,,yes,\n\n"
    assert read_special_days(written(tmp_path, text)) == [
        SpecialDay(date(2026, 3, 2), "mailing", 1.5), SpecialDay(date(2026, 3, 3), "outage", None, True)
    ]  # fmt: skip


def test_overrulings(tmp_path: Path) -> None:
    text = "queue,date,time,callers,times,aht_s,why\nsales,2026-03-02,,500,,,campaign\nbilling,2026-03-02,08:30,,1.2,300,\n"
    assert read_overrulings(written(tmp_path, text), QUEUES, 30) == [
        Overruling("sales", date(2026, 3, 2), None, 500, None, None, "campaign"),
        Overruling("billing", date(2026, 3, 2), 17, None, 1.2, 300, ""),
    ]


def test_a_history_from_elsewhere(tmp_path: Path) -> None:
    heading = "queue,interval_start,minutes,offered,answered,aht_s"
    text = f"{heading}\nsales,2026-03-02T08:00:00+07:00,30,10,8,200\nsales,2026-03-03 08:00,30,0,0,\n"
    rows = read_history(written(tmp_path, text), QUEUES, 30, JAKARTA)
    assert [(row.starts_at.astimezone(JAKARTA).hour, row.offered, row.handled, row.handle_s) for row in rows] == [
        (8, 10, 8, 1600.0), (8, 0, 0, 0.0)
    ]  # fmt: skip
    history = day_histories(rows, JAKARTA, 30)["sales"]
    assert history.totals.tolist() == [10, 0]
    assert history.offered[0, 16] == 10


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("queue,date\nsales,2026-03-02\n", "row 2, column callers: nothing is overruled"),
        ("queue,date,callers\n\nnope,2026-03-02,5\n", "row 3, column queue: there is no queue 'nope'"),
        ("queue,date,callers\nsales,2.3.2026,5\n", "row 2, column date: '2.3.2026' is no date"),
        ("queue,date,callers\nsales,2026-03-02,-5\n", "row 2, column callers: -5 does not lie from 0"),
        ("queue,date,callers\nsales,2026-03-02,many\n", "row 2, column callers: 'many' is no number"),
        ("queue,date,callers\nsales,2026-03-02,nan\n", "row 2, column callers: 'nan' is no number"),
        ("queue,date,callers,times\nsales,2026-03-02,5,2\n", "row 2, column times: callers are given, too"),
        ("queue,date,time,callers\nsales,2026-03-02,08:10,5\n", "row 2, column time: no interval of 30 minutes begins at 08:10"),
        ("queue,date,time,callers\nsales,2026-03-02,late,5\n", "row 2, column time: 'late' is no time of the day"),
        ("queue,callers\nsales,5\n", "row 1: there is no column date"),
        ("queue,date,callers\n", "has no row"),
        ("", "has no row"),
    ],
)
def test_faults_are_told_by_row_and_column(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadInput, match=f"given.csv.*{told}"):
        read_overrulings(written(tmp_path, text), QUEUES, 30)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("date,name\n2026-03-02,a\n2026-03-02,b\n", "row 3, column date: 2026-03-02 stands in the file twice"),
        ("date,name,factor\n2026-03-02,a,1000\n", "row 2, column factor: 1000 does not lie"),
        ("date,name,leave_out\n2026-03-02,a,maybe\n", "row 2, column leave_out: 'maybe' is neither"),
        ("date,name\n2026-03-02,\n", "row 2, column name: it is empty"),
        ("date,name\n2026-03-02,holiday\n", "row 2, column name: 'holiday' is what Halo calls"),
    ],
)
def test_faults_of_special_days(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        read_special_days(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("queue,interval_start,offered\nsales,2026-03-02 08:00,1.5\n", "row 2, column offered: 1.5 is no whole number"),
        ("queue,interval_start,offered\nsales,2026-03-02 08:00,\n", "row 2, column offered: it is empty"),
        ("queue,interval_start,offered\nsales,2026-03-02 08:00,-1\n", "row 2, column offered: -1 does not lie from 0 to 1000000"),
        ("queue,interval_start,offered\nsales,2026-03-02 08:00,1e300\n", "row 2, column offered: 1e300 does not lie"),
        ("queue,interval_start,offered\nsales,2026-02-31 08:00,1\n", "row 2, column interval_start: '2026-02-31 08:00' is no"),
        ("queue,interval_start,offered\nsales,2026-03-02 08:07,1\n", "row 2, column interval_start: no interval of 30 minutes"),
        ("queue,interval_start,offered\nsales,soon,1\n", "row 2, column interval_start: 'soon' is no moment"),
        ("queue,interval_start,offered,minutes\nsales,2026-03-02 08:00,1,15\n", "row 2, column minutes: 15 is not the 30"),
        (
            "queue,interval_start,offered\nsales,2026-03-02 08:00,1\nsales,2026-03-02 08:00,1\n",
            "row 3, column interval_start: sales has this interval twice",
        ),
    ],
)
def test_faults_of_a_history(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        read_history(written(tmp_path, text), QUEUES, 30, JAKARTA)


def test_a_history_by_the_hour_is_no_history_by_half_hours(tmp_path: Path) -> None:
    """Else nobody would be taken to call in every second half hour."""
    rows = [f"sales,2026-03-0{day} {hour:02}:00,20" for day in (2, 3, 4) for hour in range(8, 18)]
    by_hours = written(tmp_path, "\n".join(["queue,interval_start,offered", *rows]))
    with pytest.raises(BadInput, match="row 3, column interval_start: the rows of this queue are 60 minutes apart, not 30"):
        read_history(by_hours, QUEUES, 30, JAKARTA)
    halves = [*rows, *(row.replace(":00,", ":30,") for row in rows)]
    by_halves = written(tmp_path, "\n".join(["queue,interval_start,offered", *halves]))
    assert len(read_history(by_halves, QUEUES, 30, JAKARTA)) == 60
    with pytest.raises(BadInput, match="the rows of this queue are 30 minutes apart, not 15"):
        read_history(by_halves, QUEUES, 15, JAKARTA)


def test_files_that_can_t_be_read_or_written(tmp_path: Path) -> None:
    (tmp_path / "no.xlsx").write_text("no workbook")
    (tmp_path / "no.csv").write_bytes(b"\xff\xfe\x00")
    for name in ("no.xlsx", "no.csv", "absent.csv", "absent.xlsx"):
        with pytest.raises(BadInput, match="can't be read"):
            read_table(tmp_path / name, ("queue",))
    with pytest.raises(BadInput, match="can't be written"):
        write_table(tmp_path / "absent" / "a.csv", ("queue",), [])
