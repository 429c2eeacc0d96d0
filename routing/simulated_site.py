"""A site of a simulated day: its limits, and when it is open."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.shifts import Period
from routing.site_form import Site
from routing.site_limits import SiteLimits

_LONGEST = timedelta(days=3)  # who came on the day has been served or has given up by then


@dataclass(frozen=True, slots=True)
class SimulatedSite:
    """`periods` are when it is open, in seconds of the day, in order."""

    limits: SiteLimits
    periods: Sequence[Period] = ((0.0, math.inf),)


def simulated_sites(sites: Iterable[Site], start: datetime) -> tuple[SimulatedSite, ...]:
    """The sites of a policy on the day that begins at the aware `start`."""
    return tuple(SimulatedSite(site.limits, tuple(_periods(site, start))) for site in sites)


def _periods(site: Site, start: datetime) -> Iterable[Period]:
    moment, end = start, start + _LONGEST
    while moment < end:
        change = site.opening.next_change(moment)
        if site.opening.is_open(moment):
            yield (moment - start).total_seconds(), (change - start).total_seconds() if change is not None else math.inf
        if change is None:
            return
        moment = change
