"""Sounds behind and instead of a caller's voice: made here, from chance and from other voices."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Samples
from ivr.speech.training.waves import Wave

Chance = np.random.Generator
KINDS = ("white", "pink", "babble", "hum", "street", "music")
_LENGTH_S = 90
_TALKERS = 6


class NoiseBank:
    """A minute and a half of each kind of noise, of unit power, to cut pieces from."""

    def __init__(self, chance: Chance, talkers: Sequence[Samples]) -> None:
        length = SAMPLE_RATE_HZ * _LENGTH_S
        self._noises = {
            "white": chance.standard_normal(length),
            "pink": _pink(chance, length),
            "hum": _hum(chance, length),
            "street": _street(chance, length),
            "music": _music(chance, length),
            "babble": _babble(chance, length, talkers),
        }
        for kind, noise in self._noises.items():
            self._noises[kind] = (noise / np.sqrt(np.mean(noise**2))).astype(np.float32)

    def piece(self, chance: Chance, kind: str, length: int) -> Wave:
        """`length` samples of a kind, from anywhere in it."""
        noise = self._noises[kind]
        begin = int(chance.integers(0, len(noise)))
        return (
            np.resize(np.roll(noise, -begin), length)
            if length > len(noise)
            else np.take(noise, range(begin, begin + length), mode="wrap")
        )


def with_noise(wave: Wave, noise: Wave, snr_db: float) -> Wave:
    """Speech over noise of unit power. The ratio is that of the powers where the voice is heard."""
    voiced = wave[np.abs(wave) > 0.02 * np.abs(wave).max(initial=0)]
    power = float(np.mean(voiced**2)) if len(voiced) else 0.0
    mixed: Wave = (wave + noise * np.sqrt(power / 10 ** (snr_db / 10))).astype(np.float32)
    return mixed


def _pink(chance: Chance, length: int) -> Any:
    frequency = np.fft.rfftfreq(length)
    frequency[0] = 1
    return np.fft.irfft(np.fft.rfft(chance.standard_normal(length)) / np.sqrt(frequency), length)


def _hum(chance: Chance, length: int) -> Any:
    t = np.arange(length) / SAMPLE_RATE_HZ
    mains = sum(np.sin(2 * np.pi * 50 * k * t + k) / k for k in range(1, 20))
    return mains + 0.3 * chance.standard_normal(length)


def _street(chance: Chance, length: int) -> Any:
    """Low rumble that comes and goes."""
    frequency = 2 * np.pi * np.fft.rfftfreq(length)
    rumble = np.fft.irfft(np.fft.rfft(chance.standard_normal(length)) / np.abs(1 - 0.9 * np.exp(-1j * frequency)), length)
    steps = np.arange(0, length + SAMPLE_RATE_HZ, SAMPLE_RATE_HZ // 2)
    return rumble * np.interp(np.arange(length), steps, chance.uniform(0.2, 1.5, len(steps)))


def _music(chance: Chance, length: int) -> Any:
    """Chords that change twice a second."""
    t = np.arange(SAMPLE_RATE_HZ // 2) / SAMPLE_RATE_HZ
    bars = []
    for _ in range(-(-length // len(t))):
        notes = 220 * 2 ** (chance.integers(0, 24, 3) / 12)
        bars.append(sum(np.sin(2 * np.pi * note * k * t) / k for note in notes for k in (1, 2, 3)) * np.exp(-2 * t))
    return np.concatenate(bars)[:length] + 0.02 * chance.standard_normal(length)


def _babble(chance: Chance, length: int, talkers: Sequence[Samples]) -> Any:
    """Several voices at once."""
    total = np.zeros(length)
    for _ in range(_TALKERS):
        at = 0
        while at < length:
            samples = talkers[int(chance.integers(0, len(talkers)))].astype(np.float64)[: length - at]
            total[at : at + len(samples)] += samples
            at += len(samples) + int(chance.integers(400, 2400))
    return total + 1.0
