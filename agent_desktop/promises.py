"""How many promised calls nobody has taken yet, for whoever is here; and the pages that show it are told when it changes."""

from collections.abc import Iterator

from flask import Blueprint
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role, User
from agent_desktop.event_tail import tail
from agent_desktop.pushing import RETRY_MS, browsers_connection, is_gone, message, pushed, until_unavailable
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from core.events import Event, EventKind
from crm.callback_tasks import open_count
from routing.agents import load_profiles

ROLES = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN)
_BEAT_S = 4.0

blueprint = Blueprint("promises", __name__, url_prefix="/callbacks")


def is_about_promises(event: Event) -> bool:
    """Whether the list of promised calls may look different after this."""
    return event.kind in (EventKind.CALLBACK_PROMISED, EventKind.CALLBACK_TASK_CHANGED)


def queues_of(user: User) -> list[str] | None:
    """The queues that this agent has the skills for; None, which means all, for somebody who is no agent.

    An agent's account whose agent is gone has none of them.
    """
    if not user.agent_id and user.role != Role.AGENT:
        return None
    here = services()
    with here.database.reading() as session:
        profile = load_profiles(session).get(user.agent_id) if user.agent_id else None
    if profile is None:
        return []
    return [queue.name for queue in here.policy().queues if queue.at_first().met_by(profile.proficiencies)]


def open_promises(user: User) -> int:
    """How many wait that this user could take."""
    return promises_in(queues_of(user))


def promises_in(queues: list[str] | None) -> int:
    """How many wait in these queues, or in all."""
    with services().database.reading() as session:
        return open_count(session, queues)


@blueprint.get("/events")
@needs_role(*ROLES)
def stream() -> ResponseReturnValue:
    """Server-sent: the number now, and again whenever the list has changed."""
    user, here, connection = user_here(), services(), browsers_connection()
    after, queues = here.bus.last_position(), queues_of(user)

    def messages() -> Iterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        with here.figures.streams.labels("promises").track_inprogress():
            yield message("promises", {"open": promises_in(queues)})
            for some in tail(here.bus, here.fanout, after, is_about_promises, _BEAT_S):
                if is_gone(connection):
                    return
                if not here.sessions.is_open():
                    yield message("over", {})
                    return
                yield message("promises", {"open": promises_in(queues)}) if some.events else ": beat\n\n"

    return pushed(until_unavailable(messages()))
