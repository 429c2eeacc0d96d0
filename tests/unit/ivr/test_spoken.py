from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from ivr.spoken import spoken_date, spoken_digits, spoken_money, spoken_number, spoken_on_day

TODAY = date(2025, 2, 3)  # a Monday

_ID_UNITS = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9}
_ID_SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9}
_EN_SMALL = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    **{"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17},
    **{
        "eighteen": 18,
        "nineteen": 19,
        "twenty": 20,
        "thirty": 30,
        "forty": 40,
        "fifty": 50,
        "sixty": 60,
        "seventy": 70,
        "eighty": 80,
        "ninety": 90,
    },
}
_EN_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


def heard_in_indonesian(words: str) -> int:
    """The number that a listener understands."""
    whole = part = unit = 0
    for word in words.split():
        if word in ("sepuluh", "sebelas", "seratus"):
            part, unit = part + {"sepuluh": 10, "sebelas": 11, "seratus": 100}[word], 0
        elif word == "seribu":
            whole += 1000
        elif word == "belas":
            part, unit = part + 10 + unit, 0
        elif word in ("puluh", "ratus"):
            part, unit = part + unit * {"puluh": 10, "ratus": 100}[word], 0
        elif word in _ID_SCALES:
            whole, part, unit = whole + (part + unit) * _ID_SCALES[word], 0, 0
        else:
            assert unit == 0, words
            unit = 0 if word == "nol" else _ID_UNITS[word]
    return whole + part + unit


def heard_in_english(words: str) -> int:
    whole = part = 0
    for word in words.split():
        if word in _EN_SCALES:
            whole, part = whole + part * _EN_SCALES[word], 0
        elif word == "hundred":
            part *= 100
        elif word not in ("and", "zero"):
            part += _EN_SMALL[word]
    return whole + part


@given(st.integers(0, 999_999_999_999))
def test_a_spoken_number_is_understood_as_the_same_number(number: int) -> None:
    assert heard_in_indonesian(spoken_number(number, "id")) == number
    assert heard_in_english(spoken_number(number, "en")) == number


def test_amounts_as_people_say_them() -> None:
    assert spoken_money(412_000, "id") == "empat ratus dua belas ribu rupiah"
    assert spoken_money(412_000, "en") == "four hundred and twelve thousand rupiah"
    assert spoken_money(1_500_000, "id") == "satu juta lima ratus ribu rupiah"
    assert spoken_money(1_000, "id") == "seribu rupiah"
    assert spoken_money(0, "en") == "zero rupiah"


@given(st.integers(0, 10**12), st.sampled_from(["id", "en"]))
def test_spoken_numbers_hold_nothing_but_words(number: int, language: str) -> None:
    assert spoken_number(number, language).replace(" ", "").isalpha()


def test_a_number_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        spoken_money(-1, "id")


@pytest.mark.parametrize(
    ("day", "indonesian", "english"),
    [
        (date(2025, 2, 3), "hari ini", "today"),
        (date(2025, 2, 4), "besok", "tomorrow"),
        (date(2025, 2, 2), "kemarin", "yesterday"),
        (date(2025, 2, 10), "Senin, sepuluh Februari", "Monday the tenth of February"),
        (date(2025, 8, 31), "Minggu, tiga puluh satu Agustus", "Sunday the thirty first of August"),
        (date(2024, 12, 1), "Minggu, satu Desember dua ribu dua puluh empat", "Sunday the first of December twenty twenty four"),
        (date(2026, 1, 2), "Jumat, dua Januari dua ribu dua puluh enam", "Friday the second of January twenty twenty six"),
    ],
)
def test_days_as_people_name_them(day: date, indonesian: str, english: str) -> None:
    assert spoken_date(day, TODAY, "id") == indonesian
    assert spoken_date(day, TODAY, "en") == english


def test_tomorrow_is_tomorrow_over_the_turn_of_the_year() -> None:
    assert spoken_date(date(2026, 1, 1), date(2025, 12, 31), "id") == "besok"


def test_a_day_in_a_sentence_has_its_small_word_unless_it_is_near() -> None:
    assert spoken_on_day(date(2025, 2, 10), TODAY, "en") == "on Monday the tenth of February"
    assert spoken_on_day(date(2025, 2, 10), TODAY, "id") == "hari Senin, sepuluh Februari"
    assert spoken_on_day(TODAY, TODAY, "id") == "hari ini"
    assert spoken_on_day(TODAY + timedelta(days=1), TODAY, "en") == "tomorrow"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("47120035", "four seven one two, zero zero three five"),
        ("1234567890", "one two three four, five six seven, eight nine zero"),
        ("12345", "one two three, four five"),
        ("INV-42", "I N V, four two"),
        ("7", "seven"),
        ("", ""),
    ],
)
def test_numbers_are_spelled_in_even_groups(number: str, words: str) -> None:
    assert spoken_digits(number, "en") == words


@given(st.text("0123456789", max_size=30))
def test_spelling_loses_no_digit_and_no_group_is_longer_than_four(number: str) -> None:
    groups = [group.split() for group in spoken_digits(number, "id").split(", ")]
    names = {word: str(digit) for digit, word in enumerate(("nol", *_ID_UNITS))}
    assert "".join(names[word] for group in groups for word in group) == number
    assert all(len(group) <= 4 for group in groups)


def test_a_language_that_halo_does_not_speak_is_refused() -> None:
    with pytest.raises(BadInput, match="'fr'"):
        spoken_number(1, "fr")
