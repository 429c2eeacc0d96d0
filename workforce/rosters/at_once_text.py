"""The switch of swaps that are done at once, in the text of the rules: nothing else of the text is touched."""

import re

_SWAPS = re.compile(r"^swaps:(?P<same>[^#\n]*)(?P<told>#[^\n]*)?\n(?P<below>(?:[ \t]+[^\n]*\n)*)", re.MULTILINE)
_RULES = re.compile(r"^rules:", re.MULTILINE)


def with_at_once(text: str, yes: bool) -> str:
    """The same rules, where what two agents agree on is done at once or waits for a planner."""
    line = f"swaps: {{at_once: {'true' if yes else 'false'}}}"
    text = text if text.endswith("\n") else text + "\n"
    found = _SWAPS.search(text)
    if found is not None:
        told = f"  {found['told']}" if found["told"] else ""
        return f"{text[: found.start()]}{line}{told}\n{text[found.end() :]}"
    place = _RULES.search(text)
    at = place.start() if place else len(text)
    return f"{text[:at]}{line}\n{text[at:]}"
