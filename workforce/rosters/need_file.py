"""What is needed, from the file that `./halo workforce staff` writes, or one like it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from pathlib import Path

from core.errors import BadInput
from workforce.rosters.shift_pattern import DAY_MIN
from workforce.table_file import read_table

_MOST_DAYS = 92


@dataclass(frozen=True)
class Needs:
    """People on queue by queue and interval of `minutes`, from the midnight of `first` on, the wall clock's."""

    first: date
    days: int
    minutes: int
    by_queue: dict[str, list[int]]


def read_needs(
    file: Path, zone: tzinfo, first: date | None = None, days: int | None = None, column: str = "heads",
    queues: Collection[str] = (),
) -> Needs:  # fmt: skip
    """The whole of the file, or so many `days` from `first` on. `column` is `heads` or `agents`; `queues` empty: any. Raises
    BadInput that names row and column; intervals that are not there need nobody."""
    rows = []
    seen: set[tuple[str, object]] = set()
    for row in read_table(file, ("queue", "interval_start", "minutes", column)):
        moment, people, minutes = (
            row.moment_at("interval_start", zone).astimezone(zone),
            row.whole_at(column),
            row.whole_at("minutes"),
        )
        if people is None:
            raise row.wrong(column, "it is empty.", "Write 0 where nobody is needed.")
        if not minutes or DAY_MIN % minutes or moment.minute % minutes or moment.second:
            raise row.wrong(
                "minutes", "no such interval begins then.", "Write intervals of 15 or 30 minutes from the full hour on."
            )
        queue = row.needed("queue")
        if queues and queue not in queues:
            raise row.wrong("queue", "there is no queue '%(value)s'.", "Use one of: %(names)s.", names=", ".join(queues))
        if (queue, moment) in seen:
            raise row.wrong("interval_start", f"{queue} has this interval twice.", "Keep one of them.")
        seen.add((queue, moment))
        rows.append((row, queue, moment, minutes, people))
    if len({minutes for _, _, _, minutes, _ in rows}) > 1:
        other = next(row for row, _, _, minutes, _ in rows if minutes != rows[0][3])
        raise other.wrong("minutes", "the file has intervals of several lengths.", "Staff all queues by the same.")
    minutes = rows[0][3]
    begins = first or min(moment for _, _, moment, _, _ in rows).date()
    last = max(moment for _, _, moment, _, _ in rows).date()
    count = days if days is not None else (last - begins).days + 1
    if days is None and count > _MOST_DAYS:
        late = max(rows, key=lambda each: each[2])[0]
        raise late.wrong(
            "interval_start", "%(value)s is %(count)s days after the first; a roster has %(most)s at most.",
            "Choose fewer, by --from and --days, or correct this cell.", count=count - 1, most=_MOST_DAYS,
        )  # fmt: skip
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise BadInput(f"{days} days are no time of a roster.", f"Choose 1 to {_MOST_DAYS}, by --days.")
    if count < 1:
        raise BadInput(f"{file.name} has nothing from {begins} on.", "Choose other days.")
    a_day = DAY_MIN // minutes
    needs: dict[str, list[int]] = {}
    for _row, queue, moment, _minutes, people in rows:
        at = (moment.date() - begins).days * a_day + (moment.hour * 60 + moment.minute) // minutes
        if 0 <= at < count * a_day:
            needs.setdefault(queue, [0] * (count * a_day))[at] = people
    if not needs:
        raise BadInput(f"{file.name} has nothing from {begins} to {begins + timedelta(days=count - 1)}.", "Choose other days.")
    return Needs(begins, count, minutes, needs)
