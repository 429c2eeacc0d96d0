"""Two cti processes: the one that leads is killed, or stands still, while callers wait and others talk, and the other goes on."""

import os
import signal
from collections import Counter
from collections.abc import Iterator

import pytest

from core.clock import SystemClock
from core.events import EventKind
from launch.demo.carrier import Call
from launch.demo.event_watch import EventWatch
from launch.supervision.programs import STANDBY
from tests.live.callers import changed, interaction_of, press_through, to_queue
from tests.live.house import House, wait_until

pytestmark = pytest.mark.one_database
MOST_S = 3.0  # from the death of the leader to the next assignment
CALLERS = 20


@pytest.fixture
def halo(halo: House) -> Iterator[House]:
    """The running Halo, with a stand-by."""
    wait_until(lambda: halo.leader() == "cti", "the first one to lead")
    halo.start_process(STANDBY)
    try:
        wait_until(lambda: halo.check(STANDBY) == "", "the stand-by to be ready")
        yield halo
        halo.settle()
    finally:
        halo.stop_process(STANDBY)
        halo.start_process("cti")
    wait_until(lambda: halo.leader() == "cti" and halo.cti_is_ready(), "the first one to lead alone")


def in_line(halo: House, watch: EventWatch) -> list[Call]:
    """So many callers who wait for anybody."""
    calls = [halo.dial(number).wait_answered() for number in halo.known_numbers(CALLERS)]
    for call in calls:
        mine = interaction_of(call, watch)
        watch.wait(
            lambda event, mine=mine: event.kind is EventKind.INTERACTION_IDENTIFIED and event.interaction_id == mine, "the menu"
        )
        call.press("0")
    wait_until(lambda: len(halo.store.snapshot().line) == CALLERS, "everybody to be in line")
    return calls


def rings_of(halo: House, already: int) -> Counter[str]:
    return Counter(str(row.get("interaction")) for row in halo.carrier.rings()[already:])


def test_when_the_leader_is_killed_the_stand_by_assigns_within_three_seconds(halo, pages):
    watch, already = halo.watch(), len(halo.carrier.rings())
    talking = [pages.open(agent_id) for agent_id in ("2003", "2004")]
    talks = [to_queue(halo, watch, "10")[0] for _ in talking]
    for page in talking:
        page.wait_state("TALKING")
    serving = pages.open("2005", ready=False)
    waiting = in_line(halo, watch)
    turns = halo.turns()

    killed, at = halo.kill("cti"), SystemClock().now()
    serving.make_ready()

    reserved = changed(watch, turns[0], "reserve")
    assert (reserved.at - at).total_seconds() <= MOST_S
    assert halo.leader() == STANDBY
    assert changed(watch, turns[0], "answer").agent_id == "2005"
    assert all(call.is_up for call in [*talks, *waiting]), "nobody was dropped"
    assert [page.state for page in talking] == ["TALKING"] * 2
    assert halo.turns() == turns[1:]
    halo.wait_restarted("cti", killed)
    wait_until(lambda: halo.check("cti") == "", "the one that was killed to stand by")

    for expected in turns[1:]:
        halo.carrier.hang_up_phone("agent-2005")
        serving.wait_state("WRAP_UP")
        serving.save("solved", "")
        changed(watch, expected, "answer")
    served = [event.interaction_id for event in watch.catch_up() if event.data.get("action") == "reserve"]
    assert served[-CALLERS:] == turns, "each in the old order"
    wait_until(lambda: len(rings_of(halo, already)) >= CALLERS + 2, "the carrier to have told of everybody's ring")
    rang = rings_of(halo, already)
    assert len(rang) == CALLERS + 2
    assert set(rang.values()) == {1}, "nobody was rung for twice"


@pytest.mark.long
def test_a_leader_that_stood_still_and_goes_on_rings_nobody_twice(halo, pages):
    watch, already = halo.watch(), len(halo.carrier.rings())
    waiting = in_line(halo, watch)
    agents = [pages.open(agent_id, ready=False) for agent_id in ("2003", "2004", "2005", "2006")]
    turns = halo.turns()
    pid = halo.supervisor.state("cti").pid
    for page in agents[:2]:
        page.make_ready()  # what it has begun for these when it stops, it finds begun when it goes on
    os.kill(pid, signal.SIGSTOP)
    at = SystemClock().now()
    try:
        agents[2].make_ready()
        wait_until(lambda: halo.leader() == STANDBY, "the stand-by to lead")
        agents[3].make_ready()
        reserved = [changed(watch, interaction, "reserve") for interaction in turns[:4]]
        assert (reserved[2].at - at).total_seconds() <= MOST_S
    finally:
        os.kill(pid, signal.SIGCONT)
    for interaction in turns[:4]:
        changed(watch, interaction, "answer")
    wait_until(lambda: halo.check("cti") == "", "the one that stood still to stand by")
    assert halo.leader() == STANDBY
    assert all(call.is_up for call in waiting)
    assert rings_of(halo, already) == Counter(turns[:4])
    assert halo.turns() == turns[4:]


@pytest.mark.long
def test_callers_find_the_menu_where_only_the_stand_by_is_left(halo, pages):
    watch = halo.watch()
    halo.stop_process("cti")
    wait_until(lambda: halo.leader() == STANDBY, "the stand-by to lead")
    page = pages.open("2003")
    call = halo.dial().wait_answered()
    interaction = interaction_of(call, watch)
    press_through(call, interaction, watch, "10")
    assert changed(watch, interaction, "answer").agent_id == "2003"
    page.wait_state("TALKING")


@pytest.mark.long
def test_a_caller_in_the_menu_of_a_dead_leader_hears_it_again_from_the_stand_by(halo):
    watch = halo.watch()
    call = halo.dial().wait_answered()
    interaction = interaction_of(call, watch)
    wait_until(lambda: halo.hears(call, "language_1", "id"), "the menu to be spoken")
    halo.stop_process("cti")
    wait_until(lambda: halo.hears(call, "language_1", "id", times=2), "the menu to be spoken again", timeout_s=30)
    press_through(call, interaction, watch, "1")
    assert call.is_up
