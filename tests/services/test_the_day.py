"""The day's page: adherence now and on record, excuses, suggestions that change the roster, what if; each for who may."""

import csv
import html
import io
import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from agent_desktop.accounts import find_login
from core.event_archive import archive
from core.events import Event, EventKind
from launch.cli import run
from launch.settings_file import prepare_home, write_settings
from routing.agents import AgentRecord, AgentSkill
from tests.services.desk_house import NOON, Browser, DeskHouse, messages
from tests.services.planning_house import JAKARTA, fill_history, work
from workforce.adherence import Kept
from workforce.changed_shifts import change_shift, shift_in_force, times_of
from workforce.day_adherence import load_day
from workforce.roster_records import RosterState
from workforce.roster_store import as_roster, keep_contracts, new_version, publish, published_shifts, put_shifts
from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rules_file import shipped_rules
from workforce.rosters.shift_pattern import Placed, Shift

TODAY = date(2026, 3, 2)  # it is noon in Jakarta
RULES = shipped_rules()
EARLY = next(pattern for pattern in RULES.patterns if pattern.name == "early")
AGENTS = ("1001", "1002")


def clock(hour: int, minute: int = 0, day: date = TODAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JAKARTA)


def roster(desk: DeskHouse, day: date = TODAY, published_at: datetime = NOON - timedelta(days=3)) -> None:
    """Both work from 06:00 to 15:00 with an hour from 10:00; Dewi agreed to overtime."""
    placed = Placed(Shift(EARLY, 360), (240,))
    with desk.database.writing() as session:
        session.get_one(AgentRecord, "1001").team = "north"
        keep_contracts(session, [Contract(agent, overtime=agent == "1001") for agent in AGENTS], NOON, "wayan")
        problem = RosterProblem(day, 1, 30, RULES.patterns, (), RULES.rules, {})
        version = new_version(session, problem, RULES.text, published_at, "wayan", RosterState.DRAFT)
        put_shifts(session, version, problem, dict.fromkeys([(agent, 0) for agent in AGENTS], placed), JAKARTA)
        publish(session, version.id, published_at, "wayan")
        session.commit()


def lived(desk: DeskHouse, agent: str, *changes: tuple[datetime, str]) -> None:
    with desk.database.writing() as session:
        events = [
            Event(EventKind.AGENT_STATE_CHANGED, at, agent_id=agent, data={"state": state, "reason": "", "before": ""}).placed(
                f"{int(at.timestamp() * 1000)}-0"
            )
            for at, state in changes
        ]
        archive(session, events)
        session.commit()


def skilled(desk: DeskHouse) -> None:
    with desk.database.writing() as session:
        for agent in AGENTS:
            session.add(AgentSkill(agent_id=agent, skill="sales", proficiency=4))
        session.commit()


def forecast(desk: DeskHouse) -> None:
    fill_history(desk.database, TODAY - timedelta(days=1), means={"sales": 60.0})
    planner = desk.browser("plan")
    planner.get("/planner/forecasts")
    asked = {"name": "March", "first": TODAY.isoformat(), "days": 3, "minutes": 30, "method": "", "share": 0.9, "queues": []}
    assert planner.post("/api/planner/forecasts", **asked).status_code == 202
    work(desk.database, desk.clock)


def table(browser: Browser, path: str) -> dict[str, dict[str, str]]:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return {row["agent"] or row["name"] or row["team"]: row for row in csv.DictReader(io.StringIO(answer.text))}


def test_the_day_shows_who_is_out_of_place_first_and_what_is_excused_stays_on_record(desk: DeskHouse) -> None:
    roster(desk)
    lived(desk, "1001", (clock(6), "READY"), (clock(10), "NOT_READY"), (clock(11), "READY"))
    lived(desk, "1002", (clock(6, 30), "READY"), (clock(10), "NOT_READY"))
    planner = desk.browser("plan")
    page = planner.get("/the-day").text
    assert page.index('id="day-1002"') < page.index('id="day-1001"'), "Rizky should be back from the break since 11:00"
    assert "since 11:00" in page
    found = table(planner, "/the-day/adherence.csv?form=csv")
    assert float(found["1001"]["adherence"]) == 1.0
    assert (found["1002"]["late_min"], found["1002"]["away_min"]) == ("30.0", "60.0")
    assert float(found["all"]["adherence"]) == 0.875
    planner.get("/the-day")
    wrong = planner.post("/api/the-day/excuses", agent="1002", day=TODAY.isoformat(), reason=" ", **{"from": "x", "to": "07:00"})
    assert set(wrong.get_json()["faults"]) == {"from", "reason"}
    fields = {"agent": "1002", "day": TODAY.isoformat(), "from": "06:00", "to": "06:30", "reason": "system down"}
    excuse = planner.post("/api/the-day/excuses", **fields).get_json()["excuse"]
    sheet = planner.get("/the-day/agents/1002").text
    assert "system down" in sheet
    assert '<th scope="row">Lunch</th>' in sheet
    assert table(planner, "/the-day/adherence.csv?form=csv")["1002"]["excused_min"] == "30.0"
    planner.get("/the-day")
    assert planner.post(f"/api/the-day/excuses/{excuse}/take-back").status_code == 200
    assert table(planner, "/the-day/adherence.csv?form=csv")["1002"]["late_min"] == "30.0"
    assert [event.data["undone"] for event in desk.events(EventKind.ADHERENCE_EXCUSED)] == [False, True]


def test_what_happens_is_pushed_and_each_sees_their_own_teams(desk: DeskHouse) -> None:
    roster(desk)
    lived(desk, "1001", (clock(6), "READY"))
    boss = desk.browser("sari")
    stream = boss.client.get("/events/the-day", buffered=False)
    told = messages(stream)
    first = next(one for one in told if one.name == "rows")
    assert first.body["order"][0] == "1002", "absent since the morning"
    assert set(first.body["rows"]) == {"1001", "1002"}
    desk.changes.log_in("1002")
    desk.clock.advance(90)
    after = next(one for one in told if one.name == "rows" and "1002" in one.body["rows"])
    assert "Absent" not in after.body["rows"]["1002"]
    stream.close()
    with desk.database.writing() as session:
        user = find_login(session, "sari")
        assert user is not None
        user.teams = "north"
        session.commit()
    page = boss.get("/the-day").text
    assert 'id="day-1001"' in page
    assert 'id="day-1002"' not in page
    assert boss.get("/the-day/agents/1002").status_code == 404
    fields = {"agent": "1002", "day": TODAY.isoformat(), "from": "06:00", "to": "06:30", "reason": "meeting"}
    assert boss.post("/api/the-day/excuses", **fields).status_code == 404
    assert boss.post("/api/the-day/changes", day=TODAY.isoformat()).status_code == 403
    assert desk.browser("dewi").get("/the-day").status_code == 403


def test_a_suggestion_changes_the_roster_within_the_rules_and_can_be_undone(desk: DeskHouse) -> None:
    skilled(desk)
    roster(desk)
    lived(desk, "1001", (clock(6), "READY"))
    forecast(desk)
    planner = desk.browser("plan")
    planner.get("/the-day")
    text = planner.get("/the-day/staff").text
    wanted = [json.loads(html.unescape(each)) for each in re.findall(r'data-wanted="([^"]+)"', text)]
    stay = next(each for each in wanted if each["kind"] == "stay")
    assert {each["agent"] for each in wanted if each["kind"] == "stay"} == {"1001"}, "only who agreed to overtime"
    assert "after a rest from 15:00 to 15:30" in text
    answer = planner.post("/api/the-day/changes", **stay, day=TODAY.isoformat())
    assert answer.status_code == 200, answer.text
    assert planner.post("/api/the-day/changes", **stay, day=TODAY.isoformat()).get_json()["error"]["code"] == "shift_moved"
    with desk.database.reading() as session:
        row = shift_in_force(session, "1001", TODAY)
        assert row.ends_at == clock(15, 30) + timedelta(minutes=stay["minutes"])
        again = as_roster(published_shifts(session, TODAY, 1), RULES.patterns, TODAY, JAKARTA)["1001", 0]
        assert again.shift.pattern.paid_min == 480 + stay["minutes"], "overtime counts for the rules, the rest does not"
    too_long = {**stay, "minutes": 600, "seen": times_of(row)}
    refused = planner.post("/api/the-day/changes", **too_long, day=TODAY.isoformat()).get_json()
    assert refused["error"]["code"] == "suggestion_breaks_rules"
    assert "→" in planner.get("/the-day/agents/1001").text
    planner.get("/the-day")
    assert planner.post(f"/api/the-day/changes/{answer.get_json()['change']}/undo").status_code == 200
    with desk.database.reading() as session:
        assert shift_in_force(session, "1001", TODAY).ends_at == clock(15)
    assert [event.data["agents"] for event in desk.events(EventKind.SHIFTS_CHANGED)] == [["1001"], ["1001"]], "their desk says so"


@pytest.mark.parametrize("in_place", [True, False], ids=["changed", "published anew"])
def test_a_minute_is_held_against_what_was_in_force_then(desk: DeskHouse, in_place: bool) -> None:
    roster(desk)
    lived(desk, "1001", (clock(6), "READY"), (clock(10), "NOT_READY"), (clock(11), "READY"))
    half = Placed(Shift(EARLY, 480), (240,))  # from 08:00, told at 09:00 as if it had always been so
    with desk.database.writing() as session:
        if in_place:
            seen = times_of(shift_in_force(session, "1001", TODAY))
            change_shift(session, "1001", TODAY, seen, half, JAKARTA, clock(9), "wayan", "stay")
        else:
            problem = RosterProblem(TODAY, 1, 30, RULES.patterns, (), RULES.rules, {})
            version = new_version(session, problem, RULES.text, clock(9), "wayan", RosterState.DRAFT)
            put_shifts(session, version, problem, {("1001", 0): half}, JAKARTA)
            publish(session, version.id, clock(9), "wayan")
        session.commit()
    with desk.database.reading() as session:
        found = {each.agent_id: each for each in load_day(session, TODAY, JAKARTA, clock(18))}["1001"]
    hours = {kept: seconds / 3600 for kept, seconds in found.held.by_kept.items() if seconds}
    assert hours == {Kept.ADHERENT: 9, Kept.AWAY: 1, Kept.IN_BREAK: 1}, "the break of the first plan was none any more"
    assert found.held.planned_s == 11 * 3600


def test_the_commands_say_and_write_what_the_page_shows(
    desk: DeskHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    roster(desk)
    lived(desk, "1002", (clock(6, 30), "READY"), (clock(10), "NOT_READY"), (clock(11), "READY"), (clock(15), "OFFLINE"))
    home = tmp_path / "command"
    prepare_home(home)
    write_settings(home, {"HALO_DATABASE_URL": desk.database.engine.url.render_as_string(hide_password=False)})
    monkeypatch.setenv("HALO_HOME", str(home))
    file = tmp_path / "day.csv"
    assert run(["workforce", "adherence", "--day", TODAY.isoformat(), "--csv", str(file)]) == 0
    said = capsys.readouterr().out
    assert "absent 540 min" in said
    assert "late 30 min" in said
    rows = {row["agent"]: row for row in csv.DictReader(file.open())}
    assert (rows["1001"]["absent_min"], rows["1002"]["conformance"]) == ("540.0", "0.9375")
    assert run(["workforce", "adherence", "--day", TODAY.isoformat(), "--agent", "1002"]) == 0
    assert "06:00:00-06:30:00  late" in capsys.readouterr().out
