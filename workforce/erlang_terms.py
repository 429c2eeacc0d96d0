"""The two ratios that Erlang's formulas are made of, as logarithms, so that nothing over- or underflows.

Both are one term of a Poisson law over a tail of it: over the terms below it is Erlang B, over those above it is what the line of
impatient callers adds. Tails by scipy's incomplete gamma functions; where these underflow, by a series or a continued fraction.
"""

import math

import numpy as np

from workforce.erlang_inputs import Floats

_TINY = 1e-280
_EXACT = 1e-16
_MOST_STEPS = 100_000
_SERIES_FROM = 15.0


def log_poisson(count: Floats, mean: Floats) -> Floats:
    """log of e^-m·m^k / Γ(k+1), also for a k that is not whole; mean above zero.

    By the saddle point: C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000).
    """
    some = np.maximum(count, 1e-300)
    off = (mean - count) / some
    with np.errstate(divide="ignore", over="ignore"):
        deviance = np.where(np.abs(off) < 0.1, off - np.log1p(np.clip(off, -0.5, 0.5)), mean / some - 1 - np.log(mean / some))
    found = -_stirling_error(some) - count * deviance - 0.5 * np.log(2 * math.pi * some)
    return np.where(count > 0, found, -mean)


def log_lost(load_erlang: Floats, agents: Floats) -> Floats:
    """log of Erlang B: the last term of the Poisson law over the sum up to it. Load above zero.

    A. K. Erlang (1917); as an incomplete gamma function: D. L. Jagerman, "Some properties of the Erlang loss function", Bell
    System Technical Journal 53 (1974).
    """
    from scipy.special import gammaincc

    up_to = gammaincc(agents + 1, load_erlang)
    with np.errstate(divide="ignore"):
        found = np.asarray(log_poisson(agents, load_erlang) - np.log(up_to))
    far = up_to < _TINY
    if far.any():
        found[far] = -np.log(_terms_below(load_erlang[far], agents[far]))
    return np.asarray(np.minimum(found, 0.0))


def log_first(places: Floats, comes: Floats) -> Floats:
    """log of 1 / (1 + y/(x+1) + y²/((x+1)(x+2)) + …) for x `places` and y `comes`, both in patiences, y above zero.

    The sum is Palm's A(x, y) = x·e^y·y^-x·γ(x, y): A. Mandelbaum and S. Zeltyn, "Service Engineering in Action: The Palm/Erlang-A
    Queue" (2007), section 3.
    """
    from scipy.special import gammainc

    above = gammainc(places, comes)
    with np.errstate(divide="ignore"):
        found = np.asarray(log_poisson(places, comes) - np.log(above))
    far = (above < _TINY) & (places > 0)
    if far.any():
        found[far] = np.log(_fraction(places[far], comes[far]))
    return np.asarray(np.minimum(found, 0.0))


def _stirling_error(count: Floats) -> Floats:
    from scipy.special import gammaln

    small = np.minimum(count, _SERIES_FROM)
    exact = gammaln(small + 1) - (small + 0.5) * np.log(small) + small - 0.5 * math.log(2 * math.pi)
    large = np.maximum(count, _SERIES_FROM)
    square = large * large
    series = (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * square)) / square) / square) / square) / large
    found: Floats = np.where(count < _SERIES_FROM, exact, series)
    return found


def _terms_below(load_erlang: Floats, agents: Floats) -> Floats:
    """1/B = 1 + N/A + N(N-1)/A² + …, for loads far above the agents."""
    total, term = np.ones_like(load_erlang), np.ones_like(load_erlang)
    for step in range(_MOST_STEPS):
        term = term * np.maximum(agents - step, 0) / load_erlang
        total += term
        if (term <= total * _EXACT).all():
            break
    return total


def _fraction(places: Floats, comes: Floats) -> Floats:
    """1/A(x, y) for y far below x: 1 - (y/(x+1)) / (1 + …), by the continued fraction of γ, DLMF 8.9.1, with Lentz's steps."""
    tiny = 1e-300
    total = places.copy()
    upper, lower = places.copy(), np.zeros_like(places)
    for step in range(1, _MOST_STEPS):
        half = step // 2
        over = half * comes if step % 2 == 0 else -(places + half) * comes
        lower = places + step + over * lower
        upper = places + step + over / upper
        lower = 1 / np.where(lower == 0, tiny, lower)
        upper = np.where(upper == 0, tiny, upper)
        change = upper * lower
        total *= change
        if (np.abs(change - 1) < _EXACT * 10).all():
            break
    return total / places
