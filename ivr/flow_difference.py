"""What differs between two texts of a flow, line by line, as people compare them."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_AROUND = 3


class Kind(StrEnum):
    SAME = "same"
    OUT = "out"
    IN = "in"
    GAP = "gap"  # lines that are the same in both, left out


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `before` and `after` are its numbers in the two texts, None where it is not in that one."""

    kind: Kind
    before: int | None
    after: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Every changed line with a few around it; how many came in and went out."""

    rows: tuple[Row, ...]
    came_in: int
    went_out: int


def difference(before: str, after: str) -> Difference:
    """What makes the second text of the first. Spaces at the ends of lines count: YAML may read them."""
    old, new = before.splitlines(), after.splitlines()
    rows: list[Row] = []
    last = 0
    for group in SequenceMatcher(None, old, new, autojunk=len(old) > 2000).get_grouped_opcodes(_AROUND):
        if group[0][1] > last:
            rows.append(Row(Kind.GAP, None, None, ""))
        for name, old_from, old_to, new_from, new_to in group:
            rows += _rows(name, old, new, (old_from, old_to), (new_from, new_to))
            last = old_to
    if rows and last < len(old):
        rows.append(Row(Kind.GAP, None, None, ""))
    return Difference(tuple(rows), sum(row.kind is Kind.IN for row in rows), sum(row.kind is Kind.OUT for row in rows))


def _rows(name: str, old: Sequence[str], new: Sequence[str], olds: tuple[int, int], news: tuple[int, int]) -> list[Row]:
    if name == "equal":
        return [Row(Kind.SAME, olds[0] + n + 1, news[0] + n + 1, old[olds[0] + n]) for n in range(olds[1] - olds[0])]
    out = [Row(Kind.OUT, number + 1, None, old[number]) for number in range(*olds)]
    return out + [Row(Kind.IN, None, number + 1, new[number]) for number in range(*news)]
