"""PINs in the database: hashed, counted before they are looked at, and as slow for nobody's as for somebody's."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from core.clock import VirtualClock
from core.database import Base, Database
from core.errors import BadInput
from crm.pins import PER_CUSTOMER, CustomerPin, PinResult, has_pin, set_pin, verify_pin
from tests.services.crowd import at_once, times
from tests.services.desk_records import database_desk
from tests.unit.ivr.fake_desk import KNOWN_ANI, PIN, FakeDesk
from tests.unit.ivr.fake_line import NOW

OTHER_PIN = "481902"


@pytest.fixture
def people(database: Database) -> Database:
    fake = FakeDesk()
    fake.pins = {7: PIN}
    database_desk(database, fake, VirtualClock(NOW))
    return database


def set_to(database: Database, pin: str) -> None:
    with database.writing() as session:
        set_pin(session, 7, pin, NOW)
        session.commit()


def test_a_pin_is_stored_as_a_hash_only(people: Database) -> None:
    with people.reading() as session:
        (stored,) = session.scalars(select(CustomerPin.pin_hash))
        everything = [str(tuple(row)) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
        assert has_pin(session, 7)
        assert not has_pin(session, 8)
    assert stored.startswith("$argon2id$")
    assert not any(PIN in row for row in everything)


def test_guesses_made_at_the_same_moment_count_each(people: Database) -> None:
    results = at_once(*times(8, lambda: verify_pin(people, 7, "000001", "", NOW).result))
    assert results.count(PinResult.WRONG) == PER_CUSTOMER
    assert results.count(PinResult.LOCKED) == 8 - PER_CUSTOMER


def test_a_crash_while_a_pin_is_looked_at_counts_as_a_wrong_try(people: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_arguments: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("crm.pins._fits", killed)
        for _try in range(PER_CUSTOMER):
            with pytest.raises(KeyboardInterrupt):
                verify_pin(people, 7, PIN, KNOWN_ANI, NOW)
    assert verify_pin(people, 7, PIN, KNOWN_ANI, NOW).result is PinResult.LOCKED


def test_the_count_outlives_a_restart(people: Database) -> None:
    for _try in range(PER_CUSTOMER):
        verify_pin(people, 7, "000001", "", NOW)
    people.dispose()
    again = Database(people.engine.url.render_as_string(hide_password=False))
    assert verify_pin(again, 7, PIN, "", NOW).result is PinResult.LOCKED
    again.dispose()


def test_nobodys_pin_is_looked_at_like_somebodys(people: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    verify = PasswordHasher.verify

    def watched(self: PasswordHasher, pin_hash: str, pin: str) -> bool:
        looked_at.append(pin_hash.rpartition("$")[0].rpartition("$")[0])
        return verify(self, pin_hash, pin)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    assert verify_pin(people, 8, PIN, "", NOW).result is PinResult.NO_PIN
    assert verify_pin(people, 7, PIN, "", NOW).result is PinResult.RIGHT
    assert len(looked_at) == 2
    assert looked_at[0] == looked_at[1]  # the same cost


def test_a_new_pin_replaces_the_old_one_and_ends_the_pause(people: Database) -> None:
    for _try in range(PER_CUSTOMER):
        verify_pin(people, 7, "000001", "", NOW)
    set_to(people, OTHER_PIN)
    assert verify_pin(people, 7, PIN, "", NOW).result is PinResult.WRONG
    assert verify_pin(people, 7, OTHER_PIN, "", NOW).result is PinResult.RIGHT


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12345x", "１２３４５６", "777777", "123456", "987654", "012345"])
def test_a_pin_that_is_none_or_too_easy_is_refused_without_being_quoted(people: Database, pin: str) -> None:
    with pytest.raises(BadInput) as problem:
        set_to(people, pin)
    assert not pin or pin not in str(problem.value)
    assert verify_pin(people, 7, PIN, "", NOW).result is PinResult.RIGHT


def test_whatever_is_typed_is_only_wrong(people: Database) -> None:
    for typed in ("", "#", "9" * 5000):
        assert verify_pin(people, 7, typed, "", NOW + timedelta(days=2)).result is PinResult.WRONG
