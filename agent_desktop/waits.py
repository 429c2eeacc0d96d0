"""Why did this caller wait, why did this agent get them: the day's longest waits, and the story of each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.days import day_asked, span_of, today_here
from agent_desktop.languages import language_here
from agent_desktop.recording_rights import ears_of
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.wait_view import before_words, wait_view
from core.errors import NotFound
from core.ids import is_id
from crm.contact_history import Interaction
from crm.talk_recordings import recordings_of
from routing.agents import load_profiles
from routing.wait_records import wait_story

_MOST_LISTED = 100

blueprint = Blueprint("waits", __name__, url_prefix="/wallboard/waits")


@dataclass(frozen=True, slots=True)
class WaitLine:
    """One wait in the list; `wait_s` until now for those who wait still."""

    interaction_id: str
    queue: str
    reason: str
    offered_at: datetime
    wait_s: float
    outcome: str
    agent: str


@blueprint.get("")
@needs_role(*SUPERVISING_ROLES)
def page() -> ResponseReturnValue:
    """The longest waits of a day, of one queue or of all."""
    here, day, queue = services(), day_asked(), request.args.get("queue", "")
    with here.database.reading() as session:
        lines = _longest(session, *span_of(day), queue, here.clock.now())
    return render_template(
        "waits/page.html", lines=lines, day=day, today=today_here(), earlier=day - timedelta(days=1),
        later=day + timedelta(days=1) if day < today_here() else None, queues=here.policy().queues, queue=queue,
        labels={each.name: each.label_in(language_here()) for each in here.policy().queues}, language=language_here(),
    )  # fmt: skip


@blueprint.get("/<interaction_id>")
@needs_role(*SUPERVISING_ROLES)
def story(interaction_id: str) -> ResponseReturnValue:
    """The story of one wait. Raises NotFound."""
    if not is_id(interaction_id):
        raise NotFound("This caller never stood in line.", "Choose one from the list of waits.")
    here = services()
    with here.database.reading() as session:
        found = wait_story(session, interaction_id, here.clock.now())
        names = {agent_id: profile.name for agent_id, profile in load_profiles(session).items()}
        recorded = ears_of(session, user_here(), here.settings).among(recordings_of(session, [interaction_id]))
    return render_template(
        "waits/story.html", story=found, view=wait_view(found, names), names=names, before_words=before_words,
        interaction_id=interaction_id, recorded=bool(recorded),
    )  # fmt: skip


def _longest(session: Session, start: datetime, end: datetime, queue: str, now: datetime) -> list[WaitLine]:
    columns = (
        Interaction.id, Interaction.queue, Interaction.reason, Interaction.outcome, Interaction.agent_id,
        Interaction.offered_at, Interaction.answered_at, Interaction.ended_at,
    )  # fmt: skip
    wanted = select(*columns).where(Interaction.offered_at >= start, Interaction.offered_at < end)
    rows = session.execute(wanted.where(Interaction.queue == queue) if queue else wanted)
    names = {agent_id: profile.name for agent_id, profile in load_profiles(session).items()}
    lines = (
        WaitLine(
            row.id, row.queue, row.reason, row.offered_at,
            ((row.answered_at or row.ended_at or now) - row.offered_at).total_seconds(), row.outcome,
            names.get(row.agent_id, row.agent_id),
        )
        for row in rows
    )  # fmt: skip
    return nlargest(_MOST_LISTED, lines, key=lambda line: line.wait_s)
