"""Everything that the check of a policy can say has words on the page on which it is edited."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import routing
from agent_desktop.policy_problem_words import is_known
from core import yaml_words
from core.problem import Problem
from routing import policy_file
from routing.policy_file import read_or_tell, shipped_policy
from tests.unit.agent_desktop.test_flow_problem_words import said

FOLDER = Path(routing.__file__).parent
TEXT = shipped_policy().text


def problems_made() -> Iterator[tuple[str, str]]:
    """What stands in the code as the words of a Problem, and where words are kept in a variable or a table."""
    for name in ("policy_check.py", "policy_file.py", "site_check.py"):
        tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
        kept: dict[str, list[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target, value in kept_in(node):
                    kept.setdefault(target, []).extend(said(value))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                what, step = (said(each) or kept.get(getattr(each, "id", ""), []) for each in node.args[1:3])
                yield from ((one, other) for one in what for other in step or ["Add it."])
    for table in (policy_file._WORDS, policy_file._TYPES, yaml_words.USUAL):
        for what, step in table.values():
            yield what.replace("%(part)s", "queues.0"), step.replace("%(limit)s", "2")


def kept_in(node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    """Each name of `name = value` and of `name, other = value, other_value`."""
    for target in node.targets:
        if isinstance(target, ast.Name):
            yield target.id, node.value
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = zip(target.elts, node.value.elts, strict=True)
            yield from ((one.id, value) for one, value in pairs if isinstance(one, ast.Name))


def test_the_check_says_many_things() -> None:
    assert len(list(problems_made())) > 45
    assert ("No agent is at the site x.", "See ./halo routing site AGENT x.") in set(problems_made())


@pytest.mark.parametrize(("message", "step"), sorted(set(problems_made())))
def test_each_of_them_has_words(message: str, step: str) -> None:
    assert is_known(Problem("policy, line 1", message, step))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("answer_within_s: 20", "answer_within_s: soon"),
        ("answer_within_s: 20", "answer_within_s: 0"),
        ("answer_within_s: 20", "answer_within_s: [2]"),
        ("answer_within_s: 20", "colour: red"),
        ("service_target: 0.8", "service_target: 80"),
        ("label: {id: Penjualan, en: Sales}", "label: {id: '', en: Sales}"),
        ("label: {id: Penjualan, en: Sales}", f"label: {{id: {'x' * 61}, en: Sales}}"),
        ("label: {id: Penjualan, en: Sales}", "label: Sales"),
        ("name: sales", "name: Sales Team"),
        ("name: sales", "name: billing"),
        ("needs: [{skill: sales, at_least: 2}]", "needs: [{skill: sales, at_least: 9}]"),
        ("needs: [{skill: sales, at_least: 2}]", "needs: [{skill: sales, at_least: x}]"),
        ("needs: [{skill: sales, at_least: 2}]", "needs: [{any_of: [{skill: x}]}]"),
        ("needs: [{skill: sales, at_least: 2}]", "needs: [{any_of: [{skill: x}, {skill: y}], count: 1}]"),
        ("needs: [{skill: sales, at_least: 2}]", "balance: best"),
        ("needs: [{skill: sales, at_least: 2}]", "keep_scarce_free: 2"),
        ("needs: [{skill: sales, at_least: 2}]", "rings: [{after_s: 9, also: nothing}]"),
        ("needs: [{skill: sales, at_least: 2}]", "rings: [{after_s: 9}]"),
        ("needs: [{skill: sales, at_least: 2}]", "partition: The East"),
        ("fallback: general", "fallback: nothing"),
        ("fallback: general", ""),
        ("fallback: general", "fallback: *all"),
        ("fallback: general", "fallback: a: b"),
        ("languages:", "languages: {fr: {}}\norder: {}\nlater:"),
        ("second_call_today: 120", "second_call_today: -1"),
        ("short_abandon_s: 5", "callback: {first: nobody}"),
        ("short_abandon_s: 5", "sites: {any_after_s: 60}"),
        ("short_abandon_s: 5", "sites: {near_km: 0, any_after_s: 0}"),
        ("short_abandon_s: 5", "sites: {near_km: 90000, any_after_s: 60}"),
        ("short_abandon_s: 5", "sites: {near_km: 0, widen: [{after_s: 70, km: 9}], any_after_s: 60}"),
        ("short_abandon_s: 5", "short_abandon_s: 5\n    sites: {share: {jogja: 1}, any_after_s: 60}"),
        ("short_abandon_s: 5", "sites: {share: {jakarta: 0.5}, any_after_s: 60}"),
        ("where: Jakarta", "where: Atlantis"),
        ("where: Jakarta", "where: {latitude: 91, longitude: 0}"),
        ("time_zone: Asia/Jakarta", "time_zone: Asia/Nowhere"),
        ("hours: always", "hours: sometimes"),
        ("hours: always", "hours: {mon-fry: 08:00-17:00}"),
        ("hours: always", "hours: {mon: 8-17}"),
        ("hours: always", "hours: {mon: closed, mon-fri: 08:00-17:00}"),
        ("hours: always", "hours: always\n    languages: [fr]"),
        ("hours: always", "hours: always\n    capacity: 0"),
        ("hours: always", "hours: always\n    capacity: many"),
        ("hours: always", "hours: always\n    load: 1"),
        ("hours: always", "hours: always\n    cost: -1"),
        ("hours: always", "hours: always\n    when_closed: ring"),
        ("name: surabaya", "name: jakarta"),
    ],
)
def test_what_has_the_wrong_form_is_told_in_known_words_at_its_line(before: str, after: str) -> None:
    assert before in TEXT
    found = read_or_tell(TEXT.replace(before, after, 1), "policy")
    assert isinstance(found, list)
    assert found
    assert [problem for problem in found if not is_known(problem)] == []
