"""Promotions: a product at a lower price for a while."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from core.database import Base
from crm.orders import Product

LEAST_PERCENT, MOST_PERCENT = 1, 90


class Promotion(Base):
    """A product at a discount, from the day `starts_on` to the day `ends_on`, both included, in the contact center's zone."""

    __tablename__ = "promotions"
    __table_args__ = (
        CheckConstraint(f"discount_percent BETWEEN {LEAST_PERCENT} AND {MOST_PERCENT}", name="discount_percent"),
        CheckConstraint("starts_on <= ends_on", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    name_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    discount_percent: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(index=True)

    product: Mapped[Product] = relationship()

    def name_in(self, language: str) -> str:
        """Its name as people of this language read it."""
        return self.name_id if language == "id" else self.name_en


def discounted_idr(price_idr: int, discount_percent: int) -> int:
    """The price after the discount, in whole rupiah, in the customer's favour where it does not come out even."""
    return price_idr * (100 - discount_percent) // 100


def promotions_on(session: Session, day: date) -> dict[int, Promotion]:
    """By product the promotion that holds on this day; of several the one that takes off most."""
    valid = select(Promotion).where(Promotion.starts_on <= day, Promotion.ends_on >= day)
    best: dict[int, Promotion] = {}
    for promotion in session.scalars(valid.order_by(Promotion.discount_percent, Promotion.id.desc())):
        best[promotion.product_id] = promotion
    return best
