import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing import ASK_FROM, TAKE_FROM, Doubtful, NotUnderstood, Taken, judge, spoken_digits_to_keys
from ivr.line import Heard

OPTIONS = {"bill": ("tagihan", "my bill"), "order": ("status pesanan", "order status"), "lost": ("order lost",)}
SURENESS = st.floats(0, 1)


def hear(words: str, confidence: float) -> Taken | Doubtful | NotUnderstood:
    return judge(Heard(words=words, confidence=confidence, spoke=True), OPTIONS)


@given(SURENESS)
def test_the_surer_the_further_it_goes(confidence: float) -> None:
    outcome = hear("my bill", confidence)
    if confidence >= TAKE_FROM:
        assert outcome == Taken("bill")
    elif confidence >= ASK_FROM:
        assert outcome == Doubtful("bill")
    else:
        assert outcome == NotUnderstood()


@given(SURENESS)
def test_words_in_another_order_are_never_taken_unasked(confidence: float) -> None:
    assert hear("pesanan status", confidence) == (Doubtful("order") if confidence >= ASK_FROM else NotUnderstood())


@given(st.sampled_from(["", "tagihan pesanan", "status", "my bill my bill", "order"]), SURENESS)
def test_what_is_no_phrase_is_not_understood(words: str, confidence: float) -> None:
    assert hear(words, confidence) == NotUnderstood()


@given(st.text("0123456789", min_size=1, max_size=16), st.sampled_from(["id", "en"]))
def test_spoken_digits_are_the_keys(digits: str, language: str) -> None:
    words = {
        "id": ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"],
        "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    }[language]
    assert spoken_digits_to_keys(" ".join(words[int(digit)] for digit in digits)) == digits


@pytest.mark.parametrize("words", ["", "satu puluh", "one hundred", "tagihan"])
def test_other_words_are_no_digits(words: str) -> None:
    assert spoken_digits_to_keys(words) == ""


def test_zero_has_other_names() -> None:
    assert spoken_digits_to_keys("kosong oh satu") == "001"
