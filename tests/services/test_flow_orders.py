"""Publishing a flow from its page: asked with a note, worked on elsewhere, told step by step, and never over somebody's head."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from rq import Queue, SimpleWorker

from core.database import Database
from core.errors import Unavailable
from core.events import EventKind
from core.job_queue import JOB_QUEUE
from core.settings import Settings
from core.text_drafts import Author
from ivr.conversations.story_file import shipped_stories
from ivr.flow_drafts import FLOW_DRAFTS
from ivr.flow_file import read_flow, shipped_flow
from ivr.flow_orders import LOST_AFTER, FlowOrder, State, Way, Wish, newest_order, orders_left, place_order, take_order
from ivr.flow_versions import history, in_force
from launch.flow_press import InstalledPress, work_on_job
from tests.services.desk_house import Browser, DeskHouse, build_desk, messages

TEXT = shipped_flow().text
EDITED = TEXT.replace("Untuk penjualan, tekan satu.", "Mau belanja, tekan satu.")
ASKS_FOR_SALES = next(story for story in shipped_stories() if story.source.endswith("team_sales_by_key.txt"))


@pytest.fixture
def sari(desk: DeskHouse) -> Browser:
    return at_the_page(desk, "sari")


def at_the_page(desk: DeskHouse, login: str) -> Browser:
    browser = desk.browser(login)
    browser.get("/ivr/edit/hotline")
    return browser


def publish(browser: Browser, text: str = EDITED, note: str = "shorter", based_on: int = 0, **further: Any) -> Any:
    return browser.post("/api/flows/hotline/publish", text=text, note=note, based_on=based_on, mark="", **further)


def order(database: Database) -> FlowOrder:
    with database.reading() as session:
        found = newest_order(session, "hotline")
    assert found is not None
    return found


def lines(database: Database) -> list[tuple[int, str, str, str]]:
    with database.reading() as session:
        return [(line.number, line.by, line.how, line.note) for line in history(session, "hotline")]


def told_in_indonesian(browser: Browser, desk: DeskHouse) -> list[str]:
    """What the page is pushed of the newest order's faults, to somebody who reads Indonesian."""
    browser.client.post("/language", data={"csrf_token": browser.token, "language": "id"})
    stream = browser.client.get("/events/flows/hotline", buffered=False)
    body = next(messages(stream)).body
    stream.close()
    return [str(finding) for finding in body["order"]["findings"]]


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]


def test_a_draft_is_published_with_who_and_why_and_is_then_no_draft(sari: Browser, desk: DeskHouse, database: Database) -> None:
    answer = publish(sari)
    assert answer.status_code == 202
    assert order(database).state == State.WAITING
    assert lines(database) == []  # nothing is in force before the work is done
    desk.shop.work()
    assert (order(database).state, order(database).version) == (State.DONE, 1)
    assert lines(database) == [(1, "Sari (sari)", "published", "shorter")]
    assert any("Mau belanja, tekan satu." in (prompt.text or "") for prompt in desk.shop.spoken)
    assert "Mau belanja" in sari.get("/ivr/edit/hotline").text
    with database.reading() as session:
        assert FLOW_DRAFTS.draft_of(session, "hotline", "sari") is None
    listed = sari.get("/api/flows/hotline/versions").text
    assert "Sari (sari)" in listed
    assert "shorter" in listed


def test_what_is_typed_while_it_is_published_is_based_on_the_new_version(
    sari: Browser, desk: DeskHouse, database: Database
) -> None:
    mark = publish(sari).get_json()["mark"]
    sari.post("/api/flows/hotline/draft", text=EDITED + "# more\n", mark=mark, based_on=0, line=1)
    desk.shop.work()
    with database.reading() as session:
        draft = FLOW_DRAFTS.draft_of(session, "hotline", "sari")
    assert draft is not None
    assert (draft.content, draft.based_on) == (EDITED + "# more\n", 1)


@pytest.mark.parametrize("note", ["", "   ", "\n"])
def test_without_a_note_nothing_is_published(sari: Browser, note: str) -> None:
    assert code_of(publish(sari, note=note)) == (400, "note_missing")


def test_a_note_of_the_wrong_kind_is_refused(sari: Browser) -> None:
    for note in ("x" * 201, 5, None, "half a pair \ud800"):
        assert code_of(publish(sari, note=note)) == (400, "bad_input")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [TEXT.replace("queue: sales}", "queue: sail}"), "a: [", EDITED + "\x00", ""])
def test_a_flow_with_faults_is_not_published(sari: Browser, database: Database, text: str) -> None:
    assert code_of(publish(sari, text)) == (400, "flow_faults")
    with database.reading() as session:
        assert newest_order(session, "hotline") is None


def test_a_version_that_came_into_force_meanwhile_is_never_overwritten(sari: Browser, desk: DeskHouse, database: Database) -> None:
    root = at_the_page(desk, "root")
    publish(root, EDITED + "# root's\n", note="mine")
    desk.shop.work()
    assert code_of(publish(sari)) == (409, "overtaken")
    assert [line[0] for line in lines(database)] == [1]
    assert publish(sari, based_on=1).status_code == 202
    desk.shop.work()
    assert [line[0] for line in lines(database)] == [2, 1]


def test_one_that_comes_into_force_during_the_work_is_not_overwritten_either(
    sari: Browser, desk: DeskHouse, database: Database
) -> None:
    publish(sari)
    desk.shop.publisher.publish(shipped_flow(), "by command")
    desk.shop.work()
    assert order(database).state == State.CONFLICT
    assert lines(database) == [(1, "by command", "published", "")]


def test_two_orders_for_a_flow_do_not_run_at_once(sari: Browser, desk: DeskHouse) -> None:
    assert publish(sari).status_code == 202
    assert code_of(publish(at_the_page(desk, "root"), EDITED + "# 2\n")) == (409, "order_under_way")
    desk.shop.work()


def test_conversations_that_go_otherwise_stop_it_and_it_can_be_published_all_the_same(
    sari: Browser, desk: DeskHouse, database: Database
) -> None:
    desk.shop.stories = [ASKS_FOR_SALES]
    other = TEXT.replace("queue: sales}", "queue: billing}")
    publish(sari, other)
    desk.shop.work()
    assert order(database).state == State.UNTRUE
    (remark,) = order(database).remarks
    assert remark.code == "heard_other"
    assert ASKS_FOR_SALES.title in remark.text
    assert "baris" in told_in_indonesian(sari, desk)[0]
    assert lines(database) == []
    desk.clock.advance(1)
    publish(sari, other, anyway=True)
    desk.shop.work()
    assert order(database).state == State.DONE
    assert order(database).anyway


def test_conversations_that_go_as_written_do_not_stop_it(sari: Browser, desk: DeskHouse, database: Database) -> None:
    desk.shop.stories = [ASKS_FOR_SALES]
    publish(sari)
    desk.shop.work()
    assert order(database).state == State.DONE


def test_a_version_is_brought_back_and_both_are_on_record(sari: Browser, desk: DeskHouse, database: Database) -> None:
    for number, text in enumerate((EDITED, EDITED + "# 2\n")):
        publish(sari, text, based_on=number)
        desk.shop.work()
    assert code_of(sari.post("/api/flows/hotline/bring-back", number=1, based_on=1)) == (409, "overtaken")
    assert code_of(sari.post("/api/flows/hotline/bring-back", number=7, based_on=2)) == (404, "not_found")
    assert sari.post("/api/flows/hotline/bring-back", number=1, based_on=2).status_code == 202
    desk.shop.work()
    assert [(line[0], line[2]) for line in lines(database)] == [(1, "rolled_back"), (2, "published"), (1, "published")]
    assert order(database).version == 1


def test_every_step_is_told_to_the_pages(sari: Browser, desk: DeskHouse) -> None:
    desk.shop.stories = [ASKS_FOR_SALES]
    publish(sari)
    desk.shop.work()
    told = [event.data for event in desk.events(EventKind.FLOW_ORDER_CHANGED)]
    steps = list(dict.fromkeys(one["step"] for one in told))
    assert steps == ["check", "conversations", "sounds", "words"]
    assert told[-1]["state"] == "done"
    assert told[-1]["version"] == 1
    assert all(one["done"] <= one["of"] for one in told)


def test_the_page_is_pushed_what_is_in_force_who_else_edits_and_how_far_it_is(
    sari: Browser, desk: DeskHouse, database: Database
) -> None:
    stream = messages(sari.client.get("/events/flows/hotline"))
    first = next(stream).body
    assert (first["in_force"]["number"], first["others"], first["order"]) == (0, [], None)
    now = desk.clock.now()
    with database.writing() as session:
        FLOW_DRAFTS.keep(session, "hotline", Author("root", "Root"), EDITED, 0, "", now)
        session.commit()
    assert [one["name"] for one in next(stream).body["others"]] == ["Root"]
    with database.writing() as session:
        desk.shop.begin(place_order(session, Wish("hotline", Way.PUBLISH, 0, "root", "Root (root)", EDITED, note="why"), now).id)
        session.commit()
    desk.shop.work()
    message = next(message for message in stream if message.body["in_force"]["number"] == 1)
    assert message.body["in_force"] == {"number": 1, "by": "Root (root)", "note": "why"}
    assert message.body["order"]["state"] in ("working", "done")
    assert message.body["order"]["mine"] is False
    assert message.body["others"] == []


def test_work_is_done_once_however_often_it_is_asked_for(sari: Browser, desk: DeskHouse, database: Database) -> None:
    order_id = publish(sari).get_json()["order"]
    desk.shop.begin(order_id)
    desk.shop.work()
    assert len(lines(database)) == 1


def test_work_that_died_is_taken_up_again_and_not_before(sari: Browser, desk: DeskHouse, database: Database) -> None:
    order_id = publish(sari).get_json()["order"]
    now = desk.clock.now()
    with database.writing() as session:
        assert take_order(session, order_id, now) is not None
        session.commit()
    with database.writing() as session:
        assert orders_left(session, now) == []
        assert take_order(session, order_id, now + LOST_AFTER) is None
        assert orders_left(session, now + LOST_AFTER + timedelta(seconds=1)) == [order_id]
    desk.clock.advance(LOST_AFTER.total_seconds() + 1)
    desk.shop.work()
    assert order(database).state == State.DONE


def test_work_that_died_after_it_was_in_force_ends_well(sari: Browser, desk: DeskHouse, database: Database) -> None:
    publish(sari)
    with database.reading() as session:
        assert in_force(session, "hotline") is None
    desk.shop.publisher.publish(read_flow(EDITED, "hotline"), "Sari (sari)", based_on=0)
    desk.shop.work()
    assert order(database).state == State.DONE
    assert [line[0] for line in lines(database)] == [1]


def test_what_fails_on_our_side_is_told_and_can_be_tried_again(sari: Browser, desk: DeskHouse, database: Database) -> None:
    def no_voice(_prompts: object) -> None:
        raise Unavailable("The voice does not answer.", "Run ./halo doctor.")

    whole = desk.shop.publisher._make_sounds
    desk.shop.publisher._make_sounds = no_voice
    publish(sari)
    desk.shop.work()
    assert order(database).state == State.FAILED
    assert [remark.text for remark in order(database).remarks] == ["The voice does not answer. Run ./halo doctor."]
    desk.shop.publisher._make_sounds = whole
    publish(sari)
    desk.shop.work()
    assert order(database).state == State.DONE


def test_a_job_queue_that_is_away_leaves_no_order_behind(
    sari: Browser, desk: DeskHouse, database: Database, monkeypatch: Any
) -> None:
    def away(_order_id: str) -> None:
        raise Unavailable("The job queue (Redis) does not answer.", "Run ./halo doctor.")

    monkeypatch.setattr(desk.shop, "begin", away)
    assert code_of(publish(sari)) == (503, "unavailable")
    assert order(database).state == State.FAILED
    assert json.loads(order(database).told)


def test_the_worker_is_asked_once_and_before_what_can_wait(redis_url: str, monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(Settings, "redis_url", property(lambda _settings: redis_url))
    settings = Settings(home=tmp_path, session_key="k" * 32, redis_password="p", ami_password="a")  # type: ignore[arg-type]
    connection = redis.Redis.from_url(redis_url)
    queue = Queue(JOB_QUEUE, connection=connection)
    queue.enqueue_call(print, args=("later",))
    press = InstalledPress(settings)
    press.begin("one")
    press.begin("one")
    assert [(job.func, job.args) for job in queue.jobs] == [(work_on_job, ("one",)), (print, ("later",))]
    connection.close()


def test_the_worker_publishes_in_this_installation(database: Database, redis_url: str, tmp_path: Path, monkeypatch: Any) -> None:
    """The whole way of an order: the page, the job queue, a worker, the voice, the word graph."""
    monkeypatch.setattr(Settings, "redis_url", property(lambda _settings: redis_url))
    url = database.engine.url.render_as_string(hide_password=False)
    for name, value in {
        "HOME": str(tmp_path),
        "DATABASE_URL": url,
        "SESSION_KEY": "k" * 32,
        "REDIS_PASSWORD": "p",
        "AMI_PASSWORD": "a",
    }.items():
        monkeypatch.setenv(f"HALO_{name}", value)
    desk = build_desk(database, redis_url, tmp_path)
    try:
        browser = at_the_page(desk, "root")
        order_id = publish(browser).get_json()["order"]
        settings = Settings(home=tmp_path, session_key="k" * 32, redis_password="p", ami_password="a")  # type: ignore[arg-type]
        InstalledPress(settings).begin(order_id)
        connection = redis.Redis.from_url(redis_url)
        SimpleWorker([Queue(JOB_QUEUE, connection=connection)], connection=connection).work(burst=True)
        connection.close()
        assert (order(database).state, order(database).remarks) == (State.DONE, [])
        with database.reading() as session:
            version = in_force(session, "hotline")
        assert version is not None
        assert (tmp_path / "speech" / version.speech_set / "model").is_dir()
        assert list((tmp_path / "prompts" / "fixed" / "id").glob("people_menu_1-*.wav"))
    finally:
        desk.close()
