"""The fewest agents for a target, by Erlang C or, where callers give up, Erlang A; whole arrays at once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import BadInput
from workforce.erlang_inputs import (
    Counts,
    Floats,
    aht_array,
    load_array,
    patience_array,
    seconds_array,
    share_array,
    together,
)  # fmt: skip
from workforce.erlang_line import Line

_CERTAIN = 1 - 1e-9
_AT_ONCE = 100_000
Meets = Callable[[NDArray[np.int64], Counts], NDArray[np.bool_]]
"""Whether the target holds for these rows with so many agents; with more of them it holds all the more."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to hold, all of it: `service_level` (share 0 to 1) answered within `answer_within_s` of all but those who give up
    within `short_abandon_s`; at most `asa_s` and `abandoned_share`; agents at most so `occupancy`. None: no such target.
    Numbers, or arrays, one for each load."""

    service_level: ArrayLike | None = None
    answer_within_s: ArrayLike = 20.0
    short_abandon_s: ArrayLike = 0.0
    asa_s: ArrayLike | None = None
    abandoned_share: ArrayLike | None = None
    occupancy: ArrayLike | None = None


def agents_for(
    target: Target, load_erlang: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike = np.inf, least: ArrayLike = 0
) -> Counts:
    """The fewest agents for each load, at least `least`; of no load 0. Whether they are enough for every part of the target.

    A service level of 1 is taken as all but one in a thousand million. Raises BadInput, also for a target without any part.
    """
    load, aht, patience, least_agents = (load_array(load_erlang), aht_array(aht_s), patience_array(patience_s), load_array(least))
    parts = _parts(target)
    shape = np.broadcast_shapes(*(each.shape for each in (load, *(one for _, arrays in parts for one in arrays))))
    load, aht, patience, least_agents = together(load, aht, patience, least_agents, np.zeros(shape))[:4]
    rows = [np.ravel(each) for each in (load, aht, patience)]
    needed = np.where(rows[0] > 0, np.ceil(np.ravel(least_agents)), 0).astype(np.int64)
    for measure, arrays in parts:
        bounds = [np.ravel(np.broadcast_to(each, load.shape)) for each in arrays]
        for begin in range(0, len(needed), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            found = _fewest_for(measure, [each[part] for each in rows], [each[part] for each in bounds], needed[part])
            needed[part] = np.maximum(needed[part], found)
    return needed.reshape(load.shape)


def fewest(meets: Meets, guess: Counts, least: Counts) -> Counts:
    """The least numbers, from `least` on, with which `meets` holds for each row; asked near `guess` first, in doubling steps."""
    rows = np.arange(len(guess))
    low, high = least - 1, np.full(len(guess), -1)  # low: known or taken not to be enough; high: known to be enough
    at, step = np.maximum(guess, least), np.ones(len(guess), dtype=np.int64)
    while len(rows):
        enough = meets(rows, at[rows])
        high[rows[enough]], low[rows[~enough]] = at[rows[enough]], at[rows[~enough]]
        rows = rows[(high[rows] < 0) | (high[rows] - low[rows] > 1)]
        down = rows[(high[rows] >= 0) & (at[rows] == high[rows]) & (low[rows] == least[rows] - 1)]
        up, both = rows[high[rows] < 0], rows[(high[rows] >= 0) & (low[rows] >= least[rows])]
        at[up] = low[up] + step[up]
        at[down] = np.maximum(high[down] - step[down], least[down])
        at[both] = (low[both] + high[both]) // 2
        step[rows] *= 2
    return high


_Measure = Callable[[Line, list[Floats]], NDArray[np.bool_]]


def _parts(target: Target) -> list[tuple[_Measure, list[Floats]]]:
    found: list[tuple[_Measure, list[Floats]]] = []
    if target.service_level is not None:
        level = np.minimum(share_array("service level", target.service_level), _CERTAIN)
        times = (seconds_array("answer within", target.answer_within_s), seconds_array("short abandon", target.short_abandon_s))
        found.append((lambda line, own: line.service_level(own[1], own[2]) >= own[0], [level, *times]))
    if target.abandoned_share is not None:
        share = share_array("abandoned share", target.abandoned_share, above_zero=True)
        found.append((lambda line, own: line.abandoned_share <= own[0], [share]))
    if target.occupancy is not None:
        cap = share_array("occupancy", target.occupancy, above_zero=True)
        found.append((lambda line, own: line.occupancy <= own[0], [cap]))
    if target.asa_s is not None:
        asa_s = seconds_array("ASA", target.asa_s)
        if (asa_s == 0).any():
            raise BadInput("ASA: no number of agents answers everybody at once.", "Give a target above zero.")
        found.append((lambda line, own: line.asa_s <= own[0], [asa_s]))
    if not found:
        raise BadInput("There is no target.", "Give a service level, an ASA, a share that may give up, or an occupancy.")
    return found


def _fewest_for(measure: _Measure, rows: list[Floats], bounds: list[Floats], least: Counts) -> Counts:
    load, aht, patience = rows
    some = np.flatnonzero(load > 0)
    found = np.zeros(len(load), dtype=np.int64)

    def meets(chosen: NDArray[np.int64], agents: Counts) -> NDArray[np.bool_]:
        at = some[chosen]
        return measure(Line(load[at], agents.astype(float), aht[at], patience[at]), [each[at] for each in bounds])

    guess = np.ceil(load + 0.5 * np.sqrt(load)).astype(np.int64)
    found[some] = fewest(meets, guess[some], np.maximum(least[some], 0))
    return found
