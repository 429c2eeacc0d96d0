"""The one line across all queues: who comes before whom.

What counts is the moment at which a caller came, less what their priority and their credit are worth in waiting time. So

- of two callers of the same priority and credit, the one who came first is first;
- each step of priority, and each second of credit, counts as if they had come so much earlier;
- nobody starves: whoever comes later than that is behind them, whatever their priority and credit.

A caller whose agent was lost through no fault of theirs (FIRST) is before everybody.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from routing.needs_form import FORM, Name

FIRST, HIGHEST, NORMAL, LAST = 0, 1, 5, 9
_MOST_S = 86_400.0
_BEFORE_EVERYBODY_S = 10 * _MOST_S * LAST

Worth = Annotated[float, Field(ge=0, le=_MOST_S)]
"""Seconds of waiting that something is worth."""


class Credit(BaseModel):
    """What makes a caller count as having come earlier, seconds each: the customer's segment, why they call (codes of
    ivr.reasons), that they have called before today. All that apply are added."""

    model_config = FORM

    segments: Mapping[Name, Worth] = {}
    reasons: Mapping[Name, Worth] = {}
    second_call_today: Worth = 0.0


class LineOrder(BaseModel):
    """`head_start_s` is what one step of priority is worth."""

    model_config = FORM

    head_start_s: Worth = 600.0
    credit_s: Credit = Credit()

    def number(self, priority: int, queued_at: datetime, credit_s: float = 0.0) -> float:
        """The number by which the line is ordered, the least first; seconds. `priority` 0 to 9, less is more urgent."""
        return queued_at.timestamp() - self.worth_s(priority) - credit_s

    def worth_s(self, priority: int) -> float:
        """What a priority is worth: as if they had come so much earlier, seconds."""
        return _BEFORE_EVERYBODY_S if priority <= FIRST else (NORMAL - priority) * self.head_start_s

    def credit(self, segment: str, reason: str, second_call: bool) -> float:
        """What these are worth together, seconds. `reason` may have a detail after a colon."""
        worth = self.credit_s
        of_reason = worth.reasons.get(reason.partition(":")[0], 0.0)
        return worth.segments.get(segment, 0.0) + of_reason + (worth.second_call_today if second_call else 0.0)

    @property
    def most_ahead_s(self) -> float:
        """The ageing bound, seconds: who comes so much later than somebody is behind them, whatever their priority and credit."""
        worth = self.credit_s
        credits_s = max(worth.segments.values(), default=0.0) + max(worth.reasons.values(), default=0.0) + worth.second_call_today
        return (LAST - HIGHEST) * self.head_start_s + credits_s
