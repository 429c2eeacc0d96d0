"""Forecasts, searches and plans as JSON, for the database; and back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from workforce.forecast import Forecast
from workforce.mean_patience import MeanPatience
from workforce.planning_sources import Asked
from workforce.staff_need import StaffRow
from workforce.staff_search import Found
from workforce.staffing import Wishes

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class KeptForecast:
    """A queue of a forecast, as nobody overruled it; how patient its callers are (None: nobody waited). Without a forecast: the
    queue has too few days on record, and how many."""

    forecast: Forecast | None
    patience: MeanPatience | None = None
    days: int = 0
    needed: int = 0


@dataclass(frozen=True, slots=True)
class SearchAsked:
    """Agents of which skills the interval that begins at `starts_at` (ISO) of a forecast takes."""

    forecast: int
    starts_at: str
    wishes: Wishes


@dataclass(frozen=True, eq=False)
class KeptSearch:
    """What a search found; `alone`: agents that each queue would need by itself."""

    found: Found
    alone: dict[str, int]


class Form(Generic[T]):
    """JSON of one kind of thing. Infinity is kept, which strict JSON does not know: nobody but Halo reads it."""

    def __init__(self, kind: Any) -> None:
        self._kind: TypeAdapter[T] = TypeAdapter(kind)

    def fields(self, thing: T) -> Any:
        """As plain values."""
        return self._kind.dump_python(thing, mode="json")

    def read_fields(self, fields: Any) -> T:
        """The reverse of `fields`."""
        return self._kind.validate_python(fields)

    def write(self, thing: T) -> str:
        """As a text."""
        return json.dumps(self.fields(thing), separators=(",", ":"))

    def read(self, text: str) -> T:
        """The reverse of `write`."""
        return self._kind.validate_python(json.loads(text))


ASKED = Form[Asked](Asked)
FORECAST = Form[KeptForecast](KeptForecast)
SEARCH_ASKED = Form[SearchAsked](SearchAsked)
SEARCH = Form[KeptSearch](KeptSearch)
WISHES = Form[Wishes](Wishes)
STAFF = Form[Sequence[StaffRow]](list[StaffRow])
