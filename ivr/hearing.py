"""What to make of something said: take it, ask back, or ask again. And spoken digits as keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivr.line import Heard

# Of phrases recognised at TAKE_FROM or above hardly any is wrong; between the two asking back costs less than being wrong;
# below ASK_FROM a question about a phrase that nobody said would only confuse.
TAKE_FROM = 0.9
ASK_FROM = 0.6

_DIGITS: Mapping[str, str] = {
    word: str(digit)
    for digit, words in enumerate(
        (
            ("nol", "kosong", "zero", "oh"), ("satu", "one"), ("dua", "two"), ("tiga", "three"), ("empat", "four"),
            ("lima", "five"), ("enam", "six"), ("tujuh", "seven"), ("delapan", "eight"), ("sembilan", "nine"),
        )
    )
    for word in words
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """The caller chose this option."""

    option: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The caller probably chose this option: ask back."""

    option: str


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing that fits was heard clearly enough."""


def judge(heard: Heard, options: Mapping[str, Sequence[str]]) -> Taken | Doubtful | NotUnderstood:
    """What the words of `heard` choose among `options` (phrases of all languages by option).

    The words of a phrase in another order (a word graph lets that slip through) are taken for the phrase, with a doubt.
    """
    said = heard.words.split()
    if not said or heard.confidence < ASK_FROM:
        return NotUnderstood()
    in_another_order: str | None = None
    for option, phrases in options.items():
        for phrase in phrases:
            words = phrase.split()
            if words == said:
                return Taken(option) if heard.confidence >= TAKE_FROM else Doubtful(option)
            if sorted(words) == sorted(said):
                in_another_order = option
    return Doubtful(in_another_order) if in_another_order is not None else NotUnderstood()


def spoken_digits_to_keys(words: str) -> str:
    """The keys for digits said one by one, in either language: "satu dua oh" -> "120"; "" when a word is no digit."""
    keys = [_DIGITS.get(word, "") for word in words.split()]
    return "".join(keys) if all(keys) else ""
