"""What keeps a text from being a flow at all: no YAML, or parts that don't fit the form. Each with its line, in plain words."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.problem import Problem
from core.yaml_form import Advice, read_form
from core.yaml_places import YamlPath, line_of
from ivr.flow import Flow

LONGEST_FLOW = 100_000  # characters; four times the flow that Halo ships
MOST_PHRASES = 120  # of one menu: no caller is told apart among more, and each is compared with each

_BY_LANGUAGE = frozenset({"ask", "invite", "tell", "say", "title", "phrases", "person_phrases", "repeat_phrases"})
_FITTING: Mapping[str, Advice] = {
    "key": ("%(part)s: a key is one of 1 to 9 or *.", "0 is always a person."),
    "phrases": ("%(part)s: a phrase has 2 to 60 letters, spaces, ' or -; no digits.", "Write it as it is spoken."),
    "name": (
        "%(part)s: a name is made of small letters, digits and _, and begins with a letter.", "Write it so; reports show it.",
    ),
}  # fmt: skip
_FORMS: Mapping[str, Advice] = {
    "string_too_long": ("%(part)s is too long.", "A sentence has at most 600 characters: divide it."),
    "string_too_short": ("%(part)s is empty.", "Write the words."),
    "greater_than_equal": ("%(part)s is too small.", "Use 1 to 30 seconds."),
    "less_than_equal": ("%(part)s is too large.", "Use 1 to 30 seconds."),
}
_OURS: Mapping[str, Advice] = {
    "leads two ways": ("%(part)s: this choice leads two ways.", "Keep one of `does`, `menu`, `queue` and `tell`."),
    "nobody can choose it": ("%(part)s: nobody can choose it.", "Give it a key or phrases."),
    "`say` goes with": ("%(part)s: `say` goes with `only_if`.", "Write the words into the question instead."),
}


def read_flow_form(text: str, source: str) -> tuple[Flow | None, Mapping[YamlPath, int], list[Problem]]:
    """The flow of a YAML text with the line of each part; None, and why, when it is none. `source` names where it comes from."""
    return read_form(text, source, Flow, _words)


def crowded_menus(flow: Flow, lines: Mapping[YamlPath, int], source: str) -> Iterator[Problem]:
    """Menus with more phrases than can be told apart."""
    for name, menu in flow.menus.items():
        count = sum(len(choice.all_phrases()) for choice in menu.choices)
        if count > MOST_PHRASES:
            place = f"{source}, line {line_of(lines, ('menus', name))}"
            yield Problem(
                place, f"This menu has {count} phrases, more than {MOST_PHRASES}.", "Take some out, or make two menus of it."
            )


def _is_language(path: YamlPath) -> bool:
    """Whether the key of a part stands where a language must."""
    return path[-3] in _BY_LANGUAGE or (path[0] in ("connecting", "closed_words") and len(path) > 3)


def _words(error: Any) -> Advice | None:
    path = error["loc"]
    if error["type"] == "value_error":
        return next((advice for sign, advice in _OURS.items() if sign in error["msg"]), None)
    if error["type"] == "string_type" and isinstance(error["input"], dict):
        return "%(part)s: the colon in it makes two parts of it.", 'Write it in "quotes".'
    if path[-1] == "[key]" and _is_language(path):
        return "%(part)s: a language is id or en.", "Use one of the two."
    if error["type"] == "string_pattern_mismatch":
        kind = next((one for one in ("phrases", "key") if one in path), "name")
        return _FITTING[kind]
    return _FORMS.get(error["type"])
