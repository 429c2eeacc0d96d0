"""Payments on record: how much, how, for which invoices. Of a card only its brand and the gateway's token are kept."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, UtcDateTime
from crm.orders import Invoice


class PaymentMethod(StrEnum):
    CARD = "card"
    TRANSFER = "transfer"
    VIRTUAL_ACCOUNT = "virtual_account"
    WALLET = "wallet"


class PaymentStatus(StrEnum):
    PENDING = "pending"  # begun; the money is not here, and whether it will come is not known
    RECEIVED = "received"
    DECLINED = "declined"
    LOST = "lost"  # never reached the gateway, and can't any more


class Payment(Base):
    """Money from a customer, or the try. `key` is the idempotency key towards a gateway, made before it is asked."""

    __tablename__ = "payments"
    __table_args__ = (
        Index("ix_payments_customer_id_begun_at", "customer_id", "begun_at"),
        Index("ix_payments_status_begun_at", "status", "begun_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    amount_idr: Mapped[int] = mapped_column(BigInteger)
    method: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(12), default=PaymentStatus.PENDING)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reference: Mapped[str] = mapped_column(String(64), default="")
    card_brand: Mapped[str] = mapped_column(String(12), default="")
    card_token: Mapped[str] = mapped_column(String(64), default="")
    decline_reason: Mapped[str] = mapped_column(String(24), default="")
    interaction_id: Mapped[str] = mapped_column(String(36), default="")

    allocations: Mapped[list["PaymentAllocation"]] = relationship(
        back_populates="payment", cascade="all, delete-orphan", order_by="PaymentAllocation.invoice_id"
    )


class PaymentAllocation(Base):
    """The part of a payment that is for one invoice."""

    __tablename__ = "payment_allocations"
    __table_args__ = (UniqueConstraint("payment_id", "invoice_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"), index=True)
    amount_idr: Mapped[int] = mapped_column(BigInteger)

    payment: Mapped[Payment] = relationship(back_populates="allocations")
    invoice: Mapped[Invoice] = relationship()
