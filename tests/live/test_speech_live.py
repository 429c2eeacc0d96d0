"""Callers who speak: real calls through Asterisk to the recognisers and back, and recognisers that are killed meanwhile."""

import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from core.events import Event, EventKind
from ivr.flow_file import shipped_flow
from ivr.joined_sound import length_s
from ivr.line import Prompt
from ivr.reasons import Reason
from launch.demo.carrier import Call
from launch.demo.event_watch import EventWatch
from launch.prompts import voice_of
from tests.live.callers import interaction_of
from tests.live.hearing import RATE, heard_at_s, samples
from tests.live.house import House, wait_until

pytestmark = pytest.mark.one_database

ENGINES = ("speech-1", "speech-2")
SPEAKERS = 5
ASKED = Prompt("main_menu_1", "id", text=shipped_flow("hotline").flow.menus["main_menu"].ask["id"][0])


def spoken(folder: Path, text: str, voice: str = "id", after_s: float = 0.2) -> Path:
    """Somebody says this once in half a minute, on a telephone line; the first time after `after_s`."""
    said, file = folder / "said.wav", folder / f"{text.replace(' ', '-')}.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", said, text], check=True)
    form = ["-r", "8000", "-b", "16", "-e", "signed-integer", "-c", "1"]
    subprocess.run(["sox", "-V1", said, *form, file, "norm", "-6", "pad", str(after_s), "30"], check=True)
    return file


@pytest.fixture
def caller(halo: House) -> str:
    """A customer whom the hotline knows, so that it asks what they want at once."""
    return halo.known_numbers(1)[0]


def dial(halo: House, number: str, speech: Path | None = None) -> tuple[Call, EventWatch, str]:
    watch = halo.watch()
    call = halo.dial(number, speech).wait_answered()
    return call, watch, interaction_of(call, watch)


def answered(watch: EventWatch, interaction: str, step: str = "main_menu") -> str:
    """What the first answer at this menu was taken for."""

    def fits(event: Event) -> bool:
        return event.kind is EventKind.IVR_STEP_TAKEN and event.interaction_id == interaction and event.data["step"] == step

    return str(watch.wait(fits, f"an answer at {step}", timeout_s=40).data["detail"])


def has_heard_out(halo: House, call: Call, but_s: float) -> bool:
    """Whether the recording holds the question but for its last `but_s`."""
    sound = voice_of(halo.settings).file_for(ASKED)
    if not halo.hears_prompt(call, ASKED):
        return False
    (began_s, *_) = heard_at_s(call.heard, sound)
    return len(samples(call.heard)) / RATE >= began_s + length_s(sound) - but_s


def streams_of(port: int) -> float:
    """How many callers are connected to the recogniser at this port."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=2) as page:
        lines = page.read().decode().splitlines()
    return float(next(line for line in lines if line.startswith("halo_speech_streams ")).split()[1])


def listener_of(halo: House) -> str:
    """The process that listens to the only caller there is."""

    found: list[str] = []

    def is_found() -> bool:
        found[:] = [name for name, port in zip(ENGINES, halo.settings.speech_ports, strict=True) if streams_of(port) == 1]
        return bool(found)

    wait_until(is_found, "somebody to listen")
    return found[0]


@pytest.mark.parametrize(("text", "voice", "choice"), [("status pesanan", "id", "order_status"), ("my bill", "en-us", "bill")])
def test_a_caller_chooses_by_voice_over_the_prompt_in_either_language(halo, caller, tmp_path, text, voice, choice):
    # Connected is not asked yet: whoever speaks before the question begins is not heard.
    call, watch, interaction = dial(halo, caller, spoken(tmp_path, text, voice, after_s=1.5))
    listener_of(halo)
    call.speak()
    began_s = time.monotonic()
    assert answered(watch, interaction) == choice
    assert time.monotonic() - began_s < 5.5, "long before the question has been read out"


def test_a_key_answers_the_same_question(halo, caller):
    call, watch, interaction = dial(halo, caller)
    listener_of(halo)
    call.press("2")
    assert answered(watch, interaction) == "bill"


def test_silence_is_taken_for_silence(halo, caller):
    _, watch, interaction = dial(halo, caller)
    assert answered(watch, interaction) == Reason.NO_INPUT


def test_other_talk_is_asked_again_at_once_and_chooses_nothing(halo, caller, tmp_path):
    call, watch, interaction = dial(halo, caller, spoken(tmp_path, "kereta berangkat dari stasiun jakarta", after_s=3.0))
    # Over the question other talk is let pass, so it begins after it: the recording is written two seconds late.
    wait_until(lambda: has_heard_out(halo, call, but_s=2.5), "the question nearly to its end")
    call.speak()
    assert answered(watch, interaction) == Reason.NOT_UNDERSTOOD


def test_noise_chooses_nothing(halo, caller, tmp_path):
    noise = tmp_path / "noise.wav"
    form = ["-r", "8000", "-b", "16", "-e", "signed-integer", "-c", "1"]
    subprocess.run(["sox", "-V1", "-n", *form, noise, "synth", "30", "brownnoise", "vol", "0.1"], check=True)
    call, watch, interaction = dial(halo, caller, noise)
    call.speak()
    assert answered(watch, interaction) in (Reason.NO_INPUT, Reason.NOT_UNDERSTOOD)


def test_a_recogniser_killed_in_the_middle_costs_one_repetition(halo, caller, tmp_path):
    call, watch, interaction = dial(halo, caller, spoken(tmp_path, "tagihan"))
    listener = listener_of(halo)
    wait_until(lambda: halo.hears_prompt(call, ASKED), "the question")
    killed = halo.kill(listener)
    wait_until(lambda: halo.hears_prompt(call, ASKED, times=2), "the question again")
    call.speak()
    assert answered(watch, interaction) == "bill"
    assert not halo.hears_prompt(call, ASKED, times=3)
    halo.wait_restarted(listener, killed)


@pytest.mark.parametrize("front", ["speech-front-1", "speech-front-2"])
def test_a_front_killed_between_two_callers_is_back_for_the_next(halo, caller, tmp_path, front):
    killed = halo.kill(front)
    halo.wait_restarted(front, killed)
    wait_until(lambda: halo.check(front) == "", front)
    call, watch, interaction = dial(halo, caller, spoken(tmp_path, "tagihan"))
    listener_of(halo)
    call.speak()
    assert answered(watch, interaction) == "bill"


def test_all_recognisers_killed_while_several_callers_speak_leave_nobody_stuck(halo, tmp_path):
    talk = spoken(tmp_path, "kereta berangkat dari stasiun jakarta dan tiba di bandung sore hari", after_s=0.5)
    talking = [dial(halo, number, talk) for number in halo.known_numbers(SPEAKERS)]
    wait_until(lambda: sum(streams_of(port) for port in halo.settings.speech_ports) == SPEAKERS, "everybody to be heard")
    wait_until(lambda: all(halo.hears_prompt(call, ASKED) for call, _, _ in talking), "the question")
    for call, _, _ in talking:
        call.speak()
    killed = {name: halo.kill(name) for name in ENGINES}
    (gone, _, left), *staying = talking
    gone.hang_up()  # while Asterisk's side of a dead recogniser would be taken down
    for call, watch, interaction in staying:
        wait_until(lambda heard=call: halo.hears_prompt(heard, ASKED, times=2), "the question again")
        call.press("2")
        assert answered(watch, interaction) == "bill"
        call.hang_up()
    for interaction in (left, *(each for _, _, each in staying)):
        assert halo.interaction(interaction).ended_at is not None
    wait_until(lambda: not any(streams_of(port) for port in halo.settings.speech_front_ports), "every connection to end")
    for name, pid in killed.items():
        halo.wait_restarted(name, pid)
        wait_until(lambda name=name: halo.check(name) == "", name)


def test_a_caller_who_has_left_the_menu_leaves_no_connection_behind(halo, caller):
    call, _, _ = dial(halo, caller)
    listener_of(halo)
    call.hang_up()
    wait_until(lambda: not any(streams_of(port) for port in halo.settings.speech_ports), "the connection to end")


def test_without_any_recogniser_keys_work_and_speech_comes_back_by_itself(halo, caller, tmp_path):
    log = halo.settings.home / "log" / "cti.log"
    told = log.read_text().count("no_speech_engine_answers")
    for name in ENGINES:
        halo.stop_process(name)
    try:
        for _ in range(2):
            call, watch, interaction = dial(halo, caller)
            wait_until(lambda heard=call: halo.hears_prompt(heard, ASKED), "the question")
            call.press("2")
            assert answered(watch, interaction) == "bill"
            call.hang_up()
        assert log.read_text().count("no_speech_engine_answers") == told + 1
    finally:
        for name in ENGINES:
            halo.start_process(name)
    wait_until(lambda: all(halo.check(name) == "" for name in ENGINES), "the recognisers")
    call, watch, interaction = dial(halo, caller, spoken(tmp_path, "status pesanan"))
    listener_of(halo)
    call.speak()
    assert answered(watch, interaction) == "order_status"


def test_no_log_holds_what_was_said_or_the_recognisers_key(halo, caller, tmp_path):
    call, watch, interaction = dial(halo, caller, spoken(tmp_path, "status pesanan"))
    listener_of(halo)
    call.speak()
    assert answered(watch, interaction) == "order_status"
    files = [*(halo.settings.home / "log").rglob("*.log*"), *(halo.settings.home / "asterisk" / "log").glob("*")]
    text = "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file())
    assert "speech_set_loaded" in text
    assert "status pesanan" not in text
    assert halo.settings.speech_key not in text
