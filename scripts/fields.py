"""The fields of scripts, filled from the customer card: short phrases, written as people of the language say them."""

from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from crm.customer_card import CustomerCard
from crm.offers.spoken import SpokenOffer
from crm.orders import OrderStatus

_STATUS = {
    OrderStatus.PLACED: ("sudah kami terima", "received"),
    OrderStatus.PACKED: ("sudah dikemas", "packed"),
    OrderStatus.SHIPPED: ("dalam pengiriman", "on its way"),
    OrderStatus.OUT_FOR_DELIVERY: ("sedang diantar kurir hari ini", "out for delivery today"),
    OrderStatus.DELIVERED: ("sudah diterima", "delivered"),
    OrderStatus.CANCELLED: ("dibatalkan", "cancelled"),
}


def script_fields(card: CustomerCard | None, agent_name: str, language: str) -> dict[str, str]:
    """Every field that is known, for `runner.page`. An unknown caller (`card` None) leaves only the agent's name."""
    fields = {"agent_name": agent_name}
    if card is None:
        return fields
    indonesian = language == "id"
    fields |= {"customer_name": card.spoken_name, "city": card.city}
    if card.orders:
        order = next((each for each in card.orders if each.is_open), card.orders[0])
        status = _STATUS.get(OrderStatus(order.status)) if order.status in set(OrderStatus) else None
        fields["order"] = f"pesanan {order.number}" if indonesian else f"order {order.number}"
        fields["order_status"] = (status[0] if indonesian else status[1]) if status else ""
        fields["delivery_date"] = _day(order.promised_on, language)
        fields["product"] = order.lines[0].name_in(language) if order.lines else ""
    invoice = next((each for each in card.invoices if each.open_idr > 0), None)
    if invoice is not None:
        fields["invoice"] = f"tagihan {invoice.number}" if indonesian else f"bill {invoice.number}"
        fields["open_amount"] = _rupiah(invoice.open_idr, language)
        fields["due_date"] = _day(invoice.due_on, language)
    overdue_idr = sum(each.open_idr for each in card.invoices if each.overdue)
    if overdue_idr:
        fields["overdue_amount"] = _rupiah(overdue_idr, language)
    if card.open_tickets:
        ticket = card.open_tickets[0]
        fields["ticket"] = f"laporan {ticket.number}" if indonesian else f"report {ticket.number}"
    return fields


def offer_fields(offer: SpokenOffer | None, language: str) -> dict[str, str]:
    """What the offer of the call is and costs; nothing while none may be made."""
    if offer is None:
        return {}
    return {"offer": offer.name_in(language), "offer_price": _rupiah(offer.price_idr, language)}


def _day(day: date | None, language: str) -> str:
    return format_date(day, "d MMMM y", locale=language) if day else ""


def _rupiah(amount_idr: int, language: str) -> str:
    return f"Rp {format_decimal(amount_idr, locale=language)}"
