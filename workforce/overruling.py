"""What the planner knows better than the forecast, for a day or an interval of a queue."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Overruling:
    """`number`: the interval of the local day, None for the whole day. Callers become `callers`, or are multiplied by `times`;
    handling times become `aht_s`. None: as computed. A day's callers keep their spread over the intervals; an interval's count
    after the day's."""

    queue: str
    day: date
    number: int | None
    callers: float | None
    times: float | None
    aht_s: float | None
    why: str
