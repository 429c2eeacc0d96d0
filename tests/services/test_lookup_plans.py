"""Every question of a call is answered through an index: no caller waits longer because there are many customers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Connection

from core.clock import VirtualClock
from core.database import Database
from core.ids import new_id
from crm.appointments import VisitPurpose
from crm.callback_tasks import CallbackWish, open_tasks
from crm.payment.cards import Card, CardExpiry, CardNumber
from crm.payment.sandbox import APPROVED_CARDS, CHARGED_WITHOUT_ANSWER
from crm.payment.taking import SETTLE_AFTER, settle_pending
from crm.surveys import last_answer
from crm.tickets import TicketSubject
from ivr.database_desk import DatabaseDesk
from tests.services.desk_records import database_desk
from tests.unit.ivr.fake_desk import KNOWN_ANI, OTHER_ORDER, OWN_ORDER, PIN, FakeDesk
from tests.unit.ivr.fake_line import NOW

SCANS = {"sqlite": "SCAN ", "postgresql": "Seq Scan"}
FREE_OF_INDEX = {"window_plans"}  # a page of rows, whatever the number of customers


@contextmanager
def plans(database: Database) -> Iterator[list[tuple[str, str]]]:
    """(statement, plan) of everything that the block asks. PostgreSQL is kept from scanning what is small here."""
    seen: list[tuple[str, str]] = []
    postgres = database.engine.dialect.name == "postgresql"

    def explain(connection: Connection, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.split()[0] not in ("SELECT", "UPDATE", "DELETE"):
            return
        with connection.connection.cursor() if postgres else _closing(connection) as cursor:
            if postgres:
                cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(("EXPLAIN " if postgres else "EXPLAIN QUERY PLAN ") + statement, values[0] if many else values)
            seen.append((statement, "\n".join(str(row[0 if postgres else -1]) for row in cursor.fetchall())))

    event.listen(database.engine, "before_cursor_execute", explain)
    yield seen
    event.remove(database.engine, "before_cursor_execute", explain)


@contextmanager
def _closing(connection: Connection) -> Iterator[Any]:
    cursor = connection.connection.cursor()
    yield cursor
    cursor.close()


def card(number: str = APPROVED_CARDS[0]) -> Card:
    return Card(CardNumber(number), CardExpiry(2026, 1))


def reads(desk: DatabaseDesk) -> None:
    desk.callers(KNOWN_ANI)
    desk.customer_by_number("1000076")
    desk.order(OWN_ORDER)
    desk.newest_order(7)
    desk.orders_of(7)
    desk.track(OWN_ORDER, "id")
    desk.delivery_windows(OTHER_ORDER, NOW)
    desk.open_bills(7)
    desk.payment_state(7)
    desk.tickets(7)
    desk.appointments(7, NOW)
    desk.visit_windows(7, NOW)
    desk.wants_survey(7, KNOWN_ANI, NOW, 1, 30, 0)


def writes(desk: DatabaseDesk) -> None:
    desk.verify_pin(7, PIN, KNOWN_ANI, NOW)
    desk.may_name(KNOWN_ANI, NOW)
    desk.named_own(KNOWN_ANI)
    desk.reschedule(OTHER_ORDER, desk.delivery_windows(OTHER_ORDER, NOW)[0], NOW)
    first, second = desk.visit_windows(7, NOW)[:2]
    booked = desk.book_appointment(7, VisitPurpose.REPAIR, first, NOW).appointment
    assert booked is not None
    desk.move_appointment(7, booked.appointment_id, second, NOW)
    desk.cancel_appointment(7, booked.appointment_id, NOW)
    desk.take_payment(7, ["INV-0042"], 412_000, card(), NOW)
    desk.open_ticket(7, TicketSubject.OTHER, "id", NOW, new_id())
    desk.save_survey(new_id(), 7, NOW, score=5)
    desk.add_callback_task(CallbackWish(new_id(), KNOWN_ANI, "general", "id", NOW + timedelta(hours=1)), NOW)


@pytest.mark.parametrize("ask", [reads, writes])
def test_no_question_of_a_call_scans_a_table(database: Database, ask: Callable[[DatabaseDesk], None]) -> None:
    fake = FakeDesk()
    fake.pins = {7: PIN}
    desk = database_desk(database, fake, VirtualClock(NOW))
    with plans(database) as seen:
        ask(desk)
    assert len(seen) > 10
    assert scans(database, seen) == []


def test_nor_do_the_sweep_the_open_tasks_and_the_last_score(database: Database) -> None:
    desk = database_desk(database, FakeDesk(), VirtualClock(NOW))
    desk.take_payment(7, ["INV-0042"], 412_000, card(CHARGED_WITHOUT_ANSWER), NOW)
    with plans(database) as seen:
        assert settle_pending(database, desk._gateway, NOW + SETTLE_AFTER) == 1  # type: ignore[arg-type]
        with database.reading() as session:
            open_tasks(session, ["general"])
            last_answer(session, 7)
    assert scans(database, seen) == []


def test_the_watch_itself_sees_a_scan(database: Database) -> None:
    desk = database_desk(database, FakeDesk(), VirtualClock(NOW))
    assert desk.callers(KNOWN_ANI)
    with plans(database) as seen, database.reading() as session:
        session.execute(text("SELECT id FROM customers WHERE address = 'x'"))
    assert len(scans(database, seen)) == 1


def scans(database: Database, seen: list[tuple[str, str]]) -> list[tuple[str, str]]:
    marker = SCANS[database.engine.dialect.name]
    return [
        (statement, line)
        for statement, plan in seen
        for line in plan.splitlines()
        if marker in line and "USING" not in line and not any(table in line for table in FREE_OF_INDEX)
    ]
