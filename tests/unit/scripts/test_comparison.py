"""Two versions beside each other: how calls are shared out, which belong to which, and what may be said of a difference."""

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.events import Event, EventKind
from core.ids import new_id
from scripts.comparison import LEAST_CALLS, Comparison, Line, Verdict, What, compare
from scripts.library import Library, ScriptVersion, Tried
from scripts.trial_calls import TrialCall, trial_calls
from tests.unit.scripts.small_scripts import NOW, SCRIPTS

USUAL, TRIED = 3, 4


def call(version: int, outcome: str = "solved", finished: bool = True, accepted: bool = False, page: str = "bye",
         time_s: float | None = 60.0) -> TrialCall:  # fmt: skip
    return TrialCall(version, outcome, finished, accepted, page, time_s)


def line(found: Comparison, what: What, name: str = "") -> Line:
    return next(one for one in found.lines if (one.what, one.name) == (what, name))


def library(percent: int, trial: int = 1) -> Library:
    usual = ScriptVersion(SCRIPTS[0], USUAL)
    return Library((usual, ScriptVersion(SCRIPTS[1])), (Tried(trial, percent, ScriptVersion(SCRIPTS[0], TRIED)),))


def gets_tried(made: Library, interaction_id: str) -> bool:
    return made.for_call(made.versions[0], interaction_id).number == TRIED


def test_a_call_gets_the_same_version_whenever_and_wherever_it_is_asked_for() -> None:
    ids = [f"call-{number}" for number in range(500)]
    first = [gets_tried(library(20), one) for one in ids]
    assert [gets_tried(library(20), one) for one in reversed(ids)] == first[::-1]
    assert [gets_tried(library(20, trial=2), one) for one in ids] != first, "another trial draws anew"


def test_as_many_calls_as_were_asked_for_get_it() -> None:
    """Within four standard errors of the share, of 20,000 calls."""
    ids = [f"call-{number}" for number in range(20_000)]
    for percent in (1, 20, 50):
        share = sum(gets_tried(library(percent), one) for one in ids) / len(ids)
        assert abs(share - percent / 100) < 4 * (percent / 100 * (1 - percent / 100) / len(ids)) ** 0.5


def test_a_larger_share_holds_every_call_of_a_smaller_one_and_other_scripts_are_left_alone() -> None:
    ids = [f"call-{number}" for number in range(2000)]
    assert {one for one in ids if gets_tried(library(10), one)} <= {one for one in ids if gets_tried(library(30), one)}
    made = library(50)
    assert {made.for_call(made.versions[1], one).number for one in ids} == {0}


def test_ninety_five_of_a_hundred_intervals_hold_what_is_true() -> None:
    """Coverage by simulation: shares of 30 % and 40 %, times around 60 s and 75 s; four standard errors of 600 rounds."""
    chance, rounds = Random(20261129), 600
    shares = times = 0
    for _round in range(rounds):
        calls = []
        for version, likely, mean_s in ((USUAL, 0.3, 60.0), (TRIED, 0.4, 75.0)):
            calls += [
                call(version, "promise_to_pay" if chance.random() < likely else "solved", time_s=chance.gauss(mean_s, 20.0))
                for _call in range(80)
            ]
        found = compare(calls, USUAL, TRIED)
        share, time = line(found, What.OUTCOME, "promise_to_pay").gain, line(found, What.TIME).gain
        assert share is not None
        assert time is not None
        shares += share.low <= 0.1 <= share.high
        times += time.low <= 15.0 <= time.high
    error = 4 * (0.95 * 0.05 / rounds) ** 0.5
    assert abs(shares / rounds - 0.95) < error
    assert abs(times / rounds - 0.95) < error


def test_where_nothing_differs_a_difference_is_seen_in_one_of_twenty() -> None:
    chance, rounds = Random(7), 400
    clear = 0
    for _round in range(rounds):
        calls = [call(version, finished=chance.random() < 0.5) for version in (USUAL, TRIED) for _call in range(60)]
        clear += line(compare(calls, USUAL, TRIED), What.FINISHED).verdict in (Verdict.MORE, Verdict.LESS)
    assert clear / rounds < 0.05 + 4 * (0.05 * 0.95 / rounds) ** 0.5


def test_with_too_few_calls_nothing_is_said() -> None:
    calls = [call(USUAL, finished=False) for _call in range(500)] + [call(TRIED) for _call in range(LEAST_CALLS - 1)]
    found = compare(calls, USUAL, TRIED)
    assert not found.enough
    assert {one.verdict for one in found.lines} == {Verdict.TOO_FEW}
    assert {one.needed for one in found.lines} == {None}
    found = compare([*calls, call(TRIED)], USUAL, TRIED)
    assert found.enough
    assert line(found, What.FINISHED).verdict is Verdict.MORE


def test_calls_that_go_on_are_counted_and_not_compared() -> None:
    calls = [call(USUAL), call(USUAL, outcome=""), call(TRIED, outcome="")]
    found = compare(calls, USUAL, TRIED)
    assert (found.usual.calls, found.usual.over, found.tried.calls, found.tried.over) == (2, 1, 1, 0)
    assert line(found, What.FINISHED).gain is None


def test_a_difference_that_is_not_clear_says_how_many_calls_would_do() -> None:
    calls = [call(USUAL, finished=number % 10 < 5) for number in range(50)]
    calls += [call(TRIED, finished=number % 10 < 6) for number in range(50)]
    found = line(compare(calls, USUAL, TRIED), What.FINISHED)
    assert found.verdict is Verdict.UNCLEAR
    assert found.needed is not None
    assert found.needed > 50
    times = found.needed // 50 + 1
    assert line(compare(calls * times, USUAL, TRIED), What.FINISHED).verdict is Verdict.MORE


@given(st.lists(st.builds(call, st.sampled_from([USUAL, TRIED]), st.sampled_from(["solved", "more_time", ""]), st.booleans(),
                          st.booleans(), st.sampled_from(["a", "b"]), st.none() | st.floats(0, 900)), max_size=40))  # fmt: skip
def test_turning_the_two_round_turns_every_sign(calls: list[TrialCall]) -> None:
    found, turned = compare(calls, USUAL, TRIED), compare(calls, TRIED, USUAL)
    for one, other in zip(found.lines, turned.lines, strict=True):
        assert (one.usual, one.tried) == (other.tried, other.usual)
        if one.gain is not None and other.gain is not None:
            assert abs(one.gain.value + other.gain.value) < 1e-9
            assert abs(one.gain.low + other.gain.high) < 1e-6 * (1 + abs(one.gain.low))
    shares = [one for one in found.lines if one.what is What.OUTCOME]
    if found.tried.over:
        assert abs(sum(one.tried or 0.0 for one in shares) - 1) < 1e-9, "each call that is over has one outcome"


def told(seconds_s: float, kind: EventKind, interaction: str, **data: object) -> Event:
    return Event(kind, NOW + timedelta(seconds=seconds_s), interaction, "1001", data)


def opened(seconds_s: float, interaction: str, version: int, name: str = "billing") -> Event:
    return told(seconds_s, EventKind.SCRIPT_OPENED, interaction, script=name, version=version, page="hello", how="by_itself")


def step(seconds_s: float, interaction: str, version: int, to: str, name: str = "billing") -> Event:
    return told(seconds_s, EventKind.SCRIPT_STEP_TAKEN, interaction, script=name, version=version, page="hello", answer="x", to=to)


def ended(seconds_s: float, interaction: str, version: int, outcome: str, finished: bool, name: str = "billing") -> Event:
    more = {"page": "x", "outcome": outcome, "finished": finished}
    return told(seconds_s, EventKind.SCRIPT_ENDED, interaction, script=name, version=version, **more)


def read(events: list[Event], until_s: float = 1000) -> list[TrialCall]:
    return trial_calls(events, "billing", (USUAL, TRIED), NOW, NOW + timedelta(seconds=until_s))


def test_a_call_is_read_from_its_events_in_any_order_and_twice() -> None:
    one = new_id()
    events = [
        opened(0, one, TRIED), told(10, EventKind.INTERACTION_ANSWERED, one, queue="billing", wait_s=1),
        step(30, one, TRIED, "when"), step(50, one, TRIED, "bye"), told(60, EventKind.OFFER_ANSWERED, one, answer="accepted"),
        ended(70, one, TRIED, "promise_to_pay", True),
    ]  # fmt: skip
    expected = [TrialCall(TRIED, "promise_to_pay", True, True, "bye", 40.0)]
    assert read(events) == expected
    mixed = [*events, *events]
    Random(3).shuffle(mixed)
    assert read(mixed) == expected
    assert read([*events, told(65, EventKind.OFFER_ANSWERED, one, answer="undone")])[0].accepted is False


def test_a_call_stays_with_the_version_that_it_got_whatever_script_was_gone_on_with() -> None:
    one = new_id()
    events = [opened(0, one, TRIED), opened(5, one, 0, name="general"), step(9, one, 0, "bye", name="general"),
              ended(20, one, 0, "solved", True, name="general")]  # fmt: skip
    assert read(events) == [TrialCall(TRIED, "solved", False, False, "hello", None)]


def test_calls_of_another_time_version_or_script_are_none_of_the_trial() -> None:
    assert read([opened(-1, new_id(), USUAL), opened(1000, new_id(), USUAL)]) == []
    assert read([opened(1, new_id(), 2), opened(1, new_id(), USUAL, name="sales")]) == []
    late = new_id()
    assert read([opened(999, late, USUAL), ended(1500, late, USUAL, "solved", True)])[0].is_over, "its outcome may come later"
