"""The language of a page: the one chosen, else the account's, else the browser's, else Indonesian."""

from pathlib import Path

from babel import Locale
from flask import Flask, request, session
from flask_babel import Babel, get_locale

from agent_desktop.sessions import current_user
from core.settings import Settings

LANGUAGES = ("id", "en")
DEFAULT_LANGUAGE = "id"
CHOSEN = "language"


def set_up_languages(app: Flask, settings: Settings) -> None:
    """Have every page spoken in the reader's language and the contact center's time zone."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).with_name("translations"))
    Babel(
        app, default_locale=DEFAULT_LANGUAGE, default_timezone=settings.time_zone,
        locale_selector=_choose, timezone_selector=lambda: settings.time_zone,
    )  # fmt: skip


def language_here() -> str:
    """ "id" or "en": the language of the page being made."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else DEFAULT_LANGUAGE


def own_name(language: str) -> str:
    """What those who speak a language call it, so that they find it on a page in another one."""
    return Locale(language).get_language_name(language) or language


def _choose() -> str:
    chosen = session.get(CHOSEN)
    if chosen in LANGUAGES:
        return str(chosen)
    user = current_user()
    if user is not None and user.language in LANGUAGES:
        return user.language
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE
