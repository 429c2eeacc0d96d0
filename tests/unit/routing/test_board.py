"""The wallboard's numbers, computed from events alone."""

from datetime import UTC, datetime, timedelta

import pytest

from core.events import Event, EventKind
from routing.agent_state import AgentState
from routing.agents import Profile
from routing.board import Board, position_order
from routing.live import LiveAgent, Snapshot
from routing.place import Place
from routing.policy_file import shipped_policy

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # noon in Jakarta
DEWI = Profile("1001", "Dewi", {"billing": 4})
EMPTY = Snapshot("0-0", {}, {}, {})


def a_board(*history: Event, snapshot: Snapshot = EMPTY, now: datetime = NOON) -> Board:
    board = Board(shipped_policy().policy, {"1001": DEWI}, "Asia/Jakarta")
    board.start(snapshot, history, now)
    return board


def told(kind: EventKind, interaction: str = "i1", at: datetime = NOON, agent: str = "", **data: object) -> Event:
    return Event(kind, at, interaction, agent, data)


def queued(interaction: str, at: datetime = NOON, again: bool = False) -> Event:
    return told(EventKind.INTERACTION_QUEUED, interaction, at, queue="billing", again=again, reason="bill", language="id")


def answered(interaction: str, wait_s: float) -> Event:
    return told(EventKind.INTERACTION_ANSWERED, interaction, NOON + timedelta(seconds=wait_s), queue="billing", wait_s=wait_s)


def abandoned(interaction: str, wait_s: float) -> Event:
    return told(EventKind.INTERACTION_ABANDONED, interaction, NOON + timedelta(seconds=wait_s), queue="billing", wait_s=wait_s)


def state(new: AgentState, interaction: str = "", at: datetime = NOON) -> Event:
    return told(EventKind.AGENT_STATE_CHANGED, interaction, at, "1001", state=new.value, reason="")


def test_service_level_is_answered_in_time_over_offered_without_short_abandons() -> None:
    # billing: within 30 s; abandoned within 5 s is short. Offered 5, one short: 2 in time of 4.
    history = [queued(f"i{n}") for n in range(5)]
    history += [answered("i0", 10), answered("i1", 30), answered("i2", 31), abandoned("i3", 40), abandoned("i4", 4)]
    counts = a_board(*history).counts("billing", NOON)
    assert counts.service_level == pytest.approx(2 / 4)
    assert (counts.offered, counts.answered, counts.abandoned, counts.short_abandons) == (5, 3, 2, 1)


def test_who_is_promised_a_call_has_left_the_line_unanswered_and_did_not_give_up() -> None:
    promised = told(EventKind.CALLBACK_PROMISED, "i1", NOON + timedelta(seconds=60), queue="billing", wait_s=60.0)
    board = a_board(queued("i1"), now=NOON)
    board.apply(Event(queued("i2").kind, NOON, "i2", data=queued("i2").data, position="1-0"), NOON)
    assert board.apply(Event(promised.kind, promised.at, "i2", data=promised.data, position="2-0"), promised.at)
    assert board.callers("billing") == []
    counts = board.counts("billing", promised.at)
    assert (counts.offered, counts.answered, counts.abandoned) == (2, 0, 0)


def test_there_is_no_service_level_before_anyone_counts() -> None:
    assert a_board().counts("billing", NOON).service_level is None
    assert a_board(queued("i1"), abandoned("i1", 2)).counts("billing", NOON).service_level is None


def test_the_same_event_twice_counts_once() -> None:
    first = queued("i1")
    board = a_board(first)
    board.apply(first.placed("7-0"), NOON)
    assert board.counts("billing", NOON).offered == 1


def test_a_caller_put_back_in_line_is_not_offered_again() -> None:
    board = a_board(queued("i1"), queued("i1", NOON + timedelta(seconds=20), again=True))
    assert board.counts("billing", NOON).offered == 1


def test_a_caller_waits_until_answered_and_is_ringing_in_between() -> None:
    board = a_board()
    board.apply(queued("i1"), NOON)
    board.apply(state(AgentState.RINGING, "i1"), NOON)
    assert [caller.ringing for caller in board.callers("billing")] == [True]
    board.apply(answered("i1", 12), NOON)
    assert board.callers() == []


@pytest.mark.parametrize("end", [EventKind.INTERACTION_ABANDONED, EventKind.INTERACTION_ENDED])
def test_whoever_is_gone_no_longer_waits(end: EventKind) -> None:
    board = a_board()
    board.apply(queued("i1"), NOON)
    board.apply(told(end, "i1", queue="billing", wait_s=9), NOON)
    assert board.callers() == []


def test_a_caller_who_loses_an_agent_keeps_the_time_waited() -> None:
    board = a_board()
    board.apply(queued("i1"), NOON)
    board.apply(queued("i1", NOON + timedelta(seconds=40), again=True), NOON)
    assert board.callers()[0].since == NOON


def test_the_longest_waiting_comes_first() -> None:
    board = a_board()
    board.apply(queued("late", NOON + timedelta(seconds=5)), NOON)
    board.apply(queued("early"), NOON)
    assert [caller.interaction_id for caller in board.callers()] == ["early", "late"]


def test_the_live_state_is_the_snapshots_and_older_events_do_not_change_it() -> None:
    place = Place("i1", "billing", NOON, "PJSIP/a")
    ready = LiveAgent("1001", AgentState.READY, since=NOON)
    board = a_board(snapshot=Snapshot("9-0", {"1001": ready}, {"i1": place}, {}))
    board.apply(state(AgentState.TALKING, "i1").placed("8-0"), NOON)
    assert board.agents["1001"].state is AgentState.READY
    board.apply(state(AgentState.TALKING, "i1").placed("10-0"), NOON)
    assert board.agents["1001"].state is AgentState.TALKING


def test_positions_are_ordered_as_numbers_not_as_text() -> None:
    assert position_order("10-0") > position_order("9-12") > position_order("9-2")


def test_only_talked_to_callers_of_the_snapshot_have_stopped_waiting() -> None:
    places = {key: Place(key, "billing", NOON, "PJSIP/a") for key in ("rings", "talks")}
    agents = {
        "1001": LiveAgent("1001", AgentState.RINGING, interaction_id="rings"),
        "1002": LiveAgent("1002", AgentState.TALKING, interaction_id="talks"),
    }
    board = a_board(snapshot=Snapshot("1-0", agents, {}, places))
    assert [(caller.interaction_id, caller.ringing) for caller in board.callers()] == [("rings", True)]


def test_an_agent_is_ready_for_a_queue_only_with_its_skills() -> None:
    board = a_board()
    board.apply(state(AgentState.READY), NOON)
    by_name = {queue.name: board.ready_agents(queue) for queue in shipped_policy().policy.queues}
    assert by_name == {"billing": 1, "general": 1, "sales": 0, "technical": 0}


def test_the_counts_begin_anew_at_midnight_in_the_centers_zone() -> None:
    board = a_board(queued("i1"))
    midnight = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    board.apply(queued("i2", midnight - timedelta(seconds=1)), midnight - timedelta(seconds=1))
    assert board.counts("billing", NOON).offered == 2
    board.apply(queued("i3", midnight), midnight)
    assert board.counts("billing", NOON).offered == 1


def test_yesterdays_events_do_not_count_today() -> None:
    assert a_board(queued("i1", NOON - timedelta(hours=13))).counts("billing", NOON).offered == 0


def test_the_picture_shows_the_most_who_waited_in_each_minute() -> None:
    start = NOON - timedelta(minutes=9, seconds=30)
    history = [queued(f"i{n}", start + timedelta(seconds=n)) for n in range(3)]
    history += [
        told(EventKind.INTERACTION_ANSWERED, f"i{n}", start + timedelta(seconds=80), queue="billing", wait_s=9) for n in range(3)
    ]
    peaks = a_board(*history).peaks("billing", NOON)
    assert len(peaks) == 60
    assert peaks[49:53] == [0, 3, 3, 0]
    assert max(peaks[:49] + peaks[53:]) == 0


def test_who_still_waits_in_time_counts_neither_for_nor_against_the_service_level() -> None:
    board = a_board(queued("i0"), answered("i0", 10))
    board.apply(queued("i1").placed("7-0"), NOON)
    assert board.counts("billing", NOON + timedelta(seconds=30)).service_level == 1
    assert board.counts("billing", NOON + timedelta(seconds=31)).service_level == pytest.approx(1 / 2)


# ---- promised calls that keep their place ------------------------------------------------------------------------


def kept(at: datetime, since: datetime) -> Event:
    return told(
        EventKind.INTERACTION_QUEUED, "i1", at, queue="billing", again=True, reason="bill", language="id", callback=True,
        since=since.isoformat(),
    )  # fmt: skip


def test_a_call_back_in_line_is_shown_as_such_with_the_wait_from_the_first_moment() -> None:
    board = a_board(queued("i1"))
    story = [kept(NOON + timedelta(seconds=60), NOON), told(EventKind.INTERACTION_ENDED, "i1", NOON + timedelta(seconds=61))]
    for number, event in enumerate(story, 1):
        board.apply(event.placed(f"{number}-0"), event.at)
    [waiting] = board.callers("billing")
    assert (waiting.callback, waiting.since) == (True, NOON), "the end of their own call ends no promise"
    assert board.counts("billing", NOON).offered == 1


@pytest.mark.parametrize(
    "kind", [EventKind.CALLBACK_PICKED_UP, EventKind.CALLBACK_MISSED, EventKind.CALLBACK_WITHDRAWN, EventKind.INTERACTION_ANSWERED]
)
def test_a_call_back_that_was_made_or_taken_out_waits_no_more(kind: EventKind) -> None:
    board = a_board()
    board.apply(kept(NOON, NOON).placed("1-0"), NOON)
    assert board.apply(told(kind, "i1", NOON, queue="billing", wait_s=60.0).placed("2-0"), NOON)
    assert board.callers() == []


def test_a_board_that_begins_knows_who_waits_at_home() -> None:
    place = Place("i1", "billing", NOON, "", callback=7)
    assert a_board(snapshot=Snapshot("0-0", {}, {"i1": place}, {})).callers()[0].callback


def expected(interaction: str, at_s: float, due_s: float, low_s: float, high_s: float) -> Event:
    fields = {"queue": "billing", "expected_s": due_s, "low_s": low_s, "high_s": high_s, "cause": "first"}
    return told(EventKind.WAIT_EXPECTED, interaction, NOON + timedelta(seconds=at_s), **fields)


def test_what_was_told_first_is_held_against_the_truth() -> None:
    history = [
        queued("i1"), expected("i1", 1, 59, 29, 99), expected("i1", 20, 10, 5, 20), answered("i1", 70),  # 10 s late, within
        queued("i2"), expected("i2", 1, 29, 19, 39), answered("i2", 60),  # 30 s late, outside
        queued("i3"), expected("i3", 1, 29, 19, 39), abandoned("i3", 5), queued("i4"), answered("i4", 1),  # nobody knows
    ]  # fmt: skip
    errors = a_board(*history).told.errors("billing")
    assert (errors.count, errors.mean_s, errors.inside_share) == (2, 20.0, 0.5)


def test_what_a_caller_and_a_newcomer_may_expect_is_shown_until_they_are_answered() -> None:
    board = a_board(queued("i1"), expected("i1", 1, 59, 29, 99), expected("", 2, 80, 60, 120))
    caller, newcomer = board.told.caller("i1"), board.told.newcomer("billing")
    assert caller is not None
    assert caller.due == NOON + timedelta(seconds=60)
    assert newcomer is not None
    assert newcomer.wait_s == 80
    event = answered("i1", 30)
    board.apply(event.placed("9-0"), event.at)
    assert board.told.caller("i1") is None


def test_where_nobody_is_there_any_more_nothing_is_shown() -> None:
    nothing = [
        told(EventKind.WAIT_EXPECTED, interaction, NOON + timedelta(seconds=5), queue="billing") for interaction in ("i1", "")
    ]
    board = a_board(queued("i1"), expected("i1", 1, 59, 29, 99), expected("", 2, 80, 60, 120), *nothing)
    assert (board.told.caller("i1"), board.told.newcomer("billing")) == (None, None)


def test_errors_begin_anew_with_the_day() -> None:
    board = a_board(queued("i1"), expected("i1", 1, 59, 29, 99), answered("i1", 70))
    assert board.told.errors("billing").count == 1
    next_day = queued("i2", NOON + timedelta(days=1))
    board.apply(next_day.placed("9-0"), next_day.at)
    assert board.told.errors("billing").count == 0
