"""Reads the public rostering instances of Curtois and Qu (2014) as rosters of ours: shift types with people wanted on each day."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem, ShiftNeed, Wish
from workforce.rosters.rules_form import RosterRules
from workforce.rosters.shift_pattern import ShiftPattern

BEST_KNOWN = {1: 607, 2: 828, 3: 1001, 4: 1716, 5: 1143, 6: 1950, 7: 1056, 8: 1300, 9: 439, 10: 4631}
"""Proved, or the best that was published."""
_MONDAY = date(2026, 6, 1)
_RULES = {
    "patterns": [{"name": "any", "from": "00:00", "hours": 8}],
    "rules": {
        "time_off": {}, "total_hours": {}, "shifts_of_a_kind": {}, "shift_sequence": {}, "consecutive_days": {"most": 31},
        "days_off_in_a_row": {"least": 1}, "weekends": {"most": 31}, "wishes": {"weight": 1},
    },
}  # fmt: skip


def read_instance(file: Path) -> RosterProblem:
    """The instance in a file. Every rule there is one of ours, so the costs are the published ones."""
    parts = _sections(file)
    patterns = tuple(
        ShiftPattern(name, (0,), int(minutes), (), frozenset(filter(None, not_then.split("|"))))
        for name, minutes, not_then in parts["SECTION_SHIFTS"]
    )
    off = {(row[0], int(day)) for row in parts["SECTION_DAYS_OFF"] for day in row[1:]}
    wishes = [
        Wish(agent, int(day), pattern, against, int(weight))
        for section, against in (("SECTION_SHIFT_ON_REQUESTS", False), ("SECTION_SHIFT_OFF_REQUESTS", True))
        for agent, day, pattern, weight in parts.get(section, [])
    ]
    needs = tuple(
        ShiftNeed(int(day), pattern, int(people), int(under), int(over))
        for day, pattern, people, under, over in parts["SECTION_COVER"]
    )
    return RosterProblem(
        _MONDAY, int(parts["SECTION_HORIZON"][0][0]), 30, patterns, tuple(_contract(row) for row in parts["SECTION_STAFF"]),
        RosterRules.model_validate(_RULES), shift_needs=needs, time_off=frozenset(off), wishes=tuple(wishes),
    )  # fmt: skip


def _contract(row: list[str]) -> Contract:
    name, most_of, most, least, in_a_row, least_in_a_row, least_off, weekends = row
    each = (part.split("=") for part in most_of.split("|"))
    return Contract(
        name, most_of={pattern: int(count) for pattern, count in each}, most_total_min=int(most), least_total_min=int(least),
        most_in_a_row=int(in_a_row), least_in_a_row=int(least_in_a_row), least_off_in_a_row=int(least_off),
        most_weekends=int(weekends),
    )  # fmt: skip


def _sections(file: Path) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for line in _lines(file):
        if line.startswith("SECTION_"):
            rows = found[line] = []
        else:
            rows.append([cell.strip() for cell in line.split(",")])
    return found


def _lines(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
