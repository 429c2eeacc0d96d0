"""What a phrase is to an HTS voice: for each sound a label of its neighbours and of its place in syllable, word and phrase.

A voice's decision trees ask labels, so they are written as the voice's language does (RHVoice's labelling.xml names the features
in order). There is no text here, only phones: syllables are guessed, a consonant before a vowel belongs to it, and words are
stressed on the syllable that most words of the language are.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

PAUSE, _NONE = "pau", "x"
_FEATURE = re.compile(r'<feature name="([^"]*)"[^>]*/>')
Sounds = Sequence[str]


@dataclass(frozen=True, slots=True)
class _Syllable:
    """Its sounds, its vowel, and where it stands: `word` and `phrase` are numbers, `place` its place in the word."""

    sounds: tuple[str, ...]
    vowel: str
    word: int
    place: int
    stressed: bool


@cache
def label_format(language: Path) -> str:
    """The labels' form with {feature} for each feature. Raises OSError when the language is not there."""
    whole = re.sub(r"\s*\n\s*", "", (language / "labelling.xml").read_text(encoding="utf-8"))
    found = re.search("<format>(.*)</format>", whole)
    assert found is not None
    return html.unescape(found[1])


@cache
def vowels(language: Path) -> frozenset[str]:
    """The language's vowels. Raises OSError when the language is not there."""
    return frozenset(re.findall(r'<phoneme name="([^"]*)" [^>]*\bvc="\+"', (language / "phonemes.xml").read_text(encoding="utf-8")))


def labels(language: Path, phrase: Sequence[Sounds], stressed_from_end: int) -> list[str]:
    """A label for each sound of the phrase, in order, and for the pause that closes it; an empty word is a pause within it.

    `stressed_from_end` says which syllable is stressed: 2 is the last but one, 0 the first. `language` is RHVoice's folder of it.
    """
    form = label_format(language)
    syllables = [
        each for number, word in enumerate(phrase) for each in _syllables(word, number, vowels(language), stressed_from_end)
    ]
    sounds: list[tuple[str, int, int]] = []  # with its syllable (-1 for a pause) and its place there
    for number, word in enumerate(phrase):
        own = [(place, each) for place, each in enumerate(syllables) if each.word == number]
        sounds += [(sound, place, at) for place, each in own for at, sound in enumerate(each.sounds)]
        if not word:
            sounds.append((PAUSE, -1, 0))
    sounds.append((PAUSE, -1, 0))
    names = [PAUSE, *(sound for sound, _, _ in sounds)]

    def name(place: int) -> str:
        return names[place] if 0 <= place < len(names) else _NONE

    written = []
    for at, (sound, syllable, place) in enumerate(sounds, start=1):
        about: dict[str, object] = {"name": sound, "prev_name": name(at - 1), "prev_prev_name": name(at - 2)}
        about |= {"next_name": name(at + 1), "next_next_name": name(at + 2)}
        if syllable >= 0:
            about |= _places(syllables, syllable, place, phrase)
        written.append(_FEATURE.sub(lambda found, told=about: str(told.get(found[1], "0")), form))  # type: ignore[misc]
    return written


def _syllables(word: Sounds, number: int, is_vowel: frozenset[str], stressed_from_end: int) -> list[_Syllable]:
    places = [place for place, sound in enumerate(word) if sound in is_vowel]
    if not places:
        return [_Syllable(tuple(word), _NONE, number, 0, stressed=False)] if word else []
    begins = [0, *(max(before + 1, place - 1) for before, place in pairwise(places)), len(word)]
    stressed = max(0, len(places) - stressed_from_end) if stressed_from_end else 0
    return [
        _Syllable(tuple(word[begin:end]), word[vowel], number, place, place == stressed)
        for place, (begin, end, vowel) in enumerate(zip(begins, begins[1:], places, strict=False))
    ]


def _places(syllables: Sequence[_Syllable], at: int, place: int, phrase: Sequence[Sounds]) -> Mapping[str, object]:
    this = syllables[at]
    before = syllables[at - 1] if at else None
    after = syllables[at + 1] if at + 1 < len(syllables) else None
    own = [each for each in syllables if each.word == this.word]
    words = [number for number, word in enumerate(phrase) if word]
    word = words.index(this.word)
    stressed = [number for number, each in enumerate(syllables) if each.stressed]
    earlier, later = [each for each in stressed if each < at], [each for each in stressed if each > at]
    in_word = sum(len(each.sounds) for each in own[: this.place]) + place
    sizes = {number: sum(each.word == number for each in syllables) for number in words}
    told: dict[str, object] = {
        "pos_in_syl_fw": place + 1, "pos_in_syl_bw": len(this.sounds) - place, "syl_length": len(this.sounds),
        "syl_vowel": this.vowel,
        "syl_stress": int(this.stressed), "syl_accented": int(this.stressed),
        "syl_pos_in_word_fw": this.place + 1, "syl_pos_in_word_bw": len(own) - this.place,
        "syl_pos_in_phrase_fw": at + 1, "syl_pos_in_phrase_bw": len(syllables) - at,
        "pos_in_word_fw": in_word + 1, "pos_in_word_bw": sum(len(each.sounds) for each in own) - in_word,
        "num_syls_in_word": len(own), "num_syls_in_phrase": len(syllables), "num_syls_in_utt": len(syllables),
        "num_words_in_phrase": len(words), "num_words_in_utt": len(words), "num_phrases_in_utt": 1,
        "word_pos_in_phrase_fw": word + 1, "word_pos_in_phrase_bw": len(words) - word, "word_gpos": "content",
        "num_content_words_in_phrase_before_this_word": word + 1, "num_content_words_in_phrase_after_this_word": len(words) - word,
        "dist_to_prev_content_word_in_phrase": int(word > 0), "dist_to_next_content_word_in_phrase": int(word + 1 < len(words)),
        "phrase_pos_in_utt_fw": 1, "phrase_pos_in_utt_bw": 1, "phrase_end_tone": "L-L%",
        "prev_syl_stress": int(bool(before and before.stressed)), "prev_syl_accented": int(bool(before and before.stressed)),
        "next_syl_stress": int(bool(after and after.stressed)), "next_syl_accented": int(bool(after and after.stressed)),
        "prev_syl_length": len(before.sounds) if before else 0, "next_syl_length": len(after.sounds) if after else 0,
        "prev_word_gpos": "content" if word else "0", "next_word_gpos": "content" if word + 1 < len(words) else "0",
        "num_syls_in_prev_word": sizes[words[word - 1]] if word else 0,
        "num_syls_in_next_word": sizes[words[word + 1]] if word + 1 < len(words) else 0,
    }  # fmt: skip
    for kind in ("stressed", "accented"):
        told |= {
            f"num_{kind}_syls_in_phrase_before_this_syl": len(earlier) + 1,
            f"num_{kind}_syls_in_phrase_after_this_syl": len(later) + 1,
            f"dist_to_prev_{kind}_syl_in_phrase": at - earlier[-1] if earlier else 0,
            f"dist_to_next_{kind}_syl_in_phrase": later[0] - at if later else 0,
        }
    return told
