"""The real library against a stand-in for Twilio's REST API: what each end of a request means for the message."""

import logging

import pytest

from core.errors import HaloError
from cti.twilio.api import TwilioApi
from cti.twilio.errors import NotTaken, OutcomeUnknown, Refused, from_twilio
from tests.conftest import free_port
from tests.twilio_requests import TWILIO
from tests.twilio_stand_in import LOST, SILENT, StandIn, stand_in

NUMBER, TEXT = "+628112345678", "Pesanan HALO-1 tiba besok. Ketik é, €, 😀 & = + % juga sampai."
STATUS_URL = "https://halo.example.com/carriers/twilio/message-status?message=1"


def api(there: StandIn | str, timeout_s: float = 5.0, **changed: object) -> TwilioApi:
    url = there if isinstance(there, str) else there.url
    return TwilioApi(TWILIO.model_copy(update={"api_url": url, **changed}), timeout_s)


def problem_of(plan: str, **changed: object) -> tuple[HaloError, StandIn]:
    with stand_in(plan=[plan]) as there, pytest.raises(HaloError) as raised:
        api(there, **changed).send_text(NUMBER, TEXT, STATUS_URL)
    return raised.value, there


def test_a_message_is_handed_over_whole_and_once():
    with stand_in() as there:
        assert api(there).send_text(NUMBER, TEXT, STATUS_URL) == f"SM{1:032x}"
    (form,) = there.taken
    assert (form["To"], form["From"], form["Body"]) == (NUMBER, TWILIO.from_number, TEXT)
    assert form["StatusCallback"] == STATUS_URL
    assert "MessagingServiceSid" not in form
    assert 0 < int(form["ValidityPeriod"]) <= 36_000
    assert there.asked == 1


def test_a_messaging_service_chooses_the_sender():
    service = "MG" + "a" * 32
    with stand_in() as there:
        api(there, messaging_service_sid=service).send_text(NUMBER, TEXT, STATUS_URL)
    assert there.taken[0]["MessagingServiceSid"] == service
    assert "From" not in there.taken[0]


@pytest.mark.parametrize("number", ["20003", "21211", "21408", "21606", "21610", "21614"])
def test_a_refusal_is_final_and_says_what_to_do(number):
    problem, there = problem_of(number)
    assert isinstance(problem, Refused)
    assert problem.code == f"twilio_{number}"
    assert problem.next_step
    assert not problem.retryable
    assert there.asked == 1
    assert not there.taken


def test_a_wrong_token_is_a_refusal():
    with stand_in() as there, pytest.raises(Refused) as refused:
        TwilioApi(TWILIO.model_copy(update={"api_url": there.url, "account_sid": "AC" + "f" * 32})).send_text(
            NUMBER, TEXT, STATUS_URL
        )
    assert refused.value.code == "twilio_20404"


@pytest.mark.parametrize("plan", ["20429", "http 429"])
def test_too_many_requests_were_not_taken(plan):
    problem, there = problem_of(plan)
    assert isinstance(problem, NotTaken)
    assert problem.retryable
    assert there.asked == 1


def test_no_connection_means_not_taken():
    with pytest.raises(NotTaken):
        api(f"http://127.0.0.1:{free_port()}").send_text(NUMBER, TEXT, STATUS_URL)


def test_no_such_host_means_not_taken():
    with pytest.raises(NotTaken):
        api("http://no-such-host.invalid").send_text(NUMBER, TEXT, STATUS_URL)


def test_a_server_without_a_good_certificate_gets_nothing():
    with stand_in() as there, pytest.raises(NotTaken):
        api(there.url.replace("http:", "https:")).send_text(NUMBER, TEXT, STATUS_URL)
    assert not there.taken


@pytest.mark.parametrize("plan", ["20500", "http 500", "http 502", "http 503", "http 408", "http 301", LOST])
def test_a_server_error_or_a_lost_answer_says_nothing(plan):
    problem, there = problem_of(plan)
    assert isinstance(problem, OutcomeUnknown)
    assert not problem.retryable
    assert there.asked == 1, "nothing in between tries again by itself"


def test_silence_ends_in_time_and_says_nothing():
    problem, there = problem_of(SILENT, timeout_s=0.3)
    assert isinstance(problem, OutcomeUnknown)
    assert there.asked == 1


def test_an_answer_that_is_none_says_nothing():
    problem, _ = problem_of("http 201")
    assert isinstance(problem, OutcomeUnknown)


@pytest.mark.parametrize("plan", ["21211", "21614", "20429", "20500", LOST])
def test_neither_errors_nor_logs_have_number_text_or_token(plan, caplog):
    caplog.set_level(logging.DEBUG)
    problem, _ = problem_of(plan)
    for said in (str(problem), repr(problem), repr(problem.__cause__), caplog.text):
        assert "8112345678" not in said
        assert "tiba besok" not in said
        assert TWILIO.auth_token.get_secret_value() not in said
    assert problem.__suppress_context__


def test_whatever_else_is_raised_counts_as_unknown():
    assert isinstance(from_twilio(KeyError("sid")), OutcomeUnknown)
