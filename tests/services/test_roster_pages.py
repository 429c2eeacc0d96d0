"""The planner's roster pages on a real database: changed by two, published and taken back, contracts, rules, and who may."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.events import EventKind
from routing.policy_in_force import PolicyInForce
from tests.services.desk_house import NOON, Browser, DeskHouse
from tests.unit.workforce.rosters.small import MONDAY
from workforce.forecast import ForecastRow
from workforce.roster_jobs import KILLED, killed
from workforce.roster_records import RosterChange, RosterState, RosterVersion, WorkContract
from workforce.roster_store import find_version, keep_contracts, new_version, published_shifts, put_shifts
from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rules_file import shipped_rules
from workforce.rosters.shift_pattern import Shift, placed_first
from workforce.staff_plans import keep_plan
from workforce.staffing import Wishes, staffed

JAKARTA = ZoneInfo("Asia/Jakarta")
EARLY, LATE, NIGHT = ["early", 420], ["late", 840], ["night", 1320]
HARD_EN = "rests 8 h between Mon 2026-12-07 and Tue 2026-12-08, fewer than 11 h"
HARD_ID = "istirahat 8 jam antara Sen 2026-12-07 dan Sel 2026-12-08, kurang dari 11 jam"


@pytest.fixture
def planner(desk: DeskHouse) -> Browser:
    with desk.database.writing() as session:
        keep_contracts(session, [Contract("1001"), Contract("1002", protected=True)], NOON, "wayan")
        session.commit()
    browser = desk.browser("plan")
    browser.get("/planner/rosters")
    return browser


def draft(desk: DeskHouse) -> int:
    """Both work early on Monday and Tuesday."""
    rules = shipped_rules()
    early = next(pattern for pattern in rules.patterns if pattern.name == "early")
    problem = RosterProblem(MONDAY, 7, 30, rules.patterns, (), rules.rules, {"billing": ([0] * 16 + [1] * 16 + [0] * 16) * 7})
    with desk.database.writing() as session:
        version = new_version(session, problem, rules.text, NOON, "wayan", RosterState.DRAFT, "December")
        roster = {(agent, day): placed_first(Shift(early, 420)) for agent in ("1001", "1002") for day in (0, 1)}
        put_shifts(session, version, problem, roster, JAKARTA)
        version.cost = 0.0
        session.commit()
        return version.id


def cells(agent: str, day: int, was: object, to: object) -> dict[str, object]:
    return {"cells": [{"agent": agent, "day": day, "was": was, "to": to}]}


def send(browser: Browser, path: str, **fields: object) -> TestResponse:
    """A form with files."""
    client: FlaskClient = browser.client
    return client.post(path, data=fields, headers={"X-CSRFToken": browser.token}, content_type="multipart/form-data")


def test_what_a_change_breaks_is_said_refused_kept_on_purpose_and_undone(desk: DeskHouse, planner: Browser) -> None:
    path = f"/api/planner/rosters/{draft(desk)}"
    late = cells("1001", 0, EARLY, LATE)
    assert any(HARD_EN in text for text in planner.post(f"{path}/check", **late).get_json()["hard"])
    refused = planner.post(f"{path}/change", **late)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "roster_breaks_rules")
    done = planner.post(f"{path}/change", **late, anyway=True)
    assert done.get_json()["cells"] == [["1001", 0, ["late", 840, [240]]]]
    with desk.database.reading() as session:
        change = session.scalars(select(RosterChange)).one()
        assert HARD_EN in change.broken[0]
        assert change.by.endswith("(plan)")
    planner.client.post("/language", data={"csrf_token": planner.token, "language": "id", "page": "rosters.page"})
    hard = planner.post(f"{path}/check", **cells("1002", 0, EARLY, LATE)).get_json()["hard"]
    assert any(HARD_ID in text for text in hard)
    assert planner.post(f"{path}/undo").get_json()["cells"] == [["1001", 0, ["early", 420, [240]]]]
    assert planner.post(f"{path}/undo").get_json()["error"]["code"] == "nothing_to_undo"
    grid = planner.get(f"{path}/grid").get_json()
    assert sorted(each[0] for each in grid["shifts"]["1001"]) == [0, 1]


def test_the_second_of_two_planners_is_told_that_the_cell_is_another(desk: DeskHouse, planner: Browser) -> None:
    path, other = f"/api/planner/rosters/{draft(desk)}", desk.browser("sari")
    other.get("/planner/rosters")
    assert planner.post(f"{path}/change", **cells("1001", 1, EARLY, None)).status_code == 200
    stale = other.post(f"{path}/change", **cells("1001", 1, EARLY, ["day", 510]))
    assert (stale.status_code, stale.get_json()["error"]["code"]) == (409, "roster_moved")
    assert other.post(f"{path}/change", **cells("1001", 1, None, ["day", 510])).status_code == 200
    undone = planner.post(f"{path}/undo")
    assert undone.get_json()["error"]["code"] == "roster_moved", "what somebody else did since is not undone"


def test_publishing_says_what_changes_and_taking_back_brings_the_one_before(desk: DeskHouse, planner: Browser) -> None:
    one = draft(desk)
    assert planner.post(f"/api/planner/rosters/{one}/publish").status_code == 200
    refused = planner.post(f"/api/planner/rosters/{one}/change", **cells("1001", 1, EARLY, None))
    assert refused.status_code == 400, "what is published is changed as a draft"
    two = planner.post(f"/api/planner/rosters/{one}/copy").get_json()["roster"]
    desk.clock.advance(60)
    planner.post(f"/api/planner/rosters/{two}/change", **cells("1001", 1, EARLY, ["day", 510]))
    look = planner.get(f"/planner/rosters/{two}/publishing").text
    assert "07:00–16:00 Early shift → <b>08:30–17:00 Day shift</b>" in look
    assert "Rizky" not in look
    planner.post(f"/api/planner/rosters/{two}/publish")
    assert {row.version_id for row in in_force(desk)} == {two}
    assert "This changes for 1 people" in planner.get(f"/planner/rosters/{two}/publishing").text
    planner.post(f"/api/planner/rosters/{two}/withdraw")
    assert {row.version_id for row in in_force(desk)} == {one}
    desks_told = [(event.data["change"], event.data["agents"]) for event in desk.events(EventKind.SHIFTS_CHANGED)]
    assert desks_told[-2:] == [("published", ["1001"])] * 2, "put in force, and taken back"
    table = planner.get(f"/planner/rosters/{one}/table?form=csv").text
    assert "1001,Dewi Anggraini,2026-12-07,early,07:00,16:00,8.0,11:00-12:00 lunch" in table
    assert "BEGIN:VEVENT" in planner.get(f"/planner/rosters/{one}/calendar/1001.ics").text


def test_planners_see_shifts_and_breaks_in_their_language(desk: DeskHouse, planner: Browser) -> None:
    one = draft(desk)
    planner.client.post("/language", data={"csrf_token": planner.token, "language": "id", "page": "rosters.page"})
    kinds = {kind["name"]: kind for kind in planner.get(f"/api/planner/rosters/{one}/grid").get_json()["kinds"]}
    assert kinds["early"]["label"] == "Shift pagi"
    assert kinds["early"]["breaks"] == [["Makan siang", 60]]
    assert "Shift pagi" in planner.get(f"/planner/rosters/{one}/print").text
    assert "Shift pagi" in planner.get("/planner/contracts").text


def in_force(desk: DeskHouse) -> list[object]:
    with desk.database.reading() as session:
        return list(published_shifts(session, MONDAY, 7))


def test_a_roster_is_asked_for_with_wishes_and_one_whose_solver_was_killed_is_made_again(desk: DeskHouse, planner: Browser) -> None:
    policy = PolicyInForce(desk.database).current()
    rows = [ForecastRow("billing", datetime(2026, 12, 7, 9, tzinfo=JAKARTA) + timedelta(minutes=30 * at), 30, 4.0, 4, 4, 240.0, 4.0)
            for at in range(8)]  # fmt: skip
    with desk.database.writing() as session:
        wishes = Wishes()
        plan = keep_plan(session, "December", staffed(policy, rows, wishes, lambda _queue: None), wishes, JAKARTA, "wayan", NOON)
        session.commit()
    asked = {"plan": str(plan.id), "name": "December", "first": "2026-12-07", "days": "7", "seconds": "30", "column": "heads"}
    wrong = io.BytesIO(b"agent,date,wish\n1001,2026-12-08,beach\n")
    answer = send(planner, "/api/planner/rosters", **asked, wishes=(wrong, "wishes.csv"))
    assert "Row 2, column wish: 'beach' is no wish." in answer.get_json()["faults"]["wishes"]
    answer = send(planner, "/api/planner/rosters", **asked, wishes=(io.BytesIO(b"agent,date,wish\n1001,2026-12-08,off\n"), "w.csv"))
    number = answer.get_json()["roster"]
    assert desk.store.redis.lrange("rq:queue:halo-rosters", 0, -1) == [f"roster-{number}"], "not in the way of other jobs"
    assert planner.get(f"/api/planner/rosters/{number}/status").get_json()["state"] == "waiting"

    class Job:
        args = (number,)

    killed(desk.database, Job())
    with desk.database.reading() as session:
        version = find_version(session, number)
        assert (version.state, version.told) == (RosterState.FAILED, KILLED)
        assert version.brought["wishes"] == [["1001", 1, "", False, None]]
    assert "what is published stays as it is" in planner.get("/planner/rosters/list").text
    planner.post(f"/api/planner/rosters/{number}/again")
    with desk.database.writing() as session:
        version = find_version(session, number)
        assert version.state == RosterState.WAITING
        version.state = RosterState.SOLVING
        session.commit()
    desk.clock.advance(90)
    assert planner.get(f"/api/planner/rosters/{number}/status").get_json()["state"] == "lost"


def test_contracts_are_brought_whole_or_not_and_changed_one_by_one(desk: DeskHouse, planner: Browser) -> None:
    def bring(text: str) -> TestResponse:
        headers = {"X-CSRFToken": planner.token}
        return planner.client.post("/api/planner/contracts/file", data=text.encode(), headers=headers)

    wrong = bring("agent,hours_a_week,available\n1001,many,\n1002,40,moon 08:00-17:00\n7777,40,\n")
    told = wrong.get_json()["rows"]
    assert [text.partition(":")[0] for text in told] == [
        "Row 2, column hours_a_week", "Row 3, column available", "Row 4, column agent",
    ]  # fmt: skip
    assert bring("agent,hours_a_week,overtime\n1001,30,yes\n").get_json()["count"] == 1
    fault = planner.post("/api/planner/contracts/1002", hours_a_week="40", patterns="dawn")
    assert "there is no pattern 'dawn'" in fault.get_json()["faults"]["patterns"]
    planner.post("/api/planner/contracts/1002", hours_a_week="20", available="mon-fri 08:00-17:00", protected="yes")
    with desk.database.reading() as session:
        kept = {row.agent_id: (row.week_min, row.overtime, row.protected) for row in session.scalars(select(WorkContract))}
    assert kept == {"1001": (1800, True, False), "1002": (1200, False, True)}
    assert "mon-fri 08:00-17:00" in planner.get("/planner/contracts/table?form=csv").text


def test_rules_are_checked_by_line_published_and_brought_back(desk: DeskHouse, planner: Browser) -> None:
    text, api = shipped_rules().text, "/api/planner/roster-rules"
    line = next(number for number, each in enumerate(text.split("\n"), 1) if "nights_in_a_row" in each)
    answer = planner.post(
        f"{api}/check", text=text.replace("nights_in_a_row: {most: 4}", "nights_in_a_row: {most: many}")
    ).get_json()
    assert [(each["line"], each["serious"]) for each in answer["problems"]] == [(line, True)]
    changed = text.replace("nights_in_a_row: {most: 4}", "nights_in_a_row: {most: 3}")
    assert "diff__in" in planner.post(f"{api}/check", text=changed).get_json()["difference"]
    assert planner.post(f"{api}/publish", text=changed, note="Fewer nights", based_on=0).get_json()["number"] == 1
    late = planner.post(f"{api}/publish", text=text + "\n# mine\n", note="Mine", based_on=0)
    assert (late.status_code, late.get_json()["error"]["code"]) == (409, "rules_overtaken")
    assert planner.post(f"{api}/bring-back", number=0, based_on=1).get_json()["number"] == 0
    assert planner.get(f"{api}/text").get_json() == {"text": text, "based_on": 0}
    assert planner.post(f"{api}/bring-back", number=1, based_on=0).get_json()["number"] == 1


def test_agents_see_none_of_it_and_it_is_on_record(desk: DeskHouse) -> None:
    agent, number = desk.browser("dewi"), draft(desk)
    agent.get("/my-day")
    own = ("rosters.", "roster_orders.", "roster_page.", "roster_changing.", "roster_publishing.", "roster_files.", "roster_rules.",
           "contracts.")  # fmt: skip
    rules = [rule for rule in desk.app.url_map.iter_rules() if rule.endpoint.startswith(own)]
    assert len(rules) > 25
    for rule in rules:
        path = rule.rule.replace("<int:version_id>", str(number)).replace("<agent>", "1001")
        answer = agent.post(path) if "POST" in (rule.methods or ()) else agent.get(path)
        assert answer.status_code == 403, rule.endpoint
    refused = {event.data["endpoint"] for event in desk.events(EventKind.ACCESS_REFUSED)}
    assert {rule.endpoint for rule in rules} <= refused
    with desk.database.reading() as session:
        assert session.get(RosterVersion, number) is not None
