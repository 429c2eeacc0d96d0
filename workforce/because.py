"""How a day's number came about, and why a day is set aside: kept as what it is, so that it can be said in any language."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class How(StrEnum):
    """How a number was found. BOTH: two parts of the first of `parts`, one part of the second."""

    AS_ON = "as_on"
    NO_SUCH_WEEKDAY = "no_such_weekday"
    MEAN = "mean"
    TYPES = "types"
    BOTH = "both"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Factor:
    """What something special about the day multiplies. `holiday`: its name in English, and `holiday_here` as the country says it.
    `given`: by the planner, not learned."""

    name: str
    value: float
    holiday: str = ""
    holiday_here: str = ""
    given: bool = False

    def __str__(self) -> str:
        shown = f"{self.name} ({self.holiday})" if self.holiday else self.name
        return f"{shown} {self.value:g}" if self.given else f"{shown} {self.value:.2f}"


@dataclass(frozen=True, slots=True)
class Because:
    """Why so many: `callers` before the last factors; `weekday` counts from 0; `like` is the day taken over, `count` how many days
    the mean is of; `unseen` are kinds of day that the history has not."""

    how: How
    callers: float = 0.0
    weekday: int = 0
    like: date | None = None
    count: int = 0
    factors: tuple[Factor, ...] = ()
    unseen: tuple[str, ...] = ()
    parts: tuple["Because", ...] = ()

    def __str__(self) -> str:
        """In English, such as: Monday 1842 × day of the month 1.13 × holiday (Independence Day) 0.21."""
        told = " × ".join([self._base(), *map(str, self.factors)])
        return told + "".join(f"; {kind} was never seen, and is taken as a usual day" for kind in self.unseen)

    def _base(self) -> str:
        match self.how:
            case How.AS_ON:
                return f"as on {self.like}"
            case How.NO_SUCH_WEEKDAY:
                return "no such weekday on record"
            case How.MEAN:
                return f"mean of the last {self.count} usual {WEEKDAYS[self.weekday]}s"
            case How.TYPES:
                return f"{WEEKDAYS[self.weekday]} {self.callers:.0f}"
            case How.BOTH:
                first, second = self.parts
                return f"two parts {first.total:.0f} ({first}), one part {second.total:.0f} ({second})"
        return "nobody came on any day that may be learned from"

    @property
    def total(self) -> float:
        """With all factors."""
        found = self.callers
        for each in self.factors:
            found *= each.value
        return found


class Amiss(StrEnum):
    """Why nothing is learned from a day."""

    LEFT_OUT = "left_out"
    NOT_ON_RECORD = "not_on_record"
    FAR_OFF = "far_off"
    HOLE = "hole"


@dataclass(frozen=True, slots=True)
class Aside:
    """`name`: what the planner calls the day; `came` where about `usual` come, in a hole from `begins` to `ends` ("09:30")."""

    why: Amiss
    name: str = ""
    came: float = 0.0
    usual: float = 0.0
    begins: str = ""
    ends: str = ""

    def __str__(self) -> str:
        """In English."""
        match self.why:
            case Amiss.LEFT_OUT:
                return f"left out: {self.name}"
            case Amiss.NOT_ON_RECORD:
                return "not on record"
            case Amiss.FAR_OFF:
                return f"{self.came:.0f} callers where such a day has about {self.usual:.0f}"
        return f"nobody from {self.begins} to {self.ends}, where about {self.usual:.0f} come"
