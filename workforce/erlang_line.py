"""How a line of callers fares with a number of agents: Erlang C, or Erlang A where callers give up; whole arrays at once.

M/M/c: callers come by chance, are handled for an exponential time, and wait in one line. With a mean patience it is M/M/c+M.
Sources: C. Palm, "Research on Telephone Traffic Carried by Full Availability Groups" (1957); A. Mandelbaum and S. Zeltyn, "Service
Engineering in Action: The Palm/Erlang-A Queue" (2007), section 3; R. B. Cooper, "Introduction to Queueing Theory", 2nd ed. (1981),
section 3.5. Shares are right to 1e-8.
With V the wait that an endlessly patient caller would have, x = N·patience/AHT, y = load·patience/AHT and P the regularised lower
incomplete gamma function: P(V > t | V > 0) = P(x, y·e^(-t/patience)) / P(x, y), and of all who wait the share that is answered
after more than t is (x/y)·P(x+1, y·e^(-t/patience)) / P(x, y).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workforce.erlang_inputs import (
    Floats,
    agents_array,
    aht_array,
    load_array,
    patience_array,
    seconds_array,
    together,
)  # fmt: skip
from workforce.erlang_terms import log_first, log_lost

_NODES = 48
_LEAST_LOAD = 1e-12
_NEGLIGIBLE = 40.0  # e^-40 of those who wait still wait


@dataclass(frozen=True, eq=False)
class Line:
    """Arrays of one shape: loads in erlangs, agents, AHT and mean patience in seconds (infinite: nobody gives up)."""

    load_erlang: Floats
    agents: Floats
    aht_s: Floats
    patience_s: Floats

    @cached_property
    def wait_share(self) -> Floats:
        """Of all callers, those who do not find a free agent. Of no load: 0."""
        lost = np.exp(log_lost(np.maximum(self.load_erlang, _LEAST_LOAD), self.agents))
        endless = np.maximum(1 - self.load_erlang / np.maximum(self.agents, 1e-9), 0)
        first = endless if self._patient.all() else np.where(self._patient, endless, np.exp(self._log_first))
        with np.errstate(invalid="ignore", divide="ignore"):
            waits = lost / (lost + first * (1 - lost))
        return np.where(self.load_erlang == 0, 0.0, np.where(self.agents == 0, 1.0, waits))

    @property
    def abandoned_share(self) -> Floats:
        """Of all callers, those who give up."""
        return self.wait_share * self._gives_up

    @property
    def mean_wait_s(self) -> Floats:
        """Mean queue time of all callers, until the answer or until they give up; infinite where the line grows for ever."""
        with np.errstate(divide="ignore", invalid="ignore"):
            endless = np.where(self._free > 0, self.wait_share * self.aht_s / self._free, np.inf)
            found = np.where(self._patient, endless, self.abandoned_share * self.patience_s)
        return np.where(self.load_erlang == 0, 0.0, found)

    @property
    def asa_s(self) -> Floats:
        """Mean queue time of those who are answered; without any it is infinite."""
        found = self.mean_wait_s.copy()
        some = ~self._patient & (self.load_erlang > 0)
        if some.any():
            line = Line(*(each[some] for each in (self.load_erlang, self.agents, self.aht_s, self.patience_s)))
            answered = 1 - line.abandoned_share
            with np.errstate(divide="ignore", invalid="ignore"):
                found[some] = np.where(answered > 0, line.wait_share * line._answered_wait_s() / answered, np.inf)
        return found

    @property
    def occupancy(self) -> Floats:
        """How much of their time agents handle: load that is answered / agents; 1 without agents."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.load_erlang * (1 - self.abandoned_share) / self.agents
        return np.where(self.agents == 0, 1.0, np.minimum(found, 1.0))

    def answered_within(self, seconds: ArrayLike) -> Floats:
        """Of all callers, those answered within so long."""
        at_s = self._seconds(seconds)
        later = self._answered_later(at_s)
        return np.clip(1 - self.wait_share * (self._gives_up + later), 0.0, 1.0)

    def abandoned_within(self, seconds: ArrayLike) -> Floats:
        """Of all callers, those who give up within so long."""
        at_s = self._seconds(seconds)
        with np.errstate(invalid="ignore"):
            stays = self._longer(at_s) * np.exp(-at_s / self.patience_s)
        found = self.wait_share * (self._gives_up + self._answered_later(at_s) - stays)
        return np.where(self._patient, 0.0, np.clip(found, 0.0, 1.0))

    def service_level(self, answer_within_s: ArrayLike, short_abandon_s: ArrayLike = 0.0) -> Floats:
        """Answered within T / (offered - those who give up within `short_abandon_s`), 0 to 1."""
        in_time = self.answered_within(answer_within_s)
        if not np.any(short_abandon_s) or self._patient.all():
            return in_time
        short = self.abandoned_within(short_abandon_s)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = in_time / (1 - short)
        return np.where(short >= 1, 0.0, np.minimum(found, 1.0))

    # ---- of those who wait ----------------------------------------------------------------------------------------

    @cached_property
    def _patient(self) -> NDArray[np.bool_]:
        return np.isinf(self.patience_s)

    @property
    def _free(self) -> Floats:
        return self.agents - self.load_erlang

    @cached_property
    def _places(self) -> Floats:
        return self.agents * np.where(self._patient, 1.0, self.patience_s) / self.aht_s

    @cached_property
    def _comes(self) -> Floats:
        return np.maximum(self.load_erlang, _LEAST_LOAD) * np.where(self._patient, 1.0, self.patience_s) / self.aht_s

    @cached_property
    def _log_first(self) -> Floats:
        return log_first(self._places, self._comes)

    @cached_property
    def _gives_up(self) -> Floats:
        """The share who give up, of those who wait."""
        if self._patient.all():
            return np.zeros_like(self.load_erlang)
        found = 1 + self._places / self._comes * np.expm1(self._log_first)
        return np.where(self._patient, 0.0, np.clip(found, 0.0, 1.0))

    def _left(self, at_s: Floats) -> tuple[Floats, Floats]:
        """log P(V > t | V > 0), and log_first at x and y·e^(-t/patience)."""
        places, comes, gone = self._places, self._comes, at_s / np.where(self._patient, 1.0, self.patience_s)
        first = log_first(places, np.maximum(comes * np.exp(-gone), 1e-300))
        log_share = -places * gone - comes * np.expm1(-gone) + self._log_first - first
        return np.minimum(log_share, 0.0), first

    def _longer(self, at_s: Floats) -> Floats:
        with np.errstate(over="ignore", invalid="ignore"):
            endless = np.where(self._free > 0, np.exp(-np.maximum(self._free, 0) * at_s / self.aht_s), 1.0)
        if self._patient.all():
            return endless
        return np.where(self._patient, endless, np.exp(self._left(at_s)[0]))

    def _answered_later(self, at_s: Floats) -> Floats:
        """Of those who wait, the share that is answered after more than `at_s`."""
        endless = self._longer(at_s) if self._patient.any() else np.zeros_like(at_s)
        if self._patient.all():
            return endless
        log_share, first = self._left(at_s)
        found = self._places / self._comes * np.exp(log_share) * -np.expm1(first)
        return np.where(self._patient, endless, np.clip(found, 0.0, 1.0))

    def _answered_wait_s(self) -> Floats:
        """Of those who wait: their wait in all where they are answered, per caller who waits. ∫ P(answered after t) dt by Gauss and
        Legendre's rule, over the stretch in which that share falls."""
        places, comes = self._places, self._comes
        begins = np.log(np.maximum(comes / (places + 1 + 9 * np.sqrt(places + 1)), 1.0))
        lowest = np.log(np.maximum(comes / np.maximum(places, 1e-12), 1.0))
        floor = places * lowest + comes * np.expm1(-lowest)
        ends = lowest + _NEGLIGIBLE / np.maximum(places, 1e-12) + np.sqrt(2 * _NEGLIGIBLE / np.maximum(places, 1e-12))
        for _ in range(40):  # Newton's steps come from above, as the exponent is convex
            slope = places - comes * np.exp(-ends)
            over = places * ends + comes * np.expm1(-ends) - floor - _NEGLIGIBLE
            ends = np.where(slope > 0, np.maximum(ends - over / np.where(slope > 0, slope, 1), lowest), ends)
        nodes, weights = np.polynomial.legendre.leggauss(_NODES)
        total: Floats = begins * self._answered_later(np.zeros_like(places))
        for node, weight in zip(nodes, weights, strict=True):
            at = begins + (ends - begins) * (node + 1) / 2
            total = total + weight * (ends - begins) / 2 * self._answered_later(at * self.patience_s)
        return np.asarray(total * self.patience_s)

    def _seconds(self, seconds: ArrayLike) -> Floats:
        return np.broadcast_to(seconds_array("time", seconds), self.load_erlang.shape)


def line_of(
    load_erlang: ArrayLike, agents: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike = np.inf
) -> Line:  # fmt: skip
    """The line of these loads, agents and times: one of each, or arrays of one shape. Raises BadInput.

    Without a patience nobody gives up (Erlang C). For lines without a place to wait see `blocked`.
    """
    return Line(*together(load_array(load_erlang), agents_array(agents), aht_array(aht_s), patience_array(patience_s)))


def blocked(load_erlang: ArrayLike, agents: ArrayLike) -> Floats:
    """Erlang B: the share that is lost where nobody may wait; 0 of no load. Raises BadInput."""
    load, staff = together(load_array(load_erlang), agents_array(agents))
    found = np.exp(log_lost(np.maximum(load, _LEAST_LOAD), staff))
    return np.where(load > 0, found, 0.0)
