"""What is made of what a caller said."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing import (
    ASK_FROM,
    ASK_NUMBER_FROM,
    DIGIT_WORDS,
    TAKE_FROM,
    TAKE_NUMBER_FROM,
    Doubtful,
    NotUnderstood,
    Taken,
    judge,
    judge_number,
    spoken_digits_to_keys,
)
from ivr.line import Heard
from ivr.number_form import POSTCODE
from ivr.spoken import LANGUAGES, spoken_digits

OPTIONS = {
    "order": ("status pesanan", "order status", "Track my order"),
    "bill": ("tagihan", "bill"),
    "repeat": ("ulangi", "say that again"),
    "back": ("kembali", "go back"),
    "again": ("say that again",),
}
BOLDNESS = {NotUnderstood: 0, Doubtful: 1, Taken: 2}


def heard(words: str, confidence: float = 1.0) -> Heard:
    return Heard(words=words, confidence=confidence, spoke=True)


def test_a_clear_phrase_is_taken_in_every_language():
    assert judge(heard("status pesanan"), OPTIONS) == Taken("order")
    assert judge(heard("order status"), OPTIONS) == Taken("order")


def test_capitals_and_signs_make_no_difference():
    assert judge(heard("TRACK my order"), OPTIONS) == Taken("order")
    assert judge(heard("go back"), {"back": ("Go back!",)}) == Taken("back")
    assert judge(heard("e mail"), {"mail": ("e-mail",)}) == Taken("mail")


def test_the_thresholds_are_where_they_are_said_to_be():
    assert judge(heard("bill", TAKE_FROM), OPTIONS) == Taken("bill")
    assert judge(heard("bill", TAKE_FROM - 0.01), OPTIONS) == Doubtful("bill")
    assert judge(heard("bill", ASK_FROM), OPTIONS) == Doubtful("bill")
    assert judge(heard("bill", ASK_FROM - 0.01), OPTIONS) == NotUnderstood()


def test_a_part_of_a_phrase_or_more_than_a_phrase_is_not_understood():
    for words in ("status", "order", "order status please", "the bill", "billing"):
        assert judge(heard(words), OPTIONS) == NotUnderstood()


def test_words_in_another_order_are_asked_back():
    assert judge(heard("pesanan status"), OPTIONS) == Doubtful("order")


def test_a_phrase_of_two_options_chooses_neither():
    assert judge(heard("say that again"), OPTIONS) == NotUnderstood()


def test_silence_keys_and_speech_without_words_are_not_understood():
    for nothing in (Heard(), Heard(keys="1"), Heard(spoke=True), heard("   ")):
        assert judge(nothing, OPTIONS) == NotUnderstood()


@given(words=st.text(), confidence=st.floats(0, 1))
def test_what_no_option_says_chooses_none(words, confidence):
    chosen = judge(heard(words, confidence), {"bill": ("tagihan",)})
    assert isinstance(chosen, NotUnderstood) or "tagihan" in words.lower()


@given(st.sampled_from([phrase for phrases in OPTIONS.values() for phrase in phrases]), st.lists(st.floats(0, 1), min_size=2))
def test_more_confidence_is_never_worth_less(phrase, confidences):
    results = [BOLDNESS[type(judge(heard(phrase, confidence), OPTIONS))] for confidence in sorted(confidences)]
    assert all(before <= after for before, after in pairwise(results))


@pytest.mark.parametrize(
    ("words", "keys"),
    [("satu dua nol", "120"), ("one two oh", "120"), ("kosong delapan", "08"), ("zero one satu", "011"), ("Nine, eight", "98")],
)
def test_spoken_digits_become_keys(words, keys):
    assert spoken_digits_to_keys(words) == keys


@pytest.mark.parametrize("words", ["", "  ", "dua puluh", "one two please", "bill", "12"])
def test_anything_else_becomes_no_keys(words):
    assert spoken_digits_to_keys(words) == ""


@given(st.text("0123456789", min_size=1, max_size=12))
def test_what_we_read_out_is_what_we_would_understand(keys):
    for language in LANGUAGES:
        assert spoken_digits_to_keys(spoken_digits(keys, language)) == keys


def test_no_digit_word_is_listed_twice():
    assert len(set(DIGIT_WORDS)) == len(DIGIT_WORDS) == 22


def number(words: str, confidence: float) -> object:
    return judge_number(Heard(words=words, confidence=confidence, spoke=True), POSTCODE)


def test_a_number_is_taken_asked_back_or_asked_for_again() -> None:
    words = "satu dua tiga empat lima"
    assert number(words, TAKE_NUMBER_FROM) == Taken("12345")
    assert number(words, ASK_NUMBER_FROM) == Doubtful("12345")
    assert number(words, ASK_NUMBER_FROM - 0.01) == NotUnderstood()
    assert number("operator", 1.0) == number("", 1.0) == NotUnderstood()


def test_a_number_that_can_not_be_right_is_told_when_clear_and_never_asked_back() -> None:
    assert number("satu dua tiga", 1.0) == Taken("123")
    assert number("satu dua tiga", TAKE_NUMBER_FROM - 0.01) == NotUnderstood()


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("double five one", "551"), ("satu dobel nol dua", "1002"), ("double double five", ""), ("five double", ""),
        ("double", ""), ("double operator", ""),
    ],
)  # fmt: skip
def test_a_digit_that_comes_twice(words: str, keys: str) -> None:
    assert spoken_digits_to_keys(words) == keys
