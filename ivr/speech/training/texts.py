"""What is said in one training utterance, drawn by chance: digit strings, hotline phrases, or general words."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.speech.english import words_in_dictionary
from ivr.speech.pronunciation import DIGITS, YES_NO
from ivr.speech.training.phrases import HOTLINE, kept_out

GENERAL_WORDS = 8000
_STRING_LENGTHS = (*range(3, 17), 1, 2, 1)
_MOST_LETTERS = 16


@dataclass(frozen=True, slots=True)
class TextSource:
    """Draws the words of utterances in one language. `general` are the words to fill up with."""

    language: str
    general: Sequence[str]

    def draw(self, chance: random.Random) -> list[str]:
        """The words of the next utterance; a "," between two of them asks for a pause there."""
        kind = chance.random()
        if kind < 0.4:
            return self._digits(chance)
        if kind < 0.53:
            return chance.choice((*HOTLINE[self.language], *YES_NO[self.language] * 3)).split()
        if kind < 0.61:
            spoken = sorted({word for phrase in HOTLINE[self.language] for word in phrase.split()} | set(YES_NO[self.language]))
            return chance.sample(spoken, chance.randint(1, 3))
        return list(chance.choices(self.general, k=chance.choices((1, 2, 3, 4, 5), (3, 3, 3, 2, 1))[0]))

    def _digits(self, chance: random.Random) -> list[str]:
        """A string of digits as people read numbers out: often in groups of three or four, now and then one by one."""
        words = chance.choices(DIGITS[self.language], k=chance.choice(_STRING_LENGTHS))
        group = chance.choice((0, 0, 0, 1, 3, 4, 4))
        if not group:
            return words
        grouped: list[str] = []
        for place, word in enumerate(words):
            if place and place % group == 0:
                grouped.append(",")
            grouped.append(word)
        return grouped


def text_source(language: str) -> TextSource:
    """The frequent words of a language that we can pronounce, less those that are kept out for measuring."""
    import wordfreq

    other = {"en": "id", "id": "en"}[language]
    dictionary = words_in_dictionary() if language == "en" else None
    out = kept_out(language)

    def fits(word: str) -> bool:
        if not (word.isascii() and word.isalpha() and 3 <= len(word) <= _MOST_LETTERS) or word in out:
            return False
        if dictionary is not None:
            return word in dictionary
        # Indonesian texts are full of English: a word that is far commoner there would be read by the wrong rule.
        return bool(wordfreq.zipf_frequency(word, language) + 0.7 > wordfreq.zipf_frequency(word, other))

    frequent = [word for word in wordfreq.top_n_list(language, 4 * GENERAL_WORDS) if fits(word)]
    return TextSource(language, tuple(frequent[:GENERAL_WORDS]))
