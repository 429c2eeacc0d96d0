"""Everything that the check of a script can say has words on the page on which it is edited."""

import pytest

from agent_desktop.script_problem_words import is_known
from core.problem import Problem
from scripts.facts import Kind
from scripts.library import library_problems
from scripts.script_file import LONGEST_SCRIPT, script_problems
from tests.unit.scripts.small_scripts import end, page, read, script, text_of, told
from tests.unit.scripts.test_faults import AROUND, BAD


@pytest.mark.parametrize("data", [data for data, _what, _step in BAD])
def test_each_fault_of_a_script_has_words(data: object) -> None:
    for problem in script_problems(text_of(data), "mine", AROUND):
        assert is_known(problem), problem


def test_each_fault_of_several_scripts_has_words() -> None:
    scripts = [script(end()), script(end()), script(end(), name="other"), script(end(), name="one", queues=["billing"]),
               script(end(), name="two", queues=["billing"])]  # fmt: skip
    found = [*library_problems([read(one) for one in scripts]), *library_problems([read(scripts[3])])]
    assert len({problem.message for problem in found}) >= 4
    assert all(is_known(problem) for problem in found)


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "x: *a", "x" * (LONGEST_SCRIPT + 1), "- 1", "a: 1\na: 1", "!x y", "x: \x01"])
def test_each_reason_why_a_text_is_no_script_has_words(text: str) -> None:
    assert all(is_known(problem) for problem in script_problems(text, "mine"))


def test_each_kind_of_fact_has_words() -> None:
    wrong = {"order_late": 5, "orders": "x", "value": "x", "segment": True, "bought": 5}
    for fact, wanted in wrong.items():
        assert all(is_known(one) for one in script_problems(text_of(script(end(), opens_when={fact: wanted})), "mine"))
    asked = script(page("q", ask={"type": "date"}, next=[{"when": {"answer.q": "x"}, "page": "bye"}, {"page": "bye"}]), end())
    assert all(is_known(one) for one in script_problems(text_of(asked), "mine"))
    assert {kind for kind in Kind if kind is not Kind.TEXT}


def test_a_trial_that_cant_be_compared_has_words() -> None:
    for part in ("queues", "opens_when", "priority"):
        message = f"A version that is tried must open as the one in force does; its `{part}` differs."
        assert is_known(Problem("mine, line 1", message, "Write it as in the version in force."))
    assert told(script(end())) == []
