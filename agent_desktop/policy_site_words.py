"""The sites of a policy in the reader's words: their parts, and how a queue uses them."""

from collections.abc import Callable, Collection
from itertools import groupby
from typing import Any

from babel.dates import get_day_names
from babel.numbers import format_decimal

from agent_desktop.code_words import LANGUAGE_NAMES
from agent_desktop.formats import clock_text, percent
from agent_desktop.languages import language_here
from agent_desktop.policy_words import number_words
from agent_desktop.texts import _, _later, ngettext
from crm.regions import all_regions
from routing.plans import ELSEWHERE
from routing.policy import Policy
from routing.site_form import Point, Site, SitesRule
from routing.site_hours import Span

SITE_PARTS = {
    "name": _later("Name"),
    "label": _later("Label"),
    "where": _later("Place"),
    "time_zone": _later("Time zone"),
    "hours": _later("Opening hours"),
    "languages": _later("Languages"),
    "capacity": _later("Calls at once"),
    "cost": _later("Cost"),
    "load": _later("Load"),
    "when_closed": _later("Outside its hours"),
}
_DAY_MIN = 24 * 60


def site_labels(*policies: Policy) -> Callable[[str], str]:
    """Gives a site's label by its name; the first of the policies that has it counts."""
    known = {site.name: site.label.in_language(language_here()) for policy in reversed(policies) for site in policy.sites}
    return lambda name: known.get(name, name)


def sites_words(names: Collection[str], policy: Policy, site_of: Callable[[str], str]) -> str:
    """Several of the policy's sites, and ELSEWHERE: all of them in one word."""
    known = [site.name for site in policy.sites if site.name in names]
    told = [_("every site")] if len(known) == len(policy.sites) > 1 else [site_of(name) for name in known]
    return ", ".join([*told, *([_("no site")] if ELSEWHERE in names else [])])


def site_part_words(part: str) -> str:
    """The name of a part of a site."""
    return str(SITE_PARTS.get(part, part))


def site_value_words(part: str, value: Any) -> str:
    """What a part of a site is, in one line."""
    words: dict[str, Callable[[], str]] = {
        "label": lambda: f"{value.id} / {value.en}",
        "where": lambda: place_words(value),
        "time_zone": lambda: str(value.key),
        "hours": lambda: week_words(value),
        "languages": lambda: ", ".join(str(LANGUAGE_NAMES[one]) for one in value) or _("all"),
        "capacity": lambda: _("any number") if value is None else number_words(value),
        "cost": lambda: _exact(value),
        "load": lambda: load_words(value),
        "when_closed": lambda: _("no calls") if value is None else _("who is still there gets calls"),
    }
    return words[part]() if part in words else str(value)


def load_words(load: float | None) -> str:
    """From which load on its callers go on to the next site."""
    if load is None:
        return _("no limit")
    return _("with more than %(share)s of its agents busy, nobody waits for it alone", share=percent(load))


def place_words(point: Point) -> str:
    """The city or province that is there, else the degrees: "7.26° S, 112.75° E"."""
    at = (point.latitude, point.longitude)
    there = [one for one in all_regions().by_code.values() if (one.latitude, one.longitude) == at]
    if there:
        return min(there, key=lambda one: one.code.isupper()).name  # a city before its province
    north = _("%(degrees)s° N", degrees=_exact(at[0])) if at[0] >= 0 else _("%(degrees)s° S", degrees=_exact(-at[0]))
    east = _("%(degrees)s° E", degrees=_exact(at[1])) if at[1] >= 0 else _("%(degrees)s° W", degrees=_exact(-at[1]))
    return f"{north}, {east}"


def week_words(week: tuple[tuple[Span, ...], ...] | None) -> str:
    """When a site is open by its own clock: "Mon–Fri 07:00–21:00; Sat, Sun 08:00–18:00", alike days in a row together."""
    if week is None:
        return _("always")
    names = get_day_names("abbreviated", locale=language_here())
    told = []
    for spans, group in groupby(range(7), key=lambda day: week[day]):
        days = list(group)
        if spans:
            named = names[days[0]] if len(days) == 1 else f"{names[days[0]]}–{names[days[-1]]}"
            told.append(f"{named} {', '.join(f'{_time(opens)}–{_time(closes)}' for opens, closes in spans)}")
    return "; ".join(told) or _("never")


def sites_rule_words(rule: SitesRule | None, site_of: Callable[[str], str]) -> list[str]:
    """How a queue uses sites, a sentence for each step; nothing where it does not heed them. `site_of` gives a site's label."""
    if rule is None:
        return []
    if rule.share:
        shares = ", ".join(f"{site_of(name)} {number_words(weight)}" for name, weight in rule.share.items())
        told = [_("shared out by weight: %(shares)s", shares=shares)]
    elif rule.near_km:
        told = [_("at first the nearest open site and all within %(km)s km", km=number_words(rule.near_km))]
    else:
        told = [_("at first the nearest open site")]
    for ring in rule.widen:
        told.append(_("from %(time)s on: all within %(km)s km", time=clock_text(ring.after_s), km=number_words(ring.km)))
    told.append(_("from %(time)s on: every open site", time=clock_text(rule.any_after_s)))
    return told


def capacity_words(site: Site) -> str:
    """How many calls a site takes at once; "" for any number."""
    return "" if site.capacity is None else ngettext("%(num)d call at once", "%(num)d calls at once", site.capacity)


def _exact(value: float) -> str:
    return str(format_decimal(value, "#,##0.####", locale=language_here()))


def _time(minute: int) -> str:
    """On the clock; midnight ends its day, as 24:00."""
    return "24:00" if minute == _DAY_MIN else f"{minute % _DAY_MIN // 60:02}:{minute % 60:02}"
