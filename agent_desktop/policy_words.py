"""The parts of a policy in the reader's words: rings, what is asked, how calls are shared out, what priority is worth."""

from collections.abc import Callable
from typing import Any

from babel.numbers import format_decimal

from agent_desktop.code_words import LANGUAGE_NAMES, SEGMENTS, reason_words
from agent_desktop.formats import clock_text, percent
from agent_desktop.languages import language_here
from agent_desktop.needs_words import needs_words
from agent_desktop.texts import _, _later, ngettext
from routing.asked_first import LastAgent, NamedAgent
from routing.balance import Balance
from routing.needs import Needs
from routing.order import NORMAL, LineOrder
from routing.overflow import Overflow
from routing.policy import CallFirst, Policy, Queue, Widening
from routing.wrap_up_rule import WrapUpMode, WrapUpRule

BALANCES = {
    Balance.LONGEST_IDLE: _later("whoever has been ready for longest"),
    Balance.LEAST_OCCUPIED: _later("whoever was least occupied today"),
    Balance.MOST_PROFICIENT: _later("whoever is best at it"),
}
CALLED_FIRST = {
    CallFirst.AGENT: _later("the agent's phone is called first, then the customer's"),
    CallFirst.CUSTOMER: _later("the customer's phone is called first, then an agent's"),
}
PARTS = {
    "name": _later("Name"),
    "label": _later("Label"),
    "needs": _later("Needed of agents"),
    "rings": _later("Rings"),
    "answer_within_s": _later("To be answered within"),
    "service_target": _later("Target"),
    "short_abandon_s": _later("Short abandons until"),
    "balance": _later("Gets the call"),
    "keep_scarce_free": _later("Scarce skills are kept free"),
    "named_agent": _later("Own agent"),
    "last_agent": _later("Last agent"),
    "overflow": _later("Overflow"),
    "sites": _later("Sites"),
    "callback": _later("Call-backs"),
    "wrap_up": _later("Wrap-up"),
    "priority": _later("Priority"),
    "partition": _later("Partition"),
    "fallback": _later("Where unknown wishes go"),
    "queues": _later("Order of the queues"),
    "site_order": _later("Order of the sites"),
    "head_start_s": _later("Worth of a step of priority"),
    "second_call_today": _later("Worth of a second call today"),
}


def part_words(part: str) -> str:
    """The name of a part of a policy."""
    group, _dot, key = part.partition(".")
    if group == "segments" and key:
        return _("Worth of the segment %(name)s", name=SEGMENTS.get(key, key))
    if group == "reasons" and key:
        return _("Worth of the reason %(name)s", name=reason_words(key))
    return str(PARTS.get(part, part))


def value_words(part: str, value: Any, label_of: Callable[[str], str]) -> str:
    """What a part is, in one line; `label_of` gives the label of a queue, or site, by its name."""
    group = part.partition(".")[0]
    if group in ("answer_within_s", "short_abandon_s"):
        return seconds_words(value)
    if group in ("head_start_s", "second_call_today", "segments", "reasons"):
        return worth_words(value)
    words: dict[str, Callable[[], str]] = {
        "label": lambda: f"{value.id} / {value.en}",
        "needs": lambda: asked_words(value),
        "service_target": lambda: percent(value),
        "balance": lambda: str(BALANCES[value]),
        "keep_scarce_free": lambda: _("yes") if value else _("no"),
        "named_agent": lambda: named_agent_words(value),
        "last_agent": lambda: last_agent_words(value),
        "priority": lambda: str(value),
        "partition": lambda: value or _("the main leader's"),
        "fallback": lambda: label_of(value),
        "queues": lambda: ", ".join(map(label_of, value)),
        "site_order": lambda: ", ".join(map(label_of, value)),
        "callback": lambda: str(CALLED_FIRST[value.first]),
        "wrap_up": lambda: wrap_up_words(value),
    }
    return words[group]() if group in words else str(value)


def seconds_words(seconds: float) -> str:
    """A short time: "20 s"."""
    return _("%(seconds)s s", seconds=number_words(seconds))


def number_words(value: float) -> str:
    """A number with one digit after the comma, where there is one."""
    return str(format_decimal(value, "#,##0.#", locale=language_here()))


def worth_words(seconds: float) -> str:
    """What something counts in the order of the line: "10:00 of waiting"."""
    return _("%(time)s of waiting", time=clock_text(seconds)) if seconds else _("nothing")


def asked_words(needs: Needs) -> str:
    """What is needed of an agent."""
    return ", ".join(needs_words(needs)) or _("no skill in particular")


def named_agent_words(rule: NamedAgent | None) -> str:
    """For how long."""
    if rule is None:
        return _("is not asked first")
    return _("asked alone for the first %(wait)s, when the customer has one", wait=clock_text(rule.wait_s))


def last_agent_words(rule: LastAgent | None) -> str:
    """For whom, for how long."""
    if rule is None:
        return _("is not asked first")
    return _(
        "asked alone for the first %(wait)s, when they spoke within %(hours)s hours",
        wait=clock_text(rule.wait_s), hours=number_words(rule.within_h),
    )  # fmt: skip


def wrap_up_words(rule: WrapUpRule) -> str:
    """How long: "1:00, then ready again", "as long as it takes"."""
    if rule.mode is WrapUpMode.FREE:
        return _("as long as it takes; marked after %(time)s", time=clock_text(rule.long_after_s))
    lasts = clock_text(rule.for_s) if rule.for_s else _("the usual time")
    if rule.mode is WrapUpMode.FIXED:
        return _("%(time)s, then ready again", time=lasts)
    step, most = seconds_words(rule.extend_s), clock_text(rule.at_most_s)
    return _("%(time)s, longer by %(step)s at a time, %(most)s at most", time=lasts, step=step, most=most)


def ring_words(ring: Widening, label_of: Callable[[str], str]) -> str:
    """What a ring changes: "from 0:45 on: english is not asked for any more"."""
    told = []
    if ring.drop:
        names = ", ".join(_skill(name) for name in ring.drop)
        told.append(
            ngettext("%(names)s is not asked for any more", "%(names)s are not asked for any more", len(ring.drop), names=names)
        )
    told += [_("%(skill)s at %(least)d is enough", skill=_skill(name), least=least) for name, least in ring.lower.items()]
    if ring.also is not None:
        told.append(_("whoever can serve %(queue)s may help", queue=label_of(ring.also)))
    return _("from %(time)s on: %(what)s", time=clock_text(ring.after_s), what="; ".join(told))


def overflow_words(rule: Overflow, label_of: Callable[[str], str]) -> str:
    """When a queue overflows and what is done then: "12 or more wait: whoever can serve General may help"."""
    if rule.waiting is not None:
        when = ngettext("%(num)d or more waits", "%(num)d or more wait", rule.waiting)
    elif rule.expected_wait_s is not None:
        when = _("who would come would wait %(time)s or longer", time=clock_text(rule.expected_wait_s))
    elif rule.closes_within_s is not None:
        when = _("it closes within %(time)s", time=clock_text(rule.closes_within_s))
    else:
        when = _("nobody on duty could serve them")
    told = [_("whoever can serve %(queue)s may help", queue=label_of(rule.also))] if rule.also else []
    if rule.offer_callback:
        told.append(_("callers are offered a call-back"))
    return _("%(when)s: %(what)s", when=when, what="; ".join(told))


def priority_words(queue: Queue, order: LineOrder) -> str:
    """What the queue's priority does to its callers' turn."""
    worth_s = order.worth_s(queue.priority)
    if queue.priority == NORMAL or not worth_s:
        return _("as if they had come when they came")
    time = clock_text(abs(worth_s))
    return (
        _("as if they had come %(time)s earlier", time=time) if worth_s > 0 else _("as if they had come %(time)s later", time=time)
    )


def language_names(languages: tuple[str, ...]) -> str:
    """The callers of these languages."""
    if not languages:
        return _("All callers")
    return _("Callers who speak %(languages)s", languages=", ".join(str(LANGUAGE_NAMES[language]) for language in languages))


def labels(*policies: Policy) -> Callable[[str], str]:
    """Gives a queue's label by its name; the first of the policies that has it counts."""
    known = {queue.name: queue.label_in(language_here()) for policy in reversed(policies) for queue in policy.queues}
    return lambda name: known.get(name, name)


def _skill(name: str) -> str:
    return name.replace("_", " ")
