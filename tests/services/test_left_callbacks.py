"""A promised call is not held by somebody who has gone home."""

from datetime import timedelta

from sqlalchemy import select

from core.events import Event
from core.ids import new_id
from crm.callback_tasks import CallbackTask, CallbackWish, add_callback_task, claim_task, finish_task
from launch.left_callbacks import give_back_left
from routing.leaving import AWAY_AFTER
from tests.services.desk_house import DeskHouse


def taken_by(desk: DeskHouse, agent_id: str) -> int:
    now = desk.clock.now()
    with desk.database.writing() as session:
        task = add_callback_task(session, CallbackWish(new_id(), "+628112345678", "billing", "id", now + timedelta(hours=2)), now)
        assert claim_task(session, task, agent_id, now)
        session.commit()
        return task


def holders(desk: DeskHouse) -> dict[int, tuple[str, str]]:
    with desk.database.reading() as session:
        return {task.id: (task.state, task.agent_id) for task in session.scalars(select(CallbackTask))}


def test_who_logs_out_leaves_their_calls_to_the_others(desk: DeskHouse) -> None:
    for agent_id in ("1001", "1002"):
        desk.changes.log_in(agent_id)
    left, done, kept = taken_by(desk, "1001"), taken_by(desk, "1001"), taken_by(desk, "1002")
    with desk.database.writing() as session:
        finish_task(session, done, "1001", desk.clock.now())
        session.commit()
    told: list[Event] = []

    assert give_back_left(desk.database, desk.store, desk.clock.now(), told.append) == 0
    desk.clock.advance(60)
    desk.changes.log_out("1001")
    assert give_back_left(desk.database, desk.store, desk.clock.now(), told.append) == 1
    assert give_back_left(desk.database, desk.store, desk.clock.now(), told.append) == 0

    assert holders(desk) == {left: ("open", ""), done: ("done", "1001"), kept: ("taken", "1002")}
    assert [(event.data["queue"], event.data["change"]) for event in told] == [("billing", "give_back")]


def test_who_closes_the_page_keeps_them_for_an_hour(desk: DeskHouse) -> None:
    desk.changes.log_in("1001")
    task = taken_by(desk, "1001")
    desk.clock.advance(AWAY_AFTER.total_seconds() - 60)
    assert give_back_left(desk.database, desk.store, desk.clock.now(), lambda _: None) == 0
    desk.clock.advance(120)
    assert give_back_left(desk.database, desk.store, desk.clock.now(), lambda _: None) == 1
    assert holders(desk) == {task: ("open", "")}
