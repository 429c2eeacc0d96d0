"""The one line across all queues: who comes before whom.

A priority is worth waiting time: each step up counts as if the caller had come HEAD_START_S earlier. So

- of two callers of the same priority, the one who came first is first;
- a caller of a higher priority is before one of a lower priority who came up to HEAD_START_S earlier for each step between them;
- nobody starves: whoever comes later than that is behind them, whatever their priority.

A caller whose agent was lost through no fault of theirs (FIRST) is before everybody.
"""

from datetime import datetime

FIRST, NORMAL, LAST = 0, 5, 9
HEAD_START_S = 600.0
_BEFORE_EVERYBODY_S = 86_400.0


def line_number(priority: int, queued_at: datetime) -> float:
    """The number by which the line is ordered, the least first; seconds. `priority` 0 to 9, less is more urgent."""
    return queued_at.timestamp() - head_start_s(priority)


def head_start_s(priority: int) -> float:
    """What a priority is worth: as if they had come so much earlier, seconds."""
    return _BEFORE_EVERYBODY_S if priority <= FIRST else (NORMAL - priority) * HEAD_START_S
