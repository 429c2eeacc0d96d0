"""What does not go together on a page: answers beside a question, bounds of another kind of question, the same action twice."""

from collections.abc import Iterator

from scripts.condition_checks import Fault
from scripts.model import LONGEST_TEXT, OpenTicket, Question, QuestionType, Script, ScriptPage, Transfer, WriteNote
from scripts.runner import BACK

_MOST_DAYS = 3660
_BOUNDED = (QuestionType.NUMBER, QuestionType.AMOUNT, QuestionType.DATE, QuestionType.TEXT)


def form_faults(script: Script) -> Iterator[Fault]:
    """Everything on a page that does not go with something else on it."""
    for index, page in enumerate(script.pages):
        for fault in (*_asked(page), *_answers(page), *_actions(page), *_question(page.ask)):
            yield Fault(("pages", index, *fault.path), fault.message, fault.next_step)


def _asked(page: ScriptPage) -> Iterator[Fault]:
    if page.answers and page.ask is not None:
        yield Fault(("ask",), f"The page {page.name} has answers to choose from already.", "Keep `answers` or `ask`.")
    if page.dispositions and not page.is_end:
        step = "Take them out, or what leads on."
        yield Fault(("dispositions",), f"Dispositions belong to an end; {page.name} leads on.", step)
    if page.is_end and not page.dispositions:
        step = "Add `next`, `answers` or `ask`, or `dispositions` where it ends."
        yield Fault((), f"The page {page.name} is a dead end.", step)


def _answers(page: ScriptPage) -> Iterator[Fault]:
    names = [answer.name for answer in page.answers]
    for number, answer in enumerate(page.answers):
        place = ("answers", number, "name")
        if answer.name == BACK:
            yield Fault(place, "The answer back is the way back itself.", "Give it another name.")
        if answer.name in names[:number]:
            yield Fault(place, f"There are two answers {answer.name}.", "Give each a name of its own.")
        if not (answer.next or page.next):
            step = "Add `next` to it, or to the page."
            yield Fault(("answers", number), f"The answer {answer.name} leads nowhere.", step)


def _actions(page: ScriptPage) -> Iterator[Fault]:
    done = [action.does for action in page.actions]
    for number, action in enumerate(page.actions):
        if action.does in done[:number]:
            yield Fault(("actions", number), f"The page {page.name} does {action.does} twice.", "Do it on another page, or once.")
        if isinstance(action, OpenTicket | WriteNote | Transfer) and action.words is not None:
            most = 150 if isinstance(action, OpenTicket) else LONGEST_TEXT
            for language in ("id", "en"):
                if len(action.words.in_language(language)) > most:
                    place = ("actions", number, "words", language)
                    yield Fault(place, f"These words are longer than {most} letters.", "Shorten them.")


def _question(ask: Question | None) -> Iterator[Fault]:
    if ask is None:
        return
    is_yes_no = ask.type is QuestionType.YES_NO
    for name, way in (("yes", ask.yes), ("no", ask.no)):
        if way and not is_yes_no:
            yield Fault(("ask", name), f"`{name}` belongs to a question of the type yes_no.", "Write `next` on the page.")
    if is_yes_no and ask.may_be_empty:
        yield Fault(("ask", "may_be_empty"), "A question of yes or no is always answered.", "Take it out.")
    for name, limit in (("at_least", ask.at_least), ("at_most", ask.at_most)):
        if limit is not None:
            yield from _bound(ask.type, name, limit)
    if ask.at_least is not None and ask.at_most is not None and ask.at_least > ask.at_most:
        yield Fault(("ask", "at_most"), "No answer fits: the upper bound is below the lower one.", "Correct one of the two.")


def _bound(kind: QuestionType, name: str, limit: int) -> Iterator[Fault]:
    place = ("ask", name)
    if kind not in _BOUNDED:
        yield Fault(place, "A question of yes or no has no bounds.", "Take it out.")
    elif kind is QuestionType.TEXT and (name == "at_least" or not 1 <= limit <= LONGEST_TEXT):
        yield Fault(place, "A text has only a greatest length.", f"Write `at_most`: from 1 to {LONGEST_TEXT} letters.")
    elif kind is QuestionType.DATE and abs(limit) > _MOST_DAYS:
        yield Fault(place, "This day is too far away.", f"Write days from today, {_MOST_DAYS} at most.")
    elif abs(limit) >= 10**15:
        yield Fault(place, "This number is too large.", "Use one with 15 digits at most.")
