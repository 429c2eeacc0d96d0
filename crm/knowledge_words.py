"""Words as they are searched: without accents, lower case, and beside each its stem, so that "deliveries" finds "delivery"."""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

import snowballstemmer
from markupsafe import Markup, escape
from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {"id": "indonesian", "en": "english"}
_KEPT_STEMS = 100_000
_one_at_a_time = threading.Lock()
LONGEST_WORD = 40
MOST_WORDS = 12  # of a search
_EXCERPT, _BEFORE = 180, 50
_SHORTEST_MISSPELT = 4


def plain_word(word: str) -> str:
    """Lower case, without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The words of a text as they are searched."""
    return [plain_word(word)[:LONGEST_WORD] for word in _WORD.findall(text)]


@lru_cache(_KEPT_STEMS)
def stem(word: str, language: str) -> str:
    """What a word comes from, in this language."""
    with _one_at_a_time:  # a stemmer keeps the word that it works on in itself
        return str(_stemmer(language).stemWord(word))


def stems(word: str) -> set[str]:
    """What a word of a search may come from, in any language that articles have."""
    return {stem(word, language) for language in _STEMMERS}


def indexed(text: str, language: str) -> str:
    """What is put into the index for a text: each word, and beside it its stem where that is another."""
    return " ".join(_with_stems(words_of(text), language))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant by a misspelt one: one wrong letter in a short word, two in a longer; else ""."""
    if len(word) < _SHORTEST_MISSPELT:
        return ""
    found = process.extractOne(word, list(known), scorer=OSA.distance, score_cutoff=1 if len(word) < 7 else 2)
    return str(found[0]) if found else ""


def excerpt(plain: str, wanted: list[str]) -> Markup:
    """The part of a text in which the wanted words stand, each of them marked; the beginning where there are none."""
    places = [match for match in _WORD.finditer(plain) if _is_wanted(match.group(), wanted)] if wanted else []
    begin = max(0, places[0].start() - _BEFORE) if places else 0
    if begin:
        begin = plain.find(" ", begin) + 1 or begin
    end = min(len(plain), begin + _EXCERPT)
    if end < len(plain):
        end = max(plain.rfind(" ", begin, end), begin + 1)
    return escape("… " if begin else "") + _marked(plain[begin:end], wanted) + escape(" …" if end < len(plain) else "")


def mark_words(text: str, wanted: list[str]) -> Markup:
    """The text, with the wanted words marked."""
    return _marked(text, wanted)


def _marked(text: str, wanted: list[str]) -> Markup:
    parts, done = Markup(""), 0
    for match in _WORD.finditer(text) if wanted else ():
        if _is_wanted(match.group(), wanted):
            parts += escape(text[done : match.start()]) + Markup("<mark>") + escape(match.group()) + Markup("</mark>")
            done = match.end()
    return parts + escape(text[done:])


def _is_wanted(word: str, wanted: list[str]) -> bool:
    plain = plain_word(word)
    return any(plain.startswith(one) or stems(plain) & stems(one) for one in wanted)


def _with_stems(words: Iterable[str], language: str) -> Iterator[str]:
    for word in words:
        yield word
        root = stem(word, language)
        if root != word:
            yield root


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(_STEMMERS.get(language, "english"))
