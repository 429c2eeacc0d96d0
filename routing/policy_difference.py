"""What makes one policy of another: by queue, site and part of it, by language, and of the whole. Facts; a page has the words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from routing.policy import Asking, Policy, Queue
from routing.site_form import Site


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part (the field's name, such as `rings`) that is another one after than before."""

    part: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class QueueChange:
    """A queue that is new (no `before`), gone (no `after`), or has other parts."""

    name: str
    before: Queue | None
    after: Queue | None
    parts: tuple[PartChange, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteChange:
    """A site that is new (no `before`), gone (no `after`), or has other parts."""

    name: str
    before: Site | None
    after: Site | None
    parts: tuple[PartChange, ...] = ()


@dataclass(frozen=True, slots=True)
class LanguageChange:
    """A language that asks for other things than before."""

    language: str
    parts: tuple[PartChange, ...]


@dataclass(frozen=True, slots=True)
class PolicyDifference:
    """Queues and sites in the order of the later policy, those that are gone last; `whole`: what is of none of them and of no
    language."""

    queues: tuple[QueueChange, ...]
    sites: tuple[SiteChange, ...]
    languages: tuple[LanguageChange, ...]
    whole: tuple[PartChange, ...]

    @property
    def nothing(self) -> bool:
        """Whether both say the same: a remark or the way of writing may still differ."""
        return not (self.queues or self.sites or self.languages or self.whole)


def policy_difference(before: Policy, after: Policy) -> PolicyDifference:
    """What makes the second policy of the first, by what they mean: how it is written does not count."""
    return PolicyDifference(
        tuple(_queues(before, after)), tuple(_sites(before, after)), tuple(_languages(before, after)), tuple(_whole(before, after))
    )


def _queues(before: Policy, after: Policy) -> Iterator[QueueChange]:
    for name in dict.fromkeys([*after.names, *before.names]):
        was, will_be = before.find(name), after.find(name)
        parts = tuple(_parts(was, will_be)) if was is not None and will_be is not None else ()
        if parts or was is None or will_be is None:
            yield QueueChange(name, was, will_be, parts)


def _sites(before: Policy, after: Policy) -> Iterator[SiteChange]:
    for name in dict.fromkeys(site.name for site in (*after.sites, *before.sites)):
        was, will_be = before.site(name), after.site(name)
        parts = tuple(_parts(was, will_be)) if was is not None and will_be is not None else ()
        if parts or was is None or will_be is None:
            yield SiteChange(name, was, will_be, parts)


def _languages(before: Policy, after: Policy) -> Iterator[LanguageChange]:
    for language in dict.fromkeys([*before.languages, *after.languages]):
        was, will_be = (policy.languages.get(language) or Asking() for policy in (before, after))
        if parts := tuple(_parts(was, will_be)):
            yield LanguageChange(language, parts)


def _whole(before: Policy, after: Policy) -> Iterator[PartChange]:
    """`queues` and `site_order` are what both have, where its order is another one."""
    queues = [tuple(name for name in policy.names if before.find(name) and after.find(name)) for policy in (before, after)]
    if queues[0] != queues[1]:
        yield PartChange("queues", *queues)
    sites = [
        tuple(site.name for site in policy.sites if before.site(site.name) and after.site(site.name)) for policy in (before, after)
    ]
    if sites[0] != sites[1]:
        yield PartChange("site_order", *sites)
    fields = {"queues", "sites", "languages", "order"}
    yield from (change for change in _parts(before, after) if change.part not in fields)
    yield from (change for change in _parts(before.order, after.order) if change.part != "credit_s")
    yield from _credits(before, after)


def _credits(before: Policy, after: Policy) -> Iterator[PartChange]:
    """One change for each segment or reason: `segments.gold`."""
    for change in _parts(before.order.credit_s, after.order.credit_s):
        if not isinstance(change.before, Mapping):
            yield change
            continue
        for key in dict.fromkeys([*change.before, *change.after]):
            worth = change.before.get(key, 0.0), change.after.get(key, 0.0)
            if worth[0] != worth[1]:
                yield PartChange(f"{change.part}.{key}", *worth)


def _parts(before: BaseModel, after: BaseModel) -> Iterator[PartChange]:
    """The parts that both forms have, in their order, that are not the same."""
    for part in type(after).model_fields:
        was, will_be = (_meaning(form, part) for form in (before, after))
        if was != will_be:
            yield PartChange(part, was, will_be)


def _meaning(form: BaseModel, part: str) -> Any:
    """What is needed may be written in several ways."""
    return form.at_first() if part == "needs" and isinstance(form, Asking) else getattr(form, part)
