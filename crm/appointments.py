"""Appointments: a technician comes to a customer in a window of a day; booked, looked up, moved, cancelled."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, bindparam, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from core.database import Base, UtcDateTime
from crm.customers import Customer
from crm.time_windows import (
    TimeWindow,
    Window,
    WindowKind,
    days_from,
    free_windows,
    give_back_window,
    planned_windows,
    take_window,
)

OFFERED_DAYS = 10


class VisitPurpose(StrEnum):
    INSTALLATION = "installation"
    REPAIR = "repair"
    PICK_UP = "pick_up"


class AppointmentStatus(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"
    PAST = "past"  # its day is over


class Appointment(Base):
    """A field visit. At most one with the same purpose is booked for a customer at a time."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index("ix_appointments_customer_id", "customer_id"),
        Index(
            "uq_appointments_booked", "customer_id", "purpose", unique=True,
            sqlite_where=text("status = 'booked'"), postgresql_where=text("status = 'booked'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(12), default=AppointmentStatus.BOOKED)
    window_id: Mapped[int] = mapped_column(ForeignKey("time_windows.id"))
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    window: Mapped[TimeWindow] = relationship(lazy="joined", innerjoin=True)
    changes: Mapped[list["AppointmentChange"]] = relationship(cascade="all, delete-orphan", order_by="AppointmentChange.id")

    @property
    def when(self) -> Window:
        """Its window."""
        return Window(self.window.day, self.window.from_hour, self.window.to_hour)


class AppointmentChange(Base):
    """One change of an appointment with the window that it had from then on (for a cancellation: had until then)."""

    __tablename__ = "appointment_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"), index=True)
    action: Mapped[str] = mapped_column(String(12))  # booked, moved, cancelled
    window_id: Mapped[int] = mapped_column(ForeignKey("time_windows.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    interaction_id: Mapped[str] = mapped_column(String(36), default="")


class Arranged(StrEnum):
    """What became of the wish to book, move or cancel."""

    DONE = "done"
    UNCHANGED = "unchanged"  # it was so already
    FULL = "full"
    TOO_LATE = "too_late"  # it is today, or over
    NOT_OFFERED = "not_offered"  # no such window on that day
    OTHER_BOOKED = "other_booked"  # one with the same purpose is booked for another window: move that one


def visit_windows(session: Session, customer_id: int, today: date) -> list[Window]:
    """Windows in which somebody could come to this customer, the earliest first; [] where nobody comes."""
    return free_windows(session, WindowKind.FIELD_VISIT, _postcode(session, customer_id), days_from(_tomorrow(today), OFFERED_DAYS))


_TO_COME = (
    select(Appointment)
    .join(TimeWindow, TimeWindow.id == Appointment.window_id)
    .where(
        Appointment.customer_id == bindparam("customer"), Appointment.status == AppointmentStatus.BOOKED,
        TimeWindow.day >= bindparam("today"),
    )
    .order_by(TimeWindow.day, TimeWindow.from_hour)
)  # fmt: skip


def booked_appointments(session: Session, customer_id: int, today: date) -> list[Appointment]:
    """Appointments that are still to come (today's too), the earliest first."""
    return list(session.scalars(_TO_COME, {"customer": customer_id, "today": today}))


def book_appointment(
    session: Session, customer_id: int, purpose: VisitPurpose, window: Window, now: datetime, today: date, interaction_id: str = ""
) -> tuple[Arranged, Appointment | None]:
    """Book a visit; the same wish twice is one appointment. Does not commit."""
    _lock(session, customer_id)
    _close_past(session, customer_id, today)
    booked = [each for each in booked_appointments(session, customer_id, today) if each.purpose == purpose]
    if booked:
        return (Arranged.UNCHANGED if booked[0].when == window else Arranged.OTHER_BOOKED), booked[0]
    refused, taken = _take(session, customer_id, window, today)
    if taken is None:
        return refused, None
    appointment = Appointment(customer_id=customer_id, purpose=purpose.value, window=taken, booked_at=now)
    appointment.changes.append(_change("booked", taken.id, now, interaction_id))
    session.add(appointment)
    session.flush()
    return Arranged.DONE, appointment


def move_appointment(
    session: Session, customer_id: int, appointment_id: int, window: Window, now: datetime, today: date, interaction_id: str = ""
) -> tuple[Arranged, Appointment | None]:
    """Let a visit take place in another window; the former one stays in its changes. Does not commit."""
    appointment = _own(session, customer_id, appointment_id)
    if appointment is None:
        return Arranged.TOO_LATE, None
    if appointment.status == AppointmentStatus.BOOKED and appointment.when == window:
        return Arranged.UNCHANGED, appointment
    if appointment.status != AppointmentStatus.BOOKED or appointment.window.day <= today:
        return Arranged.TOO_LATE, appointment
    refused, taken = _take(session, customer_id, window, today, instead_of=appointment.window_id)
    if taken is None:
        return refused, appointment
    appointment.window = taken
    appointment.changes.append(_change("moved", taken.id, now, interaction_id))
    session.flush()
    return Arranged.DONE, appointment


def cancel_appointment(
    session: Session, customer_id: int, appointment_id: int, now: datetime, today: date, interaction_id: str = ""
) -> Arranged:
    """Cancel a visit and give its place back; twice is once. Does not commit."""
    appointment = _own(session, customer_id, appointment_id)
    if appointment is None:
        return Arranged.TOO_LATE
    if appointment.status == AppointmentStatus.CANCELLED:
        return Arranged.UNCHANGED
    if appointment.status != AppointmentStatus.BOOKED or appointment.window.day <= today:
        return Arranged.TOO_LATE
    appointment.status = AppointmentStatus.CANCELLED
    appointment.changes.append(_change("cancelled", appointment.window_id, now, interaction_id))
    give_back_window(session, appointment.window_id)
    session.flush()
    return Arranged.DONE


def _take(
    session: Session, customer_id: int, window: Window, today: date, instead_of: int | None = None
) -> tuple[Arranged, TimeWindow | None]:
    postcode = _postcode(session, customer_id)
    offered = window.day in days_from(_tomorrow(today), OFFERED_DAYS)
    if not offered or window not in planned_windows(session, WindowKind.FIELD_VISIT, postcode, [window.day]):
        return Arranged.NOT_OFFERED, None
    return Arranged.FULL, take_window(session, WindowKind.FIELD_VISIT, postcode, window.day, window.from_hour, instead_of)


def _own(session: Session, customer_id: int, appointment_id: int) -> Appointment | None:
    """The appointment, locked; None when it is not this customer's."""
    _lock(session, customer_id)
    own = select(Appointment).where(Appointment.id == appointment_id, Appointment.customer_id == customer_id)
    return session.scalar(own.execution_options(populate_existing=True))


def _lock(session: Session, customer_id: int) -> None:
    """One change of a customer's appointments at a time."""
    session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update())


def _close_past(session: Session, customer_id: int, today: date) -> None:
    over = select(TimeWindow.id).where(TimeWindow.id == Appointment.window_id, TimeWindow.day < today).exists()
    session.execute(
        update(Appointment)
        .where(Appointment.customer_id == customer_id, Appointment.status == AppointmentStatus.BOOKED, over)
        .values(status=AppointmentStatus.PAST)
        .execution_options(synchronize_session=False)
    )


def _change(action: str, window_id: int, now: datetime, interaction_id: str) -> AppointmentChange:
    return AppointmentChange(action=action, window_id=window_id, at=now, interaction_id=interaction_id)


def _postcode(session: Session, customer_id: int) -> str:
    return session.scalar(select(Customer.postcode).where(Customer.id == customer_id)) or ""


def _tomorrow(today: date) -> date:
    return today + timedelta(days=1)
