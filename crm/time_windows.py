"""Windows of the day in which somebody comes: planned by weekday and area, counted by day, never fuller than their capacity.

The plan says what an area has every week. A day's own row is made when its first place is taken, or by an operator who
gives that day another capacity (0 closes the window); from then on the row counts, not the plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, insert_missing


class WindowKind(StrEnum):
    DELIVERY = "delivery"
    FIELD_VISIT = "field_visit"


class WindowPlan(Base):
    """What an area has every week. `area` is the beginning of its postcodes ("401"); `weekday` counts from Monday, 0."""

    __tablename__ = "window_plans"
    __table_args__ = (UniqueConstraint("kind", "area", "weekday", "from_hour"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    area: Mapped[str] = mapped_column(String(5))
    weekday: Mapped[int]
    from_hour: Mapped[int]
    to_hour: Mapped[int]
    capacity: Mapped[int]


class TimeWindow(Base):
    """One window of one day, local time, with how many places it has and how many are taken."""

    __tablename__ = "time_windows"
    __table_args__ = (
        UniqueConstraint("kind", "area", "day", "from_hour"),
        CheckConstraint("taken >= 0", name="taken"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    area: Mapped[str] = mapped_column(String(5))
    day: Mapped[date]
    from_hour: Mapped[int]
    to_hour: Mapped[int]
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A window as people name it: a day and two whole hours of local time, [from_hour, to_hour)."""

    day: date
    from_hour: int
    to_hour: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A window of an area and how many places it has left."""

    window: Window
    area: str
    capacity: int
    free: int


def free_windows(session: Session, kind: WindowKind, postcode: str, days: Sequence[date]) -> list[Window]:
    """Windows of these days with a place left where this postcode is, in the order of time; [] where nobody comes."""
    return [place.window for place in _places(session, kind, postcode, days) if place.free > 0]


def planned_windows(session: Session, kind: WindowKind, postcode: str, days: Sequence[date]) -> list[Window]:
    """Windows of these days where this postcode is, whether a place is left or not."""
    return [place.window for place in _places(session, kind, postcode, days)]


def take_window(
    session: Session, kind: WindowKind, postcode: str, day: date, from_hour: int, instead_of: int | None = None
) -> TimeWindow | None:
    """Take one place, and give back that of the window with the id `instead_of`; None when it is full or not planned.

    Two who want the last place wait for each other here, and one of them gets None. Does not commit.
    """
    place = next((each for each in _places(session, kind, postcode, [day]) if each.window.from_hour == from_hour), None)
    if place is None:
        return None
    values = {"kind": kind.value, "area": place.area, "day": day, "from_hour": from_hour, "to_hour": place.window.to_hour}
    insert_missing(session, TimeWindow, {**values, "capacity": place.capacity, "taken": 0})
    where = (TimeWindow.kind == kind, TimeWindow.area == place.area, TimeWindow.day == day, TimeWindow.from_hour == from_hour)
    wanted = session.scalars(select(TimeWindow.id).where(*where)).one()
    # Both rows locked in one order, so that two who swap their windows do not wait for each other for ever.
    locked = select(TimeWindow).where(TimeWindow.id.in_([wanted, instead_of or wanted])).order_by(TimeWindow.id)
    rows = {row.id: row for row in session.scalars(locked.with_for_update().execution_options(populate_existing=True))}
    window = rows[wanted]
    if window.taken >= window.capacity:
        return None
    window.taken += 1
    if instead_of in rows:
        rows[instead_of].taken -= 1
    session.flush()
    return window


def give_back_window(session: Session, window_id: int) -> None:
    """One place of this window is free again. Does not commit."""
    session.execute(update(TimeWindow).where(TimeWindow.id == window_id, TimeWindow.taken > 0).values(taken=TimeWindow.taken - 1))


def days_from(first: date, count: int) -> list[date]:
    """So many days, beginning with `first`."""
    return [first + timedelta(days=number) for number in range(count)]


def _places(session: Session, kind: WindowKind, postcode: str, days: Sequence[date]) -> list[_Place]:
    area = _area_of(session, kind, postcode)
    if area is None or not days:
        return []
    planned = session.scalars(select(WindowPlan).where(WindowPlan.kind == kind, WindowPlan.area == area)).all()
    counted = {
        (row.day, row.from_hour): row
        for row in session.scalars(
            select(TimeWindow)
            .where(TimeWindow.kind == kind, TimeWindow.area == area, TimeWindow.day.in_(days))
            .execution_options(populate_existing=True)
        )
    }
    places = {
        (row.day, row.from_hour): _Place(Window(row.day, row.from_hour, row.to_hour), area, row.capacity, row.capacity - row.taken)
        for row in counted.values()
    }
    for day in days:
        for plan in planned:
            if plan.weekday == day.weekday() and (day, plan.from_hour) not in counted:
                window = Window(day, plan.from_hour, plan.to_hour)
                places[day, plan.from_hour] = _Place(window, area, plan.capacity, plan.capacity)
    return [places[key] for key in sorted(places)]


def _area_of(session: Session, kind: WindowKind, postcode: str) -> str | None:
    """The narrowest planned area that this postcode belongs to."""
    beginnings = [postcode[:length] for length in range(len(postcode), 0, -1)]
    planned = select(WindowPlan.area).where(WindowPlan.kind == kind, WindowPlan.area.in_(beginnings)).distinct()
    return max(session.scalars(planned), key=len, default=None)
