"""The text editor writes its own styles: what lets them into the pages that have one, and into no other."""

import secrets

from flask import Response, g


def let_editor_in() -> str:
    """This page has an editor; returns the nonce that its styles carry."""
    g.style_nonce = secrets.token_urlsafe(18)
    return str(g.style_nonce)


def nonce_of(response: Response) -> str:
    """What lets the editor's own styles into this page, "" on every other one."""
    return str(g.get("style_nonce", "")) if response.mimetype == "text/html" else ""
