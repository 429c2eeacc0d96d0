"""Calls at a time that the customer chose: from the call in hand, or from the list of promised calls."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import Role
from agent_desktop.json_body import json_body
from agent_desktop.promises import queues_of
from agent_desktop.roles import agent_here, needs_role, user_here
from agent_desktop.services import services
from agent_desktop.texts import _
from core.errors import BadInput, NotFound
from core.ids import new_id
from crm.callback_tasks import CallbackTask, CallbackWish, add_callback_task
from crm.callback_tries import call_later
from crm.phone_numbers import may_be_dialled
from routing.order import FIRST
from routing.place import Place

blueprint = Blueprint("later_calls", __name__)
FARTHEST = timedelta(days=60)
LONGEST_TIME = 16  # 2026-03-02T14:30


def may_be_later(number: str) -> bool:
    """Whether Halo can call this number by itself."""
    settings = services().settings
    return bool(settings.outbound_trunk) and may_be_dialled(number, settings.country)


@blueprint.post("/api/call-again")
@needs_role(Role.AGENT)
def call_again() -> ResponseReturnValue:
    """The customer of the call in hand wants to be called at another time: a promise of its own."""
    here, agent_id, body = services(), agent_here(), json_body()
    interaction_id, at = body.identifier("interaction_id"), chosen_moment(body.text("at", most=LONGEST_TIME))
    place, now = here.store.place(interaction_id), here.clock.now()
    if place is None or here.store.agent(agent_id).interaction_id != interaction_id:
        raise NotFound("That call is not in hand.", "Nothing to do.")
    kept = _place(new_id(), place.queue, at, place.customer_id, place.ani, place.language, place.reason)
    with here.database.writing() as session:
        wish = CallbackWish(
            kept.interaction_id, _dialled(place.ani), place.queue, place.language, at, place.customer_id, place.reason,
            place=kept.to_json(),
        )  # fmt: skip
        task = session.get_one(CallbackTask, add_callback_task(session, wish, now))
        session.commit()
    here.outcomes.changed(task, "kept", now)
    return jsonify(words=_in_words(at))


@blueprint.post("/callbacks/<int:task_id>/later")
@needs_role(Role.AGENT)
def later(task_id: int) -> ResponseReturnValue:
    """A promised call of the list that nobody has, or that is one's own, is made at this time instead."""
    here, agent_id, at = services(), agent_here(), chosen_moment(request.form.get("at", ""))
    queues, now = queues_of(user_here()) or [], here.clock.now()
    with here.database.writing() as session:
        task = _task(session, task_id, queues, agent_id)
        kept = _place(task.interaction_id, task.queue, at, task.customer_id, _dialled(task.number), task.language, task.reason)
        changed = call_later(session, task_id, agent_id, at, kept.to_json())
        session.commit()
    if changed:
        here.outcomes.changed(task, "put_off", now)
        flash(_in_words(at))
    else:
        flash(_("A colleague was quicker. The list is up to date now."))
    return redirect(url_for("callbacks.page"))


def _task(session: Session, task_id: int, queues: list[str], agent_id: str) -> CallbackTask:
    task = session.get(CallbackTask, task_id)
    if task is None or (task.queue not in queues and task.agent_id != agent_id):
        raise NotFound("There is no such promised call.", "Open the list again.")
    return task


def _place(
    interaction_id: str, queue: str, at: datetime, customer_id: int | None, number: str, language: str, reason: str
) -> Place:  # fmt: skip
    """A place from that moment on, before everybody: a time that was agreed is kept."""
    return Place(
        interaction_id, queue, at, "", priority=FIRST, customer_id=customer_id, ani=number, language=language or "id", reason=reason
    )  # fmt: skip


def _dialled(number: str) -> str:
    if not may_be_later(number):
        raise BadInput(_("Halo can't call this number by itself."), _("Take it and call them yourself."))
    return number


def chosen_moment(text: str) -> datetime:
    """The moment that a page's field holds, in the contact center's zone; not past, and not too far away."""
    here = services()
    now = here.clock.now()
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(here.settings.time_zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(_("Choose a day and a time."), "") from None
    if not now < at <= now + FARTHEST:
        raise BadInput(_("Choose a time from now on, within 60 days."), "")
    return at


def _in_words(at: datetime) -> str:
    time = at.astimezone(ZoneInfo(services().settings.time_zone)).strftime("%d.%m. %H:%M")
    return _("They are called on %(time)s.", time=time)
