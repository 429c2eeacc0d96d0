"""Going through a script: pure steps from page to page, safe whatever is answered, so that a call never waits for us."""

from dataclasses import dataclass, replace
from datetime import date

from scripts.answers import Unfit, asks, read_answer, value_of
from scripts.conditions import chosen, holds
from scripts.facts import ANSWER, Known, Situation, Value
from scripts.model import Next, Script, ScriptPage
from scripts.progress import Progress, Taken, stands_in
from scripts.ways import exits

BACK = "back"


@dataclass(frozen=True, slots=True)
class Said:
    """What an agent answers: on which page of which script, what (a name, or what was typed in), and who it is."""

    script: str
    page: str
    answer: str
    agent: str = ""


def start(script: Script, version: int, here: Situation) -> Progress:
    """The beginning of the script: its first page that is not passed over."""
    first = Progress(script.name, version, script.first.name)
    return _enter(script, script.first.name, first, here) or first


def step(script: Script, progress: Progress, said: Said, here: Situation) -> Progress:
    """The progress after an answer, or after BACK.

    What was not said on the open page, or does not fit it, changes nothing: a late key or a second tab does no harm.
    """
    progress = standing(script, progress, here)
    if (said.script, said.page) != (script.name, progress.page):
        return progress
    if said.answer == BACK:
        return _back(progress)
    page = open_page(script, progress)
    answer = read_answer(page, said.answer, here.today)
    if isinstance(answer, Unfit):
        return progress
    taken = (*progress.taken, Taken(page.name, answer, said.agent))
    after = replace(progress, taken=taken, moves=progress.moves + 1, undone=_without(progress.undone, page.name))
    way = ways_of(page, answer)
    target = chosen(way, known_in(script, after, here))
    return (target and _enter(script, target, after, here)) or progress


def misfit(script: Script, progress: Progress, said: Said, today: date) -> Unfit | None:
    """Why `step` would not take an answer that was given on the open page; None when it would."""
    if (said.script, said.page) != (script.name, progress.page) or said.answer == BACK:
        return None
    read = read_answer(open_page(script, progress), said.answer, today)
    return read if isinstance(read, Unfit) else None


def standing(script: Script, progress: Progress, here: Situation) -> Progress:
    """The same progress, or the beginning when it is not one of this script."""
    return progress if stands_in(progress, script) else start(script, progress.version, here)


def open_page(script: Script, progress: Progress) -> ScriptPage:
    """The page open now."""
    return script.page(progress.page) or script.first


def known_in(script: Script, progress: Progress, here: Situation) -> Known:
    """The facts, and what was answered so far."""
    known: dict[str, Value] = dict(here.known)
    for one in progress.taken:
        page = script.page(one.page)
        value = value_of(page, one.answer, here.today) if page is not None and asks(page) else None
        if value is not None:
            known[f"{ANSWER}{one.page}"] = value
    return known


def ways_of(page: ScriptPage, answer: str) -> Next:
    """The branches that an answer opens; those of a typed one are the same for all."""
    ways = {one.answer: one.branches for one in exits(page)}
    return ways.get(answer, ways.get("", ()))


def _back(progress: Progress) -> Progress:
    if not progress.taken:
        return progress
    last = progress.taken[-1]
    undone = (*_without(progress.undone, last.page), last)
    return replace(progress, page=last.page, taken=progress.taken[:-1], moves=progress.moves + 1, undone=undone)


def _without(steps: tuple[Taken, ...], page: str) -> tuple[Taken, ...]:
    return tuple(one for one in steps if one.page != page)


def _enter(script: Script, name: str, progress: Progress, here: Situation) -> Progress | None:
    """Open this page, or what is shown instead of it; None when there is none, which the checks rule out."""
    known = known_in(script, progress, here)
    for _page in script.pages:
        page = script.page(name)
        if page is None:
            return None
        if page.passed_over is None or not holds(page.passed_over.when, known):
            return replace(progress, page=name)
        name = chosen(page.passed_over.next, known) or ""
    return None
