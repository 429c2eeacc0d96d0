"""What Erlang's formulas are given: arrays of one shape, or a clear word on what is wrong."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import BadInput

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
MOST_ERLANG = 1e6


def load_array(load_erlang: ArrayLike) -> Floats:
    """Loads in erlangs, zero or more. Raises BadInput."""
    return _array("load", load_erlang, "erlangs", most=MOST_ERLANG)


def agents_array(agents: ArrayLike) -> Floats:
    """Numbers of agents, whole, zero or more. Raises BadInput."""
    found = _array("agents", agents, "", most=10 * MOST_ERLANG)
    if (found != np.floor(found)).any():
        raise BadInput(f"agents: {_first(found, found != np.floor(found))} is no whole number.", "Give whole agents.")
    return found


def aht_array(aht_s: ArrayLike) -> Floats:
    """Handling times in seconds, above zero. Raises BadInput."""
    return _array("handling time", aht_s, "seconds", above_zero=True)


def patience_array(patience_s: ArrayLike) -> Floats:
    """Mean patience in seconds, above zero; infinite: nobody gives up. Raises BadInput."""
    return _array("patience", patience_s, "seconds", above_zero=True, most=math.inf)


def seconds_array(name: str, seconds: ArrayLike) -> Floats:
    """Seconds, zero or more. Raises BadInput that names them."""
    return _array(name, seconds, "seconds")


def share_array(name: str, share: ArrayLike, above_zero: bool = False) -> Floats:
    """Shares from 0 to 1. Raises BadInput that names them."""
    return _array(name, share, "as a share", above_zero, 1.0, "Write 80 % as 0.8.")


def together(*arrays: Floats) -> tuple[Floats, ...]:
    """All of one shape. Raises BadInput where they do not fit each other."""
    try:
        return tuple(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = ", ".join(str(each.shape) for each in arrays)
        raise BadInput(f"These numbers do not go together: they are {shapes}.", "Give one for each, or one for all.") from None


def _array(
    name: str, given: Any, unit: str, above_zero: bool = False, most: float = 1e9, step: str = "Correct this number."
) -> Floats:
    try:
        found = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise BadInput(f"{name}: {given!r} is no number.", step) from None
    if found.size == 0:
        raise BadInput(f"{name}: there is no number.", "Give at least one.")
    for wrong, why in (
        (np.isnan(found), "is no number"),
        (found < 0, "is below zero"),
        ((found == 0) & above_zero, "must be above zero"),
        (found > most, f"is above {most:g}"),
    ):
        if wrong.any():
            raise BadInput(" ".join(f"{name}: {_first(found, wrong)} {unit} {why}.".split()), step)
    return found


def _first(found: Floats, wrong: NDArray[np.bool_]) -> str:
    return f"{found[wrong].flat[0]:g}"
