"""What is wrong with the words of a script: fields that there are not, braces that name none, answers not given by then."""

from collections.abc import Iterator
from difflib import get_close_matches

from core.yaml_places import YamlPath
from scripts.answers import asks
from scripts.condition_checks import Fault
from scripts.facts import ANSWER
from scripts.model import OpenTicket, Script, ScriptPage, Transfer, Wording, WriteNote
from scripts.ways import reached
from scripts.wording import FALLBACKS, fields_in, has_stray_brace


def wording_faults(script: Script) -> Iterator[Fault]:
    """Everything wrong with what is said, read or written."""
    yield from _of_texts([(("title",), script.title)], set())
    for index, page in enumerate(script.pages):
        answered = _answered(script, page.name)
        for fault in _of_texts(list(_texts(page)), answered):
            yield Fault(("pages", index, *fault.path), fault.message, fault.next_step)


def _texts(page: ScriptPage) -> Iterator[tuple[YamlPath, Wording]]:
    yield ("title",), page.title
    yield ("say",), page.say
    for number, answer in enumerate(page.answers):
        yield ("answers", number, "label"), answer.label
    if page.ask is not None and page.ask.label is not None:
        yield ("ask", "label"), page.ask.label
    for number, action in enumerate(page.actions):
        if isinstance(action, OpenTicket | WriteNote | Transfer) and action.words is not None:
            yield ("actions", number, "words"), action.words


def _of_texts(texts: list[tuple[YamlPath, Wording]], answered: set[str]) -> Iterator[Fault]:
    for path, wording in texts:
        for language in ("id", "en"):
            text, place = wording.in_language(language), (*path, language)
            for name in fields_in(text):
                if name.startswith(ANSWER) and name not in answered:
                    what = f"{{{name}}} may not have been answered here."
                    step = "Say it only where every way comes by that page, and the page's answer can't be left empty."
                    yield Fault(place, what, step)
                elif not name.startswith(ANSWER) and name not in FALLBACKS:
                    near = get_close_matches(name, FALLBACKS, n=1)
                    step = f"Did you mean {{{near[0]}}}?" if near else f"Use one of: {', '.join(FALLBACKS)}."
                    yield Fault(place, f"There is no field {{{name}}}.", step)
            if has_stray_brace(text):
                yield Fault(place, "A brace here opens or closes no field.", "Write a field such as {customer_name}.")


def _answered(script: Script, name: str) -> set[str]:
    """The fields of the pages that have certainly been answered, with something, when this page is read."""
    sure = [page for page in script.pages if asks(page) and not (page.ask is not None and page.ask.may_be_empty)]
    return {f"{ANSWER}{page.name}" for page in sure if page.name != name and name not in reached(script, {page.name})}
