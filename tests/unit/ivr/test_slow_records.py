"""Records that answer everything but the n-th question: a word while the caller waits, then a person, wherever it happens."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from crm.appointments import VisitPurpose
from crm.payment.sandbox import APPROVED_CARDS
from crm.time_windows import Window
from ivr.flow import Condition
from ivr.flow_run import run_flow
from ivr.line import Heard, Prompt
from ivr.outcome import Outcome, RouteTo
from ivr.patience import FILL_AFTER_S, LIMIT_S, Patience
from ivr.runner import run
from ivr.services import pay_by_card
from tests.unit.ivr.callers import desk_with_pin
from tests.unit.ivr.fake_desk import KNOWN_ANI, OWN_ORDER, PIN, SHARED_ANI, STRANGER_ANI, FakeDesk, order_facts
from tests.unit.ivr.fake_line import NOW, SILENCE, FakeLine, says, visit

Does = list[str | Heard]
CARD: Does = [APPROVED_CARDS[0], "1227", "123", "1"]
WAYS: dict[str, tuple[str, Does]] = {
    "order status": (KNOWN_ANI, ["1", SILENCE]),
    "order status by number": (STRANGER_ANI, ["1", "1", OWN_ORDER, SILENCE]),
    "tracking": (KNOWN_ANI, [says("lokasi paket"), SILENCE]),
    "reschedule": (KNOWN_ANI, [says("ubah jadwal"), PIN, "1", SILENCE]),
    "bill": (KNOWN_ANI, ["2", SILENCE]),
    "bill of one of several": (SHARED_ANI, ["2", OWN_ORDER, SILENCE]),
    "payment received": (KNOWN_ANI, [says("pembayaran saya"), PIN, SILENCE]),
    "pay by card": (KNOWN_ANI, [says("bayar tagihan"), PIN, *CARD, SILENCE]),
    "ticket status": (KNOWN_ANI, [says("keluhan saya"), PIN, SILENCE]),
    "open ticket": (KNOWN_ANI, [says("keluhan baru"), PIN, "2", SILENCE]),
    "book a visit": (KNOWN_ANI, [says("kunjungan teknisi"), PIN, "1", "1", SILENCE]),
    "move a visit": (KNOWN_ANI, [says("kunjungan teknisi"), PIN, SILENCE, "5", "2", "1", SILENCE, "3", "1", SILENCE]),
    "cancel a visit": (KNOWN_ANI, [says("kunjungan teknisi"), PIN, SILENCE, "4", "1", SILENCE]),
}


class StuckAt:
    """A desk that answers every question but the one with this number (from 0), which never comes back by itself."""

    def __init__(self, desk: FakeDesk, stuck_at: int | None, let_go: threading.Event) -> None:
        self._desk, self._stuck_at, self._let_go = desk, stuck_at, let_go
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        answer: Callable[..., Any] = getattr(self._desk, name)

        def ask(*args: Any, **values: Any) -> Any:
            self.asked.append(name)
            if len(self.asked) - 1 == self._stuck_at:
                self._let_go.wait(20)
            return answer(*args, **values)

        return ask


@pytest.fixture
def let_go() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture(autouse=True)
def hasty_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pay_by_card, "GATEWAY_LIMIT_S", 0.1)


def walk(way: str, stuck_at: int | None, let_go: threading.Event) -> tuple[FakeLine, Outcome, StuckAt]:
    ani, does = WAYS[way]
    desk = desk_with_pin()
    if way == "reschedule":
        desk.orders[OWN_ORDER] = order_facts(status="packed")
    if way in ("move a visit", "cancel a visit"):
        tomorrow = (NOW + timedelta(days=1)).date()
        desk.book_appointment(7, VisitPurpose.INSTALLATION, Window(tomorrow, 9, 12), NOW)
    stuck, line = StuckAt(desk, stuck_at, let_go), FakeLine(does, ani=ani)
    caller = visit(line, desk)
    caller.holds = frozenset({Condition.CARDS})

    def fill() -> None:
        line.keep_company(Prompt("looking_up", caller.language))

    waits = (5.0, 10.0) if stuck_at is None else (0.04, 0.4)
    caller.records = Patience(stuck, fill, *waits)  # type: ignore[arg-type]  # every name of a desk, by __getattr__
    return line, run(run_flow, caller), stuck


def questions() -> Iterator[tuple[str, int]]:
    for way in WAYS:
        _line, _outcome, stuck = walk(way, None, threading.Event())
        yield from ((way, number) for number in range(len(stuck.asked)))


@pytest.mark.parametrize(("way", "number"), list(questions()))
def test_whichever_question_gets_no_answer_the_caller_hears_a_word_and_then_reaches_a_person(
    way: str, number: int, let_go: threading.Event
) -> None:
    line, outcome, stuck = walk(way, number, let_go)
    assert "looking_up" in line.keys_heard
    assert isinstance(outcome, RouteTo)
    assert line.keys_heard[-1] == f"connecting_{outcome.queue}"
    if stuck.asked[number] == "callers":
        return  # who calls is not known then: they go on as a stranger, and may still be helped
    reason = "payment_unknown" if stuck.asked[number] == "take_payment" else "back_end_down"
    assert outcome.reason.startswith(reason)
    assert len(stuck.asked) == number + 1, "a dead back end is asked once"


def test_the_ways_ask_everything_that_a_service_can_ask() -> None:
    asked = {name for way in WAYS for name in walk(way, None, threading.Event())[2].asked}
    assert asked >= {
        "callers", "caller", "order", "newest_order", "orders_of", "track", "delivery_windows", "reschedule", "open_bills",
        "payment_state", "take_payment", "verify_pin", "tickets", "open_ticket", "appointments", "visit_windows",
        "book_appointment", "move_appointment", "cancel_appointment",
    }  # fmt: skip


def test_the_word_comes_within_two_seconds_and_the_person_soon_after() -> None:
    assert FILL_AFTER_S < 1.5
    assert LIMIT_S <= 5
