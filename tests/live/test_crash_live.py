"""Kill any process at any time: nobody is dropped, no place in line is lost, no phone rings twice."""

import os
import signal
import socket

import pytest

from core.events import EventKind
from tests.live.callers import changed, interaction_of, press_through, steps_of, to_queue
from tests.live.house import House, wait_until


def talking_trio(halo: House, pages, watch):
    """Three agents in a call each; their calls and interactions."""
    agents = [pages.open(agent_id) for agent_id in ("2003", "2004", "2005")]
    talks = [to_queue(halo, watch, "10") for _ in agents]
    for page in agents:
        page.wait_state("TALKING")
    return agents, talks


def test_killing_cti_drops_nobody_and_keeps_every_place(halo, pages):
    watch = halo.watch()
    agents, talks = talking_trio(halo, pages, watch)
    callers = [halo.dial(number).wait_answered() for number in halo.known_numbers(20)]
    for caller in callers:
        interaction = interaction_of(caller, watch)
        watch.wait(
            lambda event, mine=interaction: event.kind is EventKind.INTERACTION_IDENTIFIED and event.interaction_id == mine, "menu"
        )
        caller.press("0")
    wait_until(lambda: len(halo.store.snapshot().line) == 20, "20 callers in line")
    before = halo.turns()
    rings = len(halo.carrier.rings())

    killed = halo.kill("cti")
    halo.wait_restarted("cti", killed)
    wait_until(halo.cti_is_ready, "cti to be ready again")

    assert all(call.is_up for call, _ in talks)
    assert all(caller.is_up for caller in callers)
    assert halo.turns() == before
    assert [page.state for page in agents] == ["TALKING"] * 3
    assert len(halo.carrier.rings()) == rings

    served = []
    halo.carrier.hang_up_phone("agent-2003")
    agents[0].wait_state("WRAP_UP")
    agents[0].save("solved", "")
    for expected in before:
        served.append(changed(watch, expected, "answer").agent_id)
        halo.carrier.hang_up_phone("agent-2003")
        agents[0].wait_state("WRAP_UP")
        agents[0].save("solved", "")
    assert served == ["2003"] * 20, "each is served, in the old order"


@pytest.mark.one_database
def test_places_are_rebuilt_from_the_channels_when_redis_has_lost_them(halo):
    watch = halo.watch()
    waiting = dict(reversed(to_queue(halo, watch, "10")) for _ in range(3))
    before = halo.store.snapshot().line
    halo.store.redis.delete("halo:line")
    killed = halo.kill("cti")
    halo.wait_restarted("cti", killed)
    wait_until(lambda: len(halo.store.snapshot().line) == 3, "the line to be rebuilt")
    assert halo.store.snapshot().line == before
    assert all(call.is_up for call in waiting.values())


@pytest.mark.one_database
def test_killing_redis_drops_nobody_and_keeps_every_place(halo, pages):
    watch = halo.watch()
    agents, talks = talking_trio(halo, pages, watch)
    _, interaction = to_queue(halo, watch, "10")
    before = halo.store.snapshot()
    killed = halo.kill("redis")
    halo.wait_restarted("redis", killed)
    wait_until(halo.redis_answers, "redis to answer")
    after = halo.store.snapshot()
    assert after.line == before.line
    assert {agent.agent_id: agent.state for agent in after.agents.values()} == {
        agent.agent_id: agent.state for agent in before.agents.values()
    }
    assert all(call.is_up for call, _ in talks)
    halo.carrier.hang_up_phone("agent-2004")
    agents[1].wait_state("WRAP_UP", timeout_s=30)
    agents[1].save("solved", "")
    assert changed(halo.watch_from_start(), interaction, "answer").agent_id == "2004"


@pytest.mark.one_database
def test_killing_the_desk_leaves_calls_alone_and_pages_come_back(halo, pages):
    watch = halo.watch()
    page = pages.open("2003")
    call, interaction = to_queue(halo, watch, "10")
    page.wait_state("TALKING")
    killed = halo.kill("desk")
    halo.wait_restarted("desk", killed)
    assert call.is_up
    halo.carrier.hang_up_phone("agent-2003")
    page.wait_state("WRAP_UP", timeout_s=30)
    page.save("solved", "after the desk came back", ready_after=False)
    assert halo.interaction(interaction).dispositions[0].note == "after the desk came back"


def test_calls_that_come_while_cti_is_down_reach_a_phone_and_are_on_record(halo, pages):
    page = pages.open("2003")
    halo.stop_process("cti")
    try:
        over = halo.dial().wait_answered()
        assert halo.carrier.wait_for(lambda: bool(halo.answered_phones("agent-2003", over.number)), 40)
        halo.carrier.hang_up_phone("agent-2003")
        assert over.ended.wait(15)
        talking = halo.dial().wait_answered()
        assert halo.carrier.wait_for(lambda: bool(halo.answered_phones("agent-2003", talking.number)), 40)
    finally:
        halo.start_process("cti")
    wait_until(halo.cti_is_ready, "cti to be ready again")
    page.wait_state("NOT_READY")
    assert page.facts["reason"] == "rescue"
    halo.carrier.hang_up_phone("agent-2003")
    page.wait_state("READY")
    for call in (over, talking):
        record = halo.interaction(interaction_of(call, halo.watch_from_start()))
        assert (record.outcome, record.agent_id) == ("rescued", "2003")
        assert record.started_at < record.answered_at <= record.ended_at


@pytest.mark.one_database
def test_when_asterisk_dies_the_floor_is_clean_again_and_takes_calls(halo, pages):
    watch = halo.watch()
    page = pages.open("2003")
    _, talk = to_queue(halo, watch, "10")
    page.wait_state("TALKING")
    _, waiting = to_queue(halo, watch, "10")
    killed = halo.kill("asterisk")
    halo.wait_restarted("asterisk", killed)
    page.wait_state("WRAP_UP", timeout_s=60)
    page.save("solved", "", ready_after=False)
    wait_until(lambda: not halo.store.snapshot().line, "the line to be empty", timeout_s=30)
    assert halo.interaction(waiting).outcome == "abandoned"
    assert halo.interaction(talk).outcome == "answered"
    wait_until(lambda: halo.store.agent("2003").phone_up, "the phone to register again", timeout_s=150)
    page.make_ready()
    _, again = to_queue(halo, watch, "10")
    changed(watch, again, "answer")


@pytest.mark.one_database
def test_a_script_that_dies_under_a_caller_is_begun_again(halo):
    watch = halo.watch()
    call = halo.dial().wait_answered()
    interaction = interaction_of(call, watch)
    wait_until(lambda: halo.hears(call, "language_1", "id"), "the menu to be spoken")
    killed = halo.kill("cti")
    halo.wait_restarted("cti", killed)
    wait_until(lambda: halo.hears(call, "language_1", "id", times=2), "the menu to be spoken again", timeout_s=30)
    call.press("1")
    watch.wait(lambda _: steps_of(watch, interaction) >= 1, "the menu to answer")
    assert call.is_up


@pytest.mark.one_database
def test_garbage_on_the_agi_port_harms_nobody(halo):
    port = halo.settings.agi_port
    for message in (b"", b"agi_network: yes\nagi_chan", b"\x00\xff" * 500_000, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as intruder:
            try:
                intruder.sendall(message)
            except OSError:
                continue  # thrown out in the middle of it: as it should be
    watch = halo.watch()
    call = halo.dial().wait_answered()
    assert interaction_of(call, watch)


@pytest.mark.one_database
def test_a_neighbour_on_the_machine_can_not_speak_as_asterisk(halo):
    with socket.create_connection(("127.0.0.1", halo.settings.agi_port), timeout=5) as intruder:
        intruder.sendall(b"agi_network_script: hotline\nagi_channel: PJSIP/forged-1\nagi_callerid: 628111\n\n")
        assert intruder.recv(1000) == b"", "no command, just the end"


@pytest.mark.one_database
def test_a_caller_name_full_of_commands_injects_nothing(halo, pages):
    page = pages.open("2003")
    watch = halo.watch()
    hostile = 'Eve" <sip:x@y>%0D%0AAction: Originate%0D%0AChannel: PJSIP/1500400@x'
    call = halo.dial(hostile).wait_answered()
    started = watch.wait(lambda event: event.kind is EventKind.INTERACTION_STARTED, "the call to arrive")
    assert started.data["ani"] == ""
    call.press("1")
    watch.wait(lambda _: steps_of(watch, started.interaction_id) >= 1, "the language")
    call.press("0")
    changed(watch, started.interaction_id, "answer")
    page.wait_state("TALKING")
    assert sum(event.kind is EventKind.INTERACTION_STARTED for event in watch.events) == 1


@pytest.mark.one_database
def test_a_caller_name_full_of_quotes_lines_and_dialplan_goes_nowhere(halo, pages):
    page = pages.open("2003")
    watch = halo.watch()
    hostile = r'Eve\" \r\n\r\nAction: Originate\r\nChannel: Local/1@x\r\n <sip:x@y>;${SHELL(id)} $[1+1] "; DROP TABLE events; --'
    call = halo.dial(name=hostile).wait_answered()
    interaction = interaction_of(call, watch)
    press_through(call, interaction, watch, "10")
    changed(watch, interaction, "answer")
    page.wait_state("TALKING")
    told = [event.to_json() for event in watch.catch_up()]
    assert sum(EventKind.INTERACTION_STARTED.value in event for event in told) == 1
    assert not [event for event in told if "Eve" in event or "Originate" in event or "uid=" in event]


@pytest.mark.one_database
def test_a_stopped_cti_ends_by_itself_when_asked(halo):
    pid = halo.supervisor.state("cti").pid
    os.kill(pid, signal.SIGTERM)
    halo.wait_restarted("cti", pid)
    wait_until(halo.cti_is_ready, "cti to be ready again")
