"""What callers said, in writing: caught words are never passed off as all of it, and no file costs more than itself."""

import wave
from pathlib import Path

import pytest

from core.errors import Unavailable
from ivr.espeak import EspeakSynthesizer
from ivr.flow_file import shipped_flow
from ivr.flow_version import grammar_sources
from ivr.speech.model_folder import SHIPPED_FOLDER
from ivr.speech.speech_set import compile_speech_set
from ivr.speech.transcriber import GAP, SURE_ENOUGH, UNKNOWN, CaughtWord, full_text, keyword_text
from ivr.speech.vosk_transcriber import ListeningModel, VoskTranscriber

WORDS = ("pesanan", "saya", "tagihan", "kembali", UNKNOWN)


def caught(*words: str, confidence: float = 1.0) -> list[CaughtWord]:
    return [CaughtWord(word, confidence) for word in words]


def test_gaps_between_caught_words_are_shown_once_each() -> None:
    assert keyword_text(caught(UNKNOWN, UNKNOWN, "tagihan", "saya", UNKNOWN)) == "… tagihan saya …"


def test_a_word_that_was_hardly_caught_is_a_gap() -> None:
    unsure = caught("enam", confidence=SURE_ENOUGH - 0.01)
    assert keyword_text([*unsure, *caught("saya")]) == "… saya"


@pytest.mark.parametrize("words", [[], [UNKNOWN], [UNKNOWN, UNKNOWN]])
def test_nothing_caught_is_nothing_written(words: list[str]) -> None:
    assert keyword_text(caught(*words)) == ""


def test_free_speech_is_written_as_it_was_heard() -> None:
    assert full_text(caught("please", "call", "<unk>", "back", confidence=0.4)) == f"please call {GAP} back"


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> ListeningModel:
    grammars = grammar_sources(shipped_flow("hotline").flow)
    model = compile_speech_set(SHIPPED_FOLDER, grammars, tmp_path_factory.mktemp("speech")).model
    return ListeningModel(model, 8000, WORDS)


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    file = tmp_path / "spoken.wav"
    EspeakSynthesizer().speak("Pesanan saya.", "id", file)
    return file


def test_the_shipped_model_writes_the_words_of_the_menus(listening: ListeningModel, spoken: Path) -> None:
    (said,) = VoskTranscriber({"id": listening}).transcribe([spoken], "id")
    assert said.text is not None
    assert {"pesanan", "saya"} <= set(said.text.split())
    assert said.keywords_only


def test_broken_files_cost_the_next_one_nothing(listening: ListeningModel, spoken: Path, tmp_path: Path) -> None:
    broken, silent = tmp_path / "broken.wav", tmp_path / "silent.wav"
    broken.write_bytes(b"RIFF\x00\x00no sound at all")
    with wave.open(str(silent), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16_000))
    said = list(VoskTranscriber({"id": listening}).transcribe([broken, tmp_path / "gone.wav", silent, spoken], "id"))
    assert [each.text is None for each in said] == [True, True, False, False]
    assert said[2].text == ""
    assert "saya" in (said[3].text or "")


def test_a_language_or_a_model_that_is_not_there_is_for_another_time(
    listening: ListeningModel, spoken: Path, tmp_path: Path
) -> None:
    with pytest.raises(Unavailable):
        list(VoskTranscriber({}).transcribe([spoken], "id"))
    with pytest.raises(Unavailable):
        list(VoskTranscriber({"id": ListeningModel(tmp_path, 8000, None)}).transcribe([spoken], "id"))


def test_a_file_that_takes_too_long_is_given_up_and_the_rest_waits(listening: ListeningModel, spoken: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.wav"  # so long that it is not heard to its end before anybody looks
    with wave.open(str(spoken)) as said_once, wave.open(str(long), "wb") as sound:
        sound.setparams(said_once.getparams())
        sound.writeframes(said_once.readframes(said_once.getnframes()) * 200)
    said = list(VoskTranscriber({"id": listening}, each_s=0.0).transcribe([long, spoken], "id"))
    assert [each.text for each in said] == [None]
