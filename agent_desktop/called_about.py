"""Which of the customer's papers the call is about, so that it lies open when the page appears."""

from dataclasses import dataclass

from crm.customer_card import CustomerCard
from ivr.reasons import Reason
from routing.place import Place

ORDERS, BILLS, TICKETS = "orders", "bills", "tickets"


@dataclass(frozen=True, slots=True)
class CalledAbout:
    """The tab to show and the number of the paper to open in it ("" for none)."""

    tab: str
    number: str = ""


def called_about(place: Place, card: CustomerCard | None) -> CalledAbout:
    """By the reason the caller gave in the menu, else by the queue; the likeliest paper of that kind is open."""
    code, _colon, detail = place.reason.partition(":")
    if card is None:
        return CalledAbout(BILLS if place.queue == "billing" else ORDERS)
    bills = [invoice.number for invoice in card.invoices if invoice.open_idr > 0]
    orders = [order.number for order in card.orders]
    tickets = [ticket.number for ticket in card.open_tickets]
    if code == Reason.BILL or place.queue == "billing":
        return CalledAbout(BILLS, _named(detail, bills))
    if place.queue == "technical" and tickets:
        return CalledAbout(TICKETS, tickets[0])
    open_orders = [order.number for order in card.orders if order.is_open]
    return CalledAbout(ORDERS, detail if detail in orders else next(iter(open_orders or orders), ""))


def _named(number: str, known: list[str]) -> str:
    return number if number in known else next(iter(known), "")
