"""Sound as the training hears it: rates, codecs and noises keep what they must."""

from pathlib import Path

import numpy as np
import pytest

from ivr.speech.training import codecs
from ivr.speech.training.corpus import Corpus, Utterance, join_corpora, write_corpus
from ivr.speech.training.features import examples_of
from ivr.speech.training.noises import KINDS, NoiseBank, with_noise
from ivr.speech.training.waves import at_telephone_rate, read_wave, trimmed

RATE_HZ = 8000


def tone(hertz: float, rate_hz: int, seconds_s: float = 1.0) -> np.ndarray:
    return (0.4 * np.sin(2 * np.pi * hertz * np.arange(int(rate_hz * seconds_s)) / rate_hz)).astype(np.float32)


def loudest_hz(wave: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(wave))) * RATE_HZ / len(wave))


@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050])
def test_a_tone_keeps_its_pitch_and_loudness_at_another_rate(rate_hz: int) -> None:
    changed = at_telephone_rate(tone(440, rate_hz), rate_hz)
    assert loudest_hz(changed) == pytest.approx(440, abs=2)
    assert float(np.abs(changed[1000:7000]).max()) == pytest.approx(0.4, rel=0.02)


def test_what_a_telephone_can_not_carry_does_not_come_back_as_another_tone() -> None:
    assert np.sqrt(np.mean(at_telephone_rate(tone(6000, 16000), 16000)[800:7200] ** 2)) < 0.004


def test_silence_around_speech_is_cut_off() -> None:
    wave = np.concatenate([np.zeros(4000, np.float32), tone(300, RATE_HZ, 0.5), np.zeros(4000, np.float32)])
    assert len(trimmed(wave)) == pytest.approx(4000 + 240, abs=30)
    assert len(trimmed(np.zeros(100, np.float32))) == 0


def test_what_is_no_wave_file_is_empty() -> None:
    assert len(read_wave(b"")[0]) == 0


@pytest.mark.parametrize("codec", [codecs.mu_law, codecs.a_law])
def test_a_second_time_through_a_law_changes_nothing(codec) -> None:
    once = codec((tone(700, RATE_HZ) * 32767).astype(np.int16))
    assert np.array_equal(codec(once), once)


@pytest.mark.parametrize("codec", [codecs.gsm, lambda samples: codecs.amr(samples, 7)])
def test_a_mobile_codec_keeps_the_length_and_the_tone(codec) -> None:
    sent = (tone(500, RATE_HZ) * 32767).astype(np.int16)
    [first, second] = codecs.coded_together([sent, sent[:5000]], codec)
    assert (len(first), len(second)) == (8000, 5000)
    assert loudest_hz(first.astype(float)) == pytest.approx(500, abs=10)


def test_noises_have_the_power_that_was_asked_for() -> None:
    chance = np.random.default_rng(1)
    bank = NoiseBank(chance, [(tone(300, RATE_HZ) * 32767).astype(np.int16)])
    for kind in KINDS:
        assert float(np.mean(bank.piece(chance, kind, 80 * RATE_HZ) ** 2)) == pytest.approx(1, rel=0.2)
    voice = tone(300, RATE_HZ)
    noise = with_noise(voice, bank.piece(chance, "white", len(voice)), snr_db=15) - voice
    heard = voice[np.abs(voice) > 0.02 * 0.4]
    assert 10 * np.log10(np.mean(heard**2) / np.mean(noise**2)) == pytest.approx(15, abs=0.5)


def test_a_corpus_comes_back_as_it_was_written(tmp_path: Path) -> None:
    said = [
        Utterance("id", "espeak", "f1", ("satu",), (("s", "aa"),), np.arange(100, dtype=np.int16)),
        Utterance("en", "flite", "slt", ("a", "b"), (("ey",), ("b", "iy")), np.arange(50, dtype=np.int16)),
    ]
    assert write_corpus(tmp_path, iter(said)) == 2
    back = list(Corpus(tmp_path))
    assert [(each.words, each.phones, each.voice) for each in back] == [(each.words, each.phones, each.voice) for each in said]
    assert all(np.array_equal(one.samples, other.samples) for one, other in zip(back, said, strict=True))
    assert Corpus(tmp_path).hours == pytest.approx(150 / 8000 / 3600)


def test_corpora_are_joined_in_their_order(tmp_path: Path) -> None:
    one = Utterance("id", "espeak", "f1", ("satu",), (("s", "aa"),), np.arange(100, dtype=np.int16))
    other = Utterance("en", "flite", "slt", ("a",), (("ey",),), np.arange(50, dtype=np.int16))
    parts = [tmp_path / "one", tmp_path / "other"]
    write_corpus(parts[0], [one, other])
    write_corpus(parts[1], [other])
    join_corpora(tmp_path / "both", parts)
    both = Corpus(tmp_path / "both")
    assert [each.voice for each in both] == ["f1", "slt", "slt"]
    assert np.array_equal(both[0].samples, one.samples)
    assert all(np.array_equal(both[place].samples, other.samples) for place in (1, 2))


def test_every_utterance_goes_over_a_line_of_its_own_and_some_lines_carry_no_words(tmp_path: Path) -> None:
    pytest.importorskip("kaldi_native_fbank", reason="only where the speech model is trained: pip install '.[train]'")
    said = (tone(300, RATE_HZ) * 32767).astype(np.int16)
    write_corpus(tmp_path, [Utterance("id", "espeak", "f1", ("satu",), (("s", "aa"),), said)] * 50)
    first, again, other = (examples_of(Corpus(tmp_path), copy, 1) for copy in (0, 0, 1))
    assert [len(each.phones) for each in first] == [1] * 50 + [0] * 2
    assert all(np.array_equal(one.features, same.features) for one, same in zip(first, again, strict=True))
    assert not any(np.array_equal(one.features, moved.features) for one, moved in zip(first, other, strict=True))
    assert len({each.features.tobytes() for each in first}) == 52, "no two are alike, though the same was said"
