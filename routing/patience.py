"""How long callers would have waited: from those who gave up, and from those who were answered before they could."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter


class PatienceCurve:
    """The share of callers who still wait after so long, by the product-limit estimator.

    Kaplan and Meier, "Nonparametric Estimation from Incomplete Observations", JASA 53, 1958. Who was answered after a wait is
    known to have been patient for that long, and nothing more.
    """

    def __init__(self, waits: Sequence[tuple[float, bool]]) -> None:
        """`waits`: seconds, and whether the caller gave up then (else: was answered)."""
        self._moments_s: list[float] = []
        self._shares: list[float] = []
        left, share = len(waits), 1.0
        for moment_s, together in groupby(sorted(waits), key=itemgetter(0)):
            here = [gave_up for _, gave_up in together]
            if any(here):
                share *= 1 - sum(here) / left
                self._moments_s.append(moment_s)
                self._shares.append(share)
            left -= len(here)

    def share_after(self, waited_s: float) -> float:
        """The share who are still there after so long a wait, 0 to 1."""
        place = bisect_right(self._moments_s, waited_s)
        return self._shares[place - 1] if place else 1.0

    def beyond(self, waited_s: float, chance: float) -> float:
        """How long somebody who is known to have waited so long would have waited in all; `chance` is evenly drawn from [0, 1).

        Infinite where nobody who waited longer gave up.
        """
        wanted = self.share_after(waited_s) * (1 - chance)
        for place in range(bisect_right(self._moments_s, waited_s), len(self._moments_s)):
            if self._shares[place] < wanted or math.isclose(self._shares[place], wanted):
                return self._moments_s[place]
        return math.inf
