"""How a caller's circle of agents widens with the wait: rings, one after the other, each over the ones before."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from routing.balance import LONGEST_IDLE, Choice
from routing.needs import Needs, Proficiencies
from routing.shares import Shares

ANYWHERE = ""
ELSEWHERE = "-"  # where agents are who are at no site of the policy
THEIRS = "*"  # of one agent: wherever they are, while their site gets calls


@dataclass(frozen=True, slots=True)
class Circle:
    """Agents who meet `needs` at one site; ANYWHERE: at any. With `agent` it is that one alone, at their own site or ANYWHERE."""

    needs: Needs
    site: str = ANYWHERE
    agent: str = ""

    def holds(self, agent_id: str, proficiencies: Proficiencies, site: str = ANYWHERE) -> bool:
        """Whether an agent who can do this, at this site, is in it."""
        return self.agent in ("", agent_id) and self.site in (ANYWHERE, THEIRS, site) and self.needs.met_by(proficiencies)


@dataclass(frozen=True, slots=True)
class Ring:
    """From `after_s` of waiting on, these circles count too, the one that is liked best first."""

    after_s: float
    circles: tuple[Circle, ...]


@dataclass(frozen=True)
class Plan:
    """The rings of one kind of caller, and how one of several able agents is chosen.

    A ring adds agents and never takes any away, so whoever could serve a caller still can after a longer wait. Raises ValueError
    unless the first ring holds from 0 on and each later one later.

    Of its circles at several sites those of a smaller number in `tiers` are liked better; where that is the same, all are one. With
    `shares` it is the site whose turn it is. `wider` holds at once when nobody should wait for the sites of a ring alone: the same
    rings, but for sites that come sooner.
    """

    rings: tuple[Ring, ...]
    choice: Choice = LONGEST_IDLE
    tiers: tuple[tuple[str, int], ...] = ()
    shares: Shares | None = None
    wider: "Plan | None" = None

    def __post_init__(self) -> None:
        starts = [ring.after_s for ring in self.rings]
        if not starts or starts[0] != 0 or any(later <= sooner for sooner, later in pairwise(starts)):
            raise ValueError(f"rings begin at {starts} seconds: the first must begin at 0, and each one later than the one before")

    def circles_at(self, ring: int) -> tuple[Circle, ...]:
        """All circles of this ring and those before it, the best first."""
        return tuple(dict.fromkeys(circle for each in self.rings[: ring + 1] for circle in each.circles))

    def ranks_at(self, ring: int) -> list[tuple[int, int]]:
        """How well each of `circles_at` is liked, the least best: those of one rank are one circle over several sites."""
        circles, tiers = self.circles_at(ring), dict(self.tiers)
        firsts: dict[Needs, int] = {}
        for number, circle in enumerate(circles):
            firsts.setdefault(circle.needs, number)
        return [
            (firsts[circle.needs], tiers[circle.site]) if circle.site in tiers else (number, 0)
            for number, circle in enumerate(circles)
        ]

    def ring_at(self, waited_s: float) -> int:
        """Which ring holds after so long a wait."""
        return bisect_right(self.later_starts_s, waited_s)

    def next_ring_s(self, ring: int) -> float | None:
        """After how long a wait the ring after this one holds; None when it is the last."""
        return self.rings[ring + 1].after_s if ring + 1 < len(self.rings) else None

    @cached_property
    def later_starts_s(self) -> tuple[float, ...]:
        """After how long a wait each ring but the first begins."""
        return tuple(ring.after_s for ring in self.rings[1:])


def asked_skills(plans: Iterable[Plan]) -> frozenset[str]:
    """The skills that any caller of these plans may need, where one of them keeps the scarce ones free; else none."""
    all_plans = list(plans)
    if not any(plan.choice.keep_scarce_free for plan in all_plans):
        return frozenset()
    return frozenset().union(*(circle.needs.skills() for plan in all_plans for circle in plan.rings[0].circles))
