"""Answers read and said again: whatever is typed in, what is kept is of the question's kind and within its bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.answers import Unfit, bounds, in_words, read_answer, value_of
from scripts.model import Question, ScriptPage
from tests.unit.scripts.small_scripts import TODAY, page, said_texts


def asking(**question: object) -> ScriptPage:
    return ScriptPage.model_validate(page("q", ask=question, next="bye"))


@pytest.mark.parametrize(("text", "kept"), [
    ("412000", "412000"), ("Rp 412.000", "412000"), ("rp412,000", "412000"), ("Rp. 1.250.000,-", "1250000"), ("0", "0"),
    ("412.00", Unfit.NO_NUMBER), ("4.120.00", Unfit.NO_NUMBER), ("12 juta", Unfit.NO_NUMBER), ("1e6", Unfit.NO_NUMBER),
    ("-5", Unfit.OUT_OF_BOUNDS), ("", Unfit.MISSING), ("9" * 16, Unfit.NO_NUMBER), ("٤١٢", Unfit.NO_NUMBER),
])  # fmt: skip
def test_an_amount_is_read_as_people_write_it(text: str, kept: str) -> None:
    assert read_answer(asking(type="amount"), text, TODAY) == kept


@pytest.mark.parametrize(("text", "kept"), [
    (" 3 ", "3"), ("007", "7"), ("0", Unfit.OUT_OF_BOUNDS), ("13", Unfit.OUT_OF_BOUNDS), ("3,5", Unfit.NO_NUMBER),
    ("3.000", Unfit.NO_NUMBER),
])  # fmt: skip
def test_a_number_keeps_its_bounds(text: str, kept: str) -> None:
    assert read_answer(asking(type="number", at_least=1, at_most=12), text, TODAY) == kept


def test_a_text_is_one_clean_line_of_at_most_so_many_letters() -> None:
    assert read_answer(asking(type="text"), " it\x00 is\n\u202ebroken ", TODAY) == "it is broken"
    assert read_answer(asking(type="text", at_most=3), "four", TODAY) is Unfit.TOO_LONG
    assert read_answer(asking(type="text", may_be_empty=True), "\n", TODAY) == ""


def test_a_day_counts_from_today() -> None:
    page_ = asking(type="date", at_least=-1, at_most=30)
    assert value_of(page_, "2026-03-05", TODAY) == 3
    assert bounds(page_.ask or Question(type="date"), TODAY) == ("2026-03-01", "2026-04-01")
    assert in_words(page_, "2026-03-05", "id") == "5 Maret 2026"
    assert in_words(page_, "2026-03-05", "en") == "5 March 2026"


@given(
    st.sampled_from(["yes_no", "number", "amount", "date", "text"]), st.one_of(st.none(), st.integers(-50, 50)), said_texts,
    st.sampled_from(["id", "en"]), st.booleans(),
)  # fmt: skip
def test_what_is_kept_is_read_again_as_the_same_and_can_be_said(
    kind: str, at_least: int | None, text: str, language: str, empty: bool
) -> None:
    page_ = asking(type=kind, at_least=at_least, may_be_empty=empty)
    kept = read_answer(page_, text, TODAY)
    if isinstance(kept, Unfit):
        return
    assert read_answer(page_, kept, TODAY) == kept
    assert in_words(page_, kept, language) or not kept
    value = value_of(page_, kept, TODAY)
    if kind in ("number", "date") and at_least is not None and kept:
        assert isinstance(value, int)
        assert value >= at_least
