"""Promised calls that keep a place, on record: who may call, what a try comes to, and who takes a place over."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.clock import VirtualClock
from core.database import Database
from core.ids import new_id
from crm.callback_tasks import (
    CallbackTask,
    CallbackWish,
    TaskState,
    add_callback_task,
    claim_task,
    give_back_forgotten,
    open_count,
    open_tasks,
    release_task,
    taken_tasks,
)
from crm.callback_tries import (
    call_later,
    give_back,
    keep_missed,
    keep_picked_up,
    keep_reached,
    kept_tasks,
    put_off,
    spoke_meanwhile,
    take_for_call,
    take_over,
    was_answered,
)
from crm.contact_history import Interaction
from tests.services.desk_records import database_desk
from tests.unit.ivr.fake_desk import KNOWN_ANI, FakeDesk
from tests.unit.ivr.fake_line import NOW

LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def session(database: Database):
    database_desk(database, FakeDesk(), VirtualClock(NOW))  # and its customers
    with database.writing() as session:
        yield session


def promise(session: Session, place: str = "{}", **about) -> int:
    return add_callback_task(session, CallbackWish(new_id(), KNOWN_ANI, "billing", "id", NOW, place=place, **about), NOW)


def task(session: Session, task_id: int) -> CallbackTask:
    return session.get_one(CallbackTask, task_id, populate_existing=True)


def test_what_keeps_a_place_is_no_work_for_hands(session) -> None:
    promise(session)
    by_hand = promise(session, place="")
    assert [each.id for each in open_tasks(session)] == [by_hand]
    assert open_count(session) == 1
    assert len(kept_tasks(session)) == 1
    assert kept_tasks(session, ["sales"]) == []


def test_a_call_that_the_line_makes_is_not_given_back_by_hand(session) -> None:
    task_id = promise(session)
    assert take_for_call(session, task_id, "1001", NOW)
    assert not claim_task(session, task_id, "1002", NOW)
    assert not release_task(session, task_id, "1001")
    assert give_back_forgotten(session, LATER + timedelta(days=1)) == []
    assert taken_tasks(session) == []


def test_what_is_done_by_hand_or_not_due_is_not_called(session) -> None:
    task_id = promise(session)
    put_off(session, task_id, LATER)
    assert take_for_call(session, task_id, "1001", NOW) is None
    assert claim_task(session, task_id, "1002", NOW)
    assert take_for_call(session, task_id, "1001", LATER) is None


def test_a_try_ends_once(session) -> None:
    task_id = promise(session)
    assert keep_missed(session, task_id, LATER, NOW, even_if_picked_up=False) is None, "none was begun"
    take_for_call(session, task_id, "1001", NOW)
    assert keep_missed(session, task_id, LATER, NOW, even_if_picked_up=False)
    assert keep_missed(session, task_id, LATER, NOW, even_if_picked_up=True) is None
    assert (task(session, task_id).state, task(session, task_id).tries) == (TaskState.OPEN, 1)


def test_a_phone_that_was_answered_is_missed_only_when_the_agent_says_so(session) -> None:
    task_id = promise(session)
    take_for_call(session, task_id, "1001", NOW)
    keep_picked_up(session, task_id, NOW)
    assert keep_missed(session, task_id, LATER, NOW, even_if_picked_up=False) is None
    assert keep_missed(session, task_id, LATER, NOW, even_if_picked_up=True)


def test_after_the_last_try_or_a_talk_nothing_is_left(session) -> None:
    last, reached = promise(session), promise(session)
    for task_id in (last, reached):
        take_for_call(session, task_id, "1001", NOW)
    keep_missed(session, last, None, NOW, even_if_picked_up=False)
    assert keep_reached(session, reached, "1001", NOW)
    assert keep_reached(session, reached, "1001", NOW) is None
    assert kept_tasks(session) == []
    assert {task(session, each).state for each in (last, reached)} == {TaskState.DONE}


@pytest.mark.parametrize(
    ("number", "customer_id", "takes"),
    [(KNOWN_ANI, None, True), ("+628119999999", 7, True), ("+628119999999", None, False), ("", None, False), ("", 8, False)],
)
def test_a_place_is_taken_over_by_its_number_or_its_customer(session, number: str, customer_id: int | None, takes: bool) -> None:
    task_id = promise(session, customer_id=7)
    assert [each.id for each in take_over(session, number, customer_id, LATER)] == ([task_id] if takes else [])
    assert task(session, task_id).state == (TaskState.DONE if takes else TaskState.OPEN)


def test_a_call_at_an_agreed_time_is_not_taken_over_before_it(session) -> None:
    task_id = promise(session, place="")
    assert call_later(session, task_id, "1001", LATER, "{}")
    assert take_over(session, KNOWN_ANI, None, NOW) == []
    assert len(take_over(session, KNOWN_ANI, None, LATER)) == 1


@pytest.mark.parametrize(("on_line", "takes"), [(False, True), (True, False)])
def test_a_customer_who_is_called_first_takes_over_until_they_are_on_the_line(session, on_line: bool, takes: bool) -> None:
    task_id = promise(session)
    assert take_for_call(session, task_id, "1001", NOW, TaskState.CALLED)
    if on_line:
        keep_picked_up(session, task_id, NOW)
    assert len(take_over(session, KNOWN_ANI, None, LATER)) == takes
    assert not claim_task(session, task_id, "1002", LATER)


def test_a_try_of_a_customer_who_is_called_first_ends_once_and_may_be_given_back(session) -> None:
    task_id = promise(session)
    take_for_call(session, task_id, "1001", NOW, TaskState.CALLED)
    give_back(session, task_id)
    assert (task(session, task_id).state, task(session, task_id).tries) == (TaskState.OPEN, 0)
    take_for_call(session, task_id, "1001", NOW, TaskState.CALLED)
    keep_picked_up(session, task_id, NOW)
    assert keep_missed(session, task_id, LATER, NOW, even_if_picked_up=True)
    assert keep_missed(session, task_id, LATER, NOW, even_if_picked_up=True) is None
    assert (task(session, task_id).state, task(session, task_id).picked_up_at) == (TaskState.OPEN, None)


@pytest.mark.parametrize(("minutes", "answered"), [(5, True), (-5, False), (None, False)])
def test_whether_an_agent_had_the_customer_who_was_called_first_is_on_record(session, minutes: int | None, answered: bool) -> None:
    task_id = promise(session)
    take_for_call(session, task_id, "1001", NOW, TaskState.CALLED)
    at = None if minutes is None else NOW + timedelta(minutes=minutes)
    own = task(session, task_id).interaction_id
    session.add(Interaction(id=own, ani=KNOWN_ANI, started_at=NOW, answered_at=at, ivr_path=[], queue="", outcome=""))
    session.flush()
    assert was_answered(session, task(session, task_id)) is answered


def test_what_somebody_else_has_taken_is_not_put_off(session) -> None:
    task_id = promise(session, place="")
    claim_task(session, task_id, "1002", NOW)
    assert not call_later(session, task_id, "1001", LATER, "{}")
    assert call_later(session, task_id, "1002", LATER, "{}")


@pytest.mark.parametrize(("minutes", "own", "spoke"), [(5, False, True), (-5, False, False), (5, True, False)])
def test_who_had_an_agent_since_is_not_called(session, minutes: int, own: bool, spoke: bool) -> None:
    task_id = promise(session)
    interaction_id = task(session, task_id).interaction_id if own else new_id()
    at = NOW + timedelta(minutes=minutes)
    session.add(Interaction(id=interaction_id, ani=KNOWN_ANI, started_at=NOW, answered_at=at, ivr_path=[], queue="", outcome=""))
    session.flush()
    assert spoke_meanwhile(session, task(session, task_id)) is spoke


@pytest.mark.parametrize("picked_up", [True, False])
def test_who_was_reached_for_another_promise_is_not_called_for_this_one(session, picked_up: bool) -> None:
    first, second = promise(session), promise(session)
    take_for_call(session, first, "1001", NOW)
    if picked_up:
        keep_picked_up(session, first, LATER)
    keep_reached(session, first, "1001", LATER)
    assert spoke_meanwhile(session, task(session, second)) is picked_up
