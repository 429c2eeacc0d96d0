"""How times, amounts and numbers are written for people, in the language of the page."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, format_percent
from flask import Flask

from agent_desktop.languages import language_here
from core.clock import Clock
from core.settings import Settings
from crm.phone_numbers import for_people

_VALUE_STEPS_IDR = (2_000_000, 8_000_000, 20_000_000, 50_000_000)


def rupiah(amount_idr: int) -> str:
    """Rp 412.000 (Indonesian), Rp 412,000 (English)."""
    return f"Rp {format_decimal(amount_idr, locale=language_here())}"


def rupiah_short(amount_idr: int) -> str:
    """Rp 12,4 jt; for a glance."""
    million, thousand = (" jt", " rb") if language_here() == "id" else ("M", "k")
    for size, unit in ((1_000_000, million), (1_000, thousand)):
        if amount_idr >= size:
            return f"Rp {format_decimal(round(amount_idr / size, 1), locale=language_here())}{unit}"
    return rupiah(amount_idr)


def value_level(amount_idr: int) -> int:
    """How many of five bars a customer's lifetime value fills."""
    return 1 + sum(amount_idr >= step for step in _VALUE_STEPS_IDR)


def percent(share: float | None) -> str:
    """0.834 as 83%; a dash for none."""
    return "–" if share is None else str(format_percent(round(share, 2), "#,##0%", locale=language_here()))


def share_words(share: float | None) -> str:
    """0.8342 as 83.4%; a dash for none."""
    return "–" if share is None else str(format_percent(round(share, 3), "#,##0.0%", locale=language_here()))


def decimal(value: float, places: int = 1) -> str:
    """1234.56 as 1.234,6 (Indonesian), 1,234.6 (English)."""
    return str(format_decimal(round(value, places), f"#,##0.{'0' * places}".rstrip("."), locale=language_here()))


def as_typed(value: float) -> str:
    """2.5 as 2,5 (Indonesian), 2.5 (English): as people type it, of two places at most, without separators of thousands."""
    return str(format_decimal(round(value, 2), "0.##", locale=language_here()))


def points(difference: float) -> str:
    """A difference of shares: 0.034 as +3.4, in percentage points."""
    return str(format_decimal(round(100 * difference, 1), "+#,##0.0;-#,##0.0", locale=language_here()))


def signed_rupiah_short(amount_idr: float) -> str:
    """+Rp 12,4 rb."""
    return f"{'-' if amount_idr < 0 else '+'}{rupiah_short(abs(round(amount_idr)))}"


def clock_text(seconds_s: float | None) -> str:
    """A length of time as 2:41 or 1:02:41; a dash for none."""
    if seconds_s is None:
        return "–"
    minutes, seconds = divmod(max(0, int(seconds_s)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def day(when: date | None) -> str:
    """12 Mar 2025."""
    return format_date(when, "d MMM y", locale=language_here()) if when else "–"


def digits(text: str) -> str:
    """A number that is written in digits, with the separators of the language."""
    return str(format_decimal(int(text), locale=language_here()))


def iso_day(text: str) -> str:
    """A day that is written as 2025-03-12."""
    return day(date.fromisoformat(text))


def set_up_formats(app: Flask, settings: Settings, clock: Clock) -> None:
    """Give the templates these as filters; moments are written in the contact center's zone."""
    zone = ZoneInfo(settings.time_zone)

    def moment(at: datetime | None) -> str:
        if at is None:
            return "–"
        local = at.astimezone(zone)
        if local.date() == clock.now().astimezone(zone).date():
            return str(format_time(local, "HH:mm", locale=language_here()))
        pattern = "d MMM HH:mm" if local.year == clock.now().astimezone(zone).year else "d MMM y"
        return str(format_datetime(local, pattern, locale=language_here()))

    def phone(e164: str) -> str:
        return for_people(e164, settings.country)

    app.jinja_env.filters.update(
        rupiah=rupiah,
        rupiah_short=rupiah_short,
        percent=percent,
        share_words=share_words,
        decimal=decimal,
        as_typed=as_typed,
        points=points,
        signed_rupiah_short=signed_rupiah_short,
        clock=clock_text,
        day=day,
        moment=moment,
        phone=phone,
        digits=digits,
        iso_day=iso_day,
        iso_moment=lambda text: moment(datetime.fromisoformat(text)),
        value_level=value_level,
    )
