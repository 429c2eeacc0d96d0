"""How a fact is worded: aloud for the ear, written for the eye. The sentences around it are the same."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from babel.dates import format_date

from crm.time_windows import Window
from ivr.spoken import spoken_digits, spoken_money, spoken_number, spoken_on_day, spoken_time


class Wording(Protocol):
    """Words for facts in one `language`. `now` is aware, in the zone that is spoken: its date is today."""

    @property
    def language(self) -> str: ...

    @property
    def now(self) -> datetime: ...

    def digits(self, number: str) -> str:
        """A number that is read digit by digit: an order, a ticket."""
        ...

    def count(self, number: int) -> str:
        """How many."""
        ...

    def money(self, amount_idr: int) -> str:
        """An amount in whole rupiah."""
        ...

    def on_day(self, day: date) -> str:
        """A day inside a sentence: "besok", "on Monday the third of February"."""
        ...

    def times(self, window: Window) -> str:
        """The hours of a window inside a sentence: "antara pukul sembilan pagi dan dua belas siang"."""
        ...


@dataclass(frozen=True, slots=True)
class Aloud:
    """Words to be spoken."""

    language: str
    now: datetime

    def digits(self, number: str) -> str:
        return spoken_digits(number, self.language)

    def count(self, number: int) -> str:
        return spoken_number(number, self.language)

    def money(self, amount_idr: int) -> str:
        return spoken_money(amount_idr, self.language)

    def on_day(self, day: date) -> str:
        return spoken_on_day(day, self.now.date(), self.language)

    def times(self, window: Window) -> str:
        return _between(self.language).format(*(spoken_time(time(hour % 24), self.language) for hour in _hours(window)))


@dataclass(frozen=True, slots=True)
class Written:
    """Words to be read, perhaps tomorrow: days have dates, and numbers figures."""

    language: str
    now: datetime

    def digits(self, number: str) -> str:
        return number

    def count(self, number: int) -> str:
        return str(number)

    def money(self, amount_idr: int) -> str:
        return f"Rp{amount_idr:,}".replace(",", ".") if self.language == "id" else f"IDR {amount_idr:,}"

    def on_day(self, day: date) -> str:
        words = format_date(day, "EEEE d MMMM", locale=self.language)
        return words if self.language == "id" else f"on {words}"

    def times(self, window: Window) -> str:
        point = "." if self.language == "id" else ":"
        return _between(self.language).format(*(f"{hour:02d}{point}00" for hour in _hours(window)))


def _hours(window: Window) -> tuple[int, int]:
    return window.from_hour, window.to_hour


def _between(language: str) -> str:
    return "antara pukul {} dan {}" if language == "id" else "between {} and {}"
