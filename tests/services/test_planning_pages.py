"""The planner's pages: a forecast asked for and computed elsewhere, overruled, staffed, kept, and held against what came."""

import csv
import io
import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from core.ids import new_id
from crm.contact_history import Interaction
from routing.agents import AgentSkill
from tests.services.desk_house import NOON, Browser, DeskHouse
from tests.services.planning_house import expected_on, fill_history, work
from workforce.planning_jobs import killed, put_back
from workforce.planning_runs import Kind, State, find
from workforce.staff_plans import find_plan, plan_rows

TODAY = date(2026, 3, 2)
FIRST = date(2026, 3, 2)
AMISS = date(2026, 2, 10)
ASKED = {"name": "March", "first": FIRST.isoformat(), "days": 14, "minutes": 30, "method": "", "share": 0.9, "queues": []}


@pytest.fixture
def planner(desk: DeskHouse) -> Browser:
    fill_history(desk.database, TODAY - timedelta(days=1), amiss=AMISS)
    browser = desk.browser("plan")
    browser.get("/planner/forecasts")
    return browser


def compute(desk: DeskHouse, browser: Browser, **other: object) -> int:
    answer = browser.post("/api/planner/forecasts", **(ASKED | other))
    assert answer.status_code == 202, answer.text
    assert work(desk.database, desk.clock) == [State.DONE]
    return int(answer.get_json()["run"])


def status(browser: Browser, run: int, kind: str = "forecast") -> dict[str, object]:
    return dict(browser.get(f"/api/planner/runs/{kind}/{run}").get_json())


def table(browser: Browser, path: str) -> list[dict[str, str]]:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def callers_of(rows: list[dict[str, str]], queue: str, day: date) -> float:
    return sum(float(row["callers"]) for row in rows if row["queue"] == queue and row["interval_start"].startswith(day.isoformat()))


def test_a_forecast_waits_for_the_worker_and_then_says_how_it_was_chosen(desk: DeskHouse, planner: Browser) -> None:
    answer = planner.post("/api/planner/forecasts", **ASKED)
    run = answer.get_json()["run"]
    assert status(planner, run)["state"] == "waiting"
    assert desk.store.redis.lrange("rq:queue:halo-planning", 0, -1) == [f"planning-{run}"]
    assert 'data-state="waiting"' in planner.get("/planner/forecasts/list").text
    assert work(desk.database, desk.clock) == [State.DONE]
    assert status(planner, run)["state"] == "done"
    page = planner.get(f"/planner/forecasts/{run}?queue=sales").text
    assert "to be beaten" in page
    assert "weekday mean" in page
    assert "callers where such a day has about" in page, "the day that was amiss is named with the reason"
    assert "Monday" in page
    rows = table(planner, f"/planner/forecasts/{run}/table?form=csv")
    for back in range(7):
        day = FIRST + timedelta(days=back)
        assert callers_of(rows, "sales", day) == pytest.approx(expected_on(day), rel=0.2)


def test_reasons_are_in_the_language_of_the_reader(desk: DeskHouse, planner: Browser) -> None:
    run = compute(desk, planner, method="weekday mean")
    planner.client.post("/language", data={"csrf_token": planner.token, "language": "id", "page": "forecasts.page"})
    page = planner.get(f"/planner/forecasts/{run}").text
    assert "rata-rata 6 hari yang sama terakhir tanpa hal khusus" in page
    assert "mean of the last" not in page


def test_two_at_once_each_get_their_own_and_a_name_twice_gets_versions(desk: DeskHouse, planner: Browser) -> None:
    runs = [planner.post("/api/planner/forecasts", **(ASKED | {"days": days})).get_json()["run"] for days in (3, 7)]
    assert work(desk.database, desk.clock) == [State.DONE, State.DONE]
    counts = [len(table(planner, f"/planner/forecasts/{run}/table")) for run in runs]
    assert counts == [2 * 3 * 48, 2 * 7 * 48]
    page = planner.get("/planner/forecasts").text
    assert "version 1" in page
    assert "version 2" in page


def test_a_cancelled_forecast_is_not_computed(desk: DeskHouse, planner: Browser) -> None:
    run = planner.post("/api/planner/forecasts", **ASKED).get_json()["run"]
    assert planner.post(f"/api/planner/runs/forecast/{run}/cancel").get_json() == {"cancelled": True}
    assert work(desk.database, desk.clock) == []
    assert status(planner, run)["state"] == "cancelled"
    assert planner.post(f"/api/planner/runs/forecast/{run}/cancel").get_json() == {"cancelled": False}
    assert planner.get(f"/planner/forecasts/{run}").status_code == 404


def test_a_forecast_that_redis_forgot_is_handed_to_the_worker_again(desk: DeskHouse, planner: Browser) -> None:
    run = planner.post("/api/planner/forecasts", **ASKED).get_json()["run"]
    desk.store.redis.flushdb()
    planner.log_in("plan")
    desk.clock.advance(31)
    assert status(planner, run)["state"] == "waiting"
    assert status(planner, run)["state"] == "waiting"
    assert desk.store.redis.lrange("rq:queue:halo-planning", 0, -1) == [f"planning-{run}"], "once"


def test_a_forecast_without_a_history_says_what_to_do(desk: DeskHouse) -> None:
    browser = desk.browser("plan")
    browser.get("/planner/forecasts")
    run = browser.post("/api/planner/forecasts", **ASKED).get_json()["run"]
    assert work(desk.database, desk.clock) == [State.FAILED]
    assert "Choose a later day" in str(status(browser, run)["problem"])
    assert "Choose a later day" in browser.get("/planner/forecasts").text


def test_a_queue_with_few_days_does_not_keep_the_others_from_theirs(desk: DeskHouse) -> None:
    fill_history(desk.database, TODAY - timedelta(days=1), means={"sales": 300.0})
    fill_history(desk.database, TODAY - timedelta(days=1), days=10, means={"billing": 100.0})
    browser = desk.browser("plan")
    browser.get("/planner/forecasts")
    run = compute(desk, browser)
    assert {row["queue"] for row in table(browser, f"/planner/forecasts/{run}/table")} == {"sales"}
    assert "Only 10 days of this queue are on record" in browser.get(f"/planner/forecasts/{run}?queue=billing").text


@pytest.mark.parametrize(("field", "value"), [
    ("name", " "), ("first", "soon"), ("days", 0), ("days", 401), ("share", 0.3), ("queues", ["nope"]), ("first", "2000-01-01"),
])  # fmt: skip
def test_what_can_not_be_forecast_is_told_at_its_field(planner: Browser, field: str, value: object) -> None:
    answer = planner.post("/api/planner/forecasts", **(ASKED | {field: value}))
    assert answer.status_code == 400
    assert list(answer.get_json()["faults"]) == [field]


def test_a_day_set_aside_is_taken_in_again_by_the_next_forecast(desk: DeskHouse, planner: Browser) -> None:
    run = compute(desk, planner)
    assert f'data-do="take-in" data-day="{AMISS}"' in planner.get(f"/planner/forecasts/{run}?queue=sales").text
    kept = planner.post("/api/planner/special-days", day=AMISS.isoformat(), name="taken in", factor=1, leave_out=False)
    assert kept.get_json()["before"] == []
    again = compute(desk, planner)
    assert f'data-day="{AMISS}"' not in planner.get(f"/planner/forecasts/{again}?queue=sales").text
    planner.post("/api/planner/special-days", day="2026-02-11", name="outage", factor=None, leave_out=True)
    third = planner.get(f"/planner/forecasts/{compute(desk, planner)}?queue=sales").text
    assert "left out: outage" in third
    assert 'data-do="drop-day" data-day="2026-02-11"' in third


def test_a_special_day_multiplies_and_can_be_undone(desk: DeskHouse, planner: Browser) -> None:
    day = FIRST + timedelta(days=2)
    before = callers_of(table(planner, f"/planner/forecasts/{compute(desk, planner)}/table"), "sales", day)
    planner.post("/api/planner/special-days", day=day.isoformat(), name="harbolnas", factor=2.0, leave_out=False)
    after = callers_of(table(planner, f"/planner/forecasts/{compute(desk, planner)}/table"), "sales", day)
    assert after == pytest.approx(2 * before, rel=0.01)
    dropped = planner.post(f"/api/planner/special-days/{day}/drop")
    assert dropped.get_json()["before"] == [{"day": day.isoformat(), "name": "harbolnas", "factor": 2.0, "leave_out": False}]
    assert planner.post(f"/api/planner/special-days/{day}/drop").status_code == 404


def bring(browser: Browser, path: str, content: bytes):
    return browser.client.post(path, data=content, headers={"X-CSRFToken": browser.token})


def test_a_table_of_special_days_is_brought_whole_or_its_fault_is_told(planner: Browser) -> None:
    good = bring(planner, "/api/planner/special-days/file", b"date,name,factor\n2026-03-12,harbolnas,1.6\n2026-04-04,fair,\n")
    assert good.get_json()["count"] == 2
    assert "harbolnas" in good.get_json()["html"]
    bad = bring(planner, "/api/planner/special-days/file", b"date,name,factor\n2026-05-05,new,1\n12.3.2026,x,1\n")
    assert bad.status_code == 400
    assert bad.get_json()["faults"]["file"] == "Row 3, column date: '12.3.2026' is no date. Write it like 2026-12-31."
    assert "2026-05-05" not in planner.get("/planner/forecasts").text
    assert bring(planner, "/api/planner/special-days/file", b"PK\x03\x04 no workbook").status_code == 400


def overrule(browser: Browser, run: int, **other: object):
    fields = {"queue": "sales", "day": FIRST.isoformat(), "number": None, "callers": None, "times": None, "aht_s": None, "why": ""}
    return browser.post(f"/api/planner/forecasts/{run}/overrule", **(fields | other))


def test_an_overruled_day_counts_at_once_in_the_next_forecast_and_can_be_undone(desk: DeskHouse, planner: Browser) -> None:
    run = compute(desk, planner)
    answer = overrule(planner, run, callers=900, why="campaign").get_json()
    day = next(line for line in answer["lines"] if line["key"] == FIRST.isoformat())
    assert (day["expected"], day["why"], day["by"]) == (900, "campaign", "Plan (plan)")
    assert sum(line["expected"] for line in answer["lines"] if "/" in line["key"]) == pytest.approx(900, abs=3)
    again = compute(desk, planner)
    rows = table(planner, f"/planner/forecasts/{again}/table")
    assert callers_of(rows, "sales", FIRST) == pytest.approx(900, rel=0.001)
    assert sum(float(row["computed"]) for row in rows[:48] if row["queue"] == "sales") < 700
    undone = planner.post(f"/api/planner/forecasts/{run}/undo", queue="sales", ids=answer["ids"]).get_json()
    assert undone["lines"][0]["callers"] is None
    assert callers_of(table(planner, f"/planner/forecasts/{again}/table"), "sales", FIRST) < 700
    assert planner.post(f"/api/planner/forecasts/{run}/undo", queue="sales", ids=answer["ids"]).status_code == 409


def test_an_interval_is_overruled_and_another_s_change_is_not_undone_unawares(desk: DeskHouse, planner: Browser) -> None:
    run = compute(desk, planner)
    mine = overrule(planner, run, number=20, times=2, aht_s=300, why="letters").get_json()
    root = desk.browser("root")
    root.get(f"/planner/forecasts/{run}")
    overrule(root, run, number=20, callers=70)
    assert planner.post(f"/api/planner/forecasts/{run}/undo", queue="sales", ids=mine["ids"]).status_code == 409
    line = next(each for each in overrule(planner, run, number=21, times=1).get_json()["lines"] if each["key"].endswith("/20"))
    assert (line["expected"], line["by"]) == (70, "Root (root)")
    empty = overrule(planner, run, number=20).get_json()["lines"]
    assert next(each for each in empty if each["key"].endswith("/20"))["by"] == "", "all empty: as computed"


@pytest.mark.parametrize(("wrong", "status_code", "field"), [
    ({"callers": 5, "times": 2}, 400, "times"), ({"callers": -1}, 400, "callers"), ({"aht_s": 0}, 400, "callers"),
    ({"number": 48, "callers": 1}, 400, ""), ({"callers": "many"}, 400, ""), ({"day": "2026-06-01", "callers": 1}, 404, ""),
    ({"queue": "nope", "callers": 1}, 404, ""),
])  # fmt: skip
def test_numbers_that_can_not_be_are_refused(
    desk: DeskHouse, planner: Browser, wrong: dict[str, object], status_code: int, field: str
) -> None:
    run = compute(desk, planner)
    answer = overrule(planner, run, **wrong)
    assert answer.status_code == status_code
    assert list(answer.get_json().get("faults", {})) == ([field] if field else [])


def test_what_is_overruled_goes_out_as_a_table_and_comes_in_again(desk: DeskHouse, planner: Browser) -> None:
    run = compute(desk, planner)
    path = f"/api/planner/forecasts/{run}/overrule/file"
    text = f"queue,date,time,callers,times,aht_s,why\nsales,{FIRST},,500,,,campaign\nbilling,{FIRST},09:00,,1.5,,letters\n"
    assert bring(planner, path, text.encode()).get_json()["count"] == 2
    given = planner.get(f"/planner/forecasts/{run}/overrulings?form=csv").text
    assert given.splitlines()[1:] == [f"sales,{FIRST},,500.0,,,campaign", f"billing,{FIRST},09:00:00,,1.5,,letters"]
    assert bring(planner, path, given.encode()).status_code == 200
    bad = bring(planner, path, b"queue,date,callers\nsales,2026-03-02,many\n")
    assert "Row 2, column callers: 'many' is no number." in bad.get_json()["faults"]["file"]


def test_staff_by_other_targets_and_what_is_wrong_stands_at_its_field(desk: DeskHouse, planner: Browser) -> None:
    run = compute(desk, planner)
    plain = planner.get(f"/planner/staff?forecast={run}&queue=sales").text
    assert "as if nobody did (Erlang C)" in plain
    assert "one more" in plain
    usual = table(planner, f"/planner/staff/table?forecast={run}")
    strict = table(planner, f"/planner/staff/table?forecast={run}&service_level=99&answer_within_s=5&shrinkage=30")
    assert sum(int(row["agents"]) for row in strict) > sum(int(row["agents"]) for row in usual)
    assert all(int(row["heads"]) >= int(row["agents"]) / 0.7 - 1e-9 for row in strict)
    wrong = planner.get(f"/planner/staff?forecast={run}&shrinkage=120&queue=sales").text
    assert 'id="fault-shrinkage"' in wrong
    assert "From 0 to 95." in wrong
    assert "Write a queue and 1 to 20" in planner.get(f"/planner/staff?forecast={run}&at_once=nope=3").text
    assert planner.get(f"/planner/staff/table?forecast={run}&shrinkage=120").status_code == 400
    alone = table(planner, f"/planner/staff/table?forecast={run}&service_level=0&asa_s=90")
    assert sum(int(row["agents"]) for row in alone) < sum(int(row["agents"]) for row in usual)
    assert all(float(row["asa_s"]) <= 90 for row in alone if row["asa_s"])
    assert 'id="fault-service_level"' in planner.get(f"/planner/staff?forecast={run}&service_level=0&queue=sales").text
    hours = re.compile(r"<dd[^>]*>(\d+[.,]\d)</dd>")
    assert "." in hours.findall(plain)[0]
    planner.client.post("/language", data={"csrf_token": planner.token, "language": "id", "page": "forecasts.page"})
    assert "," in hours.findall(planner.get(f"/planner/staff?forecast={run}&queue=sales").text)[0]


def test_a_plan_is_kept_with_versions_and_a_roster_takes_its_rows(desk: DeskHouse, planner: Browser) -> None:
    run = compute(desk, planner)
    planner.get("/planner/staff")
    for version in (1, 2):
        answer = planner.post("/api/planner/plans", name="March", forecast=run, shrinkage="30")
        assert answer.get_json()["version"] == version
    overrule(planner, run, callers=4000)
    with desk.database.reading() as session:
        plan = find_plan(session, "March")
        rows = plan_rows(session, plan.id)
        monday = plan_rows(session, plan.id, FIRST, FIRST, rows[0].starts_at.tzinfo)
    assert (plan.version, plan.days, plan.minutes, plan.by) == (2, 14, 30, "Plan (plan)")
    assert len(rows) == 2 * 14 * 48
    assert len(monday) == 2 * 48
    assert sum(row.callers for row in monday if row.queue == "sales") < 1000, "a plan stays as it was kept"
    assert len(table(planner, f"/planner/plans/{plan.id}/table")) == len(rows)
    assert planner.post("/api/planner/plans", name=" ", forecast=run).status_code == 400


def test_a_search_over_skills_is_worked_on_elsewhere_and_shown(desk: DeskHouse, planner: Browser) -> None:
    with desk.database.writing() as session:
        session.add_all(
            [AgentSkill(agent_id="1001", skill="sales", proficiency=3), AgentSkill(agent_id="1002", skill="sales", proficiency=3)]
        )
        session.commit()
    run = compute(desk, planner)
    planner.get("/planner/staff")
    answer = planner.post("/api/planner/searches", forecast=run, starts_at="2026-03-04T09:00:00+07:00")
    assert answer.status_code == 202, answer.text
    search = answer.get_json()["run"]
    assert work(desk.database, desk.clock, Kind.SEARCH) == [State.DONE]
    page = planner.get(f"/planner/searches/{search}").text
    assert "each queue for itself would need" in page
    assert "below its target with all there are" in page, "two agents are too few for both queues"
    assert planner.post("/api/planner/searches", forecast=run, starts_at="nine").status_code == 400


def test_today_is_held_against_what_came_and_the_rest_is_seen_anew(desk: DeskHouse, planner: Browser) -> None:
    compute(desk, planner)
    with desk.database.writing() as session:
        for number in range(450):  # by noon in Jakarta, where about 330 were expected
            at = NOON - timedelta(minutes=1 + number % 200)
            session.add(Interaction(id=new_id(), queue="sales", started_at=at, offered_at=at))
        session.commit()
    page = planner.get(f"/planner/held?day={TODAY}&queue=sales").text
    assert "So far" in page
    assert "outside the band" in page
    numbers = [part.split("</dd>")[0] for part in page.split('<dd class="num">')[1:5]]
    forecast, so_far, came, by_now = (float(each) for each in numbers)
    assert came == 450
    assert so_far < came
    assert came + forecast - so_far <= by_now + 1
    assert "No forecast of this queue has this day" in planner.get("/planner/held?day=2026-01-05&queue=sales").text


@pytest.mark.parametrize("path", [
    "/planner/forecasts", "/planner/forecasts/list", "/planner/forecasts/1", "/planner/forecasts/1/pictures",
    "/planner/forecasts/1/table", "/planner/forecasts/1/overrulings", "/planner/staff", "/planner/staff/table",
    "/planner/plans/1/table", "/planner/searches/1", "/planner/held", "/api/planner/runs/forecast/1",
])  # fmt: skip
def test_an_agent_has_no_business_here(desk: DeskHouse, path: str) -> None:
    assert desk.browser("dewi").get(path).status_code == 403


@pytest.mark.parametrize("path", [
    "forecasts", "runs/forecast/1/cancel", "special-days", "special-days/2026-01-01/drop", "special-days/file",
    "forecasts/1/overrule", "forecasts/1/undo", "forecasts/1/overrule/file", "plans", "searches", "history/file",
    "history/sales/drop",
])  # fmt: skip
def test_an_agent_changes_nothing_here(desk: DeskHouse, path: str) -> None:
    agent = desk.browser("dewi")
    agent.get("/desk")
    assert agent.post(f"/api/planner/{path}").status_code == 403


def test_per_cent_signs_stand_once(desk: DeskHouse, planner: Browser) -> None:
    run = compute(desk, planner, days=1)
    for path in ("/planner/forecasts", f"/planner/forecasts/{run}", "/planner/staff", "/planner/held"):
        page = planner.get(path).text
        assert "%" in page
        assert "%%" not in page.split('id="words"')[0]


def test_supervisors_and_administrators_plan_too(desk: DeskHouse) -> None:
    for login in ("sari", "root", "plan"):
        assert desk.browser(login).get("/planner/forecasts").status_code == 200


def test_one_that_is_killed_has_failed_and_one_that_is_ended_begins_again(desk: DeskHouse, planner: Browser) -> None:
    one, two = (
        int(planner.post("/api/planner/forecasts", **(ASKED | {"name": name})).get_json()["run"]) for name in ("one", "two")
    )
    with desk.database.writing() as session:
        for number in (one, two):
            find(session, number, Kind.FORECAST).state = State.WORKING
        session.commit()
    killed(desk.database, SimpleNamespace(args=("forecast", one)))
    put_back(desk.database, SimpleNamespace(args=("forecast", two)))
    told = planner.get(f"/api/planner/runs/forecast/{one}").get_json()
    assert (told["state"], told["problem"]) == ("failed", "It was stopped from outside. Compute it again.")
    assert planner.get(f"/api/planner/runs/forecast/{two}").get_json()["state"] == "waiting"
    assert work(desk.database, desk.clock) == [State.DONE], "it begins anew; what was killed waits for somebody to ask"
