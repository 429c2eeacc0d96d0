"""When a caller may choose to be called: in the opening hours of the queue, on the clock of where they are. Pure rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

Earliest = Callable[[datetime], datetime]
"""The first moment (aware) from this one on at which somebody of the queue may call."""

IN_AN_HOUR, THIS_AFTERNOON, TOMORROW_MORNING = "in_an_hour", "this_afternoon", "tomorrow_morning"
_FIVE_MIN = timedelta(minutes=5)
_SOONEST = timedelta(minutes=15)  # sooner is no time to choose: they had better keep the place
_AFTERNOON, _EVENING, _MORNING, _NOON = time(15), time(18), time(9), time(12)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChosenHour:
    """The moment of an hour that was chosen, on the caller's clock; `moved`: nobody is there then, it is the first one after it."""

    at: datetime
    moved: bool


def times_offered(now: datetime, earliest: Earliest) -> Mapping[str, datetime]:
    """The moments that go by a name, those of them at which somebody can call, in their order. `now` is aware, on the caller's
    clock, and so are they."""
    tomorrow = now + _ONE_DAY
    hour = _round_up(now + timedelta(hours=1))
    windows = {
        IN_AN_HOUR: (hour, hour + _FIVE_MIN),
        THIS_AFTERNOON: (max(_on(now, _AFTERNOON), _round_up(now + _SOONEST)), _on(now, _EVENING)),
        TOMORROW_MORNING: (_on(tomorrow, _MORNING), _on(tomorrow, _NOON)),
    }
    found = {name: _somebody_from(first, earliest) for name, (first, last) in windows.items() if first < last}
    return {name: at.astimezone(now.tzinfo) for name, at in found.items() if at is not None and at < windows[name][1]}


def chosen_hour(hour: int, now: datetime, earliest: Earliest) -> ChosenHour | None:
    """The next time that the caller's clock shows this hour (0 to 23), or the first moment after it at which somebody can call.

    None when nobody knows when that is."""
    wanted = _on(now, time(hour))
    if wanted < now + _SOONEST:
        wanted = _on(now + _ONE_DAY, time(hour))
    at = _somebody_from(wanted, earliest)
    return None if at is None else ChosenHour(at.astimezone(now.tzinfo), moved=at != wanted)


def _somebody_from(moment: datetime, earliest: Earliest) -> datetime | None:
    """The first moment from this one on; None where the answer is only when to ask again."""
    found = earliest(moment)
    return found if earliest(found) == found else None


def _on(day: datetime, at: time) -> datetime:
    return datetime.combine(day.date(), at, day.tzinfo)


def _round_up(moment: datetime) -> datetime:
    """To the next five minutes of the clock."""
    whole = moment.replace(minute=moment.minute - moment.minute % 5, second=0, microsecond=0)
    return whole if whole == moment else whole + _FIVE_MIN
