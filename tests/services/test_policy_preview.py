"""What would change: a recorded day asked for on the page, played elsewhere, and shown beside what was."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
from rq import Queue as JobQueue
from rq import SimpleWorker

from core.database import Database
from core.event_archive import archive
from core.job_queue import JOB_QUEUE
from core.settings import load_settings
from launch.policy_press import InstalledPolicyPress, play_job
from launch.settings_file import prepare_home, write_settings
from routing.agents import AgentRecord, AgentSkill
from routing.live import LiveStore
from routing.policy_file import shipped_policy
from routing.previews import Previews, State
from tests.recorded_hour import busy_hour
from tests.services.desk_house import Browser, DeskHouse

TEXT = shipped_policy().text
MIDNIGHT = datetime(2026, 2, 28, 17, tzinfo=UTC)  # of 1 March in Jakarta, the day before the desk's noon
HELPED = TEXT.replace("needs: [{skill: sales, at_least: 2}]", "needs: [{any_of: [{skill: sales}, {skill: billing}]}]")


@pytest.fixture
def sari(desk: DeskHouse) -> Browser:
    """At the editor, on the day after one on which 1001 alone sold and 1002 waited for bills."""
    with desk.database.writing() as session:
        session.add(AgentSkill(agent_id="1001", skill="sales", proficiency=3))
        archive(session, busy_hour(MIDNIGHT, "1001", "sales") + busy_hour(MIDNIGHT, "1002", "billing", calls=5))
        session.commit()
    browser = desk.browser("sari")
    browser.get("/policy/edit")
    return browser


def ask(browser: Browser, text: str = HELPED, day: str = "2026-03-01") -> str:
    answer = browser.post("/api/policy/preview", text=text, day=day)
    assert answer.status_code == 202, answer.text
    return str(answer.get_json()["preview"])


def look(browser: Browser, preview: str) -> dict[str, Any]:
    answer = browser.get(f"/api/policy/preview/{preview}")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def rows_of(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr.*?>(.*?)</tr>", html, re.DOTALL)
    return [
        [" ".join(re.sub(r"<.*?>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows
    ]


def test_the_page_offers_yesterday(sari: Browser) -> None:
    assert 'value="2026-03-01"' in sari.page


def test_a_day_is_played_under_both_and_what_changes_stands_beside(desk: DeskHouse, sari: Browser) -> None:
    preview = ask(sari)
    assert look(sari, preview)["state"] == State.WAITING
    assert desk.policy_shop.work() == [State.DONE]
    found = look(sari, preview)
    assert (found["state"], found["done"], found["of"]) == ("done", 10, 10)
    rows = rows_of(found["html"])
    assert "65 callers, 2 agents; played 10 times" in found["html"]
    sales = next(number for number, row in enumerate(rows) if row[0].startswith("Sales"))
    assert rows[sales][0] == "Sales 60 callers"
    level, wait, gave_up = rows[sales + 1 : sales + 4]
    assert (level[0], wait[0], gave_up[0]) == ("answered within 20 s", "mean wait", "gave up")
    assert [row[-1].rsplit(" ", 1)[-1] for row in (level, wait, gave_up)] == ["better"] * 3
    assert wait[4].startswith("−"), "with a second seller they wait less"
    assert float(wait[2].split()[0]) == pytest.approx(float(wait[1].split()[0]), rel=0.2), (
        "about what was, though she takes bills too"
    )
    occupancy = {row[0]: row[1:3] for row in rows if row[0] in ("Dewi Anggraini", "Rizky Pratama")}
    assert int(occupancy["Rizky Pratama"][1].rstrip("%")) > int(occupancy["Rizky Pratama"][0].rstrip("%"))
    assert not any(row[0].startswith("Technical") for row in rows), "nobody called there"


def test_the_same_text_changes_nothing(desk: DeskHouse, sari: Browser) -> None:
    preview = ask(sari, TEXT)
    desk.policy_shop.work()
    verdicts = set(re.findall(r"played__gain--(\w*)", look(sari, preview)["html"]))
    assert verdicts == {"same"}


def test_the_policy_in_force_now_is_what_it_is_held_against(desk: DeskHouse, sari: Browser) -> None:
    assert sari.post("/api/policy/publish", text=HELPED, note="help", based_on=0).status_code == 200
    preview = ask(sari, HELPED + "# again\n")
    desk.policy_shop.work()
    assert set(re.findall(r"played__gain--(\w*)", look(sari, preview)["html"])) == {"same"}


def test_a_queue_that_is_new_gets_whom_the_text_sends_there(desk: DeskHouse, sari: Browser) -> None:
    text = (
        TEXT.replace("fallback: general", "fallback: spare")
        .replace("- name: sales\n", "- name: spare\n")
        .replace("Sales}", "Spare}")
    )
    preview = ask(sari, text)
    assert desk.policy_shop.work() == [State.DONE]
    labels = [row[0] for row in rows_of(look(sari, preview)["html"]) if row[0].endswith(("caller", "callers"))]
    assert labels == ["Sales 60 callers", "Billing 5 callers", "Spare 0 callers"]


def test_a_day_without_calls_says_so(desk: DeskHouse, sari: Browser) -> None:
    preview = ask(sari, day="2026-02-20")
    assert desk.policy_shop.work() == [State.EMPTY]
    found = look(sari, preview)
    assert (found["state"], "Nobody was served or gave up in a line on 20 Feb 2026." in found["html"]) == ("empty", True)


def test_the_newest_one_of_a_person_counts_and_nobody_sees_anothers(desk: DeskHouse, sari: Browser) -> None:
    first, second = ask(sari), ask(sari)
    assert look(sari, first)["state"] == State.REPLACED
    root = desk.browser("root")
    root.get("/policy/edit")
    ask(root)
    assert desk.policy_shop.work() == [State.REPLACED, State.DONE, State.DONE]
    assert look(sari, second)["state"] == State.DONE
    assert root.get(f"/api/policy/preview/{second}").status_code == 404
    assert sari.get("/api/policy/preview/none").status_code == 404


@pytest.mark.parametrize(("text", "day", "status"), [
    ("queues: [", "2026-03-01", 400), (TEXT, "soon", 400), (TEXT, "2026-03-03", 400), (TEXT, "2024-01-01", 400),
])  # fmt: skip
def test_what_can_not_be_played_is_refused(desk: DeskHouse, sari: Browser, text: str, day: str, status: int) -> None:
    assert sari.post("/api/policy/preview", text=text, day=day).status_code == status
    assert desk.policy_shop.waiting == []


@pytest.fixture
def installation(tmp_path: Path, database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveStore]:
    """An installation whose worker would find its settings."""
    home = tmp_path / "home"
    monkeypatch.setenv("HALO_HOME", str(home))
    prepare_home(home)
    password, port = redis_url.removeprefix("redis://:").split("@127.0.0.1:")
    address = database.engine.url.render_as_string(hide_password=False)
    write_settings(home, {"HALO_DATABASE_URL": address, "HALO_REDIS_PASSWORD": password, "HALO_REDIS_PORT": port.split("/")[0]})
    with database.writing() as session:
        session.add(AgentRecord(id="1001", name="Dewi", phone_secret="s", skills=[AgentSkill(skill="sales", proficiency=3)]))
        archive(session, busy_hour(MIDNIGHT, "1001", "sales", calls=10))
        session.commit()
    store = LiveStore(redis_url)
    yield store
    store.close()


def test_the_worker_plays_what_the_page_put_into_its_queue(installation: LiveStore) -> None:
    settings = load_settings()
    previews = Previews(installation.redis)
    preview = previews.place("sari", date(2026, 3, 1), HELPED, TEXT)
    InstalledPolicyPress(settings).begin(preview.id)
    InstalledPolicyPress(settings).begin(preview.id)  # pressed twice
    assert installation.redis.lrange("rq:queue:halo", 0, -1) == [f"preview-{preview.id}"]
    connection = redis.Redis.from_url(settings.redis_url)
    SimpleWorker([JobQueue(JOB_QUEUE, connection=connection)], connection=connection).work(burst=True)
    connection.close()
    played = previews.find(preview.id).played
    assert played is not None
    assert played.callers == {"sales": 10}
    assert play_job(preview.id) == State.DONE, "safe to repeat"
