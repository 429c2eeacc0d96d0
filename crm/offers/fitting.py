"""Counting anew what goes together: when orders have changed, at most so often. Safe to repeat."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import SystemClock
from core.database import Database, UtcDateTime
from core.log import get_log
from core.settings import load_settings
from crm.offers.scores import OfferModel, keep_model, newest_model
from crm.offers.terms import OfferTerms, TermsSource
from crm.offers.together import goes_together
from crm.orders import Order, OrderLine, OrderStatus

log = get_log(__name__)


def fit(database: Database, terms: OfferTerms, now: datetime) -> OfferModel:
    """Count what customers bought in the last `history_days`, cancelled orders apart, and put it in force."""
    since = now - timedelta(days=terms.history_days)
    with database.reading() as session:
        orders = orders_mark(session)
        wanted = (
            select(Order.customer_id, OrderLine.product_id, func.min(Order.placed_at, type_=UtcDateTime))
            .join(OrderLine, OrderLine.order_id == Order.id)
            .where(Order.status != OrderStatus.CANCELLED, Order.placed_at >= since, Order.placed_at <= now)
            .group_by(Order.customer_id, OrderLine.product_id)
        )
        bought = [(customer_id, product_id, at.timestamp()) for customer_id, product_id, at in session.execute(wanted)]
    counted = goes_together(bought, terms.least_together, terms.least_lift, terms.kept_per_product)
    with database.writing() as session:
        model = keep_model(session, counted, orders, now)
        session.commit()
    log.info("offers_fitted", customers=model.customers, pairs=model.pairs)
    return model


def fit_if_due(database: Database, terms: OfferTerms, now: datetime) -> OfferModel | None:
    """The same when orders have changed since the last time, and that is `refit_after_hours` ago; None when there is no need."""
    with database.reading() as session:
        newest = newest_model(session)
        if newest is not None and now - newest.fitted_at < timedelta(hours=terms.refit_after_hours):
            return None
        mark = orders_mark(session)
    if newest is not None and newest.orders == mark:
        return None
    return fit(database, terms, now)


def orders_mark(session: Session) -> str:
    """The same text as long as no order is added, cancelled or otherwise changed in its amount."""
    kept = select(func.count(), func.coalesce(func.max(Order.id), 0), func.coalesce(func.sum(Order.total_idr), 0))
    count, newest, total = session.execute(kept.where(Order.status != OrderStatus.CANCELLED)).one()
    return f"{count} {newest} {int(total)}"


def fit_offers_job() -> bool:
    """As a job: on this process's own installation. Whether it counted anew."""
    settings = load_settings()
    database = Database(settings.database)
    try:
        return fit_if_due(database, TermsSource(settings.home).current(), SystemClock().now()) is not None
    finally:
        database.dispose()
