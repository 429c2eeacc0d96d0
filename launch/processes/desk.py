"""The desk process: gunicorn calls `create_app` in its worker."""

from flask import Flask

from agent_desktop.app import create_app as create_desk
from core.bus import EventBus
from core.clock import SystemClock
from core.database import Database
from core.log import configure_logging
from core.settings import load_settings
from core.twilio_settings import load_twilio
from cti.arrivals import Arrivals
from cti.twilio.webhooks import Webhooks
from launch.flow_press import InstalledPress
from launch.policy_press import InstalledPolicyPress
from launch.sip_accounts import read_twilio_account
from routing.live import LiveStore


def create_app() -> Flask:
    """The pages and the API, on this installation's database, live state and event log. Raises SettingsError."""
    settings = load_settings()
    configure_logging("desk")
    database = Database(settings.database)
    store = LiveStore(settings.redis_url)
    bus = EventBus(settings.redis_url)
    clock = SystemClock()
    presses = InstalledPress(settings), InstalledPolicyPress(settings)
    app = create_desk(settings, database, store, bus, clock, *presses)
    twilio = load_twilio(settings.home)
    if twilio is not None:
        arrivals = Arrivals(store.redis, settings.arrival_key, clock)
        account = read_twilio_account(settings.home)
        webhooks = Webhooks(settings, twilio, account, database, bus, arrivals, clock).blueprint()
        app.register_blueprint(webhooks)
        app.extensions["csrf"].exempt(webhooks)  # they take no cookie; each request is signed
    return app
