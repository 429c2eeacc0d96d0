"""Contracts, time off, wishes and trainings as planners bring them: tables, whose faults are told by row and column."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from workforce.rosters.contract import Contract
from workforce.rosters.problem import Cell, Training, Wish
from workforce.rosters.shift_pattern import DAY_MIN, ShiftPattern
from workforce.table_file import TableFault, TableRow, read_table, write_table

CONTRACT_COLUMNS = (
    "agent", "name", "hours_a_week", "days_a_week", "queues", "patterns", "available", "overtime", "protected", "most_in_a_row",
    "most_weekends",
)  # fmt: skip
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AVAILABLE = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+(?P<from>\d\d:\d\d)-(?P<until>\d\d:\d\d)")
_STEP = "Write it like mon-fri 08:00-17:00; sat 09:00-13:00."
_WISH_STEP = "Write off, work, not, or one of: %(names)s."
_NO_QUEUE = "there is no queue '%(queue)s'."
_NO_PATTERN = "there is no pattern '%(pattern)s'."
_USE = "Use some of: %(names)s."
_NOT_WITHIN = "%(value)s, like every row, is no day of this roster, which goes from %(first)s to %(last)s."
_MOST_WEIGHT = 10_000  # a hundred times what a missing hour costs as shipped


def read_contracts(
    file: Path, queues: Collection[str], patterns: Sequence[ShiftPattern], on_record: Mapping[str, tuple[str, frozenset[str]]]
) -> list[Contract]:
    """The agents of the file. `on_record`: name and queues of agents whom Halo knows; the file comes first. `queues`: those that
    are needed; a queue of an agent must be on record or needed. Raises BadInput that names row and column."""
    found, faults = contracts_and_faults(file, queues, patterns, on_record)
    if faults:
        raise faults[0]
    return found


def contracts_and_faults(
    file: Path, queues: Collection[str], patterns: Sequence[ShiftPattern], on_record: Mapping[str, tuple[str, frozenset[str]]]
) -> tuple[list[Contract], list[TableFault]]:
    """The same of the rows that are well, and what is wrong with each of the others. Raises BadInput for the file itself."""
    known = set(queues) | {queue for _name, own in on_record.values() for queue in own}
    found: dict[str, Contract] = {}
    faults: list[TableFault] = []
    for row in read_table(file, ("agent", "hours_a_week"), CONTRACT_COLUMNS):
        try:
            one = contract_of(row, known, {pattern.name for pattern in patterns}, on_record)
            if one.agent in found:
                raise row.wrong("agent", "%(value)s stands in the file twice.", "Keep one of them.")
            found[one.agent] = one
        except TableFault as fault:
            faults.append(fault)
    return list(found.values()), faults


def available_words(available: Mapping[int, tuple[tuple[int, int], ...]]) -> str:
    """Times as the file has them: "mon-fri 08:00-17:00; sat 09:00-13:00"."""
    parts, day = [], 0
    while day < len(_DAYS):
        spans, last = available.get(day, ()), day
        while spans and available.get(last + 1) == spans:
            last += 1
        days = _DAYS[day] if last == day else f"{_DAYS[day]}-{_DAYS[last]}"
        parts += [f"{days} {start // 60:02d}:{start % 60:02d}-{end // 60 % 24:02d}:{end % 60:02d}" for start, end in spans]
        day = last + 1
    return "; ".join(parts)


def write_contracts(file: Path, contracts: Iterable[Contract]) -> None:
    """As `read_contracts` reads them; without queues, which go by skills. Raises BadInput where the file can't be written."""
    write_table(file, CONTRACT_COLUMNS, (
        (
            one.agent, one.name, f"{one.week_min / 60:g}", one.days_a_week, "", " ".join(sorted(one.patterns)),
            available_words(one.available), "yes" if one.overtime else "no", "yes" if one.protected else "no",
            "" if one.most_in_a_row is None else one.most_in_a_row, "" if one.most_weekends is None else one.most_weekends,
        )
        for one in contracts
    ))  # fmt: skip


def contract_of(
    row: TableRow, known: Collection[str], names: Collection[str], on_record: Mapping[str, tuple[str, frozenset[str]]]
) -> Contract:
    """The contract of a row; `known` queues, `names` of patterns. Raises BadInput that names the column."""
    agent = row.needed("agent")
    hours = row.number_at("hours_a_week", 0, 168)
    if hours is None:
        raise row.wrong("hours_a_week", "it is empty.", "Write the hours of a week, such as 40.")
    days = row.whole_at("days_a_week", 1, 7)
    name, own = on_record.get(agent, ("", frozenset[str]()))
    if row.text("queues"):
        own = frozenset(row.text("queues").replace(",", " ").split())
        for queue in sorted(own - set(known)):
            raise row.wrong("queues", _NO_QUEUE, _USE, queue=queue, names=", ".join(sorted(known)))
    elif agent not in on_record:
        raise row.wrong("agent", "%(value)s is not on record, and no queues are given.", "Give queues, or correct it.")
    wanted = frozenset(row.text("patterns").replace(",", " ").split())
    for pattern in sorted(wanted - set(names)):
        raise row.wrong("patterns", _NO_PATTERN, _USE, pattern=pattern, names=", ".join(sorted(names)))
    return Contract(
        agent, own, round(hours * 60), 5 if days is None else days, read_available(row), wanted, row.yes_at("overtime"),
        row.yes_at("protected"), row.text("name") or name, most_in_a_row=row.whole_at("most_in_a_row", 0, 366),
        most_weekends=row.whole_at("most_weekends", 0, 100),
    )  # fmt: skip


def read_time_off(file: Path, contracts: Collection[str], first: date, days: int) -> frozenset[Cell]:
    """Columns agent, from, until (empty: that day). Days outside the time are left out. Raises BadInput as above."""
    found = set()
    for row in read_table(file, ("agent", "from"), ("until",)):
        agent, begins = known_agent(row, contracts), row.date_at("from")
        ends = row.date_at("until") if row.text("until") else begins
        if ends < begins:
            raise row.wrong("until", "it is before `from`.")
        found |= {
            (agent, day) for day in range(max(0, (begins - first).days), min(days, (ends - first).days + 1))
        }  # fmt: skip
    return frozenset(found)


def read_wishes(
    file: Path, contracts: Collection[str], patterns: Sequence[ShiftPattern], first: date, days: int
) -> list[Wish]:  # fmt: skip
    """Columns agent, date, wish (off, work, a pattern, or not and a pattern), weight. Raises BadInput as above."""
    names, found = {pattern.name for pattern in patterns}, []
    for row in _within(read_table(file, ("agent", "date", "wish"), ("weight",)), first, days):
        agent, day, words = known_agent(row, contracts), (row.date_at("date") - first).days, row.needed("wish").lower().split()
        against, pattern = words[0] == "not", words[-1]
        if pattern in ("off", "work"):
            against, pattern = against != (pattern == "work"), ""
        elif pattern not in names or len(words) > 2:
            raise row.wrong("wish", "'%(value)s' is no wish.", _WISH_STEP, names=", ".join(sorted(names)))
        if 0 <= day < days:
            found.append(Wish(agent, day, pattern, against, row.whole_at("weight", 0, _MOST_WEIGHT)))
    return found


def read_training(file: Path, contracts: Collection[str], first: date, days: int) -> dict[Cell, tuple[Training, ...]]:
    """Columns agent, date, from, to, name. Raises BadInput as above."""
    found: dict[Cell, tuple[Training, ...]] = {}
    for row in _within(read_table(file, ("agent", "date", "from", "to"), ("name",)), first, days):
        agent, day = known_agent(row, contracts), (row.date_at("date") - first).days
        begins, ends = (row.time_at(column) for column in ("from", "to"))
        if begins is None or ends is None or ends <= begins:
            raise row.wrong("to", "the training ends before it begins.", "Write both times, like 09:00 and 11:00.")
        one = Training(row.text("name") or "training", begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute)
        if 0 <= day < days:
            found[agent, day] = (*found.get((agent, day), ()), one)
    return found


def _within(rows: list[TableRow], first: date, days: int) -> list[TableRow]:
    """The same rows. Raises BadInput where none of them is of a day of the roster: then the year is likely another one."""
    if not any(0 <= (row.date_at("date") - first).days < days for row in rows):
        last = first + timedelta(days=days - 1)
        raise rows[0].wrong("date", _NOT_WITHIN, "Check month and year.", first=first, last=last)
    return rows


def known_agent(row: TableRow, contracts: Collection[str]) -> str:
    """The agent of the row. Raises BadInput for one without a contract."""
    agent = row.needed("agent")
    if agent not in contracts:
        raise row.wrong("agent", "%(value)s has no contract.", "Add a row to the contracts, or take this one out.")
    return agent


def read_available(row: TableRow) -> dict[int, tuple[tuple[int, int], ...]]:
    """The times of a row by weekday, 0 for Monday. Raises BadInput."""
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    for part in filter(None, (each.strip() for each in row.text("available").lower().split(";"))):
        match = _AVAILABLE.fullmatch(part)
        if not match or match["first"] not in _DAYS or (match["last"] or "mon") not in _DAYS:
            raise row.wrong("available", "'%(part)s' is no time.", _STEP, part=part)
        begins, ends = _minute(row, match["from"]), _minute(row, match["until"])
        first = _DAYS.index(match["first"])
        last = _DAYS.index(match["last"]) if match["last"] else first
        if last < first:
            raise row.wrong("available", "'%(part)s': the days are not in order.", _STEP, part=part)
        for day in range(first, last + 1):
            found[day] = (*found.get(day, ()), (begins, ends if ends > begins else ends + DAY_MIN))
    return found


def _minute(row: TableRow, text: str) -> int:
    hours, minutes = int(text[:2]), int(text[3:])
    if hours * 60 + minutes > DAY_MIN or minutes > 59:
        raise row.wrong("available", "'%(part)s' is no time of the day.", _STEP, part=text)
    return hours * 60 + minutes
