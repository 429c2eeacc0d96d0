"""A script before it is published: what is wrong by line, its map, and any page as a sample caller would have it read to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.problem import Problem
from scripts.answers import NO, YES, asks, given_answers, kind_of, longest
from scripts.checks import Surroundings
from scripts.facts import Kind
from scripts.model import Script, ScriptPage
from scripts.progress import Progress, Taken
from scripts.samples import Sample
from scripts.script_file import ScriptText, read_form_of, script_problems
from scripts.script_map import ScriptMap, script_map
from scripts.shown_page import Page, show
from scripts.ways import before

_LETTERS = "…"


@dataclass(frozen=True, slots=True)
class Preview:
    """`script` and `drawn` are None for a text that has not the form of a script."""

    problems: tuple[Problem, ...]
    script: Script | None
    drawn: ScriptMap | None


def preview(text: str, source: str, around: Surroundings | None = None) -> Preview:
    """Everything that an editor shows of a text, faults and all. Pure."""
    found = read_form_of(text, source)
    problems = tuple(script_problems(text, source, around))
    if not isinstance(found, ScriptText):
        return Preview(problems, None, None)
    return Preview(problems, found.script, script_map(found.script))


def preview_page(script: Script, name: str, sample: Sample, language: str) -> Page:
    """A page as this sample caller would have it read, with a likely answer on every page that may come before it.

    An unknown name is the first page.
    """
    page, here = script.page(name) or script.first, sample.situation()
    earlier = before(script, page.name)
    taken = tuple(
        Taken(each.name, _likely(each, here.today)) for each in script.pages if each.name in earlier and asks(each)
    )  # fmt: skip
    progress = Progress(script.name, 0, page.name, taken, len(taken))
    fields: Mapping[str, str] = sample.fields(language)
    return show(script, progress, language, fields, here.today)


def _likely(page: ScriptPage, today: date) -> str:
    """An answer that fits the page."""
    named = given_answers(page)
    if named:
        return YES if YES in named and NO in named else named[0]
    question = page.ask
    if question is None:
        return ""
    kind, _choices = kind_of(page)
    low = question.at_least if question.at_least is not None else min(1, question.at_most or 1)
    match kind:
        case Kind.DATE:
            return date.fromordinal(max(1, min(today.toordinal() + low, date.max.toordinal()))).isoformat()
        case Kind.TEXT:
            return _LETTERS[: longest(question)]
    return str(low)
