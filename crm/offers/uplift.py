"""What offering does: shares and amounts of those who were offered something beside the comparison group (core.two_groups)."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.two_groups import Interval, difference, mean_difference, share


@dataclass(frozen=True, slots=True)
class Bought:
    """One customer of a group: whether they accepted the offer, and what they ordered in the measured days."""

    accepted: bool
    revenue_idr: int

    @property
    def any(self) -> bool:
        """Whether they ordered anything."""
        return self.revenue_idr > 0


@dataclass(frozen=True, slots=True)
class Uplift:
    """The two groups beside each other; differences are offered less held out, None where too few were measured.

    `taken` is the share of the offered who accepted, `rates` the shares of each who ordered anything, `revenue_idr` is for
    each customer.
    """

    offered: int
    held_out: int
    taken: Interval | None
    offered_rate: Interval | None
    held_out_rate: Interval | None
    rate: Interval | None
    revenue_idr: Interval | None


def uplift(offered: Sequence[Bought], held_out: Sequence[Bought]) -> Uplift:
    """Compare the two groups."""
    rates = share(sum(each.any for each in offered), len(offered)), share(sum(each.any for each in held_out), len(held_out))
    return Uplift(
        len(offered), len(held_out), share(sum(each.accepted for each in offered), len(offered)), *rates,
        difference(*rates), mean_difference([each.revenue_idr for each in offered], [each.revenue_idr for each in held_out]),
    )  # fmt: skip
