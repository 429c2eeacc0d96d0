"""The shipped model, through Vosk: menus of words that it never met in training, spoken by voices that it never heard."""

import json
import subprocess

import pytest
import vosk

from ivr.speech.grammars import GrammarSource
from ivr.speech.model_folder import SHIPPED_FOLDER
from ivr.speech.speech_set import compile_speech_set
from ivr.speech.training.phrases import NEVER_TRAINED, OUT_OF_GRAMMAR
from ivr.speech.training.voices import ESPEAK
from ivr.spoken import LANGUAGES

VOICES = [voice.name for voice in ESPEAK if voice.held_out]
BASE = {"en": "en-us", "id": "id"}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> vosk.Model:
    vosk.SetLogLevel(-1)
    menus = {"never_trained": GrammarSource(NEVER_TRAINED), "number": GrammarSource({}, digits=LANGUAGES)}
    return vosk.Model(str(compile_speech_set(SHIPPED_FOLDER, menus, tmp_path_factory.mktemp("sets")).model))


def spoken(text: str, language: str, voice: str) -> bytes:
    """The voice on a quiet telephone line: 16-bit samples at 8 kHz, with silence around."""
    speech = subprocess.run(
        ["espeak-ng", "-v", f"{BASE[language]}+{voice}", "--stdout", text], capture_output=True, check=True
    ).stdout
    raw = ["-t", "raw", "-r", "8000", "-e", "signed-integer", "-b", "16", "-c", "1", "-"]
    effects = ["highpass", "300", "lowpass", "3400", "norm", "-6", "pad", "0.4", "0.8"]
    return subprocess.run(
        ["sox", "-V1", "--ignore-length", "-t", "wav", "-", *raw, *effects], input=speech, capture_output=True, check=True
    ).stdout


def heard(model: vosk.Model, sound: bytes, grammar: list[str]) -> str:
    recogniser = vosk.KaldiRecognizer(model, 8000, json.dumps(grammar))
    recogniser.AcceptWaveform(sound)
    return str(json.loads(recogniser.FinalResult())["text"])


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_menu_of_new_words_is_understood(model: vosk.Model, language: str) -> None:
    menu = list(NEVER_TRAINED[language])
    wrong = [
        (phrase, voice, found)
        for phrase in menu
        for voice in VOICES[:1]
        if (found := heard(model, spoken(phrase, language, voice), [*menu, "[unk]"])) != phrase
    ]
    assert len(wrong) <= 0.1 * len(menu), wrong


@pytest.mark.parametrize(("language", "digits"), [("en", "four oh two six nine"), ("id", "nol delapan satu dua tujuh")])
def test_a_string_of_digits_is_understood(model: vosk.Model, language: str, digits: str) -> None:
    grammar = [
        *["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        *["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan"],
    ]
    found = [heard(model, spoken(digits, language, voice), grammar) for voice in VOICES[:3]]
    assert found.count(digits) >= 2, found


@pytest.mark.parametrize("language", ["en", "id"])
def test_what_no_menu_offers_is_not_taken_for_an_option(model: vosk.Model, language: str) -> None:
    menu = list(NEVER_TRAINED[language])
    taken = [
        (text, found)
        for text in OUT_OF_GRAMMAR[language][:15]
        if (found := heard(model, spoken(text, language, VOICES[0]), [*menu, "[unk]"])) in menu
    ]
    assert len(taken) <= 1, taken
