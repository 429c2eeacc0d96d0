"""Student's t for whole degrees of freedom, exactly: how wide a confidence interval of a few replications is."""

import math


def t_factor(confidence: float, degrees: int) -> float:
    """t for which |T| stays below it with probability `confidence` (between 0 and 1). Raises ValueError out of range.

    Found by halving the angle atan(t / sqrt(degrees)), in which the probability is a finite sum: M. Abramowitz and I. A. Stegun,
    "Handbook of Mathematical Functions" (1964), 26.7.3 and 26.7.4.
    """
    if not 0 < confidence < 1 or degrees < 1:
        raise ValueError(f"confidence {confidence} must lie between 0 and 1, and degrees of freedom {degrees} be one or more")
    low, high = 0.0, math.pi / 2
    while True:
        angle = (low + high) / 2
        if angle in (low, high):
            return math.sqrt(degrees) * math.tan(angle)
        low, high = (angle, high) if _within(angle, degrees) < confidence else (low, angle)


def _within(angle: float, degrees: int) -> float:
    cosine = math.cos(angle)
    odd = degrees % 2
    term = total = (cosine if odd else 1.0) * math.sin(angle)
    if degrees == 1:
        return angle * 2 / math.pi
    for step in range(2 + odd, degrees - 1 + odd, 2):
        term *= cosine * cosine * (step - 1) / step
        total += term
    return (angle + total) * 2 / math.pi if odd else total
