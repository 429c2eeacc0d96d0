"""A YAML text read into a form: what keeps it from fitting, each with its line, in plain words with a next step."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import BadInput
from core.problem import Problem
from core.yaml_fields import Path, meant_name, numbers_as_words
from core.yaml_places import YamlPath, line_of, load_with_lines

_Form = TypeVar("_Form", bound=BaseModel)
Advice = tuple[str, str]
"""What is wrong, with %(part)s for the part of the file, and what to do."""
Words = Callable[[Any], Advice | None]
"""Says of one of pydantic's errors what is wrong; None when there is nothing better to say than usual."""

_TAB = r"'\t'"  # as the YAML library writes it
_NO_YAML_STEP = "Look at indentation, colons, quotes and brackets, here and just above."
_FORMS: Mapping[str, Advice] = {
    "missing": ("%(part)s is missing.", "Add it."),
    "extra_forbidden": ("%(part)s is not known here.", "Correct its spelling, or take it out."),
    "too_short": ("%(part)s is empty.", "Write at least one."),
}
_NO_PARTS: Advice = ("%(part)s has no parts with names.", "Begin with a copy of one that works.")
_OTHER: Advice = ("%(part)s does not have the right form.", "Compare it with another one in this file.")


def read_form(
    text: str, source: str, form: type[_Form], words: Words
) -> tuple[_Form | None, Mapping[YamlPath, int], list[Problem]]:
    """The form of a YAML text with the line of each part; None, and why, when it does not fit.

    `source` names where the text comes from.
    """
    try:
        data, lines = load_with_lines(text)
    except BadInput as problem:
        place, _colon, why = problem.message.partition(": ")
        return None, {}, [_no_yaml(f"{source}, {place}", why.rstrip("."))]
    words_for_numbers = numbers_as_words(form, data)
    found = [Problem(f"{source}, line {line_of(lines, path)}", *_no_number(path)) for path in words_for_numbers]
    try:
        fits = form.model_validate(data)
    except ValidationError as problem:
        errors = (error for error in problem.errors(include_url=False) if error["loc"] not in words_for_numbers)
        found += [_misfit(source, lines, error, words, form) for error in errors]
    if not found:
        return fits, lines, []
    return None, lines, sorted(found, key=lambda one: one.line)


def _no_number(path: Path) -> Advice:
    return f"{_named(path)} is no number.", "Write one, such as 30."


def _named(path: Path) -> str:
    return ".".join(str(one) for one in path if one != "[key]") or "The file"


def _no_yaml(place: str, why: str) -> Problem:
    if " stands here twice, first in " in why:
        return Problem(place, f"{why}.", "Keep one of the two.")
    if "a reference" in why:
        return Problem(place, "A reference (*name) is not allowed.", "Write the words out.")
    if "no text may hold" in why:
        return Problem(place, "There is a sign here that no text may hold.", "Take it out, or type the line again.")
    if _TAB in why:
        return Problem(place, "There is a tab here.", "Indent with spaces.")
    if "RecursionError" in why:
        return Problem(place, "Too many brackets or steps lie one inside the other.", "Take some out.")
    return Problem(place, f"This can't be read as YAML: {why}.", _NO_YAML_STEP)


def _misfit(source: str, lines: Mapping[YamlPath, int], error: Any, words: Words, form: type[BaseModel]) -> Problem:
    no_parts = _NO_PARTS if error["type"] == "model_type" and not error["loc"] else None
    what, step = no_parts or words(error) or _FORMS.get(error["type"]) or _OTHER
    meant = meant_name(form, error["loc"]) if error["type"] == "extra_forbidden" else None
    if meant is not None:
        step = f"Write {meant}, or take it out."
    return Problem(f"{source}, line {line_of(lines, error['loc'])}", what % {"part": _named(error["loc"])}, step)
