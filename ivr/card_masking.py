"""Takes card numbers out of what callers said: in figures or in words, in Indonesian or in English, with pauses in between.

A recogniser mishears: of a number as long as a card's, one wrong digit would leave all the others readable. So Luhn's check
decides only where a number may well be something else, such as a telephone number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crm.payment.cards import passes_luhn
from ivr.hearing import KEY_OF_WORD

MASK = "•••• ••••"
SHORTEST = 12  # digits of a card
_CARDS_OTHER_PARTS = (3, 4)
_LONGER_THAN_A_PHONE = 15  # digits; in both our languages a telephone number is said with fewer

_PERHAPS_ZERO = frozenset({"oh", "o"})  # a zero between digits in English, a sigh in both languages
_UNITS = {word: key for word, key in KEY_OF_WORD.items() if word not in _PERHAPS_ZERO} | {"nought": "0"}
_TEENS = {
    "sepuluh": "10", "sebelas": "11",
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
    "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fifty": "5", "sixty": "6", "seventy": "7", "eighty": "8",
    "ninety": "9",
}  # fmt: skip
_TIMES = {"double": 2, "dobel": 2, "triple": 3, "tripel": 3}
_PAUSES = frozenset({
    "eh", "em", "ee", "uh", "um", "hm", "hmm", "er", "lalu", "terus", "kemudian", "dan", "then", "and", "strip", "garis", "spasi",
    "minus", "dash", "space", "koma", "titik", "comma",
})  # fmt: skip
_GAPS = frozenset({"…", "[unk]", "<unk>"})
_TOKEN = re.compile(r"\d+|\[unk\]|<unk>|…|[^\W\d_]+|[^\s\w]")
_JOINTS = frozenset("-.,/ ")


@dataclass(slots=True)
class _Run:
    """Digits said one after the other, from one sign of the text to another; `perhaps` are those with each "oh" taken for a 0."""

    start: int
    end: int
    digits: str = ""
    perhaps: str = ""
    broken: bool = False
    left_open: bool = False  # a gap after the last digit, so far

    def add(self, digits: str, end: int) -> None:
        self.digits, self.perhaps, self.end = self.digits + digits, self.perhaps + digits, end
        self.broken, self.left_open = self.broken or self.left_open, False

    @property
    def is_card(self) -> bool:
        return any(_is_card(digits, self.broken) for digits in {self.digits, self.perhaps})


def without_cards(text: str) -> tuple[str, bool]:
    """The text with MASK in place of whatever may be a card number, and whether there was any.

    That is a run of 12 digits or more which passes Luhn's check and does not begin with 0, as no card does; any run of
    15 or more; and one of 12 or more of which the recogniser did not understand a part. Beside a card, runs of 3 or 4 digits
    go too: they may be its expiry or its code.
    """
    runs = list(_runs(text))
    if not any(run.is_card for run in runs):
        return text, False
    parts, at = [], 0
    for run in runs:
        if run.is_card or len(run.digits) in _CARDS_OTHER_PARTS:
            parts += [text[at : run.start], MASK]
            at = run.end
    return "".join([*parts, text[at:]]), True


def _is_card(digits: str, broken: bool) -> bool:
    if len(digits) >= _LONGER_THAN_A_PHONE:
        return True
    return len(digits) >= SHORTEST and not digits.startswith("0") and (broken or passes_luhn(digits))


def _runs(text: str) -> Iterator[_Run]:
    tokens = list(_TOKEN.finditer(text))
    run: _Run | None = None
    place = 0
    while place < len(tokens):
        word = tokens[place].group().lower()
        digits, used = _digits([token.group().lower() for token in tokens[place : place + 3]])
        if digits:
            run = run or _Run(tokens[place].start(), tokens[place].start())
            run.add(digits, tokens[place + used - 1].end())
        elif run is not None and word in _PERHAPS_ZERO:
            run.perhaps += "0"
        elif run is not None and word in _GAPS:
            run.left_open = True
        elif run is not None and word not in _PAUSES | _JOINTS:
            yield run
            run = None
        place += max(used, 1)
    if run is not None:
        yield run


def _digits(words: Sequence[str]) -> tuple[str, int]:
    """The digits that the first of these words stand for, and how many words that are; ("", 0) when they are none."""
    first, second, third = [*words, "", ""][:3]
    if first.isdecimal():
        return "".join(str(int(sign)) for sign in first), 1
    if first in _TIMES and (second in _UNITS or second in _PERHAPS_ZERO or (second.isdecimal() and len(second) == 1)):
        return ("0" if second in _PERHAPS_ZERO else _UNITS.get(second, second)) * _TIMES[first], 2
    if first in _UNITS and second == "puluh":
        return (_UNITS[first] + _UNITS[third], 3) if _UNITS.get(third, "0") != "0" else (_UNITS[first] + "0", 2)
    if first in _UNITS and second == "belas":
        return "1" + _UNITS[first], 2
    if first in _TENS:
        return (_TENS[first] + _UNITS[second], 2) if _UNITS.get(second, "0") != "0" else (_TENS[first] + "0", 1)
    return (_UNITS.get(first) or _TEENS.get(first, ""), 1) if first in _UNITS or first in _TEENS else ("", 0)
