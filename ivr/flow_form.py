"""What keeps a text from being a flow at all: no YAML, or parts that don't fit the form. Each with its line, in plain words."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from core.errors import BadInput
from core.yaml_places import YamlPath, line_of, load_with_lines
from ivr.flow import Flow
from ivr.flow_problem import Problem

LONGEST_FLOW = 100_000  # characters; four times the flow that Halo ships
MOST_PHRASES = 120  # of one menu: no caller is told apart among more, and each is compared with each

_NO_YAML_STEP = "Look at indentation, colons, quotes and brackets, here and just above."
_FITTING = {
    "key": ("a key is one of 1 to 9 or *.", "0 is always a person."),
    "phrases": ("a phrase has 2 to 60 letters, spaces, ' or -; no digits.", "Write it as it is spoken."),
    "name": ("a name is made of small letters, digits and _, and begins with a letter.", "Write it so; reports show it."),
}
_FORMS = {
    "missing": ("%(part)s is missing.", "Add it."),
    "extra_forbidden": ("%(part)s is not known here.", "Correct its spelling, or take it out."),
    "string_too_long": ("%(part)s is too long.", "A sentence has at most 600 characters: divide it."),
    "string_too_short": ("%(part)s is empty.", "Write the words."),
    "too_short": ("%(part)s is empty.", "Write at least one."),
    "greater_than_equal": ("%(part)s is too small.", "Use 1 to 30 seconds."),
    "less_than_equal": ("%(part)s is too large.", "Use 1 to 30 seconds."),
}
_OURS = (
    ("leads two ways", "this choice leads two ways.", "Keep one of `does`, `menu`, `queue` and `tell`."),
    ("nobody can choose it", "nobody can choose it.", "Give it a key or phrases."),
    ("`say` goes with", "`say` goes with `only_if`.", "Write the words into the question instead."),
)


def read_form(text: str, source: str) -> tuple[Flow | None, Mapping[YamlPath, int], list[Problem]]:
    """The flow of a YAML text with the line of each part; None, and why, when it is none. `source` names where it comes from."""
    try:
        data, lines = load_with_lines(text)
    except BadInput as problem:
        place, _colon, why = problem.message.partition(": ")
        return None, {}, [_no_yaml(f"{source}, {place}", why.rstrip("."))]
    try:
        return Flow.model_validate(data), lines, []
    except ValidationError as problem:
        found = (_misfit(source, lines, error) for error in problem.errors(include_url=False))
        return None, lines, sorted(found, key=lambda one: one.line)


def crowded_menus(flow: Flow, lines: Mapping[YamlPath, int], source: str) -> Iterator[Problem]:
    """Menus with more phrases than can be told apart."""
    for name, menu in flow.menus.items():
        count = sum(len(choice.all_phrases()) for choice in menu.choices)
        if count > MOST_PHRASES:
            place = f"{source}, line {line_of(lines, ('menus', name))}"
            yield Problem(
                place, f"This menu has {count} phrases, more than {MOST_PHRASES}.", "Take some out, or make two menus of it."
            )


def _no_yaml(place: str, why: str) -> Problem:
    if " stands here twice, first in " in why:
        return Problem(place, f"{why}.", "Keep one of the two.")
    if "a reference" in why:
        return Problem(place, "A reference (*name) is not allowed.", "Write the words out.")
    if "no text may hold" in why:
        return Problem(place, "There is a sign here that no text may hold.", "Take it out, or type the line again.")
    return Problem(place, f"This can't be read as YAML: {why}.", _NO_YAML_STEP)


def _misfit(source: str, lines: Mapping[YamlPath, int], error: Any) -> Problem:
    path = error["loc"]
    place = f"{source}, line {line_of(lines, path)}"
    part = ".".join(str(one) for one in path if one != "[key]") or "The file"
    if error["type"] == "value_error":
        for sign, what, step in _OURS:
            if sign in error["msg"]:
                return Problem(place, f"{part}: {what}", step)
    if error["type"] in _FORMS:
        what, step = _FORMS[error["type"]]
        return Problem(place, what % {"part": part}, step)
    if error["type"] == "string_pattern_mismatch":
        kind = next((one for one in ("phrases", "key") if one in path), "name")
        if path[-1] == "[key]" and kind == "phrases":
            return Problem(place, f"{part}: a language is id or en.", "Use one of the two.")
        return Problem(place, f"{part}: {_FITTING[kind][0]}", _FITTING[kind][1])
    return Problem(place, f"{part} does not have the right form.", "Compare it with another one in this file.")
