"""What to make of what a caller said: take it, ask "did you say …?", or ask again. Pure rules, no recogniser."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivr.line import Heard
from ivr.number_form import NumberForm

# Of what callers rightly said 96 of 100 came with so much or more, and of words that no menu holds fewer than 1 (synthetic voices
# that the model was never trained on): good enough to act on at once.
TAKE_FROM = 0.95
# Between the two about one in two is right: a short question back costs less than the whole menu again. Below, the
# question back would mostly be about something that the caller never said.
ASK_FROM = 0.6

# The same for numbers. Their graph keeps out what is none: of 446 wrong numbers and other sentences, by voices that the benchmark
# does not use, two were heard as a number at all, so that asking back is worth it for less than at a menu.
TAKE_NUMBER_FROM = 0.95
ASK_NUMBER_FROM = 0.4

_NO_LETTER = re.compile(r"[^\w']+|_+")
KEY_OF_WORD = {
    "nol": "0", "kosong": "0", "satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5", "enam": "6", "tujuh": "7",
    "delapan": "8", "sembilan": "9",
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9",
}  # fmt: skip
DIGIT_WORDS = tuple(KEY_OF_WORD)
DOUBLE_WORDS = {"id": ("dobel",), "en": ("double",)}
"""Said before a digit that comes twice: "double five"."""
_DOUBLES = frozenset(word for words in DOUBLE_WORDS.values() for word in words)


@dataclass(frozen=True, slots=True)
class Taken:
    """The caller chose this option: go on."""

    option: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Probably this option: ask "did you say …?"."""

    option: str


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing that may be acted on: ask again in other words, and after that by key only."""


def judge(heard: Heard, options: Mapping[str, Sequence[str]]) -> Taken | Doubtful | NotUnderstood:
    """Which option the caller named. `options`: the name of each and its phrases, in all languages.

    Only a whole phrase counts, whatever its capitals, hyphens or commas. A phrase with its words in another order, or one
    that two options share, is never taken without a question back, and in the second case never at all.
    """
    said = plain_words(heard.words)
    if not said or heard.confidence < ASK_FROM:
        return NotUnderstood()
    exact = _options_with(said, options)
    if len(exact) == 1:
        return Taken(exact[0]) if heard.confidence >= TAKE_FROM else Doubtful(exact[0])
    if exact:
        return NotUnderstood()
    shuffled = _options_with(said, options, in_order=False)
    return Doubtful(shuffled[0]) if len(shuffled) == 1 else NotUnderstood()


def judge_number(heard: Heard, form: NumberForm | None = None) -> Taken | Doubtful | NotUnderstood:
    """Which number the caller said, as its digits. One that is not of the form is taken, to be told what is wrong with it, only
    when it was heard clearly: asking back after what can't be right is no help."""
    digits = spoken_digits_to_keys(heard.words)
    if not digits or heard.confidence < ASK_NUMBER_FROM:
        return NotUnderstood()
    if heard.confidence >= TAKE_NUMBER_FROM:
        return Taken(digits)
    return Doubtful(digits) if form is None or form.fits(digits) else NotUnderstood()


def spoken_digits_to_keys(words: str) -> str:
    """Digits said one by one as keys: "satu dua nol" or "one two oh" -> "120", "double five" -> "55".

    "" when any word is none (or there is none).
    """
    keys, times = "", 1
    for word in plain_words(words):
        if times == 1 and word in _DOUBLES:
            times = 2
        elif word in KEY_OF_WORD:
            keys, times = keys + KEY_OF_WORD[word] * times, 1
        else:
            return ""
    return keys if times == 1 else ""


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a phrase as a recogniser writes them: small letters, no signs. "Ya, benar!" -> ("ya", "benar")."""
    return tuple(_NO_LETTER.sub(" ", text.lower()).split())


def _options_with(said: tuple[str, ...], options: Mapping[str, Sequence[str]], in_order: bool = True) -> list[str]:
    wanted = said if in_order else tuple(sorted(said))

    def fits(phrase: str) -> bool:
        words = plain_words(phrase)
        return (words if in_order else tuple(sorted(words))) == wanted

    return [option for option, phrases in options.items() if any(fits(phrase) for phrase in phrases)]
