import re
from dataclasses import replace

import pytest

from core.errors import BadInput
from ivr.flow_check import Premises, flow_problems
from ivr.flow_file import read_flow, shipped_flow, shipped_flow_names
from ivr.hours_file import load_hours
from ivr.services import SERVICES
from routing.policy_file import shipped_policy

THERE = Premises(list(shipped_policy().policy.names), load_hours().schedules, SERVICES)
GOOD = """
flow: hotline
title: {id: Uji, en: Test}
person_phrases: {id: [petugas], en: [operator]}
entries: [{menu: main_menu}]
menus:
  language:
    ask: {id: [Satu.], en: [Two.]}
    choices: [{name: id, key: 1}, {name: en, key: 2}]
  main_menu:
    ask: {id: [Satu.], en: [One.]}
    choices:
      - {name: sales, key: 1, phrases: {id: [penjualan], en: [sales]}, queue: sales}
      - {name: hours, key: 2, tell: {id: Buka., en: Open.}}
  after_tell:
    ask: {id: [Lagi.], en: [Again.]}
    choices: [{name: again, key: 1}, {name: main_menu, key: 2}]
"""


def problems(text: str) -> list[str]:
    return [str(problem) for problem in flow_problems(read_flow(text, "mine.yaml"), THERE)]


@pytest.mark.parametrize("name", shipped_flow_names())
def test_every_shipped_flow_is_without_fault(name: str) -> None:
    assert flow_problems(shipped_flow(name), THERE) == []


def test_a_good_flow_has_no_problems() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("name: hours, key: 2", "name: hours, key: 1", 14, "Two choices on key 1"),
        ("name: hours, key: 2", "name: sales, key: 2", 14, "Two choices are called 'sales'"),
        ("queue: sales", "queue: sail", 13, "There is no queue 'sail'"),
        ("queue: sales", "menu: nowhere", 13, "There is no menu 'nowhere'"),
        ("queue: sales", "does: dance", 13, "There is no service 'dance'"),
        (", queue: sales", "", 13, "'sales' leads nowhere"),
        ("[{menu: main_menu}]", "[{menu: mainmenu}]", 5, "There is no menu 'mainmenu'"),
        ("[{menu: main_menu}]", "[{menu: main_menu, dialled: [1]}]", 5, "fits no entry"),
        ("[{menu: main_menu}]", "[{menu: main_menu, dialled: [15x]}, {menu: main_menu}]", 5, "'15x' is no telephone number"),
        ("[{menu: main_menu}]", "[{menu: main_menu, segments: [vipp]}, {menu: main_menu}]", 5, "There is no segment 'vipp'"),
        ("[{menu: main_menu}]", "\n  - {menu: main_menu}\n  - {menu: main_menu, segments: [vip]}", 7, "the one in line 6"),
        ("title: {id: Uji, en: Test}", "title: {id: Uji}", 3, "No title in en"),
        ("title:", "hours: offise\ntitle:", 3, "There is no schedule 'offise'. Use one of: hotline, office"),
        ("ask: {id: [Satu.], en: [One.]}", "ask: {id: [Satu.]}", 11, "No question in en"),
        ("ask: {id: [Satu.], en: [One.]}", "ask: {id: [Satu., Dua.], en: [One.]}", 11, "different numbers"),
        ("tell: {id: Buka., en: Open.}", "tell: {id: Buka.}", 14, "Nothing to tell in en"),
        ("phrases: {id: [penjualan], en: [sales]}", "phrases: {id: [penjualan]}", 13, "No phrase in en"),
        ("en: [sales]", "en: [operator]", 13, "everywhere"),
        ("name: hours, key: 2", "name: hours, key: 2, phrases: {id: [penjualan], en: [x y]}", 14, "chooses 'sales' too"),
        ("{id: [petugas], en: [operator]}", "{id: [petugas]}", 4, "No word for a person in en"),
        ("{id: [petugas], en: [operator]}", "{id: [petugas], en: [yes]}", 4, "a yes or a no"),
        ('[Lagi.], en: [Again.]', '["Lagi {x}."], en: [Again.]', 16, "can't be spoken"),
        ("name: again, key: 1", "name: once_more, key: 1", 17, "does not know the choice 'once_more'"),
        ("title:", "queue_closed: nowhere\ntitle:", 3, "There is no menu 'nowhere'"),
        ("title:", "closed_words: {sail: {id: Tutup., en: Closed.}}\ntitle:", 3, "There is no queue 'sail'"),
        ("title:", "closed_words: {sales: {id: Tutup.}}\ntitle:", 3, "No words in en"),
        ("title:", "closed_words: {sales: {id: 'Tutup {x}.', en: Closed.}}\ntitle:", 3, "can't be spoken"),
        ("after_tell:", "after_all:", 6, "There is no menu 'after_tell'"),
        ("after_tell:", "after_all:", 15, "No way leads to the menu 'after_all'"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(before: str, after: str, line: int, said: str) -> None:
    assert before in GOOD
    found = problems(GOOD.replace(before, after))
    assert any(problem.startswith(f"mine.yaml, line {line}:") and said in problem for problem in found), found


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("dialled: [1500401], segments: [vip]", "dialled: [1500401]", 0),
        ("dialled: [1500401]", "dialled: [+1500401], segments: [vip]", 1),
        ("segments: [vip, premium]", "segments: [vip]", 1),
        ("segments: [vip]", "dialled: [1500401]", 0),
        ("dialled: [1500401]", "dialled: [1500401, 1500402]", 0),
    ],
)
def test_an_entry_behind_one_that_takes_all_of_its_calls_is_named(first: str, second: str, found: int) -> None:
    entries = f"[{{menu: main_menu, {first}}}, {{menu: main_menu, {second}}}, {{menu: main_menu}}]"
    assert ["No call comes" in problem for problem in problems(GOOD.replace("[{menu: main_menu}]", entries))] == [True] * found


def test_a_segment_of_the_customers_file_can_be_published_all_the_same() -> None:
    text = GOOD.replace("[{menu: main_menu}]", "[{menu: main_menu, segments: [gold]}, {menu: main_menu}]")
    (found,) = flow_problems(read_flow(text, "mine.yaml"), THERE)
    assert not found.serious


def test_a_menu_for_closed_queues_is_reached_and_its_choices_go_on_by_their_names() -> None:
    shut = "  shut:\n    ask: {id: [Tutup.], en: [Closed.]}\n    choices: [{name: main_menu, key: 1}, {name: dance, key: 2}]\n"
    text = GOOD.replace("title:", "queue_closed: shut\ntitle:") + shut
    (found,) = problems(text)
    assert "'dance' leads nowhere" in found
    assert problems(text.replace("dance", "goodbye")) == []


def test_a_circle_of_menus_is_named_and_one_with_a_way_out_is_not() -> None:
    circle = "".join(
        f"  {name}:\n    ask: {{id: [Ke {other}.], en: [To {other}.]}}\n    choices: [{{name: on, key: 1, menu: {other}}}]\n"
        for name, other in (("first", "second"), ("second", "first"))
    )
    text = GOOD.replace("[{menu: main_menu}]", "[{menu: first, dialled: [1500401]}, {menu: main_menu}]") + circle
    assert [problem.split("'")[1] for problem in problems(text)] == ["first", "second"]
    assert problems(text.replace("key: 1, menu: first}", "key: 1, menu: first}, {name: home, key: 2, menu: main_menu}")) == []


def test_phrases_that_sound_alike_are_pointed_out_and_can_be_published_all_the_same() -> None:
    text = GOOD.replace("name: hours, key: 2", "name: hours, key: 2, phrases: {id: [benjualan], en: [tell me]}")
    (found,) = flow_problems(read_flow(text, "mine.yaml"), THERE)
    assert "'penjualan'" in found.message
    assert "'benjualan'" in found.message
    assert not found.serious


@pytest.mark.parametrize(("control", "found"), [("1500501", 1), ("1500502", 0), ("", 0)])
def test_callers_never_dial_the_supervisors_number(control: str, found: int) -> None:
    entries = "[{menu: main_menu, dialled: [1500500, +1500501]}, {menu: main_menu}]"
    text = read_flow(GOOD.replace("[{menu: main_menu}]", entries), "mine.yaml")
    wrong = flow_problems(text, replace(THERE, control_number=control))
    assert [problem.place for problem in wrong if "HALO_CONTROL_NUMBER" in problem.message] == ["mine.yaml, line 5"] * found
    assert len(wrong) == found


def test_a_word_that_nobody_can_say_is_named() -> None:
    (found,) = problems(GOOD.replace("en: [sales]", "en: [bcdfghjk sales]"))
    assert found.startswith("mine.yaml, line 13: The word 'bcdfghjk' (en) can't be said")


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("key: 1, phrases", "key: 0, phrases", 13, "key"),
        ("key: 1, phrases", "key: 12, phrases", 13, "key"),
        ("queue: sales", "queue: sales, menu: main_menu", 13, "leads two ways"),
        ("name: hours, key: 2", "name: hours", 14, "nobody can choose it"),
        ("en: [sales]", "fr: [ventes]", 13, "phrases"),
        ("en: [sales]", "en: [sales 24]", 13, "phrases"),
        ("  main_menu:\n    ask", "  Main Menu:\n    ask", 10, "menus"),
        ("key: 2, tell", "colour: 2, tell", 14, "colour"),
        ("tell: {id: Buka., en: Open.}", "tell: {id: Buka., fr: Ouvert.}", 14, "a language is id or en"),
        ("title:", "connecting: {sales: {fr: Attendez.}}\ntitle:", 3, "a language is id or en"),
        ("en: [One.]}", "en: [{One: two}]}", 11, 'the colon in it makes two parts of it. Write it in "quotes".'),
        ("  main_menu:\n    ask", "  main_menu:\n\task", 11, "There is a tab here. Indent with spaces."),
        (GOOD, "", 1, "The file has no parts with names."),
        (GOOD, "[" * 5000, 1, "lie one inside the other"),
        ("entries: [{menu: main_menu}]", "entries: []", 5, "entries"),
        ("entries: [{menu: main_menu}]", "entries: [{menu: main_menu}", 5, ""),
    ],
)  # fmt: skip
def test_what_has_the_wrong_form_is_refused_with_its_line(before: str, after: str, line: int, said: str) -> None:
    assert before in GOOD
    with pytest.raises(BadInput, match=re.escape(said) or None) as problem:
        read_flow(GOOD.replace(before, after), "mine.yaml")
    found = [int(number) for number in re.findall(r"mine\.yaml, line (\d+)", problem.value.message)]
    assert line in found or (not said and found and found[0] >= line), problem.value.message
