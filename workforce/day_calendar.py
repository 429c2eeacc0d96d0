"""What kind of day a date is: its weekday, holidays, the fasting month and Lebaran, and the days that the planner knows of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.errors import BadInput

HOLIDAY, JOINT_LEAVE, EVE, AFTER = "holiday", "joint leave", "day before a holiday", "day after a holiday"
RAMADAN, BEFORE_LEBARAN, LEBARAN, AFTER_LEBARAN = "Ramadan", "week before Lebaran", "Lebaran", "week after Lebaran"
KINDS = (HOLIDAY, JOINT_LEAVE, EVE, AFTER, RAMADAN, BEFORE_LEBARAN, LEBARAN, AFTER_LEBARAN)
_EID = "Eid al-Fitr"  # as the holidays library names it in English, for Indonesia and others


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that the planner knows of: what it is (`name`), and what it does. `factor`: it multiplies what would come else; None:
    learned from days of the same name. `leave_out`: nothing is learned from it."""

    day: date
    name: str
    factor: float | None = None
    leave_out: bool = False


class DayCalendar:
    """Tells the kinds of any day of a country (ISO 3166-1; "": no holidays). Raises BadInput for a country that is not known."""

    def __init__(self, country: str = "", special_days: Iterable[SpecialDay] = ()) -> None:
        self._country = country
        self._special: Mapping[date, SpecialDay] = {each.day: each for each in special_days}
        self._years: dict[int, tuple[Mapping[date, str], Mapping[date, str]]] = {}
        self._kinds: dict[date, tuple[str, ...]] = {}
        self._here: dict[int, Any] = {}
        self._names(2000)

    def special(self, day: date) -> SpecialDay | None:
        """What the planner says of this day."""
        return self._special.get(day)

    def holiday(self, day: date) -> str:
        """The public holiday's name in English; "" on other days."""
        return self._names(day.year)[0].get(day, "")

    def holiday_here(self, day: date) -> str:
        """Its name as the country says it; "" on other days."""
        if not self.holiday(day):
            return ""
        if day.year not in self._here:
            import holidays  # here: it takes a while, and not every process asks

            plain: Any = holidays.country_holidays(self._country)
            self._here[day.year] = holidays.country_holidays(self._country, years=day.year, language=plain.default_language)
        return str(self._here[day.year].get(day, ""))

    def kinds(self, day: date) -> tuple[str, ...]:
        """All that is special about the day, of KINDS and the names of the planner's own days; nothing on most days."""
        if day not in self._kinds:
            self._kinds[day] = tuple(self._find(day))
        return self._kinds[day]

    def _find(self, day: date) -> list[str]:
        found = []
        to_eid = self._to_eid(day)
        if to_eid is not None and 0 <= to_eid <= 1:
            found.append(LEBARAN)
        elif self.holiday(day):
            found.append(HOLIDAY)
        elif self._names(day.year)[1].get(day):
            found.append(JOINT_LEAVE)
        elif self.holiday(day + timedelta(days=1)):
            found.append(EVE)
        elif self.holiday(day - timedelta(days=1)):
            found.append(AFTER)
        if to_eid is not None:
            for kind, first, last in ((RAMADAN, -29, -1), (BEFORE_LEBARAN, -7, -1), (AFTER_LEBARAN, 2, 8)):
                if first <= to_eid <= last:
                    found.append(kind)
        special = self._special.get(day)
        if special is not None and special.factor is None:
            found.append(special.name)
        return found

    def _to_eid(self, day: date) -> int | None:
        """Days since the next or last first day of Lebaran, negative before it; None more than a month away."""
        for year in (day.year, day.year + 1, day.year - 1):
            for eid, name in self._names(year)[0].items():
                if name.startswith(_EID) and "Second" not in name and "Holiday" not in name and -30 <= (day - eid).days <= 8:
                    return (day - eid).days
        return None

    def _names(self, year: int) -> tuple[Mapping[date, str], Mapping[date, str]]:
        """Public holidays, and days of joint leave, of a year."""
        if not self._country:
            return {}, {}
        if year not in self._years:
            import holidays  # here: it takes a while, and not every process asks

            try:
                plain: Any = holidays.country_holidays(self._country)
            except NotImplementedError as problem:
                raise BadInput(f"Holidays: {problem}", "Use an ISO country code such as ID.") from None
            language = next((each for each in ("en_US", "en") if each in (plain.supported_languages or ())), None)
            found = []
            for kind in ("public", "government"):
                known: Any = {}
                if kind in plain.supported_categories:
                    known = holidays.country_holidays(self._country, years=year, categories=(kind,), language=language)
                found.append({day: str(name) for day, name in known.items() if day.year == year})
            self._years[year] = (found[0], {day: name for day, name in found[1].items() if day not in found[0]})
        return self._years[year]
