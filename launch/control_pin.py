"""The PIN with which a supervisor closes the lines by phone, given on the command line: typed unseen, kept as a hash."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from agent_desktop.accounts import SUPERVISING_ROLES, User, find_login
from core.clock import SystemClock
from core.database import Database
from core.errors import BadInput, NotFound
from core.settings import default_home, load_settings
from ivr.control_pins import remove_control_pin, set_control_pin
from launch.console import say


def give_pin(login: str, ask: Callable[[], str]) -> None:
    """Have the person with this log-in choose a PIN, which `ask` asks for, and say their number on the control line.

    Raises NotFound for a log-in that is none, BadInput for one who may not close the lines, and for a PIN that is guessed at once.
    """
    with _account(login) as (database, user):
        if user.role not in SUPERVISING_ROLES:
            raise BadInput(f"{user.login} is {user.role}.", f"Only {' and '.join(SUPERVISING_ROLES)} may close the lines.")
        chosen = ask()  # nothing is locked while somebody thinks of one
        with database.writing() as session:
            number = set_control_pin(session, user.login, user.name, user.language, chosen, SystemClock().now())
            session.commit()
    say(f"{user.login} has the number {number} on the control line, and this PIN, from now on.")


def take_pin_away(login: str) -> None:
    """Let the person with this log-in no longer close the lines by phone. Raises NotFound."""
    with _account(login) as (database, user), database.writing() as session:
        there = remove_control_pin(session, user.login)
        session.commit()
    say(f"{user.login} can no longer close the lines by phone." if there else f"{user.login} had no PIN.")


@contextmanager
def _account(login: str) -> Iterator[tuple[Database, User]]:
    database = Database(load_settings(default_home()).database)
    try:
        with database.reading() as session:
            user = find_login(session, login)
        if user is None:
            raise NotFound("There is no such log-in.", "The demo's are in config/logins.txt of Halo's home.")
        yield database, user
    finally:
        database.dispose()
