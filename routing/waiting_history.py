"""How many waited when, for the last hour: what the wallboard's small picture is drawn from."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HISTORY_MINUTES = 60
_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class WaitingHistory:
    """One queue's waiting callers, and the steps (moment, waiting from then on) of the last hour, oldest first."""

    waiting: set[str] = field(default_factory=set)
    _steps: list[tuple[datetime, int]] = field(default_factory=list)

    def join(self, interaction_id: str, at: datetime) -> None:
        """Somebody starts to wait."""
        self.waiting.add(interaction_id)
        self._note(at)

    def leave(self, interaction_id: str, at: datetime) -> None:
        """Somebody waits no longer; nothing happens when they did not wait here."""
        if interaction_id in self.waiting:
            self.waiting.discard(interaction_id)
            self._note(at)

    def correct(self, really: Collection[str], at: datetime) -> None:
        """These and no others wait now."""
        if self.waiting != set(really):
            self.waiting = set(really)
            self._note(at)

    def peaks(self, now: datetime) -> list[int]:
        """The most who waited at once in each of the last 60 minutes, oldest first."""
        start = now - HISTORY_MINUTES * _MINUTE
        peaks, level, index = [], 0, 0
        for minute in range(HISTORY_MINUTES):
            begins, ends = start + minute * _MINUTE, start + (minute + 1) * _MINUTE
            while index < len(self._steps) and self._steps[index][0] <= begins:
                level, index = self._steps[index][1], index + 1
            peak = level
            while index < len(self._steps) and self._steps[index][0] <= ends:
                level, index = self._steps[index][1], index + 1
                peak = max(peak, level)
            peaks.append(peak)
        return peaks

    def _note(self, at: datetime) -> None:
        self._steps.append((at, len(self.waiting)))
        horizon = at - (HISTORY_MINUTES + 1) * _MINUTE
        while len(self._steps) > 1 and self._steps[1][0] < horizon:
            self._steps.pop(0)
