"""The days that planners know of, as they are kept: they count for every queue, on the pages and for every command."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput, NotFound
from workforce.day_calendar import KINDS, SpecialDay
from workforce.planning_tables import SpecialDayRecord

MOST_TIMES, LONGEST_NAME = 100.0, 80


class SpecialDayWrong(BadInput):
    """A name, or a factor, that can't be."""

    code = "special_day_wrong"


def special_days(session: Session) -> list[SpecialDay]:
    """By date."""
    found = session.scalars(select(SpecialDayRecord).order_by(SpecialDayRecord.day))
    return [SpecialDay(each.day, each.name, each.factor, each.leave_out) for each in found]


def special_day_records(session: Session) -> list[SpecialDayRecord]:
    """The same with by whom and when."""
    return list(session.scalars(select(SpecialDayRecord).order_by(SpecialDayRecord.day)))


def keep_special_days(session: Session, days: Iterable[SpecialDay], by: str, at: datetime) -> list[SpecialDay]:
    """Put each in the place of what the day was; returns what they were. The caller commits. Raises SpecialDayWrong."""
    before = []
    for each in days:
        if not each.name or len(each.name) > LONGEST_NAME or each.name in KINDS:
            raise SpecialDayWrong(f"{each.name!r} can be no name of a day.", "Choose another name.")
        if each.factor is not None and not 0 <= each.factor <= MOST_TIMES:
            raise SpecialDayWrong(f"{each.factor:g} is no factor.", f"Use 0 to {MOST_TIMES:g}.")
        known = session.get(SpecialDayRecord, each.day)
        if known is not None:
            before.append(SpecialDay(known.day, known.name, known.factor, known.leave_out))
        session.merge(SpecialDayRecord(
            day=each.day, name=each.name, factor=each.factor, leave_out=each.leave_out, by=by[:80], at=at
        ))  # fmt: skip
    return before


def drop_special_day(session: Session, day: date) -> SpecialDay:
    """It is a day like any other; returns what it was. The caller commits. Raises NotFound."""
    known = session.get(SpecialDayRecord, day)
    if known is None:
        raise NotFound(f"Nothing is known of {day}.", "Load the page again.")
    session.delete(known)
    return SpecialDay(known.day, known.name, known.factor, known.leave_out)
