"""A rule that a roster breaks: which, whose, when, by how much, and what that costs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """`hard`: it must not be broken; else it costs `points`. `until` is the last day of what it is about; `amount` and `limit` are
    minutes for rules of hours, else a count; `what` a queue or a pattern; `slot` an interval of the whole time."""

    rule: str
    hard: bool
    points: float
    agent: str = ""
    day: int | None = None
    until: int | None = None
    amount: int = 0
    limit: int = 0
    what: str = ""
    slot: int | None = None
