"""The page of promised calls: who sees which, one taker for each, recordings for those who may hear them."""

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from agent_desktop.accounts import User
from core.events import EventKind
from core.ids import new_id
from crm.callback_tasks import CallbackTask, CallbackWish, TaskState, add_callback_task
from crm.recordings import TranscriptKind
from crm.surveys import SurveyAnswer, save_survey
from routing.agents import AgentSkill
from tests.services.desk_house import Browser, DeskHouse


def wish(desk: DeskHouse, queue: str = "billing", recording: str = "", due_in_h: float = 2, customer: bool = True) -> int:
    now = desk.clock.now()
    with desk.database.writing() as session:
        task = add_callback_task(
            session,
            CallbackWish(
                new_id(), "+628112345678", queue, "id", now + timedelta(hours=due_in_h), desk.customer_id if customer else None,
                "bill:INV-7", recording,
            ),
            now,
        )  # fmt: skip
        session.commit()
        return task


def browsers(desk: DeskHouse) -> list[Browser]:
    """Two agents who look at the list."""
    both = [desk.browser("dewi"), desk.browser("rizky")]
    for browser in both:
        browser.get("/callbacks")
    return both


def take_away(browser: Browser, task: int, taker: str) -> TestResponse:
    return browser.client.post(f"/callbacks/{task}/take_away", data={"csrf_token": browser.token, "taker": taker})


def state_of(desk: DeskHouse, task: int) -> tuple[str, str]:
    with desk.database.reading() as session:
        found = session.scalars(select(CallbackTask).where(CallbackTask.id == task)).one()
        return found.state, found.agent_id


def test_an_agent_sees_the_queues_they_can_serve_and_a_supervisor_sees_all(desk: DeskHouse) -> None:
    billing, technical = wish(desk), wish(desk, "technical")
    agent, supervisor = desk.browser("dewi").get("/callbacks").text, desk.browser("sari").get("/callbacks").text
    assert f'id="promise-{billing}"' in agent
    assert f'id="promise-{technical}"' not in agent
    assert all(f'id="promise-{task}"' in supervisor for task in (billing, technical))


def test_of_two_who_take_it_one_has_it_and_the_other_is_told(desk: DeskHouse) -> None:
    task = wish(desk, "general")
    first, second = browsers(desk)
    assert first.post(f"/callbacks/{task}/take").status_code == 302
    second.post(f"/callbacks/{task}/take")
    assert state_of(desk, task) == (TaskState.TAKEN, "1001")
    assert "A colleague was quicker" in second.get("/callbacks").text
    assert f'id="promise-{task}"' in first.get("/callbacks").text
    assert f'id="promise-{task}"' not in second.get("/callbacks").text


def test_a_promise_can_be_given_back_and_be_kept_by_another(desk: DeskHouse) -> None:
    task = wish(desk, "general")
    first, second = browsers(desk)
    first.post(f"/callbacks/{task}/take")
    first.post(f"/callbacks/{task}/give_back")
    second.post(f"/callbacks/{task}/take")
    second.post(f"/callbacks/{task}/done")
    assert state_of(desk, task) == (TaskState.DONE, "1002")
    assert "Everybody who asked" in second.get("/callbacks").text


def test_a_supervisor_sees_who_has_a_promise_and_opens_it_again(desk: DeskHouse) -> None:
    task = wish(desk)
    agent, supervisor = desk.browser("dewi"), desk.browser("sari")
    agent.get("/callbacks")
    agent.post(f"/callbacks/{task}/take")
    page = supervisor.get("/callbacks").text
    assert "Taken, not made yet" in page
    assert "Dewi Anggraini" in page
    assert "Taken, not made yet" not in desk.browser("rizky").get("/callbacks").text

    assert take_away(supervisor, task, "1002").status_code == 302
    assert state_of(desk, task) == (TaskState.TAKEN, "1001"), "it is opened for the agent whom the page showed, and no other"
    assert "changed hands" in supervisor.get("/callbacks").text
    take_away(supervisor, task, "1001")
    assert state_of(desk, task) == (TaskState.OPEN, "")
    assert desk.events(EventKind.CALLBACK_TASK_CHANGED)[-1].data == {"queue": "billing", "change": "give_back"}


def test_no_agent_takes_a_promise_away_from_another(desk: DeskHouse) -> None:
    task = wish(desk)
    first, second = browsers(desk)
    first.post(f"/callbacks/{task}/take")
    assert take_away(second, task, "1001").status_code == 403
    assert state_of(desk, task) == (TaskState.TAKEN, "1001")


def test_what_is_overdue_says_so_and_hostile_names_stay_text(desk: DeskHouse) -> None:
    wish(desk, due_in_h=-1)
    page = desk.browser("dewi").get("/callbacks").text
    assert "Overdue since" in page
    assert "<script>alert" not in page


def test_a_message_is_heard_from_the_folder_of_recordings_and_from_nowhere_else(desk: DeskHouse, tmp_path: Path) -> None:
    folder = desk.app.extensions["halo"].settings.recordings_folder
    folder.mkdir(parents=True)
    (folder / "said.wav").write_bytes(b"RIFF")
    (tmp_path / "secret.env").write_text("x", encoding="utf-8")
    heard, stolen = wish(desk, recording=str(folder / "said.wav")), wish(desk, recording=str(folder / ".." / "secret.env"))
    browser = desk.browser("dewi")
    assert browser.get(f"/callbacks/{heard}/recording").status_code == 200
    assert browser.get(f"/callbacks/{stolen}/recording").status_code == 404
    assert browser.get(f"/callbacks/{wish(desk)}/recording").status_code == 404
    assert browser.get("/callbacks/9999/recording").status_code == 404


def test_an_agent_hears_the_comment_on_the_card_and_a_supervisor_all(desk: DeskHouse) -> None:
    folder = desk.app.extensions["halo"].settings.recordings_folder
    folder.mkdir(parents=True)
    (folder / "said.wav").write_bytes(b"RIFF")
    customer_id = desk.customer_id
    with desk.database.writing() as session:
        for days, whose in ((3, customer_id), (1, customer_id), (2, None)):
            at = desk.clock.now() - timedelta(days=days)
            save_survey(session, new_id(), whose, at, score=5, comment_recording=str(folder / "said.wav"))
        session.commit()
        older, newest, strangers = session.scalars(select(SurveyAnswer.id).order_by(SurveyAnswer.id)).all()
    agent, supervisor = desk.browser("dewi"), desk.browser("sari")
    heard = [agent.get(f"/callbacks/comments/{survey}").status_code for survey in (newest, older, strangers, 9999)]
    assert heard == [200, 404, 404, 404]
    heard = [supervisor.get(f"/callbacks/comments/{survey}").status_code for survey in (newest, older, strangers, 9999)]
    assert heard == [200, 200, 200, 404]


def test_a_message_that_no_model_can_listen_to_says_so(desk: DeskHouse) -> None:
    task = wish(desk, recording="/r/1.wav")
    with desk.database.writing() as session:
        session.execute(update(CallbackTask).where(CallbackTask.id == task).values(transcript_kind=TranscriptKind.NO_MODEL))
        session.commit()
    browser = desk.browser("dewi")
    assert "No speech model for this language is installed" in browser.get("/callbacks").text
    assert "Not written down yet" not in browser.page


def test_a_long_transcript_is_folded_and_can_be_opened_in_whole(desk: DeskHouse) -> None:
    long, short = "tagihan saya belum dibayar " * 40 + "selesai", "status pesanan"
    for said in (long, short):
        task = wish(desk, recording="/r/1.wav")
        with desk.database.writing() as session:
            session.execute(
                update(CallbackTask).where(CallbackTask.id == task).values(transcript=said, transcript_kind=TranscriptKind.FULL)
            )
            session.commit()
    page = desk.browser("dewi").get("/callbacks").text
    (folded,) = re.findall(r"<details.*?</details>", page, re.DOTALL)
    beginning, whole = re.findall(r"<q[^>]*>(.*?)</q>", folded, re.DOTALL)
    assert whole == long
    assert long.startswith(beginning.removesuffix("…"))
    assert len(beginning) <= 240
    assert "Show all" in folded.partition("</summary>")[0]
    assert page.count(f">{short}</q>") == 1


def test_a_message_in_which_a_card_number_was_said_is_marked(desk: DeskHouse) -> None:
    task, _other = wish(desk, recording="/r/1.wav"), wish(desk, recording="/r/2.wav")
    with desk.database.writing() as session:
        session.execute(update(CallbackTask).where(CallbackTask.id == task).values(may_hold_card=True))
        session.commit()
    assert desk.browser("dewi").get("/callbacks").text.count(">May hold a card number<") == 1


def test_an_agent_has_nothing_of_another_teams_promises_by_a_guessed_number(desk: DeskHouse) -> None:
    folder = desk.app.extensions["halo"].settings.recordings_folder
    folder.mkdir(parents=True)
    (folder / "said.wav").write_bytes(b"RIFF")
    theirs = wish(desk, "technical", recording=str(folder / "said.wav"))
    agent, supervisor = desk.browser("dewi"), desk.browser("sari")
    agent.get("/callbacks")
    assert agent.get(f"/callbacks/{theirs}/recording").status_code == 404
    assert agent.post(f"/callbacks/{theirs}/take").status_code == 404
    assert state_of(desk, theirs) == (TaskState.OPEN, "")
    assert supervisor.get(f"/callbacks/{theirs}/recording").status_code == 200


def test_who_took_a_promise_keeps_it_when_their_skills_change(desk: DeskHouse) -> None:
    task = wish(desk)
    agent = desk.browser("dewi")
    agent.get("/callbacks")
    agent.post(f"/callbacks/{task}/take")
    with desk.database.writing() as session:
        session.execute(delete(AgentSkill).where(AgentSkill.agent_id == "1001"))
        session.commit()
    assert agent.post(f"/callbacks/{task}/done").status_code == 302
    assert state_of(desk, task) == (TaskState.DONE, "1001")


def test_an_account_whose_agent_is_gone_sees_no_promise(desk: DeskHouse) -> None:
    task = wish(desk, "general")
    agent = desk.browser("dewi")
    with desk.database.writing() as session:
        session.execute(update(User).where(User.agent_id == "1001").values(agent_id=None))
        session.commit()
    assert f'id="promise-{task}"' not in agent.get("/callbacks").text
    assert agent.get(f"/callbacks/{task}/recording").status_code == 404


def test_it_is_no_page_for_planners_or_strangers(desk: DeskHouse) -> None:
    assert desk.browser("plan").get("/callbacks").status_code == 403
    assert desk.browser().get("/callbacks").status_code == 302
