"""The shipped voice, with the real espeak-ng and sox."""

import array
import math
import wave
from pathlib import Path

import pytest

from ivr.catalogue import text_of
from ivr.espeak import EspeakSynthesizer
from ivr.line import Prompt
from ivr.spoken import spoken_digits
from ivr.voice import Voice, VoiceFailed, recording_problem

LANGUAGES = ["id", "en"]


def samples(file: Path) -> list[int]:
    with wave.open(str(file), "rb") as sound:
        return array.array("h", sound.readframes(sound.getnframes())).tolist()


def level_db(heard: list[int]) -> float:
    return 20 * math.log10(math.sqrt(sum(value * value for value in heard) / len(heard)) / 32768)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_plain_telephone_wav_loud_and_not_clipped(tmp_path: Path, language: str) -> None:
    file = tmp_path / "x.wav"
    text = text_of(Prompt("order_number_1", language))
    EspeakSynthesizer().speak(text, language, file)
    assert recording_problem(file) == ""
    assert int.from_bytes(file.read_bytes()[16:20], "little") == 16, "the short header, which Asterisk reads"
    heard = samples(file)
    assert -23 < level_db(heard) < -17
    assert max(map(abs, heard)) < 32768 * 0.75
    words_a_second = len(text.split()) / (len(heard) / 8000)
    assert 1.5 < words_a_second < 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_begin_at_once_and_end_with_a_short_pause(tmp_path: Path, language: str) -> None:
    file = tmp_path / "x.wav"
    EspeakSynthesizer().speak(text_of(Prompt("goodbye", language)), language, file)
    loud = [index for index, value in enumerate(samples(file)) if abs(value) > 300]
    assert loud[0] < 8000 * 0.15
    assert 8000 * 0.15 < len(samples(file)) - loud[-1] < 8000 * 0.5


def test_a_pause_between_groups_can_be_heard(tmp_path: Path) -> None:
    synthesizer = EspeakSynthesizer()
    synthesizer.speak(spoken_digits("12345678", "id"), "id", tmp_path / "groups.wav")
    synthesizer.speak(spoken_digits("12345678", "id").replace(",", ""), "id", tmp_path / "plain.wav")
    assert len(samples(tmp_path / "groups.wav")) - len(samples(tmp_path / "plain.wav")) > 8000 * 0.1


def test_the_two_languages_have_voices_of_their_own(tmp_path: Path) -> None:
    for language in LANGUAGES:
        EspeakSynthesizer().speak("halo", language, tmp_path / f"{language}.wav")
    assert samples(tmp_path / "id.wav") != samples(tmp_path / "en.wav")


@pytest.mark.parametrize("text", ["-v", "$(touch pwned); `touch pwned`", "--help\n--version", "[[h@'loU]] halo", "Ibu Ñandú 你好"])
def test_no_text_is_taken_for_a_command(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    EspeakSynthesizer().speak(text, "en", tmp_path / "x.wav")
    assert [file.name for file in tmp_path.iterdir()] == ["x.wav"]
    assert recording_problem(tmp_path / "x.wav") == ""


def test_a_language_without_a_voice_is_named(tmp_path: Path) -> None:
    with pytest.raises(VoiceFailed, match="'fr'"):
        EspeakSynthesizer().speak("bonjour", "fr", tmp_path / "x.wav")


def test_a_folder_that_is_not_there_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    with pytest.raises(VoiceFailed, match=r"sox failed.*halo doctor"):
        EspeakSynthesizer().speak("halo", "id", tmp_path / "missing" / "x.wav")


def test_a_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VoiceFailed, match="espeak-ng is not installed"):
        EspeakSynthesizer().speak("halo", "id", tmp_path / "x.wav")


def test_a_recording_replaces_the_spoken_sentence(tmp_path: Path) -> None:
    voice = Voice(tmp_path / "cache", tmp_path / "sounds", EspeakSynthesizer())
    spoken = voice.file_for(Prompt("welcome", "en"))
    recorded = tmp_path / "sounds" / "en" / "welcome.wav"
    recorded.parent.mkdir(parents=True)
    recorded.write_bytes(voice.file_for(Prompt("goodbye", "en")).read_bytes())
    assert voice.file_for(Prompt("welcome", "en")) == recorded
    assert samples(recorded) != samples(spoken)
