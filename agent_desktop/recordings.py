"""Recorded talks: which there are, hearing them, and who has heard them. Every hearing is on record before a sound is sent."""

from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.days import day_asked, span_of, today_here
from agent_desktop.languages import language_here
from agent_desktop.recording_rights import ROLES, NotTheirs, ears_of
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.talk_view import HIGH, WIDE, drawn_talks
from core.errors import NotFound
from core.ids import is_id
from core.log import get_log
from crm.contact_history import Interaction
from crm.talk_recordings import (
    HeardHow,
    TalkRecording,
    hearings_of,
    keep_hearing,
    recordings_between,
    recordings_of,
)
from routing.agents import load_profiles

blueprint = Blueprint("recordings", __name__, url_prefix="/recordings")
_MOST_LISTED, _MOST_HEARINGS = 200, 100
_log = get_log(__name__)


@blueprint.get("")
@needs_role(*ROLES)
def page() -> ResponseReturnValue:
    """The talks of a day that one may hear."""
    here, day = services(), day_asked()
    with here.database.reading() as session:
        ears = ears_of(session, user_here(), here.settings)
        found = ears.among(recordings_between(session, *span_of(day), ears.agent_id, ears.teams, _MOST_LISTED))
        names = {agent_id: profile.name for agent_id, profile in load_profiles(session).items()} if found else {}
    labels = {each.name: each.label_in(language_here()) for each in here.policy().queues}
    return render_template(
        "recordings/page.html", talks=found, names=names, labels=labels, day=day, today=today_here(),
        earlier=day - timedelta(days=1), later=day + timedelta(days=1) if day < today_here() else None,
        teams=sorted({talk.team for talk in found} - {""}), most=_MOST_LISTED,
    )  # fmt: skip


@blueprint.get("/<interaction_id>")
@needs_role(*ROLES)
def interaction(interaction_id: str) -> ResponseReturnValue:
    """The talks of one interaction. Raises NotFound where nothing was recorded, NotTheirs where it is for others."""
    if not is_id(interaction_id):
        raise NotFound("There is no such interaction.", "Open it from the customer's page.")
    here, user = services(), user_here()
    supervises = user.role in SUPERVISING_ROLES
    with here.database.reading() as session:
        all_parts = recordings_of(session, [interaction_id])
        if not all_parts:
            raise NotFound("Nothing was recorded.", "It comes here within a minute after the call.")
        parts = ears_of(session, user, here.settings).among(all_parts)
        if not parts:
            raise _refused(all_parts[0])
        call = session.get(Interaction, interaction_id)
        names = {agent_id: profile.name for agent_id, profile in load_profiles(session).items()}
        heard = hearings_of(session, [part.id for part in parts], _MOST_HEARINGS) if supervises else ()
        customer = call.customer if call is not None else None
    return render_template(
        "recordings/interaction.html", talks=drawn_talks(parts, names), call=call, customer=customer, heard=heard,
        supervises=supervises, wide=WIDE, high=HIGH, others=len(all_parts) - len(parts),
    )  # fmt: skip


@blueprint.get("/<int:recording_id>/sound")
@needs_role(*ROLES)
def sound(recording_id: int) -> ResponseReturnValue:
    """The sound, whole or in ranges, to be heard in the page."""
    return _send(recording_id, HeardHow.PLAYED)


@blueprint.get("/<int:recording_id>/file")
@needs_role(*ROLES)
def download(recording_id: int) -> ResponseReturnValue:
    """The same to take away."""
    return _send(recording_id, HeardHow.DOWNLOADED)


@blueprint.post("/<int:recording_id>/<any(hold, release):step>")
@needs_role(*SUPERVISING_ROLES)
def legal_hold(recording_id: int, step: str) -> ResponseReturnValue:
    """Keep it whatever its age, or no longer."""
    here, user = services(), user_here()
    found = _theirs(recording_id)
    with here.database.writing() as session:
        row = session.get_one(TalkRecording, found.id)
        if row.gone_at is None:
            held = step == "hold"
            row.held_by, row.held_at = (user.login, here.clock.now()) if held else ("", None)
            session.commit()
            _log.info("legal_hold_changed", recording_id=recording_id, user_id=user.id, held=held)
    return redirect(url_for(".interaction", interaction_id=found.interaction_id))


def _theirs(recording_id: int) -> TalkRecording:
    here, user = services(), user_here()
    with here.database.reading() as session:
        found = session.get(TalkRecording, recording_id)
        if found is None:
            raise NotFound("There is no such recording.", "Open it from the customer's page.")
        if not ears_of(session, user, here.settings).may_hear(found):
            raise _refused(found)
    return found


def _send(recording_id: int, how: HeardHow) -> Response:
    here, user = services(), user_here()
    found = _theirs(recording_id)
    store = here.settings.talks_folder.resolve()
    file = (store / found.file).resolve()
    if not found.file or not file.is_relative_to(store) or not file.is_file():
        raise NotFound("The sound is not there any more.", "Its page says why.")
    if request.method != "HEAD":
        with here.database.writing() as session:
            if keep_hearing(session, found.id, user.login, how, here.clock.now()):
                session.commit()
                here.figures.recordings_heard.labels(how.value).inc()
                _log.info("recording_heard", recording_id=found.id, user_id=user.id, how=how.value)
    name = f"{found.started_at:%Y-%m-%d_%H%M%S}_{found.agent_id or 'agent'}_{found.id}.flac"
    return send_file(
        file, mimetype="audio/flac", conditional=True, max_age=0, as_attachment=how is HeardHow.DOWNLOADED, download_name=name
    )


def _refused(recording: TalkRecording) -> NotTheirs:
    services().figures.recordings_refused.inc()
    _log.warning("recording_refused", recording_id=recording.id, user_id=user_here().id)
    return NotTheirs("This talk is for others to hear.", "Ask its supervisor.")
