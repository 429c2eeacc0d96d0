"""A queue's calls shared out over sites by weight: whose turn is it? Never a whole call away from the weights."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

Rank = tuple[int, Fraction, int]


@dataclass(frozen=True, slots=True)
class Shares:
    """The sites that get a queue's calls, in the order of the policy, each with its weight; a percentage is one, too."""

    queue: str
    weights: tuple[tuple[str, int], ...]


class ShareCount:
    """How many calls each open site has had, counted anew whenever other sites are open than before.

    The quota method: of the sites whose share of this call and all before it is more than they have had, the one which would
    wait for the smallest share of its due, (had + 1) / weight, has its turn. While each site can take its turn, what a site has
    had differs from its share by less than one call. M. L. Balinski and H. P. Young, "The Quota Method of Apportionment",
    American Mathematical Monthly 82 (1975), pp. 701-730.
    """

    def __init__(self, shares: Shares, is_open: Callable[[str], bool]) -> None:
        self._weights, self._is_open = shares.weights, is_open
        self._open: tuple[str, ...] = ()
        self._had: dict[str, int] = {}

    def ranks(self) -> dict[str, Rank]:
        """Each open site's rank for the next call: the least has its turn."""
        self._look()
        calls = sum(self._had.values()) + 1
        total = sum(weight for site, weight in self._weights if site in self._had)
        return {
            site: (int(self._had[site] * total >= weight * calls), Fraction(self._had[site] + 1, weight), number)
            for number, (site, weight) in enumerate(self._weights)
            if site in self._had
        }

    def give(self, site: str) -> None:
        """The site has got a call; one without a share counts for nobody."""
        self._look()
        if site in self._had:
            self._had[site] += 1

    def _look(self) -> None:
        now_open = tuple(site for site, _ in self._weights if self._is_open(site))
        if now_open != self._open:
            self._open, self._had = now_open, dict.fromkeys(now_open, 0)
