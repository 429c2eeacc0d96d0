"""What people wrote into a file: read as text, or told by the line where it can't be."""

from pathlib import Path

import pytest

from core.errors import BadInput
from core.problem import Faults
from core.written_file import read_written

LONGEST = 40


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (b"a\nb\n", "a\nb\n"),
        (b"a\r\nb\r", "a\nb\n"),  # as Windows and old Macs end a line
        (b"\xef\xbb\xbfa", "a"),  # as Windows begins a file
        ("é".encode() * LONGEST, "é" * LONGEST),
    ],
)
def test_text_is_read_however_its_lines_end(tmp_path: Path, written: bytes, text: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(written)
    assert read_written(file, LONGEST) == text


@pytest.mark.parametrize(
    ("written", "line", "what", "step"),
    [
        (b"a\nb\nc\xe9\n", 3, "This is no text in UTF-8.", "Save the file as UTF-8."),
        ("flow".encode("utf-16"), 1, "This is no text in UTF-8.", "Save the file as UTF-8."),
        (b"a\n" * 5 + b"x" * LONGEST, 6, "longer than 40 letters", "Shorten it."),
        (b"a\n" * 5 + b"x" * 2_000_000, 6, "longer than 40 letters", "Shorten it."),
        (b"\xe9" * 2_000_000, 1, "longer than 40 letters", "Shorten it."),
    ],
)
def test_what_is_no_text_is_told_with_its_line(tmp_path: Path, written: bytes, line: int, what: str, step: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(written)
    with pytest.raises(Faults) as told:
        read_written(file, LONGEST)
    (problem,) = told.value.problems
    assert (problem.place, problem.next_step) == (f"mine.yaml, line {line}", step)
    assert what in problem.message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none.yaml can't be read: No such file or directory\. Check the file's name\."):
        read_written(tmp_path / "none.yaml", LONGEST)
