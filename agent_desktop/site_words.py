"""Where a caller was and why they went to that site, in words."""

from collections.abc import Mapping
from typing import Any

from agent_desktop.flow_names import site_name
from agent_desktop.texts import _, ngettext
from crm.regions import Confidence, all_regions
from routing.place import Place
from routing.site_limits import Passed
from routing.site_story import SiteReason
from routing.wait_story import Elsewhere


def whereabouts_sentence(place: Place) -> str:
    """Where the caller was, and how that is known; "" when nobody knows."""
    region = all_regions().by_code.get(place.region)
    name = region.name if region is not None else place.region
    match place.confidence:
        case Confidence.HIGH:
            return _("They are in %(region)s, by their address or postcode.", region=name)
        case Confidence.MEDIUM:
            return _("They called from a landline in %(region)s.", region=name)
        case _other:
            return ""


def sites_sentence(sites: tuple[str, ...], after: str) -> str:
    """Which sites were asked from then on; `after` is "" for from the beginning."""
    names = ", ".join(site_name(site) for site in sites)
    if not after:
        return _("At first these sites were asked, the one liked best first: %(sites)s.", sites=names)
    return _("After %(wait)s these were: %(sites)s.", wait=after, sites=names)


def why_site_sentence(because: Mapping[str, Any], agent: str) -> str:
    """Why the agent's site and no other; "" where the queue heeds no sites."""
    if "site_reason" not in because:
        return ""
    site = site_name(str(because.get("site") or "")) or _("no site")
    km = because.get("distance_km")
    where = _("%(agent)s is in %(site)s, %(km)s km away", agent=agent, site=site, km=km) if km is not None else _(
        "%(agent)s is in %(site)s", agent=agent, site=site
    )  # fmt: skip
    match because["site_reason"]:
        case SiteReason.NEAREST:
            return _("%(where)s: no open site is nearer.", where=where)
        case SiteReason.SHARE:
            return _("%(where)s: the queue shares out its calls over the sites, and it was this one's turn.", where=where)
        case SiteReason.PASSED:
            return _("%(where)s. Sites liked better could not have them: %(sites)s.", where=where, sites=_passed(because))
        case SiteReason.ANYWHERE:
            return _("%(where)s. It is not known where they called from, so any site would do.", where=where)
        case SiteReason.HANDED_OVER:
            return _("They were handed over to %(agent)s, wherever that is.", agent=agent)
        case SiteReason.NAMED_AGENT:
            return _("%(agent)s is this customer's own agent, wherever that is.", agent=agent)
        case _other:
            return _("%(agent)s had spoken with them last, wherever that is.", agent=agent)


def elsewhere_sentence(elsewhere: Elsewhere, agents: int) -> str:
    """How many had the skills, but sat where nobody was asked."""
    site = site_name(elsewhere.site) or elsewhere.site
    if not site:
        return ngettext(
            "%(num)d agent on duty has the skills, but is at no site, and those are asked last.",
            "%(num)d agents on duty have the skills, but are at no site, and those are asked last.", agents,
        )  # fmt: skip
    if elsewhere.closed:
        return ngettext(
            "%(num)d agent on duty has the skills, but is at %(site)s, which was closed.",
            "%(num)d agents on duty have the skills, but are at %(site)s, which was closed.", agents, site=site,
        )  # fmt: skip
    return ngettext(
        "%(num)d agent on duty has the skills, but is at %(site)s, which was not asked yet.",
        "%(num)d agents on duty have the skills, but are at %(site)s, which was not asked yet.", agents, site=site,
    )  # fmt: skip


def _passed(because: Mapping[str, Any]) -> str:
    passed = because.get("sites_passed") or {}
    return ", ".join(f"{site_name(site)} ({_passed_words(why)})" for site, why in passed.items())


def _passed_words(why: str) -> str:
    words = {
        Passed.CLOSED: _("closed"), Passed.FULL: _("as many calls as it can take"), Passed.NOBODY: _("nobody there who could"),
        Passed.BUSY: _("nobody ready"),
    }  # fmt: skip
    return next((text for key, text in words.items() if key == why), why)
