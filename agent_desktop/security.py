"""Headers that keep a page to itself, and the limits on what it may send."""

import re

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect

from agent_desktop.accounts import PLANNING_ROLES, SUPERVISING_ROLES
from agent_desktop.editor_styles import nonce_of
from agent_desktop.hours import LARGEST_RECORDING_BYTES
from agent_desktop.open_streams import TooMany
from agent_desktop.roles import is_api
from agent_desktop.sent_text import LARGEST_TEXT_BYTES
from agent_desktop.services import services
from agent_desktop.sessions import LIFETIME_S, current_user
from agent_desktop.skills import LARGEST_SKILLS_BYTES
from core.settings import Settings

LARGEST_BODY_BYTES = 64 * 1024
MOST_CALLS = 150  # API calls of one user in ten seconds
_LONG_TEXTS = (
    "flow_editor.keep", "flow_publishing.publish", "policy_editor.check", "policy_publishing.publish", "policy_preview.ask",
    "knowledge_editor.save_new", "knowledge_editor.save", "knowledge_editor.preview", "script_editor.keep",
    "script_publishing.publish",
)  # fmt: skip
_TABLES = (
    "forecast_orders.bring_days", "forecast_overruling.bring", "brought_history.bring", "roster_orders.make", "roster_orders.anew",
    "contracts.bring", "roster_rules.check", "roster_rules.publish",
)  # fmt: skip
_MANY_SKILLS = ("skills.change", "skills.check_file")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]{2,45}\]")


class _Cookies(SecureCookieSessionInterface):
    """A session that began by HTTPS is never sent without; on this machine there may be none."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def set_up_security(app: Flask, settings: Settings) -> None:
    """Cookies, CSRF, body size, rate and headers."""
    app.config.update(
        SECRET_KEY=settings.session_key.get_secret_value(),
        SESSION_COOKIE_NAME="halo",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=LIFETIME_S,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # the session's own end bounds it
    )
    app.session_interface = _Cookies()
    app.before_request(_allow_recording)
    CSRFProtect(app)
    app.before_request(_limit_rate)
    app.after_request(_add_headers)


def host_here() -> str:
    """The host name under which this page was opened, without its port; "localhost" for a malformed one."""
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    return name if _HOST.fullmatch(name) else "localhost"


def phone_socket() -> str:
    """The WebSocket address of the browser phone's server."""
    scheme = "wss" if request.is_secure else "ws"
    return f"{scheme}://{host_here()}:{services().settings.asterisk_http_port}/ws"


def _allow_recording() -> None:
    """Sound for callers, a flow, the policy and everybody's skills are long; only those who may change them may send so much."""
    user = current_user()
    if request.endpoint in _LONG_TEXTS and user is not None and user.role in SUPERVISING_ROLES:
        request.max_content_length = LARGEST_TEXT_BYTES
    if request.endpoint in _TABLES and user is not None and user.role in PLANNING_ROLES:
        request.max_content_length = LARGEST_TEXT_BYTES
    if request.endpoint in _MANY_SKILLS and user is not None and user.role in SUPERVISING_ROLES:
        request.max_content_length = LARGEST_SKILLS_BYTES
    if request.endpoint == "hours.close" and user is not None and user.role in SUPERVISING_ROLES:
        request.max_content_length = LARGEST_RECORDING_BYTES


def _style_source(response: Response) -> str:
    nonce = nonce_of(response)
    return f"style-src 'self' 'nonce-{nonce}'" if nonce else "style-src 'self'"


def _limit_rate() -> None:
    user = current_user()
    if user is not None and is_api() and services().memory.calls_lately(user.id) > MOST_CALLS:
        raise TooMany("This page asks too often.", "Wait ten seconds.")


def _add_headers(response: Response) -> Response:
    socket = phone_socket()
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'", "script-src 'self'", _style_source(response), "img-src 'self' data:",
            f"connect-src 'self' {socket}", "media-src 'self' blob: mediastream:", "form-action 'self'", "frame-ancestors 'none'",
            "base-uri 'none'", "manifest-src 'self'",
        )
    )  # fmt: skip
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=(), payment=()"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
