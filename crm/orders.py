"""Products, orders with their lines, and invoices. Amounts are whole rupiah."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, UtcDateTime
from crm.customers import Customer


class OrderStatus(StrEnum):
    PLACED = "placed"
    PACKED = "packed"
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


OPEN_ORDER_STATUSES = (OrderStatus.PLACED, OrderStatus.PACKED, OrderStatus.SHIPPED, OrderStatus.OUT_FOR_DELIVERY)


class Product(Base):
    """Something we sell.

    `line` is the product line that it belongs to, "" for none, and `line_step` its place there: 1 the plainest, a better one
    higher. `bought_again`: people need it again and again, so owning one is no reason not to sell another.
    """

    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(24), unique=True)
    name_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(40))
    price_idr: Mapped[int] = mapped_column(BigInteger)
    stock: Mapped[int]
    line: Mapped[str] = mapped_column(String(40), default="")
    line_step: Mapped[int] = mapped_column(default=0)
    bought_again: Mapped[bool] = mapped_column(default=False)

    def name_in(self, language: str) -> str:
        """Its name as people of this language read it."""
        return self.name_id if language == "id" else self.name_en


class Order(Base):
    """An order. `number` is eight digits, so that a caller can type it."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    promised_on: Mapped[date | None]
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    courier: Mapped[str] = mapped_column(String(40), default="")
    tracking_number: Mapped[str] = mapped_column(String(40), default="")
    total_idr: Mapped[int] = mapped_column(BigInteger)

    customer: Mapped[Customer] = relationship()
    lines: Mapped[list["OrderLine"]] = relationship(back_populates="order", cascade="all, delete-orphan", order_by="OrderLine.id")


class OrderLine(Base):
    """One product of an order, at the price of that day."""

    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    quantity: Mapped[int]
    unit_price_idr: Mapped[int] = mapped_column(BigInteger)

    order: Mapped[Order] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()


class Invoice(Base):
    """A bill. Open while `paid_idr` is less than `amount_idr`; overdue is computed from `due_on`, never stored."""

    __tablename__ = "invoices"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="SET NULL"), index=True)
    issued_on: Mapped[date]
    due_on: Mapped[date]
    amount_idr: Mapped[int] = mapped_column(BigInteger)
    paid_idr: Mapped[int] = mapped_column(BigInteger, default=0)

    customer: Mapped[Customer] = relationship()

    @property
    def open_idr(self) -> int:
        """What is still to be paid."""
        return self.amount_idr - self.paid_idr
