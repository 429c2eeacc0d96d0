"""Other people made of one voice: their pitch, their throat, and what they say stays what it was."""

import random

import numpy as np
import pytest

from ivr.speech.training.persons import Person, draw_person, said_by

RATE_HZ = 8000
SAME = Person(throat=1.0, pitch=1.0, melody=1.0)


def test_a_pitch_is_raised_and_its_melody_widened_around_its_middle() -> None:
    voice = np.array([0.0, 100.0, 0.0, 144.0])
    higher = Person(throat=1.0, pitch=1.5, melody=1.0).tone(voice)
    assert higher == pytest.approx([0, 150, 0, 216])
    flat = Person(throat=1.0, pitch=1.0, melody=0.0).tone(voice)
    assert flat == pytest.approx([0, 120, 0, 120]), "the middle is that of what is heard, as ears do: by ratios"
    lively = Person(throat=1.0, pitch=1.0, melody=2.0).tone(voice)
    assert lively[3] / lively[1] == pytest.approx(1.44**2)


def test_a_whisper_has_no_pitch_to_change() -> None:
    assert not Person(throat=1.0, pitch=2.0, melody=0.5).tone(np.zeros(4)).any()


def test_persons_are_drawn_from_chance_alone_and_differ() -> None:
    chance = random.Random(1)
    drawn = [draw_person(chance) for _ in range(200)]
    assert drawn == [draw_person(again) for again in [random.Random(1)] for _ in range(200)]
    for part in ("throat", "pitch", "melody"):
        values = [getattr(person, part) for person in drawn]
        assert min(values) < 1 < max(values)


def vowel(pitch_hz: float, formant_hz: float) -> np.ndarray:
    """Half a second of a voice's pulses through one resonance."""
    pulses = np.zeros(RATE_HZ // 2)
    pulses[:: round(RATE_HZ / pitch_hz)] = 1
    ring = np.arange(400) / RATE_HZ
    wave = np.convolve(pulses, np.exp(-ring * 300) * np.sin(2 * np.pi * formant_hz * ring))[: len(pulses)]
    return (wave / np.abs(wave).max() * 16000).astype(np.int16)


def loudest_hz(samples: np.ndarray, low_hz: float, high_hz: float, smooth: int) -> float:
    power = np.abs(np.fft.rfft(samples.astype(float) * np.hanning(len(samples)))) ** 2
    power = np.convolve(power, np.ones(smooth), "same")
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    inside = (hertz >= low_hz) & (hertz <= high_hz)
    return float(hertz[inside][np.argmax(power[inside])])


def repeats_every_s(samples: np.ndarray) -> float:
    wave = samples.astype(float)
    same = np.correlate(wave, wave, "full")[len(wave) - 1 :]
    shortest = RATE_HZ // 200  # longer than a formant rings
    return (shortest + int(np.argmax(same[shortest : RATE_HZ // 80]))) / RATE_HZ


def test_another_throat_moves_the_formant_and_leaves_the_pitch_and_the_length() -> None:
    pytest.importorskip("pyworld", reason="only where the speech model is trained: pip install '.[train]'")
    said = vowel(125, 1000)
    same, longer = said_by(SAME, said), said_by(Person(throat=1.2, pitch=1.0, melody=1.0), said)
    assert len(same) == pytest.approx(len(said), abs=80)
    assert len(longer) == len(same)
    assert 1 / repeats_every_s(longer) == pytest.approx(125, rel=0.03)
    assert loudest_hz(same, 500, 2000, 90) == pytest.approx(1000, rel=0.1)
    assert loudest_hz(longer, 500, 2000, 90) / loudest_hz(same, 500, 2000, 90) == pytest.approx(1.2, rel=0.08)


def test_another_pitch_leaves_the_formant() -> None:
    pytest.importorskip("pyworld", reason="only where the speech model is trained: pip install '.[train]'")
    higher = said_by(Person(throat=1.0, pitch=1.25, melody=1.0), vowel(125, 1000))
    assert 1 / repeats_every_s(higher) == pytest.approx(125 * 1.25, rel=0.03)
    assert loudest_hz(higher, 500, 2000, 90) == pytest.approx(1000, rel=0.12)


def test_a_whisper_stays_one() -> None:
    pytest.importorskip("pyworld", reason="only where the speech model is trained: pip install '.[train]'")
    whisper = (np.random.default_rng(1).normal(size=RATE_HZ // 2) * 4000).astype(np.int16)
    same = said_by(SAME, whisper).astype(float)
    later = np.correlate(same, same, "full")[len(same) - 1 :]
    assert float(later[RATE_HZ // 200 : RATE_HZ // 80].max()) < 0.5 * float(later[0])
