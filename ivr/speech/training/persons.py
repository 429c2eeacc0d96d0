"""Makes other people of one voice: a longer or shorter throat, another pitch and melody, each apart from the others.

A voice is taken apart into pitch and formants, and put together again, as WORLD does (Morise et al., IEICE Trans.
E99-D, 2016): playing a recording faster, which lines do too, moves pitch and formants together, as they are not among people.
"""

import random
from dataclasses import dataclass
from typing import Any

import numpy as np

from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Samples
from ivr.speech.training.waves import as_samples

FRAME_MS, FFT = 5.0, 512
# How much of each band is breath where there is a pitch. WORLD's own estimate needs bands above 4 kHz: of a telephone's sound it
# makes whispers.
_BREATH = 10 ** (np.linspace(-45, -3, FFT // 2 + 1) / 20)
Frames = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks, beside the voice: `throat` stretches the formants, `pitch` the pitch, `melody` how far it rises and falls."""

    throat: float
    pitch: float
    melody: float

    def tone(self, hz: Frames) -> Frames:
        """This person's pitch by frame, given the voice's; 0 where there is none."""
        voiced = hz > 0
        height = np.log(np.where(voiced, hz, 1.0))
        middle = height[voiced].mean() if voiced.any() else 0.0
        return np.where(voiced, np.exp(middle + (height - middle) * self.melody) * self.pitch, 0.0)


def draw_person(chance: random.Random) -> Person:
    """Someone by chance."""
    return Person(chance.uniform(0.9, 1.12), chance.uniform(0.8, 1.25), chance.uniform(0.5, 1.4))


def sound(tone: Frames, power: Frames, breath: Frames) -> Samples:
    """8 kHz samples of frames each FRAME_MS: pitch in Hz, power spectra, and how much of each band is breath (0 to 1)."""
    import pyworld

    return as_samples(pyworld.synthesize(tone, power, breath, SAMPLE_RATE_HZ, FRAME_MS).astype(np.float32))


def said_by(person: Person, samples: Samples) -> Samples:
    """What the samples say, said by someone else; as long as they are."""
    import pyworld

    wave = samples.astype(np.float64) / 32768
    rough, times = pyworld.dio(wave, SAMPLE_RATE_HZ, frame_period=FRAME_MS)
    hz = pyworld.stonemask(wave, rough, times, SAMPLE_RATE_HZ)
    power = pyworld.cheaptrick(wave, hz, times, SAMPLE_RATE_HZ, fft_size=FFT)
    breath = np.where(hz[:, None] > 0, _BREATH, 1.0)
    at = np.minimum(np.arange(FFT // 2 + 1) / person.throat, FFT // 2 - 1)
    below, part = at.astype(int), at % 1
    stretched = np.exp(np.log(power[:, below]) * (1 - part) + np.log(power[:, below + 1]) * part)
    return sound(person.tone(hz), np.ascontiguousarray(stretched), breath)
