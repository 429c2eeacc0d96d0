"""What planners bring: days that they know of, numbers that they overrule, and a history from elsewhere."""

from collections.abc import Collection, Sequence
from datetime import UTC, tzinfo
from pathlib import Path

from workforce.day_calendar import KINDS, SpecialDay
from workforce.interval_row import IntervalRow
from workforce.overruling import Overruling
from workforce.overrulings import LONGEST_S, MOST_CALLERS, MOST_TIMES
from workforce.table_file import TableRow, read_table

_HISTORY = (("queue", "interval_start", "offered"), ("answered", "handled", "aht_s", "minutes"))
_LONGER = (60, 30)
_FEWEST_TO_TELL = 24
_NO_START = "no interval of %(minutes)s minutes begins at %(value)s."
_LONG_ROWS = "the rows of this queue are %(length)s minutes apart, not %(minutes)s."
_SPLIT_ROWS = "Give a row for each %(minutes)s minutes; 0 where nobody came."


def read_special_days(file: Path) -> list[SpecialDay]:
    """Columns date, name, factor, leave_out. Raises BadInput that names row and column."""
    found: dict[object, SpecialDay] = {}
    for row in read_table(file, ("date", "name"), ("factor", "leave_out")):
        day, name = row.date_at("date"), row.needed("name")
        if day in found:
            raise row.wrong("date", "%(value)s stands in the file twice.", "Keep one of them.")
        if name in KINDS:
            raise row.wrong("name", "'%(value)s' is what Halo calls a kind of day itself.", "Choose another name.")
        found[day] = SpecialDay(day, name, row.number_at("factor", 0.0, MOST_TIMES), row.yes_at("leave_out"))
    return list(found.values())


def read_overrulings(file: Path, queues: Collection[str], minutes: int) -> list[Overruling]:
    """Columns queue, date, time, callers, times, aht_s, why; without a time it is the whole day. Raises BadInput as above."""
    found = []
    for row in read_table(file, ("queue", "date"), ("time", "callers", "times", "aht_s", "why")):
        callers, times = row.number_at("callers", 0, MOST_CALLERS), row.number_at("times", 0, MOST_TIMES)
        aht_s = row.number_at("aht_s", 1, LONGEST_S)
        if callers is not None and times is not None:
            raise row.wrong("times", "callers are given, too.", "Give the one or the other.")
        if callers is None and times is None and aht_s is None:
            raise row.wrong("callers", "nothing is overruled.", "Give callers, times or aht_s.")
        queue = _queue(row, queues)
        found.append(Overruling(queue, row.date_at("date"), _interval(row, minutes), callers, times, aht_s, row.text("why")))
    return found


def history_minutes(file: Path) -> int:
    """By intervals of how many minutes a history is: 15 where any begins at a quarter past or to, else 30. Raises BadInput."""
    rows = read_table(file, *_HISTORY)
    return 15 if any(row.moment_at("interval_start", UTC).minute % 30 == 15 for row in rows) else 30


def read_history(file: Path, queues: Collection[str], minutes: int, zone: tzinfo) -> list[IntervalRow]:
    """Columns queue, interval_start, offered, and answered or handled with aht_s: what the planner's page gives, too. Raises
    BadInput as above. `queues` empty: any."""
    found, seen = [], set()
    rows = read_table(file, *_HISTORY)
    for row in rows:
        starts_at, queue = row.moment_at("interval_start", zone), _queue(row, queues)
        offered = row.whole_at("offered", 0, MOST_CALLERS)
        here = starts_at.astimezone(zone)
        if here.minute % minutes or here.second or here.microsecond:
            raise row.wrong("interval_start", _NO_START, "Correct this cell.", minutes=minutes)
        if (queue, starts_at) in seen:
            raise row.wrong("interval_start", "%(queue)s has this interval twice.", "Keep one of them.", queue=queue)
        seen.add((queue, starts_at))
        if row.whole_at("minutes") not in (None, minutes):
            raise row.wrong("minutes", "%(value)s is not the %(minutes)s asked for.", "Ask for that interval.", minutes=minutes)
        if offered is None:
            raise row.wrong("offered", "it is empty.", "Write 0 where nobody came; leave out what is not known.")
        aht_s = row.number_at("aht_s", 0, LONGEST_S)
        handled = next(
            (count for name in ("handled", "answered") if (count := row.whole_at(name, 0, MOST_CALLERS)) is not None), offered
        )
        known = handled if aht_s else 0
        found.append(IntervalRow(
            queue, starts_at, minutes, 0.0, 0.0, offered=offered, handled=known, handle_s=known * (aht_s or 0.0)
        ))  # fmt: skip
    _no_longer(rows, found, minutes, zone)
    return found


def _no_longer(rows: Sequence[TableRow], found: Sequence[IntervalRow], minutes: int, zone: tzinfo) -> None:
    """Raises BadInput where all intervals begin at full hours, or all at full and half ones though quarters are asked for: then
    they are longer, and every interval in between would count as one to which nobody came."""
    own: dict[str, list[tuple[TableRow, IntervalRow]]] = {}
    for row, one in zip(rows, found, strict=True):
        own.setdefault(one.queue, []).append((row, one))
    for each in own.values():
        longer = next((length for length in _LONGER if length > minutes and all(
            one.starts_at.astimezone(zone).minute % length == 0 for _row, one in each
        )), None)  # fmt: skip
        if longer is not None and len(each) > _FEWEST_TO_TELL:
            raise each[1][0].wrong("interval_start", _LONG_ROWS, _SPLIT_ROWS, length=longer, minutes=minutes)


def _queue(row: TableRow, queues: Collection[str]) -> str:
    queue = row.needed("queue")
    if queues and queue not in queues:
        raise row.wrong("queue", "there is no queue '%(value)s'.", "Use one of: %(names)s.", names=", ".join(queues))
    return queue


def _interval(row: TableRow, minutes: int) -> int | None:
    at = row.time_at("time")
    if at is None:
        return None
    number, rest = divmod(at.hour * 60 + at.minute, minutes)
    if rest or at.second:
        raise row.wrong("time", _NO_START, minutes=minutes)
    return number
