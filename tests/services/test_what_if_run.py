"""What if as a run of its own: asked on the page or by the command, pushed while it is played, replaced by a newer question."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from rq import Queue as JobQueue

from core.errors import BadInput
from core.job_queue import PLANNING_JOB_QUEUE, WHAT_IF_JOB_QUEUE
from launch.cli import run
from launch.settings_file import prepare_home, write_settings
from routing.agents import AgentSkill
from tests.services.desk_house import Browser, DeskHouse, messages
from tests.services.planning_house import work
from tests.services.test_the_day import TODAY, forecast, roster, skilled
from workforce.planning_runs import Kind, State, find, results
from workforce.what_if_work import REST_OF_DAY


def asked(planner: Browser, **fields: object) -> int:
    answer = planner.post("/api/the-day/what-if", **({"at": "13:00", "page": "one"} | fields))
    assert answer.status_code == 202, answer.text
    return int(answer.get_json()["run"])


def state(desk: DeskHouse, run_id: int) -> State:
    with desk.database.reading() as session:
        return State(find(session, run_id, Kind.WHAT_IF).state)


@pytest.fixture
def planner(desk: DeskHouse) -> Browser:
    skilled(desk)
    roster(desk)
    forecast(desk)
    browser = desk.browser("plan")
    browser.get("/the-day")
    return browser


def test_it_is_a_job_of_its_own_queue_and_the_result_is_pushed(desk: DeskHouse, planner: Browser, redis_url: str) -> None:
    run_id = asked(planner, ill={"sales": 1}, volume=20, aht=-5)
    connection = redis.Redis.from_url(redis_url)
    assert JobQueue(WHAT_IF_JOB_QUEUE, connection=connection).job_ids == [f"planning-{run_id}"]
    assert f"planning-{run_id}" not in JobQueue(PLANNING_JOB_QUEUE, connection=connection).job_ids
    connection.close()
    told = messages(planner.client.get(f"/events/what-if/{run_id}", buffered=False))
    assert next(told).body["state"] == "waiting"
    assert work(desk.database, desk.clock, Kind.WHAT_IF) == [State.DONE]
    last = list(told)[-1]
    assert last.name == "result"
    assert "As planned" in last.body["html"]
    assert last.body["html"].count("<polyline") == 2


def test_a_newer_question_of_the_page_takes_the_place_of_the_older(desk: DeskHouse, planner: Browser) -> None:
    first, second = asked(planner, ill={"sales": 1}), asked(planner, ill={"sales": 2})
    beside = asked(planner, page="two")
    assert [state(desk, each) for each in (first, second, beside)] == [State.CANCELLED, State.WAITING, State.WAITING]
    assert [one.name for one in messages(planner.client.get(f"/events/what-if/{first}", buffered=False))] == ["cancelled"]
    assert planner.post(f"/api/the-day/what-if/{second}/cancel").get_json() == {"cancelled": True}
    assert work(desk.database, desk.clock, Kind.WHAT_IF) == [State.DONE], "only what is still wanted is played"


def test_who_is_ill_is_chosen_by_those_who_serve_the_same_queues(desk: DeskHouse, planner: Browser) -> None:
    assert "data-group" not in planner.get("/the-day").text, "all serve the same"
    with desk.database.writing() as session:
        session.add(AgentSkill(agent_id="1001", skill="technical", proficiency=4))
        session.commit()
    groups = re.findall(r'data-group="([^"]+)"[^>]*max="1"', planner.get("/the-day").text)
    more, fewer = sorted(groups, key=len, reverse=True)
    assert set(more.split("+")) > set(fewer.split("+"))
    run_id, other = asked(planner, groups={more: 1}), asked(planner, groups={fewer: 2}, page="two")
    assert work(desk.database, desk.clock, Kind.WHAT_IF) == [State.DONE, State.FAILED]
    with desk.database.reading() as session:
        assert REST_OF_DAY.read(results(session, run_id)[""]).gone == ["1001"]
    told = list(messages(planner.client.get(f"/events/what-if/{other}", buffered=False)))
    assert (told[0].name, "Choose fewer" in told[0].body["message"]) == ("fault", True)


def test_what_cannot_be_asked_is_said_at_its_field(desk: DeskHouse, planner: Browser) -> None:
    for wrong in ({"at": "never"}, {"ill": {"sales": -1}}, {"ill": ["sales"]}, {"volume": 500}, {"aht": "much"}):
        answer = planner.post("/api/the-day/what-if", **({"at": "13:00", "page": "one"} | wrong))
        assert (answer.status_code, list(answer.get_json()["faults"])) == (400, ["at"]), wrong
    run_id = asked(planner, ill={"sales": 3})
    assert work(desk.database, desk.clock, Kind.WHAT_IF) == [State.FAILED]
    told = list(messages(planner.client.get(f"/events/what-if/{run_id}", buffered=False)))
    assert "Choose fewer" in told[0].body["message"]


def test_one_whose_process_died_is_told(desk: DeskHouse, planner: Browser) -> None:
    run_id = asked(planner)
    with desk.database.writing() as session:
        found = find(session, run_id, Kind.WHAT_IF)
        found.state, found.told_at = State.WORKING, desk.clock.now() - timedelta(minutes=3)
        session.commit()
    told = list(messages(planner.client.get(f"/events/what-if/{run_id}", buffered=False)))
    assert (told[0].name, "Move a slider again" in told[0].body["message"]) == ("fault", True)


def test_only_planners_ask(desk: DeskHouse) -> None:
    agent = desk.browser("dewi")
    agent.get("/desk")
    assert agent.post("/api/the-day/what-if", at="13:00", page="one").status_code == 403
    assert agent.get("/events/what-if/1").status_code == 403


def test_the_command_has_the_same_rules(desk: DeskHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "command"
    prepare_home(home)
    write_settings(home, {"HALO_DATABASE_URL": desk.database.engine.url.render_as_string(hide_password=False)})
    monkeypatch.setenv("HALO_HOME", str(home))
    for choice in (["--ill", "sales=1"], ["--ill-alone", "sales+billing=1"]):
        with pytest.raises(BadInput, match="No forecast has this day"):
            run(["workforce", "what-if", "--day", TODAY.isoformat(), *choice])
    with pytest.raises(BadInput, match="nothing"):
        run(["workforce", "what-if", "--day", TODAY.isoformat(), "--ill-alone", "sales+nothing=1"])
