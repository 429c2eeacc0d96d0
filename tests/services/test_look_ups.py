"""What a caller's script asks of the records to put them in line: the call goes on without."""

from datetime import UTC, datetime
from typing import Any

from core.clock import VirtualClock
from core.database import Database
from crm.customers import Customer
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
