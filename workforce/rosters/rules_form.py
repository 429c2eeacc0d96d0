"""Rules of rosters as people write them in YAML. What has a `weight` may be broken at that cost; what has none may not."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from routing.label import Label

FORM = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


def _minute(value: Any) -> int:
    if not (isinstance(value, str) and _CLOCK.fullmatch(value)):
        raise ValueError("a time of the day")
    return int(value[:2]) * 60 + int(value[3:])


ClockTime = Annotated[int, BeforeValidator(_minute)]
Weight = Annotated[int, Field(ge=1, le=100_000, strict=True)]
_Count = Annotated[int, Field(ge=0, le=31, strict=True)]
_Hours = Annotated[float, Field(ge=0, le=168)]
_Minutes = Annotated[int, Field(ge=1, le=1440, strict=True)]
_Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class Rule(BaseModel):
    """One rule. `weight`: what each hour, day or case over it costs; None: it is never broken."""

    model_config = FORM

    weight: Weight | None = None


class Soft(BaseModel):
    """One that can only cost."""

    model_config = FORM

    weight: Weight


class Hours(Rule):
    """`most_h` of a week."""

    most_h: _Hours


class DailyHours(Rule):
    """`most_h` of a day; `six_days_h` for who works six days a week."""

    most_h: _Hours
    six_days_h: _Hours | None = None


class Overtime(Soft):
    """How much there may be for those whose contract allows it; an hour of it costs `weight`."""

    most_day_h: _Hours
    most_week_h: _Hours


class RestBetween(Rule):
    """`least_h` from the end of a shift to the start of the next."""

    least_h: _Hours


class RestInShift(BaseModel):
    """After `after_h` of work on end at most a break of `least_min`. Never broken: the patterns' breaks see to it."""

    model_config = FORM

    after_h: _Hours
    least_min: _Minutes


class WeeklyRest(Rule):
    """`least_days` off in a calendar week, and as many more as the contract's days a week leave."""

    least_days: _Count


class InARow(Rule):
    """From `least` to `most` in a row."""

    most: _Count
    least: _Count = 1


class AtLeastInARow(Rule):
    """`least` in a row."""

    least: _Count


class AtMost(Rule):
    """`most` of it."""

    most: _Count


class NightHours(Rule):
    """From `from` to `until`."""

    from_time: ClockTime = Field(alias="from")
    until: ClockTime


class Nights(BaseModel):
    """A shift is a night when `least_min` of it lie between `from` and `until`."""

    model_config = FORM

    from_time: ClockTime = Field(alias="from", default=1380)
    until: ClockTime = 300
    least_min: _Minutes = 120


class Rotation(Soft):
    """A shift that begins over `earlier_by_min` earlier than the day before costs `weight`."""

    earlier_by_min: Annotated[int, Field(ge=0, le=1440, strict=True)] = 0


class LeastStaff(Rule):
    """This share of what each interval needs is always there."""

    share: Annotated[float, Field(gt=0, le=1)]


class Understaffed(Soft):
    """What an hour of a missing person costs; `queues`: where it is another."""

    queues: Mapping[_Name, Weight] = {}


class RuleSet(BaseModel):
    """Rules that are not there are not in force. The names are those of the files in `workforce/rules`."""

    model_config = FORM

    availability: Rule | None = None
    time_off: Rule | None = None
    training: Rule | None = None
    kept: Rule = Rule()
    daily_hours: DailyHours | None = None
    weekly_hours: Hours | None = None
    overtime: Overtime | None = None
    contract_hours: Rule | None = None
    total_hours: Rule | None = None
    rest_between_shifts: RestBetween | None = None
    rest_in_shift: RestInShift | None = None
    weekly_rest: WeeklyRest | None = None
    consecutive_days: InARow | None = None
    days_off_in_a_row: AtLeastInARow | None = None
    nights_in_a_row: AtMost | None = None
    night_protection: NightHours | None = None
    weekends: AtMost | None = None
    shifts_of_a_kind: Rule | None = None
    shift_sequence: Rule | None = None
    rotation: Rotation | None = None
    fair_nights: Soft | None = None
    fair_weekends: Soft | None = None
    wishes: Soft | None = None
    unlike_given: Soft | None = None
    least_staff: LeastStaff | None = None
    understaffed: Understaffed = Understaffed(weight=100)
    overstaffed: Soft | None = None


class BreakForm(BaseModel):
    """A break; `after_min` is [first, last] start after the shift's."""

    model_config = FORM

    name: _Name
    minutes: _Minutes
    after_min: tuple[int, int]
    every_min: _Minutes = 30
    paid: bool = Field(default=False, strict=True)

    @model_validator(mode="after")
    def _first_before_last(self) -> Self:
        if not 0 < self.after_min[0] <= self.after_min[1] or (self.after_min[1] - self.after_min[0]) % self.every_min:
            raise ValueError("no window of a break")
        return self


class PatternForm(BaseModel):
    """A shift pattern: it begins from `from` to `until`, each `every_min`. `label`: what people read in place of the name.
    `days_a_week`: only for contracts of so many days a week, or more."""

    model_config = FORM

    name: _Name
    label: Label | None = None
    from_time: ClockTime = Field(alias="from")
    until: ClockTime | None = None
    every_min: _Minutes = 30
    hours: Annotated[float, Field(gt=0, le=24)]
    breaks: tuple[BreakForm, ...] = ()
    not_followed_by: tuple[_Name, ...] = ()
    days_a_week: Annotated[int, Field(ge=1, le=7, strict=True)] = 1

    @model_validator(mode="after")
    def _fits_itself(self) -> Self:
        if self.until is not None and self.until < self.from_time:
            raise ValueError("until before from")
        at = 0
        for each in self.breaks:
            if each.after_min[0] < at:
                raise ValueError("breaks one after the other")
            at = each.after_min[1] + each.minutes
        if at >= round(self.hours * 60) and self.breaks:
            raise ValueError("a break past the end")
        return self


class Swaps(BaseModel):
    """What becomes of a swap or an offer on which two agents agree: `at_once` it is done where it breaks no hard rule and leaves
    nobody short; else a planner decides."""

    model_config = FORM

    at_once: bool = Field(default=False, strict=True)


class AdherenceForm(BaseModel):
    """How planned time is held against what was lived. Moments are rounded to `round_to_s`; being off queue, or on queue in a
    break, for `tolerance_s` at a time or less counts as in place; a wrap-up may take `after_call_s`."""

    model_config = FORM

    tolerance_s: Annotated[int, Field(ge=0, le=3600, strict=True)] = 60
    after_call_s: Annotated[int, Field(ge=0, le=7200, strict=True)] = 300
    round_to_s: Annotated[int, Field(ge=1, le=900, strict=True)] = 1


class RosterRules(BaseModel):
    """A whole file: shift patterns and rules, what becomes of swaps, and how the day is held against the roster."""

    model_config = FORM

    patterns: tuple[PatternForm, ...] = Field(min_length=1, max_length=60)
    nights: Nights = Nights.model_validate({})
    swaps: Swaps = Swaps()
    adherence: AdherenceForm = AdherenceForm()
    rules: RuleSet
