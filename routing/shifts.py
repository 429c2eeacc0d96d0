"""When an agent is on duty on a simulated day."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routing.plans import ANYWHERE

Period = tuple[float, float]
"""[from, to), in seconds of the simulated day."""


@dataclass(frozen=True)
class Shift:
    """On duty from `from_s` to before `to_s`, but for the `breaks`. Raises ValueError for a time that ends before it begins."""

    from_s: float = 0.0
    to_s: float = math.inf
    breaks: Sequence[Period] = ()

    def __post_init__(self) -> None:
        for begins_s, ends_s in ((self.from_s, self.to_s), *self.breaks):
            if not begins_s < ends_s:
                raise ValueError(f"a shift or break from {begins_s} to {ends_s} s: it must end after it begins")


@dataclass(frozen=True)
class RosteredAgent:
    """An agent of a simulated day. Who talks when a shift or a break puts an end to their duty finishes first."""

    agent_id: str
    proficiencies: Mapping[str, int]
    site: str = ANYWHERE
    shifts: Sequence[Shift] = (Shift(),)

    def on_duty(self) -> list[Period]:
        """When they are on duty: all shifts together, without the breaks; in order, apart from each other."""
        merged: list[Period] = []
        for begins_s, ends_s in sorted(period for shift in self.shifts for period in _worked(shift)):
            if merged and begins_s <= merged[-1][1]:
                begins_s, ends_s = merged[-1][0], max(ends_s, merged.pop()[1])
            merged.append((begins_s, ends_s))
        return merged


def _worked(shift: Shift) -> list[Period]:
    worked, begins_s = [], shift.from_s
    for away_s, back_s in (*sorted(shift.breaks), (shift.to_s, math.inf)):
        if begins_s < (ends_s := min(away_s, shift.to_s)):
            worked.append((begins_s, ends_s))
        begins_s = max(begins_s, back_s)
    return worked
