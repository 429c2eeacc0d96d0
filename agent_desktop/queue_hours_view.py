"""When each queue is open today, as the supervisors' page of hours shows it."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from agent_desktop.hours_view import DayView, ScheduleView, schedule_view
from ivr.hours import ALL_DAY, Schedule, is_open
from ivr.hours_now import Hours
from ivr.queue_hours import queue_state
from routing.policy import Queue


@dataclass(frozen=True, slots=True)
class QueueHoursView:
    """One queue: how it is now, its `today`, and by which schedule (`by` is its label, "" for hours of the queue's own)."""

    now: ScheduleView
    today: DayView
    by: str


def queue_hours_view(queue: Queue, line: str | None, hours: Hours, now: datetime, zone: ZoneInfo, language: str) -> QueueHoursView:
    """This queue at the aware moment `now`; `line` is the schedule of the flow that leads to it, None: it never closes.

    `zone` is the contact center's. A line that is closed in an emergency closes the queue behind it.
    """
    around_the_clock = Schedule(queue.name, {}, zone, (ALL_DAY,) * 7)
    lines = hours.schedules().get(line, around_the_clock) if line else around_the_clock
    lines_state = hours.state(line, now) if line else None
    own = hours.source.queues().get(queue.name)
    state = queue_state(hours.queue_state(queue.name, now), lines_state)
    shown = replace(own or lines, name=queue.name, label={language: queue.label_in(language)})
    view = schedule_view(shown, state or is_open(shown, now), now, zone, language)
    today = next(day for day in view.days if day.now_min is not None)
    return QueueHoursView(view, today, "" if own else lines.label.get(language, ""))
