"""What a change of the policy means, in plain words by queue: what was, what will be."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agent_desktop.code_words import LANGUAGE_NAMES
from agent_desktop.policy_words import labels, overflow_words, part_words, ring_words, value_words
from agent_desktop.texts import _
from routing.policy import Policy, Queue
from routing.policy_difference import PartChange, QueueChange, policy_difference

_TOLD_OF_NEW = ("needs", "rings", "answer_within_s", "service_target", "balance", "last_agent", "overflow", "priority")
_RULES: Mapping[str, Callable[[Any, Callable[[str], str]], str]] = {"rings": ring_words, "overflow": overflow_words}  # several each


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A part with what it was and what it will be; "" where there was, or will be, nothing."""

    part: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """All changes of one queue, one language, or the whole. `kind` is new, gone or changed."""

    title: str
    kind: str
    lines: tuple[ChangeLine, ...]


def difference_words(before: Policy, after: Policy) -> tuple[ChangeGroup, ...]:
    """What makes the second policy of the first; nothing when they say the same."""
    found, label_of = policy_difference(before, after), labels(after, before)
    groups = [_queue(change, label_of) for change in found.queues]
    for change in found.languages:
        title = _("Callers who speak %(languages)s", languages=LANGUAGE_NAMES.get(change.language, change.language))
        groups.append(ChangeGroup(title, "changed", tuple(_lines(change.parts, label_of))))
    if found.whole:
        groups.append(ChangeGroup(_("The whole policy"), "changed", tuple(_lines(found.whole, label_of))))
    return tuple(groups)


def _queue(change: QueueChange, label_of: Callable[[str], str]) -> ChangeGroup:
    title = label_of(change.name)
    if change.before is None and change.after is not None:
        parts = (PartChange(part, None, _meant(change.after, part)) for part in _TOLD_OF_NEW)
        lines = (line for part in parts for line in _part(part, label_of, new=True))
        return ChangeGroup(title, "new", tuple(lines))
    return ChangeGroup(title, "changed" if change.after is not None else "gone", tuple(_lines(change.parts, label_of)))


def _meant(queue: Queue, part: str) -> object:
    return queue.at_first() if part == "needs" else getattr(queue, part)


def _lines(parts: tuple[PartChange, ...], label_of: Callable[[str], str]) -> Iterator[ChangeLine]:
    for part in parts:
        yield from _part(part, label_of)


def _part(change: PartChange, label_of: Callable[[str], str], new: bool = False) -> Iterator[ChangeLine]:
    name = part_words(change.part)
    if change.part in _RULES:
        before, after = ([_RULES[change.part](one, label_of) for one in rules or ()] for rules in (change.before, change.after))
        yield from (ChangeLine(name, one, "") for one in before if one not in after)
        yield from (ChangeLine(name, "", one) for one in after if one not in before)
        return
    before_words = "" if new else value_words(change.part, change.before, label_of)
    yield ChangeLine(name, before_words, value_words(change.part, change.after, label_of))
