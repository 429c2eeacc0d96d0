"""Which part of what was found is what was typed: pieces of a text, marked or not."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from crm.name_spelling import folded, plain
from crm.search_steps import most_faults

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is marked; joined they are the text."""

_TOKEN = re.compile(r"[\w'’ʼ`´‘]+")


def mark_name(name: str, typed: str) -> Pieces:
    """The words of a name, marked as far as they were typed; a word in another spelling, or misspelt, as a whole."""
    words, pieces, end = plain(typed).split(), [], 0
    for token in _TOKEN.finditer(name):
        start, stop = _marked(token.group(), words)
        pieces += [(name[end : token.start() + start], False), (name[token.start() + start : token.start() + stop], True)]
        end = token.start() + stop
    return _joined([*pieces, (name[end:], False)])


def mark_digits(shown: str, typed: str) -> Pieces:
    """A number, marked at the digits that were typed: its last, its first, or all of it where it is written in another way."""
    wanted = "".join(filter(str.isdigit, typed))
    places = [place for place, letter in enumerate(shown) if letter.isdigit()]
    digits = "".join(shown[place] for place in places)
    if digits.endswith(wanted):
        marked = places[len(places) - len(wanted) :]
    else:
        marked = places[: len(wanted)] if digits.startswith(wanted) else places
    first, last = (marked[0], marked[-1] + 1) if marked else (0, 0)
    return _joined([(shown[:first], False), (shown[first:last], True), (shown[last:], False)])


def mark_beginning(shown: str, typed: str) -> Pieces:
    """A text, marked as far as it begins as was typed, in whatever case; else as a whole."""
    length = len(typed) if shown.lower().startswith(typed.lower()) else len(shown)
    return _joined([(shown[:length], True), (shown[length:], False)])


def _marked(token: str, words: Sequence[str]) -> tuple[int, int]:
    """Where the mark of one word begins and ends; (0, 0) for none."""
    bare = plain(token)
    best = (0, 0)
    for word in words:
        if bare.startswith(word):
            best = max(best, (0, _length_of(token, len(word))), key=lambda mark: mark[1] - mark[0])
        elif folded(bare).startswith(folded(word)) or _misspelt(bare, word):
            return 0, len(token)
        elif len(word) > 2 and word in bare and len(bare) == len(token):
            best = max(best, (bare.index(word), bare.index(word) + len(word)), key=lambda mark: mark[1] - mark[0])
    return best


def _misspelt(bare: str, word: str) -> bool:
    most = most_faults(word)
    return most > 0 and min(OSA.distance(bare, word), OSA.distance(folded(bare), folded(word))) <= most


def _length_of(token: str, letters: int) -> int:
    """How many characters of the token give so many plain letters."""
    return next((length for length in range(1, len(token) + 1) if len(plain(token[:length])) >= letters), len(token))


def _joined(pieces: Sequence[tuple[str, bool]]) -> Pieces:
    joined: list[tuple[str, bool]] = []
    for text, marked in pieces:
        if text and joined and joined[-1][1] == marked:
            joined[-1] = (joined[-1][0] + text, marked)
        elif text:
            joined.append((text, marked))
    return tuple(joined)
