"""What Twilio tells of text messages: what became of ours, and what people send to us."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from twilio.twiml.messaging_response import MessagingResponse

from core.errors import BadInput
from core.log import get_log, interaction_context
from crm.text_messages import TextMessage, TextStatus, allow_texts, say_status, stop_texts
from cti.twilio.errors import UNSUBSCRIBED

# Twilio's words for a message's state. Those on the way out mean that Twilio has it: for us it is sent.
_STATES = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent", "partially_delivered"), TextStatus.SENT),
    **dict.fromkeys(("delivered", "read"), TextStatus.DELIVERED),
    **dict.fromkeys(("undelivered", "failed", "canceled"), TextStatus.FAILED),
}
_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
_START = frozenset({"START", "UNSTOP", "YES"})
_STOP_HERE, _START_HERE = frozenset({"BERHENTI", "BERHENTI SMS"}), frozenset({"MULAI"})
_STOPPED_REPLY = "Anda tidak akan menerima SMS dari kami lagi. Balas MULAI bila ingin menerimanya kembali."
_STARTED_REPLY = "Anda akan menerima SMS dari kami lagi. Balas BERHENTI bila tidak ingin lagi."

log = get_log(__name__)


def take_in_state(session: Session, message_id: str, form: Mapping[str, str], now: datetime) -> None:
    """What became of a message of ours; told late, early or twice it does no harm. Does not commit. Raises BadInput."""
    state, carrier_id = _STATES.get(form.get("MessageStatus", "")), form.get("MessageSid", "")[:40]
    if state is None or not carrier_id:
        raise BadInput("The request tells no state of a message.", "Point only Twilio's own status callbacks here.")
    ours = session.get(TextMessage, message_id) or session.scalar(select(TextMessage).where(TextMessage.carrier_id == carrier_id))
    if ours is None:
        log.warning("text_not_ours", carrier_id=carrier_id)
        return
    code = form.get("ErrorCode", "")
    error = f"twilio_{code}"[:40] if state is TextStatus.FAILED and code.isdigit() else ""
    if say_status(ours, state, now, carrier_id, error):
        with interaction_context(ours.interaction_id):
            log.info("text_state", message_id=ours.id, state=state.value, why=error)
    if error == UNSUBSCRIBED:
        stop_texts(session, ours.number, now)


def take_in_message(session: Session, number: str | None, form: Mapping[str, str], now: datetime) -> str:
    """A message from `number` (E.164): whether it wants messages. Returns the TwiML that answers it. Does not commit.

    Twilio answers the English words itself, and where a messaging service has words of its own (OptOutType) those, too.
    """
    words = form.get("Body", "").strip(" .!\"'\n\t").upper()
    said, reply = form.get("OptOutType", ""), MessagingResponse()
    stops, starts = said == "STOP" or words in _STOP | _STOP_HERE, said == "START" or words in _START | _START_HERE
    if number is None or not (stops or starts):
        log.info("text_received", kind="other")
        return str(reply)
    log.info("text_received", kind="stop" if stops else "start")
    if stops:
        stop_texts(session, number, now)
    else:
        allow_texts(session, number)
    if not said and words in _STOP_HERE | _START_HERE:
        reply.message(_STOPPED_REPLY if stops else _STARTED_REPLY)
    return str(reply)
