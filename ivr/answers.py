"""What is said about an order and about the bills: facts in, sentences out. Never a name, never an address."""

from collections.abc import Sequence
from datetime import date, datetime

from crm.orders import OPEN_ORDER_STATUSES, OrderStatus
from ivr.desk import BillFacts, OrderFacts
from ivr.line import Prompt
from ivr.spoken import spoken_digits, spoken_money, spoken_number, spoken_on_day

RECENT_DAYS = 14


def order_answer(order: OrderFacts, language: str, now: datetime) -> list[Prompt]:
    """The order's number, where it is, when it comes (or came), and its total. `now` is aware, in the zone that is spoken."""
    today = now.date()
    fields = {"number": spoken_digits(order.number, language)}
    if order.status == OrderStatus.DELIVERED and order.delivered_at:
        delivered_on = order.delivered_at.astimezone(now.tzinfo).date()
        fields["day"] = spoken_on_day(delivered_on, today, language)
        sentences = [Prompt("order_delivered_on", language, fields)]
    else:
        sentences = [Prompt(f"order_{OrderStatus(order.status).value}", language, fields)]
    if order.status in OPEN_ORDER_STATUSES and order.promised_on:
        key = "order_late" if order.promised_on < today else "order_expected"
        sentences.append(Prompt(key, language, {"day": spoken_on_day(order.promised_on, today, language)}))
    if order.status != OrderStatus.CANCELLED:
        sentences.append(Prompt("order_total", language, {"amount": spoken_money(order.total_idr, language)}))
    return sentences


def bill_answer(bills: Sequence[BillFacts], language: str, today: date) -> list[Prompt]:
    """What is open, the earliest due first, and when it is due; `bills` in that order, empty when all is paid."""
    if not bills:
        return [Prompt("bill_none", language)]
    first = bills[0]
    due = {"amount": spoken_money(first.open_idr, language), "day": spoken_on_day(first.due_on, today, language)}
    overdue = first.due_on < today
    if len(bills) == 1:
        sentences = [Prompt("bill_one_overdue" if overdue else "bill_one", language, due)]
    else:
        total = spoken_money(sum(bill.open_idr for bill in bills), language)
        count = {"count": spoken_number(len(bills), language), "total": total}
        sentences = [
            Prompt("bill_many", language, count),
            Prompt("bill_first_overdue" if overdue else "bill_first", language, due),
        ]
    return [*sentences, Prompt("bill_maybe_paid", language)] if overdue else sentences


def is_worth_telling(order: OrderFacts, now: datetime) -> bool:
    """Whether this is the order that a caller means who names none: on its way, or over for RECENT_DAYS at most."""
    if order.status in OPEN_ORDER_STATUSES:
        return True
    return (now - (order.delivered_at or order.placed_at)).days < RECENT_DAYS
