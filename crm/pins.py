"""The PIN with which a customer proves who is calling: hashed, and tried a few times only.

Every try is counted as wrong before it is looked at, and taken back when it was right: tries made at the same moment
count each, and a crash in between never gives one away. Counted are the customer and the caller's number; a right PIN
clears the customer's wrong tries, but not those that the same number made at other customers.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Database, UtcDateTime, insert_missing
from core.errors import BadInput
from crm.throttle import Tries, after_right, after_wrong

LENGTH = 6
PER_CUSTOMER, PER_CALLER = 3, 6  # wrong tries until a pause; a household shares its number


class CustomerPin(Base):
    """The hash of a customer's PIN (argon2id)."""

    __tablename__ = "customer_pins"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    pin_hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PinTries(Base):
    """Wrong tries for one customer ("customer:7") or from one number ("caller:+62…")."""

    __tablename__ = "pin_tries"

    subject: Mapped[str] = mapped_column(String(40), primary_key=True)
    wrong: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PinResult(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"  # not looked at
    NO_PIN = "no_pin"  # this customer has none


@dataclass(frozen=True, slots=True)
class PinCheck:
    """What became of a try. `tries_left` counts until the next pause; `locked_until` when there is one now."""

    result: PinResult
    tries_left: int
    locked_until: datetime | None = None


def check_new_pin(pin: str) -> None:
    """Raises BadInput unless it is six digits that nobody guesses at once (not all alike, not in a row)."""
    if not (len(pin) == LENGTH and pin.isascii() and pin.isdigit()):
        raise BadInput(f"A PIN has {LENGTH} digits.", "Choose another PIN.")
    if _is_easy(pin):
        raise BadInput("A PIN of equal or consecutive digits is guessed at once.", "Choose another PIN.")


def new_pin() -> str:
    """A random PIN that nobody guesses at once."""
    while True:
        pin = f"{secrets.randbelow(10**LENGTH):0{LENGTH}d}"
        if not _is_easy(pin):
            return pin


def set_pin(session: Session, customer_id: int, pin: str, now: datetime) -> None:
    """Give a customer a new PIN and end any pause of theirs. Does not commit.

    Raises BadInput unless it is six digits that nobody guesses at once (not all alike, not in a row).
    """
    check_new_pin(pin)
    pin_hash = PasswordHasher().hash(pin)
    known = session.get(CustomerPin, customer_id)
    if known is None:
        session.add(CustomerPin(customer_id=customer_id, pin_hash=pin_hash, set_at=now))
    else:
        known.pin_hash, known.set_at = pin_hash, now
    session.execute(delete(PinTries).where(PinTries.subject == _customer(customer_id)))
    session.flush()


def forget_tries(session: Session, customer_ids: Collection[int], callers: Collection[str]) -> None:
    """Forget the wrong tries for these customers and from these numbers (E.164), and end their pauses. Does not commit."""
    subjects = [*map(_customer, customer_ids), *map(_caller, callers)]
    session.execute(delete(PinTries).where(PinTries.subject.in_(subjects)))


def has_pin(session: Session, customer_id: int) -> bool:
    """Whether this customer can prove who is calling by a PIN."""
    return session.scalar(select(CustomerPin.customer_id).where(CustomerPin.customer_id == customer_id)) is not None


def verify_pin(database: Database, customer_id: int, pin: str, caller: str, now: datetime) -> PinCheck:
    """Check a PIN that was typed by the caller with this number (E.164, "" when withheld). Commits by itself.

    No unit of work is open while the hash is computed. A customer without a PIN takes as long as one with one.
    """
    limits = {_customer(customer_id): PER_CUSTOMER} | ({_caller(caller): PER_CALLER} if caller else {})
    with database.writing() as session:
        rows = _locked(session, list(limits))
        locked = [row.locked_until for row in rows.values() if row.locked_until and now < row.locked_until]
        if locked:
            return PinCheck(PinResult.LOCKED, 0, max(locked))
        for subject, row in rows.items():
            _write(row, after_wrong(_tries(row), limits[subject], now))
        left = min(_tries(row).left(limits[subject]) for subject, row in rows.items())
        until = max((row.locked_until for row in rows.values() if row.locked_until), default=None)
        pin_hash = session.scalar(select(CustomerPin.pin_hash).where(CustomerPin.customer_id == customer_id))
        session.commit()
    if not _fits(pin_hash or _hash_of_nobody(), pin) or pin_hash is None:
        return PinCheck(PinResult.WRONG if pin_hash else PinResult.NO_PIN, left, until)
    with database.writing() as session:
        for subject, row in _locked(session, list(limits)).items():
            _write(row, Tries() if subject == _customer(customer_id) else after_right(_tries(row)))
        session.commit()
    return PinCheck(PinResult.RIGHT, PER_CUSTOMER)


def _fits(pin_hash: str, pin: str) -> bool:
    try:
        return PasswordHasher().verify(pin_hash, pin[: 2 * LENGTH])
    except (VerificationError, InvalidHashError):
        return False


def _locked(session: Session, subjects: list[str]) -> dict[str, PinTries]:
    """The rows of these subjects, made where missing, locked in one order."""
    for subject in sorted(subjects):
        insert_missing(session, PinTries, {"subject": subject, "wrong": 0})
    wanted = select(PinTries).where(PinTries.subject.in_(subjects)).order_by(PinTries.subject).with_for_update()
    return {row.subject: row for row in session.scalars(wanted.execution_options(populate_existing=True))}


def _tries(row: PinTries) -> Tries:
    return Tries(row.wrong, row.last_at, row.locked_until)


def _write(row: PinTries, tries: Tries) -> None:
    row.wrong, row.last_at, row.locked_until = tries.wrong, tries.last_at, tries.locked_until


def _customer(customer_id: int) -> str:
    return f"customer:{customer_id}"


def _caller(number: str) -> str:
    return f"caller:{number}"


def _is_easy(pin: str) -> bool:
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {-1})


@cache
def _hash_of_nobody() -> str:
    return PasswordHasher().hash("nobody has this PIN")
