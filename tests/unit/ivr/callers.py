"""Callers of the self-service tests: a desk on which customer 7 has a PIN, and a call from the greeting to its outcome."""

from collections.abc import Sequence

from crm.customer_numbers import customer_number
from ivr.desk import CallerFacts
from ivr.flow import Condition
from ivr.flow_run import run_flow
from ivr.line import Heard
from ivr.outcome import Outcome
from ivr.runner import run
from tests.unit.ivr.fake_desk import KNOWN_ANI, OTHER_ORDER, OWN_ORDER, PIN, SHARED_ANI, FakeDesk
from tests.unit.ivr.fake_line import FakeLine, visit

NUMBER_7, NUMBER_8 = customer_number(100_007), customer_number(100_008)
SEVEN = CallerFacts(7, "id", "regular", NUMBER_7, OWN_ORDER, True)
EIGHT = CallerFacts(8, "id", "regular", NUMBER_8, OTHER_ORDER)


def desk_with_pin() -> FakeDesk:
    """The customer who calls from KNOWN_ANI has a PIN; the other one on SHARED_ANI has none."""
    desk = FakeDesk()
    desk.callers_by_number = {KNOWN_ANI: (SEVEN,), SHARED_ANI: (EIGHT, SEVEN)}
    desk.pins = {7: PIN}
    return desk


def call(does: Sequence[str | Heard], desk: FakeDesk | None = None, ani: str = KNOWN_ANI) -> tuple[FakeLine, Outcome]:
    """A call of somebody who does these things; the line with what they heard, and where they ended."""
    line = FakeLine(does, ani=ani)
    caller = visit(line, desk or desk_with_pin())
    caller.holds = frozenset({Condition.CARDS})
    return line, run(run_flow, caller)
