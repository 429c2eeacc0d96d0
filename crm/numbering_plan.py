"""Which telephone numbers a country has, walked digit by digit as callers say them: "0812…", "62812…", "021…"."""

import re
from dataclasses import dataclass
from functools import cache

import phonenumbers

_KNOWN_BY = 3  # after so many digits of the national number its length is all that is still open
_FILLERS = "158"  # some digit is free in every place that comes later
# What is still open tells a place from another: the beginnings that go on from here, and how many digits may be left.
_Rest = tuple[frozenset[tuple[str, frozenset[int]]], frozenset[int]]


@dataclass(frozen=True, slots=True)
class NumberingPlan:
    """Landlines and mobiles of one country. A number begins at place 0; a place tells all that matters of the digits so far."""

    follow: tuple[tuple[int, ...], ...]
    """By place and next digit: the place then; -1 where no number goes on so."""
    whole: tuple[int, ...]
    """The places where a number may be over."""

    def after(self, place: int, digit: int) -> int | None:
        """Where one more digit leads; None where it can't stand."""
        reached = self.follow[place][digit]
        return None if reached < 0 else reached

    def has(self, digits: str) -> bool:
        """Whether these digits are a number of the country, said at home or with the country's code."""
        place: int | None = 0
        for digit in digits:
            place = self.after(place, int(digit)) if place is not None else None
        return place in self.whole


@cache
def numbering_plan(country: str) -> NumberingPlan | None:
    """The plan of a country (ISO, "ID") as phonenumbers knows it; None for a country that it does not know."""
    about = phonenumbers.PhoneMetadata.metadata_for_region(country)
    if about is None:
        return None
    kinds = [kind for kind in (about.mobile, about.fixed_line) if kind and kind.national_number_pattern]
    patterns = [re.compile(str(kind.national_number_pattern)) for kind in kinds]
    lengths = sorted({length for kind in kinds for length in kind.possible_length})

    def exists(begin: str, length: int) -> bool:
        whole = [begin + filler * (length - len(begin)) for filler in _FILLERS]
        return any(pattern.fullmatch(number) for pattern in patterns for number in whole)

    def branch(begin: str) -> dict[str, frozenset[int]]:
        """By the beginnings of _KNOWN_BY digits: how many digits may follow them."""
        if len(begin) < _KNOWN_BY:
            return {key: left for digit in "0123456789" for key, left in branch(begin + digit).items()}
        left = frozenset(length - len(begin) for length in lengths if length > len(begin) and exists(begin, length))
        return {begin: left} if left else {}

    national = branch("")
    codes = {str(about.country_code), about.national_prefix or ""}
    return _walked({code + begin: left for code in codes for begin, left in national.items()})


def _walked(beginnings: dict[str, frozenset[int]]) -> NumberingPlan:
    """The plan of numbers with these beginnings, each with how many digits may follow it; like places are one."""
    start: _Rest = (frozenset(beginnings.items()), frozenset())
    places: dict[_Rest, int] = {start: 0}
    todo, follow, whole = [start], [], []
    while todo:
        open_beginnings, left = here = todo.pop(0)
        if 0 in left:
            whole.append(places[here])
        row = []
        for digit in "0123456789":
            further = frozenset((begin[1:], after) for begin, after in open_beginnings if begin[:1] == digit and len(begin) > 1)
            begun = [after for begin, after in open_beginnings if begin == digit]
            less = frozenset(length - 1 for length in left if length) | frozenset(length for each in begun for length in each)
            rest = (further, less)
            if not further and not less:
                row.append(-1)
                continue
            if rest not in places:
                places[rest] = len(places)
                todo.append(rest)
            row.append(places[rest])
        follow.append(tuple(row))
    return NumberingPlan(tuple(follow), tuple(whole))
