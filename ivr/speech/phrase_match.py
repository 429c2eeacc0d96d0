"""From the words that an engine heard to a phrase of the grammar, or to nothing. Pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ivr.hearing import spoken_digits_to_keys
from ivr.speech.recognizer import SpeechResult

UNKNOWN = "[unk]"
# A phrase with something unknown before or after it ("eh, status pesanan") or with its words in another order is never
# surer than this: low enough to be asked back, high enough not to be thrown away.
SUREST_WITH_DOUBT = 0.8
_MOST_BESIDE = 6  # "halo selamat pagi saya mau tanya": more is a talk with somebody else


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word of an engine's result with its confidence, 0 to 1. Speech outside the vocabulary is UNKNOWN."""

    word: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Phrases:
    """What may be said at one question, as an engine writes it: small letters, words parted by one space."""

    phrases: tuple[str, ...]
    digits: bool = False
    _by_words: dict[tuple[str, ...], str] = field(init=False)
    _by_any_order: dict[tuple[str, ...], str] = field(init=False)

    def __post_init__(self) -> None:
        by_words = {tuple(phrase.split()): phrase for phrase in self.phrases}
        any_order: dict[tuple[str, ...], list[str]] = {}
        for words, phrase in by_words.items():
            any_order.setdefault(tuple(sorted(words)), []).append(phrase)
        object.__setattr__(self, "_by_words", by_words)
        # Where two phrases have the same words, their order is what tells them apart.
        only_one = {words: found[0] for words, found in any_order.items() if len(found) == 1}
        object.__setattr__(self, "_by_any_order", only_one)

    def match(self, heard: Sequence[HeardWord]) -> SpeechResult:
        """The phrase that was said, as sure as its least sure word; without words when it is none.

        Unknown speech is dropped at both ends as long as there is no more of it than of the phrase; in the middle it makes the
        whole unknown. A phrase said twice over counts once. Digits count only when nothing else was said.
        """
        known = _without_unknown_ends(heard)
        if not known or any(word.word == UNKNOWN for word in known):
            return SpeechResult()
        dropped = len(heard) - len(known)
        words = tuple(word.word for word in known)
        phrase, in_order = self._phrase(words)
        if not phrase or dropped > len(words):
            return SpeechResult()
        confidence = min(word.confidence for word in known)
        if dropped or not in_order:
            confidence = min(confidence, SUREST_WITH_DOUBT)
        return SpeechResult(phrase, max(0.0, min(1.0, confidence)))

    def match_free(self, heard: Sequence[HeardWord]) -> SpeechResult:
        """The one phrase that stands in a free text, whole and in order; without words when none or more than one does.

        With anything said beside it, it is never surer than SUREST_WITH_DOUBT, and there may be no more of that than
        _MOST_BESIDE words.
        """
        said = tuple(word.word for word in heard)
        phrase = self._find(said)
        words = tuple(phrase.split())
        if not phrase or len(said) - len(words) > _MOST_BESIDE:
            return SpeechResult()
        confidence = min(word.confidence for word in heard if word.word in words)
        return SpeechResult(phrase, confidence if said == words else min(confidence, SUREST_WITH_DOUBT))

    def _find(self, said: tuple[str, ...]) -> str:
        if self.digits and spoken_digits_to_keys(" ".join(said)):
            return " ".join(said)
        found = [(words, phrase) for words, phrase in self._by_words.items() if _stands_in(words, said)]
        # "pesanan baru" holds "pesanan": the longer one is meant.
        whole = [phrase for words, phrase in found if not any(_stands_in(words, other) for other, _ in found if other != words)]
        return whole[0] if len(whole) == 1 else ""

    def _phrase(self, words: tuple[str, ...]) -> tuple[str, bool]:
        for said in (words, _said_once(words)):
            if said in self._by_words:
                return self._by_words[said], True
        if self.digits and spoken_digits_to_keys(" ".join(words)):
            return " ".join(words), True
        return self._by_any_order.get(tuple(sorted(words)), ""), False


def _without_unknown_ends(heard: Sequence[HeardWord]) -> Sequence[HeardWord]:
    known = [place for place, word in enumerate(heard) if word.word != UNKNOWN]
    return heard[known[0] : known[-1] + 1] if known else ()


def _said_once(words: tuple[str, ...]) -> tuple[str, ...]:
    half = words[: len(words) // 2]
    return half if half and half + half == words else words


def _stands_in(words: tuple[str, ...], said: tuple[str, ...]) -> bool:
    return any(said[place : place + len(words)] == words for place in range(len(said) - len(words) + 1))
