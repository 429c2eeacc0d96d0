"""What can be wrong with a script beyond its form, each with its place: ways, conditions, questions, words."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from core.yaml_places import YamlPath
from scripts import dispositions
from scripts.answers import asks, kind_of
from scripts.condition_checks import Askable, Fault, condition_faults
from scripts.facts import ANSWER, FACTS, Fact
from scripts.form_checks import form_faults
from scripts.model import Condition, Script, ScriptPage, Transfer
from scripts.way_checks import way_faults
from scripts.ways import before, branch_lists
from scripts.wording_checks import wording_faults


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What scripts must go with: the queues there are, and the codes of why callers call. Empty ones are not looked at."""

    queues: Collection[str] = ()
    reasons: Collection[str] = ()


def script_faults(script: Script, around: Surroundings | None = None) -> list[Fault]:
    """Everything wrong with this script; nothing serious among it when an agent can use it safely.

    A script without serious faults ends, whatever is answered and whatever is known.
    """
    around = around or Surroundings()
    faults = [*_same_names(script), *form_faults(script)]
    if not faults:
        faults += way_faults(script)
        faults += _conditions(script, around)
        faults += wording_faults(script)
    return [*faults, *_dispositions(script), *_queues(script, around)]


def _same_names(script: Script) -> Iterator[Fault]:
    pages = [page.name for page in script.pages]
    for index, name in enumerate(pages):
        if name in pages[:index]:
            yield Fault(("pages", index, "name"), f"There are two pages {name}.", "Give each a name of its own.")


def _conditions(script: Script, around: Surroundings) -> Iterator[Fault]:
    answers = {f"{ANSWER}{page.name}": Fact(*kind_of(page)) for page in script.pages if asks(page)}
    facts = {**FACTS, "reason": _among(FACTS["reason"], around.reasons), "queue": _among(FACTS["queue"], around.queues)}
    nothing_answered = Askable(facts, frozenset(answers))
    if script.opens_when is not None:
        yield from condition_faults(script.opens_when, ("opens_when",), nothing_answered)
    for index, page in enumerate(script.pages):
        earlier = {f"{ANSWER}{name}" for name in before(script, page.name)}
        for condition, path, answered in _conditions_of(page):
            there = earlier | ({f"{ANSWER}{page.name}"} if answered else set())
            known = {name: fact for name, fact in answers.items() if name in there}
            askable = Askable({**facts, **known}, frozenset(answers) - frozenset(known))
            yield from condition_faults(condition, ("pages", index, *path), askable)


def _conditions_of(page: ScriptPage) -> Iterator[tuple[Condition, YamlPath, bool]]:
    """Every condition of a page, where it stands in it, and whether the page itself is answered by then."""
    if page.passed_over is not None:
        yield page.passed_over.when, ("passed_over", "when"), False
    for branches, path in branch_lists(page):
        for number, branch in enumerate(branches):
            if branch.when is not None:
                yield branch.when, (*path, number, "when"), path[0] != "passed_over"


def _among(fact: Fact, choices: Collection[str]) -> Fact:
    return replace(fact, choices=tuple(choices))


def _dispositions(script: Script) -> Iterator[Fault]:
    queues = script.queues or ("general",)
    for index, page in enumerate(script.pages):
        for number, code in enumerate(page.dispositions):
            place = ("pages", index, "dispositions", number)
            for queue in queues:
                offered = [each.code for each in dispositions.for_queue(queue)]
                if code not in offered:
                    step = f"Use one of: {', '.join(offered)}."
                    yield Fault(place, f"The queue {queue} does not offer the disposition {code}.", step)


def _queues(script: Script, around: Surroundings) -> Iterator[Fault]:
    """Queues that there are not: those that the script is for, and those to which it hands callers over."""
    named: list[tuple[YamlPath, str]] = [(("queues", number), queue) for number, queue in enumerate(script.queues)]
    for index, page in enumerate(script.pages):
        for number, action in enumerate(page.actions):
            if isinstance(action, Transfer):
                named.append((("pages", index, "actions", number, "to"), action.to))
    for place, queue in named:
        if around.queues and queue not in around.queues:
            near = get_close_matches(queue, around.queues, n=1)
            step = f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(around.queues)}."
            yield Fault(place, f"There is no queue {queue}.", step)
