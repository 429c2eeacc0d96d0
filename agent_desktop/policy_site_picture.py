"""The sites of a policy as cards: where, open now or when again by their own clock, who is there, what they take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_time, get_timezone_location

from agent_desktop.hours_view import moment_there
from agent_desktop.texts import _
from routing.agents import Profile
from routing.plans import ELSEWHERE
from routing.policy import Policy
from routing.site_form import Site


@dataclass(frozen=True, slots=True)
class SiteCard:
    """One site now. `change`: when that is over, on the site's own clock, which shows `time` in `zone` (a city). Of its `agents` on
    record `here` are logged in."""

    site: Site
    is_open: bool
    change: str
    time: str
    zone: str
    agents: int
    here: int

    @property
    def takes_calls(self) -> bool:
        """Whether its agents get calls now, as far as its hours go."""
        return self.is_open or self.site.limits.takes_when_closed


@dataclass(frozen=True, slots=True)
class SitesPicture:
    """Every site, and how many agents, some of them logged in, are at none of them."""

    cards: tuple[SiteCard, ...]
    elsewhere: int
    elsewhere_here: int


def draw_sites(policy: Policy, agents: Mapping[str, Profile], here: frozenset[str], now: datetime, language: str) -> SitesPicture:
    """The sites at the aware moment `now`, with these agents by id, those in `here` logged in."""
    there: dict[str, list[str]] = {}
    for agent_id, profile in agents.items():
        there.setdefault(policy.site_of_agent(profile.site), []).append(agent_id)

    def counts(where: str) -> tuple[int, int]:
        found = there.get(where, [])
        return len(found), len(here.intersection(found))

    cards = tuple(_card(site, now, language, *counts(site.name)) for site in policy.sites)
    return SitesPicture(cards, *counts(ELSEWHERE))


def _card(site: Site, now: datetime, language: str, agents: int, here: int) -> SiteCard:
    opening, local = site.opening, now.astimezone(site.time_zone)
    is_open, edge = opening.is_open(now), opening.next_change(now)
    if edge is None:
        change = _("around the clock") if is_open else _("closed for ever")
    else:
        time = moment_there(edge, local, language)
        change = _("until %(time)s", time=time) if is_open else _("opens %(time)s", time=time)
    zone = get_timezone_location(site.time_zone, locale=language, return_city=True)
    return SiteCard(site, is_open, change, str(format_time(local, "HH:mm", locale=language)), zone, agents, here)
