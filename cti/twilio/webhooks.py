"""The addresses that Twilio calls: a call that comes in, what became of it, messages and what became of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from asterisk_conf.render import Account
from core.bus import EventBus
from core.clock import Clock
from core.database import Database
from core.errors import BadInput, Unavailable
from core.log import get_log, interaction_context
from core.settings import Settings
from core.twilio_settings import TwilioSettings
from crm.phone_numbers import to_e164
from cti.arrivals import EXPECTED_S, Arrival, Arrivals
from cti.twilio.answers import Answers
from cti.twilio.call_status import call_of, dialled_event, interaction_of_call, status_event
from cti.twilio.message_news import take_in_message, take_in_state
from cti.twilio.signature import Signatures

ADDRESS = "/carriers/twilio"
_OVER = frozenset({"completed", "answered", "canceled"})  # they talked, or the caller gave up

log = get_log(__name__)
_View = Callable[[], ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What the addresses work with. `account` is the SIP account that Twilio is told."""

    settings: Settings
    twilio: TwilioSettings
    account: Account
    database: Database
    bus: EventBus
    arrivals: Arrivals
    clock: Clock

    def blueprint(self) -> Blueprint:
        """The addresses, each behind the signature check. They take no cookie: leave them out of the CSRF check."""
        blueprint = Blueprint("twilio", __name__, url_prefix=ADDRESS)
        signatures = Signatures(self.twilio)
        views = {
            "voice": self._voice, "dialled": self._dialled, "status": self._status, "message": self._message,
            "message-status": self._message_status,
        }  # fmt: skip
        for name, view in views.items():
            blueprint.add_url_rule(f"/{name}", name, _checked(signatures, view), methods=["POST"])
        return blueprint

    # ---- calls -------------------------------------------------------------------------------------------------

    def _voice(self) -> ResponseReturnValue:
        """A call comes in: it gets its interaction id here, and is brought to our SIP port."""
        return self._bring(again=False)

    def _dialled(self) -> ResponseReturnValue:
        """The leg to us is over. When it never was, Asterisk may be starting: one more try, then the engaged tone."""
        event = dialled_event(request.form, self.clock.now())
        self.bus.publish(event)
        answers = Answers(self.twilio, self.account)
        if event.data["status"] in _OVER:
            return _twiml(answers.end_call())
        again = request.args.get("again") == "1"
        with interaction_context(event.interaction_id):
            log.error("twilio_call_not_taken", status=event.data["status"], sip_code=event.data["sip_code"], last_try=again)
        return _twiml(answers.engaged()) if again else self._bring(again=True)

    def _status(self) -> ResponseReturnValue:
        """Something became of a call."""
        self.bus.publish(status_event(request.form, self.clock.now()))
        return "", 204

    def _bring(self, again: bool) -> ResponseReturnValue:
        form = request.form
        interaction_id = interaction_of_call(call_of(form))
        arrival = Arrival(interaction_id, ani=self._number(form.get("From", "")), dnis=self._number(form.get("To", "")))
        token = ""
        with interaction_context(interaction_id):
            try:
                token = self.arrivals.expect(arrival, self.clock.now() + timedelta(seconds=EXPECTED_S))
                if not again:
                    self.bus.publish(status_event(form, self.clock.now()))
            except Unavailable as problem:
                # The call goes on without: the dialplan gives it an id, and the caller to an agent's phone if need be.
                log.warning("twilio_call_unannounced", why=problem.code)
            log.info("twilio_call", again=again, announced=bool(token))
        number = arrival.dnis or self.settings.hotline_number
        return _twiml(Answers(self.twilio, self.account).bring_call(number, interaction_id, token, again))

    def _number(self, text: str) -> str:
        """A number as E.164. Twilio writes a withheld one as digits that spell a word, which are no valid number: ""."""
        return to_e164(text, self.settings.country) or ""

    # ---- text messages -----------------------------------------------------------------------------------------

    def _message(self) -> ResponseReturnValue:
        """Somebody texts us: STOP and START count."""
        number = to_e164(request.form.get("From", ""), self.settings.country)
        with self.database.writing() as session:
            answer = take_in_message(session, number, request.form, self.clock.now())
            session.commit()
        return _twiml(answer)

    def _message_status(self) -> ResponseReturnValue:
        """Something became of a message of ours."""
        with self.database.writing() as session:
            take_in_state(session, request.args.get("message", ""), request.form, self.clock.now())
            session.commit()
        return "", 204


def _checked(signatures: Signatures, view: _View) -> _View:
    @wraps(view)
    def checked() -> ResponseReturnValue:
        if not signatures.is_right(request):
            return Response("This address is for Twilio.\n", 403, mimetype="text/plain")
        try:
            return view()
        except BadInput as problem:
            log.warning("twilio_request_unfit", address=request.path, why=problem.message)
            return Response(f"{problem.message}\n", 400, mimetype="text/plain")
        except (Unavailable, SQLAlchemyError) as problem:
            log.warning("twilio_request_failed", address=request.path, why=type(problem).__name__)
            return Response("Not just now.\n", 503, mimetype="text/plain")

    return checked


def _twiml(text: str) -> Response:
    return Response(text, mimetype="text/xml")
