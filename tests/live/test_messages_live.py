"""Promises, messages, a question after the talk, and what nobody may record: with real calls, and with cti killed in between."""

import re
import secrets
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from asterisk_conf.names import MANAGER_USER
from core.clock import SystemClock, stopwatch_s
from core.events import EventKind
from crm.callback_tasks import CallbackTask
from crm.surveys import SurveyAnswer
from cti.agi_line import AgiLine
from cti.agi_server import AgiServer
from cti.recording_mute import RecordingMute
from ivr.flow_file import read_flow, shipped_flow
from ivr.line import InboundCall, Prompt
from ivr.lost_recordings import bring_in_lost
from ivr.spoken import spoken_digits
from launch.demo.ami_thread import AmiThread
from launch.install.asterisk_root import asterisk_program
from launch.prompts import voice_of
from launch.publishing import publisher
from launch.settings_file import write_settings
from launch.supervision.programs import asterisk_conf_file
from tests.conftest import free_port
from tests.live.callers import changed, interaction_of, press_through, to_queue
from tests.live.hearing import make_tone, samples, tone_share
from tests.live.house import House, wait_until
from tests.live.test_z_logs_live import everything_logged

TONE_HZ = 620.0
LANGUAGE = "id"


def task_of(halo: House, interaction_id: str) -> CallbackTask | None:
    with halo.database.reading() as session:
        return session.scalars(select(CallbackTask).where(CallbackTask.interaction_id == interaction_id)).one_or_none()


def answer_of(halo: House, interaction_id: str) -> SurveyAnswer | None:
    with halo.database.reading() as session:
        return session.scalars(select(SurveyAnswer).where(SurveyAnswer.interaction_id == interaction_id)).one_or_none()


def wait_heard(halo: House, call, key: str, times: int = 1, **values: str) -> None:
    wait_until(lambda: halo.hears_prompt(call, Prompt(key, LANGUAGE, values), times), f"the caller to hear {key}", 30)


def holds_tone(file: str | Path) -> bool:
    return tone_share(samples(Path(file)), TONE_HZ) > 0.5


def confirm_own_number(halo: House, call) -> None:
    wait_heard(halo, call, "callback_own_number", number=spoken_digits(call.number.removeprefix("+"), LANGUAGE))
    call.press("1")


@pytest.fixture(scope="module")
def tone(tmp_path_factory) -> Path:
    return make_tone(tmp_path_factory.mktemp("said") / "tone.wav", TONE_HZ)


# ---- the offer while waiting -------------------------------------------------------------------------------------------


def test_who_agrees_is_out_of_the_line_with_a_promise_on_record(halo):
    watch = halo.watch()
    call, interaction = to_queue(halo, watch, "10")
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
    call, interaction = to_queue(halo, watch, "10")
    before = halo.store.snapshot().line[interaction]
    call.press("1")
    wait_heard(halo, call, "callback_offer")
    call.press("2")
    wait_heard(halo, call, "callback_waits_on")
    assert halo.store.snapshot().line[interaction].order == before.order
    assert task_of(halo, interaction) is None
    pages.open("2003")
    assert changed(watch, interaction, "answer").agent_id == "2003"


def test_an_agent_who_becomes_ready_during_the_offer_gets_the_caller(halo, pages):
    watch = halo.watch()
    call, interaction = to_queue(halo, watch, "10")
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


# ---- messages ----------------------------------------------------------------------------------------------------------


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


def said_so_far(halo: House, interaction: str) -> float:
    files = list(halo.settings.recordings_folder.glob(f"{interaction}_*.wav"))
    return max((file.stat().st_size / 16_000 for file in files), default=0.0)


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


def find_lost(halo: House) -> None:
    """The worker's look, a while later."""
    later = SystemClock().now() + timedelta(minutes=3)
    bring_in_lost(halo.database, halo.settings.recordings_folder, frozenset(), later)


# ---- the question after the talk ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked_all(_house):
    """Every caller is asked, as long as these tests run."""
    restart_cti(_house, "1.0")
    yield
    restart_cti(_house, "0")


def restart_cti(halo: House, share: str) -> None:
    write_settings(halo.settings.home, {"HALO_SURVEY_SHARE": share})
    halo.stop_process("cti")
    halo.start_process("cti")
    wait_until(halo.cti_is_ready, "cti to be ready")


def to_survey(halo: House, pages, watch, tone: Path):
    """A talk that the agent has ended; the caller hears the question."""
    page = pages.open("2003")
    call = halo.dial(speech=tone).wait_answered()
    interaction = interaction_of(call, watch)
    press_through(call, interaction, watch, "10")
    changed(watch, interaction, "answer")
    page.wait_state("TALKING")
    halo.carrier.hang_up_phone("agent-2003")
    page.wait_state("WRAP_UP")
    wait_heard(halo, call, "survey_score")
    return call, interaction, page


def test_the_caller_is_asked_while_the_agent_goes_on(halo, pages, asked_all, tone):
    watch = halo.watch()
    call, interaction, page = to_survey(halo, pages, watch, tone)
    page.save("solved", "")
    page.wait_state("READY")
    call.press("4")
    wait_heard(halo, call, "survey_comment")
    wait_until(lambda: answer_of(halo, interaction).score == 4, "the score")
    call.speak()
    wait_until(lambda: said_so_far(halo, interaction) > 2, "two seconds of the comment")
    call.press("#")
    assert call.ended.wait(15)
    wait_until(lambda: answer_of(halo, interaction).comment_recording != "", "the comment")
    assert holds_tone(answer_of(halo, interaction).comment_recording)
    assert halo.interaction(interaction).outcome == "answered"


def test_the_death_of_cti_in_a_survey_loses_no_word_and_ends_with_a_goodbye(halo, pages, asked_all, tone):
    watch = halo.watch()
    call, interaction, page = to_survey(halo, pages, watch, tone)
    page.save("solved", "", ready_after=False)
    call.press("5")
    wait_heard(halo, call, "survey_comment")
    call.speak()
    wait_until(lambda: said_so_far(halo, interaction) > 2, "two seconds of the comment")
    killed = halo.kill("cti")
    halo.wait_restarted("cti", killed)
    call.press("#")
    wait_heard(halo, call, "goodbye")
    assert call.ended.wait(10)
    wait_until(halo.cti_is_ready, "cti to be ready again")
    halo.interaction(interaction)
    assert answer_of(halo, interaction).score == 5
    find_lost(halo)
    assert holds_tone(answer_of(halo, interaction).comment_recording)
    assert task_of(halo, interaction) is None


# ---- what nobody may record ---------------------------------------------------------------------------------------------------

PRIVATE_NUMBER = "1500777"


def test_no_recording_and_no_log_holds_what_is_typed_in_private(halo, tone, tmp_path):
    recording = tmp_path / "mixed.wav"
    secret = "".join(secrets.SystemRandom().sample("0123456789", 10))
    typed: list[str] = []
    inside, over, done = threading.Event(), threading.Event(), threading.Event()
    moments_s: list[float] = []
    voice = voice_of(halo.settings)
    password = halo.settings.ami_password.get_secret_value()

    with AmiThread(halo.settings.ami_port, MANAGER_USER, password, {}) as ami:
        mute = RecordingMute(ami._ami, lambda: ami._loop)

        def script(session) -> None:
            call = InboundCall("", "", PRIVATE_NUMBER, session.env["agi_channel"])
            line = AgiLine(session, call, voice.file_for, lambda event: None, SystemClock(), tmp_path, mute)
            line.ask_keys(most=1, wait_s=4)
            with line.private():
                moments_s.append(stopwatch_s())
                inside.set()
                typed.append(line.ask_keys(most=len(secret), wait_s=8))
                line.ask_keys(most=1, wait_s=2)
                moments_s.append(stopwatch_s())
            over.set()
            line.ask_keys(most=1, wait_s=4)
            done.set()

        server = AgiServer(free_port(), script)
        server.start()
        with number_of_its_own(halo, server.server_address[1], recording):
            call = halo.carrier.dial(PRIVATE_NUMBER, "+6281900099999", tone).wait_answered()
            halo.calls.append(call)
            call.speak()
            assert inside.wait(20)
            call.press(secret)
            assert over.wait(30)
            assert done.wait(30)
            call.hang_up()
            assert call.ended.wait(10)
        server.stop()

    assert typed == [secret]
    # A phone sends no sound with a key, so the recording is shorter than the call; the last two private seconds were speech.
    assert 1.8 < longest_silence_s(recording) < moments_s[1] - moments_s[0] + 0.5
    sound = samples(recording)
    assert tone_share(sound[:24_000], TONE_HZ) > 0.5
    assert tone_share(sound[-16_000:], TONE_HZ) > 0.5
    assert secret not in everything_logged(halo)
    assert secret not in "".join(re.findall(r"DTMF[^\n]*?'(.)'", everything_logged(halo)))


@contextmanager
def number_of_its_own(halo: House, agi_port: int, recording: Path) -> Iterator[None]:
    """A number that runs our script, with the caller's channel being recorded."""
    conf = asterisk_conf_file(halo.settings.home)
    local = conf.parent / "local" / "inbound-test.conf"
    local.parent.mkdir(exist_ok=True)
    local.write_text(
        f"exten => {PRIVATE_NUMBER},1,Answer()\n same => n,MixMonitor({recording})\n"
        f" same => n,AGI(agi://127.0.0.1:{agi_port}/private)\n same => n,Hangup()\n",
        encoding="utf-8",
    )
    reload = [*asterisk_program().command, "-C", str(conf), "-rx", "dialplan reload"]
    subprocess.run(reload, check=True, capture_output=True)
    try:
        yield
    finally:
        local.unlink()
        subprocess.run(reload, check=True, capture_output=True)


def longest_silence_s(recording: Path) -> float:
    """The longest stretch of the recording without any sound."""
    sound = samples(recording)
    quiet = np.abs(sound[: len(sound) // 160 * 160]).reshape(-1, 160).max(axis=1) < 0.002
    longest = current = 0
    for frame in quiet:
        current = current + 1 if frame else 0
        longest = max(longest, current)
    return longest * 0.02
