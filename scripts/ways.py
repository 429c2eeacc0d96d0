"""The ways through a script: which pages lead to which, whatever the conditions say."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from core.yaml_places import YamlPath
from scripts.answers import NO, ON, YES
from scripts.model import Next, QuestionType, Script, ScriptPage


@dataclass(frozen=True, slots=True)
class Exit:
    """The branches that an answer opens; `answer` is "" for whatever is typed in. `path` is where they stand in the page."""

    answer: str
    branches: Next
    path: YamlPath


def exits(page: ScriptPage) -> list[Exit]:
    """Every answer of a page with its branches; () where the page says none."""
    own: YamlPath = ("next",)
    if page.answers:
        return [
            Exit(answer.name, answer.next or page.next, ("answers", number, "next") if answer.next else own)
            for number, answer in enumerate(page.answers)
        ]
    if page.ask is not None and page.ask.type is QuestionType.YES_NO:
        ways = ((YES, page.ask.yes), (NO, page.ask.no))
        return [Exit(name, way or page.next, ("ask", name) if way else own) for name, way in ways]
    if page.ask is not None:
        return [Exit("", page.next, own)]
    return [Exit(ON, page.next, own)] if page.next else []


def branch_lists(page: ScriptPage) -> Iterator[tuple[Next, YamlPath]]:
    """Every list of branches of a page, each once, with where it stands in the page."""
    if page.passed_over is not None:
        yield page.passed_over.next, ("passed_over", "next")
    seen: set[YamlPath] = set()
    for one in exits(page):
        if one.branches and one.path not in seen:
            seen.add(one.path)
            yield one.branches, one.path


def onward(page: ScriptPage) -> list[str]:
    """The names of the pages that may follow this one, or be shown instead."""
    return list(dict.fromkeys(branch.page for branches, _path in branch_lists(page) for branch in branches))


def all_onward(script: Script) -> dict[str, list[str]]:
    """`onward` of every page, by its name."""
    return {page.name: onward(page) for page in script.pages}


def reached(script: Script, unanswered: Collection[str] = ()) -> set[str]:
    """The pages to which a way leads from the first one. Those of `unanswered` may be passed over, but are not answered."""
    pages, ahead = {page.name: page for page in script.pages}, all_onward(script)
    found: set[str] = set()
    waiting = [script.first.name]
    while waiting:
        page = pages.get(waiting.pop())
        if page is None or page.name in found:
            continue
        found.add(page.name)
        if page.name not in unanswered:
            waiting += ahead[page.name]
        elif page.passed_over is not None:
            waiting += [branch.page for branch in page.passed_over.next]
    return found


def before(script: Script, name: str) -> set[str]:
    """The pages from which a way leads to this one."""
    behind: dict[str, list[str]] = {}
    for start, ends in all_onward(script).items():
        for end in ends:
            behind.setdefault(end, []).append(start)
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for start in behind.get(waiting.pop(), ()):
            if start not in found:
                found.add(start)
                waiting.append(start)
    return found


def circle(script: Script) -> list[str]:
    """The pages on a circle or that lead into one, [] for none: going back is the runner's work, a script leads on and ends."""
    ahead = {name: {end for end in ends if script.page(end)} for name, ends in all_onward(script).items()}
    while finished := {name for name, following in ahead.items() if not following & ahead.keys()}:
        ahead = {name: following for name, following in ahead.items() if name not in finished}
    return list(ahead)


def most_ahead(script: Script, name: str) -> int:
    """How many pages may still follow this one, never more than the script has."""
    onward_of = all_onward(script)
    ahead = dict.fromkeys(onward_of, 0)
    for _round in script.pages:
        longer = {page: max((1 + ahead[to] for to in ends if to in ahead), default=0) for page, ends in onward_of.items()}
        if longer == ahead:
            break
        ahead = longer
    return min(ahead.get(name, 0), len(script.pages) - 1)
