"""What nobody may record: keys typed in private, in a real recording and in the logs."""

import re
import secrets
import threading
from pathlib import Path

import numpy as np

from asterisk_conf.names import MANAGER_USER
from core.clock import SystemClock, stopwatch_s
from cti.agi_line import AgiLine
from cti.agi_server import AgiServer
from cti.recording_mute import RecordingMute
from ivr.line import InboundCall
from launch.demo.ami_thread import AmiThread
from launch.prompts import voice_of
from tests.conftest import free_port
from tests.live.hearing import samples, tone_share
from tests.live.logs import everything_logged
from tests.live.own_number import OWN_NUMBER, number_of_its_own
from tests.live.spoken_messages import (
    TONE_HZ,
)


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
            call = InboundCall("", "", OWN_NUMBER, session.env["agi_channel"])
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
            call = halo.carrier.dial(OWN_NUMBER, "+6281900099999", tone).wait_answered()
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


def longest_silence_s(recording: Path) -> float:
    """The longest stretch of the recording without any sound."""
    sound = samples(recording)
    quiet = np.abs(sound[: len(sound) // 160 * 160]).reshape(-1, 160).max(axis=1) < 0.002
    longest = current = 0
    for frame in quiet:
        current = current + 1 if frame else 0
        longest = max(longest, current)
    return longest * 0.02
