"""`./halo workforce …` on records of its own: forecast, staffing, patience, and a search over skills."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.database import Database
from core.errors import BadInput, NotFound
from core.ids import new_id
from crm.contact_history import Interaction, Outcome, Segment, SegmentKind
from launch.cli import run
from routing.agents import AgentRecord, AgentSkill
from routing.policy_file import shipped_policy
from workforce.intervals import interval_rows, keep_rows
from workforce.table_file import read_table

Capture = pytest.CaptureFixture[str]
MIDNIGHT = datetime(2026, 2, 1, 17, tzinfo=UTC)  # of Monday, 2 February, in Jakarta
DAYS = 35


@pytest.fixture
def folder(command_home: None, tmp_path: Path, database_url: str) -> Path:
    """Where the command is typed; five weeks of sales are on record, of which some days were rolled up."""
    database = Database(database_url)
    with database.writing() as session:
        for number in range(12):
            skills = [AgentSkill(skill="sales", proficiency=3)]
            session.add(AgentRecord(id=str(1001 + number), name="Sari", phone_secret="s", skills=skills))
        session.add_all(_sales())
        session.flush()
        start = MIDNIGHT - timedelta(hours=17) + timedelta(days=3)
        keep_rows(
            session, interval_rows(session, shipped_policy().policy, start, start + timedelta(days=20)), start,
            start + timedelta(days=20), 30,
        )  # fmt: skip
        session.commit()
    database.dispose()
    return tmp_path


def _sales() -> list[Interaction]:
    """About 40 callers a day from 9 to 17 o'clock, half of them on Sundays; one in five gives up after about a minute."""
    chance = np.random.default_rng(6)
    found = []
    for day in range(DAYS):
        for at_h in np.sort(chance.uniform(9, 17, chance.poisson(20 if day % 7 == 6 else 40))).tolist():
            at = MIDNIGHT + timedelta(days=day, hours=at_h)
            one = Interaction(id=new_id(), queue="sales", started_at=at, offered_at=at, segments=[])
            if chance.random() < 0.2:
                one.ended_at, one.outcome = at + timedelta(seconds=6 + float(chance.exponential(60))), Outcome.ABANDONED
            else:
                one.answered_at, one.outcome = at + timedelta(seconds=float(chance.exponential(20))), Outcome.ANSWERED
                one.ended_at = one.answered_at + timedelta(seconds=200)
                one.segments.append(Segment(kind=SegmentKind.TALK, started_at=one.answered_at, ended_at=one.ended_at))
            found.append(one)
    return found


def test_a_week_is_forecast_from_the_records_and_written(folder: Path, capsys: Capture) -> None:
    assert run(["workforce", "forecast", "--from", "2026-03-09", "--days", "7", "--country", "", "--csv", "week.csv"]) == 0
    told = capsys.readouterr().out
    assert "sales: by " in told
    assert "Sun 2026-03-15" in told
    rows = read_table(folder / "week.csv", ("queue", "interval_start", "callers", "aht_s"))
    assert len(rows) == 7 * 48
    by_day = [sum(row.number_at("callers") or 0 for row in rows[at * 48 : at * 48 + 48]) for at in range(7)]
    assert np.mean(by_day[:6]) == pytest.approx(40, rel=0.15)
    assert by_day[6] == pytest.approx(20, rel=0.35)
    assert sum(row.number_at("callers") or 0 for row in rows[18:34]) > 0.9 * by_day[0], "from 9 to 17 o'clock in Jakarta"
    assert rows[20].number_at("aht_s") == pytest.approx(200, rel=0.02)


def test_a_forecast_by_quarter_hours_in_a_workbook(folder: Path) -> None:
    command = [
        "workforce",
        "forecast",
        "--queue",
        "sales",
        "--from",
        "2026-03-09",
        "--days",
        "1",
        "--interval",
        "15",
        "--out",
        "day.xlsx",
    ]
    assert run(command) == 0
    rows = read_table(folder / "day.xlsx", ("callers",))
    assert len(rows) == 96
    assert sum(row.number_at("callers") or 0 for row in rows) == pytest.approx(40, rel=0.3)


def test_what_is_overruled_with_a_forecast_that_is_kept_counts_there_and_from_then_on(folder: Path, capsys: Capture) -> None:
    (folder / "over.csv").write_text("queue,date,callers,why\nsales,2026-03-10,900,campaign\n")
    (folder / "more.csv").write_text("queue,date,callers,why\nsales,2026-03-11,700,letters\n")
    asked = ["workforce", "forecast", "--queue", "sales", "--from", "2026-03-09", "--days", "7", "--country", ""]
    assert run([*asked, "--save", "week", "--overrule", "over.csv"]) == 0
    assert "overruled: campaign" in capsys.readouterr().out
    assert run([*asked, "--csv", "week.csv"]) == 0, "the next forecast heeds it again, without the file"
    assert _callers(folder / "week.csv", "2026-03-10") == pytest.approx(900, abs=1)
    assert run(["workforce", "staff", "--saved", "week", "--overrule", "more.csv", "--csv", "staff.csv"]) == 0
    assert [_callers(folder / "staff.csv", day) for day in ("2026-03-10", "2026-03-11")] == pytest.approx([900, 700], abs=1)
    for wrong in (["--saved", "week", "--history", "over.csv"], ["--forecast", "week.csv", "--overrule", "over.csv"]):
        assert run(["workforce", "staff", *wrong]) != 0, "what would not be heeded is refused"


def _callers(file: Path, day: str) -> float:
    rows = [row for row in read_table(file, ("callers",)) if row.text("interval_start").startswith(day)]
    return sum(row.number_at("callers") or 0 for row in rows)


def test_staff_by_the_policy_and_the_patience_on_record(folder: Path, capsys: Capture) -> None:
    command = ["workforce", "staff", "--from", "2026-03-09", "--days", "2", "--shrinkage", "0.3", "--csv", "staff.csv"]
    assert run(command) == 0
    told = capsys.readouterr().out
    assert "80% within 20 s; patience " in told
    assert "with one more" in told
    rows = read_table(folder / "staff.csv", ("agents", "heads", "service_level"))
    busy = max(rows, key=lambda row: row.number_at("callers") or 0)
    assert (busy.whole_at("heads") or 0) > (busy.whole_at("agents") or 0) > 0
    assert all((row.number_at("service_level") or 0) >= 0.8 for row in rows)


def test_a_forecast_of_the_planner_s_own_is_staffed(folder: Path) -> None:
    (folder / "own.csv").write_text("queue,interval_start,minutes,callers,aht_s\nsales,2026-04-01 09:00,30,100,180\n")
    assert run(["workforce", "staff", "--forecast", "own.csv", "--patience", "1e9", "--out", "staff.csv"]) == 0
    assert read_table(folder / "staff.csv", ("agents",))[0].whole_at("agents") == 14, "the published example"
    for wrong in (["--at-once", "chats=3"], ["--queue", "chats"]):
        with pytest.raises(BadInput, match="no queue 'chats'"):
            run(["workforce", "staff", "--forecast", "own.csv", *wrong])


def test_agents_of_one_skill_by_simulation(folder: Path, capsys: Capture) -> None:
    (folder / "own.csv").write_text("queue,interval_start,minutes,callers,aht_s\nsales,2026-04-01 09:00,30,20,180\n")
    assert run(["workforce", "search", "--forecast", "own.csv", "--patience", "180", "--at", "2026-04-01 09:00"]) == 0
    told = capsys.readouterr().out
    assert "× sales=3" in told
    assert "one more of sales=3: sales +" in told
    with pytest.raises(BadInput, match="No interval of the forecast begins at 2026-04-01 09:10"):
        run(["workforce", "search", "--forecast", "own.csv", "--at", "2026-04-01 09:10"])


def test_patience_on_record(folder: Path, capsys: Capture) -> None:
    assert run(["workforce", "patience", "--queue", "sales", "--before", "2026-03-09"]) == 0
    told = capsys.readouterr().out
    assert "who waited gave up" in told


def test_what_one_more_is_worth(folder: Path, capsys: Capture) -> None:
    assert run(["workforce", "worth", "--callers", "100", "--aht", "180"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.split()[:1] == ["14"])
    assert "88.8%" in line
    with pytest.raises(BadInput, match="load: nan erlangs is no number"):
        run(["workforce", "worth", "--callers", "nan", "--aht", "180"])


def test_without_a_history_the_command_says_so(folder: Path) -> None:
    with pytest.raises(NotFound, match="Nobody came to a queue before 2026-01-01"):
        run(["workforce", "forecast", "--from", "2026-01-01"])
    with pytest.raises(BadInput, match="no queue 'nope'"):
        run(["workforce", "forecast", "--from", "2026-03-09", "--queue", "nope"])
