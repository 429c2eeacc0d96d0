"""Walking through a script as an agent would, before any call: what is said, which branch was taken, and why. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.condition_words import condition_words
from scripts.conditions import facts_in, holds
from scripts.facts import Known, Situation, Value
from scripts.model import Condition, Next, Script
from scripts.progress import Progress, Taken
from scripts.runner import Said, known_in, standing, start, step, ways_of


@dataclass(frozen=True, slots=True)
class Looked:
    """A fact that a branch asked about; `value` is None where it is not known."""

    fact: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Tested:
    """A branch, in the order in which they are looked at: where it leads, its condition as it is written ("" for none), and whether
    it was open. `passing`: this was whether the page before it is passed over."""

    page: str
    when: str
    held: bool
    looked: tuple[Looked, ...] = ()
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the walk: from a page by an answer, over the branches that were looked at, to another page."""

    start: str
    answer: str
    tested: tuple[Tested, ...]
    end: str


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the walk stands, and each step that led there; `steps[0]` is the beginning, with the answer "" and no page before."""

    progress: Progress
    steps: tuple[Step, ...]


def walk(script: Script, here: Situation, answers: Sequence[tuple[str, str]]) -> Walk:
    """Begin, and give these answers, each on its page. It stops at the first that is not taken: the script, or what is known,
    has changed since it was given."""
    progress = start(script, 0, here)
    steps = [Step("", "", tuple(_passed(script, script.first.name, known_in(script, progress, here))), progress.page)]
    for page, answer in answers:
        before = standing(script, progress, here)
        after = step(script, before, Said(script.name, page, answer), here)
        if len(after.taken) <= len(before.taken):
            break
        steps.append(_step(script, before.page, after, here))
        progress = after
    return Walk(progress, tuple(steps))


def facts_asked(script: Script) -> list[str]:
    """The facts of the call and the customer that any condition of the script asks about, in the order of the script."""
    found: dict[str, None] = {}
    conditions: list[Condition | None] = [script.opens_when]
    for page in script.pages:
        conditions += [page.passed_over.when] if page.passed_over else []
        ways = [page.next, *(answer.next for answer in page.answers)]
        ways += [page.ask.yes, page.ask.no] if page.ask else []
        ways += [page.passed_over.next] if page.passed_over else []
        conditions += [branch.when for way in ways for branch in way]
    for condition in conditions:
        found |= dict.fromkeys(facts_in(condition) if condition else ())
    return [name for name in found if "." not in name]


def _step(script: Script, page: str, after: Progress, here: Situation) -> Step:
    known, taken = known_in(script, after, here), after.taken[-1]
    way = _way(script, taken)
    tested = list(_tested(way, known))
    target = next((one.page for one in tested if one.held), "")
    return Step(page, taken.answer, (*tested, *_passed(script, target, known)), after.page)


def _way(script: Script, taken: Taken) -> Next:
    page = script.page(taken.page)
    return ways_of(page, taken.answer) if page is not None else ()


def _tested(way: Next, known: Known) -> list[Tested]:
    """The branches that were looked at: up to the first that is open."""
    found: list[Tested] = []
    for branch in way:
        held = branch.when is None or holds(branch.when, known)
        words = condition_words(branch.when) if branch.when is not None else ""
        found.append(Tested(branch.page, words, held, _looked(branch.when, known)))
        if held:
            break
    return found


def _passed(script: Script, name: str, known: Known) -> list[Tested]:
    """The pages that were passed over from this one on, with why; and why the last one was not."""
    found: list[Tested] = []
    for _page in script.pages:
        page = script.page(name)
        if page is None or page.passed_over is None:
            break
        when = page.passed_over.when
        held = holds(when, known)
        found.append(Tested(name, condition_words(when), held, _looked(when, known), passing=True))
        if not held:
            break
        onward = _tested(page.passed_over.next, known)
        found += onward
        name = next((one.page for one in onward if one.held), "")
    return found


def _looked(condition: Condition | None, known: Known) -> tuple[Looked, ...]:
    names = dict.fromkeys(facts_in(condition)) if condition is not None else {}
    return tuple(Looked(name, known.get(name)) for name in names)
