"""How often a secret may be tried: after some wrong tries a pause, each pause twice as long as the one before.

Pure rules; who counts and where is crm.pins.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=24)
FORGET_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries so far, the last one's moment, and until when none is let through."""

    wrong: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether nobody may try now."""
        return self.locked_until is not None and now < self.locked_until

    def left(self, limit: int) -> int:
        """How many wrong tries there are until the next pause, 0 in one."""
        return 0 if self.wrong and self.wrong % limit == 0 and self.locked_until else limit - self.wrong % limit


def after_wrong(tries: Tries, limit: int, now: datetime) -> Tries:
    """One more wrong try: each `limit` of them begin a pause. After a day without any, they are forgotten."""
    if tries.last_at is not None and now - max(tries.last_at, tries.locked_until or tries.last_at) >= FORGET_AFTER:
        tries = Tries()
    wrong = tries.wrong + 1
    pause = min(FIRST_PAUSE * 2 ** min(wrong // limit - 1, 10), LONGEST_PAUSE) if wrong % limit == 0 else None
    return Tries(wrong, now, now + pause if pause else None)


def after_right(tries: Tries) -> Tries:
    """The try that was counted as wrong beforehand was right: as if it had not been made."""
    return replace(tries, wrong=max(0, tries.wrong - 1), locked_until=None)
