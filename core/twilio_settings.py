"""The settings of Twilio: all of them or none, read once, at start. docs/twilio.md says what to type where."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import SettingsError
from core.settings import SETTINGS_FILE

PREFIX = "HALO_TWILIO_"
_NEEDED = ("account_sid", "auth_token", "public_url", "sip_address")
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")
_SENDERS = ("from_number", "messaging_service_sid")
_SHAPES = {
    "account_sid": (r"AC[0-9a-f]{32}", "AC and 32 hexadecimal digits"),
    "messaging_service_sid": (r"MG[0-9a-f]{32}", "MG and 32 hexadecimal digits"),
    "from_number": (r"\+[1-9]\d{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", "a number such as +622150001234, or a name of 11 letters"),
    "sip_address": (
        r"[A-Za-z0-9.-]{1,100}(:\d{1,5})?(;transport=(udp|tcp))?",
        "a host, and a port unless 5060: halo.example.com:5070",
    ),
}


class TwilioSettings(BaseSettings):
    """What connects this installation with one Twilio account. `public_url` and `api_url` end without a slash."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    account_sid: str = ""
    auth_token: SecretStr = SecretStr("")
    from_number: str = Field("", description="the number, or the name, that text messages come from")
    messaging_service_sid: str = Field("", description="instead of from_number: a messaging service that chooses the number")
    public_url: str = Field(
        "", description="the desk's address as Twilio reaches it, through whatever proxy: https://halo.example.com"
    )
    sip_address: str = Field("", description="our SIP port as Twilio reaches it: host, or host:port")
    api_url: str = Field("https://api.twilio.com", description="Twilio's REST API; another address only for a stand-in")
    texts_per_hour: int = Field(5, ge=1, description="a number is sent no more text messages than this in an hour")
    all_texts_per_hour: int = Field(
        200, ge=1, description="no more text messages than this are sent in an hour, to all numbers together"
    )
    all_texts_per_day: int = Field(1000, ge=1, description="the same for any 24 hours")


def load_twilio(home: Path) -> TwilioSettings | None:
    """The settings of the installation in `home`; None when Twilio is not connected.

    Raises SettingsError that names every missing or wrong one at once: some without the others are refused.
    """
    file = home / SETTINGS_FILE
    try:
        said = TwilioSettings(_env_file=file)  # type: ignore[call-arg]  # pydantic-settings' own argument
    except PermissionError:
        raise SettingsError(f"{file} may not be read by this user.", "Run halo as the user who set it up.") from None
    except ValidationError as problem:  # the fields that are no text
        wrong = [f"{_variable(str(error['loc'][0]))} (a whole number from 1)" for error in problem.errors()]
        raise _error(file, [], wrong) from None
    values = {name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in said}
    if not any(values[name] for name in (*_NEEDED, *_SENDERS)):
        return None
    missing = [_variable(name) for name in _NEEDED if not values[name]]
    if not any(values[name] for name in _SENDERS):
        missing.append(" or ".join(map(_variable, _SENDERS)))
    wrong = [
        f"{_variable(name)} ({wanted})"
        for name, (shape, wanted) in _SHAPES.items()
        if values[name] and not re.fullmatch(shape, values[name])
    ]
    wrong += [
        f"{_variable(name)} (an address with https, such as https://halo.example.com)"
        for name in ("public_url", "api_url")
        if not _is_url(values[name])
    ]
    if missing or wrong:
        raise _error(file, missing, wrong)
    return said.model_copy(update={name: values[name].rstrip("/") for name in ("public_url", "api_url")})


def _is_url(text: str) -> bool:
    """Whether it is an address to which secrets may go: HTTPS, or this machine. "" is missing, not wrong."""
    parts = urlsplit(text)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    return not text or (is_safe and bool(parts.hostname) and not parts.query and not parts.fragment)


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _error(file: Path, missing: list[str], wrong: list[str]) -> SettingsError:
    said = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"wrong: {', '.join(wrong)}"] * bool(wrong)
    return SettingsError(
        f"Twilio is connected with all of its settings or with none; {'; '.join(said)}.",
        f"Give them to ./halo up (docs/twilio.md says what they are), or take all HALO_TWILIO_ lines out of {file}.",
    )
