"""Conditions: facts by name with what they must be. Data that is looked at, never code that is run."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.facts import Known, Value
from scripts.model import Branch

ANY_OF, NOT = "any_of", "not"
COMPARISONS = ("at_least", "at_most", "more_than", "less_than")


def holds(condition: Mapping[str, Any], known: Known) -> bool:
    """Whether all that the condition says is so. Never raises, whatever it says: what is not known, and what no check would
    have let pass, is not so."""
    return all(_part_holds(name, wanted, known) for name, wanted in condition.items())


def chosen(branches: tuple[Branch, ...], known: Known) -> str | None:
    """The page of the first branch that is open; None when none is, which the checks rule out."""
    return next((branch.page for branch in branches if branch.when is None or holds(branch.when, known)), None)


def facts_in(condition: Mapping[str, Any]) -> Iterator[str]:
    """The facts that a condition asks about, one as often as it does."""
    for name, wanted in condition.items():
        if name in (ANY_OF, NOT):
            for inner in wanted if isinstance(wanted, list) else [wanted]:
                yield from facts_in(inner) if isinstance(inner, dict) else ()
        else:
            yield name


def _part_holds(name: str, wanted: Any, known: Known) -> bool:
    if name == ANY_OF:
        return isinstance(wanted, list) and any(isinstance(one, dict) and holds(one, known) for one in wanted)
    if name == NOT:
        return isinstance(wanted, dict) and not holds(wanted, known)
    value = known.get(name)
    return value is not None and _fits(value, wanted)


def _fits(value: Value, wanted: Any) -> bool:
    if isinstance(value, bool):
        return wanted is value
    if isinstance(value, int):
        return _number_fits(value, wanted)
    words = {value} if isinstance(value, str) else value
    return any(isinstance(one, str) and one in words for one in (wanted if isinstance(wanted, list) else [wanted]))


def _number_fits(value: int, wanted: Any) -> bool:
    if is_number(wanted):
        return bool(value == wanted)
    if not isinstance(wanted, dict) or not wanted:
        return False
    return all(is_number(limit) and _compares(value, how, limit) for how, limit in wanted.items())


def _compares(value: int, how: str, limit: int) -> bool:
    match how:
        case "at_least":
            return value >= limit
        case "at_most":
            return value <= limit
        case "more_than":
            return value > limit
        case "less_than":
            return value < limit
    return False


def is_number(given: Any) -> bool:
    """A whole number; true and false are none."""
    return isinstance(given, int) and not isinstance(given, bool)
