"""Who may close the lines by phone: a number of one's own and a PIN, which is hashed and may be tried a few times only."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Database, UtcDateTime
from core.errors import BadInput
from crm.pins import LENGTH, check_new_pin
from crm.throttle import Tries, after_wrong

NUMBER_LENGTH = 4
TRIES_UNTIL_PAUSE = 5
_LOWEST, _HIGHEST = 1000, 9999


class ControlPin(Base):
    """One person's number on the control line and the hash of the PIN (argon2id). `login` is the account's."""

    __tablename__ = "control_pins"

    login: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2))
    number: Mapped[str] = mapped_column(String(8), unique=True)
    pin_hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wrong: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Controller:
    """Somebody who has proved to be allowed to close and reopen. `language` is id or en."""

    login: str
    name: str
    language: str


def set_control_pin(session: Session, login: str, name: str, language: str, pin: str, now: datetime) -> str:
    """Give this person a new PIN, and a number unless they have one; returns the number. Ends a pause. Does not commit.

    Raises BadInput for a PIN that is not six digits or is guessed at once.
    """
    check_new_pin(pin)
    known = session.get(ControlPin, login)
    if known is None:
        known = ControlPin(login=login, number=_free_number(session))
        session.add(known)
    known.name, known.language, known.set_at = name, language, now
    known.pin_hash = PasswordHasher().hash(pin)
    known.wrong, known.last_at, known.locked_until = 0, None, None
    session.flush()
    return known.number


def remove_control_pin(session: Session, login: str) -> bool:
    """Take the PIN away; whether there was one. Does not commit."""
    known = session.get(ControlPin, login)
    if known is None:
        return False
    session.delete(known)
    session.flush()
    return True


def control_number(session: Session, login: str) -> str:
    """This person's number on the control line; "" for somebody without a PIN."""
    return session.scalar(select(ControlPin.number).where(ControlPin.login == login)) or ""


def identify_controller(database: Database, number: str, pin: str, now: datetime) -> Controller | None:
    """Who typed this number and PIN; None for a wrong one, and for anyone in a pause after too many wrong ones.

    Commits by itself. A try counts as wrong before it is looked at, so that tries at the same moment count each. An unknown
    number takes as long as a wrong PIN.
    """
    with database.writing() as session:
        row = session.scalar(select(ControlPin).where(ControlPin.number == number).with_for_update())
        locked = row is not None and row.locked_until is not None and now < row.locked_until
        pin_hash = row.pin_hash if row is not None and not locked else None
        if row is not None and not locked:
            tries = after_wrong(Tries(row.wrong, row.last_at, row.locked_until), TRIES_UNTIL_PAUSE, now)
            row.wrong, row.last_at, row.locked_until = tries.wrong, tries.last_at, tries.locked_until
            session.commit()
    fits = _fits(pin_hash or _hash_of_nobody(), pin)
    if not fits or pin_hash is None or row is None:
        return None
    with database.writing() as session:
        kept = session.get(ControlPin, row.login, with_for_update=True)
        if kept is None or kept.pin_hash != pin_hash:  # changed in between
            return None
        kept.wrong, kept.last_at, kept.locked_until = 0, None, None
        session.commit()
    return Controller(row.login, row.name, row.language)


def _free_number(session: Session) -> str:
    taken = set(session.scalars(select(ControlPin.number)))
    free = [str(number) for number in range(_LOWEST, _HIGHEST + 1) if str(number) not in taken]
    if not free:
        raise BadInput("Every number of the control line is taken.", "Remove the PINs of people who have left.")
    return secrets.choice(free)


def _fits(pin_hash: str, pin: str) -> bool:
    try:
        return PasswordHasher().verify(pin_hash, pin[: 2 * LENGTH])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return PasswordHasher().hash("nobody has this PIN")
