"""What Twilio is told to do with a call, as TwiML."""

from urllib.parse import quote, urlencode

from twilio.twiml.voice_response import Dial, VoiceResponse

from asterisk_conf import names
from asterisk_conf.render import Account
from core.twilio_settings import TwilioSettings

RING_S = 20  # our Asterisk answers at once, or is not there
LONGEST_ADDRESS = 255


class Answers:
    """TwiML that brings a call to our SIP port as `account`, which only Twilio is told."""

    def __init__(self, twilio: TwilioSettings, account: Account) -> None:
        self._twilio, self._account = twilio, account

    def bring_call(self, number: str, interaction_id: str, token: str, again: bool = False) -> str:
        """Dial our SIP port for the number that was dialled. `token` "": the call brings no interaction id with it."""
        headers = {names.HEADER_INTERACTION: interaction_id, names.HEADER_PROOF: token} if token else {}
        address = f"sip:{quote(number, safe='+')}@{self._twilio.sip_address}"
        if headers:
            address += f"?{urlencode(headers)}"
        answer = VoiceResponse()
        # The caller hears ringing, and pays nothing, until our Asterisk has answered.
        dial = Dial(answer_on_bridge=True, timeout=RING_S, action=self._webhook("dialled", again=again), method="POST")
        dial.sip(
            address, username=self._account.user, password=self._account.secret, status_callback=self._webhook("status"),
            status_callback_event="answered completed", status_callback_method="POST",
        )  # fmt: skip
        answer.append(dial)
        return str(answer)

    def end_call(self) -> str:
        """The talk is over."""
        answer = VoiceResponse()
        answer.hangup()
        return str(answer)

    def engaged(self) -> str:
        """We can't be reached: the caller hears the tone for it, and is not charged."""
        answer = VoiceResponse()
        answer.reject(reason="busy")
        return str(answer)

    def _webhook(self, name: str, again: bool = False) -> str:
        return f"{self._twilio.public_url}/carriers/twilio/{name}{'?again=1' if again else ''}"
