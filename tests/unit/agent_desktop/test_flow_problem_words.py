"""Everything that the check of a flow can say has words on the page on which flows are edited."""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

import ivr
from agent_desktop.flow_problem_words import is_known
from core.problem import Problem
from ivr.flow_file import read_or_tell, shipped_flow

FOLDER = Path(ivr.__file__).parent
CHECKS = ("flow_check.py", "flow_entries_check.py", "flow_speech_check.py", "flow_form.py")
KINDS = ("menu", "queue", "service")  # what a part of a sentence can be that is not a field of it
TEXT = shipped_flow().text


def said(node: ast.expr) -> list[str]:
    """The sentences that this expression can be, with x for each of its fields; [] where they come from elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*said(node.body), *said(node.orelse)]
    if not isinstance(node, ast.JoinedStr):
        return []
    parts = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append([str(part.value)])
        else:
            assert isinstance(part, ast.FormattedValue)
            parts.append(list(KINDS) if "_CALLED" in ast.unparse(part) else ["x"])
    return ["".join(words) for words in itertools.product(*parts)]


def problems_made() -> Iterator[tuple[str, str]]:
    for name in CHECKS:
        for node in ast.walk(ast.parse((FOLDER / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                messages = [message for message in said(node.args[1]) if message.strip("x.: ")]
                yield from itertools.product(messages, said(node.args[2]))


def test_the_check_says_many_things() -> None:
    assert len(list(problems_made())) > 30


@pytest.mark.parametrize(("message", "step"), sorted(set(problems_made())))
def test_each_of_them_has_words(message: str, step: str) -> None:
    assert is_known(Problem("hotline, line 1", message, step))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("key: 1\n", "key: 0\n"),
        ("key: 1\n", "key: [1]\n"),
        ("name: order_status", "name: Order Status"),
        ("name: order_status\n", "\n"),
        ("phrases: {id: [pilih bagian]", "phrases: {fr: [pilih bagian]"),
        ("phrases: {id: [pilih bagian]", "phrases: {id: [pilih 24]"),
        ("menu: people_menu\n", "menu: people_menu\n        queue: sales\n"),
        ("key: 3\n        phrases: {id: [pilih bagian], en: [choose a team]}", ""),
        ("wait_s: 4.0", "wait_s: 400"),
        ("wait_s: 4.0", "wait_s: 0"),
        ("wait_s: 4.0", "wait_s: soon"),
        ("wait_s: 4.0", "colour: red"),
        ("title: {id: Hotline, en: Hotline}", "title: {id: '', en: Hotline}"),
        ("title: {id: Hotline, en: Hotline}", f"title: {{id: {'x' * 601}, en: Hotline}}"),
        ("entries:\n  - {menu: main_menu}", "entries: []"),
        ("entries:\n  - {menu: main_menu}", "entries: [{menu: main_menu}"),
        ("entries:\n  - {menu: main_menu}", "entries: *all"),
        ("hours: hotline", "hours: hotline\nhours: hotline"),
        ("hours: hotline", "hours: a: b"),
        ("hours: hotline", "hours: %b"),
    ],
)  # fmt: skip
def test_what_has_the_wrong_form_is_told_in_known_words_at_its_line(before: str, after: str) -> None:
    assert before in TEXT
    text = TEXT.replace(before, after, 1)
    found = read_or_tell(text, "hotline")
    assert isinstance(found, list)
    assert found
    assert all(is_known(problem) for problem in found)
    first_line = TEXT[: TEXT.index(before)].count("\n") + 1
    assert any(first_line - 6 <= problem.line <= first_line + 3 for problem in found), found
