"""What one more agent is worth, and how many heads it takes to have so many agents on queue."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.errors import BadInput
from workforce.erlang_inputs import Counts, agents_array, load_array, share_array, together
from workforce.erlang_line import line_of
from workforce.erlang_need import Target


@dataclass(frozen=True, slots=True)
class Staffed:
    """How callers fare with so many `agents`; shares 0 to 1. `gain`: service level more than with one agent fewer."""

    agents: int
    service_level: float
    asa_s: float
    abandoned_share: float
    occupancy: float
    gain: float | None


def worth_curve(
    target: Target, load_erlang: float, aht_s: float, patience_s: float = np.inf, fewest: int = 0, most: int | None = None
) -> list[Staffed]:  # fmt: skip
    """From `fewest` to `most` agents, by default twice as many as the load and five, one by one. The target says within what time
    an answer counts. Raises BadInput for numbers that can't be, and for more than 100,000 steps."""
    last = int(np.ceil(2 * float(load_array(load_erlang)))) + 5 if most is None else most
    if not 0 <= fewest <= last or last - fewest > 100_000:
        raise BadInput(f"From {fewest} to {last} agents is no range.", "Give the smaller number first, and at most 100,000 steps.")
    agents = np.arange(fewest, last + 1)
    line = line_of(np.full(len(agents), load_erlang), agents, aht_s, patience_s)
    levels = line.service_level(target.answer_within_s, target.short_abandon_s).tolist()
    figures = zip(agents.tolist(), levels, line.asa_s.tolist(), line.abandoned_share.tolist(), line.occupancy.tolist(), strict=True)
    found: list[Staffed] = []
    for number, level, asa_s, abandoned, occupancy in figures:
        found.append(Staffed(number, level, asa_s, abandoned, occupancy, level - found[-1].service_level if found else None))
    return found


def heads(agents: ArrayLike, shrinkage: ArrayLike) -> Counts:
    """Agents / (1 - shrinkage), rounded up: who must be paid so that `agents` are on queue. Shrinkage 0 to below 1, else BadInput.

    The trade's formula, e.g. B. Cleveland, "Call Center Management on Fast Forward", 4th ed. (2019), ch. 7.
    """
    wanted, away = together(agents_array(agents), share_array("shrinkage", shrinkage))
    if (away >= 1).any():
        raise BadInput("shrinkage: with all the time away nobody is on queue.", "Write 30 % as 0.3.")
    return np.ceil(wanted / (1 - away) - 1e-9).astype(np.int64)
