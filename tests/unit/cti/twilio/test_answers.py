"""TwiML that Twilio accepts: by its documentation of <Dial>, <Sip> and <Reject>."""

from datetime import UTC, datetime
from urllib.parse import parse_qs
from xml.etree import ElementTree

from asterisk_conf import names
from asterisk_conf.render import Account
from core.ids import new_id
from core.twilio_settings import TwilioSettings
from cti.arrivals import make_token
from cti.twilio.answers import LONGEST_ADDRESS, Answers
from tests.twilio_requests import TWILIO

ACCOUNT = Account("twilio-0011223344556677", "a&b<c>\"d'e")
INTERACTION = new_id()
TOKEN = make_token(b"k", INTERACTION, datetime(2026, 3, 2, tzinfo=UTC))


def dial(token: str = TOKEN, again: bool = False, twilio: TwilioSettings = TWILIO) -> ElementTree.Element:
    response = ElementTree.fromstring(Answers(twilio, ACCOUNT).bring_call("+622150001234", INTERACTION, token, again))
    assert response.tag == "Response"
    assert [child.tag for child in response] == ["Dial"]
    return response[0]


def test_the_call_is_dialled_to_our_sip_port_with_the_account_and_the_id():
    sip = dial().find("Sip")
    assert sip is not None
    assert (sip.get("username"), sip.get("password")) == (ACCOUNT.user, ACCOUNT.secret)
    address, _, headers = (sip.text or "").partition("?")
    assert address == "sip:+622150001234@halo.example.com:5060"
    assert parse_qs(headers, strict_parsing=True) == {names.HEADER_INTERACTION: [INTERACTION], names.HEADER_PROOF: [TOKEN]}


def test_the_headers_are_such_as_twilio_passes_on():
    """X- in front, but not X-Twilio; their part under 1024 letters, the whole address under 255."""
    longest = TWILIO.model_copy(update={"sip_address": "h" * 60 + ".example.com:65535;transport=udp"})
    text = dial(twilio=longest).findtext("Sip") or ""
    assert len(text) < LONGEST_ADDRESS
    for name in parse_qs(text.partition("?")[2]):
        assert name.startswith("X-")
        assert not name.startswith("X-Twilio")


def test_without_a_token_the_call_comes_without_an_id():
    assert dial(token="").findtext("Sip") == "sip:+622150001234@halo.example.com:5060"


def test_the_caller_hears_ringing_until_we_answer_and_twilio_tells_us_the_end():
    verb = dial()
    assert verb.get("answerOnBridge") == "true"
    assert (verb.get("action"), verb.get("method")) == ("https://halo.example.com/carriers/twilio/dialled", "POST")
    sip = verb.find("Sip")
    assert sip is not None
    assert sip.get("statusCallback") == "https://halo.example.com/carriers/twilio/status"
    assert set((sip.get("statusCallbackEvent") or "").split()) <= {"initiated", "ringing", "answered", "completed"}


def test_the_second_try_says_so():
    assert dial(again=True).get("action") == "https://halo.example.com/carriers/twilio/dialled?again=1"


def test_the_ends_of_a_call():
    answers = Answers(TWILIO, ACCOUNT)
    assert [child.tag for child in ElementTree.fromstring(answers.end_call())] == ["Hangup"]
    (reject,) = ElementTree.fromstring(answers.engaged())
    assert (reject.tag, reject.get("reason")) == ("Reject", "busy")
