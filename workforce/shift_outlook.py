"""What an agent's shift has now and next: on the queue, in a break or a training, off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from workforce.roster_records import RosterShift


class Doing(StrEnum):
    """OFF: no shift now."""

    OFF = "off"
    ON_QUEUE = "on_queue"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a shift. `kind` is the break's or the training's name; "" on the queue."""

    start: datetime
    end: datetime
    kind: str

    @property
    def doing(self) -> Doing:
        """On the queue, or away from it."""
        return Doing.AWAY if self.kind else Doing.ON_QUEUE


@dataclass(frozen=True, slots=True)
class Outlook:
    """`now` is the part that it is in, None while off; `next` the part that comes after it or, while off, the first of the next
    shift: None where there is none."""

    now: Part | None
    next: Part | None

    @property
    def doing(self) -> Doing:
        """What it is now."""
        return self.now.doing if self.now is not None else Doing.OFF


def parts_of(row: RosterShift) -> list[Part]:
    """The shift in pieces, one after the other."""
    found, at = [], row.starts_at
    for each in sorted(row.activities, key=lambda one: one.starts_at):
        start = max(at, each.starts_at)
        if start > at:
            found.append(Part(at, start, ""))
        if each.ends_at > start:
            found.append(Part(start, each.ends_at, each.kind))
            at = each.ends_at
    if row.ends_at > at:
        found.append(Part(at, row.ends_at, ""))
    return found


def outlook(rows: Iterable[RosterShift], now: datetime) -> Outlook:
    """Of these shifts, in any order."""
    parts = sorted((part for row in rows for part in parts_of(row)), key=lambda part: part.start)
    return outlook_of(parts, now)


def outlook_of(parts: Sequence[Part], now: datetime) -> Outlook:
    """Of parts in the order of time. After the last part of a shift comes the end of it, not the next day's shift."""
    for part, after in pairwise([*parts, None]):
        if part is not None and part.start <= now < part.end:
            return Outlook(part, after if after is not None and after.start == part.end else None)
    return Outlook(None, next((part for part in parts if part.start > now), None))
