"""Phrases that sound alike, by what people know of them; and the laws of a distance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.speech.phones import PHONES
from ivr.speech.pronunciation import DIGITS
from ivr.speech.sound_alikes import ALIKE_BELOW, distance, sound_alikes
from ivr.speech.training.phrases import HOTLINE

SOUNDS = st.lists(st.sampled_from(PHONES), min_size=1, max_size=7).map(tuple)


def alike(one: str, other: str, language: str, other_language: str = "") -> bool:
    return bool(sound_alikes({"a": {language: [one]}, "b": {other_language or language: [other]}}))


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("bayar tagihan", "baya tagihan", "id"),
        ("satu", "sabtu", "id"),
        ("dua", "tua", "id"),
        ("ya", "iya", "id"),
        ("three", "free", "en"),
        ("sale", "sales", "en"),
        ("two", "to", "en"),
        ("order", "orders", "en"),
    ],
)
def test_these_sound_alike(one: str, other: str, language: str) -> None:
    assert alike(one, other, language)


def test_languages_meet_in_one_menu() -> None:
    assert alike("nol", "no", "id", "en")
    assert alike("agen", "again", "id", "en") == alike("again", "agen", "en", "id")


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("sales", "billing", "en"),
        ("order status", "order number", "en"),
        ("cek pesanan saya", "cek tagihan saya", "id"),
        ("ya", "tidak", "id"),
        ("yes", "no", "en"),
        ("bill", "billing", "en"),
    ],
)
def test_these_do_not(one: str, other: str, language: str) -> None:
    assert not alike(one, other, language)


@pytest.mark.parametrize("language", ["id", "en"])
def test_digits_can_be_told_apart(language: str) -> None:
    assert sound_alikes({digit: {language: [digit]} for digit in DIGITS[language]}) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_usual_menu_is_left_alone(language: str) -> None:
    found = sound_alikes({phrase: {language: [phrase]} for phrase in HOTLINE[language][:20]})
    assert found == []


def test_phrases_of_one_option_may_sound_alike() -> None:
    assert sound_alikes({"pay": {"id": ["bayar tagihan", "baya tagihan"]}, "else": {"id": ["lainnya"]}}) == []


def test_the_same_phrase_in_two_options_comes_first() -> None:
    found = sound_alikes({"a": {"en": ["sale", "billing"]}, "b": {"en": ["sales", "billing"]}})
    assert (found[0].phrase, found[0].other_phrase, found[0].distance) == ("billing", "billing", 0.0)
    assert {(pair.phrase, pair.other_phrase) for pair in found} == {("billing", "billing"), ("sale", "sales")}
    assert [pair.distance for pair in found] == sorted(pair.distance for pair in found)


def test_words_that_can_not_be_said_are_left_to_their_own_check() -> None:
    assert sound_alikes({"a": {"id": ["paket 24"]}, "b": {"id": ["paket 24"]}}) == []


@given(SOUNDS, SOUNDS)
def test_a_distance_is_symmetric_and_zero_only_for_the_same(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@given(SOUNDS, SOUNDS)
def test_no_pair_is_passed_over_for_its_length(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """What saves time must not hide a pair: each phone more costs at least 0.6."""
    assert distance(one, other) >= 0.6 * abs(len(one) - len(other)) - 1e-6
    assert ALIKE_BELOW <= 2 * 0.6
