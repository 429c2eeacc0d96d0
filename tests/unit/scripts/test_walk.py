"""Walking through a script before any call: the same pages as a call would see, and for each step why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from scripts.changed_facts import with_facts, written_fact
from scripts.facts import FACTS, Kind, Situation
from scripts.model import Script
from scripts.samples import samples
from scripts.walk import facts_asked, walk
from tests.unit.scripts.small_scripts import (
    LIBRARY,
    NOW,
    SCRIPTS,
    TODAY,
    any_script,
    end,
    led_on,
    page,
    read,
    said_texts,
    script,
    situations,
)  # fmt: skip


@given(any_script, st.lists(said_texts, max_size=12), situations)
def test_a_walk_stands_where_a_call_with_these_answers_would(script: Script, answers: list[str], here: Situation) -> None:
    progress, taken = led_on(script, answers, here)
    walked = walk(script, here, taken)
    assert (walked.progress.page, walked.progress.taken) == (progress.page, progress.taken)
    assert len(walked.steps) == len(taken) + 1
    assert [one.start for one in walked.steps] == ["", *(page for page, _answer in taken)]
    assert walked.steps[-1].end == progress.page


@given(any_script, st.lists(said_texts, max_size=12), situations)
def test_each_step_names_the_branch_that_was_taken_and_none_after_it(script: Script, answers: list[str], here: Situation) -> None:
    _progress, taken = led_on(script, answers, here)
    for step in walk(script, here, taken).steps[1:]:
        ways = [one for one in step.tested if not one.passing]
        assert ways[0].held or len(ways) > 1
        last = [one for one in step.tested if one.held or one.passing][-1]
        assert last.page == step.end


def test_an_answer_that_is_not_taken_ends_the_walk() -> None:
    made = read(script(page("days", ask={"type": "number"}, next="bye"), end())).script
    walked = walk(made, Situation(TODAY), [("days", "soon"), ("days", "5")])
    assert (walked.progress.page, len(walked.steps)) == ("days", 1)
    assert walk(made, Situation(TODAY), [("gone", "5")]).progress.page == "days"


def test_it_says_what_a_branch_asked_and_that_a_page_was_passed_over() -> None:
    branches = [{"when": {"segment": "vip", "value": {"more_than": 5}}, "page": "middle"}, {"page": "bye"}]
    made = read(script(
        page("first", next=branches), page("middle", passed_over={"when": {"orders": 0}, "next": "bye"}, next="bye"), end(),
    )).script  # fmt: skip
    here = Situation(TODAY, {"segment": "vip", "value": 6, "orders": 0})
    (_begun, step) = walk(made, here, [("first", "next")]).steps
    assert [(one.page, one.held, one.passing) for one in step.tested] == [
        ("middle", True, False), ("middle", True, True), ("bye", True, False),
    ]  # fmt: skip
    assert [(one.fact, one.value) for one in step.tested[0].looked] == [("segment", "vip"), ("value", 6)]
    assert step.end == "bye"
    stranger = walk(made, Situation(TODAY), [("first", "next")]).steps[1]
    assert [(one.page, one.held) for one in stranger.tested] == [("middle", False), ("bye", True)]
    assert stranger.tested[0].looked[0].value is None


def test_the_facts_that_a_script_asks_about_are_all_of_them_once() -> None:
    overdue = LIBRARY.find("overdue")
    assert overdue is not None
    assert sorted(facts_asked(overdue.script)) == ["ivr_path", "overdue_amount", "segment"]
    assert all(set(facts_asked(one)) <= set(FACTS) for one in SCRIPTS)


@given(st.sampled_from(samples("billing", NOW)))
def test_facts_written_down_are_read_again(sample: object) -> None:
    here = sample.situation()  # type: ignore[attr-defined]
    said = {name: value for name, value in here.known.items() if value != frozenset()}  # no word at all fits nothing either
    assert with_facts(here, {name: written_fact(value) for name, value in here.known.items()}).known == said
    assert with_facts(here, dict.fromkeys(here.known, "")).known == {}


@pytest.mark.parametrize(("name", "text"), [
    ("order_late", "maybe"), ("orders", "many"), ("orders", "9" * 40), ("orders", "--5"), ("value", "1.5"), ("colour", "red"),
])  # fmt: skip
def test_a_fact_that_cant_be_is_refused(name: str, text: str) -> None:
    with pytest.raises(BadInput):
        with_facts(Situation(TODAY), {name: text})


@given(st.sampled_from(sorted(FACTS)), st.text(max_size=12))
def test_whatever_is_written_is_a_fact_of_its_kind_or_refused(name: str, text: str) -> None:
    kinds = {Kind.YES_NO: bool, Kind.NUMBER: int, Kind.AMOUNT: int, Kind.WORD: str, Kind.WORDS: frozenset}
    try:
        known = with_facts(Situation(TODAY), {name: text}).known
    except BadInput:
        return
    assert all(type(value) is kinds[FACTS[name].kind] for value in known.values())
