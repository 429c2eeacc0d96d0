"""The supervisors' page of opening hours: how things are, close now in an emergency, reopen, and one's PIN for the phone."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.hours_view import closing_view, labels_of, schedule_view, where_from
from agent_desktop.languages import LANGUAGES, language_here
from agent_desktop.queue_hours_view import queue_hours_view
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.texts import _
from core.errors import BadInput, HaloError, NotFound
from core.log import get_log
from ivr.closing_end import closing_end
from ivr.closing_recording import keep_recording
from ivr.closings import EVERY_SCHEDULE, LONGEST_TEXT, By, Closing, Message, Way, close_again, close_line, history, in_force, reopen
from ivr.control_pins import control_number, remove_control_pin, set_control_pin
from ivr.hours import in_emergency
from ivr.hours_answer import emergency_message
from ivr.hours_source import OWN_FILE
from ivr.reception import HOTLINE

blueprint = Blueprint("hours", __name__, url_prefix="/hours")
HISTORY_SHOWN = 30
LARGEST_RECORDING_BYTES = 40 * 1024 * 1024  # three minutes as a studio would make them
ALL = "all"
_log = get_log(__name__)


class _Refused(Exception):
    """The form can't be followed; the text says why, in the reader's language."""


@blueprint.get("")
@needs_role(*SUPERVISING_ROLES)
def page() -> ResponseReturnValue:
    return _page()


@blueprint.post("/close")
@needs_role(*SUPERVISING_ROLES)
def close() -> ResponseReturnValue:
    here = services()
    now = here.clock.now()
    try:
        schedule, until, message = _schedule(), _until(now), _message()
    except _Refused as refused:
        return _page(problem=str(refused)), 400
    with here.database.writing() as session:
        closing = close_line(session, schedule, until, message, _by(), now)
        session.commit()
    _log.warning("line_closed", schedule=schedule or ALL, way=Way.PAGE.value)
    _speak_already(closing)
    flash(_("Closed. The next caller hears the message."))
    return redirect(url_for("hours.page"))


@blueprint.post("/<int:closing_id>/reopen")
@needs_role(*SUPERVISING_ROLES)
def reopen_it(closing_id: int) -> ResponseReturnValue:
    here = services()
    with here.database.writing() as session:
        ended = reopen(session, closing_id, _by(), here.clock.now())
        session.commit()
    if ended is None:
        flash(_("That closing was over already."))
        return redirect(url_for("hours.page"))
    _log.warning("line_reopened", way=Way.PAGE.value)
    return redirect(url_for("hours.page", reopened=closing_id))


@blueprint.post("/<int:closing_id>/close-again")
@needs_role(*SUPERVISING_ROLES)
def undo(closing_id: int) -> ResponseReturnValue:
    here = services()
    try:
        with here.database.writing() as session:
            closing = close_again(session, closing_id, _by(), here.clock.now())
            session.commit()
    except BadInput:
        flash(_("That closing would be over by now."))
        return redirect(url_for("hours.page"))
    _log.warning("line_closed", schedule=closing.schedule or ALL, way=Way.PAGE.value)
    flash(_("Closed again."))
    return redirect(url_for("hours.page"))


@blueprint.get("/<int:closing_id>/message.wav")
@needs_role(*SUPERVISING_ROLES)
def message(closing_id: int) -> ResponseReturnValue:
    """What callers hear, as sound."""
    with services().database.reading() as session:
        closing = session.get(Closing, closing_id)
    if closing is None:
        raise NotFound(f"There is no closing {closing_id}.", "Look at the list again.")
    language = request.args.get("language", "")
    return send_file(_sound(closing, language if language in LANGUAGES else language_here()), mimetype="audio/wav")


@blueprint.post("/pin")
@needs_role(*SUPERVISING_ROLES)
def set_pin() -> ResponseReturnValue:
    here, user = services(), user_here()
    try:
        with here.database.writing() as session:
            set_control_pin(session, user.login, user.name, language_here(), request.form.get("pin", ""), here.clock.now())
            session.commit()
    except BadInput:
        return _page(pin_problem=_("A PIN has six digits, not all alike and not in a row.")), 400
    flash(_("The PIN is set."))
    return redirect(url_for("hours.page"))


@blueprint.post("/pin/remove")
@needs_role(*SUPERVISING_ROLES)
def remove_pin() -> ResponseReturnValue:
    with services().database.writing() as session:
        remove_control_pin(session, user_here().login)
        session.commit()
    flash(_("The PIN is gone."))
    return redirect(url_for("hours.page"))


def _page(problem: str = "", pin_problem: str = "") -> str:
    here, language = services(), language_here()
    now, zone = here.clock.now(), _zone()
    schedules = list(here.hours.schedules().values())
    labels, line = labels_of(schedules, language), here.flows.current(HOTLINE).flow.hours
    with here.database.reading() as session:
        running = [closing_view(closing, labels, now, zone, language) for closing in in_force(session, now)]
        past = [closing_view(closing, labels, now, zone, language) for closing in history(session, HISTORY_SHOWN)]
        number = control_number(session, user_here().login)
    reopened = request.args.get("reopened", type=int)
    return render_template(
        "hours.html",
        schedules=[schedule_view(one, here.hours.state(one.name, now), now, zone, language) for one in schedules],
        queues=[queue_hours_view(queue, line, here.hours, now, zone, language) for queue in here.policy().queues],
        running=running,
        reopened=next((one for one in past if one.id == reopened and not one.running), None),
        past=past,
        labels=labels,
        written_in=where_from((here.settings.home / OWN_FILE).exists() and not here.hours.source.problem),
        hours_problem=here.hours.source.problem,
        form=_kept_form(),
        problem=problem,
        pin_problem=pin_problem,
        number=number,
        control_number=here.settings.control_number,
        longest_text=LONGEST_TEXT,
        earliest=now.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
    )


def _kept_form() -> dict[str, Any]:
    """What was typed into a form that was refused, so that nobody types it twice."""
    return {name: request.form.get(name, "") for name in ("schedule", "until", "until_at", "heard", "text_id", "text_en")}


def _schedule() -> str:
    chosen = request.form.get("schedule", ALL)
    if chosen == ALL:
        return EVERY_SCHEDULE
    if chosen not in services().hours.schedules():
        raise _Refused(_("That line is no longer there. Choose another."))
    return chosen


def _until(now: datetime) -> datetime | None:
    chosen = request.form.get("until", "")
    words = request.form.get("until_at", "") if chosen == "at" else chosen
    if chosen == "at" and not words:
        raise _Refused(_("Say until when, or choose “until reopened”."))
    try:
        return closing_end(words, now.astimezone(_zone()))
    except BadInput:
        raise _Refused(_("That end has passed, or is more than a year away.")) from None


def _message() -> Message:
    heard = request.form.get("heard", "")
    if heard == "text":
        texts = {language: request.form.get(f"text_{language}", "").strip() for language in LANGUAGES}
        if not any(texts.values()):
            raise _Refused(_("Write what callers hear, or choose the standard message."))
        if any(len(text) > LONGEST_TEXT for text in texts.values()):
            raise _Refused(_("The message has more than %(most)d characters. Shorten it.", most=LONGEST_TEXT))
        return Message(texts)
    return Message(recording=_recording()) if heard == "recording" else Message()


def _recording() -> str:
    brought = request.files.get("recording")
    if brought is None or not brought.filename:
        raise _Refused(_("Choose a WAV file first."))
    with tempfile.NamedTemporaryFile(suffix=".wav") as kept:
        brought.save(kept)
        kept.flush()
        try:
            return keep_recording(services().settings.home, Path(kept.name))
        except BadInput:
            raise _Refused(_("That file can't be used. Bring a WAV file of half a second to three minutes.")) from None


def _speak_already(closing: Closing) -> None:
    """Have the words spoken now, so that the first caller does not wait for them; a voice that fails closes all the same."""
    try:
        for language in LANGUAGES:
            _sound(closing, language)
    except HaloError as problem:
        _log.warning("message_not_spoken", why=problem.code)
        flash(_("The voice does not work just now; callers hear the standard message."))


def _sound(closing: Closing, language: str) -> Path:
    here = services()
    emergency = closing.emergency(here.settings.home / "closings")
    schedule = next(iter(here.hours.schedules().values()))
    (prompt,) = emergency_message(in_emergency(schedule, emergency), language)
    return here.voice.file_for(prompt)


def _by() -> By:
    return By(user_here().name, Way.PAGE)


def _zone() -> ZoneInfo:
    return ZoneInfo(services().settings.time_zone)
