"""What can happen at a point of a call: everything a caller may do at a question, and how a look-up may go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from crm.customer_numbers import customer_number
from crm.payment.sandbox import APPROVED_CARDS, DECLINED_CARDS
from ivr.conversations.people import AGUS, FIRST_CUSTOMER, PIN, SARI, UNKNOWN_ORDER
from ivr.explorer.length import NOWHERE, Length
from ivr.flow import PERSON_KEY
from ivr.flow_version import NO_PHRASES, YES_NO_GRAMMAR, YES_PHRASES, FlowVersion
from ivr.hearing import TAKE_FROM
from ivr.line import Grammar, Heard
from ivr.menu import Menu
from ivr.number_entry import NumberEntry
from ivr.reasons import Reason
from ivr.spoken import spoken_digits

OVER_ANSWER = " (over the answer)"
_NOTHING = Heard()


class Kind(StrEnum):
    """What happens."""

    ANSWER = "answer"  # keys or words, as `heard`
    SILENCE = "silence"
    LISTENS_ON = "listens on"
    HANG_UP = "hang up"
    MESSAGE = "message"
    END = "end"  # a whole question, asked as often as it takes, ends as `end`
    RECORDS_ANSWER = "records answer"
    RECORDS_SLOW = "records slow"
    RECORDS_FAIL = "records fail"


@dataclass(frozen=True, slots=True)
class End:
    """How a question ends: `answer` is the choice's name or the digits; `wanted` is why a person is wanted instead."""

    answer: str = ""
    wanted: Reason | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that happens. `idle`: nothing that brings a caller on (silence, a wrong key, noise).

    At the `end` of a whole question, `took` is the shortest way there, and `at_worst` the longest that is idle all along;
    None where no idle way leads there.
    """

    kind: Kind
    name: str
    heard: Heard = _NOTHING
    idle: bool = False
    wants_person: bool = False
    end: End = End()
    took: Length = NOWHERE
    at_worst: Length | None = None

    @property
    def looks_up(self) -> bool:
        """Whether it is the records that move."""
        return self.kind in (Kind.RECORDS_ANSWER, Kind.RECORDS_SLOW, Kind.RECORDS_FAIL)

    @property
    def passive(self) -> bool:
        """Whether it happens to a caller who does nothing that brings them on."""
        return self.idle or self.looks_up or self.kind is Kind.LISTENS_ON


SILENCE = Move(Kind.SILENCE, "silence", idle=True)
LISTENS_ON = Move(Kind.LISTENS_ON, "listens on")
HANG_UP = Move(Kind.HANG_UP, "hangs up")
NOISE = Move(Kind.ANSWER, "noise", Heard(spoke=True), idle=True)
MESSAGE = Move(Kind.MESSAGE, "leaves a message")
LOOK_UPS = (
    Move(Kind.RECORDS_ANSWER, "the records answer"),
    Move(Kind.RECORDS_SLOW, "the records are slow"),
    Move(Kind.RECORDS_FAIL, "the records fail"),
)
_DOUBTFUL = TAKE_FROM - 0.15
_ZERO = Move(Kind.ANSWER, "key 0", Heard(keys=PERSON_KEY), wants_person=True)

# What may be typed where so many digits are asked for: right ones, somebody else's, and none that exists.
NUMBERS: Mapping[int, tuple[str, ...]] = {
    3: ("123",),
    4: ("1230", "0120"),
    6: (PIN, "111222"),
    8: (SARI.order, AGUS.order, UNKNOWN_ORDER, f"{customer_number(FIRST_CUSTOMER)}#"),
    15: ("08112345678#",),
    16: (APPROVED_CARDS[0], next(iter(DECLINED_CARDS)), "4111111111111112"),
}


def moves_at(version: FlowVersion, asked: Menu | NumberEntry | None, grammar: Grammar | None, again: bool) -> tuple[Move, ...]:
    """Everything that a caller may do at a question.

    `asked` is what asks, when it is a menu or a number; `grammar` None: nobody listens; `again`: a menu that was asked
    before, where one choice stands for all that were followed then.
    """
    if grammar is not None and grammar.name == YES_NO_GRAMMAR:
        found = _at_yes_no(version)
    elif isinstance(asked, Menu):
        found = _at_menu(version, asked, grammar is not None, again)
    elif isinstance(asked, NumberEntry):
        found = _at_number(version, asked.question.length, grammar is not None)
    else:
        found = _at_any(grammar)
    return (SILENCE, *found, HANG_UP)


def moves_over_answer(menu: Menu) -> tuple[Move, ...]:
    """What a caller may do in the middle of an answer that this menu follows: what is chosen there can be chosen after it."""
    keyed = [choice.key for choice in menu.choices if choice.key][:1]
    pressed = (Move(Kind.ANSWER, f"key {key}", Heard(keys=key)) for key in keyed)
    return (LISTENS_ON, _ZERO, *pressed, _wrong_key(menu), HANG_UP)


def moves_at_recording() -> tuple[Move, ...]:
    """What a caller may do after the tone."""
    return (MESSAGE, SILENCE, HANG_UP)


def _wrong_key(menu: Menu) -> Move:
    used = {choice.key for choice in menu.choices}
    wrong = next((key for key in "987654321*" if key not in used), "#")
    return Move(Kind.ANSWER, f"key {wrong}", Heard(keys=wrong), idle=True)


def _at_menu(version: FlowVersion, menu: Menu, listening: bool, one: bool) -> Iterator[Move]:
    yield _ZERO
    yield _wrong_key(menu)
    choices = menu.choices[:1] if one else menu.choices
    for choice in choices:
        if choice.key:
            yield Move(Kind.ANSWER, f"key {choice.key}", Heard(keys=choice.key))
    if not listening:
        return
    yield NOISE
    for choice in choices:
        for phrase in choice.all_phrases()[:1]:
            yield _says(phrase)
    for phrase in [phrase for choice in choices for phrase in choice.all_phrases()][:1]:
        yield _says(phrase, _DOUBTFUL)
    for phrases in version.flow.person_phrases.values():
        yield _says(phrases[0], wants_person=True)
    for phrase in [phrase for phrases in version.flow.repeat_phrases.values() for phrase in phrases][:1]:
        yield _says(phrase)


def _at_number(version: FlowVersion, length: int, listening: bool) -> Iterator[Move]:
    yield _ZERO
    numbers = NUMBERS.get(length, ("123456789012345"[:length],))
    for number in (*numbers, "12#", "*"):
        yield Move(Kind.ANSWER, f"types {number}", Heard(keys=number), idle=number == "*")
    if listening:
        yield NOISE
        said = spoken_digits(numbers[0].rstrip("#"), "id").replace(",", "")
        yield _says(said)
        yield _says(said, _DOUBTFUL)
        for phrases in version.flow.person_phrases.values():
            yield _says(phrases[0], wants_person=True)


def _at_yes_no(version: FlowVersion) -> Iterator[Move]:
    yield _ZERO
    for phrases in version.flow.person_phrases.values():
        yield _says(phrases[0], wants_person=True)
    yield Move(Kind.ANSWER, "key 1", Heard(keys="1"))
    yield Move(Kind.ANSWER, "key 2", Heard(keys="2"), idle=True)
    yield Move(Kind.ANSWER, "key 9", Heard(keys="9"), idle=True)
    yield _says(YES_PHRASES["id"][0])
    yield _says(NO_PHRASES["en"][0], idle=True)
    yield NOISE


def _at_any(grammar: Grammar | None) -> Iterator[Move]:
    yield _ZERO
    for key in "123456789*":
        yield Move(Kind.ANSWER, f"key {key}", Heard(keys=key))
    if grammar is not None:
        yield NOISE
        for phrase in grammar.phrases:
            yield _says(phrase)


def _says(phrase: str, confidence: float = 1.0, idle: bool = False, wants_person: bool = False) -> Move:
    name = f'says "{phrase}"' if confidence >= TAKE_FROM else f'says doubtfully "{phrase}"'
    return Move(Kind.ANSWER, name, Heard(words=phrase, confidence=confidence, spoke=True), idle, wants_person)
