"""Teams: of an agent the one in which they are, of a supervisor those whose recorded talks they hear."""

import re
from collections.abc import Sequence

from sqlalchemy import select

from agent_desktop.accounts import Role, User, find_login
from core.database import Database
from core.errors import BadInput, NotFound
from core.settings import load_settings
from launch.console import say
from routing.agents import AgentRecord, find_agent

_NAME = re.compile(r"[\w-]{1,40}")
_NONE = "none"
_NOBODY, _ALL = "–", "all teams"


def show_teams() -> None:
    """Every account that has to do with teams."""
    database = Database(load_settings().database)
    try:
        with database.reading() as session:
            agents = {agent.id: agent for agent in session.scalars(select(AgentRecord))}
            users = session.scalars(select(User).order_by(User.login))
            lines = [(user.login, user.role, _teams_of(user, agents.get(user.agent_id or ""))) for user in users]
    finally:
        database.dispose()
    for login, role, teams in lines:
        say(f"  {login:<16} {role:<12} {teams}")


def set_teams(login: str, names: Sequence[str]) -> None:
    """Give the account of this log-in these teams; `none` takes them away. Raises BadInput, NotFound."""
    wanted = [] if list(names) == [_NONE] else list(dict.fromkeys(names))
    for name in wanted:
        if not _NAME.fullmatch(name):
            raise BadInput(f"{name!r} can be no name of a team.", "Use letters, digits, _ and -, at most 40.")
    database = Database(load_settings().database)
    try:
        with database.writing() as session:
            user = find_login(session, login)
            if user is None:
                raise NotFound(f"There is no log-in {login!r}.", "./halo teams lists them.")
            agent = find_agent(session, user.agent_id) if user.agent_id else None
            if user.role == Role.SUPERVISOR:
                user.teams = ",".join(wanted)
                if len(user.teams) > User.teams.type.length:
                    raise BadInput("These are too many teams for one supervisor.", "Leave out all of them to have every team.")
            elif agent is not None:
                if len(wanted) > 1:
                    raise BadInput("An agent is in one team.", "Name one.")
                agent.team = wanted[0] if wanted else ""
            else:
                raise BadInput(f"{login} is neither an agent nor a supervisor.", "Administrators hear all teams, planners none.")
            session.commit()
            said = _teams_of(user, agent)
    finally:
        database.dispose()
    say(f"{login}: {said}. Talks from now on belong to it; recordings keep the team of their day.")


def _teams_of(user: User, agent: AgentRecord | None) -> str:
    match user.role:
        case Role.SUPERVISOR:
            return ", ".join(user.team_names) or _ALL
        case Role.ADMIN:
            return _ALL
        case Role.AGENT if agent is not None:
            return agent.team or _NOBODY
        case _:
            return _NOBODY
