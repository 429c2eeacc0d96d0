"""Status callbacks become events that may be told twice, late and out of order."""

from datetime import UTC, datetime

import pytest

from core.errors import BadInput
from core.events import Event, EventKind
from core.ids import is_id
from cti.twilio.call_status import call_of, dialled_event, interaction_of_call, status_event
from tests.twilio_requests import CALL, recorded

NOW = datetime(2026, 3, 2, 5, 10, tzinfo=UTC)
INTERACTION = interaction_of_call(CALL)


def test_a_call_has_one_interaction_however_often_it_is_announced():
    assert is_id(INTERACTION)
    assert interaction_of_call(CALL) == INTERACTION != interaction_of_call(CALL[:-1] + "1")
    assert call_of(recorded("voice")) == CALL


def test_the_end_of_a_call():
    event = status_event(recorded("status_completed"), NOW)
    assert (event.kind, event.interaction_id) == (EventKind.CARRIER_STATUS_CHANGED, INTERACTION)
    assert event.at == datetime(2026, 3, 2, 5, 2, 14, tzinfo=UTC)
    assert event.data == {
        "carrier": "twilio", "carrier_id": CALL, "leg": "caller", "status": "completed", "sequence": 0, "duration_s": 94,
        "sip_code": None,
    }  # fmt: skip
    assert Event.from_json(event.to_json()) == event


@pytest.mark.parametrize(("name", "status", "sip_code"), [("leg_answered", "in-progress", None), ("leg_failed", "failed", 503)])
def test_the_leg_to_us_belongs_to_the_callers_interaction(name, status, sip_code):
    event = status_event(recorded(name), NOW)
    assert (event.interaction_id, event.data["leg"], event.data["status"]) == (INTERACTION, "sip", status)
    assert event.data["sip_code"] == sip_code
    assert event.data["carrier_id"] != CALL


def test_what_is_told_again_is_the_same_event_and_what_differs_is_another():
    names = ("voice", "status_completed", "leg_answered", "leg_completed")
    first = [status_event(recorded(name), NOW).key for name in names]
    again = [status_event(recorded(name), NOW).key for name in names]
    assert first == again
    assert len(set(first)) == len(names)


def test_no_number_is_in_an_event():
    for name in ("voice", "status_completed", "leg_answered", "leg_completed"):
        assert "628112345678" not in status_event(recorded(name), NOW).to_json()
    assert "628112345678" not in dialled_event(recorded("dialled_failed"), NOW).to_json()


def test_the_end_of_dialling():
    event = dialled_event(recorded("dialled_failed"), NOW)
    assert (event.interaction_id, event.at) == (INTERACTION, NOW)
    assert (event.data["status"], event.data["sip_code"], event.data["leg"]) == ("failed", 503, "sip")


@pytest.mark.parametrize("moment", ["", "yesterday", "Mon, 99 Foo 2026 05:02:14 +0000", "2026-03-02T05:02:14Z"])
def test_a_time_that_can_not_be_read_is_now(moment):
    assert status_event(recorded("status_completed", Timestamp=moment), NOW).at == NOW


@pytest.mark.parametrize(
    "changed",
    [
        {"CallSid": ""},
        {"CallSid": "CA1"},
        {"CallStatus": ""},
        {"CallStatus": "<script>"},
        {"CallStatus": "x" * 30},
        {"ParentCallSid": CALL, "CallSid": "CAx"},
    ],
)
def test_what_is_no_status_is_refused(changed):
    with pytest.raises(BadInput) as refused:
        status_event(recorded("status_completed", **changed), NOW)
    assert "script" not in str(refused.value)


def test_strange_figures_are_left_out():
    data = status_event(recorded("status_completed", CallDuration="-4", SequenceNumber="9" * 30), NOW).data
    assert (data["duration_s"], data["sequence"]) == (None, None)
