"""What callers saw under load becomes a verdict; what SIPp wrote becomes calls."""

from datetime import UTC, datetime
from math import inf

from benchmarks.load_step import Step, p95, take_calls, take_events, take_sounds
from benchmarks.sipp import SippCall, read_log
from core.events import Event, EventKind

AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
LOG = """\
dialled;1;+628111;2026-03-02\t05:00:00.100000\t100.100000
dialled;2;+628222;2026-03-02\t05:00:00.200000\t100.200000
answered;1;21116;2026-03-02\t05:00:00.110000\t100.110000
key;1;;2026-03-02\t05:00:01.110000\t101.110000
over;1;;2026-03-02\t05:00:03.000000\t103.000000
"""


def good_step() -> Step:
    return Step(10, placed=100, answer_ms=[5.0] * 100, sound_ms=[40.0] * 20, key_ms=[10.0] * 100)


def test_the_log_of_sipp_tells_each_call():
    assert read_log(LOG.splitlines()) == [
        SippCall("+628111", 100.1, answered=100.11, far_port=21116, key=101.11, over=103.0),
        SippCall("+628222", 100.2),
    ]


def test_a_good_step_is_clean():
    assert good_step().broken() == []


def test_one_failed_call_in_a_hundred_is_borne_and_two_are_not():
    step = good_step()
    step.failed = 1
    assert step.broken() == []
    step.failed = 2
    assert step.broken() == ["2 of 100 calls failed"]


def test_what_never_came_is_slower_than_anything():
    assert p95([10.0] * 95 + [inf] * 5) == 10
    assert p95([10.0] * 94 + [inf] * 6) == inf


def test_every_limit_that_is_passed_is_named():
    step = good_step()
    step.answer_ms, step.sound_ms, step.key_ms, step.behind_s = [1500.0] * 100, [inf] * 20, [1001.0] * 100, 9.0
    assert step.broken() == ["answer: p95 1500", "first sound: p95 never", "menu after the key: p95 1001", "call log 9 s behind"]


def test_a_call_that_did_not_come_to_its_end_has_failed():
    step = Step(1)
    take_calls(step, read_log(LOG.splitlines()))
    assert (step.placed, step.failed) == (2, 1)
    assert step.answer_ms[1] == inf


def test_sound_is_measured_from_the_answer_to_whoever_was_answered():
    step = Step(1)
    take_sounds(step, read_log(LOG.splitlines()), lambda port, answered, over: answered + 0.04 if port == 21116 else None)
    assert [round(value) for value in step.sound_ms] == [40]


def test_a_key_counts_until_its_own_caller_has_gone_on():
    events = [
        Event(EventKind.INTERACTION_STARTED, AT, "a", data={"ani": "+628999"}, position="100000-0"),
        Event(EventKind.INTERACTION_STARTED, AT, "b", data={"ani": "+628111"}, position="100120-0"),
        Event(EventKind.IVR_STEP_TAKEN, AT, "a", position="101111-0"),
        Event(EventKind.IVR_STEP_TAKEN, AT, "b", position="101130-0"),
    ]
    step = Step(1)
    take_events(step, read_log(LOG.splitlines()), events)
    assert [round(value) for value in step.key_ms] == [20]
    lost = Step(1)
    take_events(lost, read_log(LOG.splitlines()), events[:3])
    assert lost.key_ms == [inf]
