"""The desk process: gunicorn calls `create_app` in its worker."""

from flask import Flask

import agent_desktop
from core.bus import EventBus
from core.clock import SystemClock
from core.database import Database
from core.log import configure_logging
from core.settings import load_settings
from routing.live import LiveStore


def create_app() -> Flask:
    """The pages and the API, on this installation's database, live state and event log. Raises SettingsError."""
    settings = load_settings()
    configure_logging("desk")
    database = Database(settings.database)
    store = LiveStore(settings.redis_url)
    bus = EventBus(settings.redis_url)
    return agent_desktop.create_app(settings, database, store, bus, SystemClock())
