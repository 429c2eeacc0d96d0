"""Problems in the reader's language: what a check says in English is known here with its fields."""

import re
from functools import cache

from flask_babel import gettext

from core.problem import Problem


class PhraseBook:
    """What a check can say and advise, with %(fields)s; the first that fits is taken. `reasons` are what the fields `why` and
    `who` can be."""

    def __init__(self, said: tuple[str, ...], steps: tuple[str, ...], reasons: tuple[str, ...]) -> None:
        self._said, self._steps, self._reasons = said, steps, reasons

    def what_is_wrong(self, problem: Problem) -> str:
        """What is wrong, translated."""
        return self._translated(problem.message, self._said)

    def what_to_do(self, problem: Problem) -> str:
        """The next step, translated."""
        return self._translated(problem.next_step, self._steps)

    def is_known(self, problem: Problem) -> bool:
        """Whether there are words for all of it; a test asks this of everything that the check can say."""
        return any(_pattern(one).fullmatch(problem.message) for one in self._said) and any(
            _pattern(one).fullmatch(problem.next_step) for one in self._steps
        )

    def is_known_reason(self, why: str) -> bool:
        """Whether there are words for a reason; a test asks this of all that the YAML library can say."""
        return any(_pattern(one).fullmatch(why) for one in self._reasons)

    def _translated(self, english: str, known: tuple[str, ...]) -> str:
        for text in known:
            found = _pattern(text).fullmatch(english)
            if found:
                fields = {
                    name: self._translated(value, self._reasons) if name in ("why", "who") else value
                    for name, value in found.groupdict().items()
                }
                return str(gettext(text, **fields))
        return english


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """What the check says of this kind, its fields as groups."""
    parts = re.split(r"%\((\w+)\)s", text)
    written = "".join(re.escape(part) if number % 2 == 0 else f"(?P<{part}>.+?)" for number, part in enumerate(parts))
    return re.compile(written, re.DOTALL)
