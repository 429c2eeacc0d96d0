"""The day that a page is about, in the contact center's own time zone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import request

from agent_desktop.services import services
from core.errors import BadInput

FURTHEST_BACK = timedelta(days=366)


def zone_here() -> ZoneInfo:
    """The contact center's time zone."""
    return ZoneInfo(services().settings.time_zone)


def today_here() -> date:
    """The day that it is there."""
    return services().clock.now().astimezone(zone_here()).date()


def day_asked() -> date:
    """The day in the address (`?day=2025-01-31`), today when there is none. Raises BadInput."""
    text = request.args.get("day", "")
    return day_of(text) if text else today_here()


def day_of(text: str) -> date:
    """The day that a page names. Raises BadInput for none, and for one too far back or yet to come."""
    today = today_here()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput("That is not a day.", "Use the form 2025-01-31.") from None
    if not today - FURTHEST_BACK <= day <= today:
        raise BadInput("That day is too far back, or yet to come.", "Choose a day of the last year.")
    return day


def span_of(day: date) -> tuple[datetime, datetime]:
    """The day's first moment and the next day's."""
    start, end = (datetime.combine(each, time(), zone_here()) for each in (day, day + timedelta(days=1)))
    return start, end
