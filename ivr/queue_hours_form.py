"""The own hours of a queue as an operator writes them: those of a schedule, but for what is written here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from ivr.hours import Schedule
from ivr.hours_form import FORM, Days, HolidaysForm, Name, Week, Zone, special_days, week_of

_NONE = "none"


def _no_holidays(value: Any) -> Any:
    return None if value == _NONE else value


class QueueForm(BaseModel):
    """A queue's own hours. What is left out is as in `schedule`; `days` are added to its dates; `holidays: none` has none."""

    model_config = FORM

    schedule: Name
    zone: Zone | None = None
    week: Week | None = None
    holidays: Annotated[HolidaysForm | None, BeforeValidator(_no_holidays)] = None
    days: Days = {}

    def hours(self, queue: str, of: Schedule) -> Schedule:
        """The hours of `queue`, beginning from those `of` its schedule, with which it is closed in an emergency."""
        calendar = self.holidays.calendar() if self.holidays else None
        return replace(
            of, name=queue, label={}, closed_with=of.name, zone=self.zone or of.zone,
            week=of.week if self.week is None else week_of(self.week),
            holidays=calendar if "holidays" in self.model_fields_set else of.holidays,
            days={**of.days, **special_days(self.days)},
        )  # fmt: skip


def _as_queue(value: Any) -> Any:
    return value if isinstance(value, Mapping) else {"schedule": value}


AsQueue = Annotated[QueueForm, BeforeValidator(_as_queue)]  # the name of a schedule alone stands for the whole of it
