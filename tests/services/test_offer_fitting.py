"""Counting what goes together: when orders have changed, at most so often, cancelled ones apart; and the one place of consent."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.database import Database
from crm.customers import Consent, ConsentPurpose, Customer
from crm.offers.fitting import fit, fit_if_due
from crm.offers.scores import OfferModel, OfferPair, newest_model, pairs_of, sellers_of
from crm.orders import Order, OrderStatus, Product
from crm.selling import NotToBeSoldTo, may_be_sold_to
from tests.services.desk_house import NOON
from tests.services.offer_shop import order, shipped_terms

TERMS = shipped_terms().model_copy(update={"least_together": 1})
NECKLACE, EARRINGS, RING = 1, 2, 3


@pytest.fixture
def shop(database: Database) -> Database:
    with database.writing() as session:
        for key in (NECKLACE, EARRINGS, RING):
            session.add(Product(id=key, sku=f"P{key}", name_id="x", name_en="x", category="x", price_idr=1000, stock=1))
        for key in range(1, 7):
            session.add(Customer(id=key, name=f"Customer {key}", created_at=NOON, updated_at=NOON))
        session.flush()
        order(session, 1, [NECKLACE], 20)
        order(session, 1, [EARRINGS], 10)
        order(session, 2, [NECKLACE, EARRINGS], 20)
        order(session, 3, [NECKLACE], 20)
        order(session, 4, [NECKLACE, EARRINGS], 20, OrderStatus.CANCELLED)
        order(session, 5, [RING], 20)
        order(session, 6, [NECKLACE, EARRINGS], 549)
        session.commit()
    return database


def test_what_was_counted_is_what_the_desk_reads(shop: Database) -> None:
    fit(shop, TERMS, NOON)
    with shop.reading() as session:
        model = newest_model(session)
        (pair,) = pairs_of(session, model, [NECKLACE])
        sellers = sellers_of(session, model, 9)
    assert (pair.bought, pair.other, pair.buyers, pair.then) == (NECKLACE, EARRINGS, 3, 2)
    assert pair.lift == pytest.approx(2 * 4 / (3 * 2))
    assert sellers == [(NECKLACE, 3), (EARRINGS, 2), (RING, 1)]


def test_it_is_counted_anew_only_when_orders_changed_and_not_too_often(shop: Database) -> None:
    assert fit_if_due(shop, TERMS, NOON) is not None
    later = NOON + timedelta(hours=6)
    assert fit_if_due(shop, TERMS, later) is None  # nothing changed
    with shop.writing() as session:
        order(session, 5, [NECKLACE], 1)
        session.commit()
    assert fit_if_due(shop, TERMS, NOON + timedelta(hours=5)) is None  # too soon
    assert fit_if_due(shop, TERMS, later) is not None
    with shop.writing() as session:
        session.scalars(select(Order).where(Order.customer_id == 5)).first().status = OrderStatus.CANCELLED
        session.commit()
    assert fit_if_due(shop, TERMS, later + timedelta(hours=6)) is not None


def test_old_countings_go(shop: Database) -> None:
    for hours in range(5):
        fit(shop, TERMS, NOON + timedelta(hours=hours))
    with shop.reading() as session:
        assert session.scalar(select(func.count()).select_from(OfferModel)) == 2
        assert session.scalar(select(func.count(OfferPair.model_id.distinct()))) == 2


def test_a_shop_without_orders_is_counted_too(database: Database) -> None:
    model = fit(database, TERMS, NOON)
    assert (model.customers, model.pairs) == (0, 0)
    with database.reading() as session:
        assert pairs_of(session, None, [1]) == []


@pytest.mark.parametrize(("granted", "why_not"), [
    (None, NotToBeSoldTo.NEVER_ASKED), (False, NotToBeSoldTo.REFUSED), (True, None),
])  # fmt: skip
def test_only_who_allowed_it_may_be_sold_to(shop: Database, granted: bool | None, why_not: NotToBeSoldTo | None) -> None:
    with shop.writing() as session:
        session.add(Consent(customer_id=1, purpose=ConsentPurpose.SURVEY, granted=True, given_at=NOON))
        session.add(Consent(customer_id=2, purpose=ConsentPurpose.TELEMARKETING, granted=True, given_at=NOON))
        if granted is not None:
            session.add(Consent(customer_id=1, purpose=ConsentPurpose.TELEMARKETING, granted=granted, given_at=NOON))
        session.commit()
    with shop.reading() as session:
        found = may_be_sold_to(session, 1)
        assert (found.given, found.why_not) == (why_not is None, why_not)
        assert may_be_sold_to(session, None).why_not is NotToBeSoldTo.UNKNOWN_CUSTOMER
