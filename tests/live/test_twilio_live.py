"""A call by way of Twilio: webhook, TwiML, SIP with its credentials and headers, and the same IVR as every other call.

The second Asterisk does what Twilio's documentation says that Twilio does with this TwiML.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
import requests

from asterisk_conf import names
from asterisk_conf.render import Account
from core.clock import SystemClock
from core.event_archive import ArchivedEvent
from core.events import EventKind
from core.twilio_settings import TwilioSettings, load_twilio
from crm.text_messages import TextMessage, TextStatus
from cti.twilio.call_status import interaction_of_call
from cti.twilio.jobs import messenger_for
from launch.demo.carrier import Call, Carrier, CarrierPorts
from launch.install.asterisk_root import asterisk_program
from launch.sip_accounts import read_twilio_account
from tests.conftest import free_port
from tests.live.callers import interaction_of, press_through
from tests.live.house import House, first_media_port, wait_until
from tests.twilio_requests import PUBLIC_URL, recorded, signature
from tests.twilio_stand_in import stand_in

pytestmark = pytest.mark.one_database

DIALLED = "+622150001234"


@dataclass
class Twilio:
    """Twilio as it works for one account: asks our webhook, and does what the TwiML says."""

    halo: House
    carrier: Carrier

    def new_call(self) -> str:
        return f"CA{secrets.token_hex(16)}"

    def post(self, name: str, form: dict[str, str], query: str = "") -> requests.Response:
        path = f"/carriers/twilio/{name}{query}"
        headers = {"X-Twilio-Signature": signature(PUBLIC_URL + path, form)}
        return requests.post(self.halo.address + path, data=form, headers=headers, timeout=10)

    def ask(self, call: str, caller: str) -> tuple[str, dict[str, str]]:
        """The number in the SIP address that we are told to dial, and the headers."""
        answer = self.post("voice", recorded("voice", CallSid=call, From=caller, Caller=caller))
        answer.raise_for_status()
        sip = ElementTree.fromstring(answer.text).find("Dial/Sip")
        assert sip is not None
        account = read_twilio_account(self.halo.settings.home)
        assert (sip.get("username"), sip.get("password")) == (account.user, account.secret)
        address, _, headers = (sip.text or "").partition("?")
        number, _, host = address.removeprefix("sip:").partition("@")
        assert host == f"127.0.0.1:{self.halo.settings.sip_port}"
        return number, dict(parse_qsl(headers, strict_parsing=True))

    def bring(self, number: str, headers: dict[str, str], caller: str, by: Carrier | None = None) -> Call:
        """Dial our SIP port with these headers."""
        call = (by or self.carrier).dial(number, caller, headers=headers)
        self.halo.calls.append(call)
        return call.wait_answered()


def carrier_with(halo: House, folder: Path, account: Account) -> Carrier:
    ports = CarrierPorts(free_port(), free_port(), first_media_port() + 3800, 198)
    return Carrier(folder, asterisk_program(), ports, halo.settings.sip_port, account)


@pytest.fixture
def twilio(halo: House, tmp_path: Path) -> Iterator[Twilio]:
    with carrier_with(halo, tmp_path, read_twilio_account(halo.settings.home)).running() as carrier:
        yield Twilio(halo, carrier)
        halo.settle()


def test_a_call_by_twilio_is_the_interaction_of_its_webhook(halo: House, twilio: Twilio):
    (caller,) = halo.known_numbers(1)
    sid = twilio.new_call()
    number, headers = twilio.ask(sid, caller)
    assert number == DIALLED
    watch = halo.watch()
    call = twilio.bring(number, headers, caller)
    interaction_id = interaction_of(call, watch)
    assert interaction_id == interaction_of_call(sid) == headers[names.HEADER_INTERACTION]
    # The same flow as for any other call: this caller is known, and asks for a person.
    watch.wait(lambda event: event.kind is EventKind.INTERACTION_IDENTIFIED and event.interaction_id == interaction_id, "the menu")
    press_through(call, interaction_id, watch, "0")
    watch.wait(lambda event: event.kind is EventKind.INTERACTION_QUEUED and event.interaction_id == interaction_id, "the line")
    call.hang_up()
    twilio.post("status", recorded("status_completed", CallSid=sid)).raise_for_status()
    record = halo.interaction(interaction_id)
    assert (record.ani, record.dnis, record.outcome) == (caller, DIALLED, "abandoned")
    assert record.customer_id is not None

    def statuses() -> list[str]:
        with halo.database.reading() as session:
            kind = EventKind.CARRIER_STATUS_CHANGED.value
            return [row.data["status"] for row in session.query(ArchivedEvent).filter_by(interaction_id=interaction_id, kind=kind)]

    wait_until(lambda: statuses() == ["ringing", "completed"], "what Twilio told to be on record")


def test_an_id_forged_on_another_trunk_is_ignored_and_stays_free_for_its_call(halo: House, twilio: Twilio):
    caller = "+628190001111"
    _, headers = twilio.ask(twilio.new_call(), caller)
    watch = halo.watch()
    forged = twilio.bring(halo.settings.hotline_number, headers, "+628190002222", by=halo.carrier)
    assert interaction_of(forged, watch) != headers[names.HEADER_INTERACTION]
    genuine = twilio.bring(DIALLED, headers, caller)
    assert interaction_of(genuine, watch) == headers[names.HEADER_INTERACTION]


def test_an_id_used_twice_or_with_a_wrong_token_costs_no_caller_the_call(halo: House, twilio: Twilio):
    callers = [f"+62819000333{number}" for number in range(3)]
    _, headers = twilio.ask(twilio.new_call(), callers[0])
    watch = halo.watch()
    first = twilio.bring(DIALLED, headers, callers[0])
    first_id = interaction_of(first, watch)
    again = twilio.bring(DIALLED, headers, callers[1])
    wrong = twilio.bring(DIALLED, {**headers, names.HEADER_PROOF: "9999999999." + "0" * 32}, callers[2])
    ids = [first_id, interaction_of(again, watch), interaction_of(wrong, watch)]
    assert ids[0] == headers[names.HEADER_INTERACTION]
    assert len(set(ids)) == 3
    again.hang_up()
    wrong.hang_up()
    assert first.is_up, "the end of a call that used the id again is not the end of its owner's"


def test_without_the_password_nobody_comes_in_as_twilio(halo: House, tmp_path: Path):
    account = read_twilio_account(halo.settings.home)
    with carrier_with(halo, tmp_path, Account(account.user, "not-the-password")).running() as stranger:
        call = stranger.dial(DIALLED, "+628190004444")
        assert call.ended.wait(20)
        assert not call.answered.is_set()


def test_a_text_message_goes_out_by_the_worker_and_comes_back_delivered(halo: House, twilio: Twilio):
    api_port = urlsplit(connected(halo).api_url).port
    assert api_port is not None
    messenger = messenger_for(halo.settings, halo.database, SystemClock())

    def row() -> TextMessage:
        with halo.database.reading() as session:
            return session.get_one(TextMessage, message_id)

    with stand_in(api_port) as there:
        message_id = messenger.send_text("+628112345678", "Pesanan HALO-1 tiba besok.", "")
        wait_until(lambda: row().status == TextStatus.SENT, "the worker to send the message")
    assert [form["Body"] for form in there.taken] == ["Pesanan HALO-1 tiba besok."]
    said = urlsplit(there.taken[0]["StatusCallback"])
    form = recorded("message_delivered", MessageSid=row().carrier_id)
    twilio.post(said.path.rpartition("/")[2], form, query=f"?{said.query}").raise_for_status()
    assert row().status == TextStatus.DELIVERED


def connected(halo: House) -> TwilioSettings:
    twilio = load_twilio(halo.settings.home)
    assert twilio is not None
    return twilio
