"""Every question of a call is answered through an index: no caller waits longer because there are many customers."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from agent_desktop.own_day import own_day, unfinished_wrap_ups
from core.clock import VirtualClock
from core.database import Database
from core.ids import new_id
from crm.appointments import VisitPurpose
from crm.callback_tasks import CallbackWish, give_back_forgotten, open_tasks
from crm.customer_history import Mark, history_page
from crm.customer_merges import merge_customers, part_customers
from crm.customer_search import find_customers
from crm.customer_value import Rates, customer_value
from crm.duplicates import duplicates_of
from crm.payment.cards import Card, CardExpiry, CardNumber
from crm.payment.sandbox import APPROVED_CARDS, CHARGED_WITHOUT_ANSWER
from crm.payment.taking import SETTLE_AFTER, settle_pending
from crm.recordings import known_files, older_than, sort_by_model, waits_for_transcript, without_transcript
from crm.surveys import last_answer
from crm.text_messages import forget_texts
from crm.tickets import TicketSubject
from cti.interaction_rows import open_interactions
from ivr.database_desk import DatabaseDesk
from ivr.flow_calls import flow_calls
from routing.policy_file import shipped_policy
from tests.services.customer_records import add_customer
from tests.services.desk_records import database_desk
from tests.unit.ivr.fake_desk import KNOWN_ANI, OTHER_ORDER, OWN_ORDER, PIN, FakeDesk
from tests.unit.ivr.fake_line import NOW
from workforce.intervals import interval_rows

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


def test_nor_does_a_search_a_page_of_the_history_or_a_merge(database: Database) -> None:
    desk = database_desk(database, FakeDesk(), VirtualClock(NOW))
    assert desk.callers(KNOWN_ANI)
    with plans(database) as seen, database.writing() as session:
        person = add_customer(session, "Sari Lestari", "+628112345678", emails=("sari.l@example.com",))
        other = add_customer(session, "Sari Lestary", "+628112345678")
        for typed in ("sari", "sari les", "lestari sari", "sri lestrai", "0811-2345-678", "5678", "sari.l@", "INV-0042", "812345"):
            assert len(find_customers(session, typed)) <= 3
        history_page(session, person.id, Mark(NOW, "x"), 20, NOW)
        customer_value(session, person.id, Rates(1, 1, 1), NOW)
        assert len(duplicates_of(session, person)) == 1
        part_customers(session, merge_customers(session, person.id, other.id, "Sari", NOW).id, "Sari", NOW)
    assert len(seen) > 60
    # A count of a few thousand at most, and a look through the words of names, of which there are few beside the customers.
    bounded = ("anon_1", "subquery", "CONSTANT ROW", "name_words")
    assert [(statement, line) for statement, line in scans(database, seen) if not any(name in line for name in bounded)] == []


def sweep(session: Session) -> None:
    waits_for_transcript(session)
    sort_by_model(session, ["id"])
    without_transcript(session, "id", 10)
    known_files(session)
    list(older_than(session, NOW, 10))
    give_back_forgotten(session, NOW)
    forget_texts(session, NOW)
    open_interactions(session, NOW)


def pages(session: Session) -> None:
    own_day(session, "1001", NOW, NOW)
    unfinished_wrap_ups(session, "1001", NOW, "")
    interval_rows(session, shipped_policy().policy, NOW, NOW + timedelta(hours=1))
    flow_calls(session, "hotline", NOW, NOW + timedelta(hours=1))


# In the order of the questions: on PostgreSQL, kept from scanning a table, it would look through any index instead.
SWEEP = (
    *("ix_callback_tasks_transcript_kind_id", "ix_survey_answers_transcript_kind_id") * 4,
    "ix_callback_tasks_(recording|transcript_kind_id|state_done_at)",  # each of them holds what is asked for, and no more
    "ix_survey_answers_(comment_recording|transcript_kind_id|answered_at)",
    "ix_callback_tasks_state_done_at", "ix_survey_answers_answered_at",
    "ix_callback_tasks_state_due_at", "ix_text_messages_created_at", "ix_interactions_ended_at",
)  # fmt: skip
PAGES = (
    "ix_segments_agent_id_started_at", "ix_segments_agent_id_started_at", "ix_interactions_queue_offered_at",
    "ix_interactions_queue_offered_at", "ix_event_archive_at_id", "ix_interactions_started_at",
)  # fmt: skip


@pytest.mark.parametrize(("ask", "indexes"), [(sweep, SWEEP), (pages, PAGES)])
def test_what_is_asked_every_minute_and_by_every_page_goes_through_its_own_index(
    database: Database, ask: Callable[[Session], None], indexes: tuple[str, ...]
) -> None:
    with plans(database) as seen, database.writing() as session:
        ask(session)
    assert scans(database, seen) == []
    assert [(index, plan) for index, (_statement, plan) in zip(indexes, seen, strict=True) if not re.search(index, plan)] == []


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
