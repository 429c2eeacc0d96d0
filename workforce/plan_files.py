"""Forecasts and staffing as tables: written for planners, and a forecast read again."""

from collections.abc import Collection, Iterable, Sequence
from datetime import time, tzinfo
from pathlib import Path

from workforce.forecast import ForecastRow
from workforce.overruling import Overruling
from workforce.staff_need import StaffRow
from workforce.table_file import read_table, write_table

FORECAST_COLUMNS = (
    "queue", "interval_start", "minutes", "callers", "low", "high", "aht_s", "load_erlang", "computed", "overruled"
)  # fmt: skip
OVERRULING_COLUMNS = ("queue", "date", "time", "callers", "times", "aht_s", "why")
STAFF_COLUMNS = (
    "queue", "interval_start", "minutes", "callers", "aht_s", "load_erlang", "agents", "heads", "service_level", "asa_s",
    "abandoned_share", "occupancy", "level_with_one_more", "level_with_one_fewer", "because",
)  # fmt: skip


def write_forecast(file: Path, rows: Iterable[ForecastRow], zone: tzinfo) -> None:
    """A row for each interval, times in this zone. Raises BadInput where the file can't be written."""
    write_table(file, FORECAST_COLUMNS, (
        (
            row.queue, row.starts_at.astimezone(zone), row.minutes, round(row.callers, 3), row.low, row.high,
            _rounded(row.aht_s, 1), _rounded(row.load_erlang, 3), round(row.computed, 3), row.overruled,
        )
        for row in rows
    ))  # fmt: skip


def read_forecast(file: Path, queues: Collection[str], zone: tzinfo) -> list[ForecastRow]:
    """What `write_forecast` wrote, or a table with queue, interval_start, minutes, callers and aht_s from elsewhere. Raises
    BadInput that names row and column."""
    found = []
    for row in read_table(file, ("queue", "interval_start", "minutes", "callers"), ("aht_s",)):
        queue, minutes, callers = row.needed("queue"), row.whole_at("minutes"), row.number_at("callers", 0, 1e6)
        if queue not in queues:
            raise row.wrong("queue", "there is no queue '%(value)s'.", "Use one of: %(names)s.", names=", ".join(queues))
        if not minutes or 1440 % minutes:
            raise row.wrong("minutes", "a day is no whole number of %(value)s minutes.", "Write 15 or 30.")
        if callers is None:
            raise row.wrong("callers", "it is empty.", "Write 0 where nobody is expected.")
        low, high, computed = (row.number_at(name) for name in ("low", "high", "computed"))
        found.append(ForecastRow(
            queue, row.moment_at("interval_start", zone), minutes, callers, callers if low is None else low,
            callers if high is None else high, row.number_at("aht_s", 1, 86_400), callers if computed is None else computed,
            row.text("overruled"),
        ))  # fmt: skip
    return found


def write_overrulings(file: Path, overrulings: Iterable[Overruling], minutes: int) -> None:
    """What workforce.planner_files.read_overrulings reads. Raises BadInput where the file can't be written."""
    write_table(file, OVERRULING_COLUMNS, (
        (
            each.queue, each.day, "" if each.number is None else time(*divmod(each.number * minutes, 60)),
            _or_empty(each.callers), _or_empty(each.times), _or_empty(each.aht_s), each.why,
        )
        for each in overrulings
    ))  # fmt: skip


def write_staff(file: Path, rows: Sequence[StaffRow], zone: tzinfo) -> None:
    """A row for each interval, times in this zone. Raises BadInput where the file can't be written."""
    write_table(file, STAFF_COLUMNS, (
        (
            row.queue, row.starts_at.astimezone(zone), row.minutes, round(row.callers, 3), round(row.aht_s, 1),
            round(row.load_erlang, 3), row.agents, row.heads, round(row.service_level, 4), _rounded(row.asa_s, 1),
            round(row.abandoned_share, 4), round(row.occupancy, 4), round(row.level_with_more, 4), round(row.level_with_fewer, 4),
            row.because,
        )
        for row in rows
    ))  # fmt: skip


def _rounded(value: float | None, digits: int) -> float | str:
    return "" if value is None else round(value, digits)


def _or_empty(value: float | None) -> float | str:
    return "" if value is None else value
