"""A flow has the messenger of the process that runs it, and one that is not available where none is set up."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.clock import VirtualClock
from core.database import Database
from cti.twilio.messenger import TwilioMessenger
from ivr import reception as module
from ivr.messages import Messenger, NoMessenger
from ivr.outcome import CallerGone, Outcome
from ivr.reception import Reception
from ivr.visit import Visit
from tests.twilio_requests import TWILIO
from tests.unit.ivr.fake_line import FakeLine

CLOCK = VirtualClock(datetime(2026, 3, 2, 5, 0, tzinfo=UTC))


def messenger_in_the_flow(database: Database, monkeypatch: pytest.MonkeyPatch, given: Messenger | None) -> Messenger:
    seen: list[Messenger] = []

    def flow(visit: Visit) -> Outcome:
        seen.append(visit.messenger)
        return CallerGone()

    monkeypatch.setattr(module, "run_flow", flow)
    Reception(database, CLOCK, "Asia/Jakarta", Path("/nonexistent"), messenger=given).receive("hotline", FakeLine())
    return seen[0]


def test_the_messenger_of_the_process_is_the_flows(database, monkeypatch):
    messenger = TwilioMessenger(TWILIO, database, CLOCK, lambda: None)
    assert messenger_in_the_flow(database, monkeypatch, messenger) is messenger


def test_where_none_is_set_up_none_is_available(database, monkeypatch):
    assert isinstance(messenger_in_the_flow(database, monkeypatch, None), NoMessenger)
