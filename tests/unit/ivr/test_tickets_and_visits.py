"""Tickets and field visits: told, opened, booked, moved, cancelled."""

from datetime import date, timedelta

import pytest

from crm.appointments import VisitPurpose
from crm.ticket_category import BY_CALLERS, TicketSubject
from crm.time_windows import Window
from ivr.desk import TicketFacts
from ivr.line import Heard
from ivr.outcome import Contained, RouteTo
from tests.unit.ivr.callers import call, desk_with_pin
from tests.unit.ivr.fake_desk import PIN, FakeDesk
from tests.unit.ivr.fake_line import NOW, SILENCE, says

TICKET, NEW_TICKET, VISIT = says("keluhan saya"), says("keluhan baru"), says("kunjungan teknisi")
FIRST, SECOND, NEXT_DAY = (Window(date(2025, 2, day), *hours) for day, hours in ((4, (9, 12)), (4, (13, 17)), (5, (9, 12))))


def ticket(number: str = "T000042", category: str = "product", status: str = "open", due_days: int = 2) -> TicketFacts:
    solved_at = NOW - timedelta(days=1) if status == "solved" else None
    return TicketFacts(number, category, status, NOW - timedelta(days=3), NOW + timedelta(days=due_days), solved_at)


# Tickets


@pytest.mark.parametrize("way", [[TICKET], ["4", "3", "1"]], ids=["voice", "keys"])
def test_a_ticket_tells_its_number_how_it_stands_and_its_day(way: list[str | Heard]) -> None:
    desk = desk_with_pin()
    desk.ticket_facts = {7: [ticket()]}
    line, outcome = call([*way, PIN, SILENCE], desk)
    assert outcome == Contained("ticket:T000042")
    assert any(sentence.startswith("Keluhan produk, nomor T nol nol nol, nol empat dua") for sentence in line.heard)
    assert "Kami janjikan selesai hari Rabu, lima Februari." in line.heard


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        (ticket(status="pending"), "ticket_pending_product"),
        (ticket(status="solved"), "ticket_solved_on"),
        (ticket(category="repair"), "ticket_open_other"),
        (ticket(due_days=-1), "ticket_late"),
    ],
)
def test_every_kind_of_ticket_has_its_sentence(facts: TicketFacts, key: str) -> None:
    desk = desk_with_pin()
    desk.ticket_facts = {7: [facts]}
    assert key in call([TICKET, PIN, SILENCE], desk)[0].keys_heard


def test_without_tickets_one_can_be_opened_right_there() -> None:
    desk = desk_with_pin()
    line, outcome = call([TICKET, PIN, SILENCE, "3", "2", SILENCE], desk)
    assert "ticket_none" in line.keys_heard
    assert outcome == Contained(f"open_ticket:{desk.ticket_facts[7][0].number}")


@pytest.mark.parametrize(("key", "subject"), list(zip("12345", filter(BY_CALLERS.__contains__, TicketSubject), strict=True)))
def test_a_ticket_is_opened_about_what_the_caller_chose(key: str, subject: TicketSubject) -> None:
    desk = desk_with_pin()
    line, outcome = call([NEW_TICKET, PIN, key, SILENCE], desk)
    (made,) = desk.ticket_facts[7]
    assert made.category == subject
    assert outcome == Contained(f"open_ticket:{made.number}")
    assert "ticket_opened" in line.keys_heard


def test_who_wants_a_person_after_a_ticket_reaches_those_who_settle_it() -> None:
    desk = desk_with_pin()
    desk.ticket_facts = {7: [ticket()]}
    assert call([TICKET, PIN, SILENCE, "0"], desk)[1] == RouteTo("technical", "ticket:T000042", "id", 7)


# Visits


def booked_desk() -> FakeDesk:
    desk = desk_with_pin()
    desk.book_appointment(7, VisitPurpose.REPAIR, FIRST, NOW)
    return desk


def windows_of(desk: FakeDesk) -> list[Window]:
    return [each.window for each in desk.appointments(7, NOW)]


@pytest.mark.parametrize("way", [[VISIT], ["4", "4"]], ids=["voice", "keys"])
def test_a_visit_is_booked_in_the_window_that_the_caller_took(way: list[str | Heard]) -> None:
    desk = desk_with_pin()
    line, outcome = call([*way, PIN, "2", "2", "1", SILENCE], desk)
    assert windows_of(desk) == [SECOND]
    assert "visit_booked_now" in line.keys_heard
    assert outcome == Contained(f"appointment:{desk.appointments(7, NOW)[0].appointment_id}")


def test_a_booked_visit_is_told() -> None:
    line, _outcome = call([VISIT, PIN, SILENCE], booked_desk())
    assert "Kunjungan untuk perbaikan." in line.heard
    assert "Teknisi kami datang besok, antara pukul sembilan pagi dan dua belas siang." in line.heard


def test_a_visit_is_moved_and_said_back() -> None:
    desk = booked_desk()
    line, _outcome = call([VISIT, PIN, SILENCE, "3", "2", "1", SILENCE], desk)
    assert windows_of(desk) == [NEXT_DAY]
    assert "visit_moved" in line.keys_heard


@pytest.mark.parametrize(("answer", "left"), [("1", []), ("2", [FIRST]), (says("ya"), []), (says("tidak"), [FIRST])])
def test_a_visit_is_cancelled_only_after_a_yes(answer: str | Heard, left: list[Window]) -> None:
    desk = booked_desk()
    line, _outcome = call([VISIT, PIN, SILENCE, "4", answer, SILENCE], desk)
    assert windows_of(desk) == left
    assert ("visit_kept" if left else "visit_cancelled") in line.keys_heard


def test_a_visit_of_today_can_no_longer_be_changed() -> None:
    desk = booked_desk()
    number = desk.appointments(7, NOW)[0].appointment_id
    desk.visits[number] = type(desk.visits[number])(number, "repair", Window(NOW.date(), 13, 17))
    line, _outcome = call([VISIT, PIN, SILENCE, "4", "1", SILENCE], desk)
    assert "visit_too_late" in line.keys_heard


def test_another_visit_for_another_purpose_can_be_booked() -> None:
    desk = booked_desk()
    call([VISIT, PIN, SILENCE, "5", "3", "1", SILENCE], desk)
    assert {each.purpose for each in desk.appointments(7, NOW)} == {"repair", "pick_up"}


def test_a_second_visit_for_the_same_purpose_is_told_as_booked_already() -> None:
    desk = booked_desk()
    line, _outcome = call([VISIT, PIN, SILENCE, "5", "2", "2", "1", SILENCE], desk)
    assert "visit_booked_already" in line.keys_heard
    assert windows_of(desk) == [FIRST]


def test_where_no_technician_comes_a_person_helps() -> None:
    desk = desk_with_pin()
    desk.capacity = 0
    assert call([VISIT, PIN, "1"], desk)[1] == RouteTo("technical", "appointment", "id", 7)
