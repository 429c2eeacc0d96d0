"""The desk with Twilio connected: what Twilio asks for, and what it is told."""

from datetime import timedelta
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
import redis
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from asterisk_conf import names
from core.database import Database
from core.event_archive import ArchivedEvent
from core.events import EventKind
from crm.contact_history import Interaction
from cti.arrivals import EXPECTED_S
from cti.call_log import CallLog
from tests.services.twilio_house import ACCOUNT, INTERACTION, Twilio
from tests.twilio_requests import PUBLIC_URL, TWILIO, recorded, signature


def dialled(answer: TestResponse) -> tuple[str, str]:
    """The address that Twilio is told to dial, and the offer in its headers."""
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    address, _, headers = (ElementTree.fromstring(answer.text).findtext("Dial/Sip") or "").partition("?")
    said = parse_qs(headers)
    return address, ".".join(said[name][0] for name in (names.HEADER_INTERACTION, names.HEADER_PROOF) if name in said)


def test_a_call_is_brought_to_our_sip_port_under_an_id_that_only_it_can_claim(twilio: Twilio):
    address, offer = dialled(twilio.ask("voice", recorded("voice")))
    assert address == "sip:+622150001234@halo.example.com:5060"
    arrival = twilio.arrivals.claim(offer)
    assert arrival is not None
    assert (arrival.interaction_id, arrival.ani, arrival.dnis) == (INTERACTION, "+628112345678", "+622150001234")
    assert [(event.interaction_id, event.data["status"]) for event in twilio.told()] == [(INTERACTION, "ringing")]


@pytest.mark.parametrize("withheld", ["+266696687", "+7378742883", "+2562533", "+8656696", "+86282452253", "anonymous", ""])
def test_a_withheld_number_is_no_number(twilio: Twilio, withheld: str):
    """Twilio spells ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on the keys of a phone."""
    _, offer = dialled(twilio.ask("voice", recorded("voice", From=withheld, Caller=withheld)))
    arrival = twilio.arrivals.claim(offer)
    assert arrival is not None
    assert arrival.ani == ""


def test_a_dialled_number_that_is_none_leads_to_the_hotline(twilio: Twilio):
    address, _ = dialled(twilio.ask("voice", recorded("voice", To="sip:hotline@halo.sip.twilio.com")))
    assert address == "sip:1500400@halo.example.com:5060"


def test_the_webhook_sent_again_announces_the_same_call(twilio: Twilio):
    first, second = (dialled(twilio.ask("voice", recorded("voice")))[1] for _ in range(2))
    assert first == second
    assert len({event.key for event in twilio.told()}) == 1


@pytest.mark.parametrize("name", ["voice", "dialled", "status", "message", "message-status"])
@pytest.mark.parametrize("said", ["", "bm90IHR3aWxpbw=="])
def test_nobody_but_twilio_is_heard(twilio: Twilio, name: str, said: str):
    with capture_logs() as lines:
        answer = twilio.ask(name, recorded("voice"), said=said)
    assert answer.status_code == 403
    assert twilio.told() == []
    (line,) = [line for line in lines if line["event"] == "twilio_request_refused"]
    assert line["address"] == f"{PUBLIC_URL}/carriers/twilio/{name}"


def test_a_signature_for_one_address_opens_no_other(twilio: Twilio):
    form = recorded("status_completed")
    said = signature(f"{PUBLIC_URL}/carriers/twilio/status", form)
    assert twilio.ask("status", form, said=said).status_code == 204
    assert twilio.ask("status", form, query="?x=1", said=said).status_code == 403
    assert twilio.ask("voice", form, said=said).status_code == 403


def test_only_a_form_that_is_posted_is_taken(twilio: Twilio):
    assert twilio.desk.app.test_client().get("/carriers/twilio/voice").status_code == 405


def test_status_callbacks_in_any_order_and_twice_end_on_record_once(twilio: Twilio, database: Database):
    for name in ("leg_completed", "status_completed", "leg_answered", "leg_completed", "status_completed"):
        assert twilio.ask("status", recorded(name)).status_code == 204
    call_log = CallLog(database, twilio.desk.bus)
    assert call_log.write_next(wait_s=0) == 5
    with database.reading() as session:
        rows = session.query(ArchivedEvent).filter_by(kind=EventKind.CARRIER_STATUS_CHANGED.value).all()
        assert sorted((row.data["leg"], row.data["status"]) for row in rows) == [
            ("caller", "completed"),
            ("sip", "completed"),
            ("sip", "in-progress"),
        ]
        assert {row.interaction_id for row in rows} == {INTERACTION}
        assert session.get(Interaction, INTERACTION) is None, "a status alone is no interaction"


def test_when_the_talk_is_over_the_call_is(twilio: Twilio):
    answer = twilio.ask("dialled", recorded("dialled_completed"))
    assert [child.tag for child in ElementTree.fromstring(answer.text)] == ["Hangup"]


def test_a_caller_who_gave_up_while_it_rang_is_not_dialled_for_again(twilio: Twilio):
    answer = twilio.ask("dialled", recorded("dialled_failed", DialCallStatus="canceled"))
    assert [child.tag for child in ElementTree.fromstring(answer.text)] == ["Hangup"]


@pytest.mark.parametrize("status", ["failed", "busy", "no-answer"])
def test_when_asterisk_does_not_answer_there_is_one_more_try_and_then_the_engaged_tone(twilio: Twilio, status: str):
    form = recorded("dialled_failed", DialCallStatus=status)
    twilio.ask("voice", recorded("voice"))
    twilio.desk.clock.advance(20)
    with capture_logs() as lines:
        second_try = twilio.ask("dialled", form)
    address, offer = dialled(second_try)
    assert address == "sip:+622150001234@halo.example.com:5060"
    arrival = twilio.arrivals.claim(offer)
    assert arrival is not None
    assert arrival.interaction_id == INTERACTION
    assert {"twilio_call_not_taken"} <= {line["event"] for line in lines}
    over = twilio.ask("dialled", form, query="?again=1")
    assert [child.tag for child in ElementTree.fromstring(over.text)] == ["Reject"]
    assert [event.data["sip_code"] for event in twilio.told() if event.data["leg"] == "sip"] == [503, 503]


def test_without_redis_the_call_comes_all_the_same(twilio: Twilio, monkeypatch):
    monkeypatch.setattr(twilio.desk.store.redis, "connection_pool", nowhere())
    address, offer = dialled(twilio.ask("voice", recorded("voice")))
    assert address == "sip:+622150001234@halo.example.com:5060"
    assert offer == ""


@pytest.mark.parametrize(("name", "changed"), [("voice", {"CallSid": "x"}), ("status", {"CallStatus": "<b>"}), ("dialled", {})])
def test_a_signed_request_that_makes_no_sense_is_refused(twilio: Twilio, name: str, changed: dict[str, str]):
    assert twilio.ask(name, recorded("voice", **changed)).status_code == 400


def test_no_log_line_has_a_number_or_a_secret(twilio: Twilio):
    with capture_logs() as lines:
        twilio.ask("voice", recorded("voice"))
        twilio.ask("dialled", recorded("dialled_failed"))
        twilio.ask("status", recorded("leg_failed"))
        twilio.ask("status", recorded("voice"), said="wrong")
    assert lines
    for hidden in ("8112345678", ACCOUNT.secret, TWILIO.auth_token.get_secret_value()):
        assert hidden not in str(lines)


def test_the_token_is_short_lived(twilio: Twilio):
    _, offer = dialled(twilio.ask("voice", recorded("voice")))
    assert timedelta(minutes=5) >= timedelta(seconds=EXPECTED_S)
    twilio.desk.clock.advance(EXPECTED_S)
    assert twilio.arrivals.claim(offer) is None


def nowhere():
    """A pool of connections to a Redis that is not there."""
    return redis.ConnectionPool.from_url("redis://127.0.0.1:1/0", decode_responses=True)
