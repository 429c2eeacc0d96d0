"""Reads conversations that people write as text; every error names the file and the line.

# What it shows, in a sentence: the title.
caller: Sari
records: slow

halo: greeting_morning
halo: "status pesanan"
caller: presses 1
halo: order_total amount="empat ratus"
halo: not "tagihan"
caller: says "terima kasih"
ends: contained, reason order_status:99000003
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from core.errors import BadInput
from core.written_file import read_written
from ivr.conversations.people import WHO
from ivr.conversations.story import Acts, Does, Ends, Hears, Hours, Records, Story
from ivr.spoken import LANGUAGES

SHIPPED_FOLDER = Path(__file__).with_name("shipped")
SUFFIX = ".txt"
_NEXT_STEP = "Correct the line; docs/conversations.md explains the form."
_LINE = re.compile(r"(\w+) *: *(.+)")
_KEY = re.compile(r"([a-z][a-z0-9_]*)((?: +\w+=\"[^\"]+\")*)")
_FIELD = re.compile(r'(\w+)="([^"]+)"')
_QUOTED = re.compile(r'"([^"]+)"')
_ENDS = re.compile(r"(queue|callback|contained|turned away|gone)(?: +(\w+))?")
_SPEECH = {Does.SAY: re.compile(r'says +"([^"]+)"'), Does.SAY_DOUBTFULLY: re.compile(r'says +doubtfully +"([^"]+)"')}
_QUEUE = re.compile(r"[a-z][a-z0-9_-]*")
_KEYS = re.compile(r"(?:presses|types) +([0-9*#]+)")
_OPEN = re.compile(r"(\d{1,2})-(\d{1,2})")
_AT_ONCE = " at once"
_LONGEST_STORY = 20_000  # letters
_DAY_H = 24


def read_story_file(file: Path) -> Story:
    """The conversation in a file. Raises BadInput."""
    return read_story(read_written(file, _LONGEST_STORY), file.name)


def shipped_stories() -> list[Story]:
    """Every conversation that Halo ships, by name."""
    return [read_story_file(file) for file in sorted(SHIPPED_FOLDER.glob(f"*{SUFFIX}"))]


def stories_with(own: Path) -> list[Story]:
    """The shipped conversations and those in the folder `own`, by name. There a file with the name of a shipped one stands in
    its place, and one that holds nothing but comments leaves it out. Raises BadInput.
    """
    files = {file.name: file for folder in (SHIPPED_FOLDER, own) for file in folder.glob(f"*{SUFFIX}")}
    return [read_story_file(file) for _name, file in sorted(files.items()) if not (file.parent == own and _says_nothing(file))]


def read_story(text: str, source: str) -> Story:
    """The conversation of a text. Raises BadInput that names the line."""
    head: dict[str, Any] = {}
    steps: list[Hears | Acts] = []
    ends: Ends | None = None
    title = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            title = title or line.lstrip("# ")
            continue
        try:
            found = _LINE.fullmatch(line)
            if found is None:
                raise ValueError("expected `halo: …`, `caller: …`, `ends: …`, or a setting such as `caller: Sari`")
            word, rest = found[1], found[2].strip()
            if ends is not None:
                raise ValueError("nothing comes after the end")
            if word == "ends":
                ends = _ends(number, rest)
            elif word == "halo":
                steps.append(_hears(number, rest))
            elif word == "caller" and _is_act(rest):
                steps.append(_acts(number, rest))
            elif steps:
                raise ValueError(f"{line!r} is nothing that a caller does; settings stand before the conversation")
            else:
                head |= _setting(word, rest)
        except ValueError as problem:
            raise BadInput(f"{source}, line {number}: {problem}.", _NEXT_STEP) from None
    if ends is None:
        raise BadInput(f"{source}: it does not say how the conversation ends.", "Add a last line such as `ends: queue general`.")
    return Story(source, title, tuple(steps), ends, **head)


def _says_nothing(file: Path) -> bool:
    text = file.read_text(encoding="utf-8", errors="replace")
    return all(line.strip().startswith("#") for line in text.splitlines() if line.strip())


def _setting(word: str, value: str) -> Mapping[str, Any]:
    if word not in _SETTINGS:
        raise ValueError(f"there is no setting {word!r}; there are {', '.join(_SETTINGS)}")
    name, read = _SETTINGS[word]
    return {name: read(value)}


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
        return value

    return read


def _queue(value: str) -> str:
    if not _QUEUE.fullmatch(value):
        raise ValueError(f"{value!r} is no queue; write their names with a space between them")
    return value


def _time(value: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y-%m-%d %H:%M")  # noqa: DTZ007  # local time of the contact center, as people write it
    except ValueError:
        raise ValueError(f"{value!r} is no time; write it as 2025-02-03 09:30") from None


def _hours(value: str) -> tuple[int, int]:
    found = _OPEN.fullmatch(value)
    if found is None or not int(found[1]) < int(found[2]) <= _DAY_H:
        raise ValueError(f"{value!r} are no hours; write them as 9-17")
    return int(found[1]), int(found[2])


_SETTINGS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "flow": ("flow", str),
    "caller": ("caller", _one_of(*WHO)),
    "time": ("at", _time),
    "language": ("language", _one_of(*LANGUAGES)),
    "dialled": ("dialled", str),
    "segment": ("segment", str),
    "records": ("records", lambda value: Records(_one_of(*Records)(value))),
    "recogniser": ("listening", lambda value: _one_of("good", "dead")(value) == "good"),
    "in_line": ("in_line", _queue),
    "open": ("open_hours", _hours),
    "closed": ("closed_queues", lambda value: frozenset(map(_queue, value.split()))),
    "hours": ("hours", lambda value: Hours(_one_of(*Hours)(value))),
    "not_by_phone": ("not_by_phone", str),
}


def _is_act(text: str) -> bool:
    return text.split()[0] in {does.value.split()[0] for does in Does} | {"types"} and text not in WHO


def _acts(number: int, text: str) -> Acts:
    at_once = text.endswith(_AT_ONCE)
    text = text.removesuffix(_AT_ONCE).strip()
    for does in (Does.SPEAK_UNCLEARLY, Does.LEAVE_MESSAGE, Does.LEAVE_MESSAGE_AND_GO, Does.KEEP_SILENT, Does.HANG_UP):
        if text == does:
            return Acts(number, does, at_once=at_once)
    if keys := _KEYS.fullmatch(text):
        return Acts(number, Does.PRESS, keys[1], at_once)
    for does, form in _SPEECH.items():
        if words := form.fullmatch(text):
            return Acts(number, does, words[1], at_once)
    raise ValueError(
        f'{text!r} is nothing that a caller does; they can: presses 1, types 99000003, says "…", says doubtfully "…", '
        "speaks unclearly, leaves a message, is silent, hangs up"
    )


def _hears(number: int, text: str) -> Hears:
    never = text.startswith("not ")
    text = text.removeprefix("not ").strip()
    if words := _QUOTED.fullmatch(text):
        return Hears(number, words=words[1], never=never)
    if key := _KEY.fullmatch(text):
        return Hears(number, key=key[1], fields=dict(_FIELD.findall(key[2])), never=never)
    raise ValueError(f'{text!r} is no sentence: give its key, as in order_total amount="…", or a part of its words in quotes')


def _ends(number: int, text: str) -> Ends:
    first, *others = (part.strip() for part in text.split(","))
    found = _ENDS.fullmatch(first)
    if found is None or (found[1] in ("queue", "callback")) != bool(found[2]):
        raise ValueError(f"{first!r} is no end: write `queue NAME`, `callback NAME`, `contained`, `turned away` or `gone`")
    values: dict[str, str] = {}
    for part in others:
        name, _, value = part.partition(" ")
        if name not in ("reason", "language", "customer") or not value:
            raise ValueError(f"{part!r} does not belong to an end: write `reason …`, `language …`, `customer …`")
        values[name] = value.strip()
    return Ends(number, found[1], found[2] or "", **values)
