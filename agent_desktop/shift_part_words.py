"""Names of shift patterns and breaks: those that Halo ships in the language of the page, a planner's own as they are written."""

from collections.abc import Mapping
from functools import lru_cache

from flask import g

from agent_desktop.languages import language_here
from agent_desktop.services import services
from agent_desktop.texts import _
from routing.label import Label
from workforce.roster_records import RULES
from workforce.rosters.rules_file import read_rules, shipped_rules
from workforce.rosters.shift_pattern import ShiftPattern


def break_words(kind: str) -> str:
    """The name of a break or a training; "" is the queue."""
    known = {
        "": _("On the queue"), "lunch": _("Lunch"), "meal": _("Meal"), "break": _("Break"), "rest": _("Rest"),
        "prayer": _("Prayer"), "training": _("Training"), "meeting": _("Meeting"),
    }  # fmt: skip
    return known.get(kind) or _plain(kind)


def pattern_words(pattern: ShiftPattern | str) -> str:
    """The name of a shift pattern: its label, by the rules in force where only the pattern's name is known."""
    name = pattern if isinstance(pattern, str) else pattern.name
    label = _labels().get(name) if isinstance(pattern, str) else pattern.label
    if label is not None:
        return label.in_language(language_here())
    known = {
        "early": _("Early shift"), "day": _("Day shift"), "late": _("Late shift"), "short": _("Short shift"),
        "night": _("Night shift"),
    }  # fmt: skip
    return known.get(name) or _plain(name)


def _labels() -> Mapping[str, Label | None]:
    """By pattern, of the rules in force; asked once while a page is made."""
    if "pattern_labels" not in g:
        with services().database.reading() as session:
            found = RULES.in_force(session)
            g.pattern_labels = _labels_of(found.content if found is not None else "")
    labels: Mapping[str, Label | None] = g.pattern_labels
    return labels


@lru_cache(maxsize=4)
def _labels_of(text: str) -> Mapping[str, Label | None]:
    rules = read_rules(text, "roster rules") if text else shipped_rules()
    return {pattern.name: pattern.label for pattern in rules.patterns}


def _plain(name: str) -> str:
    text = name.replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]
