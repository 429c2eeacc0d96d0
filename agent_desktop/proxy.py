"""What a proxy on this machine says of the browser behind it: its address, and whether it came by HTTPS."""

import ipaddress
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


class LocalProxy:
    """Believes X-Forwarded-For (its last address) and X-Forwarded-Proto of a peer on this machine, and of nobody else.

    Without it everybody has the proxy's own address: who guesses passwords would make all others wait, and what is for this
    machine only would be for everybody.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app, self._behind = app, ProxyFix(app, x_for=1, x_proto=1, x_host=0)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        app = self._behind if is_this_machine(environ.get("REMOTE_ADDR", "")) else self._app
        return app(environ, start_response)


def is_this_machine(address: str) -> bool:
    """Whether a peer's address is a loopback address; what is no address is elsewhere."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def set_up_proxy(app: Flask) -> None:
    """Have every request go through LocalProxy."""
    app.wsgi_app = LocalProxy(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way to add a layer
