"""History from elsewhere: by the page or the command, learned from for the days before Halo's first call, and no others."""

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from core.ids import new_id
from crm.contact_history import Interaction
from launch.cli import run
from tests.services.desk_house import Browser, DeskHouse
from tests.services.planning_house import work
from workforce.brought_history import BroughtInterval, brought_rows
from workforce.planning_runs import State
from workforce.table_file import write_table

JAKARTA = ZoneInfo("Asia/Jakarta")
FIRST = date(2026, 3, 2)
COLUMNS = ("queue", "interval_start", "offered", "aht_s")
SIXTY_DAYS = [FIRST - timedelta(days=back) for back in range(60, 0, -1)]


def rows(days: list[date], offered: int = 6, minutes: int = 30) -> list[tuple[str, str, int, int]]:
    """So many callers in each interval from 9 to 11 o'clock."""
    moments = [f"{540 + at * minutes}" for at in range(120 // minutes)]
    return [("sales", f"{day} {int(at) // 60:02}:{int(at) % 60:02}", offered, 200) for day in days for at in moments]


def as_csv(lines: list[tuple[str, str, int, int]]) -> bytes:
    return "\n".join([",".join(COLUMNS), *(",".join(map(str, line)) for line in lines)]).encode()


@pytest.fixture
def planner(desk: DeskHouse) -> Browser:
    browser = desk.browser("plan")
    browser.get("/planner/forecasts")
    return browser


def bring(browser: Browser, content: bytes) -> TestResponse:
    return browser.client.post("/api/planner/history/file", data=content, headers={"X-CSRFToken": browser.token})


def callers(desk: DeskHouse, planner: Browser) -> float:
    """Of the first day of a forecast that is computed now."""
    asked = {
        "name": "March",
        "first": FIRST.isoformat(),
        "days": 1,
        "minutes": 30,
        "method": "last week",
        "share": 0.9,
        "queues": [],
    }
    number = planner.post("/api/planner/forecasts", **asked).get_json()["run"]
    assert work(desk.database, desk.clock) == [State.DONE]
    found = csv.DictReader(io.StringIO(planner.get(f"/planner/forecasts/{number}/table").text))
    return sum(float(row["callers"]) for row in found if row["queue"] == "sales")


def test_a_fresh_installation_forecasts_from_what_was_brought(desk: DeskHouse, planner: Browser, tmp_path: Path) -> None:
    answer = bring(planner, as_csv(rows(SIXTY_DAYS)))
    assert answer.get_json()["count"] == 240
    assert "1 Jan 2026 – 1 Mar 2026" in answer.get_json()["html"]
    assert callers(desk, planner) == pytest.approx(24)
    write_table(tmp_path / "again.xlsx", COLUMNS, rows(SIXTY_DAYS[-7:], 9))
    assert bring(planner, (tmp_path / "again.xlsx").read_bytes()).get_json()["count"] == 28, "a workbook, in the place of a week"
    assert callers(desk, planner) == pytest.approx(36)
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BroughtInterval)) == 240
    dropped = planner.post("/api/planner/history/sales/drop")
    assert "1 Jan 2026" not in dropped.get_json()["html"]
    assert planner.post("/api/planner/history/sales/drop").status_code == 404


def test_what_halo_has_on_record_counts_from_its_first_day_on(desk: DeskHouse, planner: Browser) -> None:
    bring(planner, as_csv(rows(SIXTY_DAYS)))
    at = datetime(2026, 2, 23, 10, tzinfo=JAKARTA)  # a Monday, as the first day of the forecast
    with desk.database.writing() as session:
        session.add(Interaction(id=new_id(), queue="sales", started_at=at, offered_at=at, segments=[]))
        session.commit()
    assert callers(desk, planner) == pytest.approx(1)


def test_a_faulty_history_changes_nothing_and_says_where(desk: DeskHouse, planner: Browser) -> None:
    for content, told in (
        (as_csv([*rows(SIXTY_DAYS)[:-1], ("sales", "2026-02-31 09:00", 5, 200)]), "Row 241, column interval_start: '2026-02-31"),
        (as_csv([("sales", "2026-02-01 09:00", -5, 200)]), "Row 2, column offered: -5 does not lie from 0"),
        (as_csv([("sales", f"{day} 09:00", 5, 200) for day in SIXTY_DAYS]), "60 minutes apart, not 30"),
        (b"\x00\xff\xfe" * 50, "Row 1"),
        (b"PK\x03\x04 no workbook", "can't be read"),
    ):
        answer = bring(planner, content)
        assert answer.status_code == 400
        assert told in answer.get_json()["faults"]["file"]
    assert bring(planner, b"x" * 3_000_000).status_code == 413
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BroughtInterval)) == 0


def test_quarter_hours_are_added_up_for_half_hours(desk: DeskHouse, planner: Browser) -> None:
    assert bring(planner, as_csv(rows([FIRST], 3, minutes=15))).get_json()["count"] == 8
    start = datetime(2026, 3, 2, tzinfo=JAKARTA)
    with desk.database.reading() as session:
        halves = brought_rows(session, ["sales"], start, start + timedelta(days=1), 30)
        quarters = brought_rows(session, ["sales"], start, start + timedelta(days=1), 15)
    assert [(row.offered, row.handled, row.handle_s) for row in halves] == [(6, 6, 1200.0)] * 4
    assert [row.offered for row in quarters] == [3] * 8


def test_the_command_keeps_shows_and_drops(command_home: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old.csv").write_bytes(as_csv(rows(SIXTY_DAYS)))
    assert run(["workforce", "history", "old.csv"]) == 0
    assert "2026-01-01 to 2026-03-01" in capsys.readouterr().out
    assert run(["workforce", "history", "--drop", "sales"]) == 0
    assert "no history was brought" in capsys.readouterr().out
