import pytest

from ivr.flow_file import read_flow
from ivr.flow_version import FlowVersion
from ivr.line import Heard
from ivr.menu import MOST_MISHEARD, Ears, Menu, PersonWanted
from ivr.reasons import Reason
from tests.unit.ivr.fake_line import SILENCE, FakeLine, says

FLOW = read_flow(
    """
flow: hotline
title: {id: Uji, en: Test}
person_phrases: {id: [petugas], en: [operator]}
repeat_phrases: {id: [ulangi], en: [say that again]}
entries: [{menu: main_menu}]
menus:
  language:
    ask: {id: [Satu., Tekan satu.], en: [Two., Press two.]}
    choices: [{name: id, key: 1}, {name: en, key: 2}]
  main_menu:
    ask: {id: [Pesanan satu., Satu pesanan., Satu.], en: [Orders one., One for orders., One.]}
    choices:
      - {name: order_status, key: 1, phrases: {id: [status pesanan], en: [order status]}, queue: general}
      - {name: bill, key: 2, phrases: {id: [tagihan], en: [bill]}, queue: general}
      - {name: ticket, phrases: {id: [keluhan saya], en: [my complaint]}, queue: general}
  after:
    ask: {id: [Lagi.], en: [Again.]}
    on_silence: goodbye
    choices: [{name: again, key: 1}, {name: goodbye, key: 2}]
""",
    "test",
).flow
VERSION = FlowVersion(FLOW, 1, "a-speech-set")
SURE, UNSURE, HARDLY = 1.0, 0.75, 0.2


def ask(
    line: FakeLine, menu: str = "main_menu", language: str = "id", ears: Ears | None = None, version: FlowVersion = VERSION
) -> str:
    return Menu(menu, version, (language,)).ask(line, ears or Ears())


@pytest.mark.parametrize(("key", "name"), [("1", "order_status"), ("2", "bill")])
def test_each_key_chooses_its_option(key: str, name: str) -> None:
    line = FakeLine([key])
    assert ask(line) == name
    assert line.steps == [("main_menu", name)]


@pytest.mark.parametrize("earlier", [[], [SILENCE], ["9"], [SILENCE, "9"], [says("", 0)]])
def test_zero_asks_for_a_person_at_every_try(earlier: list[str | Heard]) -> None:
    with pytest.raises(PersonWanted) as wanted:
        ask(FakeLine([*earlier, "0"]), language="en")
    assert wanted.value.reason is Reason.ASKED_FOR_PERSON


def test_no_answer_is_asked_again_in_other_words_and_then_a_person_is_wanted() -> None:
    line = FakeLine([])
    with pytest.raises(PersonWanted) as wanted:
        ask(line)
    assert wanted.value.reason is Reason.NO_INPUT
    assert line.keys_heard == ["main_menu_1", "no_key_2", "main_menu_2", "no_key_3", "main_menu_3"]
    assert len(set(line.heard)) == 5


@pytest.mark.parametrize("key", ["3", "4", "5", "6", "7", "8", "9", "*"])
def test_a_wrong_key_is_named_wrong_and_asked_again_in_other_words(key: str) -> None:
    line = FakeLine([key, key, key, "1"])
    with pytest.raises(PersonWanted) as wanted:
        ask(line, language="en")
    assert wanted.value.reason is Reason.WRONG_INPUT
    assert line.keys_heard == ["main_menu_1", "wrong_key_2", "main_menu_2", "wrong_key_3", "main_menu_3"]


@pytest.mark.parametrize("missed", [[SILENCE], ["9"], [SILENCE, "8"], ["7", SILENCE], [says("", 0)], [says("", 0), says("", 0)]])
def test_a_right_key_at_a_later_try_counts(missed: list[str | Heard]) -> None:
    assert ask(FakeLine([*missed, "2"])) == "bill"


@pytest.mark.parametrize("first", [Heard(keys="2"), says("tagihan")])
def test_an_answer_that_came_before_the_question_leaves_it_unasked(first: Heard) -> None:
    line = FakeLine([])
    assert Menu("main_menu", VERSION, ("id",)).ask(line, Ears(), first=first) == "bill"
    assert line.heard == []


def test_silence_may_have_a_meaning_of_its_own() -> None:
    assert ask(FakeLine([SILENCE]), "after") == "goodbye"


def test_speech_that_nobody_understood_is_not_silence() -> None:
    line = FakeLine([says("", 0)])
    with pytest.raises(PersonWanted) as wanted:
        ask(line, "after")
    assert wanted.value.reason is Reason.NOT_UNDERSTOOD


def test_while_the_language_is_unknown_every_language_is_spoken() -> None:
    line = FakeLine(["9", "2"])
    assert Menu("language", VERSION, ("id", "en")).ask(line, Ears()) == "en"
    assert [(prompt.key, prompt.language) for prompt in line.spoken] == [
        ("language_1", "id"),
        ("language_1", "en"),
        ("wrong_key_2", "id"),
        ("language_2", "id"),
        ("wrong_key_2", "en"),
        ("language_2", "en"),
    ]


# By voice


@pytest.mark.parametrize("words", ["status pesanan", "order status"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_phrase_of_either_language_chooses_its_option_in_either_language(words: str, language: str) -> None:
    line = FakeLine([says(words, SURE)])
    assert ask(line, language=language) == "order_status"
    assert line.steps == [("main_menu", "order_status")]


def test_what_may_be_said_is_every_phrase_of_the_menu_and_the_words_that_hold_everywhere() -> None:
    line = FakeLine([says("tagihan")])
    ask(line)
    assert line.grammars[0].name == "main_menu"
    assert set(line.grammars[0].phrases) == {
        "status pesanan", "order status", "tagihan", "bill", "keluhan saya", "my complaint", "petugas", "operator", "ulangi",
        "say that again",
    }  # fmt: skip


def test_an_option_without_a_key_can_be_said() -> None:
    assert ask(FakeLine([says("keluhan saya")])) == "ticket"


@pytest.mark.parametrize("words", ["petugas", "operator"])
def test_the_word_for_a_person_is_as_good_as_zero(words: str) -> None:
    with pytest.raises(PersonWanted) as wanted:
        ask(FakeLine([says(words)]))
    assert wanted.value.reason is Reason.ASKED_FOR_PERSON


def test_asking_for_a_repeat_costs_no_try() -> None:
    line = FakeLine([says("ulangi"), says("say that again"), "2"])
    assert ask(line) == "bill"
    assert line.keys_heard == ["main_menu_1"] * 3


def test_who_asks_for_repeats_for_ever_reaches_a_person() -> None:
    with pytest.raises(PersonWanted):
        ask(FakeLine([says("ulangi")] * 50))


@pytest.mark.parametrize("yes", ["1", says("ya"), says("yes"), says("betul")])
def test_a_doubtful_phrase_is_asked_back_and_taken_after_a_yes(yes: str | Heard) -> None:
    line = FakeLine([says("tagihan", UNSURE), yes])
    assert ask(line) == "bill"
    assert "Maksud Anda, tagihan? Ya, tekan satu. Bukan, tekan dua." in line.heard


@pytest.mark.parametrize("no", ["2", SILENCE, says("tidak"), says("", 0)])
def test_a_doubtful_phrase_is_not_taken_without_a_yes(no: str | Heard) -> None:
    line = FakeLine([says("tagihan", UNSURE), no, "1"])
    assert ask(line) == "order_status"
    assert ("main_menu", "bill") not in line.steps


def test_what_was_hardly_heard_is_asked_again_not_asked_back() -> None:
    line = FakeLine([says("tagihan", HARDLY), says("tagihan", SURE)])
    assert ask(line) == "bill"
    assert "did_you_say" not in line.keys_heard
    assert "not_understood_2" in line.keys_heard


def test_who_is_not_understood_twice_is_asked_for_keys_alone() -> None:
    line = FakeLine([says("", 0)] * MOST_MISHEARD + [says("tagihan", SURE), "2"])
    ears = Ears()
    with pytest.raises(PersonWanted):
        ask(line, ears=ears)
    assert not ears.listening
    assert len(line.grammars) == MOST_MISHEARD


def test_being_understood_makes_good_for_having_been_misheard() -> None:
    ears = Ears(misheard=MOST_MISHEARD - 1)
    ask(FakeLine([says("tagihan")]), ears=ears)
    assert ears.misheard == 0


def test_without_a_speech_set_nobody_listens() -> None:
    line = FakeLine([says("tagihan"), "2"])
    assert ask(line, version=FlowVersion(FLOW)) == "bill"
    assert line.grammars == []
