"""Walks the hotline along every sequence of keys and through a hang-up at every moment: nobody may be trapped or lost."""

from collections.abc import Iterator
from itertools import product

import pytest

from ivr.flow_run import run_flow
from ivr.outcome import CallerGone, Contained, RouteTo
from ivr.runner import run
from routing.queues import load_queues
from tests.unit.ivr.fake_desk import KNOWN_ANI, OTHER_ORDER, OWN_ORDER, SHARED_ANI, STRANGER_ANI, UNKNOWN_ORDER, FakeDesk
from tests.unit.ivr.fake_line import HANG_UP, SILENCE, FakeLine, visit

KEYS = (SILENCE, "0", "1", "2", "3", "9", OWN_ORDER)
CALLERS = (KNOWN_ANI, STRANGER_ANI, SHARED_ANI)
QUEUES = {queue.name for queue in load_queues().queues}
JOURNEYS = {
    "own order, twice, another": (KNOWN_ANI, ["1", SILENCE, "1", SILENCE, "3", OTHER_ORDER, SILENCE, SILENCE]),
    "bill, main menu, team": (KNOWN_ANI, ["2", SILENCE, "2", "3", "1"]),
    "stranger, wrong number twice": (STRANGER_ANI, ["2", "1", UNKNOWN_ORDER, UNKNOWN_ORDER]),
    "stranger, bill by order number": (STRANGER_ANI, ["9", "1", "2", OTHER_ORDER, SILENCE, SILENCE]),
    "silence all along": (STRANGER_ANI, []),
    "wrong keys all along": (KNOWN_ANI, ["9", "9", "9"]),
    "silence at the number": (SHARED_ANI, ["1"]),
}


@pytest.mark.parametrize("ani", CALLERS)
@pytest.mark.parametrize("alive", [True, False], ids=["records answer", "records dead"])
def test_every_sequence_of_four_keys_ends_in_an_answer_or_a_queue_that_exists(ani: str, alive: bool) -> None:
    for keys in product(KEYS, repeat=4):
        desk = FakeDesk()
        desk.fails = not alive
        line = FakeLine(keys, ani=ani)
        outcome = run(run_flow, visit(line, desk))
        assert isinstance(outcome, RouteTo | Contained), keys
        assert outcome.reason != "flow_failed", keys
        if isinstance(outcome, RouteTo):
            assert outcome.queue in QUEUES, keys
            assert line.keys_heard[-1] == f"connecting_{outcome.queue}", keys
        else:
            assert line.keys_heard[-1] == "goodbye", keys


def _moments() -> Iterator[tuple[str, int]]:
    for name, (ani, keys) in JOURNEYS.items():
        line = FakeLine(keys, ani=ani)
        run(run_flow, visit(line))
        yield from ((name, moment) for moment in range(line.uses))


@pytest.mark.parametrize(("name", "moment"), list(_moments()))
def test_a_hang_up_at_any_moment_is_a_caller_gone(name: str, moment: int) -> None:
    ani, keys = JOURNEYS[name]
    line = FakeLine(keys, ani=ani, hang_up_at=moment)
    assert isinstance(run(run_flow, visit(line)), CallerGone)
    assert line.uses == moment, "nothing is done on the line once the caller is gone"


@pytest.mark.parametrize("ani", CALLERS)
def test_zero_reaches_a_person_from_every_question(ani: str) -> None:
    for length in range(5):
        for keys in product((SILENCE, "1", "2", "3", "9"), repeat=length):
            # Inside a number that was begun, 0 is a digit of it: the second one is the way out.
            line = FakeLine([*keys, "0", "0", HANG_UP], ani=ani)
            outcome = run(run_flow, visit(line))
            assert isinstance(outcome, RouteTo | Contained), keys
