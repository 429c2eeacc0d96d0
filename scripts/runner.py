"""Going through a script: pure steps from page to page, safe whatever is answered, so that a call never waits for us."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from scripts.model import Script, ScriptPage
from scripts.wording import fill

BACK = "back"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a conversation stands: the page open now, and the (page, answer) pairs taken to it, oldest first."""

    script: str
    page: str
    taken: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> str:
        """One line of JSON, for `resume`."""
        return json.dumps({"script": self.script, "page": self.page, "taken": self.taken})


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer as the page shows it: `key` is the number of its shortcut (Alt+1…9), `name` goes to `step`."""

    key: int
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the agent reads it: plain text, to be escaped like any other. "Page `number` of at most `of`"."""

    script: str
    name: str
    script_title: str
    title: str
    say: str
    choices: tuple[Choice, ...]
    number: int
    of: int
    can_go_back: bool
    dispositions: tuple[str, ...]

    @property
    def is_end(self) -> bool:
        """Nothing more to ask: `dispositions` names the codes that fit."""
        return not self.choices


def start(script: Script) -> Progress:
    """The beginning of the script."""
    return Progress(script.name, script.first.name)


def step(script: Script, progress: Progress, answer: str) -> Progress:
    """The progress after `answer` (the name of one of the page's answers, or BACK).

    An answer that the open page does not have changes nothing: a late key or a second tab does no harm.
    """
    progress = _standing(script, progress)
    if answer == BACK:
        return Progress(script.name, progress.taken[-1][0], progress.taken[:-1]) if progress.taken else progress
    chosen = next((each for each in _open_page(script, progress).answers if each.name == answer), None)
    if chosen is None or script.page(chosen.next) is None:
        return progress
    return Progress(script.name, chosen.next, (*progress.taken, (progress.page, answer)))


def page(script: Script, progress: Progress, language: str, fields: Mapping[str, str]) -> Page:
    """The open page in this language ("id", else English), filled with the fields of scripts.fields."""
    progress = _standing(script, progress)
    shown = _open_page(script, progress)
    number = len(progress.taken) + 1
    return Page(
        script=script.name,
        name=shown.name,
        script_title=fill(script.title.in_language(language), fields, language),
        title=fill(shown.title.in_language(language), fields, language),
        say=fill(shown.say.in_language(language), fields, language),
        choices=tuple(
            Choice(key, answer.name, fill(answer.label.in_language(language), fields, language))
            for key, answer in enumerate(shown.answers, start=1)
        ),
        number=number,
        of=number + _most_ahead(script, shown),
        can_go_back=bool(progress.taken),
        dispositions=shown.dispositions,
    )


def resume(script: Script, text: str) -> Progress:
    """The progress written by `to_json`; the beginning when it is unreadable or belongs to another script."""
    try:
        body = json.loads(text)
        taken = tuple((str(page_name), str(answer)) for page_name, answer in body["taken"])
        return _standing(script, Progress(str(body["script"]), str(body["page"]), taken))
    except (ValueError, TypeError, KeyError):
        return start(script)


def _standing(script: Script, progress: Progress) -> Progress:
    """The same progress, or the beginning when the script has changed under it."""
    pages = (progress.page, *(page_name for page_name, _answer in progress.taken))
    known = progress.script == script.name and all(script.page(name) for name in pages)
    return progress if known else start(script)


def _open_page(script: Script, progress: Progress) -> ScriptPage:
    return script.page(progress.page) or script.first


def _most_ahead(script: Script, shown: ScriptPage) -> int:
    """How many pages may still follow this one, never more than the script has."""
    ahead = {each.name: 0 for each in script.pages}
    for _round in script.pages:
        ahead = {
            each.name: max((1 + ahead[answer.next] for answer in each.answers if answer.next in ahead), default=0)
            for each in script.pages
        }
    return min(ahead[shown.name], len(script.pages) - 1)
