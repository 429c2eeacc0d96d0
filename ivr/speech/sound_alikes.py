"""Which phrases of one menu sound alike, so that a caller who says one could be taken for saying the other.

Phrases are compared by the edits that make the sound of one into the other's. An edit costs 1 when it can be heard on any line,
and less for sounds that telephones and accents blur: voiced and voiceless twins (b, p), nasals (m, n), neighbouring vowels. A
recogniser weighs only what differs, however long the phrases are, so the sum counts and not its share.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from ivr.speech.phones import VOWELS, Pronunciation
from ivr.speech.pronunciation import phrase_words, pronunciations

ALIKE_BELOW = 1.0
"""Two phrases sound alike when less than one clear edit lies between them: "nol" and "no" (0.6) do, "sales" and "tales" (1) not."""
_MOST_WAYS = 24

_BLURRED, _NEAR, _CLEAR = 0.4, 0.7, 1.0
_LOST_WEAK, _LOST = 0.6, 0.8
_WEAK = frozenset({"hh", "r", "l", "k", "t", "d", "y", "w", "ah"})
_TWINS = (
    "p b", "t d", "k g", "f v", "s z", "th dh", "sh zh", "ch jh", "th f", "th t", "dh d", "s sh", "s th", "z zh", "v w", "v b",
    "m n", "n ng", "l r", "sh ch", "zh jh", "iy ih", "iy y", "uw uh", "uw w", "aa ah", "aa ao", "ao ow", "ah ao", "ah uh",
    "ah eh", "ah er", "ah ih", "eh ae", "eh ey", "eh ih", "ae aa", "ey iy", "ow uh", "aw aa", "ay aa", "oy ao",
)  # fmt: skip
_BLURRED_PAIRS = frozenset(frozenset(pair.split()) for pair in _TWINS)
_FAMILIES = (
    VOWELS,
    frozenset({"p", "t", "k"}),
    frozenset({"b", "d", "g"}),
    frozenset({"f", "s", "th", "sh", "hh"}),
    frozenset({"m", "n", "ng", "l"}),
)


@dataclass(frozen=True, slots=True)
class SoundAlike:
    """Two phrases of different options that sound alike. `distance` is 0 for the same sound and below ALIKE_BELOW."""

    option: str
    phrase: str
    other_option: str
    other_phrase: str
    distance: float


def sound_alikes(options: Mapping[str, Mapping[str, Sequence[str]]]) -> list[SoundAlike]:
    """The pairs of phrases that sound alike, the closest first.

    `options` holds the phrases of each option of one menu by language. Phrases of one option may sound alike: they mean the same.
    Phrases with words that can't be said are left out; `grammars.check_sayable` names those.
    """
    sounds = [
        (option, phrase, way)
        for option, by_language in options.items()
        for language, phrases in by_language.items()
        for phrase in phrases
        for way in _ways(phrase, language)
    ]
    closest: dict[tuple[str, str, str, str], float] = {}
    for (option, phrase, way), (other, other_phrase, other_way) in combinations(sounds, 2):
        # What one phrase has more than the other costs something for each phone, so most pairs need no comparing.
        if option == other or abs(len(way) - len(other_way)) * _LOST_WEAK >= ALIKE_BELOW:
            continue
        found = _distance_here(way, other_way)
        if found < ALIKE_BELOW:
            key = (option, phrase, other, other_phrase)
            closest[key] = min(found, closest.get(key, found))
    return sorted((SoundAlike(*key, found) for key, found in closest.items()), key=lambda pair: pair.distance)


def distance(one: Pronunciation, other: Pronunciation, enough: float = math.inf) -> float:
    """The least cost of edits that make one sequence of phones into the other: symmetric, 0 only for the same.

    From `enough` on it does not matter how much it is: anything from there on may be given.
    """
    before = [0.0]
    for phone in other:
        before.append(before[-1] + _lost(phone))
    for phone in one:
        now = [before[0] + _lost(phone)]
        for place, there in enumerate(other):
            now.append(min(before[place] + _changed(phone, there), before[place + 1] + _lost(phone), now[place] + _lost(there)))
        before = now
        if min(now) >= enough:  # costs only grow from row to row
            return min(now)
    return round(before[-1], 6)


@lru_cache(maxsize=100_000)
def _distance_here(one: Pronunciation, other: Pronunciation) -> float:
    """As `distance`, kept: while somebody edits a flow one phrase changes, and the others were compared before."""
    return distance(one, other, ALIKE_BELOW)


@lru_cache(maxsize=10_000)
def _ways(phrase: str, language: str) -> list[Pronunciation]:
    """Ways to say a whole phrase, not more than a few: long phrases have very many, which differ little."""
    words = [pronunciations(word, language) for word in phrase_words(phrase)]
    if not words or not all(words):
        return []
    few = [ways[: 3 if len(words) <= 3 else 1] for ways in words]
    return list(dict.fromkeys(sum(ways, ()) for ways in product(*few)))[:_MOST_WAYS]


def _changed(phone: str, other: str) -> float:
    if phone == other:
        return 0.0
    if frozenset((phone, other)) in _BLURRED_PAIRS:
        return _BLURRED
    return _NEAR if any(phone in family and other in family for family in _FAMILIES) else _CLEAR


def _lost(phone: str) -> float:
    if phone in _WEAK:
        return _LOST_WEAK
    return _CLEAR if phone in VOWELS else _LOST
