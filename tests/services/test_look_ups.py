"""What a caller's script asks of the records to put them in line: the call goes on without."""

from datetime import UTC, datetime
from typing import Any

from core.clock import VirtualClock
from core.database import Database
from crm.customers import Consent, ConsentPurpose, Customer
from crm.regions import Confidence
from crm.whereabouts import Whereabouts
from cti.look_ups import LookUps

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOBODY: Any = None  # neither the policy nor promises are asked for


def look_ups(database: Database) -> LookUps:
    return LookUps(database, NOBODY, NOBODY, VirtualClock(NOW), "Asia/Jakarta")


def test_a_customers_address_says_where_they_are_and_a_strangers_number(database: Database) -> None:
    with database.writing() as session:
        customer = Customer(name="Sari", city="Denpasar", province="Bali", created_at=NOW, updated_at=NOW)
        session.add(customer)
        session.commit()
        theirs = customer.id
    here = look_ups(database)
    assert here.whereabouts(theirs, "", "+62315550001") == Whereabouts("denpasar", Confidence.HIGH)
    assert here.whereabouts(None, "", "+62315550001") == Whereabouts("surabaya", Confidence.MEDIUM)
    assert here.whereabouts(None, "80111", "+62315550001") == Whereabouts("ID-BA", Confidence.HIGH)


def test_without_the_records_the_number_says_it() -> None:
    away = look_ups(Database("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    assert away.whereabouts(7, "", "+62315550001") == Whereabouts("surabaya", Confidence.MEDIUM)


def test_who_refused_recording_is_not_recorded_and_who_said_nothing_is(database: Database) -> None:
    with database.writing() as session:
        people = [Customer(name=name, created_at=NOW, updated_at=NOW) for name in ("silent", "allows", "refuses")]
        session.add_all(people)
        session.flush()
        for person, granted in zip(people[1:], (True, False), strict=True):
            session.add(Consent(customer_id=person.id, purpose=ConsentPurpose.RECORDING, granted=granted, given_at=NOW))
        session.add(Consent(customer_id=people[0].id, purpose=ConsentPurpose.SURVEY, granted=False, given_at=NOW))
        session.commit()
        ids = [person.id for person in people]
    here = look_ups(database)
    assert [here.refuses_recording(customer_id) for customer_id in ids] == [False, False, True]
    assert not here.refuses_recording(None), "a stranger is told, and may object"
    away = look_ups(Database("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    assert away.refuses_recording(7), "nobody can say: better not recorded"
