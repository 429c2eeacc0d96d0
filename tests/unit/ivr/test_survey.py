from pathlib import Path

import pytest

from ivr.line import Heard, HungUp, Prompt, Recording
from ivr.menu import PersonWanted
from ivr.survey import SurveyRule, run_survey
from tests.unit.ivr.fake_desk import STRANGER_ANI, FakeDesk
from tests.unit.ivr.fake_line import HANG_UP, SILENCE, FakeLine, says, visit

ALL, NOBODY = SurveyRule(1.0, 30), SurveyRule(0.0, 30)
SAID = Recording(Path("comment.wav"), 5.0)


def survey(line: FakeLine, desk: FakeDesk, rule: SurveyRule = ALL, chance: float = 0.5, customer_id: int | None = 7) -> bool:
    caller = visit(line, desk)
    caller.customer_id = customer_id
    return run_survey(caller, rule, chance)


def answers(desk: FakeDesk) -> list[tuple[int | None, str]]:
    return [(score, comment) for score, comment, _transcript in desk.survey_answers.values()]


@pytest.mark.parametrize(("answer", "score"), [("1", 1), ("5", 5), (says("empat"), 4), (says("three"), 3)])
def test_the_score_is_kept_by_key_and_by_voice(answer: str | Heard, score: int) -> None:
    desk = FakeDesk()
    assert survey(FakeLine([answer]), desk)
    assert answers(desk) == [(score, "")]


@pytest.mark.parametrize("wrong", ["9", "*", says("tujuh"), says("", 0)])
def test_another_answer_is_asked_once_more(wrong: str | Heard) -> None:
    desk = FakeDesk()
    line = FakeLine([wrong, "4"])
    assert survey(line, desk)
    assert line.keys_heard.count("survey_score") == 1


def test_who_says_nothing_is_not_pressed() -> None:
    line, desk = FakeLine([SILENCE]), FakeDesk()
    assert not survey(line, desk)
    assert line.keys_heard == ["survey_score"]


def test_nobody_outside_the_share_is_asked() -> None:
    line = FakeLine(["5"])
    assert not survey(line, FakeDesk(), NOBODY)
    assert line.heard == []


def test_nobody_is_asked_twice_in_a_while() -> None:
    desk = FakeDesk()
    survey(FakeLine(["5"]), desk)
    again = FakeLine(["1"])
    survey(again, desk)
    assert again.heard == []


def test_a_stranger_is_not_asked_twice_in_a_while_either() -> None:
    desk = FakeDesk()
    survey(FakeLine(["5"], ani=STRANGER_ANI), desk, customer_id=None)
    again = FakeLine(["1"], ani=STRANGER_ANI)
    survey(again, desk, customer_id=None)
    assert again.heard == []


def test_the_comment_is_kept_with_the_score() -> None:
    desk = FakeDesk()
    survey(FakeLine(["5"], recorded=[SAID]), desk)
    assert answers(desk) == [(5, "comment.wav")]


def test_who_hangs_up_at_the_comment_has_answered() -> None:
    desk = FakeDesk()

    class Gone(FakeLine):
        def record(self, *prompts: Prompt, most_s: float, silence_s: float) -> Recording | None:
            raise HungUp(SAID)

    with pytest.raises(HungUp):
        survey(Gone(["2"]), desk)
    assert answers(desk) == [(2, "comment.wav")]


def test_who_hangs_up_at_the_question_was_asked_and_is_left_in_peace() -> None:
    desk = FakeDesk()
    with pytest.raises(HungUp):
        survey(FakeLine([HANG_UP]), desk)
    again = FakeLine(["1"])
    survey(again, desk)
    assert again.heard == []


def test_dead_records_keep_nobody_on_the_line() -> None:
    desk = FakeDesk()
    desk.fails = True
    line = FakeLine(["5"])
    assert not survey(line, desk)
    assert line.heard == []


def test_the_path_never_shows_the_score() -> None:
    line = FakeLine(["3"])
    survey(line, FakeDesk())
    assert line.steps == [("survey", "answered")]


def test_key_zero_is_a_person_here_too_and_no_mark() -> None:
    line, desk = FakeLine(["0"]), FakeDesk()
    with pytest.raises(PersonWanted):
        survey(line, desk)
    assert line.keys_heard == ["survey_score"]
    assert line.steps == [("survey", "person")]
    assert not answers(desk)


def test_a_key_from_before_the_question_is_no_mark() -> None:
    line, desk = FakeLine(["15", "2"]), FakeDesk()
    assert line.ask_keys() == "1"
    assert survey(line, desk)
    assert answers(desk) == [(2, "")]
