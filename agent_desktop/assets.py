"""Addresses of bundled files that change with their content, so that a browser may keep them for ever."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, url_for

_FOLDER = Path(__file__).with_name("static")
_KEPT_S = 365 * 24 * 3600


def set_up_assets(app: Flask) -> None:
    """Give the templates `asset('dist/desk.js')`."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _KEPT_S
    app.jinja_env.globals["asset"] = lambda name: url_for("static", filename=name, v=_mark(name))


@cache
def _mark(name: str) -> str:
    file = _FOLDER / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "none"
