"""Who calls on a simulated day, and with what: arrivals, patience and handling times, drawn before the day begins.

What is drawn depends on the seed, the stream's name and what is asked for, and on nothing that happens: a call has the same
patience and handling time whoever serves it and whenever, so that two ways of routing can be compared call by call.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from routing.order import NORMAL
from routing.plans import Plan

Times = NDArray[np.float64]
"""Seconds, one for each call."""
Rows = NDArray[np.int64]


class Arrivals(Protocol):
    """When callers come."""

    def draw(self, chance: np.random.Generator) -> Times:
        """Seconds of the simulated day, rising."""
        ...


class Duration(Protocol):
    """How long something takes, or how long somebody waits before they give up."""

    def draw(self, chance: np.random.Generator, count: int) -> Times:
        """So many of them, in seconds."""
        ...


@dataclass(frozen=True)
class Poisson:
    """`expected` callers in each interval of `interval_s`, the first of which begins at `begins_s`; independent of each other."""

    expected: Sequence[float]
    interval_s: float
    begins_s: float = 0.0

    def draw(self, chance: np.random.Generator) -> Times:
        counts = chance.poisson(self.expected)
        places = np.repeat(np.arange(len(counts)), counts) + chance.random(counts.sum())
        return np.sort(self.begins_s + places * self.interval_s)


@dataclass(frozen=True)
class Given:
    """Times that are known, as of a recorded day: arrivals, or one duration for each arrival in the order of the arrivals."""

    times_s: Sequence[float]

    def draw(self, chance: np.random.Generator, count: int | None = None) -> Times:
        times_s = np.asarray(self.times_s, dtype=float)
        if count is None:
            return np.sort(times_s)
        if len(times_s) != count:
            raise ValueError(f"{len(times_s)} durations are given for {count} arrivals: give one for each")
        return times_s


@dataclass(frozen=True)
class Exponential:
    """Exponential with this mean."""

    mean_s: float

    def draw(self, chance: np.random.Generator, count: int) -> Times:
        return chance.exponential(self.mean_s, count)


@dataclass(frozen=True)
class Lognormal:
    """Lognormal with this mean; `cv` is the standard deviation over the mean."""

    mean_s: float
    cv: float

    def draw(self, chance: np.random.Generator, count: int) -> Times:
        variance = math.log1p(self.cv**2)
        return chance.lognormal(math.log(self.mean_s) - variance / 2, math.sqrt(variance), count)


@dataclass(frozen=True)
class Always:
    """The same each time; infinite: a caller who never gives up."""

    length_s: float

    def draw(self, chance: np.random.Generator, count: int) -> Times:
        return np.full(count, self.length_s)


ENDLESS = Always(math.inf)


@dataclass(frozen=True)
class Retrials:
    """Of those who gave up, each time this `share` (0 to below 1) calls again, after `delay`."""

    share: float
    delay: Duration

    def __post_init__(self) -> None:
        if not 0 <= self.share < 1:
            raise ValueError(f"the share who call again is {self.share}, but it lies from 0 to below 1")


NO_RETRIALS = Retrials(0.0, ENDLESS)


@dataclass(frozen=True)
class Stream:
    """Callers of one kind: how they come, what they need (`plan`), how urgent they are (`priority` and
    `credit_s`, see `routing.order`).

    `room`: so many of them may wait, any more are blocked; None: no limit. Service level: answered within `answer_within_s`, of all
    but those who gave up within `short_abandon_s`. Who calls again has a new patience and the same handling time. Raises ValueError
    for numbers that can't be.
    """

    name: str
    plan: Plan
    arrivals: Arrivals
    handling: Duration
    patience: Duration = ENDLESS
    priority: int = NORMAL
    retrials: Retrials = NO_RETRIALS
    room: int | None = None
    answer_within_s: float = 20.0
    short_abandon_s: float = 0.0
    credit_s: float = 0.0

    def __post_init__(self) -> None:
        if self.retrials.share and isinstance(self.patience, Given):
            raise ValueError(f"stream {self.name}: patience is given for each call, so nothing is known of those who call again")
        if self.room is not None and self.room < 0:
            raise ValueError(f"stream {self.name}: there is room for {self.room}, but it is for zero or more")


@dataclass(frozen=True)
class Calls:
    """Every call that may come, a row for each: first calls by arrival, then those that come only when their caller gave up before.

    `arrival_s` of the latter is NaN: they come `delay_s` after that. `again` is the row of the caller's next try, -1 when there is
    none; `stream` counts the streams from 0.
    """

    stream: Rows
    arrival_s: Times
    patience_s: Times
    handling_s: Times
    delay_s: Times
    again: Rows

    @property
    def is_first(self) -> NDArray[np.bool_]:
        """Which are first calls."""
        return ~np.isnan(self.arrival_s)


def draw_calls(streams: Sequence[Stream], seed: int, replication: int = 0) -> Calls:
    """The calls of one day. Raises ValueError for no stream, two of one name, a time that is negative or not a number."""
    if not streams:
        raise ValueError("a day needs a stream of callers, even one that brings nobody")
    if len({stream.name for stream in streams}) < len(streams):
        raise ValueError("two streams have the same name: what is drawn for each depends on it")
    drawn = [_draw(stream, number, (seed, replication)) for number, stream in enumerate(streams)]
    bases = np.cumsum([0, *(len(each.stream) for each in drawn)])
    joined = Calls(*(np.concatenate([getattr(each, column.name) for each in drawn]) for column in fields(Calls)))
    again = np.concatenate([np.where(each.again < 0, -1, each.again + base) for each, base in zip(drawn, bases, strict=False)])
    order = np.argsort(joined.arrival_s, kind="stable")  # NaN comes last
    row_of = np.append(np.argsort(order), -1)  # the last is for -1
    rows = Calls(*(getattr(joined, column.name)[order] for column in fields(Calls)))
    return replace(rows, again=row_of[again][order])


def _draw(stream: Stream, number: int, seed: tuple[int, int]) -> Calls:
    def chance(purpose: int) -> np.random.Generator:
        return np.random.default_rng([*seed, purpose, *stream.name.encode()])

    arrival_s = stream.arrivals.draw(chance(0))
    count = len(arrival_s)
    handling_s = stream.handling.draw(chance(1), count)
    patience_s = stream.patience.draw(chance(2), count)
    tries = chance(3).geometric(1 - stream.retrials.share, count) - 1  # how often each would call again
    ends = np.cumsum(tries)
    more = int(tries.sum())
    if more:
        patience_s = np.append(patience_s, stream.patience.draw(chance(4), more))
    again = np.append(np.where(tries > 0, count + ends - tries, -1), np.arange(more) + count + 1)
    again[count + ends[tries > 0] - 1] = -1
    calls = Calls(
        np.full(count + more, number), np.append(arrival_s, np.full(more, np.nan)), patience_s,
        np.append(handling_s, np.repeat(handling_s, tries)),
        np.append(np.zeros(count), stream.retrials.delay.draw(chance(5), more)), again,
    )  # fmt: skip
    for name, times_s in (("arrivals", arrival_s), ("handling", handling_s), ("patience", patience_s), ("delay", calls.delay_s)):
        if not (times_s >= 0).all():
            raise ValueError(f"stream {stream.name}: {name} has times that are negative or not a number")
    return calls
