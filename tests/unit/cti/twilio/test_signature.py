"""Only what our own account signed is believed, whatever stands between Twilio and us."""

import pytest
from flask import Flask, request
from structlog.testing import capture_logs

from core.twilio_settings import TwilioSettings
from cti.twilio.signature import Signatures
from tests.twilio_requests import recorded, signature

# The example of Twilio's own documentation: https://www.twilio.com/docs/usage/security#validating-requests, token 12345.
EXAMPLE = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+12349013030",
    "Digits": "1234",
    "From": "+12349013030",
    "To": "+18005551212",
}
EXAMPLE_SIGNATURE = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


def is_right(path: str, form: dict, said: str | None, public_url: str = "https://mycompany.com", **headers: str) -> bool:
    signatures = Signatures(TwilioSettings(auth_token="12345", public_url=public_url))
    if said is not None:
        headers["X-Twilio-Signature"] = said
    with Flask("x").test_request_context(path, base_url="http://127.0.0.1:8080", method="POST", data=form, headers=headers):
        return signatures.is_right(request)


def test_the_example_of_the_documentation():
    assert is_right("/myapp.php?foo=1&bar=2", EXAMPLE, EXAMPLE_SIGNATURE)
    assert signature("https://mycompany.com/myapp.php?foo=1&bar=2", EXAMPLE, "12345") == EXAMPLE_SIGNATURE


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/myapp.php?foo=1&bar=3", EXAMPLE),
        ("/myapp.php", EXAMPLE),
        ("/myapp.php?foo=1&bar=2", {**EXAMPLE, "Digits": "1235"}),
        ("/myapp.php?foo=1&bar=2", {**EXAMPLE, "Extra": "1"}),
        ("/myapp.php?foo=1&bar=2", {}),
    ],
)
def test_a_changed_request_is_refused(path, form):
    assert not is_right(path, form, EXAMPLE_SIGNATURE)


@pytest.mark.parametrize("said", [None, "", "x", EXAMPLE_SIGNATURE.lower(), EXAMPLE_SIGNATURE[:-1], "é"])
def test_a_wrong_or_missing_signature_is_refused(said):
    assert not is_right("/myapp.php?foo=1&bar=2", EXAMPLE, said)


def test_the_address_is_the_one_that_twilio_asked_for():
    form = recorded("voice")
    said = signature("https://calls.example.com/halo/carriers/twilio/voice", form, "12345")
    assert is_right("/carriers/twilio/voice", form, said, public_url="https://calls.example.com/halo")
    assert not is_right("/carriers/twilio/voice", form, said, public_url="https://calls.example.com")


def test_the_log_says_why_and_where_to_look_and_nothing_of_the_caller():
    for said, headers, why in (
        ("x", {}, "signature_wrong"),
        (None, {}, "signature_missing"),
        ("x", {"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256"}, "signed_with_a_shared_key"),
    ):
        with capture_logs() as lines:
            assert not is_right("/carriers/twilio/voice", recorded("voice"), said, **headers)
        assert lines[0]["why"] == why
        assert lines[0]["address"] == "https://mycompany.com/carriers/twilio/voice"
        assert lines[0]["look_at"]
        assert "8112345678" not in str(lines)
