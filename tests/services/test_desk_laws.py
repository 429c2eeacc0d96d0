"""What every desk promises to a flow: the one on our database and the fake one of the flows' tests, by the same tests."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.clock import VirtualClock
from core.errors import NotFound, Unavailable
from core.ids import new_id
from crm.appointments import Arranged, VisitPurpose
from crm.callback_tasks import CallbackWish
from crm.customer_numbers import customer_number
from crm.deliveries import Rescheduled
from crm.number_tries import PER_CALLER as PER_NUMBER
from crm.number_tries import PER_WITHHELD
from crm.payment.answers import PaymentState
from crm.payment.cards import Card, CardExpiry, CardNumber
from crm.payment.gateway import DeclineReason
from crm.payment.sandbox import APPROVED_CARDS, CHARGED_WITHOUT_ANSWER, DECLINED_CARDS
from crm.payment.taking import MOST_DECLINED, Taken
from crm.pins import PER_CALLER, PER_CUSTOMER, PinResult
from crm.tickets import TicketSubject
from crm.time_windows import Window
from ivr.database_desk import DatabaseDesk
from ivr.desk import CallerFacts, CrmDesk
from tests.services.desk_records import database_desk
from tests.unit.ivr.fake_desk import KNOWN_ANI, OTHER_ORDER, OWN_ORDER, PIN, SHARED_ANI, STRANGER_ANI, UNKNOWN_ORDER, FakeDesk
from tests.unit.ivr.fake_line import NOW

NUMBER_7, NUMBER_8 = customer_number(100_007), customer_number(100_008)
SOON = CardExpiry(2026, 1)


@pytest.fixture(params=["fake", pytest.param("database", marks=pytest.mark.database)])
def desk(request: pytest.FixtureRequest) -> CrmDesk:
    fake = FakeDesk()
    seven, eight = CallerFacts(7, "id", "vip", NUMBER_7, OWN_ORDER, True), CallerFacts(8, "id", "regular", NUMBER_8, OTHER_ORDER)
    fake.callers_by_number = {KNOWN_ANI: (seven,), SHARED_ANI: (eight, seven)}
    fake.orders[OWN_ORDER] = replace(fake.orders[OWN_ORDER], placed_at=NOW - timedelta(days=9))
    fake.pins = {7: PIN}
    if request.param == "fake":
        return fake
    return database_desk(request.getfixturevalue("database"), fake, VirtualClock(NOW))


def card(number: str = APPROVED_CARDS[0], expiry: CardExpiry = SOON) -> Card:
    return Card(CardNumber(number), expiry)


def pay(desk: CrmDesk, amount_idr: int = 200_000, **of: Any) -> Any:
    return desk.take_payment(8, ["INV-0043", "INV-0050"], amount_idr, **{"card": card(), "now": NOW, **of})


# ── callers ──


def test_a_number_finds_its_people_with_what_tells_them_apart(desk: CrmDesk) -> None:
    (known,) = desk.callers(KNOWN_ANI)
    assert known == CallerFacts(7, "id", "vip", NUMBER_7, OWN_ORDER, True)
    assert [each.customer_number for each in desk.callers(SHARED_ANI)] == [NUMBER_8, NUMBER_7]
    assert desk.callers(STRANGER_ANI) == desk.callers("") == ()


def test_a_customer_is_found_by_number_and_by_order_and_nobody_by_nothing(desk: CrmDesk) -> None:
    order = desk.order(OTHER_ORDER)
    assert order is not None
    assert desk.customer_by_number(NUMBER_8) == desk.caller(order.customer_id) == desk.callers(SHARED_ANI)[0]
    assert desk.customer_by_number("") is desk.customer_by_number("1234567") is desk.caller(4711) is None


# ── PINs ──


def test_the_third_wrong_pin_locks_the_customer_whatever_the_number(desk: CrmDesk) -> None:
    wrong = [desk.verify_pin(7, "000001", number, NOW) for number in (KNOWN_ANI, "", STRANGER_ANI)]
    assert [check.result for check in wrong] == [PinResult.WRONG] * PER_CUSTOMER
    assert [check.tries_left for check in wrong] == [2, 1, 0]
    assert wrong[-1].locked_until == NOW + timedelta(minutes=15)
    locked = desk.verify_pin(7, PIN, "+628111111111", NOW + timedelta(minutes=14))
    assert (locked.result, locked.tries_left, locked.locked_until) == (PinResult.LOCKED, 0, wrong[-1].locked_until)
    assert desk.verify_pin(7, PIN, KNOWN_ANI, NOW + timedelta(minutes=16)).result is PinResult.RIGHT


def test_every_pause_is_longer_and_a_right_pin_starts_anew(desk: CrmDesk) -> None:
    moment, pauses = NOW, []
    for _pause in range(3):
        checks = [desk.verify_pin(7, "000001", "", moment) for _try in range(PER_CUSTOMER)]
        assert checks[-1].locked_until is not None
        pauses.append(checks[-1].locked_until - moment)
        moment = checks[-1].locked_until + timedelta(seconds=1)
    assert pauses == [timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60)]
    assert desk.verify_pin(7, PIN, "", moment).result is PinResult.RIGHT
    assert desk.verify_pin(7, "000001", "", moment).tries_left == 2


def test_a_number_that_tries_one_customer_after_another_is_locked_too(desk: CrmDesk) -> None:
    for customer_id in range(100, 100 + PER_CALLER):
        check = desk.verify_pin(customer_id, "123457", STRANGER_ANI, NOW)
        assert check.result is PinResult.NO_PIN
    assert desk.verify_pin(7, PIN, STRANGER_ANI, NOW).result is PinResult.LOCKED
    assert desk.verify_pin(7, PIN, KNOWN_ANI, NOW).result is PinResult.RIGHT


def test_an_own_right_pin_does_not_wash_a_number_clean(desk: CrmDesk) -> None:
    for customer_id in range(100, 100 + PER_CALLER - 1):
        desk.verify_pin(customer_id, "123457", STRANGER_ANI, NOW)
    assert desk.verify_pin(7, PIN, STRANGER_ANI, NOW).result is PinResult.RIGHT
    assert desk.verify_pin(200, "123457", STRANGER_ANI, NOW).locked_until is not None


def test_a_number_may_name_others_so_often_and_then_has_to_wait(desk: CrmDesk) -> None:
    assert all(desk.may_name(STRANGER_ANI, NOW) for _try in range(PER_NUMBER))
    assert not desk.may_name(STRANGER_ANI, NOW + timedelta(minutes=14))
    assert desk.may_name(KNOWN_ANI, NOW), "another number"
    assert desk.may_name(STRANGER_ANI, NOW + timedelta(minutes=16))


def test_what_is_the_callers_own_does_not_count(desk: CrmDesk) -> None:
    for _try in range(2 * PER_NUMBER):
        assert desk.may_name(KNOWN_ANI, NOW)
        desk.named_own(KNOWN_ANI)
    desk.named_own(STRANGER_ANI)
    assert all(desk.may_name(KNOWN_ANI, NOW) for _try in range(PER_NUMBER))


def test_withheld_numbers_are_counted_together_and_more_of_them_are_let_through(desk: CrmDesk) -> None:
    assert all(desk.may_name("", NOW) for _try in range(PER_WITHHELD))
    assert not desk.may_name("", NOW)


# ── orders and deliveries ──


def test_orders_come_newest_first_and_with_a_limit(desk: CrmDesk) -> None:
    assert [order.number for order in desk.orders_of(8)] == [OTHER_ORDER]
    assert desk.orders_of(8, most=0) == desk.orders_of(4711) == ()
    assert desk.track(UNKNOWN_ORDER, "id") == desk.delivery_windows(UNKNOWN_ORDER, NOW) == ()


def test_windows_begin_tomorrow_or_on_the_promised_day_and_keep_sundays_free(desk: CrmDesk) -> None:
    windows = desk.delivery_windows(OTHER_ORDER, NOW)
    assert windows[0] == Window(date(2025, 2, 4), 9, 12)
    assert list(windows) == sorted(windows)
    assert all(window.day.weekday() != 6 for window in windows)
    late = desk.delivery_windows(OTHER_ORDER, NOW + timedelta(days=5))
    assert late[0].day == date(2025, 2, 10)  # the 9th is a Sunday


def test_a_parcel_on_its_last_way_comes_when_it_comes(desk: CrmDesk) -> None:
    assert desk.delivery_windows(OWN_ORDER, NOW) == ()
    window = desk.delivery_windows(OTHER_ORDER, NOW)[0]
    assert desk.reschedule(OWN_ORDER, window, NOW) is desk.reschedule(UNKNOWN_ORDER, window, NOW) is Rescheduled.TOO_LATE


def test_a_chosen_window_is_the_promise_and_asking_again_changes_nothing(desk: CrmDesk) -> None:
    window = desk.delivery_windows(OTHER_ORDER, NOW)[3]
    assert desk.reschedule(OTHER_ORDER, window, NOW) is Rescheduled.CHANGED
    assert desk.reschedule(OTHER_ORDER, window, NOW) is Rescheduled.UNCHANGED
    order = desk.order(OTHER_ORDER)
    assert order is not None
    assert (order.window, order.promised_on) == (window, window.day)
    assert window not in desk.delivery_windows(OTHER_ORDER, NOW)


def test_one_who_chose_a_late_day_may_come_back_to_an_earlier_one(desk: CrmDesk) -> None:
    first, *_rest, last = desk.delivery_windows(OTHER_ORDER, NOW)
    assert desk.reschedule(OTHER_ORDER, last, NOW) is Rescheduled.CHANGED
    assert first in desk.delivery_windows(OTHER_ORDER, NOW)
    assert desk.reschedule(OTHER_ORDER, first, NOW) is Rescheduled.CHANGED
    assert last in desk.delivery_windows(OTHER_ORDER, NOW)


@pytest.mark.parametrize(
    "window",
    [
        Window(NOW.date(), 9, 12),
        Window(date(2025, 2, 9), 9, 12),
        Window(date(2025, 2, 5), 9, 11),
        Window(date(2025, 2, 5), 10, 12),
        Window(date(2025, 6, 5), 9, 12),
    ],
    ids=["today", "a Sunday", "other end", "other beginning", "far away"],
)
def test_a_window_that_was_not_offered_is_refused(desk: CrmDesk, window: Window) -> None:
    assert desk.reschedule(OTHER_ORDER, window, NOW) is Rescheduled.NOT_OFFERED
    answer = desk.book_appointment(7, VisitPurpose.REPAIR, window, NOW)
    assert (answer.arranged, answer.appointment) == (Arranged.NOT_OFFERED, None)


# ── appointments ──


def test_a_visit_is_booked_moved_and_cancelled_and_each_twice_is_once(desk: CrmDesk) -> None:
    first, second = desk.visit_windows(7, NOW)[:2]
    booked = desk.book_appointment(7, VisitPurpose.REPAIR, first, NOW)
    assert booked.arranged is Arranged.DONE
    assert booked.appointment is not None
    number = booked.appointment.appointment_id
    assert desk.book_appointment(7, VisitPurpose.REPAIR, first, NOW) == replace(booked, arranged=Arranged.UNCHANGED)
    assert desk.book_appointment(7, VisitPurpose.REPAIR, second, NOW) == replace(booked, arranged=Arranged.OTHER_BOOKED)
    moved = desk.move_appointment(7, number, second, NOW)
    assert (moved.arranged, moved.appointment) == (Arranged.DONE, replace(booked.appointment, window=second))
    assert desk.move_appointment(7, number, second, NOW).arranged is Arranged.UNCHANGED
    assert desk.appointments(7, NOW) == (moved.appointment,)
    assert desk.cancel_appointment(7, number, NOW) is Arranged.DONE
    assert desk.cancel_appointment(7, number, NOW) is Arranged.UNCHANGED
    assert desk.appointments(7, NOW) == ()
    assert desk.move_appointment(7, number, first, NOW).arranged is Arranged.TOO_LATE


def test_nobody_changes_somebody_elses_visit_or_one_of_today(desk: CrmDesk) -> None:
    window, other = desk.visit_windows(7, NOW)[:2]
    appointment = desk.book_appointment(7, VisitPurpose.REPAIR, window, NOW).appointment
    assert appointment is not None
    assert desk.move_appointment(8, appointment.appointment_id, other, NOW).arranged is Arranged.TOO_LATE
    assert desk.cancel_appointment(8, appointment.appointment_id, NOW) is Arranged.TOO_LATE
    on_the_day = NOW + (window.day - NOW.date())
    assert desk.appointments(7, on_the_day) == (appointment,)
    assert desk.cancel_appointment(7, appointment.appointment_id, on_the_day) is Arranged.TOO_LATE
    assert desk.appointments(7, on_the_day + timedelta(days=1)) == ()


def test_after_a_visit_another_can_be_booked(desk: CrmDesk) -> None:
    desk.book_appointment(7, VisitPurpose.REPAIR, desk.visit_windows(7, NOW)[0], NOW)
    later = NOW + timedelta(days=8)
    again = desk.book_appointment(7, VisitPurpose.REPAIR, desk.visit_windows(7, later)[0], later)
    assert again.arranged is Arranged.DONE


def test_a_window_has_as_many_places_as_its_capacity_and_a_left_one_is_free_again(desk: CrmDesk) -> None:
    window, other = desk.visit_windows(7, NOW)[:2]
    for purpose in (VisitPurpose.REPAIR, VisitPurpose.PICK_UP):
        assert desk.book_appointment(7, purpose, window, NOW).arranged is Arranged.DONE
    assert window not in desk.visit_windows(8, NOW)
    assert desk.book_appointment(8, VisitPurpose.REPAIR, window, NOW).arranged is Arranged.FULL
    assert desk.move_appointment(7, desk.appointments(7, NOW)[0].appointment_id, other, NOW).arranged is Arranged.DONE
    assert desk.book_appointment(8, VisitPurpose.REPAIR, window, NOW).arranged is Arranged.DONE
    assert window in desk.delivery_windows(OTHER_ORDER, NOW)  # a visit takes no courier's place


# ── bills and payments ──


def test_a_payment_pays_the_bills_once(desk: CrmDesk) -> None:
    assert desk.payment_state(8).state is PaymentState.NONE
    paid = pay(desk)
    assert (paid.taken, paid.amount_idr, bool(paid.reference)) == (Taken.APPROVED, 200_000, True)
    assert desk.open_bills(8) == ()
    state = desk.payment_state(8)
    assert (state.state, state.amount_idr, state.at, state.open_idr) == (PaymentState.RECEIVED, 200_000, NOW, 0)
    assert set(state.invoices) == {"INV-0043", "INV-0050"}
    assert pay(desk).taken is Taken.ALREADY_PAID


def test_never_another_amount_than_the_caller_agreed_to(desk: CrmDesk) -> None:
    refused = pay(desk, amount_idr=150_000)
    assert (refused.taken, refused.amount_idr) == (Taken.AMOUNT_CHANGED, 200_000)
    assert len(desk.open_bills(8)) == 2


@pytest.mark.parametrize("number", DECLINED_CARDS)
def test_a_declined_card_says_why_and_leaves_the_bills_open_for_another(desk: CrmDesk, number: str) -> None:
    declined = pay(desk, card=card(number))
    assert (declined.taken, declined.decline_reason) == (Taken.DECLINED, DECLINED_CARDS[number])
    assert desk.payment_state(8).state is PaymentState.NONE
    assert pay(desk).taken is Taken.APPROVED


def test_an_old_card_is_declined(desk: CrmDesk) -> None:
    assert pay(desk, card=card(expiry=CardExpiry(2025, 1))).decline_reason is DeclineReason.EXPIRED_CARD
    assert pay(desk, card=card(expiry=CardExpiry(2025, 2))).taken is Taken.APPROVED


def test_trying_cards_out_ends_soon(desk: CrmDesk) -> None:
    for number in list(DECLINED_CARDS)[:MOST_DECLINED]:
        assert pay(desk, card=card(number)).taken is Taken.DECLINED
    assert pay(desk).taken is Taken.TOO_MANY_DECLINED


def test_while_a_result_is_unknown_nothing_else_is_charged(desk: CrmDesk) -> None:
    unknown = pay(desk, card=card(CHARGED_WITHOUT_ANSWER))
    assert unknown.taken is Taken.UNKNOWN
    assert desk.payment_state(8).state is PaymentState.PENDING
    assert pay(desk).taken is Taken.IN_PROGRESS
    assert desk.take_payment(8, ["INV-0043"], 150_000, card(), NOW).taken is Taken.IN_PROGRESS


@pytest.mark.parametrize("numbers", [["INV-0042"], ["INV-0043", "INV-0042"], ["INV-9999"], []])
def test_only_own_bills_can_be_paid(desk: CrmDesk, numbers: list[str]) -> None:
    with pytest.raises(NotFound):
        desk.take_payment(8, numbers, 150_000, card(), NOW)


# ── tickets, surveys, tasks ──


def test_a_ticket_is_opened_once_and_the_newest_comes_first(desk: CrmDesk) -> None:
    assert desk.tickets(7) == ()
    interaction = new_id()
    delivery = desk.open_ticket(7, TicketSubject.DELIVERY, "id", NOW, interaction)
    assert desk.open_ticket(7, TicketSubject.DELIVERY, "id", NOW + timedelta(minutes=1), interaction) == delivery
    billing = desk.open_ticket(7, TicketSubject.BILLING, "id", NOW + timedelta(minutes=2), interaction)
    assert desk.tickets(7) == (billing, delivery)
    assert desk.tickets(7, most=1) == (billing,)
    assert delivery.due_at is not None
    assert delivery.due_at > NOW
    assert delivery.number != billing.number


def test_who_was_asked_is_left_in_peace_for_a_while(desk: CrmDesk) -> None:
    def asked_after(days: float) -> bool:
        return desk.wants_survey(7, "", NOW + timedelta(days=days), share=1, rest_days=30, chance=0)

    assert asked_after(0)
    desk.survey_asked(new_id(), 7, NOW)
    assert not asked_after(29)
    assert asked_after(30)
    assert desk.wants_survey(8, "", NOW, share=1, rest_days=30, chance=0)
    assert desk.wants_survey(None, "", NOW, share=0.5, rest_days=30, chance=0.4)
    assert not desk.wants_survey(None, "", NOW, share=0.5, rest_days=30, chance=0.6)


@pytest.mark.parametrize("customer_id", [None, 7])
def test_who_was_asked_at_a_number_is_left_in_peace_there_known_or_not(desk: CrmDesk, customer_id: int | None) -> None:
    def wanted(days: float, number: str = STRANGER_ANI) -> bool:
        return desk.wants_survey(customer_id, number, NOW + timedelta(days=days), share=1, rest_days=30, chance=0)

    assert wanted(0)
    desk.survey_asked(new_id(), None, NOW, STRANGER_ANI)
    assert not wanted(29)
    assert wanted(30)
    assert wanted(0, KNOWN_ANI)
    desk.survey_asked(new_id(), None, NOW)
    assert wanted(0, ""), "a withheld number is many people's"


def test_a_score_is_one_to_five(desk: CrmDesk) -> None:
    for score in (0, 6):
        with pytest.raises(ValueError, match="1 to 5"):
            desk.save_survey(new_id(), 7, NOW, score=score)
    assert desk.wants_survey(7, "", NOW, share=1, rest_days=30, chance=0)


def test_one_interaction_makes_one_call_back_task(desk: CrmDesk) -> None:
    wish = CallbackWish(new_id(), KNOWN_ANI, "billing", "id", NOW + timedelta(hours=4), customer_id=7)
    task = desk.add_callback_task(wish, NOW)
    assert desk.add_callback_task(wish, NOW) == task
    assert desk.add_callback_task(replace(wish, interaction_id=new_id()), NOW) != task


def test_a_desk_without_a_gateway_takes_no_cards(desk: CrmDesk) -> None:
    assert desk.takes_cards()
    poor = desk
    if isinstance(desk, FakeDesk):
        desk.cards = False
    else:
        assert isinstance(desk, DatabaseDesk)
        poor = DatabaseDesk(desk._database)
    assert not poor.takes_cards()
    with pytest.raises(Unavailable):
        pay(poor)


def test_moments_come_back_as_the_same_moment(desk: CrmDesk) -> None:
    later: datetime = NOW + timedelta(hours=3)
    ticket = desk.open_ticket(7, TicketSubject.OTHER, "en", later, new_id())
    assert ticket.opened_at == later
