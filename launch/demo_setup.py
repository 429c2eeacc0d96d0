"""What a fresh installation is filled with: believable customers, a small team of agents, and log-ins for every role."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from agent_desktop.accounts import Role, User, create_user
from core.clock import Clock
from core.database import Database
from crm.demo import seed_demo
from crm.knowledge_files import DEMO_FOLDER, import_articles, read_folder
from launch.demo_pins import ensure_pins
from launch.logins import Login, ensure_logins
from routing.agents import AgentRecord, AgentSkill, PhoneKind

CUSTOMERS = 5_000
SEED = 20_260_101
DEMO_AGENT_ID, DEMO_LOGIN = "1009", "demo"
_ALL_SKILLS = {"sales": 5, "billing": 5, "technical": 5, "english": 5}


@dataclass(frozen=True, slots=True)
class DemoAgent:
    """An agent of the demo's team, with proficiency (1 to 5) by skill, and where they sit."""

    agent_id: str
    name: str
    skills: dict[str, int]
    login: str
    phone_kind: PhoneKind = PhoneKind.WEB
    site: str = "jakarta"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Someone with a log-in; `agent_id` when they answer calls."""

    login: str
    name: str
    role: Role
    agent_id: str | None = None


AGENTS = (
    DemoAgent("1001", "Sari", {"sales": 5, "billing": 2, "english": 4}, "sari"),
    DemoAgent("1002", "Budi", {"billing": 5, "technical": 2}, "budi", site="surabaya"),
    DemoAgent("1003", "Dewi", {"technical": 5, "english": 3}, "dewi", site="makassar"),
    DemoAgent("1004", "Andi", {"sales": 3, "billing": 3, "technical": 3}, "andi"),
    DemoAgent(DEMO_AGENT_ID, "Demo", _ALL_SKILLS, DEMO_LOGIN, PhoneKind.SIP),
)
USERS = (
    *(DemoUser(agent.login, agent.name, Role.AGENT, agent.agent_id) for agent in AGENTS),
    DemoUser("ratna", "Ratna", Role.SUPERVISOR),
    DemoUser("wayan", "Wayan", Role.PLANNER),
    DemoUser("admin", "Admin", Role.ADMIN),
)


def is_set_up(database: Database) -> bool:
    """Whether somebody can log in: the log-ins are made last, so everything before them is there too."""
    with database.reading() as session:
        return session.scalar(select(User.id).limit(1)) is not None


def set_up_demo(database: Database, clock: Clock, home: Path, customers: int = CUSTOMERS) -> list[Login]:
    """Fill an empty database. May be broken off anywhere and called again; an installation with log-ins is left alone."""
    if is_set_up(database):
        return []
    seed_demo(database, clock, customers=customers, seed=SEED)  # whole or not at all; nothing where customers are
    ensure_pins(database, home, clock.now())
    logins = ensure_logins(home, {user.login: user.role.value for user in USERS})
    passwords = {login.name: login.password for login in logins}
    with database.writing() as session:
        import_articles(session, read_folder(DEMO_FOLDER), "Halo", clock.now())
        for agent in AGENTS:
            if session.get(AgentRecord, agent.agent_id) is None:
                session.add(_record(agent))
        session.flush()
        for user in USERS:
            create_user(
                session,
                login=user.login,
                name=user.name,
                role=user.role,
                password=passwords[user.login],
                language="id",
                agent_id=user.agent_id,
                now=clock.now(),
            )
        session.commit()
    return logins


def _record(agent: DemoAgent) -> AgentRecord:
    return AgentRecord(
        id=agent.agent_id,
        name=agent.name,
        phone_kind=agent.phone_kind,
        phone_secret=secrets.token_urlsafe(24),
        site=agent.site,
        skills=[AgentSkill(skill=skill, proficiency=proficiency) for skill, proficiency in agent.skills.items()],
    )
