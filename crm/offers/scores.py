"""What goes together, as it was counted last: kept as rows that every desk reads. Written by the worker alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Float, ForeignKey, String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from crm.offers.together import Pair, Togetherness

_KEPT = 2  # a desk that has just looked up the one before still finds it


class OfferModel(Base):
    """One counting. `orders` is a mark of the orders that it counted: the same orders give the same mark."""

    __tablename__ = "offer_models"

    id: Mapped[int] = mapped_column(primary_key=True)
    fitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    orders: Mapped[str] = mapped_column(String(80))
    customers: Mapped[int]
    pairs: Mapped[int]


class OfferPair(Base):
    """Of `buyers` of the product, `bought_then` took the other one with it or later; `lift` as in crm.offers.together."""

    __tablename__ = "offer_pairs"

    model_id: Mapped[int] = mapped_column(ForeignKey("offer_models.id", ondelete="CASCADE"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True, index=True)
    buyers: Mapped[int]
    bought_then: Mapped[int]
    lift: Mapped[float] = mapped_column(Float)


class OfferSeller(Base):
    """How many customers bought a product."""

    __tablename__ = "offer_sellers"

    model_id: Mapped[int] = mapped_column(ForeignKey("offer_models.id", ondelete="CASCADE"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True, index=True)
    buyers: Mapped[int]


def newest_model(session: Session) -> OfferModel | None:
    """The counting in force; None before the first."""
    return session.scalar(select(OfferModel).order_by(OfferModel.id.desc()).limit(1))


def keep_model(session: Session, counted: Togetherness, orders: str, now: datetime) -> OfferModel:
    """Put a counting in force; old ones go. Does not commit."""
    model = OfferModel(fitted_at=now, orders=orders, customers=counted.customers, pairs=len(counted.pairs))
    session.add(model)
    session.flush()
    pairs = [
        {
            "model_id": model.id, "product_id": pair.bought, "other_id": pair.other, "buyers": pair.buyers,
            "bought_then": pair.then, "lift": pair.lift,
        }
        for pair in counted.pairs
    ]  # fmt: skip
    sellers = [{"model_id": model.id, "product_id": key, "buyers": count} for key, count in counted.buyers.items()]
    if pairs:
        session.execute(insert(OfferPair), pairs)
    if sellers:
        session.execute(insert(OfferSeller), sellers)
    kept = session.scalars(select(OfferModel.id).order_by(OfferModel.id.desc()).limit(_KEPT)).all()
    for table, column in ((OfferPair, OfferPair.model_id), (OfferSeller, OfferSeller.model_id), (OfferModel, OfferModel.id)):
        session.execute(delete(table).where(column.not_in(kept)))
    return model


def pairs_of(session: Session, model: OfferModel | None, bought: Iterable[int]) -> list[Pair]:
    """The pairs that begin with one of these products; none before the first counting."""
    if model is None:
        return []
    wanted = select(OfferPair).where(OfferPair.model_id == model.id, OfferPair.product_id.in_(list(bought)))
    return [Pair(row.product_id, row.other_id, row.buyers, row.bought_then, row.lift) for row in session.scalars(wanted)]


def sellers_of(session: Session, model: OfferModel | None, most: int) -> Sequence[tuple[int, int]]:
    """(product, buyers), the best seller first; none before the first counting."""
    if model is None:
        return []
    wanted = select(OfferSeller.product_id, OfferSeller.buyers).where(OfferSeller.model_id == model.id)
    ranked = wanted.order_by(OfferSeller.buyers.desc(), OfferSeller.product_id).limit(most)
    return [(row.product_id, row.buyers) for row in session.execute(ranked)]
