"""Leaving the line for a call-back, and messages: with real calls, and with cti killed in between."""

from pathlib import Path

import pytest

from core.events import EventKind
from ivr.flow_file import read_flow, shipped_flow
from ivr.line import Prompt
from launch.publishing import publisher
from tests.live.callers import changed, interaction_of, press_through, to_music
from tests.live.house import House, wait_until
from tests.live.spoken_messages import LANGUAGE, confirm_own_number, find_lost, holds_tone, said_so_far, task_of, wait_heard


def test_who_agrees_is_out_of_the_line_with_a_promise_on_record(halo):
    watch = halo.watch()
    call, interaction = to_music(halo, watch, "10")
    call.press("1")
    wait_heard(halo, call, "callback_offer")
    assert interaction in halo.store.snapshot().line  # not before they have agreed
    call.press("1")
    confirm_own_number(halo, call)
    wait_heard(halo, call, "callback_promised")
    assert call.ended.wait(10)
    assert interaction not in halo.store.snapshot().line
    record, task = halo.interaction(interaction), task_of(halo, interaction)
    assert record.outcome == "call_back"
    assert task is not None
    assert (task.number, task.queue, task.language, task.state) == (call.number, record.queue, LANGUAGE, "open")
    watch.wait(lambda event: event.kind is EventKind.CALLBACK_TASK_CHANGED and event.interaction_id == interaction, "the news")
    kinds = [event.kind for event in watch.catch_up() if event.interaction_id == interaction]
    assert EventKind.INTERACTION_ABANDONED not in kinds
    assert kinds.count(EventKind.CALLBACK_PROMISED) == kinds.count(EventKind.CALLBACK_TASK_CHANGED) == 1


def test_who_declines_keeps_the_place(halo, pages):
    watch = halo.watch()
    call, interaction = to_music(halo, watch, "10")
    before = halo.store.snapshot().line[interaction]
    call.press("1")
    wait_heard(halo, call, "callback_offer")
    call.press("2")
    wait_heard(halo, call, "callback_waits_on")
    assert halo.store.snapshot().line[interaction] == before
    assert task_of(halo, interaction) is None
    pages.open("2003")
    assert changed(watch, interaction, "answer").agent_id == "2003"


def test_an_agent_who_becomes_ready_during_the_offer_gets_the_caller(halo, pages):
    watch = halo.watch()
    call, interaction = to_music(halo, watch, "10")
    call.press("1")
    wait_heard(halo, call, "callback_offer")
    page = pages.open("2003")
    changed(watch, interaction, "answer")
    page.wait_state("TALKING")
    call.press("1")  # too late: it is the talk that has begun
    assert call.is_up
    assert task_of(halo, interaction) is None
    halo.carrier.hang_up_phone("agent-2003")
    page.wait_state("WRAP_UP")
    page.save("solved", "", ready_after=False)
    assert halo.interaction(interaction).outcome == "answered"


@pytest.fixture(scope="module")
def message_key(_house):
    """The flow with a key for leaving a message, where the shipped one has a phrase alone."""
    text = shipped_flow("hotline").text
    own = text.replace("{name: message, phrases", "{name: message, key: 9, phrases")
    assert own != text
    desk = publisher(_house.settings, _house.database)
    desk.publish(read_flow(own, "own hotline"), "the test")
    yield "9"
    desk.publish(shipped_flow("hotline"), "the test")


def to_message(halo: House, watch, key: str, tone: Path):
    """A stranger goes through the menus to leave a message, and speaks."""
    call = halo.dial(speech=tone).wait_answered()
    interaction = interaction_of(call, watch)
    press_through(call, interaction, watch, f"13{key}")
    wait_heard(halo, call, "voicemail_speak")
    call.speak()
    wait_until(lambda: said_so_far(halo, interaction) > 3, "three seconds of the message")
    return call, interaction


def test_a_message_is_kept_with_what_the_caller_said_and_written_down(halo, message_key, tone):
    watch = halo.watch()
    call, interaction = to_message(halo, watch, message_key, tone)
    call.press("#")
    wait_until(lambda: halo.hears_prompt(call, sentence(halo, "after_message")), "the caller to be asked what to do with it", 30)
    call.press("1")
    confirm_own_number(halo, call)
    wait_heard(halo, call, "voicemail_kept")
    task = task_of(halo, interaction)
    assert task is not None
    assert task.number == call.number
    assert holds_tone(task.recording)
    wait_until(lambda: task_of(halo, interaction).transcript_kind != "", "the worker to listen to it", 130)
    assert task_of(halo, interaction).transcript_kind == "keywords"
    assert halo.interaction(interaction).outcome == "call_back"


def test_who_hangs_up_in_the_middle_of_a_message_has_left_it(halo, message_key, tone):
    watch = halo.watch()
    call, interaction = to_message(halo, watch, message_key, tone)
    call.hang_up()
    wait_until(lambda: task_of(halo, interaction) is not None, "the task")
    task = task_of(halo, interaction)
    assert task.number == call.number
    assert holds_tone(task.recording)


def test_a_message_survives_the_death_of_cti_and_the_caller_is_asked_again(halo, message_key, tone):
    watch = halo.watch()
    call, interaction = to_message(halo, watch, message_key, tone)
    killed = halo.kill("cti")
    halo.wait_restarted("cti", killed)
    wait_until(halo.cti_is_ready, "cti to be ready again")
    call.press("#")
    wait_until(
        lambda: halo.hears(call, "one_moment", LANGUAGE) or halo.hears_prompt(call, sentence(halo, "language")),
        "the caller to be spoken to again", 30,
    )  # fmt: skip
    assert call.is_up
    call.hang_up()
    halo.interaction(interaction)
    find_lost(halo)
    assert holds_tone(task_of(halo, interaction).recording)


def sentence(halo: House, menu: str) -> Prompt:
    """The first sentence of a menu."""
    flow = shipped_flow("hotline").flow
    return next(Prompt(key, lang, text=words) for key, lang, words in flow.sentences() if key.startswith(menu) and lang == LANGUAGE)
