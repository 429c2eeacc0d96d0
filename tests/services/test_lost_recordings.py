"""A recording whose process died before it could say whose it is still reaches somebody, once."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.database import Database
from core.ids import new_id
from crm.callback_tasks import CallbackTask, CallbackWish, TaskState, add_callback_task, open_tasks
from crm.contact_history import Interaction
from crm.surveys import SurveyAnswer, save_survey
from ivr.lost_recordings import QUIET, bring_in_lost, recording_file
from tests.unit.ivr.fake_line import NOW

ENDED = NOW - 2 * QUIET
NONE = frozenset[str]()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "recordings"
    made.mkdir()
    return made


def recorded(folder: Path, interaction_id: str, at: datetime = ENDED, seconds: float = 5) -> Path:
    file = recording_file(folder, interaction_id)
    file.write_bytes(bytes(44 + int(16_000 * seconds)))
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file


def call(database: Database, ended_at: datetime | None = ENDED, answered_at: datetime | None = None) -> str:
    interaction_id = new_id()
    with database.writing() as session:
        session.add(
            Interaction(
                id=interaction_id, ani="+628112345678", language="en", queue="billing", started_at=NOW - timedelta(minutes=9),
                ended_at=ended_at, answered_at=answered_at, agent_id="1001" if answered_at else "",
            )
        )  # fmt: skip
        session.commit()
    return interaction_id


def tasks(database: Database) -> list[CallbackTask]:
    with database.reading() as session:
        return list(session.scalars(select(CallbackTask).order_by(CallbackTask.id)))


def test_a_lost_message_becomes_a_task_of_its_call_once(database: Database, folder: Path) -> None:
    interaction_id = call(database)
    file = recorded(folder, interaction_id)
    assert bring_in_lost(database, folder, NONE, NOW) == [interaction_id]
    assert bring_in_lost(database, folder, NONE, NOW) == []
    (task,) = tasks(database)
    assert (task.interaction_id, task.number, task.language, task.queue) == (interaction_id, "+628112345678", "en", "billing")
    assert task.recording == str(file)


def test_what_the_control_line_left_is_deleted_when_nobody_can_be_speaking_any_more(database: Database, folder: Path) -> None:
    old, fresh = recorded(folder, "", NOW - timedelta(hours=2)), recorded(folder, "", NOW - timedelta(minutes=5))
    assert bring_in_lost(database, folder, NONE, NOW) == []
    assert (old.exists(), fresh.exists()) == (False, True)
    assert tasks(database) == []


@pytest.mark.parametrize("ended_at", [None, NOW - QUIET / 2])
def test_a_call_that_goes_on_or_has_just_ended_is_left_alone(database: Database, folder: Path, ended_at: datetime | None) -> None:
    recorded(folder, call(database, ended_at))
    assert bring_in_lost(database, folder, NONE, NOW) == []
    assert tasks(database) == []


def test_a_file_that_is_just_being_written_is_left_alone(database: Database, folder: Path) -> None:
    recorded(folder, call(database), at=NOW - QUIET / 2)
    assert bring_in_lost(database, folder, NONE, NOW) == []


def test_a_call_that_nobody_knows_has_its_message_heard_after_an_hour(database: Database, folder: Path) -> None:
    file = recorded(folder, new_id())
    assert bring_in_lost(database, folder, NONE, NOW) == []
    assert len(bring_in_lost(database, folder, NONE, NOW + timedelta(hours=1))) == 1
    assert [(task.number, task.recording) for task in tasks(database)] == [("", str(file))]


def test_what_is_on_record_or_waits_to_come_there_is_not_lost(database: Database, folder: Path) -> None:
    interaction_id = call(database)
    known, waiting = recorded(folder, interaction_id), recorded(folder, call(database))
    with database.writing() as session:
        add_callback_task(session, CallbackWish(interaction_id, "", "billing", "id", NOW, recording=str(known)), NOW)
        session.commit()
    assert bring_in_lost(database, folder, frozenset({str(waiting)}), NOW) == []
    assert len(tasks(database)) == 1


def test_a_second_message_of_a_call_is_a_task_of_its_own_and_a_promise_without_one_gets_it(
    database: Database, folder: Path
) -> None:
    spoke_twice, promised = call(database), call(database)
    with database.writing() as session:
        add_callback_task(session, CallbackWish(spoke_twice, "", "billing", "id", NOW, recording="/other.wav"), NOW)
        add_callback_task(session, CallbackWish(promised, "", "billing", "id", NOW), NOW)
        session.commit()
    second, only = recorded(folder, spoke_twice), recorded(folder, promised)
    assert set(bring_in_lost(database, folder, NONE, NOW)) == {spoke_twice, promised}
    assert bring_in_lost(database, folder, NONE, NOW) == []
    assert {task.recording for task in tasks(database)} == {"/other.wav", str(second), str(only)}


def test_what_was_said_in_a_survey_is_its_comment(database: Database, folder: Path) -> None:
    interaction_id = call(database)
    with database.writing() as session:
        save_survey(session, interaction_id, None, NOW, score=5)
        session.commit()
    file = recorded(folder, interaction_id)
    bring_in_lost(database, folder, NONE, NOW)
    with database.reading() as session:
        assert session.scalars(select(SurveyAnswer)).one().comment_recording == str(file)
    assert tasks(database) == []


def test_a_click_is_no_message_and_other_files_are_not_ours(database: Database, folder: Path) -> None:
    click = recorded(folder, call(database), seconds=0.5)
    other = recorded(folder, "")
    assert bring_in_lost(database, folder, NONE, NOW) == []
    assert (click.exists(), other.exists()) == (False, True)
    assert tasks(database) == []


def test_who_reached_a_person_after_the_message_is_not_called_back_and_the_message_stays_with_that_agent(
    database: Database, folder: Path
) -> None:
    answered_at = ENDED - timedelta(minutes=2)
    file = recorded(folder, call(database, answered_at=answered_at))
    bring_in_lost(database, folder, NONE, NOW)
    assert bring_in_lost(database, folder, NONE, NOW) == []
    (task,) = tasks(database)
    assert (task.state, task.agent_id, task.done_at, task.recording) == (TaskState.DONE, "1001", answered_at, str(file))


def test_who_wanted_a_person_after_the_message_and_gave_up_in_line_is_called_back(database: Database, folder: Path) -> None:
    interaction_id = call(database)
    recorded(folder, interaction_id)
    bring_in_lost(database, folder, NONE, NOW)
    with database.reading() as session:
        assert [task.interaction_id for task in open_tasks(session)] == [interaction_id]
