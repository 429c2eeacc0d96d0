"""What a change of a text means, in words: shown alike wherever somebody edits one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A part with what it was and what it will be; "" where there was, or will be, nothing."""

    part: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """All changes of one part, or of the whole. `kind` is new, gone or changed; `what` the part is: queue, site or page."""

    title: str
    kind: str
    lines: tuple[ChangeLine, ...]
    what: str = "queue"
