"""How a word of a phrase sounds, in the phrase's language; and which words can't be said, with the reason."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr.speech.english import english, in_dictionary
from ivr.speech.indonesian import indonesian
from ivr.speech.phones import Pronunciation
from ivr.spoken import LANGUAGES

DIGITS = {
    "id": ("nol", "kosong", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    "en": ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
YES_NO = {"id": ("ya", "iya", "tidak", "bukan"), "en": ("yes", "yeah", "no", "okay")}

_MOST_LETTERS = 40
_MOST_SPELT = 6
_MOST_WAYS = 8
# Spelling that Indonesian does not use: a word like this in an Indonesian phrase may be said the English way too.
_LOOKS_ENGLISH = re.compile(
    r"[qvx]|ck|th|sh.|oo|ee|ph|wh|ght|er$|[bcdgjvwz]$|e$|[bcdfghjklmpqrstvwxyz][bcdfghjklmnpqrstvwxyz]$|rn$"
)
_LETTERS_ID = {
    "a": "aa", "b": "b eh", "c": "ch eh", "d": "d eh", "e": "eh", "f": "eh f", "g": "g eh", "h": "hh aa", "i": "iy", "j": "jh eh",
    "k": "k aa", "l": "eh l", "m": "eh m", "n": "eh n", "o": "ow", "p": "p eh", "q": "k iy", "r": "eh r", "s": "eh s",
    "t": "t eh", "u": "uw", "v": "f eh", "w": "w eh", "x": "eh k s", "y": "y eh", "z": "z eh t",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unsayable:
    """A word for which no pronunciation is known. `reason` says why, in words for the person who wrote the phrase."""

    word: str
    language: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every word that can be said, each with its pronunciations, and those that can't."""

    words: Mapping[str, tuple[Pronunciation, ...]]
    unsayable: tuple[Unsayable, ...]


def phrase_words(phrase: str) -> list[str]:
    """The words of a phrase as a grammar holds them: small letters, without accents and punctuation."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", phrase.casefold()) if not unicodedata.combining(letter))
    words = (word.strip("'\u2019\"") for word in re.split(r"[\s\-/.,;:!?()\u2013]+", plain))
    return [word.replace("\u2019", "'") for word in words if word]


def pronunciations(word: str, language: str) -> list[Pronunciation]:
    """The ways to say a word (as `phrase_words` gives it) in "id" or "en", the likeliest first; [] for none.

    A word that could be of either language gets both ways: brand names, and English words in Indonesian phrases. Words without
    a vowel ("sms", "ktp") and single letters are said letter by letter.
    """
    if why_unsayable(word):
        return []
    if _is_spelt(word):
        return _letter_by_letter(word, language)
    if language == "en":
        found = english(word)
        # A name that the dictionary lacks is as likely an Indonesian one.
        return _unique([*found, *([] if in_dictionary(word) else indonesian(word.replace("'", "")))])
    borrowed = in_dictionary(word)[:2] if _LOOKS_ENGLISH.search(word) else []
    return _unique([*indonesian(word.replace("'", "")), *borrowed])


def why_unsayable(word: str) -> str:
    """Why a word can't be said, "" when it can."""
    if any(letter.isdigit() for letter in word):
        return "digits have many names: write them as words"
    if not re.fullmatch(r"[a-z']+", word) or not word.strip("'"):
        return "only the letters a to z can be said"
    if len(word) > _MOST_LETTERS:
        return f"a word has at most {_MOST_LETTERS} letters"
    if not set("aeiouy") & set(word) and not _is_spelt(word):
        return "it has no vowel and is too long to be spelt"
    return ""


def lexicon_of(phrases: Iterable[tuple[str, str]]) -> Lexicon:
    """The words of (phrase, language) pairs. A word used in both languages gets the pronunciations of both."""
    words: dict[str, list[Pronunciation]] = {}
    unsayable: dict[Unsayable, None] = {}
    for phrase, language in phrases:
        if language not in LANGUAGES:
            raise ValueError(f"phrases are in {' or '.join(LANGUAGES)}, not {language!r}")
        for word in phrase_words(phrase):
            found = pronunciations(word, language)
            if found:
                words[word] = _unique([*words.get(word, []), *found])
            else:
                unsayable[Unsayable(word, language, why_unsayable(word) or "its spelling can't be read")] = None
    return Lexicon({word: tuple(ways) for word, ways in sorted(words.items())}, tuple(unsayable))


def _is_spelt(word: str) -> bool:
    return word.isascii() and word.isalpha() and (len(word) == 1 or (len(word) <= _MOST_SPELT and not set("aeiouy") & set(word)))


def _letter_by_letter(word: str, language: str) -> list[Pronunciation]:
    if language == "en":
        # The dictionary's first way for "a" is the article's.
        spelt = [("ey",) if letter == "a" else in_dictionary(letter)[0] for letter in word]
    else:
        spelt = [tuple(_LETTERS_ID[letter].split()) for letter in word]
    whole = tuple(phone for letter in spelt for phone in letter)
    # "shh", "hmm": the dictionary may know one as a word.
    return _unique([whole, *(in_dictionary(word) if language == "en" else [])])


def _unique(ways: Iterable[Pronunciation]) -> list[Pronunciation]:
    return list(dict.fromkeys(ways))[:_MOST_WAYS]
