"""Why a caller went to this site: for the record, and for people."""

from collections.abc import Callable
from enum import StrEnum

from routing.asked_first import AskedAs
from routing.place import Place
from routing.plans import ELSEWHERE, THEIRS, Circle
from routing.policy import Policy
from routing.site_limits import Passed
from routing.site_steps import distance_km


class SiteReason(StrEnum):
    """Why this site and no other."""

    NEAREST = "nearest"  # no site is nearer, or as near and cheaper
    PASSED = "passed"  # each nearer one could not have them
    ANYWHERE = "anywhere"  # nobody knows where the caller is
    SHARE = "share"  # it was the site's turn
    LAST_AGENT = "last_agent"  # the caller's last agent is there
    HANDED_OVER = "handed_over"  # to whom they were handed over is there
    NAMED_AGENT = "named_agent"  # the customer's own agent is there


def why_site(
    policy: Policy, place: Place, circle: Circle, asked_as: AskedAs | None, why_passed: Callable[[Circle, str], Passed]
) -> dict[str, object]:  # fmt: skip
    """The site of the circle in which the agent was found, how far it is, and which better ones were passed by, each with its
    reason; nothing where the queue does not heed sites."""
    rule, plan = policy.queue_or_fallback(place.queue).sites, policy.plan_of(place)
    if rule is None or not plan.tiers:
        return {}
    if circle.site == THEIRS:
        return {"site_reason": SiteReason(asked_as or AskedAs.LAST).value}
    tiers, region = dict(plan.tiers), policy.region_of(place)
    better = [site for site, tier in tiers.items() if tier < tiers[circle.site]]
    passed = {site: why_passed(circle, site).value for site in better}
    if plan.shares is not None:
        reason, passed = SiteReason.SHARE, {}
    elif better:
        reason = SiteReason.PASSED
    else:
        reason = SiteReason.NEAREST if region else SiteReason.ANYWHERE
    site = policy.site(circle.site)
    km = distance_km(site, region) if site is not None else None
    return {
        "site": circle.site if circle.site != ELSEWHERE else "", "site_reason": reason.value, "region": region,
        "distance_km": round(km) if km is not None else None, "sites_passed": passed,
    }  # fmt: skip
