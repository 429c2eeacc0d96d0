"""Twilio's refusals and the network's failures as errors of ours: the one place that knows their codes and texts.

What matters of each is whether Twilio surely did not take the message. None of ours carries Twilio's text: it has numbers in it.
"""

from twilio.base.exceptions import TwilioException

from core.errors import HaloError, Unavailable

UNSUBSCRIBED = "twilio_21610"
_TOO_MANY_REQUESTS, _TIMED_OUT = 429, 408
_NEXT_STEPS = {
    20003: "Check HALO_TWILIO_ACCOUNT_SID and HALO_TWILIO_AUTH_TOKEN.",
    21211: "Nothing: the number does not exist.",
    21408: "Allow the country in Twilio's console, under Messaging, Geo permissions.",
    21606: "Check HALO_TWILIO_FROM_NUMBER: it must be the account's own and able to send messages.",
    21608: "A trial account sends to verified numbers only: upgrade it in Twilio's console.",
    21610: "Nothing: the person wants no messages.",
    21614: "Nothing: the number takes no messages.",
    21659: "Check HALO_TWILIO_FROM_NUMBER: it must be the account's own and able to send messages.",
    21703: "Put a number into the messaging service in Twilio's console.",
}
_LOOK_UP = "Look the code up in Twilio's documentation of errors."


class NotTaken(Unavailable):
    """Twilio surely has not taken the message; later it may."""

    code = "twilio_not_taken"


class Refused(HaloError):
    """Twilio will not send this message. `code` is "twilio_" and Twilio's own number for the reason."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Twilio refused a message (error {number}).", _NEXT_STEPS.get(number, _LOOK_UP))
        self.code = f"twilio_{number}"


class OutcomeUnknown(HaloError):
    """Twilio may have taken the message, or not: sending it again might send it twice."""

    code = "text_unknown"


def from_twilio(problem: Exception) -> HaloError:
    """Our error for whatever the library raised while a message was handed over.

    Twilio documents that a request answered with 429 was never processed. A server error or a lost answer says nothing.
    """
    if isinstance(problem, TwilioException):
        return _answered(int(getattr(problem, "status", 0) or 0), int(getattr(problem, "code", 0) or 0))
    if _never_arrived(problem):
        return NotTaken("Twilio can't be reached.", "Check the connection to HALO_TWILIO_API_URL; it is tried again.")
    why = type(problem).__name__
    return OutcomeUnknown(
        f"Twilio's answer did not arrive ({why}).", "Look for the message in Twilio's log before sending it again."
    )


def _answered(status: int, number: int) -> HaloError:
    if status == _TOO_MANY_REQUESTS:
        return NotTaken("Twilio takes no more messages just now.", "Nothing: it is tried again.")
    if 400 <= status < 500 and status != _TIMED_OUT:
        return Refused(number or status)
    return OutcomeUnknown(f"Twilio answered with HTTP {status}.", "Look for the message in Twilio's log before sending it again.")


def _never_arrived(problem: Exception) -> bool:
    """Whether there was no connection over which the message could have gone."""
    # Here, because importing them binds a socket, to see whether there is IPv6.
    import requests
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    if isinstance(problem, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError):
        return True
    reason = problem.args[0] if isinstance(problem, requests.exceptions.ConnectionError) and problem.args else None
    return isinstance(reason, MaxRetryError) and isinstance(reason.reason, NewConnectionError)
