"""Texts of scripts: those in force, earlier ones, drafts, and what is wrong with one that a page sends."""

import re
import threading
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from agent_desktop.roles import user_here
from agent_desktop.script_surroundings import surroundings
from agent_desktop.sent_text import unwritable_line
from agent_desktop.services import services
from core.errors import BadInput, NotFound
from core.problem import Problem
from core.text_drafts import Author
from scripts.checks import script_faults
from scripts.library import new_problems, shipped_texts
from scripts.model import SLUG
from scripts.script_drafts import SCRIPT_DRAFTS, ScriptDraft
from scripts.script_file import ScriptText, read_form_of
from scripts.script_versions import ScriptPublication, publications_of
from scripts.scripts_in_force import texts_in_force

_checking = threading.Lock()  # one check at a time: agents' pages come from this process too


@dataclass(frozen=True, slots=True)
class NumberedText:
    """A script's text by its number; 0 is the one that Halo ships, or "" where it ships none: a new script. `publication` is None
    for these."""

    number: int
    text: str
    publication: ScriptPublication | None

    @property
    def is_there(self) -> bool:
        """Whether the script is in force at all."""
        return bool(self.text)


def check_name(name: str) -> None:
    """Raises NotFound for what can be no script's name."""
    if not re.fullmatch(SLUG, name):
        raise NotFound("That is no name of a script.", "Choose one on the page of scripts.")


def text_in_force(session: Session, name: str) -> NumberedText:
    """The text in force."""
    found = publications_of(name).in_force(session)
    return NumberedText(found.number, found.content, found) if found and found.number else NumberedText(0, _shipped(name), None)


def text_numbered(session: Session, name: str, number: int) -> NumberedText:
    """The text of this number. Raises NotFound."""
    if number == 0:
        return NumberedText(0, _shipped(name), None)
    found = publications_of(name).text_of(session, number)
    return NumberedText(number, found.content, found)


def number_asked(text: str) -> int:
    """The number of a version in an address. Raises BadInput."""
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise BadInput("That is no version.", "Choose one on the page.")
    return int(text)


def own_draft(session: Session, name: str) -> ScriptDraft | None:
    """The draft of who is here."""
    return SCRIPT_DRAFTS.draft_of(session, name, user_here().login)


def keep_text(name: str, text: str, based_on: int, mark: str) -> str:
    """Keep this as the draft of who is here; returns its mark, "" when it is what is in force. Raises StaleDraft."""
    here, user = services(), user_here()
    with here.database.writing() as session:
        current = text_in_force(session, name)
        kept_mark = SCRIPT_DRAFTS.keep(session, name, Author(user.login, user.name), text, based_on, mark, here.clock.now())
        if text == current.text and based_on == current.number:
            SCRIPT_DRAFTS.drop(session, name, user.login)
            kept_mark = ""
        session.commit()
    return kept_mark


def read(text: str, name: str) -> ScriptText | tuple[Problem, ...]:
    """The script of a text that has the form of one, whatever else is wrong, else why it has not; those seen last are not read
    again."""
    line = unwritable_line(text)
    if line:
        step = "Take it out, or type the line again."
        return (Problem(f"{name}, line {line}", "There is a sign here that no text may hold.", step),)
    with _checking:
        return _read(text, name)


def problems_of(found: ScriptText | tuple[Problem, ...], name: str) -> list[Problem]:
    """What `./halo scripts check FILE` says of it, and whether it is this script at all; in the order of its lines."""
    if not isinstance(found, ScriptText):
        return list(found)
    around = surroundings(services().policy().names)
    with _checking:
        problems = [found.problem(fault) for fault in script_faults(found.script, around)]
    if found.script.name != name:
        message = f"This script is called {found.script.name}, but {name} is edited here."
        problems.append(Problem(found.place("name"), message, "Write its own name after `name:`."))
    else:
        with services().database.reading() as session:
            others = [text for text, _number in texts_in_force(session)]
        for problem in new_problems(others, {name: found}):
            own = problem.place.startswith(f"{found.source}, ")
            problems.append(problem if own else Problem(found.place("name"), problem.message, problem.next_step))
    return sorted(problems, key=lambda problem: problem.line)


def _shipped(name: str) -> str:
    return next((text.text for text in shipped_texts() if text.script.name == name), "")


@lru_cache(maxsize=16)
def _read(text: str, name: str) -> ScriptText | tuple[Problem, ...]:
    found = read_form_of(text, name)
    return found if isinstance(found, ScriptText) else tuple(found)
