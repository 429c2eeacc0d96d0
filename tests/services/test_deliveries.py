"""Deliveries and visits in the database: history, capacity, and who wins when several want the last place."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from core.clock import VirtualClock
from core.database import Database
from crm.appointments import AppointmentChange, VisitPurpose
from crm.deliveries import DeliveryBooking, Rescheduled, TrackingCode, TrackingEvent, track, tracking
from crm.lookup import order_by_number
from crm.order_numbers import order_number
from crm.orders import Order
from crm.time_windows import TimeWindow, Window, WindowKind, WindowPlan, free_windows
from ivr.database_desk import DatabaseDesk
from tests.services.crowd import at_once, times
from tests.services.desk_records import POSTCODE, database_desk
from tests.unit.ivr.fake_desk import OTHER_ORDER, FakeDesk, order_facts
from tests.unit.ivr.fake_line import NOW

ORDERS = [order_number(1_000_100 + number) for number in range(6)]


@pytest.fixture
def desk(database: Database) -> DatabaseDesk:
    fake = FakeDesk()
    fake.orders |= {number: order_facts(number, 8, "placed") for number in ORDERS}
    return database_desk(database, fake, VirtualClock(NOW))


def taken(database: Database) -> dict[Window, int]:
    with database.reading() as session:
        return {Window(row.day, row.from_hour, row.to_hour): row.taken for row in session.scalars(select(TimeWindow)) if row.taken}


def test_the_former_windows_stay_in_history_and_give_their_place_back(desk: DatabaseDesk, database: Database) -> None:
    first, second, third = desk.delivery_windows(OTHER_ORDER, NOW)[:3]
    for hours, window in enumerate((first, second, third)):
        assert desk.reschedule(OTHER_ORDER, window, NOW + timedelta(hours=hours), "call") is Rescheduled.CHANGED
    assert taken(database) == {third: 1}
    with database.reading() as session:
        bookings = list(session.scalars(select(DeliveryBooking).order_by(DeliveryBooking.id)))
        windows = [Window(each.window.day, each.window.from_hour, each.window.to_hour) for each in bookings]
        order = order_by_number(session, OTHER_ORDER)
        assert order is not None
        told = [event.code for event in tracking(session, order.id)]
    assert windows == [first, second, third]
    assert [each.promised_before for each in bookings] == [date(2025, 2, 4), first.day, second.day]
    assert [each.replaced_at for each in bookings] == [NOW + timedelta(hours=1), NOW + timedelta(hours=2), None]
    assert told == [TrackingCode.RESCHEDULED] * 3
    assert desk.track(OTHER_ORDER, "id")[0].what == "jadwal pengiriman diubah"
    assert desk.track(OTHER_ORDER, "en")[0].what == "the delivery was moved"


def test_of_many_who_want_the_last_places_as_many_get_one_as_there_are(desk: DatabaseDesk, database: Database) -> None:
    window = desk.delivery_windows(ORDERS[0], NOW)[0]
    results = at_once(*(lambda number=number: desk.reschedule(number, window, NOW) for number in ORDERS))
    assert sorted(results) == [Rescheduled.CHANGED] * 2 + [Rescheduled.FULL] * (len(ORDERS) - 2)
    assert taken(database) == {window: 2}


def test_the_same_wish_many_times_at_once_is_one_change(desk: DatabaseDesk, database: Database) -> None:
    window = desk.delivery_windows(OTHER_ORDER, NOW)[0]
    results = at_once(*times(6, lambda: desk.reschedule(OTHER_ORDER, window, NOW)))
    assert sorted(results) == [Rescheduled.CHANGED] + [Rescheduled.UNCHANGED] * 5
    assert taken(database) == {window: 1}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(DeliveryBooking)) == 1


def test_two_who_swap_their_windows_again_and_again_do_not_wait_for_each_other_for_ever(
    desk: DatabaseDesk, database: Database
) -> None:
    left, right = desk.delivery_windows(ORDERS[0], NOW)[:2]

    def walk(order: str, *windows: Window) -> None:
        for number in range(10):
            desk.reschedule(order, windows[number % 2], NOW + timedelta(seconds=number))

    at_once(lambda: walk(ORDERS[0], left, right), lambda: walk(ORDERS[1], right, left))
    assert sum(taken(database).values()) == 2


def test_a_day_that_an_operator_closed_is_not_offered(desk: DatabaseDesk, database: Database) -> None:
    window = desk.delivery_windows(OTHER_ORDER, NOW)[0]
    with database.writing() as session:
        place = {"kind": WindowKind.DELIVERY.value, "area": POSTCODE[:3], "day": window.day}
        session.add(TimeWindow(**place, from_hour=window.from_hour, to_hour=window.to_hour, capacity=0, taken=0))
        session.commit()
    assert window not in desk.delivery_windows(OTHER_ORDER, NOW)
    assert desk.reschedule(OTHER_ORDER, window, NOW) is Rescheduled.FULL


def test_the_narrowest_planned_area_counts(desk: DatabaseDesk, database: Database) -> None:
    monday = date(2025, 2, 10)
    with database.writing() as session:
        session.add(WindowPlan(kind="delivery", area=POSTCODE, weekday=0, from_hour=18, to_hour=21, capacity=1))
        session.flush()
        assert free_windows(session, WindowKind.DELIVERY, POSTCODE, [monday]) == [Window(monday, 18, 21)]
        assert len(free_windows(session, WindowKind.DELIVERY, "40199", [monday])) == 2
        assert free_windows(session, WindowKind.DELIVERY, "99999", [monday]) == []
        assert free_windows(session, WindowKind.DELIVERY, "", [monday]) == []


def test_an_event_told_twice_is_kept_once_and_the_newest_comes_first(desk: DatabaseDesk, database: Database) -> None:
    at = datetime(2025, 2, 1, 3, tzinfo=UTC)
    with database.writing() as session:
        order = session.scalars(select(Order).where(Order.number == OTHER_ORDER)).one()
        for code, hours in ((TrackingCode.AT_HUB, 5), (TrackingCode.PLACED, 0), (TrackingCode.AT_HUB, 5)):
            track(session, order.id, code, at + timedelta(hours=hours), "Bandung")
        session.commit()
    told = desk.track(OTHER_ORDER, "en")
    assert [(each.code, each.at, each.place) for each in told] == [
        ("at_hub", at + timedelta(hours=5), "Bandung"),
        ("placed", at, "Bandung"),
    ]


def test_an_order_that_left_meanwhile_is_not_moved(desk: DatabaseDesk, database: Database) -> None:
    window = desk.delivery_windows(OTHER_ORDER, NOW)[0]
    with database.writing() as session:
        session.execute(update(Order).where(Order.number == OTHER_ORDER).values(status="out_for_delivery"))
        session.commit()
    assert desk.reschedule(OTHER_ORDER, window, NOW) is Rescheduled.TOO_LATE
    assert taken(database) == {}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TrackingEvent)) == 0


def test_a_visit_keeps_every_change_and_its_interaction(desk: DatabaseDesk, database: Database) -> None:
    first, second = desk.visit_windows(7, NOW)[:2]
    booked = desk.book_appointment(7, VisitPurpose.REPAIR, first, NOW, "call 1").appointment
    assert booked is not None
    desk.move_appointment(7, booked.appointment_id, second, NOW, "call 2")
    desk.cancel_appointment(7, booked.appointment_id, NOW, "call 3")
    with database.reading() as session:
        changes = list(session.scalars(select(AppointmentChange).order_by(AppointmentChange.id)))
    assert [(each.action, each.interaction_id) for each in changes] == [
        ("booked", "call 1"), ("moved", "call 2"), ("cancelled", "call 3"),
    ]  # fmt: skip
    assert taken(database) == {}


def test_the_same_visit_wished_many_times_at_once_is_one(desk: DatabaseDesk, database: Database) -> None:
    window = desk.visit_windows(7, NOW)[0]
    answers = at_once(*times(5, lambda: desk.book_appointment(7, VisitPurpose.REPAIR, window, NOW)))
    assert sorted(answer.arranged for answer in answers) == ["done"] + ["unchanged"] * 4
    assert len({answer.appointment for answer in answers}) == 1
    assert taken(database) == {window: 1}
