"""The customer card: right, and in a bounded number of queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.database import Database
from core.ids import new_id
from crm.contact_history import Disposition, Interaction, Outcome
from crm.customer_card import ALL, BESIDE_A_CALL, SHOWN_CONTACTS, CustomerCard, customer_card
from crm.customers import Consent, Customer, CustomerEmail, CustomerPhone
from crm.order_numbers import order_number
from crm.orders import Invoice, Order, OrderLine, OrderStatus, Product
from crm.surveys import save_survey, survey_asked
from crm.tickets import Ticket, TicketStatus

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)  # in Jakarta it is already the third of March
TODAY = date(2026, 3, 3)


def add_customer(session: Session, matters: int) -> int:
    """A customer with so many orders, invoices, tickets and contacts; returns the id."""
    customer = Customer(
        name="Sari Lestari", honorific="Ibu", language="id", city="Bandung", created_at=NOW, updated_at=NOW,
        phones=[CustomerPhone(e164=f"+62811234{n:04d}") for n in range(matters)],
        emails=[CustomerEmail(address=f"sari{n}@example.com") for n in range(matters)],
        consents=[Consent(purpose="survey", granted=True, given_at=NOW)],
    )  # fmt: skip
    session.add(customer)
    session.flush()
    for n in range(matters):
        add_order(session, customer.id, n)
        session.add(
            Ticket(number=f"T{customer.id}-{n}", customer_id=customer.id, subject=f"Matter {n}", category="product", opened_at=NOW)
        )
        add_contact(session, customer.id, n)
    return customer.id


def add_order(session: Session, customer_id: int, n: int, status: str = OrderStatus.DELIVERED, total_idr: int = 3000) -> None:
    product = Product(
        sku=new_id()[:20], name_id=f"Lampu {n}", name_en=f"Lamp {n}", category="smart_home", price_idr=1000, stock=1
    )  # fmt: skip
    lines = [OrderLine(product=product, quantity=quantity, unit_price_idr=1000) for quantity in (1, 2)]
    number = order_number(2_000_000 + customer_id * 1000 + n)
    placed_at = NOW - timedelta(days=n)
    session.add(
        Order(number=number, customer_id=customer_id, status=status, placed_at=placed_at, total_idr=total_idr, lines=lines)
    )  # fmt: skip
    session.flush()


def add_invoice(session: Session, customer_id: int, number: str, due_on: date, paid_idr: int) -> None:
    session.add(
        Invoice(
            number=number, customer_id=customer_id, issued_on=due_on - timedelta(days=14), due_on=due_on, amount_idr=1000,
            paid_idr=paid_idr,
        )
    )  # fmt: skip
    session.flush()


def add_contact(session: Session, customer_id: int, n: int) -> None:
    moment = NOW - timedelta(days=n)
    notes = [
        Disposition(agent_id="1001", code="follow_up", note="first agent", saved_at=moment),
        Disposition(agent_id="1002", code="solved", note=f"note {n}", saved_at=moment + timedelta(minutes=5)),
    ]
    session.add(
        Interaction(
            id=new_id(), customer_id=customer_id, started_at=moment, queue="billing", reason="bill", outcome=Outcome.ANSWERED,
            agent_id="1002", dispositions=notes,
        )
    )  # fmt: skip


def card_of(session: Session, customer_id: int) -> CustomerCard:
    card = customer_card(session, customer_id, NOW)
    assert card is not None
    return card


def test_nobody_has_no_card(database: Database) -> None:
    with database.reading() as session:
        assert customer_card(session, 4711, NOW) is None


def test_a_customer_without_anything_has_an_empty_card(database: Database) -> None:
    with database.writing() as session:
        card = card_of(session, add_customer(session, 0))
    assert card.spoken_name == "Ibu Sari Lestari"
    assert (card.orders, card.invoices, card.open_tickets, card.contacts, card.phones) == ((), (), (), (), ())
    assert (card.lifetime_value_idr, card.open_invoices_idr, card.order_count) == (0, 0, 0)
    assert [(consent.purpose, consent.granted) for consent in card.consents] == [("survey", True)]


@pytest.mark.parametrize("matters", [1, 40])
def test_the_number_of_queries_does_not_grow_with_what_the_customer_has(database: Database, matters: int) -> None:
    with database.writing() as session:
        customer_id = add_customer(session, matters)
        session.commit()
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    with database.reading() as session:
        card = card_of(session, customer_id)
        assert card.orders[0].lines[0].name_in("en") == "Lamp 0"
        assert card.contacts[0].note == "note 0"
    assert len([statement for statement in statements if statement.startswith("SELECT")]) <= 13


def test_the_newest_orders_and_contacts_come_first_and_no_more_than_shown(database: Database) -> None:
    with database.writing() as session:
        card = card_of(session, add_customer(session, 9))
    assert [order.lines[0].name_id for order in card.orders] == [f"Lampu {n}" for n in range(BESIDE_A_CALL.orders)]
    assert [len(order.lines) for order in card.orders] == [2] * BESIDE_A_CALL.orders
    assert [contact.note for contact in card.contacts] == [f"note {n}" for n in range(SHOWN_CONTACTS)]
    assert {contact.disposition_code for contact in card.contacts} == {"solved"}


def test_how_many_there_are_is_said_though_few_are_shown_and_all_can_be_had(database: Database) -> None:
    with database.writing() as session:
        customer_id = add_customer(session, 30)
        card, whole = card_of(session, customer_id), customer_card(session, customer_id, NOW, shown=ALL)
    assert whole is not None
    assert card.in_all.orders == len(whole.orders) == 30 > len(card.orders)
    assert card.in_all == whole.in_all
    assert (card.in_all.invoices, card.in_all.tickets) == (len(whole.invoices), len(whole.open_tickets))


def test_the_lifetime_value_leaves_cancelled_orders_out(database: Database) -> None:
    with database.writing() as session:
        customer_id = add_customer(session, 2)
        add_order(session, customer_id, 7, OrderStatus.CANCELLED, total_idr=999_999)
        card = card_of(session, customer_id)
    assert (card.lifetime_value_idr, card.order_count) == (6000, 2)


def test_an_invoice_is_overdue_the_day_after_it_was_due_by_the_local_date(database: Database) -> None:
    with database.writing() as session:
        customer_id = add_customer(session, 0)
        add_invoice(session, customer_id, "due today", TODAY, paid_idr=0)
        add_invoice(session, customer_id, "due yesterday", TODAY - timedelta(days=1), paid_idr=400)
        add_invoice(session, customer_id, "paid", TODAY - timedelta(days=50), paid_idr=1000)
        card = card_of(session, customer_id)
    assert [(bill.number, bill.overdue, bill.open_idr) for bill in card.invoices] == [
        ("due yesterday", True, 600),
        ("due today", False, 1000),
        ("paid", False, 0),
    ]
    assert card.open_invoices_idr == 1600


def test_the_open_amount_is_whole_even_when_not_every_invoice_is_shown(database: Database) -> None:
    with database.writing() as session:
        customer_id = add_customer(session, 0)
        for n in range(BESIDE_A_CALL.invoices + 5):
            add_invoice(session, customer_id, f"bill {n}", TODAY - timedelta(days=n), paid_idr=0)
        card = card_of(session, customer_id)
    assert len(card.invoices) == BESIDE_A_CALL.invoices
    assert card.open_invoices_idr == 1000 * (BESIDE_A_CALL.invoices + 5)


def test_the_card_shows_the_last_score_that_was_given_and_what_was_said(database: Database) -> None:
    with database.writing() as session:
        customer_id = add_customer(session, 0)
        assert card_of(session, customer_id).survey is None
        save_survey(session, new_id(), customer_id, NOW - timedelta(days=50), score=2)
        save_survey(session, new_id(), customer_id, NOW - timedelta(days=3), score=5, transcript="cepat sekali")
        survey_asked(session, new_id(), customer_id, NOW)
        shown = card_of(session, customer_id).survey
        assert shown is not None
        assert (shown.score, shown.comment, shown.recorded, shown.at) == (5, "cepat sekali", False, NOW - timedelta(days=3))


def test_solved_tickets_are_left_out_and_a_missed_promise_is_late(database: Database) -> None:
    with database.writing() as session:
        customer_id = add_customer(session, 0)
        for number, status, due_at in (
            ("solved", TicketStatus.SOLVED, NOW),
            ("late", TicketStatus.OPEN, NOW - timedelta(hours=1)),
            ("in time", TicketStatus.PENDING, NOW + timedelta(hours=1)),
        ):
            session.add(
                Ticket(
                    number=number, customer_id=customer_id, subject=number, category="billing", status=status, opened_at=NOW,
                    due_at=due_at,
                )
            )  # fmt: skip
        session.flush()
        card = card_of(session, customer_id)
    assert {(ticket.number, ticket.late) for ticket in card.open_tickets} == {("late", True), ("in time", False)}
