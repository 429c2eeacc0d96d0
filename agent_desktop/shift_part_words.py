"""Names of shift patterns and breaks: those that Halo ships in the language of the page, a planner's own as they are written."""

from agent_desktop.texts import _


def break_words(kind: str) -> str:
    """The name of a break or a training; "" is the queue."""
    known = {
        "": _("On the queue"), "lunch": _("Lunch"), "meal": _("Meal"), "break": _("Break"), "rest": _("Rest"),
        "prayer": _("Prayer"), "training": _("Training"), "meeting": _("Meeting"),
    }  # fmt: skip
    return known.get(kind) or _plain(kind)


def pattern_words(pattern: str) -> str:
    """The name of a shift pattern."""
    known = {
        "early": _("Early shift"), "day": _("Day shift"), "late": _("Late shift"), "short": _("Short shift"),
        "night": _("Night shift"),
    }  # fmt: skip
    return known.get(pattern) or _plain(pattern)


def _plain(name: str) -> str:
    text = name.replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]
