"""What is wrong with a condition: facts that there are not, and comparisons that make no sense for their kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from core.yaml_places import YamlPath
from scripts.conditions import ANY_OF, COMPARISONS, NOT, is_number
from scripts.facts import ANSWER, Fact, Kind

_LOWEST, _HIGHEST = -(10**15), 10**15
_NUMBERS = (Kind.NUMBER, Kind.AMOUNT, Kind.DATE)
_EXAMPLES = {
    Kind.YES_NO: "Write true or false.",
    Kind.NUMBER: "Write a number, or bounds such as {at_least: 2}.",
    Kind.AMOUNT: "Write rupiah without signs, or bounds such as {more_than: 0}.",
    Kind.DATE: "Write days from today, such as {at_most: 7}.",
    Kind.WORD: "Write a word, or a list of words of which one must be it.",
    Kind.WORDS: "Write a word, or a list of words of which one must be among them.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a place in a text, and what to write; not `serious`: the text may be in force all the same."""

    path: YamlPath
    message: str
    next_step: str
    serious: bool = True


@dataclass(frozen=True, slots=True)
class Askable:
    """What a condition may ask about where it stands. `later`: answers that nobody can have given there yet."""

    facts: Mapping[str, Fact]
    later: frozenset[str] = frozenset()


def condition_faults(condition: Mapping[str, Any], path: YamlPath, askable: Askable) -> Iterator[Fault]:
    """Everything wrong with a condition that stands at `path`."""
    for name, wanted in condition.items():
        here = (*path, name)
        if name == ANY_OF:
            yield from _any_of(wanted, here, askable)
        elif name == NOT:
            yield from _inner(wanted, here, askable, "`not` goes before a condition.", "Write such as not: {segment: vip}.")
        elif name in askable.facts:
            yield from _comparison(name, askable.facts[name], wanted, here)
        else:
            yield _unknown(name, here, askable)


def _any_of(wanted: Any, path: YamlPath, askable: Askable) -> Iterator[Fault]:
    step = "Write such as any_of: [{segment: vip}, {order_late: true}]."
    if not isinstance(wanted, list) or not wanted:
        yield Fault(path, "`any_of` goes before a list of conditions.", step)
        return
    for number, one in enumerate(wanted):
        yield from _inner(one, (*path, number), askable, "This part of `any_of` is no condition.", step)


def _inner(wanted: Any, path: YamlPath, askable: Askable, what: str, step: str) -> Iterator[Fault]:
    if isinstance(wanted, dict) and wanted and all(isinstance(name, str) for name in wanted):
        yield from condition_faults(wanted, path, askable)
    else:
        yield Fault(path, what, step)


def _unknown(name: str, path: YamlPath, askable: Askable) -> Fault:
    if name in askable.later:
        page = name.removeprefix(ANSWER)
        return Fault(path, f"The page {page} can't have been answered here yet.", "Ask about a page that comes before this one.")
    near = get_close_matches(name, [*askable.facts, ANY_OF, NOT], n=1)
    known = ", ".join(fact for fact in askable.facts if not fact.startswith(ANSWER))
    step = f"Did you mean {near[0]}?" if near else f"Use one of: {known}; or answer. with the name of a page."
    return Fault(path, f"There is no fact {name}.", step)


def _comparison(name: str, fact: Fact, wanted: Any, path: YamlPath) -> Iterator[Fault]:
    if fact.kind is Kind.TEXT:
        yield Fault(path, f"{name} is free text, which can't be compared.", "Ask with answers to choose from instead.")
    elif fact.kind is Kind.YES_NO:
        if not isinstance(wanted, bool):
            yield _other_kind(name, fact, path)
    elif fact.kind in _NUMBERS:
        yield from _number(name, fact, wanted, path)
    else:
        yield from _words(name, fact, wanted, path)


def _number(name: str, fact: Fact, wanted: Any, path: YamlPath) -> Iterator[Fault]:
    if is_number(wanted):
        wanted = {"at_least": wanted, "at_most": wanted}
    elif not isinstance(wanted, dict) or not wanted:
        yield _other_kind(name, fact, path)
        return
    unknown = [how for how in wanted if how not in COMPARISONS]
    wrong = [how for how, limit in wanted.items() if how in COMPARISONS and not is_number(limit)]
    for how in unknown:
        yield Fault((*path, how), f"Numbers are not compared by {how}.", f"Use one of: {', '.join(COMPARISONS)}.")
    for how in wrong:
        yield _other_kind(name, fact, (*path, how))
    if not unknown and not wrong and _nothing_fits(wanted):
        yield Fault(path, f"No number fits what is asked of {name}.", "Let the lower bound be the lower one.")


def _nothing_fits(bounds: Mapping[str, int]) -> bool:
    low = max(bounds.get("at_least", _LOWEST), bounds.get("more_than", _LOWEST - 1) + 1)
    high = min(bounds.get("at_most", _HIGHEST), bounds.get("less_than", _HIGHEST + 1) - 1)
    return low > high


def _words(name: str, fact: Fact, wanted: Any, path: YamlPath) -> Iterator[Fault]:
    words = wanted if isinstance(wanted, list) else [wanted]
    if not words or not all(isinstance(word, str) for word in words):
        yield _other_kind(name, fact, path)
        return
    for number, word in enumerate(words):
        if fact.choices and word not in fact.choices:
            place = (*path, number) if isinstance(wanted, list) else path
            near = get_close_matches(word, fact.choices, n=1)
            step = f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(fact.choices)}."
            yield Fault(place, f"{name} is never {word or 'empty'}.", step)


def _other_kind(name: str, fact: Fact, path: YamlPath) -> Fault:
    return Fault(path, f"{name} is {fact.kind}, and can't be compared with this.", _EXAMPLES[fact.kind])
