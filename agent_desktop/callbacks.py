"""Promised calls: who waits to be called back, what they said, and who has taken it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import SUPERVISING_ROLES, Role
from agent_desktop.languages import language_here
from agent_desktop.later_calls import may_be_later
from agent_desktop.promises import ROLES, queues_of
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.texts import _
from core.errors import NotFound
from core.log import get_log
from crm.callback_tasks import (
    CallbackTask,
    TaskState,
    claim_task,
    finish_task,
    open_tasks,
    release_task,
    taken_tasks,
    tasks_of,
)
from crm.callback_tries import kept_tasks
from crm.customers import Customer
from crm.surveys import SurveyAnswer, last_answer
from ivr.callback_news import task_changed, tell_pages
from routing.agents import load_profiles

blueprint = Blueprint("callbacks", __name__, url_prefix="/callbacks")
_MOST_SHOWN = 100
_log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class PromisedCall:
    """One promise as the page shows it."""

    id: int
    name: str
    number: str
    queue: str
    reason: str
    language: str
    due_at: datetime
    late: bool
    has_recording: bool
    transcript: str
    transcript_kind: str
    may_hold_card: bool
    mine: bool
    taker_id: str
    taker: str
    taken_at: datetime | None
    next_at: datetime | None
    tries: int
    may_be_later: bool


@blueprint.get("")
@needs_role(*ROLES)
def page() -> ResponseReturnValue:
    return render_template("callbacks.html", kept_days=services().settings.recordings_kept_days, **_lists())


@blueprint.get("/list")
@needs_role(*ROLES)
def list_alone() -> ResponseReturnValue:
    """The lists without their page, to be put in the place of those before."""
    return render_template("callbacks_list.html", **_lists())


def _lists() -> dict[str, object]:
    user = user_here()
    queues = queues_of(user)
    with services().database.reading() as session:
        mine = tasks_of(session, user.agent_id) if user.agent_id else []
        waiting = open_tasks(session, queues, _MOST_SHOWN)
        taken = taken_tasks(session, _MOST_SHOWN) if user.role in SUPERVISING_ROLES else []
        return {
            "mine": _shown(session, mine, True), "waiting": _shown(session, waiting, False),
            "taken": _shown(session, taken, False), "may_take": bool(user.agent_id),
            "kept": _shown(session, kept_tasks(session, queues)[:_MOST_SHOWN], False),
        }  # fmt: skip


@blueprint.post("/<int:task_id>/<any(take, give_back, done):step>")
@needs_role(Role.AGENT)
def change(task_id: int, step: str) -> ResponseReturnValue:
    user, here = user_here(), services()
    agent_id, now = user.agent_id or "", here.clock.now()
    queues = queues_of(user)
    with here.database.writing() as session:
        task = _task(session, task_id, queues)
        news = task_changed(task.interaction_id, task.queue, step, now)
        match step:
            case "take":
                changed = claim_task(session, task_id, agent_id, now)
            case "give_back":
                changed = release_task(session, task_id, agent_id)
            case _:
                changed = finish_task(session, task_id, agent_id, now)
        session.commit()
    if changed:
        tell_pages(services().bus.publish, news)
    else:
        flash(_("A colleague was quicker. The list is up to date now."))
    return redirect(url_for("callbacks.page"))


@blueprint.post("/<int:task_id>/take_away")
@needs_role(*SUPERVISING_ROLES)
def take_away(task_id: int) -> ResponseReturnValue:
    """Open a call again that an agent has taken and does not make; only while this agent still has it."""
    here, now, user = services(), services().clock.now(), user_here()
    with here.database.writing() as session:
        task = _task(session, task_id, None)
        news = task_changed(task.interaction_id, task.queue, "give_back", now)
        changed = release_task(session, task_id, request.form.get("taker", ""))
        session.commit()
    if changed:
        _log.info("callback_taken_away", interaction_id=news.interaction_id, user_id=user.id)
        tell_pages(services().bus.publish, news)
    else:
        flash(_("This call has changed hands meanwhile. The list is up to date now."))
    return redirect(url_for("callbacks.page"))


@blueprint.get("/<int:task_id>/recording")
@needs_role(*ROLES)
def recording(task_id: int) -> ResponseReturnValue:
    queues = queues_of(user_here())
    with services().database.reading() as session:
        return _sound(Path(_task(session, task_id, queues).recording))


@blueprint.get("/comments/<int:survey_id>")
@needs_role(*ROLES)
def comment(survey_id: int) -> ResponseReturnValue:
    """What a customer said after the score. Agents hear what stands on the customer's card, nothing older and no stranger's."""
    with services().database.reading() as session:
        answer = session.get(SurveyAnswer, survey_id)
        if answer is None or (user_here().role not in SUPERVISING_ROLES and not _is_on_card(session, answer)):
            raise NotFound("There is no such comment.", "Open the customer's card again.")
        return _sound(Path(answer.comment_recording))


def _is_on_card(session: Session, answer: SurveyAnswer) -> bool:
    return answer.customer_id is not None and last_answer(session, answer.customer_id) is answer


def _sound(file: Path) -> Response:
    folder = services().settings.recordings_folder.resolve()
    if not file.is_file() or not file.resolve().is_relative_to(folder):
        raise NotFound("The recording is not there any more.", "What it said may be written down beside it.")
    return send_file(file.resolve(), mimetype="audio/wav", conditional=True, max_age=0)


def _task(session: Session, task_id: int, queues: list[str] | None) -> CallbackTask:
    """A promise of these queues, or of all: an agent has none of other teams'. One's own stays, whatever the skills are now."""
    task = session.get(CallbackTask, task_id)
    if task is None or (queues is not None and task.queue not in queues and task.agent_id != user_here().agent_id):
        raise NotFound("There is no such promised call.", "Open the list again.")
    return task


def _shown(session: Session, tasks: list[CallbackTask], mine: bool) -> list[PromisedCall]:
    now = services().clock.now()
    takers = load_profiles(session) if any(task.agent_id for task in tasks) else {}
    labels = {queue.name: queue.label_in(language_here()) for queue in services().policy().queues}
    shown = []
    for task in tasks:
        customer = session.get(Customer, task.customer_id) if task.customer_id else None
        name = f"{customer.honorific} {customer.name}".strip() if customer else ""
        taker = takers.get(task.agent_id)
        shown.append(
            PromisedCall(
                task.id, name, task.number, labels.get(task.queue, task.queue), task.reason, task.language, task.due_at,
                task.due_at < now, bool(task.recording), task.transcript, task.transcript_kind,
                task.may_hold_card,
                mine and task.state == TaskState.TAKEN, task.agent_id, taker.name if taker else task.agent_id, task.taken_at,
                task.next_at, task.tries, may_be_later(task.number),
            )
        )  # fmt: skip
    return shown
