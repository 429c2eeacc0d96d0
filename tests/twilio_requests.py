"""Requests of Twilio's in the shapes that its documentation gives, signed as it signs them."""

import base64
import hmac
import json
from hashlib import sha1
from pathlib import Path
from typing import Any

from core.twilio_settings import TwilioSettings

FIXTURES = Path(__file__).with_name("fixtures") / "twilio"
AUTH_TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
PUBLIC_URL = "https://halo.example.com"
CALL = "CA" + "fedcba9876543210" * 2
TWILIO = TwilioSettings(
    account_sid="AC" + "0123456789abcdef" * 2, auth_token=AUTH_TOKEN, from_number="+622150001234", public_url=PUBLIC_URL,
    sip_address="halo.example.com:5060",
)  # fmt: skip


def recorded(name: str, **changed: str) -> dict[str, Any]:
    """One of the recorded requests or answers, with some fields changed."""
    return {**json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8")), **changed}


def signature(url: str, form: dict[str, str], token: str = AUTH_TOKEN) -> str:
    """X-Twilio-Signature as Twilio documents it: the address, then each field's name and value in order of the names."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), sha1).digest()).decode()
