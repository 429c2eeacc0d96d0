"""What can happen at a point of a call: everything a caller may do at a question, and how a look-up may go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from crm.customer_numbers import customer_number
from crm.payment.sandbox import APPROVED_CARDS, DECLINED_CARDS
from ivr.conversations.people import AGUS, FIRST_CUSTOMER, PIN, UNKNOWN_ORDER
from ivr.flow import PERSON_KEY, MenuText
from ivr.flow_version import NO_PHRASES, NUMBER_GRAMMARS, YES_NO_GRAMMAR, YES_PHRASES, FlowVersion
from ivr.hearing import TAKE_FROM
from ivr.line import Grammar, Heard
from ivr.menu import Menu
from ivr.number_entry import NumberQuestion
from ivr.spoken import spoken_digits

_NOTHING = Heard()


class Kind(StrEnum):
    """What happens."""

    ANSWER = "answer"  # keys or words, as `heard`
    SILENCE = "silence"
    HANG_UP = "hang up"
    MESSAGE = "message"
    RECORDS_ANSWER = "records answer"
    RECORDS_SLOW = "records slow"
    RECORDS_FAIL = "records fail"


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that happens. `idle`: nothing that brings a caller on (silence, a wrong key, noise)."""

    kind: Kind
    name: str
    heard: Heard = _NOTHING
    idle: bool = False
    wants_person: bool = False


SILENCE = Move(Kind.SILENCE, "silence", idle=True)
LISTENS_ON = Move(Kind.SILENCE, "listens on")
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
    7: (customer_number(FIRST_CUSTOMER), "1234567"),
    8: (AGUS.order, UNKNOWN_ORDER),
    15: ("08112345678#",),
    16: (APPROVED_CARDS[0], next(iter(DECLINED_CARDS)), "4111111111111112"),
    19: (f"{APPROVED_CARDS[0]}#", f"{next(iter(DECLINED_CARDS))}#"),
}


def moves_at(
    version: FlowVersion,
    menu: Menu | None,
    question: NumberQuestion | None,
    grammar: Grammar | None,
    most: int,
    pausing: bool,
    again: bool = False,
) -> tuple[Move, ...]:
    """Everything that a caller may do at a question.

    `menu` or `question` is what asks, when one of them does; `grammar` None: nobody listens; `pausing`: only a breath in
    the middle of an answer, where staying silent is to listen on; `again`: a menu that was asked before, where one choice
    stands for all that were followed then.
    """
    if grammar is not None and grammar.name == YES_NO_GRAMMAR:
        found = _at_yes_no()
    elif menu is not None:
        found = _at_menu(version, menu.text, grammar is not None, pausing or again)
    elif question is not None:
        found = _at_number(version, question.length, grammar is not None)
    elif most > 1 or (grammar is not None and grammar.name in NUMBER_GRAMMARS.values()):
        found = _at_number(version, most, grammar is not None)
    else:
        found = _at_any(grammar)
    return (LISTENS_ON if pausing else SILENCE, *found, HANG_UP)


def moves_at_recording() -> tuple[Move, ...]:
    """What a caller may do after the tone."""
    return (MESSAGE, SILENCE, HANG_UP)


def _at_menu(version: FlowVersion, text: MenuText, listening: bool, one: bool) -> Iterator[Move]:
    yield _ZERO
    used = {choice.key for choice in text.choices}
    wrong = next(key for key in "987654321*" if key not in used) if len(used) < 10 else "#"
    yield Move(Kind.ANSWER, f"key {wrong}", Heard(keys=wrong), idle=True)
    choices = text.choices[:1] if one else text.choices
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
        yield _says(spoken_digits(numbers[0].rstrip("#"), "id").replace(",", ""))
        for phrases in version.flow.person_phrases.values():
            yield _says(phrases[0], wants_person=True)


def _at_yes_no() -> Iterator[Move]:
    yield _ZERO
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
