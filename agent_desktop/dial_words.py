"""Calling by hand in the reader's words: what it is for, why it is refused, until when, and what became of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_day_names

from agent_desktop.languages import language_here
from agent_desktop.services import services
from agent_desktop.texts import _, _later
from core.call_hours import CallHours, call_hours
from crm.dialling import DialPurpose, TooEarlyOrLate
from crm.public_holidays import public_holiday

PURPOSES = {DialPurpose.SERVICE: _later("Service call"), DialPurpose.SALES: _later("Sales call")}
MISSED = {
    "busy": _later("The number is busy."),
    "no_answer": _later("Nobody answers."),
    "refused": _later("They have declined the call."),
    "wrong_number": _later("The network does not know this number."),
    "gave_up": _later("You hung up before anybody answered."),
    "failed": _later("The call could not be put through."),
}
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
_HOW = {"hand_over": _later("Hand a caller over to a number outside"), "consult": _later("Ask a number outside")}
_WHY = {
    "number_unknown": _later("no phone number"),
    "number_abroad": _later("abroad"),
    "number_premium": _later("costs more than a usual call"),
    "number_refused": _later("a number that is not called"),
    "dial_unknown_customer": _later("sales call to somebody who is not on record"),
    "dial_shared_number": _later("sales call to a number of several customers"),
    "dial_consent_never_asked": _later("sales call without consent: never asked"),
    "dial_consent_refused": _later("sales call without consent: refused"),
    "dial_hours": _later("not at this hour"),
    "dial_limit": _later("too many calls out"),
}


def how_words(how: str, purpose: str) -> str:
    """What somebody wanted: a sales call, to hand over."""
    return str(_HOW[how]) if how in _HOW else str(PURPOSES.get(DialPurpose(purpose), purpose))


def why_refused_words(why: str) -> str:
    """Why it was refused, in a few words."""
    return str(_WHY.get(why, why))


def hours_refused_words(refused: TooEarlyOrLate, now: datetime) -> tuple[str, str]:
    """What is wrong with the hour, and when it is right."""
    rule = services().settings
    hours = hours_words(call_hours(rule.dial_sales_hours if refused.purpose is DialPurpose.SALES else rule.dial_service_hours))
    what = _("It is %(time)s where they are.", time=there_words(now, refused.zone))
    allowed = (
        _("Sales calls are made %(hours)s there.", hours=hours)
        if refused.purpose is DialPurpose.SALES
        else _("Service calls are made %(hours)s there.", hours=hours)
    )
    if refused.holiday is not None:
        what = _("It is a public holiday where they are: %(name)s.", name=public_holiday(*refused.holiday, language_here()))
    return f"{what} {allowed}", _("They may be called from %(time)s on; be reminded then.", time=moment_here(refused.next_at))


def hours_words(hours: CallHours) -> str:
    """The hours: "Mon–Sat 9:00–18:00"."""
    days, names = sorted(hours.days), get_day_names("abbreviated", locale=language_here())
    when = names[days[0]] if len(days) == 1 else f"{names[days[0]]}–{names[days[-1]]}"
    times = "–".join(f"{minute // 60}:{minute % 60:02}" for minute in (hours.from_min, hours.to_min))
    return f"{when} {times}"


def limit_words(next_at: datetime) -> tuple[str, str]:
    """That it was too often, and when there is one more."""
    return _("You have had as many numbers called as are allowed for now."), _(
        "One more is possible from %(time)s on. Your supervisor can see that you wanted to.", time=moment_here(next_at)
    )


def there_words(now: datetime, zone: str) -> str:
    """The time there: "21:40 WITA"."""
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M} {_ZONES.get(zone, zone.rpartition('/')[2].replace('_', ' '))}"


def moment_here(at: datetime) -> str:
    """A moment on the clock of the contact center: "03.03. 09:00"."""
    return f"{at.astimezone(ZoneInfo(services().settings.time_zone)):%d.%m. %H:%M}"
