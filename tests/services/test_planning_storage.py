"""What planners keep, as laws: of overruled cells the newest that is not undone counts; commands and pages share one storage."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import VirtualClock
from core.database import Database
from launch.cli import run
from tests.services.planning_house import fill_history, work
from workforce.overruling import Overruling
from workforce.overrulings import NothingToUndo, kept_overrulings, overrule, undo
from workforce.planning_forms import ASKED
from workforce.planning_runs import SILENT_FOR, Kind, Progress, State, cancel, find, newest, place, state_of
from workforce.planning_sources import Asked, merged
from workforce.staff_plans import find_plan, plan_rows

AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = date(2026, 3, 9)
CELLS = [("sales", DAY, None), ("sales", DAY, 20), ("billing", DAY, 20), ("sales", DAY + timedelta(days=1), None)]
STEP = st.one_of(
    st.tuples(st.just("set"), st.integers(0, 3), st.one_of(st.none(), st.integers(0, 900))),
    st.tuples(st.just("undo"), st.integers(0, 30), st.none()),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=25))
def test_whatever_is_set_and_undone_the_grid_holds_what_a_stack_of_each_cell_holds(
    database: Database, steps: list[tuple[str, int, int | None]]
) -> None:
    stacks: list[list[tuple[int, int | None]]] = [[], [], [], []]
    made: list[int] = []
    with database.writing() as session:
        for what, number, callers in steps:
            if what == "set":
                queue, day, interval = CELLS[number]
                wanted = Overruling(queue, day, interval, None if callers is None else float(callers), None, None, "why")
                [one] = overrule(session, [wanted], 30, "somebody", AT)
                stacks[number].append((one, callers))
                made.append(one)
            elif made:
                one = made[number % len(made)]
                top = next((stack for stack in stacks if stack and stack[-1][0] == one), None)
                if top is None:
                    with pytest.raises(NothingToUndo):
                        undo(session, [one])
                else:
                    undo(session, [one])
                    top.pop()
        kept = {
            (each.overruling.queue, each.overruling.day, each.overruling.number): each.overruling.callers
            for each in kept_overrulings(session, 30)
        }
        session.rollback()
    expected = {
        cell: float(stack[-1][1]) for cell, stack in zip(CELLS, stacks, strict=True) if stack and stack[-1][1] is not None
    }  # fmt: skip
    assert kept == expected


def test_intervals_of_another_length_do_not_count_but_days_do(database: Database) -> None:
    with database.writing() as session:
        overrule(session, [Overruling(*CELLS[0], 500, None, None, ""), Overruling(*CELLS[1], 70, None, None, "")], 30, "x", AT)
        assert len(kept_overrulings(session, 30)) == 2
        assert [each.overruling.number for each in kept_overrulings(session, 15)] == [None]


def test_what_is_brought_goes_before_what_is_kept() -> None:
    kept = [Overruling(*CELLS[0], 500, None, None, ""), Overruling(*CELLS[1], 70, None, None, "")]
    brought = [Overruling(*CELLS[0], None, 2, None, "")]
    assert merged(kept, brought) == [kept[1], brought[0]]


def test_a_run_is_worked_on_once_and_a_cancelled_one_keeps_nothing(database: Database) -> None:
    with database.writing() as session:
        one = place(session, Kind.SEARCH, "a", {}, "x", AT).id
        session.commit()
    progress, other = Progress(database, one), Progress(database, one)
    assert progress.begin(AT)
    assert not other.begin(AT)
    with database.writing() as session:
        assert cancel(session, one, AT)
        session.commit()
    progress.end(AT, State.DONE, {"": "{}"}, {})
    with database.reading() as session:
        assert find(session, one, Kind.SEARCH).state == State.CANCELLED


def test_a_worker_that_gives_no_sign_is_told_as_lost(database: Database) -> None:
    with database.writing() as session:
        run = place(session, Kind.FORECAST, "a", {}, "x", AT)
        session.commit()
    assert Progress(database, run.id).begin(AT)
    with database.reading() as session:
        found = find(session, run.id, Kind.FORECAST)
    assert state_of(found, AT + SILENT_FOR) is State.WORKING
    assert state_of(found, AT + 2 * SILENT_FOR) is State.LOST


def test_only_the_newest_stay(database: Database) -> None:
    fill_history(database, date(2026, 3, 1), days=30, means={"sales": 50.0})
    clock = VirtualClock(AT)
    asked = ASKED.fields(Asked(("sales",), DAY, 1, 30, "last week"))
    with database.writing() as session:
        old = place(session, Kind.FORECAST, "old", asked, "x", AT).id
        for _ in range(60):
            place(session, Kind.FORECAST, "new", asked, "x", AT)
        session.commit()
        ids = [each.id for each in newest(session, Kind.FORECAST, 100)]
    assert len(ids) == 61
    assert work(database, clock)[-1] is State.DONE
    with database.reading() as session:
        left = [each.id for each in newest(session, Kind.FORECAST, 100)]
    assert len(left) == 60
    assert old not in left


def test_a_command_keeps_a_forecast_and_a_plan_for_the_pages(
    command_home: None, tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(database_url)
    try:
        fill_history(database, date(2026, 3, 1))
        with database.writing() as session:
            overrule(session, [Overruling("sales", DAY, None, 700, None, None, "campaign")], 30, "Wayan (wayan)", AT)
            session.commit()
        assert run(["workforce", "forecast", "--from", "2026-03-09", "--days", "2", "--country", "", "--save", "March"]) == 0
        told = capsys.readouterr().out
        assert "kept: March, version 1" in told
        assert "overruled: campaign" in told, "the command heeds what was overruled on the page"
        assert run(["workforce", "staff", "--saved", "March", "--shrinkage", "0.2", "--save", "Plan"]) == 0
        assert "kept: Plan, version 1" in capsys.readouterr().out
        with database.reading() as session:
            rows = plan_rows(session, find_plan(session, "Plan").id)
        sales = [row for row in rows if row.queue == "sales"]
        assert sum(row.callers for row in sales[:48]) == pytest.approx(700)
        assert all(row.heads >= row.agents for row in rows)
    finally:
        database.dispose()
