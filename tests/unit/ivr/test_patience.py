import threading
from collections.abc import Iterator

import pytest

from core.clock import stopwatch_s
from core.errors import BadInput, Unavailable
from ivr.desk import CallerFacts
from ivr.flow_run import run_flow
from ivr.outcome import RouteTo
from ivr.patience import Patience, within
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


def who(patience: Patience) -> tuple[CallerFacts, ...]:
    return patience.ask("callers", lambda desk: desk.callers(KNOWN_ANI))


def impatient(desk: FakeDesk, limit_s: float = LIMIT_S) -> Patience:
    return Patience(desk, lambda: None, limit_s, limit_s)


def test_answers_pass_through_unchanged() -> None:
    assert who(impatient(FakeDesk(), 5)) == FakeDesk().callers(KNOWN_ANI)


def test_a_stuck_back_end_is_left_after_the_limit_and_not_asked_again_in_the_same_call(stuck: StuckDesk) -> None:
    patience = impatient(stuck)
    started = stopwatch_s()
    for _ in range(50):
        with pytest.raises(Unavailable):
            who(patience)
    assert stuck.asked == 1
    assert stopwatch_s() - started < 20 * LIMIT_S


def test_the_words_that_fill_the_wait_take_of_its_time(stuck: StuckDesk) -> None:
    """Else a caller hears a word, and then nothing for the whole wait again."""
    spoken_s, limit_s = 0.6, 0.8
    patience = Patience(stuck, lambda: threading.Event().wait(spoken_s), 0.1, limit_s)
    started = stopwatch_s()
    with pytest.raises(Unavailable):
        who(patience)
    assert limit_s <= stopwatch_s() - started < limit_s + spoken_s / 2


def test_while_a_slow_answer_is_awaited_the_caller_hears_something_and_then_the_answer(stuck: StuckDesk) -> None:
    patience = Patience(stuck, stuck.let_go.set, LIMIT_S, 10)  # the answer comes while the filler is spoken
    assert who(patience) == (CallerFacts(7, "id"),)


def test_a_quick_answer_needs_no_filler() -> None:
    spoken: list[str] = []
    who(Patience(FakeDesk(), lambda: spoken.append("one moment"), 5, 10))
    assert spoken == []


def test_a_caller_of_a_stuck_back_end_reaches_a_person(stuck: StuckDesk) -> None:
    line = FakeLine(["1", "1", OWN_ORDER])
    caller = visit(line)
    caller.records = impatient(stuck)
    assert run(run_flow, caller) == RouteTo("general", "back_end_down:order_status", "id")


def test_too_many_stuck_questions_fail_at_once_and_recover(stuck: StuckDesk) -> None:
    for _ in range(64):
        with pytest.raises(Unavailable):
            who(impatient(stuck, 0.001))
    with pytest.raises(Unavailable):
        who(impatient(FakeDesk(), 60))
    stuck.let_go.set()
    for thread in threading.enumerate():
        if thread.name.startswith("look-up-"):
            thread.join(5)
    assert who(impatient(FakeDesk(), 5)) == (CallerFacts(7, "id"),)


def test_a_mistake_in_a_look_up_is_no_answer_and_its_text_goes_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Unavailable) as problem:
        who(impatient(BrokenDesk(), 5))
    assert KNOWN_ANI not in str(problem.value)
    assert KNOWN_ANI not in caplog.text


def test_a_refusal_that_the_flow_understands_comes_through_and_the_next_question_is_asked() -> None:
    patience = impatient(FakeDesk(), 5)

    def refused(_desk: object) -> None:
        raise BadInput("This window is full.", "Offer another.")

    with pytest.raises(BadInput, match="full"):
        patience.ask("reschedule", refused)
    assert who(patience) == (CallerFacts(7, "id"),)


def test_work_that_takes_too_long_is_left() -> None:
    gate = threading.Event()
    with pytest.raises(Unavailable):
        within(LIMIT_S, "flow", lambda: gate.wait(10))
    gate.set()
