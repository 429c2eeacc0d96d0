"""A desk with Twilio connected, and Twilio as it speaks to it."""

from dataclasses import dataclass
from pathlib import Path

from werkzeug.test import TestResponse

from asterisk_conf.render import Account
from core.database import Database
from core.events import Event, EventKind
from cti.arrivals import Arrivals
from cti.twilio.call_status import interaction_of_call
from cti.twilio.webhooks import Webhooks
from tests.services.desk_house import DeskHouse, build_desk
from tests.twilio_requests import CALL, PUBLIC_URL, TWILIO, signature

ACCOUNT = Account("twilio-0011223344556677", "a-secret-of-the-sip-account")
INTERACTION = interaction_of_call(CALL)


@dataclass
class Twilio:
    """Twilio, as it speaks to our desk."""

    desk: DeskHouse
    arrivals: Arrivals

    def ask(self, name: str, form: dict[str, str], query: str = "", said: str | None = None) -> TestResponse:
        path = f"/carriers/twilio/{name}{query}"
        said = signature(PUBLIC_URL + path, form) if said is None else said
        return self.desk.app.test_client().post(path, data=form, headers={"X-Twilio-Signature": said})

    def told(self) -> list[Event]:
        return self.desk.events(EventKind.CARRIER_STATUS_CHANGED)


def build_twilio(database: Database, redis_url: str, home: Path) -> Twilio:
    """An empty desk with Twilio's addresses on it."""
    desk = build_desk(database, redis_url, home, filled=False)
    settings = desk.app.extensions["halo"].settings
    arrivals = Arrivals(desk.store.redis, settings.arrival_key, desk.clock)
    blueprint = Webhooks(settings, TWILIO, ACCOUNT, database, desk.bus, arrivals, desk.clock).blueprint()
    desk.app.register_blueprint(blueprint)
    desk.app.extensions["csrf"].exempt(blueprint)
    return Twilio(desk, arrivals)
