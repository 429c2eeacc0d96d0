"""Rosters on a real database: made by the job, published in one step, swapped, shown by command."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.database import Database
from core.errors import BadInput, NotFound
from launch.cli import run
from routing.agents import AgentRecord, AgentSkill
from routing.policy_file import shipped_policy
from tests.unit.workforce.rosters.small import MONDAY
from workforce.roster_check.check import broken_rules, hard_ones
from workforce.roster_jobs import STOPPED, make_roster
from workforce.roster_records import AskState, RosterState, RosterVersion, TimeOffRequest
from workforce.roster_store import (
    as_roster,
    copy_version,
    find_version,
    keep_contracts,
    new_version,
    problem_of,
    publish,
    published_shifts,
    shifts_of,
)
from workforce.rosters import solve as rosters_solve
from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rules_file import shipped_rules
from workforce.rosters.solve import Solved

ZONE, NOW = ZoneInfo("Asia/Jakarta"), datetime(2026, 12, 1, 9, tzinfo=UTC)
POLICY = shipped_policy().policy
A_DAY = [0] * 12 + [1] * 18 + [0] * 18
Capture = pytest.CaptureFixture[str]


def agents(database: Database, count: int = 3) -> None:
    with database.writing() as session:
        for number in range(count):
            skills = [AgentSkill(skill="sales", proficiency=3)]
            session.add(AgentRecord(id=str(1001 + number), name="Sari", phone_secret="s", skills=skills))
        session.flush()
        keep_contracts(session, [Contract(str(1001 + number), week_min=2400) for number in range(count)], NOW, "wayan")
        session.commit()


def waiting(database: Database, first: date = MONDAY, days: int = 3) -> int:
    rules = shipped_rules()
    problem = RosterProblem(first, days, 30, rules.patterns, (), rules.rules, {"sales": A_DAY * days})
    with database.writing() as session:
        version = new_version(session, problem, rules.text, NOW, "wayan", RosterState.WAITING)
        version.limit_s = 6.0
        session.commit()
        return version.id


def made(database: Database, first: date = MONDAY) -> int:
    number = waiting(database, first)
    make_roster(database, number, ZONE)
    return number


def published(database: Database, number: int, now: datetime = NOW) -> None:
    with database.writing() as session:
        publish(session, number, now, "wayan")
        session.commit()


def test_the_job_makes_a_draft_that_the_checker_passes_and_heeds_time_off(database: Database) -> None:
    agents(database)
    with database.writing() as session:
        session.add(
            TimeOffRequest(agent_id="1001", first_day=MONDAY, last_day=MONDAY, state=AskState.GRANTED, asked_at=NOW, decided_at=NOW)
        )
        session.commit()
    number = made(database)
    with database.reading() as session:
        version = find_version(session, number)
        assert version.state == RosterState.DRAFT
        problem = problem_of(session, version, POLICY, ZONE)
        roster = as_roster(shifts_of(session, number), problem.patterns, problem.first, ZONE)
        assert published_shifts(session, MONDAY, 3) == []
    broken = broken_rules(problem, roster)
    assert hard_ones(broken) == []
    assert sum(each.points for each in broken) == pytest.approx(version.cost)
    assert {day for _agent, day in roster} == {0, 1, 2}
    assert ("1001", 0) not in roster
    make_roster(database, number, ZONE)
    with database.reading() as session:
        assert len(shifts_of(session, number)) == len(roster), "once more does no harm"


def test_the_newest_that_is_published_counts_day_by_day(database: Database) -> None:
    agents(database)
    one, two = made(database), made(database, MONDAY + timedelta(days=1))
    published(database, one)
    with database.reading() as session:
        assert {row.version_id for row in published_shifts(session, MONDAY, 3)} == {one}
    published(database, two, NOW + timedelta(hours=1))
    with database.reading() as session:
        rows = published_shifts(session, MONDAY, 3)
    assert {row.version_id for row in rows if row.day == MONDAY} == {one}
    assert {row.version_id for row in rows if row.day > MONDAY} == {two}


def test_a_solver_that_dies_loses_no_published_roster_and_is_taken_up_again(database: Database) -> None:
    agents(database)
    one = made(database)
    published(database, one)
    two = waiting(database)
    with database.writing() as session:
        find_version(session, two).state = RosterState.SOLVING  # as it stands when its worker was killed
        session.commit()
    with database.reading() as session:
        assert {row.version_id for row in published_shifts(session, MONDAY, 3)} == {one}
    with database.writing() as session, pytest.raises(BadInput, match="is solving"):
        publish(session, two, NOW, "wayan")
    make_roster(database, two, ZONE)
    with database.reading() as session:
        assert find_version(session, two).state == RosterState.DRAFT


def test_one_that_is_stopped_before_there_is_any_says_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    agents(database)
    nothing = Solved(None, None, 0.0, False, 0.0)
    monkeypatch.setattr(rosters_solve, "solve", lambda _problem, _effort: nothing)  # a real one may be quicker than the stop
    number = waiting(database)
    with database.writing() as session:
        find_version(session, number).stop_asked = True
        session.commit()
    make_roster(database, number, ZONE)
    with database.reading() as session:
        version = find_version(session, number)
        assert (version.state, version.told) == (RosterState.STOPPED, STOPPED)
        assert shifts_of(session, number) == []


def test_cells_are_chosen_anew_while_all_others_stay(database: Database) -> None:
    agents(database)
    number = made(database)
    with database.writing() as session:
        again = copy_version(session, find_version(session, number), NOW, "wayan", RosterState.WAITING)
        again.anew, again.limit_s = {"cells": [["1001", 0], ["1001", 1], ["1001", 2]]}, 6.0
        session.add(
            TimeOffRequest(agent_id="1001", first_day=MONDAY, last_day=MONDAY, state=AskState.GRANTED, asked_at=NOW, decided_at=NOW)
        )
        session.commit()
    make_roster(database, again.id, ZONE)
    with database.reading() as session:
        before, after = (
            {(row.agent_id, row.day): (row.pattern, row.starts_at) for row in shifts_of(session, one)} for one in (number, again.id)
        )
        assert find_version(session, again.id).state == RosterState.DRAFT
    assert ("1001", MONDAY) not in after
    assert {cell: shift for cell, shift in before.items() if cell[0] != "1001"} == {
        cell: shift for cell, shift in after.items() if cell[0] != "1001"
    }


@pytest.fixture
def folder(command_home: None, tmp_path: Path, database_url: str) -> Path:
    """Where the command is typed; needs and contracts lie there."""
    with (tmp_path / "staff.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("queue", "interval_start", "minutes", "heads"))
        writer.writerows(
            ("sales", f"2026-12-{7 + day:02d} {at // 2:02d}:{at % 2 * 30:02d}", 30, need)
            for day in range(2)
            for at, need in enumerate(A_DAY)
        )
    (tmp_path / "contracts.csv").write_text("agent,hours_a_week,queues,name\n1001,40,sales,Sari\n1002,40,sales,Budi\n")
    return tmp_path


def test_from_the_files_to_what_is_in_force(folder: Path, capsys: Capture) -> None:
    files = ["--contracts", "contracts.csv", "--staff", "staff.csv"]
    assert run(["workforce", "roster", *files, "--seconds", "6", "--out", "out.csv", "--calendars", "ical"]) == 0
    assert "shifts" in capsys.readouterr().out
    assert list((folder / "ical").glob("*.ics"))
    assert run(["workforce", "roster", "check", "out.csv", *files]) == 0
    assert run(["workforce", "roster", "publish", "out.csv", *files]) == 0
    assert "is in force for 2 days from 2026-12-07" in capsys.readouterr().out
    assert run(["workforce", "roster", "show", "--from", "2026-12-07"]) in (0, None)
    assert "Mon 2026-12-07" in capsys.readouterr().out


def test_a_roster_that_breaks_a_hard_rule_is_not_published_by_mistake(folder: Path, capsys: Capture) -> None:
    lines = [
        "agent,date,pattern,from,breaks",
        "1001,2026-12-07,late,14:00,18:00-19:00 meal",
        "1001,2026-12-08,early,06:00,10:00-11:00 lunch",
    ]
    (folder / "bad.csv").write_text("\n".join(lines) + "\n")
    files = ["--contracts", "contracts.csv", "--staff", "staff.csv"]
    assert run(["workforce", "roster", "check", "bad.csv", *files]) == 1
    assert "broken: Sari rests 7 h between Mon 2026-12-07 and Tue 2026-12-08, fewer than 11 h" in capsys.readouterr().out
    with pytest.raises(BadInput, match="breaks 1 hard rules"):
        run(["workforce", "roster", "publish", "bad.csv", *files])
    with pytest.raises(NotFound, match="No roster is published"):
        run(["workforce", "roster", "show", "--from", "2026-12-07"])


def test_rules_are_put_in_force(folder: Path, capsys: Capture) -> None:
    text = shipped_rules().text.replace("most: 4", "most: 2", 1)
    (folder / "own.yaml").write_text(text)
    assert run(["workforce", "roster", "rules", "own.yaml", "--publish"]) in (0, None)
    assert "roster rules 1 are in force" in capsys.readouterr().out


def test_versions_are_deleted_with_their_shifts(database: Database) -> None:
    agents(database)
    number = made(database)
    with database.writing() as session:
        session.delete(session.get(RosterVersion, number))
        session.commit()
    with database.reading() as session:
        assert shifts_of(session, number) == []
