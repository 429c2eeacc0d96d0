"""What is said about an order, its parcel, and the bills: facts in, sentences out. Never a name, never an address."""

from collections.abc import Sequence
from datetime import datetime

from crm.orders import OPEN_ORDER_STATUSES, OrderStatus
from ivr.desk import BillFacts, OrderFacts, TrackingFacts
from ivr.line import Prompt
from ivr.wording import Wording

RECENT_DAYS = 14


def order_answer(order: OrderFacts, words: Wording) -> list[Prompt]:
    """Where the order is and when it comes (or came), then its number and its total: what is asked first is said first."""
    language, today = words.language, words.now.date()
    if order.status == OrderStatus.DELIVERED and order.delivered_at:
        delivered_on = order.delivered_at.astimezone(words.now.tzinfo).date()
        sentences = [Prompt("order_delivered_on", language, {"day": words.on_day(delivered_on)})]
    else:
        sentences = [Prompt(f"order_{OrderStatus(order.status).value}", language)]
    if order.status in OPEN_ORDER_STATUSES and order.promised_on:
        day = {"day": words.on_day(order.promised_on)}
        if order.promised_on < today:
            sentences.append(Prompt("order_late", language, day))
        elif order.window and order.window.day == order.promised_on:
            sentences.append(Prompt("order_expected_at", language, {**day, "times": words.times(order.window)}))
        else:
            sentences.append(Prompt("order_expected", language, day))
    sentences.append(Prompt("order_number", language, {"number": words.digits(order.number)}))
    if order.status != OrderStatus.CANCELLED:
        sentences.append(Prompt("order_total", language, {"amount": words.money(order.total_idr)}))
    return sentences


def tracking_answer(order: OrderFacts, seen: Sequence[TrackingFacts], words: Wording) -> list[Prompt]:
    """Where the parcel was seen last and, while it is on its way, when it comes; `seen` the newest first."""
    if not seen:
        return [Prompt("tracking_none", words.language), *order_answer(order, words)]
    last = seen[0]
    there = last.at.astimezone(words.now.tzinfo)
    fields = {"day": words.on_day(there.date()), "what": last.what}
    sentences = [
        Prompt("tracking_last_in", words.language, {**fields, "place": last.place})
        if last.place
        else Prompt("tracking_last", words.language, fields)
    ]
    if order.status in OPEN_ORDER_STATUSES and order.promised_on:
        key = "order_late" if order.promised_on < words.now.date() else "order_expected"
        sentences.append(Prompt(key, words.language, {"day": words.on_day(order.promised_on)}))
    return sentences


def bill_answer(bills: Sequence[BillFacts], words: Wording) -> list[Prompt]:
    """What is open, the earliest due first, and when it is due; `bills` in that order, empty when all is paid."""
    language = words.language
    if not bills:
        return [Prompt("bill_none", language)]
    first = bills[0]
    due = {"amount": words.money(first.open_idr), "day": words.on_day(first.due_on)}
    overdue = first.due_on < words.now.date()
    if len(bills) == 1:
        sentences = [Prompt("bill_one_overdue" if overdue else "bill_one", language, due)]
    else:
        count = {"count": words.count(len(bills)), "total": words.money(sum(bill.open_idr for bill in bills))}
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
