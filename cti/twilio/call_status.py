"""What Twilio tells of a call, as events of ours. Told twice, late or out of order they do no harm."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from core.errors import BadInput
from core.events import Event, EventKind
from core.ids import derived_id

CARRIER = "twilio"
_CALL = re.compile(r"CA[0-9a-fA-F]{32}")
_STATUS = re.compile(r"[a-z-]{1,20}")


def call_of(form: Mapping[str, str]) -> str:
    """The caller's call in a request of Twilio's, also when it is about the leg to us. Raises BadInput when it names none."""
    for field in ("ParentCallSid", "CallSid"):
        if _CALL.fullmatch(form.get(field, "")):
            return form[field]
    raise BadInput("The request names no call.", "Point only Twilio's own webhooks here.")


def interaction_of_call(call: str) -> str:
    """The interaction id of a call of Twilio's: always the same, so a webhook that is sent again begins no second one."""
    return derived_id(CARRIER, call)


def status_event(form: Mapping[str, str], now: datetime) -> Event:
    """The event in a status callback. Raises BadInput when it is none."""
    leg = "sip" if form.get("ParentCallSid") else "caller"
    sip_code = form.get("SipResponseCode", "")
    return _event(form, leg, form.get("CallSid", ""), form.get("CallStatus", ""), form.get("CallDuration", ""), sip_code, now)


def dialled_event(form: Mapping[str, str], now: datetime) -> Event:
    """The event that the leg to us has ended, or never began. Raises BadInput when it is none."""
    call = form.get("DialCallSid") or form.get("CallSid", "")
    duration, sip_code = form.get("DialCallDuration", ""), form.get("DialSipResponseCode", "")
    return _event(form, "sip", call, form.get("DialCallStatus", ""), duration, sip_code, now)


def _event(
    form: Mapping[str, str], leg: str, call: str, status: str, duration: str, sip_code: str, now: datetime
) -> Event:  # fmt: skip
    interaction_id = interaction_of_call(call_of(form))
    if not _CALL.fullmatch(call) or not _STATUS.fullmatch(status):
        raise BadInput("The request tells no status of a call.", "Point only Twilio's own status callbacks here.")
    sequence = form.get("SequenceNumber", "")
    return Event(
        EventKind.CARRIER_STATUS_CHANGED, _moment(form.get("Timestamp", ""), now), interaction_id,
        data={
            "carrier": CARRIER, "carrier_id": call, "leg": leg, "status": status, "sequence": _number(sequence),
            "duration_s": _number(duration), "sip_code": _number(sip_code),
        },
        key=derived_id(EventKind.CARRIER_STATUS_CHANGED, call, leg, status, sequence),
    )  # fmt: skip


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _moment(text: str, now: datetime) -> datetime:
    """When it happened (RFC 2822), or now."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return now
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
