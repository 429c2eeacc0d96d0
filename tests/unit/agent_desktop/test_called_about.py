"""Which paper lies open when the page appears."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from agent_desktop.called_about import BILLS, ORDERS, TICKETS, VISITS, CalledAbout, called_about
from crm.card_parts import CardInvoice, CardOrder, CardTicket, CardVisit
from crm.customer_card import CustomerCard
from routing.place import Place

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)


def order(number: str, is_open: bool) -> CardOrder:
    return CardOrder(1, number, "shipped", is_open, NOON, None, None, "", "", 1000, ())


def bill(number: str, open_idr: int) -> CardInvoice:
    return CardInvoice(1, number, None, DAY, DAY, 1000, open_idr, False)


CARD = CustomerCard(
    1, None, "Sari", "Ibu", "id", "", "Bogor", "", "", "regular", None, (), (), (),
    orders=(order("20000002", False), order("20000001", True)),
    invoices=(bill("INV-2", 500), bill("INV-1", 700), bill("INV-0", 0)),
    open_tickets=(CardTicket(1, "T-1", "Broken", "repair", 1, "open", NOON, None, False),),
    contacts=(), lifetime_value_idr=0, order_count=2, open_invoices_idr=1200,
)  # fmt: skip


@pytest.mark.parametrize(
    ("queue", "reason", "open_now"),
    [
        ("billing", "bill:INV-1", CalledAbout(BILLS, "INV-1")),
        ("billing", "billing", CalledAbout(BILLS, "INV-2")),
        ("general", "bill:INV-9", CalledAbout(BILLS, "INV-2")),
        ("general", "order_status:20000002", CalledAbout(ORDERS, "20000002")),
        ("sales", "sales", CalledAbout(ORDERS, "20000001")),
        ("technical", "technical", CalledAbout(TICKETS, "T-1")),
    ],
)
def test_the_paper_they_call_about_is_open(queue: str, reason: str, open_now: CalledAbout) -> None:
    assert called_about(Place("i1", queue, NOON, "PJSIP/a", reason=reason), CARD) == open_now


def test_a_stranger_has_no_open_paper() -> None:
    assert called_about(Place("i1", "billing", NOON, "PJSIP/a"), None) == CalledAbout(BILLS)


@pytest.mark.parametrize(
    ("queue", "reason", "open_now"),
    [
        ("general", "tracking:20000002", CalledAbout(ORDERS, "20000002")),
        ("general", "reschedule", CalledAbout(ORDERS, "20000001")),
        ("billing", "payment_state:INV-0", CalledAbout(BILLS, "INV-0")),
        ("billing", "pin_not_proved:payment_state", CalledAbout(BILLS, "INV-2")),
        ("billing", "payment_declined:INV-1", CalledAbout(BILLS, "INV-1")),
        ("general", "payment_unknown:INV-1", CalledAbout(BILLS, "INV-1")),
        ("general", "ticket:T-1", CalledAbout(TICKETS, "T-1")),
        ("billing", "open_ticket:T-1", CalledAbout(TICKETS, "T-1")),
        ("technical", "appointment:7", CalledAbout(VISITS, "7")),
        ("technical", "no_pin:appointment", CalledAbout(VISITS, "6")),
        ("general", "back_end_down:ticket", CalledAbout(TICKETS, "T-1")),
    ],
)
def test_what_they_did_in_the_menu_opens_its_paper(queue: str, reason: str, open_now: CalledAbout) -> None:
    card = replace(CARD, visits=(CardVisit(6, "repair", DAY, 8, 12), CardVisit(7, "pick_up", DAY, 13, 17)))
    assert called_about(Place("i1", queue, NOON, "PJSIP/a", reason=reason), card) == open_now


def test_a_visit_that_is_cancelled_leaves_no_empty_tab() -> None:
    assert called_about(Place("i1", "technical", NOON, "PJSIP/a", reason="appointment:7"), CARD).tab == ORDERS
