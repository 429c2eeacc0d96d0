import pytest

from ivr.menu import Menu, Option, PersonWanted
from ivr.reasons import Reason
from tests.unit.ivr.fake_line import SILENCE, FakeLine

MENU = Menu("main_menu", (Option("1", "order_status"), Option("2", "bill"), Option("3", "person")))


@pytest.mark.parametrize("option", MENU.options)
def test_each_key_chooses_its_option(option: Option) -> None:
    line = FakeLine([option.key])
    assert MENU.ask(line, "id") == option.name
    assert line.steps == [("main_menu", option.name)]


@pytest.mark.parametrize("earlier", [[], [SILENCE], ["9"], [SILENCE, "9"]])
def test_zero_asks_for_a_person_at_every_try(earlier: list[str]) -> None:
    with pytest.raises(PersonWanted) as wanted:
        MENU.ask(FakeLine([*earlier, "0"]), "en")
    assert wanted.value.reason is Reason.ASKED_FOR_PERSON


def test_no_key_is_asked_again_in_other_words_and_then_a_person_is_wanted() -> None:
    line = FakeLine([])
    with pytest.raises(PersonWanted) as wanted:
        MENU.ask(line, "id")
    assert wanted.value.reason is Reason.NO_INPUT
    assert line.keys_heard == ["main_menu_1", "no_key_2", "main_menu_2", "no_key_3", "main_menu_3"]
    assert len(set(line.heard)) == 5


@pytest.mark.parametrize("key", ["4", "5", "6", "7", "8", "9", "*"])
def test_a_wrong_key_is_named_wrong_and_asked_again_in_other_words(key: str) -> None:
    line = FakeLine([key, key, key, "1"])
    with pytest.raises(PersonWanted) as wanted:
        MENU.ask(line, "en")
    assert wanted.value.reason is Reason.WRONG_INPUT
    assert line.keys_heard == ["main_menu_1", "wrong_key_2", "main_menu_2", "wrong_key_3", "main_menu_3"]


@pytest.mark.parametrize("missed", [[SILENCE], ["9"], [SILENCE, "8"], ["7", SILENCE]])
def test_a_right_key_at_a_later_try_counts(missed: list[str]) -> None:
    assert MENU.ask(FakeLine([*missed, "2"]), "id") == "bill"


def test_a_key_pressed_before_the_question_answers_it_unasked() -> None:
    line = FakeLine([])
    assert MENU.ask(line, "id", pressed="2") == "bill"
    assert line.heard == []


def test_silence_may_have_a_meaning_of_its_own() -> None:
    menu = Menu("after_bill", (Option("1", "again"),), on_silence="goodbye")
    assert menu.ask(FakeLine([SILENCE]), "id") == "goodbye"


def test_while_the_language_is_unknown_every_language_is_spoken() -> None:
    line = FakeLine(["9", "2"])
    menu = Menu("language", (Option("1", "id"), Option("2", "en")), languages=("id", "en"))
    assert menu.ask(line, "id") == "en"
    assert [(prompt.key, prompt.language) for prompt in line.spoken] == [
        ("language_1", "id"),
        ("language_1", "en"),
        ("wrong_key_2", "id"),
        ("language_2", "id"),
        ("wrong_key_2", "en"),
        ("language_2", "en"),
    ]


@pytest.mark.parametrize(
    "options",
    [(), (Option("1", "a"), Option("1", "b")), (Option("0", "a"),), (Option("#", "a"),), (Option("12", "a"),)],
    ids=["none", "two on a key", "the way out", "the end sign", "two keys"],
)
def test_a_menu_that_contradicts_itself_is_refused(options: tuple[Option, ...]) -> None:
    with pytest.raises(ValueError, match="menu x"):
        Menu("x", options)
