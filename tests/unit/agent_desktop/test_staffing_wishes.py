"""Fields as people write them, and what is wrong at which of them."""

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from agent_desktop.staffing_wishes import SECONDS, SHARES, read_wishes

APP = Flask(__name__)
Babel(APP)
QUEUES = ("sales", "chat")


def read(**fields: str):
    with APP.test_request_context():
        return read_wishes(fields, QUEUES)


def test_empty_fields_are_no_wishes() -> None:
    form = read()
    assert form.wishes is not None
    assert (form.wishes.shrinkage, form.wishes.patience_s, form.wishes.service_level, dict(form.wishes.at_once)) == (
        0,
        None,
        None,
        {},
    )


def test_per_cent_seconds_and_chats() -> None:
    wishes = read(service_level="82,5", shrinkage="30 %", patience_s="90", at_once="chat = 3", slower="20").wishes
    assert wishes is not None
    assert (wishes.service_level, wishes.shrinkage, wishes.patience_s) == (0.825, 0.3, 90)
    assert (wishes.at_once["chat"].at_once, wishes.at_once["chat"].slower) == (3, 0.2)


@pytest.mark.parametrize(("field", "text"), [
    ("shrinkage", "100"), ("occupancy", "0"), ("asa_s", "0"), ("patience_s", "soon"), ("service_level", "101"),
    ("at_once", "mail=3"), ("at_once", "chat=0"), ("at_once", "chat"), ("slower", "-1"), ("aht_s", "nan"), ("shrinkage", "-1"),
])  # fmt: skip
def test_what_can_not_be_is_told_at_its_field(field: str, text: str) -> None:
    form = read(**{field: text})
    assert form.wishes is None
    assert list(form.faults) == [field]
    assert form.values[field] == text, "what was typed stays"


@given(name=st.sampled_from([*SHARES, *SECONDS, "at_once", "slower"]), text=st.text(max_size=20))
def test_whatever_is_typed_there_is_an_answer(name: str, text: str) -> None:
    form = read(**{name: text})
    assert (form.wishes is None) == bool(form.faults)
