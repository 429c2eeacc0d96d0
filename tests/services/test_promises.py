"""What people of ours have to do: call-back tasks with one taker, tickets with numbers of their own, answers of surveys."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.clock import VirtualClock
from core.database import Database
from core.ids import new_id
from crm.callback_tasks import (
    CallbackTask,
    CallbackWish,
    add_callback_task,
    claim_task,
    finish_task,
    open_tasks,
    release_task,
)
from crm.customers import Consent
from crm.recordings import CallerRecording, Source, TranscriptKind, keep_transcript
from crm.surveys import SurveyAnswer, last_answer, save_survey, survey_asked, wants_survey
from crm.tickets import Ticket, TicketStatus, TicketSubject, open_ticket
from ivr.database_desk import DatabaseDesk
from tests.services.crowd import at_once, times
from tests.services.desk_records import database_desk
from tests.unit.ivr.fake_desk import KNOWN_ANI, FakeDesk
from tests.unit.ivr.fake_line import NOW


@pytest.fixture
def desk(database: Database) -> DatabaseDesk:
    return database_desk(database, FakeDesk(), VirtualClock(NOW))


def wish(queue: str = "billing", due_in_h: float = 4) -> CallbackWish:
    return CallbackWish(new_id(), KNOWN_ANI, queue, "id", NOW + timedelta(hours=due_in_h), 7, "voicemail", "voicemail/1.wav")


def test_of_several_agents_who_take_a_task_one_has_it(desk: DatabaseDesk, database: Database) -> None:
    task_id = desk.add_callback_task(wish(), NOW)

    def take(agent_id: str) -> bool:
        with database.writing() as session:
            won = claim_task(session, task_id, agent_id, NOW)
            session.commit()
            return won

    agents = [f"100{number}" for number in range(6)]
    won = at_once(*(lambda agent=agent: take(agent) for agent in agents))
    assert won.count(True) == 1
    assert take(agents[won.index(True)])  # asked again: still theirs
    with database.reading() as session:
        assert open_tasks(session) == []


def test_only_who_has_a_task_gives_it_back_or_finishes_it(desk: DatabaseDesk, database: Database) -> None:
    task_id = desk.add_callback_task(wish(), NOW)
    with database.writing() as session:
        assert not finish_task(session, task_id, "1001", NOW)
        assert claim_task(session, task_id, "1001", NOW)
        assert not release_task(session, task_id, "1002")
        assert not finish_task(session, task_id, "1002", NOW)
        assert release_task(session, task_id, "1001")
        assert claim_task(session, task_id, "1002", NOW)
        assert finish_task(session, task_id, "1002", NOW + timedelta(hours=1))
        assert finish_task(session, task_id, "1002", NOW + timedelta(hours=2))
        assert not claim_task(session, task_id, "1001", NOW)
        task = session.get_one(CallbackTask, task_id, populate_existing=True)
        assert (task.state, task.agent_id, task.done_at) == ("done", "1002", NOW + timedelta(hours=1))


def test_open_tasks_come_first_due_first_and_by_queue(database: Database, desk: DatabaseDesk) -> None:
    wishes = [wish("billing", 4), wish("sales", 1), wish("billing", 2)]
    with database.writing() as session:
        for each in wishes:
            add_callback_task(session, each, NOW)
        sales = CallerRecording(Source.TASK, wishes[1].interaction_id, Path("sales.wav"), "id")
        keep_transcript(session, sales, "tolong telepon saya", TranscriptKind.FULL)
        session.commit()
    with database.reading() as session:
        assert [task.interaction_id for task in open_tasks(session)] == [wishes[number].interaction_id for number in (1, 2, 0)]
        assert [task.queue for task in open_tasks(session, ["billing"])] == ["billing"] * 2
        assert open_tasks(session, limit=1)[0].transcript == "tolong telepon saya"
        assert open_tasks(session, []) == []


def test_the_same_ticket_wished_at_once_is_opened_once(desk: DatabaseDesk, database: Database) -> None:
    interaction = new_id()
    opened = at_once(*times(5, lambda: desk.open_ticket(7, TicketSubject.DELIVERY, "id", NOW, interaction)))
    assert len({ticket.number for ticket in opened}) == 1
    with database.reading() as session:
        (ticket,) = session.scalars(select(Ticket))
    assert (ticket.customer_id, ticket.interaction_id, ticket.subject) == (7, interaction, "Masalah pengiriman")
    assert ticket.number == f"T{ticket.id:06d}"


def test_every_subject_has_its_words_and_a_day_by_which_it_is_promised(desk: DatabaseDesk, database: Database) -> None:
    with database.writing() as session:
        for language in ("id", "en"):
            tickets = [open_ticket(session, 7, subject, language, new_id(), NOW) for subject in TicketSubject]
            assert len({ticket.subject for ticket in tickets}) == len(TicketSubject)
            assert all(ticket.due_at and ticket.due_at > NOW for ticket in tickets)


def test_when_all_are_solved_the_last_one_is_told(desk: DatabaseDesk, database: Database) -> None:
    for hours in (0, 1):
        desk.open_ticket(7, TicketSubject.DELIVERY, "id", NOW + timedelta(hours=hours), new_id())
    with database.writing() as session:
        for ticket in session.scalars(select(Ticket)):
            ticket.status, ticket.solved_at = TicketStatus.SOLVED, NOW + timedelta(hours=5)
        session.commit()
    (told,) = desk.tickets(7)
    assert (told.status, told.opened_at, told.solved_at) == ("solved", NOW + timedelta(hours=1), NOW + timedelta(hours=5))


def test_an_answer_comes_in_parts_and_keeps_what_was_there(desk: DatabaseDesk, database: Database) -> None:
    interaction = new_id()
    desk.survey_asked(interaction, 7, NOW)
    desk.survey_asked(interaction, 7, NOW + timedelta(minutes=9))
    desk.save_survey(interaction, 7, NOW + timedelta(minutes=1), score=4)
    desk.save_survey(interaction, 7, NOW + timedelta(minutes=2), comment_recording="surveys/1.wav")
    desk.save_survey(interaction, 7, NOW + timedelta(minutes=3), transcript="cepat sekali")
    with database.reading() as session:
        (answer,) = session.scalars(select(SurveyAnswer))
    assert (answer.score, answer.comment_recording, answer.transcript) == (4, "surveys/1.wav", "cepat sekali")
    assert (answer.asked_at, answer.answered_at) == (NOW, NOW + timedelta(minutes=1))


def test_the_last_score_is_the_newest_that_was_given(desk: DatabaseDesk, database: Database) -> None:
    with database.writing() as session:
        save_survey(session, new_id(), 7, NOW, score=2)
        save_survey(session, new_id(), 7, NOW + timedelta(days=40), score=5)
        survey_asked(session, new_id(), 7, NOW + timedelta(days=80))
        newest = last_answer(session, 7)
        assert newest is not None
        assert newest.score == 5
        assert last_answer(session, 8) is None


@pytest.mark.parametrize(("granted", "wanted"), [(True, True), (False, False), (None, True)])
def test_who_refused_is_never_asked(desk: DatabaseDesk, database: Database, granted: bool | None, wanted: bool) -> None:
    with database.writing() as session:
        session.add(Consent(customer_id=7, purpose="telemarketing", granted=not granted, given_at=NOW))
        if granted is not None:
            session.add(Consent(customer_id=7, purpose="survey", granted=granted, given_at=NOW))
        session.flush()
        assert wants_survey(session, 7, "", NOW, 1, 30, 0) is wanted
