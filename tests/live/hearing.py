"""Ears for tests: finds a prompt, or a tone, in what one side of a call heard."""

import wave
from pathlib import Path

import numpy as np

RATE = 8000
LIKE = 0.7


def samples(file: Path) -> np.ndarray:
    """A 16-bit mono WAV at 8 kHz as floats from -1 to 1. One that is still being written is read as far as it goes."""
    data = file.read_bytes()
    if data[:4] == b"RIFF":
        assert (int.from_bytes(data[22:24], "little"), int.from_bytes(data[24:28], "little")) == (1, RATE)
    body = data[44:]
    return np.frombuffer(body[: len(body) // 2 * 2], dtype="<i2").astype(np.float64) / 32768


def heard_at_s(recording: Path, prompt: Path) -> list[float]:
    """Where in the recording this prompt begins, in seconds, each time that it does.

    Normalised cross-correlation with the middle second of the prompt: speech that only resembles it stays below 0.5.
    """
    sound, whole = samples(recording), samples(prompt)
    middle = max(0, len(whole) // 2 - RATE // 2)
    wanted = whole[middle : middle + RATE]
    if len(sound) < len(wanted):
        return []
    size = 1 << (len(sound) + len(wanted)).bit_length()
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(wanted, size)), size)[: len(sound) - len(wanted) + 1]
    energy = np.concatenate(([0.0], np.cumsum(sound**2)))
    likeness = product / (np.sqrt((energy[len(wanted) :] - energy[: -len(wanted)]) * np.sum(wanted**2)) + 1e-9)
    found = []
    while len(likeness) and likeness.max() > LIKE:
        best = int(np.argmax(likeness))
        found.append((best - middle) / RATE)
        likeness[max(0, best - RATE // 2) : best + RATE // 2] = 0
    return sorted(found)


def tone_share(sound: np.ndarray, tone_hz: float, rate: int = RATE) -> float:
    """Which share (0 to 1) of the loudest quarter of a sound lies within 30 Hz of a tone."""
    frames = sound[: len(sound) // 800 * 800].reshape(-1, 800)
    loud = frames[np.argsort(np.sum(frames**2, axis=1))[-max(1, len(frames) // 4) :]]
    spectrum = np.abs(np.fft.rfft(loud * np.hanning(800), axis=1)) ** 2
    frequencies = np.fft.rfftfreq(800, 1 / rate)
    near = np.abs(frequencies - tone_hz) <= 30
    return float(np.sum(spectrum[:, near]) / (np.sum(spectrum) + 1e-12))


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
