"""Seeding: a shop with customers who have ordered, paid and complained for a year and a half; all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from random import Random
from typing import Any

from faker import Faker
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.database import Base, Database
from core.log import get_log
from crm.customers import Consent, Customer, CustomerEmail, CustomerPhone
from crm.demo.matters import Matters
from crm.demo.people import People, Person
from crm.demo.purchases import Purchase, Purchases
from crm.demo.range import Range, bought_later, load_range, product_rows, promotion_rows
from crm.demo.services import Services
from crm.demo.shop import Article, load_articles, load_towns
from crm.order_numbers import order_number
from crm.orders import Invoice, Order, OrderLine, Product
from crm.promotions import Promotion
from crm.search_terms import index_customers
from crm.tickets import Ticket

_FIRST_ORDER_SERIAL = 2_000_000

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class _Shop:
    """Everything that will be written. `purchases` names its customer by place in `people`, oldest order first."""

    articles: list[Article]
    range: Range
    people: list[Person]
    purchases: list[tuple[int, Purchase]]
    tickets: list[tuple[int, dict[str, object]]]
    serials: list[int]


def seed_demo(database: Database, clock: Clock, customers: int = 5000, seed: int = 20) -> None:
    """Fill an empty customer database with a demo shop; the same `seed` on the same UTC day gives the same data.

    Does nothing when there is any customer already, so it never mixes with real ones. One unit of work: broken off,
    nothing of it stays.
    """
    if _has_customers(database):
        return
    as_of = datetime.combine(clock.now().astimezone(UTC).date(), time(), UTC)
    shop = _draw_shop(as_of, customers, seed)
    others = Faker("id_ID")
    others.seed_instance(seed + 1)
    with database.writing() as session:
        if session.scalar(select(Customer.id).limit(1)) is not None:
            return
        _write(session, shop, Services(session, others.random, as_of))
        session.commit()
    log.info("demo_seeded", customers=len(shop.people), orders=len(shop.purchases), tickets=len(shop.tickets))


def _has_customers(database: Database) -> bool:
    with database.reading() as session:
        return session.scalar(select(Customer.id).limit(1)) is not None


def _draw_shop(as_of: datetime, customers: int, seed: int) -> _Shop:
    indonesian, english = Faker("id_ID"), Faker("en_GB")
    for fake in (indonesian, english):
        fake.seed_instance(seed)
    chance = indonesian.random
    articles = load_articles()
    draw_people = People(indonesian, english, load_towns(), chance, as_of)
    draw_purchases = Purchases(articles, chance, as_of)
    draw_matters = Matters(chance, as_of)
    people = [draw_people.draw(number) for number in range(1, customers + 1)]
    purchases = [(place, purchase) for place, person in enumerate(people) for purchase in draw_purchases.draw(person)]
    purchases.sort(key=lambda placed: (placed[1].placed_at, placed[0]))
    tickets = [
        (place, ticket) for place, purchase in purchases if (ticket := draw_matters.draw(people[place], purchase)) is not None
    ]
    known = load_range()
    everything = {article.sku: article for article in (*articles, *known.extras)}
    purchases += bought_later(purchases, people, everything, known, _chance(seed + 2), as_of)
    purchases.sort(key=lambda placed: (placed[1].placed_at, placed[0]))
    serials, serial = [], _FIRST_ORDER_SERIAL
    for _purchase in purchases:
        serial += chance.randint(1, 3)
        serials.append(serial)
    return _Shop(list(everything.values()), known, people, purchases, tickets, serials)


def _chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # a demo, not a secret


def _write(session: Session, shop: _Shop, services: Services) -> None:
    customer_ids = _insert_numbered(session, Customer, "external_id", [person.row for person in shop.people])
    reached = list(zip(customer_ids, shop.people, strict=True))
    _insert(
        session,
        CustomerPhone,
        [{"customer_id": key, "e164": e164, "kind": kind} for key, person in reached for e164, kind in person.phones],
    )
    _insert(session, CustomerEmail, [{"customer_id": key, "address": each} for key, person in reached for each in person.emails])
    index_customers(session.connection(), customer_ids)
    _insert(session, Consent, [{"customer_id": key, **consent} for key, person in reached for consent in person.consents])
    product_ids = _insert_numbered(session, Product, "sku", product_rows(shop.articles, shop.range))
    article_ids = {each.sku: key for each, key in zip(shop.articles, product_ids, strict=True)}
    _insert(session, Promotion, promotion_rows(shop.range, article_ids, services.as_of.date()))
    _write_orders(session, shop, customer_ids, article_ids, services)
    services.write_windows()
    services.write_visits(reached)
    services.write_surveys(reached)
    _insert(
        session,
        Ticket,
        [
            {"number": f"T{number:06d}", "customer_id": customer_ids[place], **ticket}
            for number, (place, ticket) in enumerate(shop.tickets, start=1)
        ],
    )


def _write_orders(
    session: Session, shop: _Shop, customer_ids: Sequence[int], product_ids: dict[str, int], services: Services
) -> None:
    order_ids = _insert_numbered(
        session,
        Order,
        "number",
        [
            {"number": order_number(serial), "customer_id": customer_ids[place], **purchase.row}
            for serial, (place, purchase) in zip(shop.serials, shop.purchases, strict=True)
        ],
    )
    ordered = list(zip(order_ids, shop.purchases, strict=True))
    _insert(
        session,
        OrderLine,
        [
            {"order_id": order_id, "product_id": product_ids[article.sku], "quantity": quantity, "unit_price_idr": price_idr}
            for order_id, (_place, purchase) in ordered
            for article, quantity, price_idr in purchase.lines
        ],
    )
    billed = [
        (place, purchase, {
            "number": f"INV-{purchase.placed_at:%y%m}-{number:06d}",
            "customer_id": customer_ids[place],
            "order_id": order_id,
            **purchase.invoice,
        })
        for number, (order_id, (place, purchase)) in enumerate(ordered, start=1)
        if purchase.invoice is not None
    ]  # fmt: skip
    invoice_ids = _insert_numbered(session, Invoice, "number", [row for _place, _purchase, row in billed])
    services.write_tracking([(order_id, purchase) for order_id, (_place, purchase) in ordered])
    services.write_payments(
        [(customer_ids[place], key, purchase) for key, (place, purchase, _row) in zip(invoice_ids, billed, strict=True)]
    )


def _insert(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _insert_numbered(session: Session, table: type[Any], key: str, rows: list[dict[str, Any]]) -> list[int]:
    """Insert and return the new ids in the order of `rows`, found again by their unique `key`.

    The database numbers them, so that its own count goes on; asking each INSERT for its id took longer than all the rest.
    """
    _insert(session, table, rows)
    ids = {row[0]: row[1] for row in session.execute(select(getattr(table, key), table.id))}
    return [ids[row[key]] for row in rows]
