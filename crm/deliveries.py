"""Deliveries: where a parcel has been, when it can come instead, and the window that a customer chose."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from core.database import Base, UtcDateTime, insert_missing
from crm.customers import Customer
from crm.orders import Order, OrderStatus
from crm.time_windows import TimeWindow, Window, WindowKind, days_from, free_windows, planned_windows, take_window

RESCHEDULABLE = (OrderStatus.PLACED, OrderStatus.PACKED, OrderStatus.SHIPPED)
OFFERED_DAYS = 7


class TrackingCode(StrEnum):
    """What happened to a parcel."""

    PLACED = "placed"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    AT_HUB = "at_hub"
    OUT_FOR_DELIVERY = "out_for_delivery"
    NOBODY_HOME = "nobody_home"
    DELIVERED = "delivered"
    RESCHEDULED = "rescheduled"


# (Indonesian, English), as it is read out after the day; the place is said apart.
TRACKING_WORDS = {
    TrackingCode.PLACED: ("pesanan kami terima", "your order reached us"),
    TrackingCode.PACKED: ("pesanan selesai dikemas", "your order was packed"),
    TrackingCode.HANDED_OVER: ("paket diserahkan ke kurir", "the parcel was handed to the courier"),
    TrackingCode.AT_HUB: ("paket tiba di pusat sortir", "the parcel reached the sorting centre"),
    TrackingCode.OUT_FOR_DELIVERY: ("paket dibawa kurir ke alamat Anda", "the parcel left for your address"),
    TrackingCode.NOBODY_HOME: ("kurir datang tetapi tidak ada penerima", "the courier came but nobody was there"),
    TrackingCode.DELIVERED: ("paket diterima", "the parcel was delivered"),
    TrackingCode.RESCHEDULED: ("jadwal pengiriman diubah", "the delivery was moved"),
}


class TrackingEvent(Base):
    """One thing that happened to an order's parcel, in words of both languages. `place` is a town, "" for none."""

    __tablename__ = "tracking_events"
    __table_args__ = (UniqueConstraint("order_id", "at", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    code: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(80), default="")
    what_id: Mapped[str] = mapped_column(String(120))
    what_en: Mapped[str] = mapped_column(String(120))


class DeliveryBooking(Base):
    """The window that a customer chose for an order. The one in force has no `replaced_at`; the others are its history.

    `promised_before` is the day that was promised until then.
    """

    __tablename__ = "delivery_bookings"
    __table_args__ = (
        Index("ix_delivery_bookings_order_id", "order_id"),
        Index(
            "uq_delivery_bookings_in_force", "order_id", unique=True,
            sqlite_where=text("replaced_at IS NULL"), postgresql_where=text("replaced_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    window_id: Mapped[int] = mapped_column(ForeignKey("time_windows.id"))
    promised_before: Mapped[date | None]
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    interaction_id: Mapped[str] = mapped_column(String(36), default="")

    window: Mapped[TimeWindow] = relationship()


class Rescheduled(StrEnum):
    """What became of the wish for another window."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"  # it was that window already
    FULL = "full"
    TOO_LATE = "too_late"  # the parcel is on its last way, or there, or cancelled
    NOT_OFFERED = "not_offered"  # no such window on that day


def tracking(session: Session, order_id: int) -> list[TrackingEvent]:
    """What happened to the parcel, the newest first."""
    newest = (
        select(TrackingEvent).where(TrackingEvent.order_id == order_id).order_by(TrackingEvent.at.desc(), TrackingEvent.id.desc())
    )
    return list(session.scalars(newest))


def track(session: Session, order_id: int, code: TrackingCode, at: datetime, place: str = "") -> None:
    """Keep what happened to a parcel; told twice, it is kept once. Does not commit."""
    what_id, what_en = TRACKING_WORDS[code]
    row = {"order_id": order_id, "at": at, "code": code.value, "place": place, "what_id": what_id, "what_en": what_en}
    insert_missing(session, TrackingEvent, row)


def offered_days(status: str, promised_on: date | None, today: date) -> list[date]:
    """The days on which an order could come instead: none before it was promised, none before tomorrow."""
    if status not in RESCHEDULABLE:
        return []
    tomorrow = today + timedelta(days=1)
    return days_from(max(promised_on or tomorrow, tomorrow), OFFERED_DAYS)


def offer_windows(session: Session, order: Order, today: date) -> list[Window]:
    """Windows in which this order could come, the earliest first, without the one that is booked. May be empty."""
    days = offered_days(order.status, _first_promise(session, order), today)
    booked = booked_window(session, order.id)
    free = free_windows(session, WindowKind.DELIVERY, _postcode(session, order), days) if days else []
    return [window for window in free if window != booked]


def booked_window(session: Session, order_id: int) -> Window | None:
    """The window in force, None when the customer chose none."""
    booking = _in_force(session, order_id)
    return _as_window(booking.window) if booking else None


def reschedule(
    session: Session, order_id: int, window: Window, now: datetime, today: date, interaction_id: str = ""
) -> Rescheduled:
    """Let an order come in another window; the same wish twice is one change. Does not commit.

    `now` is aware, `today` the local day. The former window is kept in history and its place given back.
    """
    order = session.scalar(select(Order).where(Order.id == order_id).with_for_update().execution_options(populate_existing=True))
    if order is None or order.status not in RESCHEDULABLE:
        return Rescheduled.TOO_LATE
    former = _in_force(session, order.id)
    if former and _as_window(former.window) == window:
        return Rescheduled.UNCHANGED
    postcode = _postcode(session, order)
    days = offered_days(order.status, _first_promise(session, order), today)
    if window.day not in days or window not in planned_windows(session, WindowKind.DELIVERY, postcode, [window.day]):
        return Rescheduled.NOT_OFFERED
    taken = take_window(session, WindowKind.DELIVERY, postcode, window.day, window.from_hour, former.window_id if former else None)
    if taken is None:
        return Rescheduled.FULL
    if former:
        former.replaced_at = now
        session.flush()  # before the new one: only one may be in force
    booking = DeliveryBooking(
        order_id=order.id, window_id=taken.id, promised_before=order.promised_on, booked_at=now, interaction_id=interaction_id
    )
    session.add(booking)
    order.promised_on = window.day
    track(session, order.id, TrackingCode.RESCHEDULED, now)
    session.flush()
    return Rescheduled.CHANGED


def _in_force(session: Session, order_id: int) -> DeliveryBooking | None:
    in_force = select(DeliveryBooking).where(DeliveryBooking.order_id == order_id, DeliveryBooking.replaced_at.is_(None))
    return session.scalar(in_force.execution_options(populate_existing=True))


def _first_promise(session: Session, order: Order) -> date | None:
    """The day that was promised before the customer chose any: the parcel can't be there earlier."""
    oldest = select(DeliveryBooking).where(DeliveryBooking.order_id == order.id).order_by(DeliveryBooking.id).limit(1)
    booking = session.scalar(oldest)
    return booking.promised_before if booking else order.promised_on


def _postcode(session: Session, order: Order) -> str:
    return session.scalars(select(Customer.postcode).where(Customer.id == order.customer_id)).one()


def _as_window(row: TimeWindow) -> Window:
    return Window(row.day, row.from_hour, row.to_hour)
