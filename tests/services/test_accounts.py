"""Accounts on a real database."""

from datetime import UTC, datetime

import pytest

from agent_desktop.accounts import Role, authenticate, create_user
from core.database import Database
from core.errors import BadInput

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


def test_an_account_is_found_by_its_log_in_however_it_is_capitalised(database: Database) -> None:
    with database.writing() as session:
        made = create_user(session, " Dewi ", "Dewi", Role.AGENT, PASSWORD, "id", now=NOON)
        session.commit()
    with database.reading() as session:
        found = authenticate(session, "DEWI", PASSWORD)
    assert found is not None
    assert (found.id, found.login) == (made.id, "dewi")


@pytest.mark.parametrize(("login", "password"), [("dewi", "wrong"), ("nobody", PASSWORD), ("", ""), ("x" * 500, "y" * 100_000)])
def test_anything_else_is_refused(database: Database, login: str, password: str) -> None:
    with database.writing() as session:
        create_user(session, "dewi", "Dewi", Role.AGENT, PASSWORD, "id", now=NOON)
        assert authenticate(session, login, password) is None


def test_the_password_itself_is_not_stored(database: Database) -> None:
    with database.writing() as session:
        user = create_user(session, "dewi", "Dewi", Role.AGENT, PASSWORD, "id", now=NOON)
    assert user.password_hash.startswith("$argon2id$")
    assert PASSWORD not in user.password_hash


@pytest.mark.parametrize(("login", "password"), [("dewi", PASSWORD), ("", PASSWORD), ("new", "short"), ("new", "x" * 201)])
def test_a_log_in_that_is_taken_and_passwords_that_do_not_fit_are_refused(database: Database, login: str, password: str) -> None:
    with database.writing() as session:
        create_user(session, "dewi", "Dewi", Role.AGENT, PASSWORD, "id", now=NOON)
        with pytest.raises(BadInput):
            create_user(session, login, "Other", Role.AGENT, password, "id", now=NOON)
