"""A human voice for the tests: the digits, letters and sentences that Debian ships for Asterisk, spoken by Allison Smith.

Package asterisk-core-sounds-en-wav, CC-BY-SA-3.0. For measuring only: nothing of it is shipped or trained on. She recorded word by
word, as prompts are, so a number is her words put together: a person's voice, but not how people say a number to a telephone.
"""

import random
import wave
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from ivr.hearing import KEY_OF_WORD
from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Samples
from ivr.speech.training.waves import telephone_samples

NAME = "human (Allison Smith)"
FOLDER = Path("/usr/share/asterisk/sounds/en_US_f_Allison")
_LONGEST_PAUSE_S = 0.12
_FRAME = SAMPLE_RATE_HZ // 100
_AROUND = 3  # frames: a word begins and ends softly
_QUIET = 0.02  # of the loudest frame
_SHORTEST_S, _LONGEST_S = 0.5, 6.0
_NO_SPEECH = ("beep", "tone", "monkeys", "silence")


def is_installed() -> bool:
    """Whether her recordings are there."""
    return (FOLDER / "digits" / "0.wav").is_file()


def speak(words: Sequence[str], chance: random.Random) -> Samples:
    """These digits, put together with short pauses; nothing when any word was not recorded."""
    files = [_file(word) for word in words]
    if not all(file.is_file() for file in files):
        return telephone_samples(b"")
    parts: list[Samples] = []
    for file in files:
        pause = np.zeros(int(chance.uniform(0, _LONGEST_PAUSE_S) * SAMPLE_RATE_HZ), np.int16)
        parts += [_word(file), pause]
    return np.concatenate(parts)


def sentences() -> Iterator[tuple[str, Samples]]:
    """Names and sound of her sentences, letters and code words, none of which is a digit."""
    for file in sorted([*FOLDER.glob("*.wav"), *FOLDER.glob("letters/*.wav"), *FOLDER.glob("phonetic/*.wav")]):
        samples = _samples(file)
        is_speech = not any(word in file.stem for word in _NO_SPEECH) and file.stem not in ("o", "9_p")
        if is_speech and _SHORTEST_S <= len(samples) / SAMPLE_RATE_HZ <= _LONGEST_S:
            yield file.stem, samples


def _file(word: str) -> Path:
    if word == "oh":
        return FOLDER / "letters" / "o.wav"
    return FOLDER / "digits" / f"{KEY_OF_WORD.get(word, word)}.wav"


@lru_cache(maxsize=32)
def _word(file: Path) -> Samples:
    """Without the silence at its ends."""
    samples = _samples(file)
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(float)
    level = np.sqrt(np.mean(frames**2, axis=1))
    loud = np.nonzero(level > _QUIET * level.max())[0]
    return samples[max(0, loud[0] - _AROUND) * _FRAME : (loud[-1] + 1 + _AROUND) * _FRAME]


def _samples(file: Path) -> Samples:
    with wave.open(str(file)) as sound:
        return np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
