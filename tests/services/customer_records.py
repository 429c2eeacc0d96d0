"""Customers with papers of every kind, and all that is on record of everybody, for the tests of changes and merges."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Table, select
from sqlalchemy.orm import Session

from core.database import Base
from core.ids import new_id
from crm.appointments import Appointment
from crm.callback_tasks import CallbackTask
from crm.contact_history import Disposition, Interaction, Segment
from crm.customers import Consent, Customer, CustomerEmail, CustomerPhone
from crm.orders import Invoice, Order
from crm.payment.records import Payment
from crm.pins import CustomerPin
from crm.surveys import SurveyAnswer
from crm.tickets import Ticket
from crm.time_windows import TimeWindow
from launch.schema import all_tables

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BY = "Dewi (dewi)"
TRAIL = frozenset({"customer_changes", "customer_merges"})
DERIVED = frozenset({"search_terms"})
KINDS = ("order", "invoice", "payment", "ticket", "interaction", "task", "survey", "visit", "pin")


def owning_columns() -> Iterator[tuple[Table, str]]:
    """Every column of every table that says whose a row is."""
    all_tables()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.target_fullname == "customers.id" for key in column.foreign_keys):
                yield table, column.name


def add_customer(session: Session, name: str, *phones: str, emails: tuple[str, ...] = (), **columns: Any) -> Customer:
    person = Customer(
        name=name, created_at=NOW, updated_at=NOW, phones=[CustomerPhone(e164=phone) for phone in phones],
        emails=[CustomerEmail(address=address) for address in emails], **columns,
    )  # fmt: skip
    session.add(person)
    session.flush()
    return person


def add_consent(session: Session, customer_id: int, purpose: str, granted: bool, days_ago: int) -> None:
    given_at = NOW - timedelta(days=days_ago)
    session.add(Consent(customer_id=customer_id, purpose=purpose, granted=granted, source="website", given_at=given_at))
    session.flush()


def add_paper(session: Session, kind: str, customer_id: int, number: int) -> None:
    """One row more of this kind, the `number`th of all; a PIN only where there is none."""
    at = NOW - timedelta(days=number % 300)
    due = date(2026, 3, 1)
    rows: dict[str, Any] = {
        "order": lambda: Order(number=f"{number:08d}", customer_id=customer_id, status="placed", placed_at=at, total_idr=1000),
        "invoice": lambda: Invoice(number=f"I{number}", customer_id=customer_id, issued_on=due, due_on=due, amount_idr=5),
        "payment": lambda: Payment(key=new_id(), customer_id=customer_id, amount_idr=5, method="card", begun_at=at),
        "ticket": lambda: Ticket(number=f"T{number}", customer_id=customer_id, subject="s", category="c", opened_at=at),
        "interaction": lambda: interaction(customer_id, at),
        "task": lambda: CallbackTask(
            interaction_id=new_id(), customer_id=customer_id, number="+62811", queue="general", created_at=at, due_at=at
        ),
        "survey": lambda: SurveyAnswer(interaction_id=new_id(), customer_id=customer_id, asked_at=at, score=4),
        "visit": lambda: Appointment(
            customer_id=customer_id, purpose="repair", status="past", booked_at=at, window=window(number)
        ),
        "pin": lambda: CustomerPin(customer_id=customer_id, pin_hash=f"hash {number}", set_at=at),
    }  # fmt: skip
    if kind != "pin" or session.get(CustomerPin, customer_id) is None:
        session.add(rows[kind]())
        session.flush()


def interaction(customer_id: int, at: datetime, note: str = "note", agent_id: str = "1001") -> Interaction:
    """A call of five minutes with an agent, who wrote something."""
    talk = Segment(kind="TALK", agent_id=agent_id, started_at=at, ended_at=at + timedelta(minutes=4))
    wrap_up = Segment(kind="WRAP_UP", agent_id=agent_id, started_at=at + timedelta(minutes=4), ended_at=at + timedelta(minutes=5))
    return Interaction(
        id=new_id(), customer_id=customer_id, started_at=at, ended_at=at + timedelta(minutes=5), agent_id=agent_id, queue="billing",
        reason="bill", outcome="answered", segments=[talk, wrap_up],
        ivr_path=[{"step": "main_menu", "detail": "person", "at": at.isoformat()}],
        dispositions=[Disposition(agent_id=agent_id, code="solved", note=note, saved_at=at)],
    )  # fmt: skip


def window(number: int) -> TimeWindow:
    return TimeWindow(
        kind="field_visit", area="401", day=date(2025, 1, 1) + timedelta(days=number), from_hour=9, to_hour=12, capacity=3, taken=1
    )


def on_record(session: Session, leave_out: frozenset[str] = TRAIL) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of everybody, by table; when a customer was changed last is left out: a change and its undo are two changes."""
    tables = {table.name: table for table, _column in owning_columns()} | {"customers": Base.metadata.tables["customers"]}
    return {
        name: sorted((_values(row) for row in session.execute(select(table))), key=repr)
        for name, table in tables.items()
        if name not in leave_out
    }  # fmt: skip


def _values(row: Row[*tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(value for column, value in row._mapping.items() if column != "updated_at")


def multiset(session: Session) -> Counter[tuple[Any, ...]]:
    """Every row without whose it is; a PIN has no other name than its owner's, a consent may have changed places."""
    rows: Counter[tuple[Any, ...]] = Counter()
    for table, owner in owning_columns():
        if table.name in TRAIL | DERIVED | {"customers"}:
            continue
        without = {owner, "id"} if table.name == "consents" else {owner}
        for row in session.execute(select(table)):
            rows[table.name, *(repr(value) for column, value in row._mapping.items() if column not in without)] += 1
    return rows
