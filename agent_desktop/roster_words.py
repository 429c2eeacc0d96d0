"""Rosters in words: where one stands, how far its solver is, how good it is, and what stands against it."""

from babel.numbers import format_decimal, format_percent

from agent_desktop.languages import language_here
from agent_desktop.services import services
from agent_desktop.texts import _, _later
from workforce.roster_check.broken import BrokenRule
from workforce.roster_check.words import LANGUAGES, words
from workforce.roster_jobs import BROKEN, KILLED, NONE_IN_TIME, STOPPED
from workforce.roster_records import RosterVersion
from workforce.rosters.problem import RosterProblem

_STATES = {
    "waiting": _later("waits"),
    "solving": _later("is being made"),
    "lost": _later("solver gone"),
    "draft": _later("draft"),
    "published": _later("published"),
    "failed": _later("failed"),
    "stopped": _later("stopped"),
}
_TOLD = {
    KILLED: _later("The solver was stopped from outside. Make the roster again; what is published stays as it is."),
    STOPPED: _later("It was stopped before a first roster was found. Let it run longer."),
    BROKEN: _later("Something went wrong on our side. Make the roster again; ./halo logs planning tells more."),
    NONE_IN_TIME: _later("No roster was found in the time given. Give it more time, or fewer rules."),
    "No agent has a contract.": _later("No agent has a contract. Bring the contracts first."),
}


def state_words(state: str) -> str:
    """Where it stands."""
    return str(_STATES.get(state, state))


def doing_words(doing: str) -> str:
    """What its solver does."""
    match doing.split():
        case ["counted"]:
            return _("How many of each shift are wanted is known; now who works them")
        case ["named", done, "of", of]:
            return _("Who works when: group %(done)s of %(of)s", done=done, of=of)
        case ["improving"]:
            return _("There is a roster; looking for a better one")
        case ["conflict"]:
            return _("There is none that keeps all rules; looking for the fewest that can't all be kept")
    return _("Looking for a roster")


def gap_words(cost: float | None, bound: float | None) -> str:
    """How good the best until now is."""
    if cost is None:
        return _("No roster yet.")
    if bound is None or bound <= 0:
        return _("It costs %(cost)s points.", cost=_number(cost))
    if cost <= bound + 0.5:
        return _("It costs %(cost)s points, and no roster costs less.", cost=_number(cost))
    share = format_percent((cost - bound) / cost, "#,##0%", locale=language_here())
    return _(
        "It costs %(cost)s points; none can cost less than %(bound)s. A perfect one would save %(share)s at most.",
        cost=_number(cost), bound=_number(bound), share=share,
    )  # fmt: skip


def told_words(version: RosterVersion) -> list[str]:
    """What stands against it, a line each, in the reader's language."""
    blocks = version.told.split("\n\n") if version.told else []
    if len(blocks) == len(LANGUAGES):
        return blocks[LANGUAGES.index(language_here())].split("\n")
    return [str(_TOLD.get(line, line)) for block in blocks for line in block.split("\n")]


def broken_words(problem: RosterProblem, broken: BrokenRule) -> str:
    """A rule that is broken, in the reader's language."""
    return words(problem, broken, language_here(), services().policy().labels_in(language_here()))


def points_words(points: float) -> str:
    """What it costs more, with its sign."""
    return str(format_decimal(round(points), "+#,##0;-#,##0", locale=language_here()))


def _number(value: float) -> str:
    return str(format_decimal(round(value), locale=language_here()))
