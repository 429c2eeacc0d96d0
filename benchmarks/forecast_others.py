"""Methods of statsforecast, on logarithms of the days' callers. They know of no holidays: these are told to them as usual days."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from workforce.forecast_methods import Past

Run = Callable[[Past, Sequence[date]], list[float]]
_NEAR_DAYS, _WEEK = 42, 7


def _with(make: Callable[[Any], Any]) -> Run:
    def run(past: Past, coming: Sequence[date]) -> list[float]:
        from statsforecast import models

        usual = np.array([usable and not past.calendar.kinds(day) for day, usable in zip(past.days, past.usable, strict=True)])
        filled = past.totals.copy()
        for at in np.flatnonzero(~usual):
            near = [
                other for other in range(max(0, at - _NEAR_DAYS), min(len(usual), at + _NEAR_DAYS))
                if usual[other] and (other - at) % _WEEK == 0
            ]  # fmt: skip
            filled[at] = np.median(past.totals[near])
        expected = np.exp(make(models).forecast(np.log(np.maximum(filled, 1.0)), len(coming))["mean"])
        return [value * _factor(past, filled, day) for day, value in zip(coming, expected.tolist(), strict=True)]

    return run


def _factor(past: Past, filled: np.ndarray[Any, np.dtype[np.float64]], day: date) -> float:
    """What days of the same kinds had over what usual ones would have; held towards 1 where few are known."""
    kinds = past.calendar.kinds(day)
    alike = [at for at, then in enumerate(past.days) if kinds and past.calendar.kinds(then) == kinds and past.usable[at]]
    logs = [float(np.log(max(past.totals[at], 1.0) / filled[at])) for at in alike]
    return float(np.exp(sum(logs) / (len(logs) + 0.5)))


OTHERS: Mapping[str, Run] = {
    "AutoETS": _with(lambda models: models.AutoETS(season_length=_WEEK)),
    "MSTL, week and month": _with(lambda models: models.MSTL(season_length=[_WEEK, 30])),
    "AutoARIMA": _with(
        lambda models: models.AutoARIMA(season_length=_WEEK, max_p=2, max_q=2, max_P=1, max_Q=1, approximation=True)
    ),
}
