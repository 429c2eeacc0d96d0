"""A flow as an administrator writes it: menus, their words in both languages, and where each choice leads."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ivr.spoken import LANGUAGES

PERSON_KEY = "0"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[1-9*]$")]
Language = Annotated[str, StringConstraints(pattern=r"^(id|en)$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[A-Za-z' -]{2,60}$")]
Phrases = Mapping[Language, tuple[Phrase, ...]]

# A key or a dialled number is written without quotes, and reads as a number.
_FORM = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Condition(StrEnum):
    """What may be so on one call and not on another."""

    MESSAGES = "messages"  # a text message would reach the caller's number
    CARDS = "cards"  # there is a payment gateway


class Choice(BaseModel):
    """One way to go on, by `key`, by one of its `phrases`, or by both.

    At most one of `does` (a service), `menu`, `queue` and `tell` (something to say) tells where it leads; without any, the
    service that asks the menu knows. With `only_if` there is the choice only on calls where that holds; its words in `say`
    then follow the question.
    """

    model_config = _FORM

    name: Name
    key: Key | None = None
    phrases: Phrases = {}
    does: Name | None = None
    menu: Name | None = None
    queue: str | None = None
    tell: Mapping[Language, Sentence] | None = None
    only_if: Condition | None = None
    say: Mapping[Language, Sentence] | None = None

    @property
    def leads_on(self) -> bool:
        """Whether the flow itself knows where this leads."""
        return any((self.does, self.menu, self.queue, self.tell))

    def all_phrases(self) -> tuple[str, ...]:
        """Every phrase, of all languages."""
        return tuple(phrase for language in LANGUAGES for phrase in self.phrases.get(language, ()))

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [name for name in ("does", "menu", "queue", "tell") if getattr(self, name)]
        if len(ways) > 1:
            raise ValueError(f"leads two ways: {' and '.join(ways)}; keep one")
        if self.key is None and not self.phrases:
            raise ValueError("nobody can choose it: give it a key or phrases")
        if self.say and self.only_if is None:
            raise ValueError("`say` goes with `only_if`; write the words into the question")
        return self


class MenuText(BaseModel):
    """A question with a few answers. `ask` holds its words by language, one sentence for each try.

    `invite` is said before the first question, where words are understood. `wait_s` is the time for an answer after the
    question; `on_silence` names the choice of a caller who says nothing.
    """

    model_config = _FORM

    ask: Mapping[Language, tuple[Sentence, ...]]
    invite: Mapping[Language, Sentence] = {}
    choices: tuple[Choice, ...] = Field(min_length=1)
    wait_s: float = Field(5.0, ge=1, le=30)
    on_silence: Name | None = None

    @property
    def tries(self) -> int:
        """How often it is asked."""
        return max((len(sentences) for sentences in self.ask.values()), default=0)

    def choice(self, name: str) -> Choice | None:
        """The choice of this name."""
        return next((choice for choice in self.choices if choice.name == name), None)


class Entry(BaseModel):
    """Which menu a call begins with. The first entry that fits the dialled number and the customer's segment counts."""

    model_config = _FORM

    menu: Name
    dialled: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()

    def fits(self, dnis: str, segment: str) -> bool:
        """Whether this entry is for a call to `dnis` from a customer of `segment` ("" for a stranger)."""
        return (not self.dialled or self.names(dnis)) and (not self.segments or segment in self.segments)

    def names(self, dnis: str) -> bool:
        """Whether this number is among the dialled ones. One carrier writes it with its plus, another without; YAML drops it."""
        return dnis.lstrip("+") in {number.lstrip("+") for number in self.dialled}


class Flow(BaseModel):
    """A whole flow. While its `hours` are closed, a call begins with the menu `closed` instead of its entry, and whoever
    wants a person has the service `instead_of_person`. Whoever wants a queue that is closed has the menu `queue_closed`.

    `connecting` holds what is said before a caller goes to a queue, `closed_words` that it is closed, by the queue's name.
    """

    model_config = _FORM

    flow: Name
    title: Mapping[Language, Sentence]
    hours: Name | None = None
    entries: tuple[Entry, ...] = Field(min_length=1)
    closed: Name | None = None
    instead_of_person: Name | None = None
    queue_closed: Name | None = None
    person_phrases: Phrases
    repeat_phrases: Phrases = {}
    connecting: Mapping[str, Mapping[Language, Sentence]] = {}
    closed_words: Mapping[str, Mapping[Language, Sentence]] = {}
    menus: Mapping[Name, MenuText] = Field(min_length=1)

    def first_menu(self, dnis: str, segment: str, is_open: bool) -> str:
        """The menu with which a call begins."""
        if not is_open and self.closed:
            return self.closed
        return next((entry.menu for entry in self.entries if entry.fits(dnis, segment)), self.entries[-1].menu)

    def sentences(self) -> Iterator[tuple[str, Language, str]]:
        """Every sentence of its own that a caller may hear: key, language, words."""
        for queue, spoken in self.connecting.items():
            yield from ((f"connecting_{queue}", language, words) for language, words in spoken.items())
        for queue, spoken in self.closed_words.items():
            yield from ((closed_key(queue), language, words) for language, words in spoken.items())
        for name, menu in self.menus.items():
            for language, asked in menu.ask.items():
                yield from ((f"{name}_{number}", language, words) for number, words in enumerate(asked, 1))
            yield from ((invite_key(name), language, words) for language, words in menu.invite.items())
            for choice in menu.choices:
                yield from ((tell_key(name, choice.name), language, words) for language, words in (choice.tell or {}).items())
                yield from ((offer_key(name, choice.name), language, words) for language, words in (choice.say or {}).items())

    @cached_property
    def queues(self) -> tuple[str, ...]:
        """Every queue to which a choice leads."""
        named = (choice.queue for menu in self.menus.values() for choice in menu.choices)
        return tuple(dict.fromkeys(queue for queue in named if queue))

    @cached_property
    def universal_phrases(self) -> tuple[str, ...]:
        """What may be said at every question."""
        spoken = (*self.person_phrases.values(), *self.repeat_phrases.values())
        return tuple(dict.fromkeys(phrase for phrases in spoken for phrase in phrases))


def closed_key(queue: str) -> str:
    """The key of the flow's words that a queue is closed."""
    return f"closed_{queue}"


def tell_key(menu: str, choice: str) -> str:
    """The key of what a choice tells; a recording is named by it."""
    return f"{menu}_{choice}"


def offer_key(menu: str, choice: str) -> str:
    """The key of the words that offer a choice which is not always there."""
    return f"{menu}_{choice}_offer"


def invite_key(menu: str) -> str:
    """The key of the words that invite callers to speak."""
    return f"{menu}_invite"
