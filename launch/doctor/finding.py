"""What a check found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject` was looked at and is `well` or not; `what` was found; `next_step` is for the reader, "" when all is well."""

    subject: str
    well: bool
    what: str
    next_step: str = ""
