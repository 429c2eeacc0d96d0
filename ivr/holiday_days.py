"""Public holidays of a country or region, with their names in our languages, as the holidays library knows them."""

import threading
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.errors import BadInput
from ivr.hours import Names

_LIBRARY_LANGUAGES: Mapping[str, tuple[str, ...]] = {"id": ("id",), "en": ("en_US", "en_AU", "en_GB", "en")}
_BETWEEN = "; "  # how the library joins two holidays of one day


class HolidayCalendar:
    """The holidays of `country` (ISO 3166-1, "ID"), `region` ("" or "WA") and `kinds` ("public", "government", "bank" …).

    In Indonesia "government" are the days of joint leave (cuti bersama). Days that depend on the moon are estimates for the
    years that no decree covers yet. Raises BadInput for what the library does not know. Safe to use from many threads.
    """

    def __init__(self, country: str, region: str = "", kinds: tuple[str, ...] = ("public",)) -> None:
        import holidays  # here: it takes a while, and not every process asks

        self._known: dict[int, Mapping[date, Names]] = {}
        self._lock = threading.Lock()
        try:
            plain: Any = holidays.country_holidays(country, subdiv=region or None)
        except NotImplementedError as problem:
            raise BadInput(f"Holidays: {problem}", "Use an ISO country code such as ID, and one of its regions or none.") from None
        unknown = set(kinds) - set(plain.supported_categories)
        if unknown or not kinds:
            raise BadInput(
                f"{country} has no holidays of the kind {', '.join(sorted(unknown)) or 'nothing'}.",
                f"Use some of: {', '.join(sorted(plain.supported_categories))}.",
            )
        spoken = plain.supported_languages or (plain.default_language,)
        languages = {
            language: next((name for name in names if name in spoken), "") for language, names in _LIBRARY_LANGUAGES.items()
        }
        self._calendars: dict[str, Any] = {
            language: holidays.country_holidays(country, subdiv=region or None, categories=kinds, language=name)
            for language, name in languages.items()
            if name
        }
        self._any: Any = holidays.country_holidays(country, subdiv=region or None, categories=kinds)

    def on(self, day: date) -> Names | None:
        """The holiday's names by language; one that the library has no words in is missing. None on any other day."""
        year = self._known.get(day.year)
        if year is None:
            with self._lock:
                year = self._known[day.year] = self._year(day.year)
        return year.get(day)

    def _year(self, year: int) -> Mapping[date, Names]:
        self._any.get(date(year, 1, 1))  # has the library work the year out
        return {day: self._names(day) for day in list(self._any) if day.year == year}

    def _names(self, day: date) -> Names:
        names = {language: str(calendar.get(day) or "") for language, calendar in self._calendars.items()}
        return {language: name.replace(_BETWEEN, ", ") for language, name in names.items() if name}
