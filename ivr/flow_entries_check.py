"""What can be wrong with a flow's entries: numbers that nobody can dial, segments that nobody is in, entries no call comes to."""

import re
from collections.abc import Collection, Iterator

from core.problem import Problem
from crm.customer_fields import SEGMENTS
from ivr.flow import Entry
from ivr.flow_file import FlowText

_NUMBER = re.compile(r"\+?\d{3,15}")


def entry_problems(text: FlowText) -> Iterator[Problem]:
    """Each problem at the line of its entry."""
    entries = text.flow.entries
    for index, entry in enumerate(entries):
        place = text.place("entries", index)
        for number in entry.dialled:
            if not _NUMBER.fullmatch(number):
                yield Problem(
                    text.place("entries", index, "dialled"), f"{number!r} is no telephone number.",
                    "Write its 3 to 15 digits, with or without a plus before them.",
                )  # fmt: skip
        for segment in entry.segments:
            if segment not in SEGMENTS:
                # Not serious: who brings customers in from a file may give them segments of their own.
                yield Problem(
                    text.place("entries", index, "segments"), f"There is no segment {segment!r} on the customers' page.",
                    f"Use one of: {', '.join(SEGMENTS)}; or leave it, if customers were brought in with it.", serious=False,
                )  # fmt: skip
        before = next((number for number, other in enumerate(entries[:index]) if _takes_all_of(other, entry)), None)
        if before is not None:
            line = text.place("entries", before).rsplit(" ", 1)[-1]
            yield Problem(
                place, f"No call comes to this entry: the one in line {line} takes them all.",
                "Put it before that one, or take it out.",
            )  # fmt: skip


def _takes_all_of(first: Entry, entry: Entry) -> bool:
    """Whether every call that fits the entry fits the one before it."""
    return _holds({number.lstrip("+") for number in first.dialled}, {number.lstrip("+") for number in entry.dialled}) and _holds(
        first.segments, entry.segments
    )


def _holds(wide: Collection[str], narrow: Collection[str]) -> bool:
    """Whether one condition leaves everything in that the other does; empty: it leaves in everything."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))
