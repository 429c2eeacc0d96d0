"""Passes on what another process says, line by line, without whole phone numbers.

Asterisk quotes callers' headers in its warnings, and cannot be told not to.
"""

import re
import sys
from typing import TextIO

from core.masking import mask_text

_LONGEST_LINE = 16_384
_TIME = re.compile(r"\[\d{4}-\d\d-\d\d [\d:.]+\]")


def masked_line(line: str) -> str:
    """The line with its long numbers masked; the time at its beginning, which looks like one, stays."""
    time = _TIME.match(line)
    kept = time.end() if time else 0
    return line[:kept] + mask_text(line[kept:])


def pass_on(source: TextIO, target: TextIO) -> None:
    """Until the source ends. A line of more than 16,384 characters goes on in pieces."""
    while line := source.readline(_LONGEST_LINE):
        target.write(masked_line(line))
        target.flush()


if __name__ == "__main__":
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # both are text files here
    pass_on(sys.stdin, sys.stdout)
