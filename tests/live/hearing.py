"""Ears for tests: a sentence as the product's own ears find it, and tones."""

import wave
from pathlib import Path

import numpy as np

from launch.demo.hearing import LIKE, RATE, heard_at_s, samples

__all__ = ["LIKE", "RATE", "heard_at_s", "make_tone", "samples", "tone_share"]


def tone_share(sound: np.ndarray, tone_hz: float, rate: int = RATE) -> float:
    """Which share (0 to 1) of the loudest quarter of a sound lies within 30 Hz of a tone."""
    frames = sound[: len(sound) // 800 * 800].reshape(-1, 800)
    loud = frames[np.argsort(np.sum(frames**2, axis=1))[-max(1, len(frames) // 4) :]]
    spectrum = np.abs(np.fft.rfft(loud * np.hanning(800), axis=1)) ** 2
    frequencies = np.fft.rfftfreq(800, 1 / rate)
    near = np.abs(frequencies - tone_hz) <= 30
    return float(np.sum(spectrum[:, near]) / (np.sum(spectrum) + 1e-12))


def tone_level(sound: np.ndarray, tone_hz: float, rate: int = RATE) -> float:
    """How loud (root mean square, 1 at most) a tone is in that tenth of a second in which it is loudest, whatever else sounds
    there: beside a loud voice a browser takes a steady tone for noise and dampens it, so its share says nothing."""
    frames = sound[: len(sound) // 800 * 800].reshape(-1, 800)
    if not len(frames):
        return 0.0
    window = np.hanning(800)
    near = np.abs(np.fft.rfftfreq(800, 1 / rate) - tone_hz) <= 30
    power = 2 * np.sum(np.abs(np.fft.rfft(frames * window, axis=1))[:, near] ** 2, axis=1) / (800 * np.sum(window**2))
    return float(np.sqrt(power.max()))


def make_tone(file: Path, tone_hz: float, length_s: float = 4.0, rate: int = RATE) -> Path:
    """Write a tone that comes and goes three times a second, as speech does, so that nothing takes it for silence."""
    time = np.arange(int(length_s * rate)) / rate
    sound = 0.4 * np.sin(2 * np.pi * tone_hz * time) * (0.55 + 0.45 * np.sin(2 * np.pi * 3 * time))
    with wave.open(str(file), "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(rate)
        output.writeframes((sound * 32767).astype("<i2").tobytes())
    return file
