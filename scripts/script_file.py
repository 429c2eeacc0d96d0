"""Reads a script that people wrote as YAML, and says where it can't be used and what to write instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import BadInput
from core.problem import Faults, Problem
from core.yaml_form import Advice, read_form
from core.yaml_places import YamlPath, line_of
from core.yaml_words import typed_words
from crm.tickets import TicketSubject
from scripts.checks import Surroundings, script_faults
from scripts.condition_checks import Fault
from scripts.model import ACTIONS, MOST_PAGES, QuestionType, Script

LONGEST_SCRIPT = 120_000  # characters: ten times what a long one has, and still read in a few seconds
_NEXT_STEP = "Correct the script and try again."
_CHOICES = {
    "type": ", ".join(kind.value for kind in QuestionType), "about": ", ".join(subject.value for subject in TicketSubject),
}  # fmt: skip
_WORDS: Mapping[str, Advice] = {
    "string_pattern_mismatch": (
        "%(part)s: a name is made of small letters, digits and _, and begins with a letter.", "Write it so; reports show it.",
    ),
    "string_too_long": ("%(part)s is too long.", "Use at most 1000 letters."),
    "string_type": ("%(part)s is no text.", "Write words; in quotes where they look like a number or like true."),
    "dict_type": ("%(part)s is no condition.", "Write facts with what they must be, such as {overdue_amount: {more_than: 0}}."),
    "union_tag_invalid": (
        "%(part)s: there is no such action.", f"Write `does`: one of {', '.join(ACTIONS)}.",
    ),
    "union_tag_not_found": (
        "%(part)s: it is not said what is done.", f"Write `does`: one of {', '.join(ACTIONS)}.",
    ),
}  # fmt: skip
_MISSING: Mapping[str, Advice] = {
    "id": ("The Indonesian words are missing.", "Add `id` with the Indonesian words."),
    "en": ("The English words are missing.", "Add `en` with the English words."),
}


@dataclass(frozen=True, slots=True)
class ScriptText:
    """A script with its text and the line on which each part of it stands. `source` names where it comes from."""

    script: Script
    text: str
    lines: Mapping[YamlPath, int]
    source: str

    def place(self, *path: str | int) -> str:
        """The place of a part as people find it: "billing.yaml, line 12"."""
        return f"{self.source}, line {line_of(self.lines, path)}"

    def problem(self, fault: Fault) -> Problem:
        """A fault with its line."""
        return Problem(self.place(*fault.path), fault.message, fault.next_step, fault.serious)


def script_problems(text: str, source: str, around: Surroundings | None = None) -> list[Problem]:
    """Everything wrong with a text as a script, in the order of its lines."""
    found = read_form_of(text, source)
    if not isinstance(found, ScriptText):
        return found
    return _sorted(found.problem(fault) for fault in script_faults(found.script, around))


def read_script(text: str, source: str) -> ScriptText:
    """The script of a YAML text. Raises Faults that names every part that can't be used, with its line."""
    found = read_form_of(text, source)
    if not isinstance(found, ScriptText):
        raise Faults(found, _NEXT_STEP)
    serious = [fault for fault in script_faults(found.script) if fault.serious]
    if serious:
        raise Faults(_sorted(found.problem(fault) for fault in serious), _NEXT_STEP)
    return found


def read_form_of(text: str, source: str) -> ScriptText | list[Problem]:
    """The script of a text that has the form of one, whatever else may be wrong; or what keeps it from having it."""
    if len(text) > LONGEST_SCRIPT:
        return [Problem(f"{source}, line 1", f"The script has more than {LONGEST_SCRIPT} letters.", "Shorten it.")]
    script, lines, problems = read_form(text, source, Script, _words)
    return problems if script is None else ScriptText(script, text, lines, source)


def text_of_file(file: Path) -> str:
    """What stands in a file. Raises BadInput."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"{file} can't be read: {problem}.", "Check the file's name; it must be YAML in UTF-8.") from None


def _sorted(problems: Any) -> list[Problem]:
    return sorted(problems, key=lambda one: one.line)


def _words(error: Any) -> Advice | None:
    last = str(error["loc"][-1]) if error["loc"] else ""
    kind = error["type"]
    if kind == "missing" and last in _MISSING:
        return _MISSING[last]
    if kind == "too_short":
        return _too_short(last)
    if kind in ("enum", "literal_error"):
        return "%(part)s: there is no such choice.", f"Use one of: {_CHOICES.get(last, error['ctx'].get('expected', ''))}."
    if kind in ("model_type", "model_attributes_type"):
        return _no_part(last)
    if kind == "tuple_type":
        return "%(part)s is no list.", "Write a list: each part on a line of its own that begins with a dash."
    if kind == "too_long" and last == "answers":
        return "%(part)s: there are more answers than keys.", "Use 9 at most."
    if kind == "too_long" and last == "pages":
        return "%(part)s: there are too many pages.", f"Use {MOST_PAGES} at most."
    return typed_words(error, _WORDS)


def _too_short(last: str) -> Advice:
    if last in ("when", "opens_when"):
        return "%(part)s says nothing.", "Write a fact with what it must be, or take it out."
    return "%(part)s is empty.", "Write at least one."


def _no_part(last: str) -> Advice:
    if last in ("title", "say", "label", "words"):
        return "%(part)s is not in two languages.", "Write it as {id: …, en: …}."
    return "%(part)s does not have the right form.", "Compare it with another one in this file."
