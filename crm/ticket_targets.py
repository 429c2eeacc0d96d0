"""By when tickets are promised: hours by category and priority, read from YAML; and the clock that counts them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from core.problem import Faults
from core.yaml_form import Advice, read_form
from crm.ticket_category import TicketSubject
from crm.working_time import DAY_MIN, CalendarTime, CountedTime, Span, WorkingWeek

SHIPPED_FILE = Path(__file__).with_name("ticket_targets.yaml")
OWN_FILE = "config/tickets.yaml"  # in the home
PRIORITIES = ("urgent", "high", "normal", "low")  # 1 to 4
LONGEST_HOURS = 24 * 90
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_STEP = "Correct the file and try again."


@dataclass(frozen=True, slots=True)
class TicketTargets:
    """`hours` by category, then by priority 1 to 4; `priorities` what a category begins with."""

    hours: Mapping[str, tuple[float, ...]]
    priorities: Mapping[str, int]
    time: CountedTime

    def priority(self, category: str) -> int:
        """What a ticket of this category begins with, 1 to 4; that of others for a category nobody knows."""
        return self.priorities.get(category, self.priorities[TicketSubject.OTHER])

    def due(self, category: str, priority: int, since: datetime, paused_s: float = 0) -> datetime:
        """By when it is promised, when the clock ran from `since` on and stood for `paused_s` seconds of counted time."""
        hours = self.hours.get(category, self.hours[TicketSubject.OTHER])[min(max(priority, 1), 4) - 1]
        return self.time.after(since, hours * 3600 + paused_s)


def load_targets(file: Path, zone: ZoneInfo) -> TicketTargets:
    """The targets of this file. Raises Faults, which names each fault with its line."""
    return read_targets(file.read_text(encoding="utf-8"), str(file), zone)


def read_targets(text: str, source: str, zone: ZoneInfo) -> TicketTargets:
    """The targets of a YAML text; `source` names where it comes from. Raises Faults."""
    form, _lines, problems = read_form(text, source, _Form, _words)
    if form is None:
        raise Faults(problems, _STEP)
    everywhere = form.hours.as_given()
    own = {category: part.hours.as_given() for category, part in form.categories.items()}
    hours = {each.value: tuple(own.get(each, {}).get(p, everywhere[p]) for p in PRIORITIES) for each in TicketSubject}
    parts = form.categories
    priorities = {each.value: PRIORITIES.index(parts[each].priority if each in parts else "normal") + 1 for each in TicketSubject}
    counted = WorkingWeek(_week(form.working_hours), zone) if form.working_hours else CalendarTime()
    return TicketTargets(hours, priorities, counted)


@cache
def shipped_targets() -> TicketTargets:
    """Those that Halo ships; they count every hour, so that no time zone matters."""
    return load_targets(SHIPPED_FILE, ZoneInfo("UTC"))


_FORM = ConfigDict(extra="forbid")
_Hours = Annotated[float, Field(gt=0, le=LONGEST_HOURS)]


class _SomeHours(BaseModel):
    model_config = _FORM
    urgent: _Hours | None = None
    high: _Hours | None = None
    normal: _Hours | None = None
    low: _Hours | None = None

    def as_given(self) -> dict[str, float]:
        return {name: value for name, value in self.model_dump().items() if value is not None}


class _AllHours(_SomeHours):
    urgent: _Hours
    high: _Hours
    normal: _Hours
    low: _Hours


class _Category(BaseModel):
    model_config = _FORM
    priority: Annotated[str, Field(pattern=f"^({'|'.join(PRIORITIES)})$")] = "normal"
    hours: _SomeHours = _SomeHours()


def _spans(value: Any) -> tuple[Span, ...]:
    spans = sorted(_span(each) for each in (value if isinstance(value, list) else [value]))
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise ValueError("two of the times overlap")
    return tuple(spans)


def _span(value: Any) -> Span:
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} are no times; write them as 08:00-17:00")
    from_min, to_min = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if not from_min < to_min <= DAY_MIN:
        raise ValueError(f"{value!r}: it ends before it begins, or after 24:00")
    return from_min, to_min


def _week_days(words: str) -> range:
    first, dash, last = ("mon", "-", "sun") if words == "daily" else words.partition("-")
    last = last if dash else first
    if first not in _DAYS or last not in _DAYS or _DAYS.index(first) > _DAYS.index(last):
        raise ValueError(f"{words!r} are no days; use daily, one of {', '.join(_DAYS)}, or two in order as in mon-fri")
    return range(_DAYS.index(first), _DAYS.index(last) + 1)


def _week(hours: Mapping[str, tuple[Span, ...]]) -> tuple[tuple[Span, ...], ...]:
    days: list[tuple[Span, ...]] = [()] * 7
    for words, spans in hours.items():
        for day in _week_days(words):
            days[day] = spans
    return tuple(days)


class _Form(BaseModel):
    model_config = _FORM
    hours: _AllHours
    categories: Mapping[TicketSubject, _Category] = {}
    working_hours: Mapping[str, Annotated[tuple[Span, ...], BeforeValidator(_spans), Field(min_length=1)]] | None = None

    @model_validator(mode="after")
    def _days_are_days(self) -> "_Form":
        _week(self.working_hours or {})
        if self.working_hours == {}:
            raise ValueError("no working hours at all; take the line out to count every hour")
        return self


def _words(error: Any) -> Advice | None:
    match error["type"]:
        case "value_error":
            return "%(part)s: " + str(error["ctx"]["error"]).replace("%", "%%"), _STEP
        case "greater_than" | "less_than_equal" | "float_parsing" | "float_type":
            return "%(part)s is no number of hours above 0 and up to 2160.", _STEP
        case "enum":
            return "%(part)s is no category.", f"Use one of {', '.join(TicketSubject)}."
        case "string_pattern_mismatch":
            return "%(part)s is no priority.", f"Use one of {', '.join(PRIORITIES)}."
    return None
