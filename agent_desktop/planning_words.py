"""Planning in words: how a forecast came about, why a day is set aside, how far a run is and what went wrong."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from agent_desktop.languages import language_here
from agent_desktop.texts import _, _later
from workforce.because import Amiss, Aside, Because, Factor, How

_METHODS = {
    "last week": _later("last week"),
    "weekday mean": _later("weekday mean"),
    "day types": _later("day types"),
    "day types and recent weeks": _later("day types and recent weeks"),
}
_KINDS = {
    "holiday": _later("holiday"),
    "joint leave": _later("joint leave"),
    "day before a holiday": _later("day before a holiday"),
    "day after a holiday": _later("day after a holiday"),
    "Ramadan": _later("Ramadan"),
    "week before Lebaran": _later("week before Lebaran"),
    "Lebaran": _later("Lebaran"),
    "week after Lebaran": _later("week after Lebaran"),
    "day of the month": _later("day of the month"),
    "season": _later("season"),
    "trend": _later("trend"),
}
_PROBLEMS = {
    "no_history": _later("Nobody came to these queues before that day. Choose a later day, or other queues."),
    "bad_input": _later("That can't be computed as asked. Look at the days and queues, and compute it again."),
    "not_found": _later("A queue of it is not there any more. Compute it again."),
    "unavailable": _later("A part of Halo did not answer. Compute it again; ./halo doctor tells more."),
    "killed": _later("It was stopped from outside. Compute it again."),
    "server": _later("Something went wrong on our side. Compute it again; ./halo logs planning tells more."),
}
_MONDAY = date(2024, 1, 1)


def method_words(name: str) -> str:
    """A method of workforce.forecast_methods."""
    return str(_METHODS.get(name, name))


def kind_words(name: str) -> str:
    """A kind of day; a planner's own name as it is."""
    return str(_KINDS.get(name, name))


def number(value: float, digits: int = 0) -> str:
    """1.842 (Indonesian), 1,842 (English)."""
    return str(format_decimal(round(value, digits), locale=language_here()))


def short_day(day: date) -> str:
    """Sen 1 Des."""
    return str(format_date(day, "EEE d MMM", locale=language_here()))


def because_words(because: Because) -> str:
    """Such as: Monday 1,842 × day of the month 1.13 × holiday (Independence Day) 0.21."""
    told = " × ".join([_base(because), *map(_factor, because.factors)])
    return told + "".join(
        "; " + _("%(kind)s was never seen, and is taken as a usual day", kind=kind_words(kind)) for kind in because.unseen
    )


def aside_words(aside: Aside) -> str:
    """Why nothing is learned from a day."""
    match aside.why:
        case Amiss.LEFT_OUT:
            return _("left out: %(name)s", name=aside.name)
        case Amiss.NOT_ON_RECORD:
            return _("not on record")
        case Amiss.FAR_OFF:
            return _("%(came)s callers where such a day has about %(usual)s", came=number(aside.came), usual=number(aside.usual))
    return _(
        "nobody from %(begins)s to %(ends)s, where about %(usual)s come", begins=aside.begins, ends=aside.ends,
        usual=number(aside.usual),
    )  # fmt: skip


def problem_words(problem: Mapping[str, Any]) -> str:
    """What went wrong with a run, and what to do."""
    return str(_PROBLEMS.get(str(problem.get("code", "")), _PROBLEMS["server"]))


def _base(because: Because) -> str:
    match because.how:
        case How.AS_ON:
            return _("as on %(day)s", day=short_day(because.like or _MONDAY))
        case How.NO_SUCH_WEEKDAY:
            return _("no such weekday on record")
        case How.MEAN:
            return _("mean of the last %(count)s of this weekday without anything special", count=because.count)
        case How.TYPES:
            weekday = format_date(_MONDAY.replace(day=1 + because.weekday), "EEEE", locale=language_here())
            return f"{weekday} {number(because.callers)}"
        case How.BOTH:
            first, second = because.parts
            return _(
                "two parts %(first)s (%(why)s), one part %(second)s (%(other)s)", first=number(first.total),
                why=because_words(first), second=number(second.total), other=because_words(second),
            )  # fmt: skip
    return _("nobody came on any day that may be learned from")


def _factor(factor: Factor) -> str:
    name = factor.name if factor.given else kind_words(factor.name)
    holiday = factor.holiday_here if language_here() == "id" and factor.holiday_here else factor.holiday
    shown = f"{name} ({holiday})" if holiday else name
    return f"{shown} {number(factor.value, 4 if factor.given else 2)}"
