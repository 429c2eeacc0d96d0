"""What is wrong with the ways of a script: pages that there are not or nobody reaches, circles, branches that lead nowhere."""

from collections.abc import Iterator
from difflib import get_close_matches

from core.yaml_places import YamlPath
from scripts.condition_checks import Fault
from scripts.model import Condition, Next, Script
from scripts.ways import branch_lists, circle, exits, reached


def way_faults(script: Script) -> list[Fault]:
    """Everything wrong with the ways; circles only when each way leads to a page."""
    faults: list[Fault] = []
    for index, page in enumerate(script.pages):
        for branches, path in branch_lists(page):
            faults += _branches(script, branches, ("pages", index, *path))
        for one in exits(page):
            if not one.branches:
                answer = f"The answer {one.answer} of {page.name}" if one.answer else f"The page {page.name}"
                step = "Add `next` to the page."
                faults.append(Fault(("pages", index, *one.path[:1]), f"{answer} leads nowhere.", step))
        faults += _unused_next(script, index)
    if not faults:
        faults += _circle(script)
    return [*faults, *_unreached(script)]


def _branches(script: Script, branches: Next, path: YamlPath) -> Iterator[Fault]:
    seen: list[Condition] = []
    for number, branch in enumerate(branches):
        here = (*path, number)
        if script.page(branch.page) is None:
            near = get_close_matches(branch.page, [page.name for page in script.pages], n=1)
            step = f"Did you mean {near[0]}?" if near else "Name a page of this script, or add it."
            yield Fault((*here, "page"), f"There is no page {branch.page}.", step)
        last = number == len(branches) - 1
        if last and branch.when is not None:
            step = "Add a last branch without `when`: the page for everybody else."
            yield Fault(here, "It may be that none of these branches is open.", step)
        if not last and branch.when is None:
            yield Fault(here, "This branch is always taken; those below it never are.", "Give it a `when`, or put it last.")
        if branch.when is not None and branch.when in seen:
            yield Fault((*here, "when"), "A branch above has the same condition.", "Take one of the two out.")
        if branch.when is not None:
            seen.append(branch.when)


def _unused_next(script: Script, index: int) -> Iterator[Fault]:
    page = script.pages[index]
    if page.next and not any(one.path == ("next",) for one in exits(page)):
        what = f"No answer of {page.name} goes by its `next`: each has its own."
        yield Fault(("pages", index, "next"), what, "Take it out.")


def _circle(script: Script) -> Iterator[Fault]:
    names = circle(script)
    if names:
        index = next(index for index, page in enumerate(script.pages) if page.name in names)
        what = f"The pages {', '.join(names)} lead round in a circle or into one, so a call might never end."
        yield Fault(("pages", index), what, "Lead on to a page of its own; agents go back by the key for that.")


def _unreached(script: Script) -> Iterator[Fault]:
    there = reached(script)
    for index, page in enumerate(script.pages):
        if page.name not in there:
            yield Fault(("pages", index, "name"), f"No way leads to the page {page.name}.", "Lead to it, or take it out.")
