"""A card, typed: number, expiry, security code. No digit of it is ever spoken, noted, or put into words."""

from collections.abc import Callable
from typing import TypeVar

from crm.payment.cards import (
    LONGEST,
    Card,
    CardBrand,
    CardNumber,
    card_lengths,
    read_card_number,
    read_expiry,
    read_security_code,
)
from ivr.line import Prompt
from ivr.menu import PersonWanted
from ivr.number_entry import NumberQuestion
from ivr.reasons import Reason
from ivr.visit import Visit

_OFTEN = 16  # cards with fewer digits are rare: who pauses there is still reading
# Callers read a card in groups, and turn it over in between.
NUMBER = NumberQuestion(
    "card_number", LONGEST, secret=True, gap_s=6.0,
    lengths=card_lengths, is_whole=lambda typed: len(typed) >= _OFTEN and read_card_number(typed) is not None,
)  # fmt: skip
EXPIRY = NumberQuestion("card_expiry", 4, may_begin_with_zero=True, secret=True)
CODE_LENGTHS = {CardBrand.AMEX: 4}
_USUAL_CODE_LENGTH = 3
_TRIES = 2
_Part = TypeVar("_Part")


def ask_card(visit: Visit, *opening: Prompt) -> Card:
    """The caller's card, by key alone. Raises PersonWanted when a part of it can't be read, and when asked for.

    No recording goes on between its parts: who types ahead would have the next one's first keys in it.
    """
    with visit.line.private():
        number: CardNumber = _typed(visit, NUMBER, read_card_number, *opening)
        expiry = _typed(visit, EXPIRY, read_expiry)
        length = CODE_LENGTHS.get(number.brand, _USUAL_CODE_LENGTH)
        code = NumberQuestion("card_code", length, may_begin_with_zero=True, secret=True)
        return Card(number, expiry, _typed(visit, code, lambda typed: read_security_code(typed, number.brand)))


def _typed(visit: Visit, question: NumberQuestion, read: Callable[[str], _Part | None], *lead_in: Prompt) -> _Part:
    opening = lead_in
    for attempt in range(1, _TRIES + 1):
        part = read(visit.ask_number(question, *opening, attempt=attempt))
        if part is not None:
            return part
        visit.line.note(question.name, Reason.CARD_NOT_READ)
        opening = ()
        if attempt < _TRIES:
            visit.say("card_not_read")  # to its end: what was typed ahead was meant for the card's next part
    raise PersonWanted(Reason.CARD_NOT_READ)
