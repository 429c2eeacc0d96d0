"""Recording a caller: what Asterisk is told, and what counts as having said something."""

import io
import wave
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core.clock import VirtualClock
from cti.agi_line import AgiLine
from cti.agi_session import AgiSession
from cti.recorded import spoken_in
from ivr.line import HungUp, InboundCall, Prompt

RATE = 8000
GREETING = b"agi_network_script: hotline\nagi_channel: PJSIP/carrier-1\n\n"


def sound(file: Path, *parts: tuple[float, float]) -> Path:
    """A file of tones: (seconds, amplitude) one after the other."""
    samples = np.concatenate(
        [amplitude * np.sin(2 * np.pi * 440 * np.arange(int(length_s * RATE)) / RATE) for length_s, amplitude in parts]
    )
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.astype(np.int16).tobytes())
    return file


class Answering(io.BytesIO):
    """Asterisk's end: at each command it does what the next of `does` does, and answers; what is left to do then, it does
    before it looks at the command after."""

    def __init__(self, *does: Callable[[str], bytes]) -> None:
        super().__init__()
        self.answers = io.BytesIO(GREETING)
        self._does = list(does)
        self.asked: list[str] = []
        self.left_to_do: Callable[[], object] = lambda: None

    def write(self, data: object) -> int:
        line = bytes(data).decode()  # type: ignore[call-overload]  # always bytes here
        self.asked.append(line.strip())
        self.left_to_do()
        self.left_to_do = lambda: None
        place = self.answers.tell()
        self.answers.seek(0, io.SEEK_END)
        self.answers.write(b"200 result=0\n" if line.startswith("NOOP") else self._does.pop(0)(line))
        self.answers.seek(place)
        return len(line)


def line(asterisk: Answering, folder: Path) -> AgiLine:
    call = InboundCall("", "", "", "PJSIP/carrier-1")
    session = AgiSession(asterisk.answers, asterisk)
    clock = VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))
    return AgiLine(
        session,
        call,
        lambda prompt: folder / f"{prompt.key}.wav",
        lambda event: None,
        clock,
        folder / "recordings",
        lambda channel, muted: None,
    )


def speaks(answer: bytes, *parts: tuple[float, float]) -> Callable[[str], bytes]:
    def record(command: str) -> bytes:
        if parts:
            sound(Path(command.split('"')[1] + ".wav"), *parts)
        return answer

    return record


def plays(_command: str) -> bytes:
    return b"200 result=0 endpos=100\n"


def test_a_caller_is_recorded_after_the_prompt(tmp_path: Path) -> None:
    asterisk = Answering(plays, speaks(b"200 result=35 (dtmf) endpos=16000\n", (1.5, 6000), (0.5, 0)))
    recording = line(asterisk, tmp_path).record(Prompt("record", "id"), most_s=90, silence_s=4)
    assert recording is not None
    assert (recording.file.parent, recording.length_s) == (tmp_path / "recordings", 2.0)
    assert asterisk.asked[1].startswith(f'RECORD FILE "{recording.file.with_suffix("")}" "wav" "0123456789*#" 90000 "BEEP" "s=4"')


@pytest.mark.parametrize("parts", [(), ((3.0, 0),), ((3.0, 90),), ((0.1, 6000), (2.0, 20)), ((0.0, 0),)])
def test_silence_is_no_recording_and_leaves_no_file(tmp_path: Path, parts: tuple[tuple[float, float], ...]) -> None:
    asterisk = Answering(speaks(b"200 result=0 (timeout) endpos=24000\n", *parts))
    assert line(asterisk, tmp_path).record(most_s=90, silence_s=4) is None
    assert list((tmp_path / "recordings").iterdir()) == []


@pytest.mark.parametrize("answer", [b"200 result=-1 (hangup) endpos=24000\n", b"HANGUP\n", b""])
def test_who_hangs_up_while_speaking_leaves_what_was_said(tmp_path: Path, answer: bytes) -> None:
    with pytest.raises(HungUp) as gone:
        line(Answering(speaks(answer, (1.0, 6000))), tmp_path).record(most_s=90, silence_s=4)
    assert gone.value.recording is not None
    assert gone.value.recording.length_s == 1.0


@pytest.mark.parametrize("answer", [b"200 result=-1 (hangup) endpos=96000\n", b"200 result=0 (timeout) endpos=96000\n"])
def test_a_file_that_asterisk_closes_after_its_answer_is_waited_for(tmp_path: Path, answer: bytes) -> None:
    """As Asterisk does it: until the file is closed its header says that nothing is in it."""

    def record(command: str) -> bytes:
        file = Path(command.split('"')[1] + ".wav")
        sound(file, (0.0, 0))
        asterisk.left_to_do = lambda: sound(file, (6.0, 6000))
        return answer

    asterisk = Answering(record)
    caller = line(asterisk, tmp_path)
    try:
        recording = caller.record(most_s=90, silence_s=4)
    except HungUp as gone:
        recording = gone.recording
    assert recording is not None
    assert recording.length_s == 6.0


def test_a_file_that_is_no_sound_is_no_recording(tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF")
    assert spoken_in(broken) is None
    assert not broken.exists()
    assert spoken_in(tmp_path / "none.wav") is None
