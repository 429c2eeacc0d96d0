"""Numbers, money, dates and order numbers as people say them, in Indonesian and English. The result is plain words."""

import math
from datetime import date, time, timedelta
from functools import lru_cache

from babel.dates import format_date
from num2words import num2words

from core.errors import BadInput

LANGUAGES = ("id", "en")
_MOST_IN_GROUP = 4
_RUPIAH = "rupiah"
_DAYS_NEAR = {
    "id": {-1: "kemarin", 0: "hari ini", 1: "besok"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}

# From which hour on people speak of which part of the day.
_PARTS_OF_DAY = {
    "id": ((0, "malam"), (1, "dini hari"), (4, "pagi"), (11, "siang"), (15, "sore"), (18, "malam")),
    "en": ((0, "at night"), (1, "in the morning"), (12, "in the afternoon"), (18, "in the evening"), (22, "at night")),
}


def spoken_number(number: int, language: str) -> str:
    """A whole number, zero or more: 412000 -> "empat ratus dua belas ribu". Raises ValueError below zero."""
    if number < 0:
        raise ValueError(f"only numbers from zero are spoken, not {number}")
    return _cardinal(number, _checked(language))


@lru_cache(maxsize=1024)
def _cardinal(number: int, language: str) -> str:
    return _plain(num2words(number, lang=language))


def spoken_money(amount_idr: int, language: str) -> str:
    """An amount in whole rupiah, zero or more: 412000 -> "four hundred and twelve thousand rupiah"."""
    return f"{spoken_number(amount_idr, language)} {_RUPIAH}"


def spoken_date(day: date, today: date, language: str) -> str:
    """A day as people name it: today, tomorrow, yesterday, else weekday, day and month; the year only when it is another."""
    near = _DAYS_NEAR[_checked(language)].get((day - today) // timedelta(days=1))
    if near:
        return near
    weekday, month = format_date(day, "EEEE|MMMM", locale=language).split("|")
    if language == "id":
        words = f"{weekday}, {spoken_number(day.day, 'id')} {month}"
        return words if day.year == today.year else f"{words} {spoken_number(day.year, 'id')}"
    words = f"{weekday} the {_plain(num2words(day.day, lang='en', to='ordinal'))} of {month}"
    return words if day.year == today.year else f"{words} {_plain(num2words(day.year, lang='en', to='year'))}"


def spoken_on_day(day: date, today: date, language: str) -> str:
    """The day as it stands in a sentence: "on Monday the third of February", "hari Senin, tiga Februari", "today"."""
    words = spoken_date(day, today, language)
    if words in _DAYS_NEAR[language].values():
        return words
    return f"hari {words}" if language == "id" else f"on {words}"


def spoken_time(at: time, language: str) -> str:
    """A time of day as people say it: 08:00 -> "delapan pagi", 15:30 -> "half past three in the afternoon", 12:00 -> "noon".

    In Indonesian it follows the word "pukul", which stands in the sentence. Seconds are left out.
    """
    part = [words for hour, words in _PARTS_OF_DAY[_checked(language)] if hour <= at.hour][-1]
    if language == "id":
        hour = spoken_number((at.hour - 1) % 12 + 1, "id")
        return f"{hour} lewat {spoken_number(at.minute, 'id')} menit {part}" if at.minute else f"{hour} {part}"
    if at.minute == 0 and at.hour % 12 == 0:
        return "noon" if at.hour else "midnight"
    return f"{_english_clock(at.hour, at.minute)} {part}"


def _english_clock(hour: int, minute: int) -> str:
    to_next = minute > 30
    named = spoken_number((hour + to_next - 1) % 12 + 1, "en")
    if minute == 0:
        return named
    minutes = 60 - minute if to_next else minute
    words = {15: "a quarter", 30: "half"}.get(minutes) or spoken_number(minutes, "en")
    if minutes % 5:
        words += " minute" if minutes == 1 else " minutes"
    return f"{words} {'to' if to_next else 'past'} {named}"


def spoken_digits(number: str, language: str) -> str:
    """A number spelled, in groups of at most four with a pause (a comma) between: "47120035" -> "four seven one two, zero …".

    Letters are spelled too; every other sign is left out. "" for nothing to spell.
    """
    signs = [sign.upper() for sign in number if sign.isascii() and sign.isalnum()]
    words = [spoken_number(int(sign), language) if sign.isdigit() else sign for sign in signs]
    groups = math.ceil(len(words) / _MOST_IN_GROUP)
    spoken = []
    for index in range(groups):
        # As even as can be, longer groups first: ten are said as four, three, three.
        first, last = (math.ceil(len(words) * part / groups) for part in (index, index + 1))
        spoken.append(" ".join(words[first:last]))
    return ", ".join(spoken)


def _plain(words: str) -> str:
    return words.replace(",", "").replace("-", " ")


def _checked(language: str) -> str:
    if language not in LANGUAGES:
        raise BadInput(f"Halo does not speak {language!r}.", f"Use one of: {', '.join(LANGUAGES)}.")
    return language
