"""What a policy says of a site's calls, and why one of its sites did not get a caller."""

from dataclasses import dataclass
from enum import StrEnum


class Passed(StrEnum):
    """Why a nearer site did not get a caller."""

    CLOSED = "closed"
    FULL = "full"  # as many calls as it can take
    NOBODY = "nobody"  # of those who are there nobody is able
    BUSY = "busy"  # who is able is not ready


@dataclass(frozen=True, slots=True)
class SiteLimits:
    """What holds of a site at any time. `capacity`: calls at once; `load`: with a larger share of its agents not ready (0 to 1)
    its callers may go to the next site at once; `takes_when_closed`: its agents get calls while they are there."""

    name: str
    capacity: int | None = None
    load: float | None = None
    takes_when_closed: bool = False
