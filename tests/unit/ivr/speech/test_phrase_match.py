"""Only phrases of the grammar come out of what an engine heard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing import ASK_FROM, DIGIT_WORDS, TAKE_FROM
from ivr.speech.phrase_match import SUREST_WITH_DOUBT, UNKNOWN, HeardWord, Phrases
from ivr.speech.recognizer import SpeechResult

MENU = Phrases(("status pesanan", "order status", "tagihan", "tagihan saya", "kembali ke menu", "menu ke kembali"))
NUMBER = Phrases(("petugas", "real person"), digits=True)
NOTHING = SpeechResult()


def heard(text: str, confidence: float = 1.0) -> list[HeardWord]:
    return [HeardWord(word, confidence) for word in text.split()]


def test_a_phrase_is_as_sure_as_its_least_sure_word():
    said = [HeardWord("status", 0.97), HeardWord("pesanan", 0.71)]
    assert MENU.match(said) == SpeechResult("status pesanan", 0.71)


def test_the_order_of_words_is_put_right_with_a_doubt():
    assert MENU.match(heard("pesanan status")) == SpeechResult("status pesanan", SUREST_WITH_DOUBT)


def test_two_phrases_of_the_same_words_are_told_apart_by_their_order_alone():
    assert MENU.match(heard("menu ke kembali")) == SpeechResult("menu ke kembali", 1.0)
    assert MENU.match(heard("ke kembali menu")) == NOTHING


def test_something_unknown_around_a_phrase_is_dropped_with_a_doubt():
    assert MENU.match(heard(f"{UNKNOWN} tagihan")) == SpeechResult("tagihan", SUREST_WITH_DOUBT)
    assert MENU.match(heard(f"{UNKNOWN} tagihan saya {UNKNOWN}")) == SpeechResult("tagihan saya", SUREST_WITH_DOUBT)


@pytest.mark.parametrize(
    "text", [UNKNOWN, f"{UNKNOWN} tagihan {UNKNOWN}", f"status {UNKNOWN} pesanan", "", "status", "tagihan status"]
)
def test_more_unknown_than_known_and_broken_phrases_are_rejected(text):
    assert MENU.match(heard(text)) == NOTHING


def test_a_doubt_is_asked_back_and_not_taken():
    assert ASK_FROM <= SUREST_WITH_DOUBT < TAKE_FROM


def test_a_phrase_said_twice_counts_once():
    assert MENU.match(heard("tagihan tagihan")) == SpeechResult("tagihan", 1.0)
    assert MENU.match(heard("tagihan tagihan tagihan")) == NOTHING


def test_digits_come_out_where_they_are_wanted_only():
    assert NUMBER.match(heard("satu oh nol")) == SpeechResult("satu oh nol", 1.0)
    assert NUMBER.match(heard("satu satu")) == SpeechResult("satu satu", 1.0)
    assert MENU.match(heard("satu oh nol")) == NOTHING
    assert NUMBER.match(heard("petugas")) == SpeechResult("petugas", 1.0)
    assert NUMBER.match(heard("satu petugas")) == NOTHING


@given(st.lists(st.builds(HeardWord, st.sampled_from(["status", "pesanan", "tagihan", "saya", UNKNOWN]), st.floats(0, 1))))
def test_only_phrases_come_out_and_never_surer_than_any_word_of_theirs(said):
    result = MENU.match(said)
    assert result.words in ("", *MENU.phrases)
    assert (result.words != "") or result.confidence == 0
    if result.words:
        assert all(result.confidence <= word.confidence for word in said if word.word != UNKNOWN)


@given(st.lists(st.sampled_from([*DIGIT_WORDS, "petugas", "real", "person"])))
def test_a_number_comes_out_whole_or_not_at_all(words):
    result = NUMBER.match([HeardWord(word, 1.0) for word in words])
    assert result.words in ("", " ".join(words), "petugas", "real person")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("saya mau tanya status pesanan dong", "status pesanan"),
        ("tagihan saya", "tagihan saya"),
        ("tagihan dan status pesanan", ""),
        ("statusnya", ""),
        ("", ""),
        ("kata dia kemarin di kantor itu semua tagihan sudah lunas", ""),
    ],
)
def test_a_free_text_is_searched_for_the_one_phrase_in_it(text, phrase):
    result = MENU.match_free(heard(text, 0.95))
    assert result.words == phrase
    assert result.confidence == (0 if not phrase else 0.95 if text == phrase else SUREST_WITH_DOUBT)


def test_a_free_text_of_digits_is_a_number_where_one_is_wanted():
    assert NUMBER.match_free(heard("one two oh")).words == "one two oh"
    assert MENU.match_free(heard("one two oh")) == NOTHING
