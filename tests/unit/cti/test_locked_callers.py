"""Callers whose thread in Asterisk waits for ever: noticed by the engine that has died, and taken from that thread."""

import io
import socket
import threading
import wave
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from cti import agi_speech
from cti.agi_session import AgiSession
from cti.agi_speech import VoiceQuestions
from cti.asterisk_threads import AsteriskThreads
from cti.locked_callers import freeing_fields
from cti.speech_engines import SpeechEngines
from ivr.line import Grammar, HungUp

ENV = {"agi_channel": "PJSIP/carrier-0000001a", "agi_context": "entry", "agi_extension": "s", "agi_priority": "11"}
MENU = Grammar("menu", "set1", ("tagihan",))
HELLO = "".join(f"{name}: {value}\n" for name, value in ENV.items()) + "\n"


def test_they_go_on_where_they_were() -> None:
    fields = freeing_fields(ENV)
    assert fields is not None
    assert fields["Data"] == "PJSIP/carrier-0000001a,xF(entry^s^11)"


@pytest.mark.parametrize(
    "wrong", [{"agi_channel": "PJSIP/a,x"}, {"agi_context": "entry^"}, {"agi_priority": "n"}, {"agi_extension": ""}]
)
def test_what_is_no_place_of_the_dialplan_is_not_sent_to_asterisk(wrong: dict[str, str]) -> None:
    assert freeing_fields(ENV | wrong) is None


class Asterisk:
    """One that takes every command, and answers RECOGNIZE only when it is told to."""

    def __init__(self) -> None:
        self.ours, theirs = socket.socketpair()
        self.ours.sendall(HELLO.encode())
        self.session = AgiSession(cast(BinaryIO, theirs.makefile("rb")), cast(BinaryIO, theirs.makefile("wb")))
        self.session.leave = lambda: theirs.shutdown(socket.SHUT_RDWR)
        self.answers = threading.Event()
        threading.Thread(target=self._talk, daemon=True).start()

    def _talk(self) -> None:
        for line in self.ours.makefile("r"):
            if line.startswith("SPEECH RECOGNIZE"):
                self.answers.wait()
                self.ours.sendall(b"200 result=1 (digit) digit=5 endpos=0\n")
            else:
                self.ours.sendall(b"200 result=1\n")


def ask(asterisk: Asterisk, folder: Path, lives: list[str], freed: list[dict[str, str]]) -> object:
    """Ask one question of an engine whose process is named so, one look after the other."""

    def free(env: object) -> bool:
        freed.append(dict(env))  # type: ignore[call-overload]
        return True

    engines = SpeechEngines({"vosk-1": 1}, lambda _port: True, lambda _port: lives.pop(0) if len(lives) > 1 else lives[0])
    engines._ready_at_s["vosk-1"] = 0.0
    with wave.open(str(folder / "menu.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000))
    questions = VoiceQuestions(engines, folder, AsteriskThreads(folder / "no.pid"), free)
    return questions.of(asterisk.session).ask([folder / "menu.wav"], MENU, 3.0)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agi_speech, "_LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(agi_speech, "_NOTICES_WITHIN_S", 0.05)
    monkeypatch.setattr("cti.speech_engines._READY_FOR_S", 0.01)


@pytest.mark.parametrize("after", ["", "another"])
def test_whose_engine_has_died_without_an_answer_is_freed_and_this_session_ends(tmp_path: Path, after: str) -> None:
    asterisk, freed = Asterisk(), []
    with pytest.raises(HungUp):
        ask(asterisk, tmp_path, ["one", after], freed)
    assert freed == [ENV]
    assert asterisk.session.is_abandoned


def test_whose_engine_lives_is_left_alone_however_long_they_take(tmp_path: Path) -> None:
    asterisk, freed = Asterisk(), []
    threading.Timer(0.4, asterisk.answers.set).start()
    answer = ask(asterisk, tmp_path, ["one"], freed)
    assert getattr(answer, "key", "") == "5"
    assert freed == []


def test_a_caller_who_is_gone_is_no_fault() -> None:
    session = AgiSession(io.BytesIO(f"{HELLO}511 Command Not Permitted on a dead channel\n".encode()), io.BytesIO())
    with pytest.raises(HungUp):
        session.execute("STREAM FILE", "hello", "")
