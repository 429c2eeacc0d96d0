"""Whoever answers our own call is them only when they say so: a machine never does."""

import pytest

from ivr.called_back import is_them
from ivr.line import Heard, HungUp
from tests.unit.ivr.fake_line import HANG_UP, SILENCE, FakeLine, says, visit


@pytest.mark.parametrize("does", [["1"], [says("ya")], [says("yes")], [SILENCE, "1"], [says("mumble"), SILENCE, says("betul")]])
def test_who_presses_one_or_says_yes_is_them(does: list[str | Heard]) -> None:
    line = FakeLine(does)
    assert is_them(visit(line))
    assert line.steps == [("called_back", "them")]


@pytest.mark.parametrize(
    ("does", "asked"), [([], 3), (["2"], 1), ([says("leave a message after the tone")] * 3, 3), ([says("ya", 0.5)] * 3, 3)]
)
def test_silence_a_machine_and_another_key_are_not_them(does: list[str | Heard], asked: int) -> None:
    line = FakeLine(does)
    assert not is_them(visit(line))
    assert len(line.keys_heard) == asked


def test_who_hangs_up_is_not_on_the_line() -> None:
    with pytest.raises(HungUp):
        is_them(visit(FakeLine([HANG_UP])))


def test_a_key_from_before_the_question_is_no_yes() -> None:
    line = FakeLine(["51", "2"])
    assert line.ask_keys() == "5"
    assert not is_them(visit(line))
