"""Checks of the carriers that this installation is connected with."""

from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from core.clock import SystemClock
from core.database import Database
from core.errors import HaloError
from core.settings import Settings
from core.twilio_settings import TwilioSettings, load_twilio
from crm.text_messages import DAY, HOUR, all_texts_since, texts_left_unknown
from launch.doctor.finding import Finding
from launch.sip_accounts import read_twilio_account

SUBJECT = "Twilio"
_LOOK_BACK, _SETTLES_WITHIN = timedelta(days=7), timedelta(minutes=10)


def twilio(settings: Settings) -> Finding:
    """Connected with all that it takes, or not at all; and no text message of the last week is of unknown fate."""
    try:
        connected = load_twilio(settings.home)
        if connected is None:
            return Finding(SUBJECT, True, "not connected (docs/twilio.md says how)")
        read_twilio_account(settings.home)
        unknown, spent = _texts(settings, connected, SystemClock().now())
    except HaloError as problem:
        return Finding(SUBJECT, False, problem.message, problem.next_step)
    except SQLAlchemyError as problem:
        return Finding(
            SUBJECT, False, f"the database does not answer ({type(problem).__name__})", "see the line about the database."
        )
    if unknown:
        return Finding(
            SUBJECT, False, f"{unknown} text messages of the last 7 days: nobody knows whether they were sent",
            "look for 'text_unknown' in './halo logs worker' and for these messages in Twilio's log; they are not sent again.",
        )  # fmt: skip
    if spent:
        return Finding(
            SUBJECT, False, f"no more text messages are sent for now: {spent}",
            "look in the table text_messages whom they go to; if that is right, raise HALO_TWILIO_ALL_TEXTS_PER_HOUR or "
            "HALO_TWILIO_ALL_TEXTS_PER_DAY.",
        )  # fmt: skip
    sender = connected.messaging_service_sid or connected.from_number
    return Finding(SUBJECT, True, f"calls come to {connected.sip_address}, messages from {sender}")


def _texts(settings: Settings, connected: TwilioSettings, now: datetime) -> tuple[int, str]:
    """How many are of unknown fate, and which limit for all numbers together is reached, in words; "" for none."""
    database = Database(settings.database)
    try:
        with database.reading() as session:
            unknown = len(texts_left_unknown(session, now - _LOOK_BACK, now - _SETTLES_WITHIN))
            hour, day = (all_texts_since(session, now - span) for span in (HOUR, DAY))
    finally:
        database.dispose()
    if day >= connected.all_texts_per_day:
        return unknown, f"{day} in the last 24 hours"
    return unknown, f"{hour} in the last hour" if hour >= connected.all_texts_per_hour else ""
