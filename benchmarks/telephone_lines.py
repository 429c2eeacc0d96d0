"""The lines of the recognition benchmark: a telephone's band, a noise behind the voice, a codec on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ivr.speech.training import codecs
from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Samples
from ivr.speech.training.noises import NoiseBank, with_noise

BEFORE_S, AFTER_S = 0.4, 1.2
_SNR_DB = 15.0
_FAINT = 1e-4


@dataclass(frozen=True, slots=True)
class Condition:
    """One kind of line. `noise` is a kind of the noise bank, "" for none; `codec` a name of CODECS."""

    name: str
    noise: str = ""
    codec: str = "µ-law"


CODECS = {
    "µ-law": codecs.mu_law,
    "GSM": codecs.gsm,
    "AMR 12.2": partial(codecs.amr, mode=7),
    "AMR 5.9": partial(codecs.amr, mode=2),
    "Opus 12": partial(codecs.opus, kbit_s=12),
}
CONDITIONS = (
    Condition("clean"),
    Condition("white 15 dB", "white"),
    Condition("babble 15 dB", "babble"),
    Condition("street 15 dB", "street"),
    Condition("GSM", codec="GSM"),
    Condition("AMR 12.2", codec="AMR 12.2"),
    Condition("AMR 5.9", codec="AMR 5.9"),
    Condition("Opus 12", codec="Opus 12"),
)


def carry(spoken: Sequence[Samples], condition: Condition, seed: int, babble: NoiseBank) -> list[Samples]:
    """The recordings as they arrive, with BEFORE_S and AFTER_S of line around the voice; µ-law comes last on every line."""
    chance = np.random.default_rng(seed)
    arriving = []
    for samples in spoken:
        wave = _in_band(np.pad(samples / 32768, (int(BEFORE_S * SAMPLE_RATE_HZ), int(AFTER_S * SAMPLE_RATE_HZ))))
        if condition.noise:
            wave = with_noise(wave, babble.piece(chance, condition.noise, len(wave)), _SNR_DB)
        wave = wave + _FAINT * chance.standard_normal(len(wave))
        arriving.append((np.clip(wave, -1, 1) * 32767).astype(np.int16))
    if condition.codec != "µ-law":
        arriving = codecs.coded_together(arriving, CODECS[condition.codec])
    return [codecs.mu_law(samples) for samples in arriving]


def _in_band(wave):
    """300 to 3400 Hz, with soft edges."""
    frequency = np.fft.rfftfreq(len(wave), 1 / SAMPLE_RATE_HZ)
    gain = np.clip((frequency - 200) / 100, 0, 1) * np.clip((3600 - frequency) / 200, 0, 1)
    return np.fft.irfft(np.fft.rfft(wave) * gain, len(wave)).astype(np.float32)
