"""Promised calls: who waits to be called back, what they said, and who has taken it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import Role
from agent_desktop.languages import language_here
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.texts import _
from core.errors import NotFound
from crm.callback_tasks import CallbackTask, TaskState, claim_task, finish_task, open_tasks, release_task, tasks_of
from crm.customers import Customer
from routing.agents import load_profiles
from routing.skills import missing_skill

blueprint = Blueprint("callbacks", __name__, url_prefix="/callbacks")
_ROLES = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN)
_MOST_SHOWN = 100


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
    mine: bool


@blueprint.get("")
@needs_role(*_ROLES)
def page() -> ResponseReturnValue:
    user, here = user_here(), services()
    with here.database.reading() as session:
        mine = tasks_of(session, user.agent_id) if user.agent_id else []
        waiting = open_tasks(session, _queues_of(session, user.agent_id), _MOST_SHOWN)
        return render_template(
            "callbacks.html", mine=_shown(session, mine, True), waiting=_shown(session, waiting, False),
            may_take=bool(user.agent_id),
        )  # fmt: skip


@blueprint.post("/<int:task_id>/<any(take, give_back, done):step>")
@needs_role(Role.AGENT)
def change(task_id: int, step: str) -> ResponseReturnValue:
    user, here = user_here(), services()
    agent_id, now = user.agent_id or "", here.clock.now()
    with here.database.writing() as session:
        _task(session, task_id)
        match step:
            case "take":
                changed = claim_task(session, task_id, agent_id, now)
            case "give_back":
                changed = release_task(session, task_id, agent_id)
            case _:
                changed = finish_task(session, task_id, agent_id, now)
        session.commit()
    if not changed:
        flash(_("A colleague was quicker. The list is up to date now."))
    return redirect(url_for("callbacks.page"))


@blueprint.get("/<int:task_id>/recording")
@needs_role(*_ROLES)
def recording(task_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        file = Path(_task(session, task_id).recording)
    folder = services().settings.recordings_folder.resolve()
    if not file.is_file() or not file.resolve().is_relative_to(folder):
        raise NotFound("The recording is not there any more.", "Call the customer back all the same.")
    return send_file(file.resolve(), mimetype="audio/wav", conditional=True, max_age=0)


def _task(session: Session, task_id: int) -> CallbackTask:
    task = session.get(CallbackTask, task_id)
    if task is None:
        raise NotFound("There is no such promised call.", "Open the list again.")
    return task


def _queues_of(session: Session, agent_id: str | None) -> list[str] | None:
    """The queues that this agent has the skills for; None, which means all, for somebody who is no agent."""
    if not agent_id:
        return None
    profile = load_profiles(session).get(agent_id)
    proficiencies = profile.proficiencies if profile else {}
    return [queue.name for queue in services().queues.queues if missing_skill(queue.requires, proficiencies, 0) is None]


def _shown(session: Session, tasks: list[CallbackTask], mine: bool) -> list[PromisedCall]:
    now = services().clock.now()
    labels = {queue.name: queue.label_in(language_here()) for queue in services().queues.queues}
    shown = []
    for task in tasks:
        customer = session.get(Customer, task.customer_id) if task.customer_id else None
        name = f"{customer.honorific} {customer.name}".strip() if customer else ""
        shown.append(
            PromisedCall(
                task.id, name, task.number, labels.get(task.queue, task.queue), task.reason, task.language, task.due_at,
                task.due_at < now, bool(task.recording), task.transcript, mine and task.state == TaskState.TAKEN,
            )
        )  # fmt: skip
    return shown
