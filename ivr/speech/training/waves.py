"""Sound as numbers: reading what synthesisers write, resampling, trimming."""

from typing import Any

import numpy as np

from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Samples

Wave = np.ndarray[Any, np.dtype[np.float32]]
_LOUDEST = 0.5


def read_wave(content: bytes) -> tuple[Wave, int]:
    """A 16-bit mono WAV file's samples in -1..1 and its rate. espeak-ng writes a false length when it pipes, so none is read."""
    rate_hz = int.from_bytes(content[24:28], "little")
    data = content.find(b"data")
    if data < 0 or not rate_hz:
        return np.zeros(0, np.float32), SAMPLE_RATE_HZ
    body = content[data + 8 :]
    return np.frombuffer(body[: len(body) // 2 * 2], dtype="<i2").astype(np.float32) / np.float32(32768), rate_hz


def at_telephone_rate(wave: Wave, rate_hz: int) -> Wave:
    """The wave at 8 kHz."""
    if rate_hz == SAMPLE_RATE_HZ:
        return wave
    padded = np.pad(wave, (0, rate_hz // 10))  # the spectrum takes the end for the beginning's neighbour
    length = len(padded) * SAMPLE_RATE_HZ // rate_hz
    changed = np.fft.irfft(np.fft.rfft(padded)[: length // 2 + 1], length) * (length / len(padded))
    resampled: Wave = changed.astype(np.float32)
    return resampled


def trimmed(wave: Wave) -> Wave:
    """The wave without the silence around it, but for a breath of 10 ms before and 20 ms after."""
    loud = np.flatnonzero(np.abs(wave) > 0.01 * max(1e-9, float(np.abs(wave).max(initial=0))))
    if not len(loud):
        return wave[:0]
    return wave[max(0, loud[0] - SAMPLE_RATE_HZ // 100) : loud[-1] + SAMPLE_RATE_HZ // 50]


def as_samples(wave: Wave) -> Samples:
    """16-bit samples, made equally loud."""
    return (wave * (_LOUDEST / max(1e-9, float(np.abs(wave).max(initial=0)))) * 32767).astype(np.int16)


def telephone_samples(content: bytes) -> Samples:
    """A synthesiser's WAV file as trimmed 8 kHz samples; empty when nothing was said."""
    return as_samples(trimmed(at_telephone_rate(*read_wave(content))))
