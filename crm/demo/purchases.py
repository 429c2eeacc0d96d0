"""Demo orders and their invoices: where a parcel is follows from when it was ordered."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from math import ceil
from random import Random

from crm.deliveries import TrackingCode
from crm.demo.people import Person
from crm.demo.shop import Article, weighted
from crm.orders import OrderStatus

HISTORY_DAYS = 548
PAYMENT_DAYS = 14
_LOCAL = timezone(timedelta(hours=7))  # the shop keeps western Indonesian time
_WAREHOUSE = "Jakarta Barat"
_COURIERS = (("JNE", "JN"), ("SiCepat", "SC"), ("AnterAja", "AA"), ("Pos Indonesia", "PI"))
_LINES = ((1, 60), (2, 26), (3, 10), (4, 4))
_STATES = (OrderStatus.PLACED, OrderStatus.PACKED, OrderStatus.SHIPPED, OrderStatus.OUT_FOR_DELIVERY, OrderStatus.DELIVERED)
Tracked = tuple[TrackingCode, datetime, str]


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order with its lines (article, quantity, unit price), its invoice, None for a cancelled one, and its parcel's way.

    `tracked` is what happened to the parcel so far, the oldest first: (what, when, town).
    """

    placed_at: datetime
    row: dict[str, object]
    lines: tuple[tuple[Article, int, int], ...]
    invoice: dict[str, object] | None
    tracked: tuple[Tracked, ...]


class Purchases:
    """Makes the orders of demo customers as of a moment (aware)."""

    def __init__(self, articles: list[Article], chance: Random, as_of: datetime) -> None:
        self._articles, self._chance, self._as_of = articles, chance, as_of
        self._same_category = {
            article.sku: [other for other in articles if other.category == article.category] for article in articles
        }

    def draw(self, person: Person) -> list[Purchase]:
        """All orders of one customer."""
        return [self._order(person) for _each in range(person.order_count)]

    def _order(self, person: Person) -> Purchase:
        placed_at = self._placed_at(person)
        return self.order_of(person, placed_at, self._lines((self._as_of - placed_at).days / 365))

    def order_of(self, person: Person, placed_at: datetime, lines: tuple[tuple[Article, int, int], ...]) -> Purchase:
        """An order of these lines, placed then; where it is by now."""
        chance = self._chance
        total_idr = sum(quantity * price_idr for _article, quantity, price_idr in lines)
        row: dict[str, object] = {
            "placed_at": placed_at, "promised_on": None, "delivered_at": None, "courier": "", "tracking_number": "",
            "total_idr": total_idr,
        }  # fmt: skip
        if chance.random() < 0.05:
            placed = ((TrackingCode.PLACED, placed_at, ""),)
            return Purchase(placed_at, row | {"status": OrderStatus.CANCELLED}, lines, None, placed)
        journey, tracked = self._journey(person, placed_at)
        return Purchase(placed_at, row | journey, lines, self._invoice(placed_at, total_idr), tracked)

    def _placed_at(self, person: Person) -> datetime:
        """Some day since the customer came, rather lately than long ago, in the shop's waking hours."""
        days = min(HISTORY_DAYS, (self._as_of - person.since).days)
        day = (self._as_of - timedelta(days=days * self._chance.random() ** 1.6)).astimezone(_LOCAL).date()
        seconds = int(self._chance.triangular(7 * 3600, 23 * 3600, 19.5 * 3600))
        placed_at = datetime.combine(day, time(), _LOCAL) + timedelta(seconds=seconds)
        if placed_at > self._as_of:
            placed_at -= timedelta(days=1)
        return max(placed_at, person.since).astimezone(UTC)

    def _lines(self, age_years: float) -> tuple[tuple[Article, int, int], ...]:
        chance = self._chance
        wanted = weighted(chance, _LINES)
        chosen = [chance.choice(self._articles)]
        while len(chosen) < wanted:
            near = self._same_category[chosen[0].sku] if chance.random() < 0.5 else self._articles
            another = chance.choice(near)
            chosen += [another] if another not in chosen else []
        cheaper = 1 - 0.06 * age_years  # prices rose since
        lines = []
        for article in chosen:
            quantity = 1 if article.price_idr > 1_000_000 else weighted(chance, ((1, 80), (2, 15), (4, 5)))
            lines.append((article, quantity, round(article.price_idr * cheaper / 1000) * 1000))
        return tuple(lines)

    def _journey(self, person: Person, placed_at: datetime) -> tuple[dict[str, object], tuple[Tracked, ...]]:
        """Status as of now with the dates that belong to it, and what happened to the parcel until now."""
        chance = self._chance
        least, most = person.town.parcel_days
        packed_at = placed_at + timedelta(minutes=chance.randint(120, 1200))
        shipped_at = packed_at + timedelta(minutes=chance.randint(120, 960))
        late_days = chance.randint(1, 4) if chance.random() < 0.08 else 0
        arrival = (shipped_at + timedelta(days=chance.uniform(least, most) + late_days)).astimezone(_LOCAL).date()
        out_at = datetime.combine(arrival, time(7), _LOCAL)
        out_at = max(out_at, shipped_at.astimezone(_LOCAL) + timedelta(hours=3))
        delivered_at = out_at + timedelta(minutes=chance.randint(120, 660))
        passed = sum(moment <= self._as_of for moment in (packed_at, shipped_at, out_at, delivered_at))
        status = _STATES[passed]
        on_the_way = passed >= _STATES.index(OrderStatus.SHIPPED)
        courier, prefix = chance.choice(_COURIERS)
        tracking_number = f"{prefix}{chance.randrange(10**9, 10**10)}"
        promised_on = placed_at.astimezone(_LOCAL).date() + timedelta(days=ceil(most + 1.5))
        town = person.town.city
        way = (
            (TrackingCode.PLACED, placed_at, ""),
            (TrackingCode.PACKED, packed_at, _WAREHOUSE),
            (TrackingCode.HANDED_OVER, shipped_at, _WAREHOUSE),
            (TrackingCode.AT_HUB, shipped_at + (out_at - shipped_at) * 0.7, town),
            (TrackingCode.OUT_FOR_DELIVERY, out_at, town),
            (TrackingCode.DELIVERED, delivered_at, town),
        )
        tracked = tuple((code, at.replace(microsecond=0), place) for code, at, place in way if at <= self._as_of)
        return {
            "status": status,
            "promised_on": promised_on,
            "delivered_at": delivered_at.astimezone(UTC) if status is OrderStatus.DELIVERED else None,
            "courier": courier if on_the_way else "",
            "tracking_number": tracking_number if on_the_way else "",
        }, tracked

    def _invoice(self, placed_at: datetime, amount_idr: int) -> dict[str, object]:
        """Most are paid at once; a fresh one may be open, an old one seldom, and then it is overdue."""
        chance = self._chance
        issued_on = placed_at.astimezone(_LOCAL).date()
        age_days = (self._as_of - placed_at).days
        still_open = chance.random() < (0.35 if age_days < PAYMENT_DAYS else 0.08 if age_days < 75 else 0.008)
        part_idr = round(amount_idr * chance.choice((0.25, 0.5)) / 1000) * 1000 if chance.random() < 0.15 else 0
        return {
            "issued_on": issued_on,
            "due_on": issued_on + timedelta(days=PAYMENT_DAYS),
            "amount_idr": amount_idr,
            "paid_idr": part_idr if still_open else amount_idr,
        }
