"""Vosk itself, with word graphs of our own: synthetic callers are understood, and nothing that is asked of it kills the process."""

import json
import shutil
import subprocess
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import structlog

from core.errors import NotFound, Unavailable
from ivr.hearing import DIGIT_WORDS, spoken_digits_to_keys
from ivr.number_form import ORDER_NUMBER
from ivr.speech.grammars import GrammarSource
from ivr.speech.model_folder import SHIPPED_FOLDER
from ivr.speech.phrase_match import UNKNOWN
from ivr.speech.pronunciation import DIGITS
from ivr.speech.recognizer import SpeechResult
from ivr.speech.speech_set import SpeechSet, compile_speech_set
from ivr.speech.vosk_recognizer import DIGITS_PAUSE_S, LargerModel, VoskModel, VoskRecognition, VoskRecognizer, grammar_json
from ivr.spoken import LANGUAGES

PIECE = 960
MENU = GrammarSource({"id": ("status pesanan", "tagihan saya"), "en": ("order status", "talk to an agent")})
MENU_PHRASES = tuple(MENU.all_phrases())
NUMBER = GrammarSource({"id": ("petugas",)}, digits=LANGUAGES)


@pytest.fixture(scope="module")
def speech_set(tmp_path_factory: pytest.TempPathFactory) -> SpeechSet:
    return compile_speech_set(SHIPPED_FOLDER, {"menu": MENU, "number": NUMBER}, tmp_path_factory.mktemp("sets"))


@pytest.fixture(scope="module")
def recognizer(speech_set: SpeechSet) -> VoskRecognizer:
    return VoskRecognizer(speech_set.folder.parent)


def spoken(text: str, voice: str) -> np.ndarray:
    """The text as 16-bit samples at 8 kHz, without silence at its ends."""
    said = subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "--stdout", text], capture_output=True, check=True).stdout
    form = ["-t", "raw", "-r", "8000", "-e", "signed-integer", "-b", "16", "-c", "1", "-"]
    raw = subprocess.run(["sox", "-t", "wav", "-", *form, "norm", "-6"], input=said, capture_output=True, check=True).stdout
    samples = np.frombuffer(raw, dtype="<i2")
    loud = np.nonzero(np.abs(samples) > 300)[0]
    return samples[loud[0] : loud[-1] + 1]


def on_a_line(*parts: np.ndarray | float, noise: float = 20.0) -> bytes:
    """Speech, and pauses in seconds, on a line with a little noise."""
    whole = np.concatenate([part if isinstance(part, np.ndarray) else np.zeros(int(part * 8000)) for part in parts])
    noisy = whole + np.random.default_rng(1).standard_normal(len(whole)) * noise
    return np.clip(noisy, -32768, 32767).astype("<i2").tobytes()


def results(
    recognizer: VoskRecognizer, speech_set: SpeechSet, grammar: str, sound: bytes, digits: int = 0
) -> list[tuple[SpeechResult, float]]:
    """Every result, with the second of sound at which it came."""
    recognition = recognizer.start(speech_set.id, grammar, digits)
    found = []
    for place in range(0, len(sound), PIECE):
        result = recognition.hear(sound[place : place + PIECE])
        if result is not None:
            found.append((result, (place + PIECE) / 16000))
    return found


@pytest.mark.parametrize(
    ("text", "voice"), [("status pesanan", "id"), ("tagihan saya", "id"), ("order status", "en-us"), ("talk to an agent", "en-gb")]
)
def test_a_phrase_is_understood_soon_after_its_last_sound(recognizer, speech_set, text, voice):
    speech = spoken(text, voice)
    ((result, at_s),) = results(recognizer, speech_set, "menu", on_a_line(0.4, speech, 2.0))
    assert result.words == text
    assert at_s - 0.4 - len(speech) / 8000 < 0.75


def test_other_speech_is_told_and_is_none_of_the_phrases(recognizer, speech_set):
    ((result, _),) = results(recognizer, speech_set, "menu", on_a_line(0.4, spoken("saya mau membeli sepeda merah", "id"), 2.0))
    assert result == SpeechResult()


def test_silence_and_noise_are_no_speech(recognizer, speech_set):
    for noise in (0.0, 20.0, 500.0):
        assert all(not result.words for result, _ in results(recognizer, speech_set, "menu", on_a_line(5.0, noise=noise)))


def test_a_number_is_heard_across_a_pause(recognizer, speech_set):
    sound = on_a_line(0.4, spoken("satu dua tiga", "id"), 0.7, spoken("empat lima enam", "id"), 2.5)
    ((result, _),) = results(recognizer, speech_set, "number", sound)
    assert result.words == "satu dua tiga empat lima enam"


def test_what_was_said_up_to_the_end_of_the_sound_counts(recognizer, speech_set):
    recognition = recognizer.start(speech_set.id, "menu")
    assert recognition.hear(on_a_line(0.4, spoken("status pesanan", "id"))) is None
    assert recognition.speaking
    assert recognition.finish().words == "status pesanan"


def test_many_threads_share_a_model_and_agree(recognizer, speech_set):
    sound = on_a_line(0.3, spoken("status pesanan", "id"), 1.5)
    heard: list[str] = []

    def listen() -> None:
        heard.extend(result.words for result, _ in results(recognizer, speech_set, "menu", sound))

    threads = [threading.Thread(target=listen) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == ["status pesanan"] * 8


def test_only_words_that_the_model_holds_are_asked_of_it(speech_set):
    model = VoskModel(speech_set.model)
    words = json.loads(grammar_json(model, ("status pesanan",), digits=()))
    assert words == ["status pesanan", UNKNOWN]
    assert UNKNOWN not in json.loads(grammar_json(model, (), digits=LANGUAGES))
    assert not model.knows("xylophone")
    with pytest.raises(Unavailable):
        grammar_json(model, (), digits=())


def test_digits_are_told_as_strings_of_one_language_and_phrases_are_as_likely_as_each_of_them(speech_set):
    told = json.loads(grammar_json(VoskModel(speech_set.model), ("status pesanan",), digits=LANGUAGES))
    begins = Counter(one.split()[0] for one in told if one != "status pesanan")
    assert set(begins) == set(DIGIT_WORDS)
    assert {*begins.values(), told.count("status pesanan")} == {11}
    assert all(any(set(one.split()) <= set(DIGITS[language]) for language in LANGUAGES) for one in told[11:])


@pytest.mark.parametrize("name", ["nothing", "../../etc", "", "a/b", "x" * 100, "a\0b"])
def test_an_unknown_set_is_an_error_with_words(recognizer, name):
    with pytest.raises(NotFound):
        recognizer.start(name, "menu")


def test_an_unknown_grammar_is_an_error_with_words(recognizer, speech_set):
    with pytest.raises(NotFound):
        recognizer.start(speech_set.id, "nothing")


def test_a_damaged_model_is_an_error_and_not_the_end_of_the_process(tmp_path):
    speech_set = compile_speech_set(SHIPPED_FOLDER, {"menu": MENU}, tmp_path)
    (speech_set.model / "am" / "final.mdl").unlink()
    with pytest.raises(Unavailable):
        VoskRecognizer(tmp_path).start(speech_set.id, "menu")


def test_of_many_sets_the_latest_used_stay_in_memory(tmp_path: Path):
    names = [
        compile_speech_set(SHIPPED_FOLDER, {"menu": GrammarSource({"en": (phrase,)})}, tmp_path).id
        for phrase in ("one", "two", "three")
    ]
    recognizer = VoskRecognizer(tmp_path, most_sets=2)
    old = recognizer.start(names[0], "menu")
    for name in names[1:]:
        recognizer.start(name, "menu")
    assert recognizer.loaded() == names[1:]
    assert old.hear(on_a_line(0.5)) is None  # whoever still listens with it is not disturbed


@pytest.mark.parametrize(("rate_hz", "is_static"), [(16000, False), (8000, True), (16000, True)])
def test_larger_models_listen_beside_at_their_rate_and_with_a_fixed_graph(speech_set, rate_hz, is_static):
    # Our own model stands in for one of 16 kHz (Kaldi takes sound of a higher rate than its model's), and, told no grammar,
    # for one with a graph of its own.
    alone = VoskRecognition(VoskModel(speech_set.model, rate_hz, is_static), MENU_PHRASES, digits=())
    sound = on_a_line(0.4, spoken("status pesanan", "id"), 2.0)
    assert [result.words for result in (alone.hear(sound), alone.finish()) if result] == ["status pesanan"]

    beside = LargerModel(speech_set.model, rate_hz, is_static)
    both = VoskRecognizer(speech_set.folder.parent, larger=[beside])
    ((result, _),) = results(both, speech_set, "menu", sound)
    assert result.words == "status pesanan"


def test_a_larger_model_that_knows_none_of_the_phrases_is_not_asked(speech_set, tmp_path):
    other = compile_speech_set(SHIPPED_FOLDER, {"menu": GrammarSource({"en": ("umbrella",)})}, tmp_path)
    both = VoskRecognizer(speech_set.folder.parent, larger=[LargerModel(other.model)])
    assert isinstance(both.start(speech_set.id, "menu"), VoskRecognition)


def test_a_larger_model_that_is_none_is_told_and_done_without(speech_set, tmp_path):
    with structlog.testing.capture_logs() as lines:
        recognizer = VoskRecognizer(speech_set.folder.parent, larger=[LargerModel(tmp_path)])
    assert [line["event"] for line in lines] == ["larger_model_not_used"]
    assert isinstance(recognizer.start(speech_set.id, "menu"), VoskRecognition)


EIGHT = {"id": "dua lima nol empat tujuh satu delapan tiga", "en": "two five zero four seven one eight three"}


@pytest.fixture(scope="module")
def number_set(tmp_path_factory: pytest.TempPathFactory) -> SpeechSet:
    """Digits of one language in each grammar, as in a flow."""
    grammars = {language: GrammarSource({}, digits=(language,)) for language in LANGUAGES}
    return compile_speech_set(SHIPPED_FOLDER, grammars, tmp_path_factory.mktemp("numbers"))


def number(number_set: SpeechSet, language: str, digits: int, *parts: np.ndarray | float) -> tuple[str, float]:
    """The number that was heard, and how many seconds of sound after the last word."""
    recognizer = VoskRecognizer(number_set.folder.parent)
    ((result, at_s),) = results(recognizer, number_set, language, on_a_line(0.4, *parts, 3.0), digits)
    return result.words, at_s - 0.4 - sum(part if isinstance(part, float) else len(part) / 8000 for part in parts)


@pytest.mark.parametrize(("language", "voice"), [("id", "id"), ("en", "en-us")])
def test_a_number_that_has_all_its_digits_is_not_waited_for(number_set, language, voice):
    speech = spoken(EIGHT[language], voice)
    usual, after_s = number(number_set, language, 0, speech)
    known, known_after_s = number(number_set, language, 8, speech)
    assert usual == known == EIGHT[language]
    assert known_after_s <= after_s - 0.8 * DIGITS_PAUSE_S
    assert number(number_set, language, 9, speech) == (usual, after_s)  # one is missing: it may still come


def test_a_pause_inside_a_number_of_known_length_does_not_end_it(number_set):
    words = EIGHT["id"].split()
    first, rest = spoken(" ".join(words[:4]), "id"), spoken(" ".join(words[4:]), "id")
    assert number(number_set, "id", 8, first, 0.6, rest)[0] == EIGHT["id"]


def test_who_begins_anew_in_one_breath_is_heard_to_the_end(number_set):
    words = EIGHT["id"].split()
    whole = " ".join(words[:3] + words)
    assert number(number_set, "id", 8, spoken(whole, "id"))[0] == whole


def form_number(number_set: SpeechSet, language: str, form: str, *parts: np.ndarray | float) -> tuple[str, float]:
    """As `number`, told the form."""
    recognizer = VoskRecognizer(number_set.folder.parent)
    recognition = recognizer.start(number_set.id, language, form=form)
    sound = on_a_line(0.4, *parts, 3.0)
    for place in range(0, len(sound), PIECE):
        result = recognition.hear(sound[place : place + PIECE])
        if result is not None:
            said_s = 0.4 + sum(part if isinstance(part, float) else len(part) / 8000 for part in parts)
            return result.words, (place + PIECE) / 16000 - said_s
    raise AssertionError("nothing was heard")


ORDER = {"id": "empat tujuh satu dua nol nol tiga nol", "en": "four seven one two zero zero three zero"}
VOICE = {"id": "id", "en": "en-us"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_of_the_form_is_heard_soon_after_its_last_digit(number_set, language):
    assert ORDER_NUMBER.fits(spoken_digits_to_keys(ORDER[language]))
    words, after_s = form_number(number_set, language, ORDER_NUMBER.name, spoken(ORDER[language], VOICE[language]))
    assert words == ORDER[language]
    assert after_s < 0.75


def test_a_pause_over_the_slip_does_not_end_a_number_that_is_not_whole(number_set):
    words = ORDER["id"].split()
    first, rest = spoken(" ".join(words[:4]), "id"), spoken(" ".join(words[4:]), "id")
    assert form_number(number_set, "id", ORDER_NUMBER.name, first, 1.4, rest)[0] == ORDER["id"]


def test_a_number_with_a_wrong_check_digit_is_heard_as_what_it_is(number_set):
    wrong = ORDER["id"].rsplit(" ", 1)[0] + " delapan"
    assert not ORDER_NUMBER.fits(spoken_digits_to_keys(wrong))
    assert form_number(number_set, "id", ORDER_NUMBER.name, spoken(wrong, "id"))[0] == wrong


def test_a_digit_may_be_doubled(number_set):
    said = "four seven one two double zero three zero"
    assert form_number(number_set, "en", ORDER_NUMBER.name, spoken(said, "en-us"))[0] == said


def test_other_talk_is_no_number(number_set):
    talk = spoken("saya mau membeli sepeda merah", "id")
    assert spoken_digits_to_keys(form_number(number_set, "id", ORDER_NUMBER.name, talk)[0]) == ""


def test_silence_and_noise_are_no_number(number_set):
    recognizer = VoskRecognizer(number_set.folder.parent)
    for noise in (0.0, 20.0, 500.0):
        recognition, sound = recognizer.start(number_set.id, "id", form=ORDER_NUMBER.name), on_a_line(5.0, noise=noise)
        heard = [recognition.hear(sound[at : at + PIECE]) for at in range(0, len(sound), PIECE)]
        assert not any(result.words for result in [*heard, recognition.finish()] if result)


def test_a_set_of_an_earlier_halo_or_an_unknown_form_is_listened_to_as_any_digits(number_set, tmp_path):
    shutil.copytree(number_set.folder, tmp_path / number_set.id)
    shutil.rmtree(tmp_path / number_set.id / "numbers")
    old = VoskRecognizer(tmp_path).start(number_set.id, "id", 8, ORDER_NUMBER.name)
    sound = on_a_line(0.4, spoken(EIGHT["id"], "id"), 2.0)
    assert [result.words for result in (old.hear(sound), old.finish()) if result] == [EIGHT["id"]]
    unknown = VoskRecognizer(number_set.folder.parent).start(number_set.id, "id", 8, "nothing")
    assert isinstance(unknown, VoskRecognition)
