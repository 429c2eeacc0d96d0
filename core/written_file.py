"""Reads a text that people wrote into a file by hand; what keeps it from being text is told with its line."""

from pathlib import Path

from core.errors import BadInput
from core.problem import Faults, Problem

_MOST_BYTES = 4  # of one letter, in UTF-8


def read_written(file: Path, longest: int) -> str:
    """What stands in a file of at most `longest` letters. Raises BadInput; Faults where a line is to blame."""
    try:
        with file.open("rb") as opened:
            written = opened.read(longest * _MOST_BYTES + 1)  # more is never read: somebody may have named the wrong file
    except OSError as problem:
        raise BadInput(f"{file} can't be read: {problem.strerror}.", "Check the file's name.") from None
    if len(written) > longest * _MOST_BYTES:
        raise _too_long(file, written.count(b"\n", 0, longest), longest)
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _fault(file, written.count(b"\n", 0, problem.start), "This is no text in UTF-8.", "Save the file as UTF-8.") from None
    if len(text) > longest:
        raise _too_long(file, text.count("\n", 0, longest), longest)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _too_long(file: Path, lines: int, longest: int) -> Faults:
    return _fault(file, lines, f"Here the file becomes longer than {longest:,} letters.", "Shorten it.")


def _fault(file: Path, lines: int, what: str, step: str) -> Faults:
    return Faults([Problem(f"{file.name}, line {lines + 1}", what, step)], "Correct the file and try again.")
