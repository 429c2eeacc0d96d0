"""What came of a simulated day: a row for each call, and everything that is counted from the rows."""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from routing.demand import Calls, Rows, Stream, Times
from routing.service_level import service_level
from routing.shifts import RosteredAgent
from routing.simulated_floor import ABANDONED, BLOCKED, IN_LINE, NOT_COME


class Outcome(StrEnum):
    """What became of a call."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    BLOCKED = "blocked"
    IN_LINE = "in_line"  # still, when nothing more could happen


_OUTCOMES = {ABANDONED: Outcome.ABANDONED, BLOCKED: Outcome.BLOCKED, IN_LINE: Outcome.IN_LINE}


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call. `wait_s` is until the answer, or until the caller gave up; None for those blocked or in line to the end. `again`:
    its caller had given up before."""

    stream: str
    arrival_s: float
    wait_s: float | None
    outcome: Outcome
    agent_id: str | None
    handling_s: float
    again: bool


@dataclass(frozen=True, eq=False)
class Figures:
    """Counts and waits of some calls.

    `offered` reached a queue; `blocked` are not among them. `waits_s` are the waits, rising, of all who were answered or gave up,
    until the one or the other; zero for who did not wait. `service_level` is answered within T / (offered - short abandons), T and
    the bound of short abandons as each stream says; None when nobody counts.
    """

    offered: int
    answered: int
    abandoned: int
    short_abandons: int
    blocked: int
    in_line: int
    again: int
    asa_s: float | None
    waits_s: Times
    service_level: float | None

    @property
    def abandoned_share(self) -> float | None:
        """Abandoned of those offered, 0 to 1; None when nobody was."""
        return self.abandoned / self.offered if self.offered else None

    @property
    def in_line_share(self) -> float | None:
        """Of those offered, whom nobody ever answered and who never gave up, 0 to 1; None when nobody was offered."""
        return self.in_line / self.offered if self.offered else None

    @property
    def delayed_share(self) -> float | None:
        """Of all who were answered or gave up, those who waited at all, 0 to 1."""
        return float(np.count_nonzero(self.waits_s) / len(self.waits_s)) if len(self.waits_s) else None

    @property
    def mean_wait_s(self) -> float | None:
        """The mean of `waits_s`; ASA is the mean of those answered alone."""
        return float(self.waits_s.mean()) if len(self.waits_s) else None

    def wait_percentile_s(self, percent: float) -> float | None:
        """The least of `waits_s` that at least `percent` (0 to 100) of them do not exceed: a wait that somebody had."""
        return float(np.percentile(self.waits_s, percent, method="inverted_cdf")) if len(self.waits_s) else None


@dataclass(frozen=True, eq=False)
class SimulatedDay:
    """A row for each call that could come, as in `calls`. `taker` is the number of the agent who answered, or why nobody did.

    Days with the same streams and seed have the same callers in the same rows, so that two of them can be compared row by row.
    """

    agents: Sequence[RosteredAgent]
    streams: Sequence[Stream]
    calls: Calls
    arrival_s: Times
    wait_s: Times
    taker: Rows

    def figures(self, stream: str | Collection[str] | None = None, from_s: float = 0.0, to_s: float = math.inf) -> Figures:
        """Of the calls of one stream, of several, or of all, that came in [from_s, to_s). Raises ValueError for another name."""
        chosen = (self.taker != NOT_COME) & (self.arrival_s >= from_s) & (self.arrival_s < to_s)
        if stream is not None:
            names = [each.name for each in self.streams]
            wanted = [stream] if isinstance(stream, str) else stream
            chosen &= np.isin(self.calls.stream, [names.index(name) for name in wanted])
        taker, wait_s, kind = self.taker[chosen], self.wait_s[chosen], self.calls.stream[chosen]
        answered, abandoned = taker >= 0, taker == ABANDONED
        within_s, short_s = np.array([(each.answer_within_s, each.short_abandon_s) for each in self.streams]).reshape(-1, 2).T
        in_time, short = answered & (wait_s <= within_s[kind]), abandoned & (wait_s <= short_s[kind])
        blocked = _count(taker == BLOCKED)
        offered = len(taker) - blocked
        return Figures(
            offered=offered, answered=_count(answered), abandoned=_count(abandoned), short_abandons=_count(short), blocked=blocked,
            in_line=_count(taker == IN_LINE), again=_count(~self.calls.is_first[chosen]),
            asa_s=float(wait_s[answered].mean()) if answered.any() else None, waits_s=np.sort(wait_s[answered | abandoned]),
            service_level=service_level(_count(in_time), offered, _count(short)),
        )  # fmt: skip

    def occupancy(self) -> dict[str, float | None]:
        """By agent: handling / (handling + ready), 0 to 1; None for one who did neither. Duty without an end counts until the last
        call is over."""
        answered = self.taker >= 0
        begins_s = self.arrival_s[answered] + self.wait_s[answered]
        ends_s, taker = begins_s + self.calls.handling_s[answered], self.taker[answered]
        over_s = float(max(ends_s.max(initial=0.0), self.arrival_s[self.taker != NOT_COME].max(initial=0.0)))
        by_agent = np.argsort(taker, kind="stable")
        bounds = np.searchsorted(taker[by_agent], np.arange(len(self.agents) + 1))
        found: dict[str, float | None] = {}
        for number, agent in enumerate(self.agents):
            own = by_agent[bounds[number] : bounds[number + 1]]
            handling_s = float((ends_s[own] - begins_s[own]).sum())
            periods = [(from_s, over_s if to_s == math.inf else to_s) for from_s, to_s in agent.on_duty()]
            on_duty_s = sum(max(0.0, to_s - from_s) for from_s, to_s in periods)
            busy_on_duty_s = sum(
                float((np.minimum(ends_s[own], to_s) - np.maximum(begins_s[own], from_s)).clip(0).sum()) for from_s, to_s in periods
            )
            whole_s = handling_s + max(0.0, on_duty_s - busy_on_duty_s)
            found[agent.agent_id] = handling_s / whole_s if whole_s > 0 else None
        return found

    def records(self) -> Iterator[CallRecord]:
        """Every call that came, in the order of the rows: first calls by arrival, then repeated ones."""
        for row in np.flatnonzero(self.taker != NOT_COME):
            taker, wait_s = int(self.taker[row]), float(self.wait_s[row])
            yield CallRecord(
                self.streams[int(self.calls.stream[row])].name, float(self.arrival_s[row]), None if math.isnan(wait_s) else wait_s,
                _OUTCOMES.get(taker, Outcome.ANSWERED), self.agents[taker].agent_id if taker >= 0 else None,
                float(self.calls.handling_s[row]), not self.calls.is_first[row],
            )  # fmt: skip


def _count(rows: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(rows))
