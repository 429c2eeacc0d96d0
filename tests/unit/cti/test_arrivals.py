"""A token proves that we gave an id, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id
from cti.arrivals import is_token_right, make_token

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
KEY, UNTIL = b"k" * 32, NOON + timedelta(seconds=120)


def test_a_token_is_right_until_it_expires():
    interaction_id = new_id()
    token = make_token(KEY, interaction_id, UNTIL)
    assert is_token_right(KEY, interaction_id, token, NOON)
    assert is_token_right(KEY, interaction_id, token, UNTIL - timedelta(seconds=1))
    assert not is_token_right(KEY, interaction_id, token, UNTIL)


def test_a_token_is_for_one_id_and_one_key():
    one, other = new_id(), new_id()
    token = make_token(KEY, one, UNTIL)
    assert not is_token_right(KEY, other, token, NOON)
    assert not is_token_right(b"other" * 8, one, token, NOON)


def test_nobody_makes_a_token_last_longer():
    interaction_id = new_id()
    until, _, mac = make_token(KEY, interaction_id, UNTIL).partition(".")
    assert not is_token_right(KEY, interaction_id, f"{int(until) + 3600}.{mac}", NOON)


@pytest.mark.parametrize("token", ["", ".", "1.", ".abc", "x.abc", "9" * 40 + ".abc", "１２.abc", "1.\ud800", "-1.abc"])
def test_garbage_is_no_token(token):
    assert not is_token_right(KEY, new_id(), token, NOON)


@given(st.text(max_size=80))
def test_no_text_whatever_is_a_token_by_chance(text):
    assert not is_token_right(KEY, "0a0b0c0d-0000-4000-8000-000000000000", text, NOON)


def test_a_token_needs_no_quoting_in_a_sip_address():
    assert set(make_token(KEY, new_id(), UNTIL)) <= set("0123456789abcdef.")
