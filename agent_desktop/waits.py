"""Why did this caller wait, why did this agent get them: the day's longest waits, and the story of each."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.choice_words import chosen_sentences, score_columns, why_not_words
from agent_desktop.day_waits import waits_of_day
from agent_desktop.days import day_asked, span_of, today_here
from agent_desktop.languages import language_here
from agent_desktop.recording_rights import ears_of
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.wait_view import before_words, wait_view
from core.errors import NotFound
from core.ids import is_id
from crm.talk_recordings import recordings_of
from routing.agents import load_profiles
from routing.wait_records import wait_story, waits_of

blueprint = Blueprint("waits", __name__, url_prefix="/wallboard/waits")


@blueprint.get("")
@needs_role(*SUPERVISING_ROLES)
def page() -> ResponseReturnValue:
    """The longest waits of a day, of one queue or of all; or the latest ones, to look for a call."""
    here, day, queue = services(), day_asked(), request.args.get("queue", "")
    latest = request.args.get("order") == "latest"
    with here.database.reading() as session:
        lines = waits_of_day(session, *span_of(day), queue, here.clock.now(), latest)
        names = {agent_id: profile.name for agent_id, profile in load_profiles(session).items()}
    return render_template(
        "waits/page.html", lines=lines, day=day, today=today_here(), earlier=day - timedelta(days=1), names=names, latest=latest,
        later=day + timedelta(days=1) if day < today_here() else None, queues=here.policy().queues, queue=queue,
        labels={each.name: each.label_in(language_here()) for each in here.policy().queues}, language=language_here(),
    )  # fmt: skip


@blueprint.get("/<interaction_id>")
@needs_role(*SUPERVISING_ROLES)
def story(interaction_id: str) -> ResponseReturnValue:
    """The story of one wait: `wait` counts those of who was handed over, or lost their agent. Raises NotFound."""
    if not is_id(interaction_id):
        raise NotFound("This caller never stood in line.", "Choose one from the list of waits.")
    here, number = services(), request.args.get("wait", 1, type=int)
    with here.database.reading() as session:
        found = wait_story(session, interaction_id, here.clock.now(), number, here.settings.time_zone)
        waits = [wait.place for wait in waits_of(session, interaction_id)]
        names = {agent_id: profile.name for agent_id, profile in load_profiles(session).items()}
        recorded = ears_of(session, user_here(), here.settings).among(recordings_of(session, [interaction_id]))
    return render_template(
        "waits/story.html", story=found, view=wait_view(found, names), names=names, before_words=before_words,
        interaction_id=interaction_id, recorded=bool(recorded), waits=waits, number=number, chosen_sentences=chosen_sentences,
        score_columns=score_columns, why_not_words=why_not_words,
    )  # fmt: skip
