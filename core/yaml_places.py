"""YAML that people write by hand: plain data, and the line on which each part of it stands, for errors that name the place."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from core.errors import BadInput

YamlPath = tuple[str | int, ...]
_NEXT_STEP = "Correct the file and try again."


class _PlainLoader(yaml.SafeLoader):
    """YAML 1.2's plain words: `true` and `false` are the only truths, a number starts with no sign and no zero.

    PyYAML's own rules (YAML 1.1) read `no` as false, `12:30` as 750 and the telephone number 0215000123 as an octal number.
    """

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own class attribute)

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        events: Any = self
        if events.check_event(yaml.AliasEvent):
            mark = events.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="a reference (*name) is not allowed; write the words out", problem_mark=mark)
        return super().compose_node(parent, index)


for _tag, _words, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", list("-0123456789")),
):
    _PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_words})\Z"), _first)


def load_with_lines(text: str) -> tuple[Any, Mapping[YamlPath, int]]:
    """The data of one YAML document, and the line (from 1) of every part of it.

    A path is the keys and list places that lead there: `("menus", "main", "options", 0)`; `()` is the whole. A mapping's part
    stands on the line of its key. Times, dates, `yes`, `no`, `+62…` and numbers with leading zeros stay text.
    Raises BadInput that begins with "line N:" for text that is no YAML, a key given twice, a key that is neither text nor
    a whole number, a reference (`*name`), or more than one document.
    """
    try:
        return _read(text)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 1
        raise BadInput(f"line {line}: {problem.problem or problem.context}.", _NEXT_STEP) from None
    except yaml.reader.ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        raise BadInput(f"line {line}: a sign that no text may hold ({problem.reason}).", _NEXT_STEP) from None
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"line 1: not readable ({type(problem).__name__}).", _NEXT_STEP) from None


def line_of(lines: Mapping[YamlPath, int], path: Iterable[str | int]) -> int:
    """The line of `path`, or of the nearest part around it that the text has; parts of the path unknown to it are passed over."""
    found: YamlPath = ()
    for part in path:
        if (*found, part) in lines:
            found = (*found, part)
    return lines.get(found, 1)


def misfits(file: Path, problem: ValidationError, lines: Mapping[YamlPath, int]) -> str:
    """What pydantic refused, each with its place: "hours.yaml, line 12: schedules.office.week: …; hours.yaml, line 14: …"."""
    return "; ".join(
        f"{file}, line {line_of(lines, error['loc'])}: {'.'.join(map(str, error['loc']))}: {error['msg']}"
        for error in problem.errors(include_url=False)
    )


def _read(text: str) -> tuple[Any, Mapping[YamlPath, int]]:
    loader: Any = _PlainLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, {(): 1}
        lines: dict[YamlPath, int] = {}
        _note_lines(loader, node, (), node.start_mark.line + 1, lines)
        return loader.construct_document(node), lines
    finally:
        loader.dispose()


def _note_lines(loader: Any, node: yaml.Node, path: YamlPath, line: int, lines: dict[YamlPath, int]) -> None:
    lines[path] = line
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str | int) or isinstance(key, bool):
                raise yaml.MarkedYAMLError(problem="a key must be a word or a whole number", problem_mark=key_node.start_mark)
            if (*path, key) in lines:
                raise yaml.MarkedYAMLError(
                    problem=f"{key!r} stands here twice, first in line {lines[(*path, key)]}", problem_mark=key_node.start_mark
                )
            _note_lines(loader, value_node, (*path, key), key_node.start_mark.line + 1, lines)
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            _note_lines(loader, item, (*path, place), item.start_mark.line + 1, lines)
