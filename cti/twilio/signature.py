"""Whether a request came from our own Twilio account."""

from flask import Request
from twilio.request_validator import SIGNATURE_HEADER, SIGNATURE_SETTINGS_HEADER, RequestValidator

from core.log import get_log
from core.twilio_settings import TwilioSettings

log = get_log(__name__)


class Signatures:
    """Checks X-Twilio-Signature against the address that Twilio asked for, which behind a proxy is not the one we see."""

    def __init__(self, twilio: TwilioSettings) -> None:
        self._validator = RequestValidator(twilio.auth_token.get_secret_value())
        self._public_url = twilio.public_url

    def is_right(self, request: Request) -> bool:
        """Whether the request is signed with our account's token; when not, the log says what to look at."""
        url = self._public_url + request.full_path.removesuffix("?")
        said = request.headers.get(SIGNATURE_HEADER, "")
        if said and self._validator.validate(url, request.form, said):
            return True
        if request.headers.get(SIGNATURE_SETTINGS_HEADER):
            why, look_at = "signed_with_a_shared_key", "take the webhook rule off this address in Twilio's console"
        elif said:
            why, look_at = "signature_wrong", "compare the address with the one in Twilio's console, and HALO_TWILIO_AUTH_TOKEN"
        else:
            why, look_at = "signature_missing", "nothing, unless Twilio's own requests are refused: a proxy may drop the header"
        log.warning("twilio_request_refused", why=why, address=url, sender=request.remote_addr, look_at=look_at)
        return False
