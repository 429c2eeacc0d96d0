"""The demo shop: believable, repeatable, all or nothing."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import phonenumbers
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from core.clock import VirtualClock
from core.database import Base, Database
from crm.appointments import Appointment
from crm.customer_numbers import is_customer_number
from crm.customers import Consent, Customer, CustomerPhone
from crm.deliveries import RESCHEDULABLE, TrackingCode, offer_windows, tracking
from crm.demo import seed_demo
from crm.demo.shop import load_articles, load_towns
from crm.lookup import customers_by_number
from crm.order_numbers import is_order_number
from crm.orders import OPEN_ORDER_STATUSES, Invoice, Order, OrderLine, OrderStatus
from crm.payment.records import Payment, PaymentAllocation, PaymentStatus
from crm.surveys import SurveyAnswer
from crm.tickets import Ticket, TicketStatus
from crm.time_windows import TimeWindow

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CUSTOMERS = 400
SEARCH_TABLES = ("search_terms", "name_words", "name_word_parts")
TABLES = (
    "customers", "customer_phones", "customer_emails", "consents", "products", "orders", "order_lines", "invoices", "tickets",
    "window_plans", "time_windows", "tracking_events", "payments", "payment_allocations", "appointments", "appointment_changes",
    "survey_answers", "promotions",
)  # fmt: skip


@pytest.fixture
def seeded(database: Database) -> Database:
    seed_demo(database, VirtualClock(NOW), customers=CUSTOMERS)
    return database


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as session:
        return {name: [tuple(row) for row in session.execute(select(Base.metadata.tables[name]).order_by("id"))] for name in TABLES}


def test_the_same_seed_on_the_same_day_gives_the_same_data(seeded: Database, tmp_path: Path) -> None:
    other = Database(f"sqlite:///{tmp_path}/other.db")
    Base.metadata.create_all(other.engine, [Base.metadata.tables[name] for name in (*TABLES, *SEARCH_TABLES)])
    seed_demo(other, VirtualClock(NOW + timedelta(hours=5)), customers=CUSTOMERS)
    assert everything(other) == everything(seeded)
    other.dispose()


def test_seeding_again_does_nothing(seeded: Database) -> None:
    before = everything(seeded)
    seed_demo(seeded, VirtualClock(NOW + timedelta(days=3)), customers=CUSTOMERS, seed=99)
    assert everything(seeded) == before


def test_broken_off_midway_nothing_stays_and_it_can_be_run_again(database: Database) -> None:
    def fail_at_invoices(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO invoices"):
            raise OperationalError(statement, None, Exception("disk full"))

    event.listen(database.engine, "before_cursor_execute", fail_at_invoices)
    with pytest.raises(OperationalError):
        seed_demo(database, VirtualClock(NOW), customers=50)
    event.remove(database.engine, "before_cursor_execute", fail_at_invoices)
    assert all(rows == [] for rows in everything(database).values())
    seed_demo(database, VirtualClock(NOW), customers=50)
    assert len(everything(database)["customers"]) == 50


def test_the_database_goes_on_numbering_after_the_seed(seeded: Database) -> None:
    with seeded.writing() as session:
        added = Customer(name="Somebody new", created_at=NOW, updated_at=NOW)
        session.add(added)
        session.flush()
        assert added.id == session.scalar(select(func.max(Customer.id)))


def test_every_number_is_valid_and_fixed_lines_match_the_town(seeded: Database) -> None:
    area_codes = {town.city: town.area_code for town in load_towns()}
    with seeded.reading() as session:
        rows = session.execute(select(CustomerPhone.e164, CustomerPhone.kind, Customer.city).join(Customer)).all()
    for e164, kind, city in rows:
        number = phonenumbers.parse(e164)
        assert phonenumbers.is_valid_number(number), e164
        if kind == "mobile":
            assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
        else:
            assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE
            assert e164.startswith("+62" + area_codes[city][1:])
    assert {kind for _e164, kind, _city in rows} == {"mobile", "home", "work"}


@pytest.mark.parametrize(
    ("city", "area_code"),
    [
        ("Jakarta Selatan", "021"), ("Bandung", "022"), ("Semarang", "024"), ("Yogyakarta", "0274"), ("Surabaya", "031"),
        ("Denpasar", "0361"), ("Medan", "061"), ("Makassar", "0411"),
    ],
)  # fmt: skip
def test_the_area_codes_are_those_of_the_numbering_plan(city: str, area_code: str) -> None:
    assert {town.city: town.area_code for town in load_towns()}[city] == area_code


def test_postcodes_belong_to_the_town(seeded: Database) -> None:
    ranges = {town.city: town.postcodes for town in load_towns()}
    with seeded.reading() as session:
        for city, postcode in session.execute(select(Customer.city, Customer.postcode)):
            first, last = ranges[city]
            assert first <= int(postcode) <= last


def test_languages_are_shared_out_as_meant_and_honorifics_fit_them(seeded: Database) -> None:
    with seeded.reading() as session:
        people = session.execute(select(Customer.language, Customer.honorific)).all()
    languages = Counter(language for language, _honorific in people)
    assert languages["id"] / CUSTOMERS == pytest.approx(0.85, abs=0.06)
    assert languages["en"] / CUSTOMERS == pytest.approx(0.08, abs=0.05)
    assert languages[None] > 0
    assert {honorific for language, honorific in people if language == "en"} == {"Mr", "Ms"}
    assert {honorific for language, honorific in people if language != "en"} <= {"Bapak", "Ibu", ""}


def test_order_numbers_are_typeable_and_grow_with_time(seeded: Database) -> None:
    with seeded.reading() as session:
        numbers = session.scalars(select(Order.number).order_by(Order.placed_at, Order.id)).all()
    assert all(is_order_number(number) for number in numbers)
    assert numbers == sorted(numbers)


def test_a_status_agrees_with_its_dates(seeded: Database) -> None:
    with seeded.reading() as session:
        orders = session.scalars(select(Order)).all()
    for order in orders:
        assert NOW - timedelta(days=551) < order.placed_at <= NOW
        assert (order.delivered_at is not None) == (order.status == OrderStatus.DELIVERED)
        if order.delivered_at:
            assert order.placed_at < order.delivered_at <= NOW
        if order.status in OPEN_ORDER_STATUSES:
            assert NOW - order.placed_at < timedelta(days=20)
            assert order.promised_on is not None
        handed_over = order.status in {OrderStatus.SHIPPED, OrderStatus.OUT_FOR_DELIVERY, OrderStatus.DELIVERED}
        assert bool(order.tracking_number) == bool(order.courier) == handed_over
    assert {order.status for order in orders} == set(OrderStatus)


def test_totals_are_the_sum_of_the_lines_and_invoices_bill_them(seeded: Database) -> None:
    with seeded.reading() as session:
        summed = dict(
            session.execute(
                select(OrderLine.order_id, func.sum(OrderLine.quantity * OrderLine.unit_price_idr)).group_by(OrderLine.order_id)
            ).all()
        )
        orders = {order.id: order for order in session.scalars(select(Order))}
        invoices = session.scalars(select(Invoice)).all()
    assert all(int(summed[order.id]) == order.total_idr > 0 for order in orders.values())
    for invoice in invoices:
        assert invoice.order_id is not None
        assert invoice.amount_idr == orders[invoice.order_id].total_idr
        assert orders[invoice.order_id].status != OrderStatus.CANCELLED
        assert 0 <= invoice.paid_idr <= invoice.amount_idr
    still_open = [invoice for invoice in invoices if invoice.open_idr]
    assert 0 < len(still_open) < len(invoices) / 5
    assert any(invoice.due_on < NOW.date() for invoice in still_open)
    assert any(invoice.due_on >= NOW.date() for invoice in still_open)


def test_everybody_has_a_number_that_can_be_typed(seeded: Database) -> None:
    with seeded.reading() as session:
        numbers = session.scalars(select(Customer.external_id)).all()
    assert len(set(numbers)) == CUSTOMERS
    assert all(number and is_customer_number(number) for number in numbers)


def test_a_parcels_way_ends_where_its_order_says(seeded: Database) -> None:
    ends = {
        OrderStatus.PLACED: TrackingCode.PLACED, OrderStatus.PACKED: TrackingCode.PACKED,
        OrderStatus.OUT_FOR_DELIVERY: TrackingCode.OUT_FOR_DELIVERY, OrderStatus.DELIVERED: TrackingCode.DELIVERED,
    }  # fmt: skip
    with seeded.reading() as session:
        orders = session.scalars(select(Order).where(Order.placed_at > NOW - timedelta(days=50))).all()
        for order in orders:
            newest, *_before, oldest = [*tracking(session, order.id), *tracking(session, order.id)]
            assert (oldest.code, oldest.at) == (TrackingCode.PLACED, order.placed_at.replace(microsecond=0))
            if order.status == OrderStatus.SHIPPED:
                assert newest.code in (TrackingCode.HANDED_OVER, TrackingCode.AT_HUB)
            else:
                assert newest.code == ends.get(OrderStatus(order.status), TrackingCode.PLACED)
            assert newest.at <= NOW
            assert not order.delivered_at or newest.at == order.delivered_at.replace(microsecond=0)
    assert len(orders) > 30


def test_what_is_paid_of_an_invoice_came_with_payments(seeded: Database) -> None:
    with seeded.reading() as session:
        came = dict(
            session.execute(
                select(PaymentAllocation.invoice_id, func.sum(PaymentAllocation.amount_idr))
                .join(Payment, Payment.id == PaymentAllocation.payment_id)
                .where(Payment.status == PaymentStatus.RECEIVED)
                .group_by(PaymentAllocation.invoice_id)
            ).all()
        )
        for invoice in session.scalars(select(Invoice)):
            assert int(came.get(invoice.id, 0)) == invoice.paid_idr
        for payment in session.scalars(select(Payment)):
            assert payment.begun_at <= NOW
            assert (payment.received_at is not None) == (payment.status == PaymentStatus.RECEIVED)
            assert sum(each.amount_idr for each in payment.allocations) == payment.amount_idr


def test_every_order_on_its_way_can_come_in_another_window(seeded: Database) -> None:
    with seeded.reading() as session:
        orders = session.scalars(select(Order).where(Order.status.in_(RESCHEDULABLE))).all()
        assert orders
        assert all(offer_windows(session, order, NOW.date()) for order in orders)


def test_visits_are_booked_where_technicians_come_and_no_fuller_than_planned(seeded: Database) -> None:
    with seeded.reading() as session:
        visits = session.scalars(select(Appointment)).all()
        assert visits
        assert all(visit.window.day > NOW.date() and 0 < visit.window.taken <= visit.window.capacity for visit in visits)
        assert sum(session.scalars(select(TimeWindow.taken))) == len(visits)


def test_nobody_who_refused_has_answered_a_survey(seeded: Database) -> None:
    with seeded.reading() as session:
        answers = session.scalars(select(SurveyAnswer)).all()
        refused = set(session.scalars(select(Consent.customer_id).where(Consent.purpose == "survey", Consent.granted.is_(False))))
    assert answers
    assert refused
    assert not refused & {answer.customer_id for answer in answers}
    assert all(answer.asked_at <= NOW and answer.score for answer in answers)


def test_tickets_follow_their_time(seeded: Database) -> None:
    with seeded.reading() as session:
        tickets = session.scalars(select(Ticket)).all()
    assert tickets
    for ticket in tickets:
        assert ticket.opened_at <= NOW
        assert (ticket.solved_at is not None) == (ticket.status == TicketStatus.SOLVED)
        assert ticket.solved_at is None or ticket.opened_at <= ticket.solved_at <= NOW
        assert 1 <= ticket.priority <= 4


def test_the_catalogue_has_both_names_and_a_line_to_choose_from_in_every_category() -> None:
    articles = load_articles()
    assert len(articles) == len({article.sku for article in articles}) == 60
    assert all(article.name_id and article.name_en and article.price_idr > 0 for article in articles)
    assert min(Counter(article.category for article in articles).values()) >= 4


def test_some_people_share_a_number_and_are_found_together(seeded: Database) -> None:
    with seeded.reading() as session:
        shared = session.scalars(select(CustomerPhone.e164).group_by(CustomerPhone.e164).having(func.count() > 1)).all()
        assert shared
        assert len(customers_by_number(session, shared[0])) > 1


def test_nobody_real_is_written_to(seeded: Database) -> None:
    addresses = [str(row[2]) for row in everything(seeded)["customer_emails"]]
    assert all(re.fullmatch(r"[a-z.]+\d+@example\.(com|net|org)", address) for address in addresses)
    assert len(set(addresses)) == len(addresses)
