"""Promised calls that keep a place, as agents meet them: the pop, whether it was the customer, and a later time."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core.events import EventKind
from core.ids import new_id
from crm.callback_tasks import CallbackTask, CallbackWish, TaskState, add_callback_task
from crm.callback_tries import keep_picked_up, take_for_call
from routing.agent_state import Action
from routing.callback_outcomes import place_of
from routing.order import FIRST
from routing.place import Place
from routing.policy_file import shipped_policy
from routing.policy_versions import put_in_force
from tests.services.desk_house import DeskHouse

NUMBER = "+628112345678"
ZONE = ZoneInfo("Asia/Jakarta")


def promised(desk: DeskHouse, *actions: Action, picked_up: bool = True, state: TaskState = TaskState.TAKEN) -> Place:
    """Dewi calls somebody back; `actions` have happened."""
    now, place = desk.clock.now(), desk.reserve()
    wish = CallbackWish(place.interaction_id, NUMBER, "billing", "id", now, desk.customer_id, "bill:INV-7", place=place.to_json())
    with desk.database.writing() as session:
        task_id = add_callback_task(session, wish, now)
        assert take_for_call(session, task_id, "1001", now, state)
        if picked_up:
            keep_picked_up(session, task_id, now)
        session.commit()
    desk.store.redis.hset("halo:taken", place.interaction_id, replace(place, callback=task_id, channel="").to_json())
    desk.step(place, *actions)
    return place


def task_of(desk: DeskHouse, interaction_id: str) -> CallbackTask:
    with desk.database.reading() as session:
        return session.scalars(select(CallbackTask).where(CallbackTask.interaction_id == interaction_id)).one()


def at_text(moment: datetime) -> str:
    """As the page's field sends it."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def test_the_pop_says_that_it_is_a_call_back_and_to_whom(desk: DeskHouse) -> None:
    promised(desk, picked_up=False)
    page = desk.browser("dewi").get("/desk").text
    assert "Call-back" in page
    assert "0811-2345-678" in page
    assert "data-reached" not in page, "nobody has been called yet"


def test_where_the_customer_is_called_first_the_page_says_so_and_asks_nothing(desk: DeskHouse) -> None:
    shipped = shipped_policy()
    text = shipped.text.replace("  - name: billing\n", "  - name: billing\n    callback: {first: customer}\n")
    with desk.database.writing() as session:
        put_in_force(session, text, desk.clock.now(), "test")
        session.commit()
    place = promised(desk, picked_up=False, state=TaskState.CALLED)
    browser = desk.browser("dewi")
    page = browser.get("/desk").text
    assert "Calling 0811-2345-678 first" in page
    assert 'id="answer"' not in page
    on_line = replace(place_of(task_of(desk, place.interaction_id)), channel="PJSIP/trunk-1")
    desk.store.redis.hset("halo:taken", place.interaction_id, on_line.to_json())
    desk.step(place, Action.RING, Action.ANSWER)
    assert "Calling 0811" not in browser.get("/desk").text
    browser.post("/api/reached", interaction_id=place.interaction_id, reached=False)
    assert task_of(desk, place.interaction_id).state == TaskState.CALLED, "they have said so themselves"
    assert desk.events(EventKind.CALLBACK_MISSED) == []


def test_while_the_customers_phone_rings_the_page_says_so(desk: DeskHouse) -> None:
    promised(desk, Action.RING, Action.ANSWER, picked_up=False)
    page = desk.browser("dewi").get("/desk").text
    assert "Calling 0811-2345-678" in page
    assert "data-reached" not in page


@pytest.mark.parametrize("actions", [(Action.RING, Action.ANSWER), (Action.RING, Action.ANSWER, Action.HANG_UP)])
@pytest.mark.parametrize(("reached", "kind"), [(True, EventKind.INTERACTION_ANSWERED), (False, EventKind.CALLBACK_MISSED)])
def test_the_agent_says_whether_it_was_the_customer(
    desk: DeskHouse, actions: tuple[Action, ...], reached: bool, kind: EventKind
) -> None:
    place = promised(desk, *actions)
    browser = desk.browser("dewi")
    assert "Did you reach them?" in browser.get("/desk").text
    answer = browser.post("/api/reached", interaction_id=place.interaction_id, reached=reached)
    assert ("The promise is kept" if reached else "Next try") in answer.json["html"]
    browser.post("/api/reached", interaction_id=place.interaction_id, reached=reached)
    assert len(desk.events(kind)) == 1
    task = task_of(desk, place.interaction_id)
    assert (task.state, task.tries) == ((TaskState.DONE, 0) if reached else (TaskState.OPEN, 1))
    assert desk.events(EventKind.CALLBACK_MISSED) == [] or desk.events(EventKind.CALLBACK_MISSED)[0].data["why"] == "voicemail"


def test_of_a_call_that_is_not_in_hand_nobody_says_anything(desk: DeskHouse) -> None:
    place = promised(desk, Action.RING, Action.ANSWER)
    other, ordinary = desk.browser("rizky"), desk.reserve("1002")
    other.get("/desk")
    for interaction_id in (place.interaction_id, ordinary.interaction_id):
        assert other.post("/api/reached", interaction_id=interaction_id, reached=True).status_code == 404
    assert task_of(desk, place.interaction_id).state == TaskState.TAKEN


def test_the_list_shows_who_is_called_by_itself_and_counts_only_what_people_must_do(dialling_desk: DeskHouse) -> None:
    desk, now = dialling_desk, dialling_desk.clock.now()
    place = Place(new_id(), "billing", now, "")
    with desk.database.writing() as session:
        add_callback_task(session, CallbackWish(place.interaction_id, NUMBER, "billing", "id", now, place=place.to_json()), now)
        session.commit()
    browser = desk.browser("dewi")
    page = browser.get("/callbacks").text
    task = task_of(desk, place.interaction_id)
    assert "Called by themselves" in page
    assert f'id="promise-{task.id}"' in page
    assert 'data-open="0"' in page
    browser.post(f"/callbacks/{task.id}/take")
    assert task_of(desk, place.interaction_id).next_at is None, "whoever takes it makes the call by hand"


@pytest.fixture
def dialling_desk(desk: DeskHouse) -> DeskHouse:
    """A desk whose Halo has a trunk to call customers by."""
    here = desk.app.extensions["halo"]
    desk.app.extensions["halo"] = replace(here, settings=here.settings.model_copy(update={"outbound_trunk": "carrier"}))
    return desk


def test_a_promise_of_the_list_is_made_at_the_time_that_the_customer_wants(dialling_desk: DeskHouse) -> None:
    desk, now = dialling_desk, dialling_desk.clock.now()
    with desk.database.writing() as session:
        task_id = add_callback_task(session, CallbackWish(new_id(), NUMBER, "billing", "id", now + timedelta(hours=2)), now)
        session.commit()
    browser, at = desk.browser("dewi"), now + timedelta(days=1)
    assert "datetime-local" in browser.get("/callbacks").text
    form = {"csrf_token": browser.token, "at": at_text(at)}
    browser.client.post(f"/callbacks/{task_id}/later", data=form)
    with desk.database.reading() as session:
        task = session.get_one(CallbackTask, task_id)
    assert (task.state, task.next_at, task.due_at) == (TaskState.OPEN, at, at)
    place = place_of(task)
    assert (place.queued_at, place.priority, place.callback, place.ani) == (at, FIRST, task_id, NUMBER)
    assert desk.events(EventKind.CALLBACK_TASK_CHANGED)[-1].data["change"] == "put_off"


def test_the_customer_of_the_call_in_hand_is_called_again_as_a_promise_of_its_own(dialling_desk: DeskHouse) -> None:
    desk = dialling_desk
    place, browser = desk.reserve(), desk.browser("dewi")
    desk.step(place, Action.RING, Action.ANSWER, Action.HANG_UP)
    assert f'data-again="{place.interaction_id}"' in browser.get("/desk").text
    at = desk.clock.now() + timedelta(hours=3)
    answer = browser.post("/api/call-again", interaction_id=place.interaction_id, at=at_text(at))
    assert "They are called on" in answer.json["words"]
    with desk.database.reading() as session:
        [task] = session.scalars(select(CallbackTask))
    assert task.interaction_id != place.interaction_id
    assert (task.number, task.next_at, task.customer_id) == (NUMBER, at, desk.customer_id)


@pytest.mark.parametrize("at", ["", "soon", "2026-03-02T11:59", "2027-03-02T12:00", "9999-12-31T23:59"])
def test_a_time_that_is_none_is_refused(dialling_desk: DeskHouse, at: str) -> None:
    place, browser = dialling_desk.reserve(), dialling_desk.browser("dewi")
    browser.get("/desk")
    assert browser.post("/api/call-again", interaction_id=place.interaction_id, at=at).status_code == 400


def test_without_a_trunk_nobody_is_offered_a_call_that_nobody_could_make(desk: DeskHouse) -> None:
    place, browser = desk.reserve(), desk.browser("dewi")
    desk.step(place, Action.RING, Action.ANSWER, Action.HANG_UP)
    assert "data-again" not in browser.get("/desk").text
    at = at_text(desk.clock.now() + timedelta(hours=3))
    assert browser.post("/api/call-again", interaction_id=place.interaction_id, at=at).status_code == 400
