"""Segments of a text, by the limits of 3GPP TS 23.038 and 23.040."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.text_length import segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ä" * 70 + "ü" * 90, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("é" + "中" * 69, 1),
        ("中" * 71, 2),
        ("中" * 134, 2),
        ("中" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("“" + "a" * 69, 1),
        ("“" + "a" * 70, 2),
    ],
)
def test_published_limits(text, expected):
    assert segments(text) == expected


def test_a_letter_of_two_units_is_not_torn():
    assert segments("a" * 152 + "€" + "a" * 152) == 3  # 306 septets, but the first part has room for half of the sign only
    assert segments("a" * 151 + "€" + "a" * 153) == 2


@given(st.text(max_size=400), st.text(max_size=5))
def test_more_text_never_takes_fewer_segments(text, more):
    assert segments(text) <= segments(text + more)


@given(st.text(min_size=1, max_size=600))
def test_a_text_fits_into_its_segments(text):
    units = sum(2 if ord(letter) > 0xFFFF else 1 for letter in text)
    assert segments(text) <= 1 + units // 66  # even in the dearest alphabet, a letter torn from each part
    assert segments(text) * 160 >= len(text)
