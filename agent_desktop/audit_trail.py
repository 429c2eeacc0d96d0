"""What was refused to whom, told once to the event log, for supervisors to find: who, what, when, and nothing personal."""

from flask import request
from sqlalchemy.orm import Session

from agent_desktop.accounts import User
from agent_desktop.services import services
from core.errors import Unavailable
from core.events import Event, EventKind
from core.ids import derived_id
from core.log import get_log

_log = get_log(__name__)
_ONCE_IN_S = 60


def tell_access_refused(user: User) -> None:
    """This person asked for a page, or a change, for which they have no right. The same again within a minute is told once."""
    here, method, endpoint = services(), request.method, request.endpoint or "none"
    _log.warning("access_refused", user_id=user.id, role=user.role, method=method, endpoint=endpoint)
    now = here.clock.now()
    if not _is_first(f"access:{user.id}:{method}:{endpoint}"):
        return
    key = derived_id(EventKind.ACCESS_REFUSED, str(user.id), method, endpoint, now.isoformat())
    data = {"user_id": user.id, "role": user.role, "method": method, "endpoint": endpoint}
    _tell(Event(EventKind.ACCESS_REFUSED, now, agent_id=user.agent_id or "", data=data, key=key))


def tell_dial_refused(agent_id: str, how: str, purpose: str, why: str) -> None:
    """This agent wanted to have a number outside called, and it was not."""
    here = services()
    _log.warning("dial_refused", agent_id=agent_id, how=how, purpose=purpose, why=why)
    if _is_first(f"dial:{agent_id}:{how}:{purpose}:{why}"):
        data = {"how": how, "purpose": purpose, "why": why}
        _tell(Event(EventKind.DIAL_REFUSED, here.clock.now(), agent_id=agent_id, data=data))


def names_of_users(session: Session, user_ids: set[int]) -> dict[int, str]:
    """Their names, of those who are on record."""
    return {user_id: user.name for user_id in user_ids if (user := session.get(User, user_id)) is not None}


def _is_first(what: str) -> bool:
    """Whether it was not told in the last minute: whoever asks a thousand times must not fill the log. True where nobody knows."""
    try:
        return services().memory.is_first(f"audit:{what}", _ONCE_IN_S)
    except Unavailable:
        return True


def _tell(event: Event) -> None:
    """The refusal holds all the same when the log is away; the process's own log has the line."""
    try:
        services().bus.publish(event)
    except Unavailable as problem:
        _log.warning("refusal_not_told", why=problem.code)
