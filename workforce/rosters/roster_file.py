"""Rosters as tables: written for planners, and read again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from workforce.rosters.contract_file import known_agent
from workforce.rosters.problem import Cell, Roster
from workforce.rosters.shift_pattern import DAY_MIN, Placed, Shift, ShiftPattern
from workforce.table_file import TableRow, read_table, write_table

ROSTER_COLUMNS = ("agent", "name", "date", "pattern", "from", "to", "hours", "breaks")


def write_roster(file: Path, roster: Roster, first: date, names: Mapping[str, str]) -> None:
    """A row for each shift, by agent and day. Raises BadInput where the file can't be written."""
    write_table(file, ROSTER_COLUMNS, (
        (
            agent, names.get(agent, ""), first + timedelta(days=day), placed.shift.pattern.name, clock(placed.shift.start),
            clock(placed.shift.end), round(placed.shift.pattern.paid_min / 60, 2), breaks_text(placed),
        )
        for (agent, day), placed in sorted(roster.items())
    ))  # fmt: skip


def read_roster_file(file: Path, patterns: Sequence[ShiftPattern], contracts: Collection[str], first: date) -> dict[Cell, Placed]:
    """What `write_roster` wrote, changed by hand or not: columns agent, date, pattern, from and breaks count. Days are counted from
    `first`, earlier ones below 0. Raises BadInput that names row and column."""
    by_name, found = {pattern.name: pattern for pattern in patterns}, {}
    for row in read_table(file, ("agent", "date", "pattern", "from"), ROSTER_COLUMNS):
        cell = (known_agent(row, contracts), (row.date_at("date") - first).days)
        if cell in found:
            raise row.wrong("date", f"{cell[0]} has two shifts on this day.", "Keep one of them.")
        name = row.needed("pattern")
        if name not in by_name:
            raise row.wrong("pattern", f"there is no pattern {name!r}.", f"Use one of: {', '.join(by_name)}.")
        start = row.time_at("from")
        if start is None:
            raise row.wrong("from", "it is empty.", "Write when the shift begins, like 08:00.")
        found[cell] = _placed(row, Shift(by_name[name], start.hour * 60 + start.minute))
    return found


def clock(minute: int) -> str:
    """A minute of a day, or of the next, as people write it."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def breaks_text(placed: Placed) -> str:
    """The breaks as "12:00-13:00 lunch; …"."""
    return "; ".join(
        f"{clock(start)}-{clock(end)} {each.name}"
        for (start, end), each in zip(placed.rests(), placed.shift.pattern.breaks, strict=True)
    )


def _placed(row: TableRow, shift: Shift) -> Placed:
    parts = [part.strip() for part in row.text("breaks").split(";") if part.strip()]
    wanted = shift.pattern.breaks
    if len(parts) != len(wanted):
        raise row.wrong(
            "breaks", f"a shift {shift.pattern.name} has {len(wanted)} breaks, not {len(parts)}.", _SHOW.format(_likely(shift))
        )
    found = []
    for part, each in zip(parts, wanted, strict=True):
        try:
            start = int(part[:2]) * 60 + int(part[3:5])
        except ValueError:
            raise row.wrong("breaks", f"{part!r} is no break.", _SHOW.format(_likely(shift))) from None
        at = (start - shift.start) % DAY_MIN
        if at + each.minutes > shift.pattern.minutes:
            raise row.wrong("breaks", f"{part!r} does not lie within the shift.", _SHOW.format(_likely(shift)))
        found.append(at)
    return Placed(shift, tuple(found))


_SHOW = "Write it like {}."


def _likely(shift: Shift) -> str:
    return breaks_text(Placed(shift, tuple(each.first_min for each in shift.pattern.breaks))) or "nothing: leave it empty"
