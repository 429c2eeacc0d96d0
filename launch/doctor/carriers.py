"""Checks of the carriers that this installation is connected with."""

from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from core.clock import SystemClock
from core.database import Database
from core.errors import HaloError
from core.settings import Settings
from core.twilio_settings import load_twilio
from crm.text_messages import texts_left_unknown
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
        unknown = _unknown_texts(settings, SystemClock().now())
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
    sender = connected.messaging_service_sid or connected.from_number
    return Finding(SUBJECT, True, f"calls come to {connected.sip_address}, messages from {sender}")


def _unknown_texts(settings: Settings, now: datetime) -> int:
    database = Database(settings.database)
    try:
        with database.reading() as session:
            return len(texts_left_unknown(session, now - _LOOK_BACK, now - _SETTLES_WITHIN))
    finally:
        database.dispose()
