"""A page of a script as an agent reads it: plain text, to be escaped like any other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scripts.answers import ON, asks, bounds, in_words, longest, yes_no_words
from scripts.facts import ANSWER
from scripts.model import (
    Action,
    MakeOffer,
    OpenTicket,
    Question,
    QuestionType,
    ScheduleCall,
    Script,
    ScriptPage,
    Transfer,
    WriteNote,
)
from scripts.progress import Progress
from scripts.runner import open_page
from scripts.ways import most_ahead
from scripts.wording import fill


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer as the page shows it: `key` is the number of its shortcut (Alt+1…9), `name` goes to `step`."""

    key: int
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """What is typed in: `kind` is number, amount, date or text; `low` and `high` are bounds as an input takes them, "" for none."""

    kind: str
    label: str
    low: str
    high: str
    longest: int
    may_be_empty: bool


@dataclass(frozen=True, slots=True)
class ShownAction:
    """Something that the desk does on this page; `words` is what it is about, or what is written. `about`: of a ticket its subject,
    of a hand-over the queue."""

    does: str
    about: str
    words: str


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered before: the page's title, the answer in words, and the agent who gave it."""

    title: str
    words: str
    agent: str


@dataclass(frozen=True, slots=True)
class Before:
    """What the open page was answered with before somebody went back to it, in the form that is kept, and the agent who did."""

    answer: str
    agent: str


@dataclass(frozen=True, slots=True)
class Page:
    """The open page. "Page `number` of at most `of`". One of `choices` and `field` is asked, the choices by the words of
    `question` where there are some; neither at an end, where `dispositions` names the codes that fit."""

    script: str
    version: int
    name: str
    script_title: str
    title: str
    say: str
    question: str
    choices: tuple[Choice, ...]
    field: Field | None
    actions: tuple[ShownAction, ...]
    given: tuple[Given, ...]
    number: int
    of: int
    can_go_back: bool
    dispositions: tuple[str, ...]
    before: Before | None = None

    @property
    def is_end(self) -> bool:
        """Nothing more to ask."""
        return not self.choices and self.field is None


_GO_ON = ("Lanjut", "Go on")


def show(script: Script, progress: Progress, language: str, fields: Mapping[str, str], today: date) -> Page:
    """The open page in this language ("id", else English), filled with `fields` (scripts.fields) and what was answered."""
    page = open_page(script, progress)
    filled = {**fields, **answer_fields(script, progress, language)}
    number = len(progress.taken) + 1
    return Page(
        script=script.name,
        version=progress.version,
        name=page.name,
        script_title=fill(script.title.in_language(language), filled, language),
        title=fill(page.title.in_language(language), filled, language),
        say=fill(page.say.in_language(language), filled, language),
        question=_question(page, language, filled),
        choices=_choices(page, language, filled),
        field=_field(page, language, filled, today),
        actions=tuple(_action(one, language, filled) for one in page.actions),
        given=tuple(_given(script, progress, language, filled)),
        number=number,
        of=number + most_ahead(script, page.name),
        can_go_back=bool(progress.taken),
        dispositions=page.dispositions,
        before=_before(page, progress),
    )


def answer_fields(script: Script, progress: Progress, language: str) -> dict[str, str]:
    """What was answered, in words, as fields of what is said: "answer.<page>"."""
    pages = ((script.page(one.page), one) for one in progress.taken)
    return {f"{ANSWER}{one.page}": in_words(page, one.answer, language) for page, one in pages if page and asks(page)}


def _question(page: ScriptPage, language: str, fields: Mapping[str, str]) -> str:
    """What is answered by yes or no, where that is other than what is said."""
    label = page.ask.label if page.ask is not None and page.ask.type is QuestionType.YES_NO else None
    return fill(label.in_language(language), fields, language) if label else ""


def _choices(page: ScriptPage, language: str, fields: Mapping[str, str]) -> tuple[Choice, ...]:
    if page.ask is not None and page.ask.type is not QuestionType.YES_NO:
        return ()
    if page.ask is not None:
        named = list(yes_no_words(language))
    elif page.answers:
        named = [(answer.name, fill(answer.label.in_language(language), fields, language)) for answer in page.answers]
    else:
        named = [(ON, _GO_ON[language != "id"])] if page.next else []
    return tuple(Choice(key, name, label) for key, (name, label) in enumerate(named, start=1))


def _field(page: ScriptPage, language: str, fields: Mapping[str, str], today: date) -> Field | None:
    question: Question | None = page.ask
    if question is None or question.type is QuestionType.YES_NO:
        return None
    low, high = bounds(question, today) if question.type is not QuestionType.TEXT else ("", "")
    label = fill((question.label or page.title).in_language(language), fields, language)
    return Field(question.type.value, label, low, high, longest(question), question.may_be_empty)


def _action(action: Action, language: str, fields: Mapping[str, str]) -> ShownAction:
    match action:
        case OpenTicket(does=does, about=about, words=words):
            return ShownAction(does, about.value, fill(words.in_language(language), fields, language) if words else "")
        case WriteNote(does=does, words=words):
            return ShownAction(does, "", fill(words.in_language(language), fields, language))
        case Transfer(does=does, to=to, words=words):
            return ShownAction(does, to, fill(words.in_language(language), fields, language) if words else "")
        case MakeOffer(does=does) | ScheduleCall(does=does):
            return ShownAction(does, "", "")


def _before(page: ScriptPage, progress: Progress) -> Before | None:
    was = progress.before() if asks(page) else None
    return Before(was.answer, was.agent) if was is not None else None


def _given(script: Script, progress: Progress, language: str, fields: Mapping[str, str]) -> list[Given]:
    found = []
    for one in progress.taken:
        page = script.page(one.page)
        if page is not None and asks(page):
            title = fill(page.title.in_language(language), fields, language)
            found.append(Given(title, in_words(page, one.answer, language), one.agent))
    return found
