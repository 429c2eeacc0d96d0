"""Going through a script: any answers in any order are safe, and every shipped script ends."""

from hypothesis import given
from hypothesis import strategies as st

from scripts import dispositions, runner
from scripts.library import load_library
from scripts.model import Answer, Script, ScriptPage, Wording

LIBRARY = load_library()
SCRIPTS = sorted(LIBRARY.scripts.values(), key=lambda script: script.name)
ANSWER_NAMES = sorted({answer.name for script in SCRIPTS for page in script.pages for answer in page.answers})

any_script = st.sampled_from(SCRIPTS)
any_answer = st.one_of(st.sampled_from(ANSWER_NAMES), st.just(runner.BACK), st.text(max_size=10))


def words(text: str) -> Wording:
    return Wording(id=text, en=text)


def circular_script() -> Script:
    answers = tuple(Answer(name=f"to_{name}", label=words(name), next=name) for name in ("a", "b", "missing"))
    return Script(
        name="odd",
        queue="odd",
        title=words("odd"),
        pages=tuple(ScriptPage(name=name, title=words(name), say=words("{nothing} } {"), answers=answers) for name in ("a", "b")),
    )


@given(any_script, st.lists(any_answer, max_size=30), st.sampled_from(["id", "en", "", "xx"]))
def test_any_answers_in_any_order_leave_a_page_that_can_be_shown(script: Script, answers: list[str], language: str) -> None:
    progress = runner.start(script)
    for answer in answers:
        progress = runner.step(script, progress, answer)
        page = runner.page(script, progress, language, {})
        assert page.say
        assert 1 <= page.number <= page.of <= len(script.pages)
        assert page.is_end == bool(page.dispositions)


@given(any_script, st.data())
def test_every_shipped_script_ends_whatever_is_chosen(script: Script, data: st.DataObject) -> None:
    progress = runner.start(script)
    for _step in script.pages:
        page = runner.page(script, progress, "id", {})
        if page.is_end:
            break
        progress = runner.step(script, progress, data.draw(st.sampled_from(page.choices)).name)
    ended = runner.page(script, progress, "id", {})
    assert ended.is_end
    offered = {code.code for code in dispositions.for_queue(script.queue)}
    assert set(ended.dispositions) <= offered


@given(st.lists(st.sampled_from(["to_a", "to_b", "to_missing", runner.BACK]), max_size=30))
def test_even_a_script_that_no_check_has_seen_is_safe_to_walk(answers: list[str]) -> None:
    script = circular_script()
    progress = runner.start(script)
    for answer in answers:
        progress = runner.step(script, progress, answer)
        assert runner.page(script, progress, "en", {}).name in {"a", "b"}


@given(any_script, st.lists(any_answer, max_size=12))
def test_going_back_all_the_way_returns_to_the_start(script: Script, answers: list[str]) -> None:
    progress = runner.start(script)
    for answer in answers:
        progress = runner.step(script, progress, answer)
    for _page in script.pages:
        progress = runner.step(script, progress, runner.BACK)
    assert progress == runner.start(script)


@given(any_script, st.lists(any_answer, max_size=12))
def test_a_reloaded_page_goes_on_where_it_stood(script: Script, answers: list[str]) -> None:
    progress = runner.start(script)
    for answer in answers:
        progress = runner.step(script, progress, answer)
    assert runner.resume(script, progress.to_json()) == progress


@given(any_script, st.one_of(st.text(), st.just('{"script": "x", "page": 1, "taken": [1]}'), st.just("[]"), st.just("null")))
def test_a_progress_that_cannot_be_read_begins_anew(script: Script, text: str) -> None:
    assert runner.resume(script, text) == runner.start(script)


def test_the_progress_of_another_script_begins_anew() -> None:
    sales, billing = LIBRARY.for_queue("sales"), LIBRARY.for_queue("billing")
    moved = runner.step(sales, runner.start(sales), "wants_advice")
    assert runner.page(billing, moved, "id", {}).name == billing.first.name


def test_choices_are_numbered_for_the_keyboard_from_one() -> None:
    script = LIBRARY.for_queue("billing")
    page = runner.page(script, runner.start(script), "id", {})
    assert [choice.key for choice in page.choices] == list(range(1, len(page.choices) + 1))
