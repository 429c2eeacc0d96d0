"""Through the day: what is still to come, seen from what came so far."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workforce.day_history import Floats

_DOUBT_CALLERS = 200.0


@dataclass(frozen=True, slots=True)
class Reforecast:
    """`callers` by interval: what came where it is over, else the forecast × `factor`. `so_far` came over what was expected."""

    callers: Sequence[float]
    factor: float
    so_far: float


def goes_on(expected: Floats, came: Floats) -> tuple[float, ...]:
    """How much of what the first k intervals were off goes on for the rest of the day, for k from 0 on; 0 none, 1 all of it.

    `expected` and `came` are days × intervals, of forecasts held against what came. With a = came / expected of the first k, r came
    and e expected of the rest: the z that makes z·(a - 1)·e nearest to r - e, each day weighted by 1/e (least squares, as H. Shen
    and J. Z. Huang, "Interday Forecasting and Intraday Updating of Call Center Arrivals", M&SOM 10, 2008, update within the day),
    held towards 0 where few callers speak for it.
    """
    some = ~np.isnan(came).any(axis=1) & (expected.sum(axis=1) > 0)
    before = np.concatenate([np.zeros((int(some.sum()), 1)), expected[some].cumsum(axis=1)], axis=1)
    there = np.concatenate([np.zeros((int(some.sum()), 1)), came[some].cumsum(axis=1)], axis=1)
    rest, rest_came = before[:, -1:] - before, there[:, -1:] - there
    off = np.where(before > 0, there / np.maximum(before, 1e-9) - 1, 0.0)
    off = np.where(before >= 1, off, 0.0)
    top = (off * (rest_came - rest)).sum(axis=0)
    bottom = (off**2 * rest).sum(axis=0)
    doubt = _DOUBT_CALLERS * (off**2).mean(axis=0) if len(off) else np.zeros(before.shape[1])
    found = np.where(bottom > 0, top / np.maximum(bottom + doubt, 1e-9), 0.0)
    return tuple(float(each) for each in np.clip(found, 0.0, 1.0))


def reforecast(expected: Sequence[float], came: Sequence[float], shares: Sequence[float]) -> Reforecast:
    """A day of which the first intervals are over; `came` has those. `shares` are those of `goes_on`; () for none known."""
    over = len(came)
    so_far = sum(came) / sum(expected[:over]) if sum(expected[:over]) > 0 else 1.0
    share = shares[over] if over < len(shares) and sum(expected[:over]) >= 1 else 0.0
    factor = 1 + share * (so_far - 1)
    return Reforecast([*came, *(factor * each for each in expected[over:])], factor, so_far)
