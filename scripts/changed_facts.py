"""A situation with other facts, as somebody writes them down to try a script with them."""

import re
from collections.abc import Mapping
from dataclasses import replace

from core.errors import BadInput
from scripts.facts import FACTS, Kind, Situation, Value

_YES_NO = {"yes": True, "no": False}
_WHOLE = re.compile(r"-?[0-9]{1,15}")


def with_facts(here: Situation, written: Mapping[str, str]) -> Situation:
    """The situation with these facts in place of its own; "" for what shall not be known. Raises BadInput that names the fact."""
    known = dict(here.known)
    for name, text in written.items():
        if name not in FACTS:
            raise BadInput(f"There is no fact {name}.", "Load the page again.")
        text = text.strip()
        if text:
            known[name] = _value(name, text)
        else:
            known.pop(name, None)
    return replace(here, known=known)


def written_fact(value: Value | None) -> str:
    """A fact as it is written down: what `with_facts` reads."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _value(name: str, text: str) -> Value:
    match FACTS[name].kind:
        case Kind.YES_NO if text in _YES_NO:
            return _YES_NO[text]
        case Kind.NUMBER | Kind.AMOUNT if _WHOLE.fullmatch(text):
            return int(text)
        case Kind.WORD:
            return text
        case Kind.WORDS:
            return frozenset(word for word in (part.strip() for part in text.split(",")) if word)
    raise BadInput(f"{name} is {FACTS[name].kind}.", "Correct it, or leave it empty: not known.")
