"""One interval of one queue: sums that can be added, and the figures that follow from them."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.service_level import service_level
from workforce import erlang


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """What one queue saw in [starts_at, starts_at + minutes), aware UTC.

    An interaction belongs to the interval in which it was offered, also when it was answered later. `answered_within`
    counts answers within `answer_within_s`; `wait_s` is the queue time of all answered, `handle_s` the talk, hold and
    wrap-up of the `handled`, whose handling is over. `staffing_aht_s` is the AHT to plan with: the interval's own, else that
    of all intervals asked for, else None.
    """

    queue: str
    starts_at: datetime
    minutes: int
    answer_within_s: float
    service_target: float
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    short_abandons: int = 0
    answered_within: int = 0
    wait_s: float = 0.0
    handled: int = 0
    handle_s: float = 0.0
    staffing_aht_s: float | None = None

    @property
    def ends_at(self) -> datetime:
        """The first moment after the interval."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def service_level(self) -> float | None:
        """Share answered within `answer_within_s`, 0 to 1; None when nothing was offered but short abandons."""
        return service_level(self.answered_within, self.offered, self.short_abandons)

    @property
    def asa_s(self) -> float | None:
        """Mean queue time of the answered; None without any."""
        return self.wait_s / self.answered if self.answered else None

    @property
    def aht_s(self) -> float | None:
        """Mean talk + hold + wrap-up of the handled; None without any."""
        return self.handle_s / self.handled if self.handled else None

    @property
    def load_erlang(self) -> float | None:
        """Arrivals × AHT / interval length; 0 without arrivals, None while no AHT is known."""
        if self.offered == 0:
            return 0.0
        return None if self.staffing_aht_s is None else self.offered * self.staffing_aht_s / (self.minutes * 60)

    @property
    def agents_needed(self) -> int | None:
        """The fewest agents for the queue's service target by Erlang C; None while no AHT is known."""
        load = self.load_erlang
        if load is None or not load:
            return None if load is None else 0
        aht_s = self.staffing_aht_s or math.nan
        return erlang.agents_needed(load, self.answer_within_s, aht_s, self.service_target)
