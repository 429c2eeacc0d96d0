"""A place on the caller's channel: it comes back the same, and is never longer than Asterisk tells."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.place_on_channel import LONGEST_VARIABLE, place_from_variable, place_to_variable
from routing.place import Place

NOON = datetime(2026, 3, 2, 12, 30, 15, 123456, UTC)
USUAL = Place(
    "3f2b9c1e-8d1a-4f6b-9a51-0a1b2c3d4e5f", "technical", NOON, "PJSIP/carrier-00000034", customer_id=123456, ani="+6281900000026",
    language="en", reason="order_status:ORD-20260302-0001", segment="business", named_agent="1002",
    second_call=True, last_agent="1001",
    last_talk_ago_s=86_399.123456, region="tangerangselatan", confidence=3,
    ivr_path=("language:en", "main_menu:order_status", "order_status:found", "main_menu:person"),
)  # fmt: skip


def test_a_usual_place_comes_back_whole() -> None:
    assert place_from_variable(place_to_variable(USUAL)) == USUAL


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=80).map(tuple))
def test_however_long_the_way_through_the_menus_the_place_is_kept(path: tuple[str, ...]) -> None:
    place = replace(USUAL, reason="bill:INV-7", ivr_path=path)
    value = place_to_variable(place)
    assert len(value) <= LONGEST_VARIABLE
    assert all(sign.isalnum() or sign in "-_=" for sign in value)
    back = place_from_variable(value)
    assert back is not None
    assert (back.queue, back.queued_at, back.reason) == ("technical", NOON, "bill:INV-7")
    assert path[len(path) - len(back.ivr_path) :] == back.ivr_path, "the last steps are kept"


@pytest.mark.parametrize("value", ["", "x", "eyJhIjoxfQ==", "eJyrVkpUslIwqgUACqECQw==", "ä"])
def test_what_is_no_place_is_none(value: str) -> None:
    assert place_from_variable(value) is None
