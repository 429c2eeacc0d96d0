"""A condition as one short line, for maps and lists: as it is written, without braces."""

from collections.abc import Mapping
from typing import Any

from scripts.conditions import ANY_OF, NOT

_SIGNS = {"at_least": "≥", "at_most": "≤", "more_than": ">", "less_than": "<"}


def condition_words(condition: Mapping[str, Any]) -> str:
    """Such as "segment: vip, loyal; overdue_amount > 0; not (order_late)"."""
    return "; ".join(_part(name, wanted) for name, wanted in condition.items())


def _part(name: str, wanted: Any) -> str:
    if name == ANY_OF and isinstance(wanted, list):
        return " or ".join(f"({condition_words(one)})" for one in wanted if isinstance(one, dict))
    if name == NOT and isinstance(wanted, dict):
        return f"not ({condition_words(wanted)})"
    if wanted is True:
        return name
    if wanted is False:
        return f"not {name}"
    if isinstance(wanted, dict):
        return " and ".join(f"{name} {_SIGNS.get(how, how)} {limit}" for how, limit in wanted.items())
    return f"{name}: {', '.join(map(str, wanted)) if isinstance(wanted, list) else wanted}"
