"""What a change of the policy means, in plain words by queue and by site: what was, what will be."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from agent_desktop.change_groups import ChangeGroup, ChangeLine
from agent_desktop.code_words import LANGUAGE_NAMES
from agent_desktop.policy_site_words import site_labels, site_part_words, site_value_words, sites_rule_words
from agent_desktop.policy_words import labels, overflow_words, part_words, ring_words, value_words
from agent_desktop.texts import _
from routing.policy import Policy, Queue
from routing.policy_difference import PartChange, QueueChange, SiteChange, policy_difference
from routing.site_form import Site

_TOLD_OF_NEW = (
    "needs", "rings", "answer_within_s", "service_target", "balance", "named_agent", "last_agent", "overflow", "sites", "priority",
    "callback", "wrap_up",
)  # fmt: skip
_LabelOf = Callable[[str], str]
_RULES: Mapping[str, Callable[[Any, _LabelOf], list[str]]] = {  # several lines each
    "rings": lambda rules, label_of: [ring_words(rule, label_of) for rule in rules or ()],
    "overflow": lambda rules, label_of: [overflow_words(rule, label_of) for rule in rules or ()],
    "sites": sites_rule_words,
}
_OF_SITES = ("sites", "site_order")  # they name sites and no queues


def difference_words(before: Policy, after: Policy) -> tuple[ChangeGroup, ...]:
    """What makes the second policy of the first; nothing when they say the same."""
    found, label_of, site_of = policy_difference(before, after), labels(after, before), site_labels(after, before)
    groups = [_queue(change, label_of, site_of) for change in found.queues]
    groups += [_site(change, site_of) for change in found.sites]
    for change in found.languages:
        title = _("Callers who speak %(languages)s", languages=LANGUAGE_NAMES.get(change.language, change.language))
        groups.append(ChangeGroup(title, "changed", tuple(_lines(change.parts, label_of, site_of))))
    if found.whole:
        groups.append(ChangeGroup(_("The whole policy"), "changed", tuple(_lines(found.whole, label_of, site_of))))
    return tuple(groups)


def _queue(change: QueueChange, label_of: _LabelOf, site_of: _LabelOf) -> ChangeGroup:
    title = label_of(change.name)
    if change.before is None and change.after is not None:
        parts = (PartChange(part, None, _meant(change.after, part)) for part in _TOLD_OF_NEW)
        lines = (line for part in parts for line in _part(part, label_of, site_of, new=True))
        return ChangeGroup(title, "new", tuple(lines))
    return ChangeGroup(title, "changed" if change.after is not None else "gone", tuple(_lines(change.parts, label_of, site_of)))


def _site(change: SiteChange, site_of: _LabelOf) -> ChangeGroup:
    title = _("Site %(name)s", name=site_of(change.name))
    if change.before is None and change.after is not None:
        return ChangeGroup(title, "new", tuple(_new_site(change.after)), what="site")
    lines = (
        ChangeLine(site_part_words(one.part), site_value_words(one.part, one.before), site_value_words(one.part, one.after))
        for one in change.parts
    )
    return ChangeGroup(title, "changed" if change.after is not None else "gone", tuple(lines), what="site")


def _new_site(site: Site) -> Iterator[ChangeLine]:
    """What is said of it; what is left out is as usual."""
    for part in Site.model_fields:
        if part in site.model_fields_set and part not in ("name", "label"):
            yield ChangeLine(site_part_words(part), "", site_value_words(part, getattr(site, part)))


def _meant(queue: Queue, part: str) -> object:
    return queue.at_first() if part == "needs" else getattr(queue, part)


def _lines(parts: tuple[PartChange, ...], label_of: _LabelOf, site_of: _LabelOf) -> Iterator[ChangeLine]:
    for part in parts:
        yield from _part(part, label_of, site_of)


def _part(change: PartChange, label_of: _LabelOf, site_of: _LabelOf, new: bool = False) -> Iterator[ChangeLine]:
    name, label_of = part_words(change.part), site_of if change.part in _OF_SITES else label_of
    if change.part in _RULES:
        before, after = (_RULES[change.part](rule, label_of) for rule in (change.before, change.after))
        yield from (ChangeLine(name, one, "") for one in before if one not in after)
        yield from (ChangeLine(name, "", one) for one in after if one not in before)
        return
    before_words = "" if new else value_words(change.part, change.before, label_of)
    yield ChangeLine(name, before_words, value_words(change.part, change.after, label_of))
