"""Which of the customer's papers the call is about, so that it lies open when the page appears."""

from dataclasses import dataclass

from crm.customer_card import CustomerCard
from ivr.reasons import Reason
from routing.place import Place

ORDERS, BILLS, TICKETS, VISITS = "orders", "bills", "tickets", "visits"

_TABS = {
    Reason.ORDER_STATUS: ORDERS, Reason.TRACKING: ORDERS, Reason.RESCHEDULE: ORDERS, Reason.ORDER_NOT_FOUND: ORDERS,
    Reason.BILL: BILLS, Reason.PAYMENT_STATE: BILLS, Reason.PAY_BY_CARD: BILLS, Reason.PAYMENT_DECLINED: BILLS,
    Reason.PAYMENT_UNKNOWN: BILLS,
    Reason.TICKET: TICKETS, Reason.OPEN_TICKET: TICKETS,
    Reason.APPOINTMENT: VISITS,
}  # fmt: skip
_TABS_OF_QUEUES = {"billing": BILLS, "technical": TICKETS}


@dataclass(frozen=True, slots=True)
class CalledAbout:
    """The tab to show and the number of the paper to open in it ("" for none)."""

    tab: str
    number: str = ""


def called_about(place: Place, card: CustomerCard | None) -> CalledAbout:
    """By the reason the caller gave in the menu, else by the queue; the likeliest paper of that kind is open."""
    code, _colon, detail = place.reason.partition(":")
    # What stood in the way names what they were doing: "pin_not_proved:payment_state".
    named = _tab(code) or _tab(detail)
    tab = named or _TABS_OF_QUEUES.get(place.queue, ORDERS)
    if card is None:
        return CalledAbout(BILLS if tab == BILLS else ORDERS)
    papers = _papers(card)
    if not papers[tab] and (tab == VISITS or not named):
        tab = ORDERS
    return CalledAbout(tab, detail if detail in papers[tab] else next(iter(papers[tab]), ""))


def _tab(code: str) -> str:
    return next((tab for reason, tab in _TABS.items() if reason == code), "")


def _papers(card: CustomerCard) -> dict[str, list[str]]:
    """The numbers of the customer's papers by tab, the likeliest first."""
    open_orders = [order.number for order in card.orders if order.is_open]
    return {
        ORDERS: open_orders + [order.number for order in card.orders if not order.is_open],
        BILLS: [invoice.number for invoice in card.invoices if invoice.open_idr > 0]
        + [invoice.number for invoice in card.invoices if invoice.open_idr == 0],
        TICKETS: [ticket.number for ticket in card.open_tickets],
        VISITS: [str(visit.appointment_id) for visit in card.visits],
    }
