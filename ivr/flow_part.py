"""Where the parts of a flow stand in its text, and what callers hear there: for whoever edits it and wants to see the menu."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.flow import Choice, MenuText, closed_key, invite_key, offer_key, tell_key
from ivr.flow_file import FlowText
from ivr.spoken import LANGUAGES


@dataclass(frozen=True, slots=True)
class Place:
    """A menu and the lines of the text, from 1, on which it stands."""

    menu: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence: the key by which a recording may replace it, its words by language, and the line where each stands."""

    key: str
    words: Mapping[str, str]
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ChoiceHeard:
    """A choice with what is said about it and after it."""

    choice: Choice
    line: int
    said: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class MenuHeard:
    """A menu as callers go through it: the invitation, the question of each try, and what each choice says."""

    name: str
    menu: MenuText
    line: int
    invite: Heard | None
    tries: tuple[Heard, ...]
    choices: tuple[ChoiceHeard, ...]


def menu_places(text: FlowText) -> list[Place]:
    """Every menu in the order of the text; a menu ends where the next one begins."""
    begins = sorted((text.lines.get(("menus", name), 1), name) for name in text.flow.menus)
    ends = [line - 1 for line, _name in begins[1:]] + [text.text.count("\n") + 1]
    return [Place(name, line, max(line, end)) for (line, name), end in zip(begins, ends, strict=True)]


def menu_at(text: FlowText, line: int) -> str:
    """The menu in which this line stands; where it stands in none, the one with which a call begins."""
    found = next((place.menu for place in menu_places(text) if place.first <= line <= place.last), "")
    first = text.flow.first_menu("", "", is_open=True)
    return found or (first if first in text.flow.menus else next(iter(text.flow.menus)))


def menu_heard(text: FlowText, name: str) -> MenuHeard:
    """What callers hear at this menu. Raises KeyError for a menu that the flow does not have."""
    menu, here = text.flow.menus[name], ("menus", name)
    invite = _heard(text, invite_key(name), menu.invite, (*here, "invite")) if menu.invite else None
    choices = [
        ChoiceHeard(choice, text.lines.get((*here, "choices", number), 1), tuple(_said(text, name, number, choice)))
        for number, choice in enumerate(menu.choices)
    ]
    return MenuHeard(name, menu, text.lines.get(here, 1), invite, tuple(_tries(text, name, menu)), tuple(choices))


def sentence_of(heard: MenuHeard, key: str, language: str) -> str | None:
    """The words of one of the sentences of a menu."""
    every = [heard.invite, *heard.tries, *(one for choice in heard.choices for one in choice.said)]
    return next((one.words[language] for one in every if one and one.key == key and language in one.words), None)


def _tries(text: FlowText, name: str, menu: MenuText) -> Iterator[Heard]:
    for number in range(menu.tries):
        words = {language: menu.ask[language][number] for language in LANGUAGES if number < len(menu.ask.get(language, ()))}
        lines = {language: text.lines.get(("menus", name, "ask", language, number), 1) for language in words}
        yield Heard(f"{name}_{number + 1}", words, lines)


def _said(text: FlowText, menu: str, number: int, choice: Choice) -> Iterator[Heard]:
    here = ("menus", menu, "choices", number)
    if choice.say:
        yield _heard(text, offer_key(menu, choice.name), choice.say, (*here, "say"))
    if choice.tell:
        yield _heard(text, tell_key(menu, choice.name), choice.tell, (*here, "tell"))
    if choice.queue and choice.queue in text.flow.connecting:
        spoken = text.flow.connecting[choice.queue]
        yield _heard(text, f"connecting_{choice.queue}", spoken, ("connecting", choice.queue))
    if choice.queue and choice.queue in text.flow.closed_words:
        yield _heard(text, closed_key(choice.queue), text.flow.closed_words[choice.queue], ("closed_words", choice.queue))


def _heard(text: FlowText, key: str, spoken: Mapping[str, str], path: tuple[str | int, ...]) -> Heard:
    words = {language: spoken[language] for language in LANGUAGES if language in spoken}
    return Heard(key, words, {language: text.lines.get((*path, language), 1) for language in words})
