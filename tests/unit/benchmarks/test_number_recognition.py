"""What the benchmark of spoken numbers has said, and how it judges what was heard."""

import random

import numpy as np

from benchmarks.number_recognition import HeardNumber
from benchmarks.recorded_voice import FOLDER, speak
from benchmarks.spoken_numbers import KIND_OF_FORM, KINDS, SENTENCE, SaidNumber, say_numbers
from benchmarks.spoken_tests import Speaker
from ivr.hearing import spoken_digits_to_keys
from ivr.line import Heard
from ivr.number_form import ORDER_NUMBER, POSTCODE
from ivr.spoken import LANGUAGES


def test_right_numbers_fit_their_form_and_wrong_ones_do_not() -> None:
    said_words: list[str] = []

    def speak_along(words: list[str], _chance: random.Random) -> np.ndarray:
        said_words.append(" ".join(words))
        return np.ones(1, np.int16)

    for language in LANGUAGES:
        said_words.clear()
        said = [each for each in say_numbers(language, [Speaker("a voice", speak_along)], 1) if each.voice == "a voice"]
        assert {KIND_OF_FORM[each.form.name] for each in said} == set(KINDS)
        for each, words in zip(said, said_words, strict=True):
            assert each.form.fits(each.digits) == (not each.wrong)
            assert spoken_digits_to_keys(words) == each.digits, "other speech holds no digits"
            assert bool(each.digits) == (each.wrong != SENTENCE)


def heard(digits: str, words: str, confidence: float, form=POSTCODE) -> HeardNumber:
    said = SaidNumber("en", "a voice", form, digits, np.ones(1, np.int16))
    return HeardNumber(said, "clean", True, Heard(words=words, confidence=confidence), 0.0)


def test_what_the_flow_would_do_is_told_from_what_was_heard() -> None:
    right = heard("12305", "one two three oh five", 1.0)
    assert (right.is_right, right.taken, right.asked) == (True, "12305", "")
    unsure = heard("12345", "one two three four five", 0.7)
    assert (unsure.is_right, unsure.taken, unsure.asked) == (True, "", "12345")
    short = heard("12345", "one two three four", 1.0)
    assert (short.is_right, short.taken, short.asked) == (False, "", ""), "told as too short, not acted on"
    assert not heard("12345678", "", 0.0, ORDER_NUMBER).is_right
    assert not heard("", "", 0.0).is_right


def test_the_human_voice_says_digits_alone() -> None:
    assert len(speak(["bicycle"], random.Random(1))) == 0
    if (FOLDER / "digits" / "0.wav").is_file():
        assert len(speak(["four", "oh", "zero"], random.Random(1))) > 8000
