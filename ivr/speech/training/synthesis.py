"""Speaks the training material: draws words, has the voices say them, and says what was heard."""

import random
from collections.abc import Iterator, Sequence

import numpy as np

from ivr.speech.english import english
from ivr.speech.indonesian import indonesian
from ivr.speech.phones import Pronunciation
from ivr.speech.pronunciation import DIGITS, YES_NO
from ivr.speech.training import engines
from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Samples, Utterance
from ivr.speech.training.espeak_phones import espeak_phones
from ivr.speech.training.hts import hts
from ivr.speech.training.kokoro import kokoro
from ivr.speech.training.persons import draw_person, said_by
from ivr.speech.training.phrases import HOTLINE
from ivr.speech.training.texts import TextSource, text_source
from ivr.speech.training.voices import Voice, voices_for

# Parts of the material: language, engine, share. espeak reads anything; the others bring voices of real recordings, which are
# more like callers.
Part = tuple[str, str, float]
PARTS: tuple[Part, ...] = (
    ("en", "espeak", 0.09),
    ("id", "espeak", 0.08),
    ("en", "flite", 0.27),
    ("id", "flite", 0.12),
    ("en", "hts", 0.045),
    ("id", "hts", 0.11),
    ("en", "festival", 0.09),  # about half of what festival is asked for lacks a sound and is left out
    ("id", "festival", 0.09),
    ("en", "kokoro", 0.067),
    ("id", "kokoro", 0.038),
)
_SOMEONE_ELSE, _WORD_BY_WORD = 0.6, 0.2  # how many are given another person's voice, and said as words one after the other
_SHORTEST_S, _LONGEST_S = 0.15, 9.0
_FESTIVAL_BATCH, _HTS_BATCH, _HTS_PERSONS, _KOKORO_PERSONS = 40, 20, 3, 4
MEAN_UTTERANCE_S = 1.75

Drawn = tuple[list[str], list[Pronunciation]]


class Speaker:
    """Draws texts of one language whose words can be pronounced, with how they sound."""

    def __init__(self, language: str, source: TextSource) -> None:
        self.language, self._source = language, source
        spoken = {word for phrase in (*HOTLINE[language], *YES_NO[language], *DIGITS[language]) for word in phrase.split()}
        self._as_espeak = espeak_phones(sorted(spoken | set(source.general))) if language == "id" else {}

    def draw(self, chance: random.Random) -> list[str]:
        """Words, and "," for a pause."""
        while True:
            words = self._source.draw(chance)
            if all(word == "," or self.heard(word) for word in words):
                return words

    def heard(self, word: str) -> Pronunciation:
        """How the word sounds when espeak-ng reads it; () for a pause and for what it can't say in our phones."""
        if word == ",":
            return ()
        if self.language == "id":
            return self._as_espeak.get(word, ())
        return next(iter(english(word)), ())

    def any_way(self, word: str, chance: random.Random) -> Pronunciation:
        """One of the ways in which people say the word."""
        heard = self.heard(word)
        return chance.choice(indonesian(word) or [heard]) if self.language == "id" and heard and chance.random() < 0.5 else heard


def synthesise(part: Part, hours: float, seed: int) -> Iterator[Utterance]:
    """What one part of about `hours` of speech says. The same seed and packages give the same material."""
    language, engine, share = part
    chance = random.Random(f"{seed} {language} {engine}")  # noqa: S311  (training material, not secrets)
    speaker, count = Speaker(language, text_source(language)), int(hours * 3600 / MEAN_UTTERANCE_S * share)
    return _PARTS[engine](speaker, voices_for(engine, language), count, chance)


def _by_espeak(speaker: Speaker, voices: Sequence[Voice], count: int, chance: random.Random) -> Iterator[Utterance]:
    for _ in range(count):
        voice, words = chance.choice(voices), speaker.draw(chance)
        samples = engines.espeak(voice, speaker.language, words, chance)
        yield from _kept(speaker, voice, words, [speaker.heard(word) for word in words], samples)


def _by_flite(speaker: Speaker, voices: Sequence[Voice], count: int, chance: random.Random) -> Iterator[Utterance]:
    for _ in range(count):
        voice, words = chance.choice(voices), speaker.draw(chance)
        phones = [speaker.any_way(word, chance) for word in words]
        said = _in_turn([engines.flite(voice, piece, chance) for piece in _pieces(phones, chance)], chance)
        yield from _kept(speaker, voice, words, phones, _by_someone(said, chance))


def _by_festival(speaker: Speaker, voices: Sequence[Voice], count: int, chance: random.Random) -> Iterator[Utterance]:
    for place in range(-(-count // _FESTIVAL_BATCH)):
        voice = voices[place % len(voices)]
        drawn = [_sayable(speaker, voice, chance) for _ in range(_FESTIVAL_BATCH)]
        spoken = engines.festival(voice, [phones for _words, phones in drawn], chance)
        for (words, phones), samples in zip(drawn, spoken, strict=True):
            yield from _kept(speaker, voice, words, phones, _by_someone(samples, chance))


def _by_hts(speaker: Speaker, voices: Sequence[Voice], count: int, chance: random.Random) -> Iterator[Utterance]:
    for place in range(-(-count // (_HTS_BATCH * _HTS_PERSONS))):
        voice = voices[place % len(voices)]
        drawn = [_sayable(speaker, voice, chance) for _ in range(_HTS_BATCH)]
        pieces = [_pieces(phones, chance) for _words, phones in drawn]
        for spoken in hts(voice, [piece for each in pieces for piece in each], _HTS_PERSONS, chance):
            said = iter(spoken)
            for (words, phones), each in zip(drawn, pieces, strict=True):
                yield from _kept(speaker, voice, words, phones, _in_turn([next(said) for _ in each], chance))


def _by_kokoro(speaker: Speaker, voices: Sequence[Voice], count: int, chance: random.Random) -> Iterator[Utterance]:
    for place in range(-(-count // _KOKORO_PERSONS)):
        voice = voices[place % len(voices)]
        words, phones = _sayable(speaker, voice, chance)
        said = _in_turn([kokoro(voice, piece, chance) for piece in _pieces(phones, chance)], chance)
        people = (said if not person else said_by(draw_person(chance), said) for person in range(_KOKORO_PERSONS))
        for samples in people if len(said) else ():
            yield from _kept(speaker, voice, words, phones, samples)


def _pieces(phones: Sequence[Pronunciation], chance: random.Random) -> list[Sequence[Pronunciation]]:
    """What is said in one breath: the whole phrase, or now and then each word alone."""
    return [[word] for word in phones if word] if chance.random() < _WORD_BY_WORD else [phones]


def _in_turn(pieces: Sequence[Samples], chance: random.Random) -> Samples:
    """Recordings one after the other, with pauses between as announcements have them."""
    gaps = [np.zeros(int(chance.uniform(0, 0.25) * SAMPLE_RATE_HZ), np.int16) for _ in pieces[1:]]
    return np.concatenate([pieces[0], *(part for pair in zip(gaps, pieces[1:], strict=True) for part in pair)])


def _by_someone(samples: Samples, chance: random.Random) -> Samples:
    """As it is, or said by somebody else."""
    return said_by(draw_person(chance), samples) if len(samples) and chance.random() < _SOMEONE_ELSE else samples


_PARTS = {"espeak": _by_espeak, "flite": _by_flite, "festival": _by_festival, "hts": _by_hts, "kokoro": _by_kokoro}


def _sayable(speaker: Speaker, voice: Voice, chance: random.Random) -> Drawn:
    while True:
        words = speaker.draw(chance)
        phones = [speaker.any_way(word, chance) for word in words]
        if all(voice.can_say(word) for word in phones):
            return words, phones


def _kept(
    speaker: Speaker, voice: Voice, words: Sequence[str], phones: Sequence[Pronunciation], samples: Samples
) -> Iterator[Utterance]:
    """The utterance, unless the voice failed or went on for too long."""
    if _SHORTEST_S <= len(samples) / SAMPLE_RATE_HZ <= _LONGEST_S:
        heard = tuple(voice.labels(word) for word in phones if word)
        yield Utterance(speaker.language, voice.engine, voice.name, tuple(word for word in words if word != ","), heard, samples)
