"""Contracts, time off, wishes and trainings as planners bring them: tables, whose faults are told by row and column."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from workforce.rosters.contract import Contract
from workforce.rosters.problem import Cell, Training, Wish
from workforce.rosters.shift_pattern import DAY_MIN, ShiftPattern
from workforce.table_file import TableRow, read_table

CONTRACT_COLUMNS = (
    "agent", "name", "hours_a_week", "days_a_week", "queues", "patterns", "available", "overtime", "protected", "most_in_a_row",
    "most_weekends",
)  # fmt: skip
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AVAILABLE = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+(?P<from>\d\d:\d\d)-(?P<until>\d\d:\d\d)")
_STEP = "Write it like mon-fri 08:00-17:00; sat 09:00-13:00."


def read_contracts(
    file: Path, queues: Collection[str], patterns: Sequence[ShiftPattern], on_record: Mapping[str, tuple[str, frozenset[str]]]
) -> list[Contract]:
    """The agents of the file. `on_record`: name and queues of agents whom Halo knows; the file comes first. `queues`: those that
    are needed; a queue of an agent must be on record or needed. Raises BadInput that names row and column."""
    names = {pattern.name for pattern in patterns}
    known = set(queues) | {queue for _name, own in on_record.values() for queue in own}
    found: dict[str, Contract] = {}
    for row in read_table(file, ("agent", "hours_a_week"), CONTRACT_COLUMNS):
        agent = row.needed("agent")
        if agent in found:
            raise row.wrong("agent", f"{agent} stands in the file twice.", "Keep one of them.")
        hours = row.number_at("hours_a_week", 0, 168)
        if hours is None:
            raise row.wrong("hours_a_week", "it is empty.", "Write the hours of a week, such as 40.")
        days = row.number_at("days_a_week", 1, 7)
        name, own = on_record.get(agent, ("", frozenset[str]()))
        if row.text("queues"):
            own = frozenset(row.text("queues").replace(",", " ").split())
            for queue in sorted(own - known):
                raise row.wrong("queues", f"there is no queue {queue!r}.", f"Use some of: {', '.join(sorted(known))}.")
        elif agent not in on_record:
            raise row.wrong("agent", f"{agent} is not on record, and no queues are given.", "Give queues, or correct it.")
        wanted = frozenset(row.text("patterns").replace(",", " ").split())
        for pattern in sorted(wanted - names):
            raise row.wrong("patterns", f"there is no pattern {pattern!r}.", f"Use some of: {', '.join(sorted(names))}.")
        found[agent] = Contract(
            agent, own, round(hours * 60), 5 if days is None else int(days), _available(row), wanted, row.yes_at("overtime"),
            row.yes_at("protected"), row.text("name") or name, most_in_a_row=row.whole_at("most_in_a_row"),
            most_weekends=row.whole_at("most_weekends"),
        )  # fmt: skip
    return list(found.values())


def read_time_off(file: Path, contracts: Collection[str], first: date, days: int) -> frozenset[Cell]:
    """Columns agent, from, until (empty: that day). Days outside the time are left out. Raises BadInput as above."""
    found = set()
    for row in read_table(file, ("agent", "from"), ("until",)):
        agent, begins = known_agent(row, contracts), row.date_at("from")
        ends = row.date_at("until") if row.text("until") else begins
        if ends < begins:
            raise row.wrong("until", "it is before `from`.")
        found |= {
            (agent, day) for day in range((begins - first).days, (ends - first).days + 1) if 0 <= day < days
        }  # fmt: skip
    return frozenset(found)


def read_wishes(
    file: Path, contracts: Collection[str], patterns: Sequence[ShiftPattern], first: date, days: int
) -> list[Wish]:  # fmt: skip
    """Columns agent, date, wish (off, work, a pattern, or not and a pattern), weight. Raises BadInput as above."""
    names, found = {pattern.name for pattern in patterns}, []
    for row in read_table(file, ("agent", "date", "wish"), ("weight",)):
        agent, day, words = known_agent(row, contracts), (row.date_at("date") - first).days, row.needed("wish").lower().split()
        against, pattern = words[0] == "not", words[-1]
        if pattern in ("off", "work"):
            against, pattern = against != (pattern == "work"), ""
        elif pattern not in names or len(words) > 2:
            raise row.wrong("wish", f"{row.text('wish')!r} is no wish.", f"Write off, work, or one of: {', '.join(sorted(names))}.")
        if 0 <= day < days:
            found.append(Wish(agent, day, pattern, against, row.whole_at("weight")))
    return found


def read_training(file: Path, contracts: Collection[str], first: date, days: int) -> dict[Cell, tuple[Training, ...]]:
    """Columns agent, date, from, to, name. Raises BadInput as above."""
    found: dict[Cell, tuple[Training, ...]] = {}
    for row in read_table(file, ("agent", "date", "from", "to"), ("name",)):
        agent, day = known_agent(row, contracts), (row.date_at("date") - first).days
        begins, ends = (row.time_at(column) for column in ("from", "to"))
        if begins is None or ends is None or ends <= begins:
            raise row.wrong("to", "the training ends before it begins.", "Write both times, like 09:00 and 11:00.")
        one = Training(row.text("name") or "training", begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute)
        if 0 <= day < days:
            found[agent, day] = (*found.get((agent, day), ()), one)
    return found


def known_agent(row: TableRow, contracts: Collection[str]) -> str:
    """The agent of the row. Raises BadInput for one without a contract."""
    agent = row.needed("agent")
    if agent not in contracts:
        raise row.wrong("agent", f"{agent} has no contract.", "Add a row to the contracts, or take this one out.")
    return agent


def _available(row: TableRow) -> dict[int, tuple[tuple[int, int], ...]]:
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    for part in filter(None, (each.strip() for each in row.text("available").lower().split(";"))):
        match = _AVAILABLE.fullmatch(part)
        if not match or match["first"] not in _DAYS or (match["last"] or "mon") not in _DAYS:
            raise row.wrong("available", f"{part!r} is no time.", _STEP)
        begins, ends = _minute(row, match["from"]), _minute(row, match["until"])
        first = _DAYS.index(match["first"])
        last = _DAYS.index(match["last"]) if match["last"] else first
        if last < first:
            raise row.wrong("available", f"{part!r}: the days are not in order.", _STEP)
        for day in range(first, last + 1):
            found[day] = (*found.get(day, ()), (begins, ends if ends > begins else ends + DAY_MIN))
    return found


def _minute(row: TableRow, text: str) -> int:
    hours, minutes = int(text[:2]), int(text[3:])
    if hours * 60 + minutes > DAY_MIN or minutes > 59:
        raise row.wrong("available", f"{text} is no time of the day.", _STEP)
    return hours * 60 + minutes
