"""What is wrong with the words of a script: fields that there are not, braces that name none, answers not given by then."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import partial

from core.yaml_places import YamlPath
from scripts.answers import asks
from scripts.condition_checks import Fault
from scripts.facts import ANSWER
from scripts.model import MakeOffer, OpenTicket, Script, ScriptPage, Transfer, Wording, WriteNote
from scripts.ways import reached
from scripts.wording import FALLBACKS, OFFER_FIELDS, fields_in, has_stray_brace


def wording_faults(script: Script) -> Iterator[Fault]:
    """Everything wrong with what is said, read or written."""
    answered = _Answered(script)
    yield from _of_texts([(("title",), script.title)], lambda _name: False, offers=False)
    for index, page in enumerate(script.pages):
        offers = any(isinstance(action, MakeOffer) for action in page.actions)
        for fault in _of_texts(list(_texts(page)), partial(answered.surely, page.name), offers):
            yield Fault(("pages", index, *fault.path), fault.message, fault.next_step)


class _Answered:
    """Which pages have certainly been answered, with something, when another one is read."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._without: dict[str, set[str]] = {}

    def surely(self, page: str, field: str) -> bool:
        """Whether the page of this field was answered on every way to `page`."""
        name = field.removeprefix(ANSWER)
        asked = self._script.page(name)
        if asked is None or name == page or not asks(asked) or (asked.ask is not None and asked.ask.may_be_empty):
            return False
        if name not in self._without:
            self._without[name] = reached(self._script, {name})
        return page not in self._without[name]


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


def _of_texts(texts: list[tuple[YamlPath, Wording]], answered: Callable[[str], bool], offers: bool) -> Iterator[Fault]:
    for path, wording in texts:
        for language in ("id", "en"):
            text, place = wording.in_language(language), (*path, language)
            for name in fields_in(text):
                if name.startswith(ANSWER) and not answered(name):
                    what = f"{{{name}}} may not have been answered here."
                    step = "Say it only where every way comes by that page, and the page's answer can't be left empty."
                    yield Fault(place, what, step)
                elif name in OFFER_FIELDS and not offers:
                    what = f"{{{name}}} is known only on a page that makes the offer."
                    yield Fault(place, what, "Add the action {does: offer} to this page, or say it on the page that has it.")
                elif not name.startswith(ANSWER) and name not in FALLBACKS:
                    near = get_close_matches(name, FALLBACKS, n=1)
                    step = f"Did you mean {{{near[0]}}}?" if near else f"Use one of: {', '.join(FALLBACKS)}."
                    yield Fault(place, f"There is no field {{{name}}}.", step)
            if has_stray_brace(text):
                yield Fault(place, "A brace here opens or closes no field.", "Write a field such as {customer_name}.")
