import threading
from collections.abc import Iterator

import pytest

from core.clock import stopwatch_s
from core.errors import Unavailable
from ivr.backend import PatientDesk
from ivr.desk import CallerFacts
from ivr.flows.hotline import run_hotline
from ivr.outcome import RouteTo
from ivr.runner import run
from tests.unit.ivr.fake_desk import KNOWN_ANI, OWN_ORDER, FakeDesk
from tests.unit.ivr.fake_line import FakeLine, visit

LIMIT_S = 0.05


class StuckDesk(FakeDesk):
    """Answers nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.asked = 0

    def callers(self, e164: str) -> tuple[CallerFacts, ...]:
        self.asked += 1
        self.let_go.wait(10)
        return super().callers(e164)


class BrokenDesk(FakeDesk):
    def callers(self, e164: str) -> tuple[CallerFacts, ...]:
        raise RuntimeError(f"SELECT … WHERE e164 = {e164}")


@pytest.fixture
def stuck() -> Iterator[StuckDesk]:
    desk = StuckDesk()
    yield desk
    desk.let_go.set()


def test_answers_pass_through_unchanged() -> None:
    desk, plain = PatientDesk(FakeDesk()), FakeDesk()
    assert desk.callers(KNOWN_ANI) == plain.callers(KNOWN_ANI)
    assert desk.order(OWN_ORDER) == plain.order(OWN_ORDER)
    assert desk.newest_order(7) == plain.newest_order(7)
    assert desk.open_bills(7) == plain.open_bills(7)


def test_a_stuck_back_end_is_left_after_the_limit_and_not_asked_again_in_the_same_call(stuck: StuckDesk) -> None:
    desk = PatientDesk(stuck, LIMIT_S)
    started = stopwatch_s()
    for _ in range(50):
        with pytest.raises(Unavailable):
            desk.callers(KNOWN_ANI)
    assert stuck.asked == 1
    assert stopwatch_s() - started < 20 * LIMIT_S


def test_a_caller_of_a_stuck_back_end_reaches_a_person(stuck: StuckDesk) -> None:
    line = FakeLine(["1", "1", OWN_ORDER])
    assert run(run_hotline, visit(line, PatientDesk(stuck, LIMIT_S))) == RouteTo("general", "back_end_down:order_status", "id")


def test_too_many_stuck_questions_fail_at_once_and_recover(stuck: StuckDesk) -> None:
    for _ in range(64):
        with pytest.raises(Unavailable):
            PatientDesk(stuck, 0.001).callers(KNOWN_ANI)
    fast = PatientDesk(FakeDesk(), 60)
    with pytest.raises(Unavailable):
        fast.callers(KNOWN_ANI)
    stuck.let_go.set()
    for thread in threading.enumerate():
        if thread.name.startswith("crm-"):
            thread.join(5)
    assert PatientDesk(FakeDesk(), 5).callers(KNOWN_ANI) == (CallerFacts(7, "id"),)


def test_a_mistake_in_a_look_up_is_no_answer_and_its_text_goes_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Unavailable) as problem:
        PatientDesk(BrokenDesk()).callers(KNOWN_ANI)
    assert KNOWN_ANI not in str(problem.value)
    assert KNOWN_ANI not in caplog.text
