"""What planners overruled, as it is kept: every change with by whom and when; each can be undone while it is the newest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput, HaloError
from workforce.overruling import Overruling
from workforce.planning_tables import OverrulingRecord

MOST_CALLERS, LONGEST_S, MOST_TIMES, LONGEST_WHY = 1e6, 86_400.0, 100.0, 200
_WHOLE_DAY = 0


class OverrulingWrong(BadInput):
    """Numbers that can't be, or callers and times at once."""

    code = "overruling_wrong"


class NothingToUndo(HaloError):
    """It was undone already, or somebody has changed the same since."""

    code = "nothing_to_undo"


@dataclass(frozen=True, slots=True)
class Kept:
    """An overruling that counts, and whose it is."""

    id: int
    overruling: Overruling
    by: str
    at: datetime


def kept_overrulings(session: Session, minutes: int, queue: str = "", days: Sequence[date] = ()) -> list[Kept]:
    """Those that count for forecasts by intervals of so many minutes, of every queue and day unless named; `days` first to last."""
    asked = select(OverrulingRecord).where(OverrulingRecord.undone.is_(False), OverrulingRecord.minutes.in_((_WHOLE_DAY, minutes)))
    if queue:
        asked = asked.where(OverrulingRecord.queue == queue)
    if days:
        asked = asked.where(OverrulingRecord.day >= days[0], OverrulingRecord.day <= days[-1])
    newest = {_cell(each): each for each in session.scalars(asked.order_by(OverrulingRecord.id))}
    return [
        Kept(each.id, _overruling(each), each.by, each.at) for each in newest.values()
        if (each.callers, each.times, each.aht_s) != (None, None, None)
    ]  # fmt: skip


def overrule(session: Session, overrulings: Iterable[Overruling], minutes: int, by: str, at: datetime) -> list[int]:
    """Keep each, in the place of what was overruled there; one that overrules nothing makes it as computed. Returns their numbers,
    for `undo`. The caller commits. Raises OverrulingWrong."""
    found = []
    for each in overrulings:
        check(each)
        record = OverrulingRecord(
            queue=each.queue, day=each.day, minutes=_WHOLE_DAY if each.number is None else minutes,
            minute=0 if each.number is None else each.number * minutes, callers=each.callers, times=each.times,
            aht_s=each.aht_s, why=each.why[:LONGEST_WHY], undone=False, by=by[:80], at=at,
        )  # fmt: skip
        session.add(record)
        session.flush()
        found.append(record.id)
    return found


def undo(session: Session, ids: Sequence[int]) -> list[tuple[str, date]]:
    """Take these changes back, so that what was before counts; returns the queues and days. The caller commits. Raises
    NothingToUndo where one is undone already, or no longer the newest of its cell."""
    found = []
    for one in sorted(ids, reverse=True):
        record = session.get(OverrulingRecord, one)
        if record is None or record.undone or _newest_of(session, record) != one:
            raise NothingToUndo("That was undone already, or changed since.", "Load the page again.")
        record.undone = True
        session.flush()
        found.append((record.queue, record.day))
    return found


def check(overruling: Overruling) -> None:
    """Raises OverrulingWrong for what can't be."""
    if overruling.callers is not None and overruling.times is not None:
        raise OverrulingWrong("Callers and times are given.", "Give the one or the other.")
    bounds = ((overruling.callers, 0.0, MOST_CALLERS), (overruling.times, 0.0, MOST_TIMES), (overruling.aht_s, 1.0, LONGEST_S))
    for value, least, most in bounds:
        if value is not None and not least <= value <= most:
            raise OverrulingWrong(f"{value:g} does not lie from {least:g} to {most:.12g}.", "Correct it.")


def _newest_of(session: Session, record: OverrulingRecord) -> int:
    same = (OverrulingRecord.queue, OverrulingRecord.day, OverrulingRecord.minutes, OverrulingRecord.minute)
    mine = (record.queue, record.day, record.minutes, record.minute)
    asked = select(OverrulingRecord.id).where(
        *(column == value for column, value in zip(same, mine, strict=True)), OverrulingRecord.undone.is_(False)
    )
    return session.scalars(asked.order_by(OverrulingRecord.id.desc())).first() or 0


def _cell(record: OverrulingRecord) -> tuple[str, date, int, int]:
    return record.queue, record.day, record.minutes, record.minute


def _overruling(record: OverrulingRecord) -> Overruling:
    number = None if record.minutes == _WHOLE_DAY else record.minute // record.minutes
    return Overruling(record.queue, record.day, number, record.callers, record.times, record.aht_s, record.why)
