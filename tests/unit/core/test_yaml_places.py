"""YAML by hand: what words mean, which line a part stands on, and errors that name the line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import BadInput
from core.yaml_places import line_of, load_with_lines, misfits

MENUS = """\
# a remark
menus:
  main:
    say: Hello
    options:
      - key: 1
        goes: bill

      - {key: 2, goes: person}
hours: office
"""


def test_every_part_has_the_line_it_stands_on() -> None:
    data, lines = load_with_lines(MENUS)

    assert data["menus"]["main"]["options"][1] == {"key": 2, "goes": "person"}
    assert lines[()] == 2
    assert lines[("menus",)] == 2
    assert lines[("menus", "main", "say")] == 4
    assert lines[("menus", "main", "options", 0)] == 6
    assert lines[("menus", "main", "options", 0, "goes")] == 7
    assert lines[("menus", "main", "options", 1, "goes")] == 9
    assert lines[("hours",)] == 10


def test_a_place_that_is_not_there_is_the_nearest_one_around_it() -> None:
    _, lines = load_with_lines(MENUS)

    assert line_of(lines, ("menus", "main", "options", 1, "missing")) == 9
    assert line_of(lines, ("menus", "main", "function-after[x]", "options", 0)) == 6
    assert line_of(lines, ("nothing",)) == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2026-12-25", "2026-12-25"),
        ("02150001234", "02150001234"),
        ("+62215000", "+62215000"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("0", 0),
        ("-7", -7),
        ("1.5", 1.5),
        ("true", True),
        ("~", None),
        ("", None),
        ("'1'", "1"),
    ],
)
def test_plain_words_mean_what_people_mean(written: str, meant: object) -> None:
    data, _ = load_with_lines(f"it: {written}\n")

    assert data == {"it": meant}
    assert type(data["it"]) is type(meant)


@pytest.mark.parametrize(
    ("text", "line", "about"),
    [
        ("a: 1\nb: [1, 2\n", 3, "expected"),
        ("a: 1\n\na: 2\n", 3, "'a' stands here twice, first in line 1"),
        ("m:\n  x: 1\n  y: 2\n  x: 3\n", 4, "twice, first in line 2"),
        ("a: &it [1]\nb: *it\n", 2, "reference"),
        ("a: 1\n? [1, 2]\n: 3\n", 2, "key must be"),
        ("a: 1\ntrue: 3\n", 2, "key must be"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: 1\nb: \x07\n", 2, "no text may hold"),
        ("a: 1\nb: !!python/object:os.system {}\n", 2, "could not determine a constructor"),
        ("a: 1\n\tb: 2\n", 2, "cannot start any token"),
    ],
)
def test_an_error_begins_with_its_line(text: str, line: int, about: str) -> None:
    with pytest.raises(BadInput) as caught:
        load_with_lines(text)

    assert caught.value.message.startswith(f"line {line}: ")
    assert about in caught.value.message


def test_a_text_nested_without_end_is_refused() -> None:
    with pytest.raises(BadInput, match="not readable"):
        load_with_lines("[" * 5000)


def test_nothing_is_nothing() -> None:
    assert load_with_lines("# only a remark\n") == (None, {(): 1})


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    refusal = "line 1: "
    try:
        load_with_lines(text)
    except BadInput as refused:
        refusal = refused.message

    line = int(refusal.removeprefix("line ").partition(":")[0])
    assert 1 <= line <= len(text.splitlines()) + 1


class _Option(BaseModel):
    model_config = ConfigDict(extra="forbid")
    key: int
    goes: str


class _File(BaseModel):
    options: list[_Option]


def test_what_pydantic_refuses_is_named_with_file_and_line() -> None:
    data, lines = load_with_lines("options:\n  - key: 1\n    goes: bill\n  - key: one\n    to: bill\n")
    with pytest.raises(ValidationError) as caught:
        _File.model_validate(data)

    said = misfits(Path("ivr.yaml"), caught.value, lines)

    assert "ivr.yaml, line 4: options.1.key: " in said
    assert "ivr.yaml, line 4: options.1.goes: Field required" in said
    assert "ivr.yaml, line 5: options.1.to: " in said
