"""Accounts of people who use the pages: log-in, role, language, and for agents which agent they are."""

from datetime import datetime
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.errors import BadInput

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200
LONGEST_LOGIN = 80


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    PLANNER = "planner"
    ADMIN = "admin"


SUPERVISING_ROLES = (Role.SUPERVISOR, Role.ADMIN)  # who may close the lines, edit flows and give an agent's promised call back
PLANNING_ROLES = (Role.PLANNER, *SUPERVISING_ROLES)


class User(Base):
    """One account. `login` is lower case. `theme` is "light", "dark" or "" (as the system has it). `teams`
    are those of a supervisor, by name with commas between; "" for every team."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(LONGEST_LOGIN), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(12))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="id")
    theme: Mapped[str] = mapped_column(String(5), default="")
    teams: Mapped[str] = mapped_column(String(200), default="")
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def team_names(self) -> tuple[str, ...]:
        """The teams of a supervisor; none: all."""
        return tuple(name for name in self.teams.split(",") if name)


def create_user(
    session: Session, login: str, name: str, role: Role, password: str, language: str, agent_id: str | None = None, *, now: datetime
) -> User:
    """Add an account (does not commit). Raises BadInput for a log-in that is taken or empty, or a password of the wrong length."""
    wanted = login.strip().lower()
    if not 0 < len(wanted) <= LONGEST_LOGIN:
        raise BadInput(f"A log-in has 1 to {LONGEST_LOGIN} characters.", "Choose another log-in.")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", "Choose another password.")
    if find_login(session, wanted) is not None:
        raise BadInput(f"The log-in {wanted} is taken.", "Choose another log-in.")
    user = User(
        login=wanted, name=name, role=Role(role).value, password_hash=PasswordHasher().hash(password), language=language,
        agent_id=agent_id, created_at=now,
    )  # fmt: skip
    session.add(user)
    session.flush()
    return user


def find_login(session: Session, login: str) -> User | None:
    """The account with this log-in, however it is capitalised; or None."""
    return session.scalar(select(User).where(func.lower(User.login) == login.strip().lower()))


def may_close_lines(session: Session, login: str) -> bool:
    """Whether there is an account with this log-in, and its role closes and reopens the lines, as things stand now."""
    user = find_login(session, login)
    return user is not None and user.role in SUPERVISING_ROLES


def authenticate(session: Session, login: str, password: str) -> User | None:
    """The account when log-in and password fit, else None; an unknown log-in takes as long as a wrong password."""
    hasher = PasswordHasher()
    nobody = _hash_of_nobody()
    user = find_login(session, login) if len(login) <= LONGEST_LOGIN else None
    try:
        hasher.verify(user.password_hash if user else nobody, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    if user is not None and hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hasher.hash(password)
    return user


@cache
def _hash_of_nobody() -> str:
    return PasswordHasher().hash("nobody has this account")
