"""Which sites a caller's circle reaches after how long a wait, the ones liked best first; and the plans that come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.regions import all_regions
from routing.distance import great_circle_km
from routing.plans import ELSEWHERE, Circle, Plan, Ring
from routing.shares import Shares
from routing.site_form import Site, SitesRule

NEAR_STEP_KM = 50.0  # one town and what lies around it


@dataclass(frozen=True, slots=True)
class SiteStep:
    """From `after_s` of waiting on these sites are asked, too; all of one step are liked alike."""

    after_s: float
    sites: tuple[str, ...]


def distance_km(site: Site, region: str) -> float | None:
    """How far a site is from a region, in km; None when nobody knows where that is."""
    place = all_regions().by_code.get(region)
    if place is None:
        return None
    return great_circle_km(place.latitude, place.longitude, site.where.latitude, site.where.longitude)


def site_steps(rule: SitesRule, sites: Sequence[Site], language: str, region: str) -> tuple[SiteStep, ...]:
    """The steps of a caller of this language from this region ("": they may be anywhere), in the order in which they are asked.

    Sites that are equally near, in steps of NEAR_STEP_KM, are asked by their cost, and together where that is the same. Sites that
    do not speak the language, or have no share, come with everybody else, after `any_after_s`, and agents who are at no site last.
    """
    distances = {site.name: distance_km(site, region) or 0.0 for site in sites}
    nearest_km = min((distances[site.name] for site in sites if site.speaks(language)), default=0.0)
    groups: dict[tuple[float, bool, int, float], list[str]] = {}
    for site in sites:
        within = site.speaks(language) and (not rule.share or site.name in rule.share)
        after_s = _after_s(rule, distances[site.name], nearest_km) if within else rule.any_after_s
        tier = (0, 0.0) if rule.share and within else (_near(distances[site.name]), site.cost)
        groups.setdefault((after_s, not within, *tier), []).append(site.name)
    steps = [SiteStep(key[0], tuple(names)) for key, names in sorted(groups.items())]
    return (*steps, SiteStep(rule.any_after_s, (ELSEWHERE,)))


def plan_at_sites(asked: Plan, steps: Sequence[SiteStep], shares: Shares | None = None) -> Plan:
    """The plan of who may serve a caller, wherever they are, at the sites of these steps.

    Each `wider` plan has the first step that is still to come begin at once.
    """
    tiers = tuple((site, number) for number, step in enumerate(steps) for site in step.sites)
    wider: Plan | None = None
    at_first = sum(step.after_s == 0 for step in steps)
    for begun in range(len(steps), max(1, at_first) - 1, -1):
        wider = Plan(_rings(asked, steps, begun), asked.choice, tiers, shares, wider)
    assert wider is not None, "there always is the step for agents at no site"
    return wider


def shares_of(queue: str, rule: SitesRule, sites: Sequence[Site], language: str) -> Shares | None:
    """The sites that share the queue's calls of this language, in the order of the policy; None: they are not shared out."""
    weights = {site.name: rule.share[site.name] for site in sites if site.name in rule.share and site.speaks(language)}
    return Shares(queue, tuple(weights.items())) if weights else None


def _near(distance_km: float) -> int:
    return int(distance_km // NEAR_STEP_KM)


def _after_s(rule: SitesRule, distance_km: float, nearest_km: float) -> float:
    if rule.share or distance_km <= (rule.near_km or 0.0) or _near(distance_km) == _near(nearest_km):
        return 0.0
    return next((ring.after_s for ring in rule.widen if distance_km <= ring.km), rule.any_after_s)


def _rings(asked: Plan, steps: Sequence[SiteStep], begun: int) -> tuple[Ring, ...]:
    """The rings when the first `begun` steps hold from the beginning."""
    begins_s: Mapping[str, float] = {
        site: 0.0 if number < begun else step.after_s for number, step in enumerate(steps) for site in step.sites
    }
    starts = sorted({0.0, *(ring.after_s for ring in asked.rings), *begins_s.values()})
    return tuple(
        Ring(start_s, tuple(
            Circle(circle.needs, site)
            for circle in asked.circles_at(asked.ring_at(start_s))
            for site, from_s in begins_s.items()
            if from_s <= start_s
        ))
        for start_s in starts
    )  # fmt: skip
