"""Twilio's REST API, by its own library: one message out."""

import logging

from core.twilio_settings import TwilioSettings
from cti.twilio.errors import OutcomeUnknown, from_twilio

TIMEOUT_S = 10.0
VALID_S = 3600  # an answer that the network delivers later than that would only puzzle


class TwilioApi:
    """Hands messages over. Nothing is sent twice in here: neither the library nor the connection tries again."""

    def __init__(self, twilio: TwilioSettings, timeout_s: float = TIMEOUT_S) -> None:
        self._twilio = twilio
        # Here, because the library's web client binds a socket when it is imported, to see whether there is IPv6.
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        # A connection for each message: on one that was kept open, a request that never arrived looks like a lost answer.
        # The library would log each request, with the account in it; it gets a logger that says nothing.
        web = TwilioHttpClient(pool_connections=False, timeout=timeout_s, logger=logging.Logger("twilio", logging.CRITICAL))
        self._client = Client(twilio.account_sid, twilio.auth_token.get_secret_value(), http_client=web)
        self._client.api.base_url = twilio.api_url

    def send_text(self, to_e164: str, text: str, status_url: str) -> str:
        """Hand one message over; returns Twilio's id of it. Raises NotTaken, Refused or OutcomeUnknown."""
        service = self._twilio.messaging_service_sid
        sender = {"messaging_service_sid": service} if service else {"from_": self._twilio.from_number}
        try:
            answer = self._client.messages.create(
                to=to_e164, body=text, status_callback=status_url, validity_period=VALID_S, **sender
            )  # fmt: skip
        except Exception as problem:  # whatever else the library raises, it does after the request has left
            raise from_twilio(problem) from None
        if not answer.sid:
            raise OutcomeUnknown("Twilio's answer names no message.", "Look for the message in Twilio's log.")
        return str(answer.sid)
