"""How words sound: the digits and yes/no of both languages, rules of Indonesian spelling, and words that can't be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.speech.phones import PHONES
from ivr.speech.pronunciation import DIGITS, YES_NO, lexicon_of, phrase_words, pronunciations, why_unsayable


def said(word: str, language: str) -> set[str]:
    return {" ".join(way) for way in pronunciations(word, language)}


@pytest.mark.parametrize(
    ("word", "language", "phones"),
    [
        ("zero", "en", "z ih r ow"),
        ("oh", "en", "ow"),
        ("billing", "en", "b ih l ih ng"),
        ("nol", "id", "n ow l"),
        ("kosong", "id", "k ow s ow ng"),
        ("satu", "id", "s aa t uw"),
        ("inggris", "id", "iy ng g r iy s"),
        ("nyanyi", "id", "n y aa n y iy"),
        ("syarat", "id", "sh aa r aa t"),
        ("pulau", "id", "p uw l aw"),
        ("massa", "id", "m aa s aa"),
        ("pengembalian", "id", "p ah ng ah m b aa l iy aa n"),
    ],
)
def test_words_sound_as_people_say_them(word: str, language: str, phones: str) -> None:
    assert phones in said(word, language)


def test_the_letter_e_and_a_final_k_may_be_said_in_two_ways() -> None:
    assert {"m eh r aa hh", "m ah r aa hh"} <= said("merah", "id")
    assert {"b aa p aa k", "b aa p aa"} <= said("bapak", "id")


def test_a_word_sounds_as_its_language_says() -> None:
    assert said("air", "id") == {"aa iy r"}
    assert said("air", "en") == {"eh r"}


def test_an_english_word_in_an_indonesian_phrase_may_be_said_either_way() -> None:
    assert {"p aa s w ow r d", "p ae s w er d"} <= said("password", "id")


def test_a_name_that_no_dictionary_holds_may_be_said_either_way() -> None:
    assert {"t eh l k aa m s eh l", "t eh l k ow m s eh l"} <= said("telkomsel", "en")


def test_words_without_a_vowel_are_spelt() -> None:
    assert "eh s eh m eh s" in said("sms", "id")
    assert "eh s eh m eh s" in said("sms", "en")
    assert "k aa t eh p eh" in said("ktp", "id")


@pytest.mark.parametrize(
    ("word", "part"), [("24", "digits"), ("4g", "digits"), ("привет", "letters"), ("x" * 41, "at most"), ("brrrrrrr", "vowel")]
)
def test_what_can_not_be_said_has_a_reason(word: str, part: str) -> None:
    assert pronunciations(word, "id") == pronunciations(word, "en") == []
    assert part in why_unsayable(word)


def test_a_phrase_becomes_plain_words() -> None:
    assert phrase_words("Cek  Café-Anda, Pak!") == ["cek", "cafe", "anda", "pak"]
    assert phrase_words("don\u2019t know") == ["don't", "know"]
    assert phrase_words(" -- ") == []


def test_a_lexicon_drops_no_word_silently() -> None:
    lexicon = lexicon_of([("nomor 24", "id"), ("my order", "en"), ("order", "id")])
    assert set(lexicon.words) == {"nomor", "my", "order"}
    assert [(each.word, each.language) for each in lexicon.unsayable] == [("24", "id")]
    assert {"ao r d er", "ow r d ah r"} <= {" ".join(way) for way in lexicon.words["order"]}


@pytest.mark.parametrize("language", ["id", "en"])
def test_digits_and_yes_and_no_can_always_be_said(language: str) -> None:
    for word in (*DIGITS[language], *YES_NO[language]):
        assert pronunciations(word, language)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14), st.sampled_from(["id", "en"]))
def test_every_word_has_ways_of_known_phones_or_a_reason(word: str, language: str) -> None:
    ways = pronunciations(word, language)
    assert ways or why_unsayable(word)
    assert all(way and set(way) <= set(PHONES) for way in ways)
    assert len(set(ways)) == len(ways) <= 8
