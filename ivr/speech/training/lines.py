"""The telephone line between a voice and us: another pitch, room, band, loudness, noise, lost packets and codec, by chance."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

from ivr.speech.training import codecs
from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Samples
from ivr.speech.training.noises import Chance, NoiseBank, with_noise
from ivr.speech.training.waves import Wave

_NOISE_SHARES = {"white": 0.2, "pink": 0.13, "babble": 0.38, "hum": 0.04, "street": 0.19, "music": 0.06}
_PACKET = SAMPLE_RATE_HZ // 50
_ROOMS = _FILTERS = 40
_A_LAW_SHARE = 0.33
Codec = Callable[[Samples], Samples]


class Line:
    """Changes utterances as telephone calls do. All chance comes from the generator that it is given."""

    def __init__(self, chance: Chance, noises: NoiseBank) -> None:
        self._chance, self._noises = chance, noises
        self._bands = [self._band() for _ in range(_FILTERS)]
        self._rooms = [self._room() for _ in range(_ROOMS)]

    def carry(self, spoken: Sequence[Samples]) -> list[Samples]:
        """The utterances as they arrive, each over a line of its own, with silence before and after."""
        arrived = [self._analogue(samples) for samples in spoken]
        by_codec: dict[str, list[int]] = {}
        for place in range(len(arrived)):
            by_codec.setdefault(self._draw_codec(), []).append(place)
        for name, places in by_codec.items():
            for place, samples in zip(places, self._coded(name, [arrived[place] for place in places]), strict=True):
                arrived[place] = codecs.a_law(samples) if self._chance.random() < _A_LAW_SHARE else codecs.mu_law(samples)
        return arrived

    def no_speech(self, length: int) -> Samples:
        """A stretch of line without a caller's words: noise, tones, keys, knocks, or nothing."""
        chance, t = self._chance, np.arange(length) / SAMPLE_RATE_HZ
        kind = int(chance.integers(0, 7))
        wave: Any = np.zeros(length)
        if kind == 1:
            for _ in range(int(chance.integers(1, 5))):
                at = int(chance.integers(0, max(1, length - 1600)))
                keys = np.sin(2 * np.pi * chance.choice([697, 770, 852, 941]) * t[:1200]) + np.sin(
                    2 * np.pi * chance.choice([1209, 1336, 1477]) * t[:1200]
                )
                wave[at : at + 1200] = 0.2 * keys[: len(wave[at : at + 1200])]
        elif kind == 2:
            tone = sum(np.sin(2 * np.pi * chance.choice([350, 400, 425, 440, 480, 620]) * t) for _ in range(2))
            wave = 0.15 * tone * (np.floor(t / 0.5) % 2 == 0)
        elif kind == 3:
            for _ in range(int(chance.integers(1, 6))):
                at, size = int(chance.integers(0, max(1, length - 800))), int(chance.integers(20, 600))
                knock = chance.standard_normal(size) * np.exp(-np.arange(size) / (size / 3)) * chance.uniform(0.05, 0.6)
                wave[at : at + size] += knock[: len(wave[at : at + size])]
        elif kind >= 4:
            wave = self._noises.piece(chance, str(chance.choice(list(_NOISE_SHARES))), length) * 10 ** chance.uniform(-3, -0.7)
        wave = wave + chance.standard_normal(length) * 10 ** chance.uniform(-4.5, -2)
        return codecs.mu_law(_clipped(wave))

    def _analogue(self, samples: Samples) -> Samples:
        chance = self._chance
        faster = chance.uniform(0.87, 1.15)
        length = int(len(samples) / faster)
        wave: Wave = np.interp(np.arange(length) * faster, np.arange(len(samples)), samples / 32768).astype(np.float32)
        before, after = (chance.uniform(0.05, 0.6, 2) * SAMPLE_RATE_HZ).astype(int)
        wave = np.pad(wave, (before, after))
        if chance.random() < 0.35:
            wave = fftconvolve(wave, self._rooms[int(chance.integers(_ROOMS))])[: len(wave)]
        if chance.random() < 0.85:
            wave = sosfilt(self._bands[int(chance.integers(_FILTERS))], wave)
        if chance.random() < 0.6:
            wave = lfilter([1.0, chance.uniform(-0.6, 0.6)], [1.0], wave)
        wave = wave * (10 ** chance.uniform(-1.7, -0.03) / (np.abs(wave).max() + 1e-9))
        if chance.random() < 0.9:
            kind = str(chance.choice(list(_NOISE_SHARES), p=list(_NOISE_SHARES.values())))
            wave = with_noise(wave, self._noises.piece(chance, kind, len(wave)), snr_db=chance.uniform(3, 33))
        if chance.random() < 0.08:
            for at in chance.integers(0, len(wave), max(1, len(wave) // (40 * _PACKET))):
                wave[at : at + _PACKET] = 0
        return _clipped(wave)

    def _draw_codec(self) -> str:
        return str(self._chance.choice(["none", "gsm", "amr", "opus"], p=[0.5, 0.16, 0.2, 0.14]))

    def _coded(self, name: str, recordings: Sequence[Samples]) -> list[Samples]:
        codec: dict[str, Codec] = {
            "gsm": codecs.gsm,
            "amr": partial(codecs.amr, mode=int(self._chance.integers(1, 8))),
            "opus": partial(codecs.opus, kbit_s=int(self._chance.choice([8, 10, 12, 16]))),
        }
        return codecs.coded_together(recordings, codec[name]) if name in codec else list(recordings)

    def _band(self) -> Any:
        """A telephone's band-pass, as second-order sections."""
        edges_hz = [self._chance.uniform(120, 400), self._chance.uniform(3000, 3850)]
        return butter(int(self._chance.integers(2, 5)), edges_hz, "band", fs=SAMPLE_RATE_HZ, output="sos")

    def _room(self) -> Wave:
        """A small room's echo."""
        length = int(self._chance.uniform(0.02, 0.15) * SAMPLE_RATE_HZ)
        echo = self._chance.standard_normal(length) * np.exp(-np.arange(length) / (length / 4)) * self._chance.uniform(0.05, 0.3)
        echo[0] = 1
        return echo.astype(np.float32)


def _clipped(wave: Any) -> Samples:
    samples: Samples = (np.clip(wave, -1, 1) * 32767).astype(np.int16)
    return samples
