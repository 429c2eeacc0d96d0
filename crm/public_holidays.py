"""Public holidays of the country in which somebody is called, as the holidays library knows them."""

from datetime import date
from functools import lru_cache
from typing import Any

_LIBRARYS = {"en": "en_US"}  # its name of our language


def public_holiday(country: str, day: date, language: str = "en") -> str:
    """The name of the public holiday of this country (ISO 3166-1, "ID") on this day, in this language where the library has one;
    "" for none, and of a country that the library does not know."""
    known = _of(country, _LIBRARYS.get(language, language))
    return str(known.get(day, "")) if known is not None else ""


@lru_cache(maxsize=64)
def _of(country: str, language: str) -> Any:
    import holidays  # here: it takes a while, and not every process asks

    try:
        return holidays.country_holidays(country, language=language)
    except NotImplementedError:
        return None
