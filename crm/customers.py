"""Customers and the ways to reach them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, UtcDateTime


class Language(StrEnum):
    """Languages that Halo speaks."""

    INDONESIAN = "id"
    ENGLISH = "en"


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    HOME = "home"
    WORK = "work"


class ConsentPurpose(StrEnum):
    TELEMARKETING = "telemarketing"
    RECORDING = "recording"
    SURVEY = "survey"


class Customer(Base):
    """A person or household that buys from us. `honorific` is how people address them: Bapak, Ibu, Mr, Ms.

    `named_agent` is the number of the agent who looks after them, "" for none. `merged_into_id`: who has everything that belonged
    to this one, who was the same person; see crm.customer_merges.
    """

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(160), index=True)
    honorific: Mapped[str] = mapped_column(String(16), default="")
    language: Mapped[str | None] = mapped_column(String(2))
    address: Mapped[str] = mapped_column(String(240), default="")
    city: Mapped[str] = mapped_column(String(80), default="", index=True)
    province: Mapped[str] = mapped_column(String(80), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    segment: Mapped[str] = mapped_column(String(24), default="regular")
    named_agent: Mapped[str] = mapped_column(String(36), default="")
    customer_since: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)

    phones: Mapped[list["CustomerPhone"]] = relationship(
        back_populates="customer", cascade="all, delete-orphan", order_by="CustomerPhone.id"
    )
    emails: Mapped[list["CustomerEmail"]] = relationship(
        back_populates="customer", cascade="all, delete-orphan", order_by="CustomerEmail.id"
    )
    consents: Mapped[list["Consent"]] = relationship(back_populates="customer", cascade="all, delete-orphan")


class CustomerPhone(Base):
    """A number in E.164 ("+628112345678"). Several people may share one, so it is not unique by itself."""

    __tablename__ = "customer_phones"
    __table_args__ = (UniqueConstraint("customer_id", "e164"), Index("ix_customer_phones_e164", "e164"))

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    e164: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(8), default=PhoneKind.MOBILE)

    customer: Mapped[Customer] = relationship(back_populates="phones")


class CustomerEmail(Base):
    """An e-mail address, in lower case."""

    __tablename__ = "customer_emails"
    __table_args__ = (UniqueConstraint("customer_id", "address"), Index("ix_customer_emails_address", "address"))

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(254))

    customer: Mapped[Customer] = relationship(back_populates="emails")


class Consent(Base):
    """What a customer allowed or refused, for a purpose; the newest counts."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("customer_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(24))
    granted: Mapped[bool]
    source: Mapped[str] = mapped_column(String(40), default="")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    customer: Mapped[Customer] = relationship(back_populates="consents")
