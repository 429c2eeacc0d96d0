"""Sites as people write them in the policy: where they are, when they are open, what they can take; and how a queue uses them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from crm.regions import all_regions
from routing.label import Label
from routing.needs_form import FORM, Name
from routing.site_hours import SiteHours, Week, Zone
from routing.site_limits import SiteLimits

_LONGEST_WAIT_S = 3600.0
_MOST_KM = 20_100.0  # half around the earth
_MOST_RINGS = 20


class Point(BaseModel):
    """A place on the earth, in degrees, north and east positive."""

    model_config = FORM

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


def _where(value: Any) -> Any:
    """The point of a city or province of the table."""
    if not isinstance(value, str):
        return value
    region = all_regions().named(value)
    if region is None:
        raise ValueError("no such place")
    return {"latitude": region.latitude, "longitude": region.longitude}


def _take(value: Any) -> Any:
    if value not in (None, "take"):
        raise ValueError("take or nothing")
    return value


class Site(BaseModel):
    """Where agents are. `hours` in its own `time_zone`; `languages` that it speaks, all when there is none; `capacity`: calls at
    once; `cost`: the cheaper of two equally near sites comes first; `load`: while a larger share of its agents on duty is not ready
    (0 to 1) nobody waits for it alone; `when_closed: take`: agents who are still there outside the hours get calls."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: Name
    label: Label
    where: Annotated[Point, BeforeValidator(_where)]
    time_zone: Zone
    hours: Week
    languages: tuple[Literal["id", "en"], ...] = ()
    capacity: int | None = Field(default=None, ge=1, strict=True)
    cost: float = Field(default=0.0, ge=0)
    load: float | None = Field(default=None, ge=0, lt=1)
    when_closed: Annotated[Literal["take"] | None, BeforeValidator(_take)] = None

    @cached_property
    def opening(self) -> SiteHours:
        """When it is open."""
        return SiteHours(self.time_zone, self.hours)

    @property
    def limits(self) -> SiteLimits:
        """What the engine heeds of it."""
        return SiteLimits(self.name, self.capacity, self.load, self.when_closed is not None)

    def speaks(self, language: str) -> bool:
        """Whether callers of this language are served there; "" is any."""
        return not (language and self.languages) or language in self.languages


class Farther(BaseModel):
    """From `after_s` of waiting on sites that are not farther than `km` are asked, too."""

    model_config = FORM

    after_s: float = Field(gt=0, le=_LONGEST_WAIT_S)
    km: float = Field(gt=0, le=_MOST_KM)


class SitesRule(BaseModel):
    """How a queue uses sites. `near_km`: the nearest open site and all within so many km come first, farther ones as `widen` says;
    or `share`: the sites that get its calls, by weight. From `any_after_s` of waiting on every open site is asked."""

    model_config = FORM

    any_after_s: float = Field(gt=0, le=_LONGEST_WAIT_S)
    near_km: float | None = Field(default=None, ge=0, le=_MOST_KM)
    widen: tuple[Farther, ...] = Field(default=(), max_length=_MOST_RINGS)
    share: Mapping[Name, Annotated[int, Field(ge=1, le=1000, strict=True)]] = {}

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if (self.near_km is None) == (not self.share) or (self.share and self.widen):
            raise ValueError("near_km or share")
        starts = [0.0, *(ring.after_s for ring in self.widen), self.any_after_s]
        reaches = [self.near_km or 0.0, *(ring.km for ring in self.widen)]
        if starts != sorted(set(starts)) or reaches != sorted(set(reaches)):
            raise ValueError("each wider ring later and farther")
        return self
