from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from agent_desktop.accounts import Role, User, authenticate
from core.clock import VirtualClock
from core.database import Database
from crm.customers import Customer
from launch.demo_setup import AGENTS, USERS, set_up_demo
from launch.logins import ensure_logins
from routing.agents import load_profiles

CLOCK = VirtualClock(datetime(2026, 3, 2, 3, tzinfo=UTC))


def test_every_log_in_on_file_lets_its_user_in(database: Database, tmp_path: Path) -> None:
    logins = set_up_demo(database, CLOCK, tmp_path, customers=20)

    assert len(logins) == len(USERS)
    with database.reading() as session:
        users = [authenticate(session, login.name, login.password) for login in logins]
    assert [user.role for user in users if user] == [login.role for login in logins]
    assert {login.role for login in logins} == {role.value for role in Role}


def test_agents_have_their_skills_and_each_log_in_of_an_agent_its_agent(database: Database, tmp_path: Path) -> None:
    set_up_demo(database, CLOCK, tmp_path, customers=20)

    with database.reading() as session:
        profiles = load_profiles(session)
        bound = set(session.scalars(select(User.agent_id).where(User.role == Role.AGENT)))
    assert {agent_id: profile.proficiencies for agent_id, profile in profiles.items()} == {
        agent.agent_id: agent.skills for agent in AGENTS
    }
    assert bound == {agent.agent_id for agent in AGENTS if agent.login}


def test_a_second_run_changes_nothing(database: Database, tmp_path: Path) -> None:
    set_up_demo(database, CLOCK, tmp_path, customers=20)

    assert set_up_demo(database, CLOCK, tmp_path, customers=20) == []

    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 20
        assert session.scalar(select(func.count()).select_from(User)) == len(USERS)


def test_broken_off_after_the_log_ins_were_written_their_passwords_come_into_force(database: Database, tmp_path: Path) -> None:
    before = ensure_logins(tmp_path, {user.login: user.role.value for user in USERS})

    logins = set_up_demo(database, CLOCK, tmp_path, customers=20)

    assert logins == before
    with database.reading() as session:
        assert authenticate(session, before[0].name, before[0].password) is not None
