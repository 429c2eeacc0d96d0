"""Going through a script: any answers in any order are safe, and every valid script ends."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scripts import runner
from scripts.answers import Unfit, given_answers, read_answer
from scripts.facts import Situation
from scripts.model import Script
from scripts.progress import Progress, Taken, read_progress
from scripts.runner import BACK, Said
from scripts.samples import samples
from scripts.script_file import read_script
from scripts.shown_page import Before, show
from tests.unit.scripts.small_scripts import (
    CODES,
    HOSTILE,
    LIBRARY,
    NOW,
    SCRIPTS,
    TODAY,
    answered,
    any_script,
    end,
    good_scripts,
    on,
    page,
    read,
    said_texts,
    script,
    situations,
    text_of,
    told,
)

FITTING = {"number": "1", "amount": "1", "date": "2026-03-02", "text": "words"}


def found(name: str) -> Script:
    version = LIBRARY.find(name)
    assert version is not None
    return version.script


def fitting(script: Script, progress: Progress, here: Situation, data: st.DataObject) -> str:
    """An answer that the open page takes."""
    opened = runner.open_page(script, progress)
    named = given_answers(opened)
    if named:
        return data.draw(st.sampled_from(named))
    assert opened.ask is not None
    low = opened.ask.at_least or 0
    tries = ("", "5", "words", here.today.isoformat(), str(low), str(max(low, 1)))
    takes = [text for text in tries if not isinstance(read_answer(opened, text, here.today), Unfit)]
    return data.draw(st.sampled_from(takes))


@given(good_scripts())
def test_what_is_made_here_to_be_valid_has_no_faults(data: dict[str, object]) -> None:
    assert told(data) == []
    assert read_script(text_of(data), "mine.yaml").script == read(data).script


@given(any_script, situations, st.data())
def test_any_valid_script_ends_whatever_is_answered_and_known(script: Script, here: Situation, data: st.DataObject) -> None:
    progress = runner.start(script, 0, here)
    for _step in script.pages:
        if runner.open_page(script, progress).is_end:
            break
        after = on(script, progress, fitting(script, progress, here, data), here)
        assert after != progress, "every answer that fits leads on"
        progress = after
    ended = runner.open_page(script, progress)
    assert ended.is_end
    assert ended.dispositions


@given(any_script, st.lists(st.tuples(said_texts, situations), max_size=20), st.sampled_from(["id", "en", "", "xx"]))
def test_any_answers_in_any_order_leave_a_page_that_can_be_shown(
    script: Script, answers: list[tuple[str, Situation]], language: str
) -> None:
    progress = Progress(script.name, 3, "no_such_page")
    for answer, here in answers:
        progress = on(script, progress, answer, here)
        shown = show(script, runner.standing(script, progress, here), language, {}, here.today)
        assert shown.say
        assert 1 <= shown.number <= shown.of
        assert shown.is_end == bool(shown.dispositions)
        assert bool(shown.field) + bool(shown.choices) <= 1
        assert shown.version == 3


@given(any_script, st.lists(said_texts, max_size=12), situations)
def test_the_same_answers_lead_to_the_same_place_and_change_nothing_before_it(
    script: Script, answers: list[str], here: Situation
) -> None:
    walks = []
    for _time in range(2):
        progress = runner.start(script, 1, here)
        walk = [progress]
        for answer in answers:
            kept = replace(progress)
            after = on(script, progress, answer, here)
            assert progress == kept
            progress = after
            walk.append(progress)
        walks.append(walk)
    assert walks[0] == walks[1]


@given(any_script, st.lists(said_texts, max_size=12), situations)
def test_an_answer_to_another_page_or_script_changes_nothing(script: Script, answers: list[str], here: Situation) -> None:
    progress = runner.start(script, 0, here)
    for answer in answers:
        for stale in (Said(script.name, "elsewhere", answer), Said("another", progress.page, answer)):
            assert runner.step(script, progress, stale, here) == progress
            assert runner.misfit(script, progress, stale, here.today) is None
        progress = on(script, progress, answer, here)


@given(any_script, st.lists(said_texts, max_size=12), situations)
def test_a_press_that_comes_twice_goes_one_step(script: Script, answers: list[str], here: Situation) -> None:
    progress = runner.start(script, 0, here)
    for answer in answers:
        said = Said(script.name, progress.page, answer)
        once = runner.step(script, progress, said, here)
        if once.page != progress.page:
            assert runner.step(script, once, said, here) == once
        progress = once


@given(any_script, st.lists(said_texts, max_size=12), situations)
def test_going_back_all_the_way_returns_to_the_start(script: Script, answers: list[str], here: Situation) -> None:
    began, progress = runner.start(script, 0, here), answered(script, answers, here)
    for _page in script.pages:
        progress = on(script, progress, BACK, here)
    assert (progress.page, progress.taken) == (began.page, ())


@given(any_script, st.lists(said_texts, max_size=12), situations)
def test_what_was_gone_back_behind_comes_with_its_answer_and_counts_for_nothing(
    script: Script, answers: list[str], here: Situation
) -> None:
    progress = answered(script, answers, here)
    for last in reversed(progress.taken):
        progress = on(script, progress, BACK, here)
        assert progress.before() == last
        assert not any(key == f"answer.{last.page}" for key in runner.known_in(script, progress, here))
    assert progress.taken == ()


def test_an_answer_that_was_gone_back_behind_is_shown_filled_in_and_can_be_changed() -> None:
    made = read(
        script(page("days", ask={"type": "number"}, next="sure"), page("sure", ask={"type": "yes_no"}, next="bye"), end())
    ).script
    here = Situation(TODAY)
    progress = runner.start(made, 0, here)
    for agent, answer in (("1001", "7"), ("1001", "no"), ("1002", BACK), ("1002", BACK)):
        progress = on(made, progress, answer, here, agent)
    assert show(made, read_progress(progress.to_json()) or progress, "en", {}, TODAY).before == Before("7", "1001")
    changed = on(made, progress, "9", here, "1002")
    assert show(made, changed, "en", {}, TODAY).before == Before("no", "1001")
    assert [(one.words, one.agent) for one in show(made, changed, "en", {}, TODAY).given] == [("9", "1002")]
    assert on(made, changed, "yes", here, "1002").undone == ()


@given(any_script, st.lists(said_texts, max_size=12), situations)
def test_a_kept_progress_goes_on_where_it_stood(script: Script, answers: list[str], here: Situation) -> None:
    progress = answered(script, answers, here, version=2)
    assert read_progress(progress.to_json()) == progress
    assert runner.standing(script, progress, here) == progress


@given(st.one_of(st.text(), st.sampled_from(
    ['{"script": "x", "page": 1, "taken": [1]}', "[]", "null", '{"script":"x","version":"v","page":"p","taken":[],"moves":0}',
     "[" * 5000]
)))  # fmt: skip
def test_what_is_no_progress_is_none(text: str) -> None:
    assert read_progress(text) is None or json.loads(text)


def test_a_progress_on_pages_that_the_script_has_not_begins_anew() -> None:
    here = samples("billing", NOW)[0].situation()
    billing = found("billing")
    strange = Progress("billing", 4, "greeting", (Taken("gone", "x"),))
    assert runner.standing(billing, strange, here) == runner.start(billing, 4, here)
    assert runner.start(billing, 4, here).version == 4


def test_a_page_is_passed_over_and_never_gone_back_to() -> None:
    data = script(
        page("first", next="second"), page("second", passed_over={"when": {"segment": "vip"}, "next": "third"}, next="third"),
        page("third", next="bye"), end(),
    )  # fmt: skip
    made = read(data).script
    vip, other = Situation(TODAY, {"segment": "vip"}), Situation(TODAY, {"segment": "new"})
    at_third = on(made, runner.start(made, 0, vip), "next", vip)
    assert at_third.page == "third"
    assert on(made, at_third, BACK, vip).page == "first"
    assert on(made, runner.start(made, 0, other), "next", other).page == "second"


def test_the_first_branch_that_is_open_is_taken() -> None:
    branches = [
        {"when": {"answer.days": {"at_most": 7}}, "page": "soon"},
        {"when": {"segment": ["vip", "loyal"], "answer.days": {"at_most": 14}}, "page": "soon"},
        {"page": "late"},
    ]
    made = read(script(page("days", ask={"type": "number"}, next=branches), end("soon"), end("late"))).script
    for segment, days, page_name in (("new", "7", "soon"), ("new", "8", "late"), ("vip", "14", "soon"), ("vip", "15", "late")):
        here = Situation(TODAY, {"segment": segment})
        assert on(made, runner.start(made, 0, here), days, here).page == page_name


def test_what_does_not_fit_is_told_and_changes_nothing() -> None:
    made = read(script(page("when", ask={"type": "date", "at_least": 0, "at_most": 7}, next="bye"), end())).script
    here = Situation(TODAY)
    began = runner.start(made, 0, here)
    for text, why in (
        ("", Unfit.MISSING), ("soon", Unfit.NO_DATE), ("2026-03-01", Unfit.OUT_OF_BOUNDS), ("2026-03-10", Unfit.OUT_OF_BOUNDS),
    ):  # fmt: skip
        assert runner.misfit(made, began, Said("general", "when", text), TODAY) is why
        assert on(made, began, text, here) == began
    assert runner.misfit(made, began, Said("general", "when", "2026-03-09"), TODAY) is None
    assert on(made, began, "2026-03-09", here).taken == (Taken("when", "2026-03-09", "1001"),)


def test_the_next_agent_sees_what_was_answered_and_by_whom() -> None:
    overdue, here = found("overdue"), samples("billing", NOW)[0].situation()
    progress = runner.start(overdue, 0, here)
    for agent, answer in (("1001", "yes"), ("1001", "can_not_pay_all"), ("1002", "500.000"), ("1002", "5")):
        progress = on(overdue, progress, answer, here, agent)
    shown = show(overdue, progress, "en", {"invoice": "bill INV-1"}, TODAY)
    assert [(one.words, one.agent) for one in shown.given] == [
        ("Yes", "1001"), ("Can't pay all of it yet", "1001"), ("Rp 500,000", "1002"), ("5", "1002"),
    ]  # fmt: skip
    assert shown.name == "plan", "a loyal customer may take six months"
    assert shown.say.startswith("Good: Rp 500,000 this week and the rest in 5 months.")
    assert shown.actions[0].words == "Payment plan for bill INV-1: 5 months"


@given(good_scripts(), situations, st.data())
def test_html_in_any_field_and_any_answer_stays_plain_text(data: dict[str, object], here: Situation, draws: st.DataObject) -> None:
    """It is put in once, as it is: what is text for the template engine to escape is never filled or read again."""
    data["pages"][0]["say"] = {"id": "{customer_name}", "en": "{customer_name}"}  # type: ignore[index]
    made = read(data).script
    assert show(made, runner.start(made, 0, here), "en", {"customer_name": HOSTILE}, here.today).say == HOSTILE
    asked = read(script(page("q", ask={"type": "text"}, next="bye"), end(say={"id": "{answer.q}", "en": "<{answer.q}>"}))).script
    after = on(asked, runner.start(asked, 0, here), HOSTILE, here)
    assert show(asked, after, "en", {}, here.today).say == f"<{HOSTILE}>"


@given(good_scripts(), situations, st.lists(said_texts, max_size=8))
def test_what_a_page_has_done_is_shown_as_it_is_written_and_goes_where_it_says(
    data: dict[str, object], here: Situation, answers: list[str]
) -> None:
    made = read(data).script
    progress = runner.start(made, 0, here)
    for answer in ("", *answers):
        progress = on(made, progress, answer, here)
        opened = runner.open_page(made, progress)
        shown = show(made, progress, "id", {"customer_name": HOSTILE}, here.today).actions
        assert [one.does for one in shown] == [one.does for one in opened.actions]
        for one, written in zip(shown, opened.actions, strict=True):
            assert one.about == (getattr(written, "to", "") or getattr(written, "about", ""))
            if getattr(written, "words", None) is not None and written.does != "open_ticket":
                assert HOSTILE in one.words, "put in once, as it is"


def test_choices_are_numbered_for_the_keyboard_from_one() -> None:
    for each in SCRIPTS:
        for one in each.pages:
            shown = show(each, Progress(each.name, 0, one.name), "id", {}, TODAY)
            assert [choice.key for choice in shown.choices] == list(range(1, len(shown.choices) + 1))
            assert set(shown.dispositions) <= CODES or each.queues
