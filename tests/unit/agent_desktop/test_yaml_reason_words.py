"""Whatever the YAML library says of a text has words on the page: the sentences are read from its own source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from agent_desktop.flow_problem_words import is_known_reason
from ivr.flow_file import read_or_tell

FOLDER = Path(yaml.__file__).parent
ERRORS = {"ScannerError", "ParserError", "ComposerError", "ConstructorError"}
UNSAFE = ("FullConstructor", "UnsafeConstructor", "Constructor")  # what makes Python's own objects: never used here


def template(node: ast.expr) -> str:
    """The sentence that this expression makes; "" for one that comes from elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return template(node.left)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return template(node.left) + template(node.right)
    return ""


def reasons() -> Iterator[str]:
    for name in ("scanner.py", "parser.py", "composer.py", "constructor.py"):
        tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
        for part in (node for node in tree.body if not (isinstance(node, ast.ClassDef) and node.name in UNSAFE)):
            for node in ast.walk(part):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                    yield re.sub(r"%[rsd]", "x", template(node.args[2]))


NEVER_HERE = "blacklisted key"  # of Python's own objects too
SAID = sorted({reason for reason in reasons() if reason and not reason.startswith(NEVER_HERE)})


def test_the_library_says_many_things() -> None:
    assert len(SAID) > 35


@pytest.mark.parametrize("reason", SAID)
def test_each_of_them_has_words(reason: str) -> None:
    assert is_known_reason(reason)


@pytest.mark.parametrize(
    "text",
    [
        "a: b: c", "a: [1", "a: 'b", "a:\n\t- b", "- a\nb: c", "a: !!python/name:os.system x", "%YAML 3.0\n---\na: b",
        "a: b\n---\nc: d", "? [a]\n: b", "a: |x\n b", 'a: "\\z"', 'a: "\\xZZ"', "a: @b", "a: &x 1\nb: &x 2", "!t!a b",
        "a: !<b c", "- - a\n -b: c", "a: [b: c: d]", "a\nb: c", "true: a", "a: !!int soon", "[" * 2000,
    ],
)  # fmt: skip
def test_texts_that_are_no_yaml_are_told_in_known_words(text: str) -> None:
    found = read_or_tell(text, "hotline")
    assert isinstance(found, list)
    told = [re.fullmatch(r"This can't be read as YAML: (.*)\.", problem.message, re.DOTALL) for problem in found]
    assert [match[1] for match in told if match and not is_known_reason(match[1])] == []
