"""The speech server over a real WebSocket: as Asterisk speaks to it, and as nobody should."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from core.errors import NotFound
from cti.speech import aeap_server
from cti.speech.aeap_server import PROTOCOL
from cti.speech.messages import BadMessage, Question, question_text, read_message, read_question
from cti.speech.server import SpeechServer
from ivr.speech.recognizer import SpeechResult
from tests.conftest import free_port

KEY = "the-key-of-our-asterisk"
FRAME = b"\x00\x10" * 160  # loud: silence is passed over
SECRET = "rahasia sekali"


class Echo:
    """Understands `SECRET` after `frames` frames; knows one grammar."""

    def __init__(self, frames: int = 6) -> None:
        self._left = frames * len(FRAME)
        self.speaking = False

    def start(self, speech_set: str, grammar: str, digits: int = 0, form: str = "") -> "Echo":
        if (speech_set, grammar) == ("set", "breaks"):
            raise RuntimeError("broken")
        if (speech_set, grammar) != ("set", "menu"):
            raise NotFound("There is no such grammar.", "Publish again.")
        return Echo()

    def hear(self, sound: bytes) -> SpeechResult | None:
        self._left -= len(sound)
        return SpeechResult(SECRET, 0.93) if self._left <= 0 else None

    def finish(self) -> SpeechResult | None:
        return None


def with_server(work: Callable[[SpeechServer, int], Awaitable[None]], most_streams: int = 5) -> None:
    """Run a server and something with it."""

    async def run() -> None:
        port = free_port()
        server = SpeechServer(port, KEY, Echo(), most_streams)
        async with await server.start():
            await asyncio.wait_for(work(server, port), 20)

    asyncio.run(run())


def client(port: int) -> connect:
    return connect(f"ws://127.0.0.1:{port}", subprotocols=[PROTOCOL], compression=None)


def setup_text(key: str = KEY, codec: str = "slin") -> str:
    return json.dumps({"request": "setup", "id": "1", "version": "0.1.0", "codecs": [{"name": codec}], "params": {"key": key}})


def grammar_text(name: str = "set/menu?prompt_ms=0&wait_ms=1000") -> str:
    return json.dumps({"request": "set", "id": "2", "params": {"grammar": name}})


async def set_up(line: ClientConnection) -> None:
    await line.send(setup_text())
    assert json.loads(await line.recv()) == {"response": "setup", "id": "1", "codecs": [{"name": "slin"}]}


async def result_of(line: ClientConnection) -> dict[str, object]:
    told = json.loads(await line.recv())
    assert told["request"] == "set"
    (result,) = told["params"]["results"]
    return result


async def ask(line: ClientConnection, frames: int = 20) -> dict[str, object]:
    await line.send(grammar_text())
    assert json.loads(await line.recv()) == {"response": "set", "id": "2"}
    for _ in range(frames):
        await line.send(FRAME)
    return await result_of(line)


async def assert_still_serves(port: int) -> None:
    async with client(port) as line:
        await set_up(line)
        assert (await ask(line))["text"] == SECRET


async def assert_closed(line: ClientConnection) -> None:
    await asyncio.wait_for(line.wait_closed(), 5)
    assert line.close_code in (1008, 1009, 1011)


def test_a_caller_is_understood_question_after_question():
    async def work(server: SpeechServer, port: int) -> None:
        async with client(port) as line:
            await set_up(line)
            for _ in range(3):
                assert await ask(line) == {"text": SECRET, "score": 93, "grammar": "words", "best": 0}
            await line.send('{"response": "set", "id": "of ours"}')
            await line.send('{"request": "get", "id": "3", "params": ["results"]}')
            assert json.loads(await line.recv()) == {"response": "get", "id": "3", "params": {"results": []}}

    with_server(work)


def test_a_line_without_any_sound_is_silence_in_time():
    async def work(server: SpeechServer, port: int) -> None:
        async with client(port) as line:
            await set_up(line)
            await line.send(grammar_text("set/menu?prompt_ms=0&wait_ms=100"))
            await line.recv()
            began = asyncio.get_running_loop().time()
            assert await result_of(line)  # the missing sound is heard as silence, which this recogniser understands
            assert asyncio.get_running_loop().time() - began < 2

    with_server(work)


def test_asterisk_is_answered_while_a_question_is_still_made_ready_and_no_sound_is_lost(monkeypatch):
    ready = threading.Event()
    make = Echo.start
    monkeypatch.setattr(Echo, "start", lambda *wanted: ready.wait(10) and make(*wanted))

    async def work(server: SpeechServer, port: int) -> None:
        async with client(port) as line:
            await set_up(line)
            await line.send(grammar_text())
            assert json.loads(await line.recv()) == {"response": "set", "id": "2"}
            for _ in range(6):  # as many as must be heard for an answer
                await line.send(FRAME)
            ready.set()
            assert (await result_of(line))["text"] == SECRET

    with_server(work)


def test_a_question_that_is_heard_too_late_ends_and_the_connection_stays(monkeypatch):
    go_on = threading.Event()
    hear = Echo.hear
    monkeypatch.setattr(Echo, "hear", lambda echo, sound: go_on.wait(10) and hear(echo, sound))

    async def work(server: SpeechServer, port: int) -> None:
        async with client(port) as line:
            await set_up(line)
            await line.send(grammar_text())
            await line.recv()
            for _ in range(1200):  # what is being heard now, and more than may wait
                await line.send(FRAME)
            assert (await result_of(line))["grammar"] == "behind"
            go_on.set()
            assert (await ask(line))["text"] == SECRET

    with_server(work)


def test_an_answer_to_the_question_before_is_never_taken_for_one_to_this(monkeypatch):
    hearing, go_on = threading.Event(), threading.Event()
    hear = Echo.hear

    def slow_at_first(self: Echo, sound: bytes) -> SpeechResult | None:
        if hearing.is_set():
            return hear(self, sound)
        hearing.set()
        go_on.wait(10)
        return SpeechResult("too late", 0.99)

    monkeypatch.setattr(Echo, "hear", slow_at_first)

    async def work(server: SpeechServer, port: int) -> None:
        async with client(port) as line:
            await set_up(line)
            await line.send(grammar_text())
            await line.recv()
            for _ in range(3):
                await line.send(FRAME)
            await asyncio.to_thread(hearing.wait, 10)
            await line.send(grammar_text())  # the caller has pressed a key: another question
            await line.recv()
            go_on.set()
            for _ in range(20):
                await line.send(FRAME)
            assert (await result_of(line))["text"] == SECRET

    with_server(work)


def test_a_grammar_that_nobody_knows_is_told_with_the_first_sound():
    async def work(server: SpeechServer, port: int) -> None:
        async with client(port) as line:
            await set_up(line)
            await line.send(grammar_text("set/other"))
            assert json.loads(await line.recv()) == {"response": "set", "id": "2"}
            for _ in range(4):
                await line.send(FRAME)
            assert (await result_of(line))["grammar"] == "unknown"

    with_server(work)


@pytest.mark.parametrize(
    "first",
    [
        setup_text(key="wrong"), setup_text(codec="ulaw"), "{}", "no json", '{"request": "setup"}', "[]", b"\0" * 320,
        json.dumps({"request": "setup", "id": "1", "codecs": 5, "params": {"key": KEY}}), grammar_text(),
        json.dumps({"request": "setup", "id": "1", "codecs": [{"name": "slin"}], "params": None}),
    ],
)  # fmt: skip
def test_whoever_is_not_our_asterisk_is_closed_and_the_server_lives(first):
    async def work(server: SpeechServer, port: int) -> None:
        async with client(port) as line:
            await line.send(first)
            await assert_closed(line)
        await assert_still_serves(port)

    with_server(work)


@pytest.mark.parametrize(
    "later",
    [
        "no json", '{"request": "fly", "id": "9"}', grammar_text("../../x/menu"), grammar_text("set"), "[" * 5000,
        grammar_text("set/menu?form=../x"), grammar_text("set/menu?wait_ms=-1"), grammar_text("set/menu?wait_ms=99999999"),
        grammar_text("set/menu?digits=-8"), grammar_text("set/menu?digits=800"), "x" * 100_000, grammar_text("set/breaks"),
        json.dumps({"request": "set", "id": "9", "params": {"grammar": 5}}),
    ],
)  # fmt: skip
def test_garbage_in_the_middle_closes_that_line_only(later):
    async def work(server: SpeechServer, port: int) -> None:
        async with client(port) as line, client(port) as other:
            await set_up(line)
            await set_up(other)
            await line.send(later)
            await assert_closed(line)
            assert (await ask(other))["text"] == SECRET
        await assert_still_serves(port)

    with_server(work)


def test_a_client_that_says_nothing_is_closed(monkeypatch):
    monkeypatch.setattr(aeap_server, "SETUP_WAIT_S", 0.1)

    async def work(server: SpeechServer, port: int) -> None:
        async with client(port) as line:
            await assert_closed(line)
        await assert_still_serves(port)

    with_server(work)


def test_half_a_handshake_and_plain_garbage_harm_nobody():
    async def work(server: SpeechServer, port: int) -> None:
        for said in (b"GET / HTTP/1.1\r\nHost: x\r\n", b"\x16\x03\x01\0\0", b"\r\n\r\n", b"A" * 20_000):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            writer.close()
        await assert_still_serves(port)

    with_server(work)


def test_more_callers_than_there_is_room_for_are_turned_away():
    async def work(server: SpeechServer, port: int) -> None:
        async with client(port) as line:
            await set_up(line)
            with pytest.raises(InvalidStatus):
                async with client(port):
                    raise AssertionError("there was no room")

    with_server(work, most_streams=1)


def test_readiness_and_figures_are_served_on_the_same_port():
    async def work(server: SpeechServer, port: int) -> None:
        await assert_still_serves(port)
        ready, figures = await page(port, "/ready"), await page(port, "/metrics")
        assert ready.startswith("HTTP/1.1 200")
        assert 'halo_speech_answers_total{verdict="words"} 1.0' in figures
        assert (await page(port, "/")).startswith("HTTP/1.1 404")

    with_server(work)


def test_no_log_line_holds_what_was_said_or_the_key():
    async def work(server: SpeechServer, port: int) -> None:
        await assert_still_serves(port)
        for first in (setup_text(key=f"{KEY}x"), json.dumps({"request": "setup", "id": SECRET, "params": KEY})):
            async with client(port) as line:
                await line.send(first)
                await assert_closed(line)

    with structlog.testing.capture_logs() as lines:
        with_server(work)
    assert len(lines) == 2
    assert SECRET not in str(lines)
    assert KEY not in str(lines)


async def page(port: int, path: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    text = (await reader.read()).decode()
    writer.close()
    return text


@settings(max_examples=300)
@given(st.text() | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_whatever_comes_is_a_message_or_a_bad_one(text):
    with suppress(BadMessage):
        read_message(text)


@given(st.integers(0, 600_000), st.integers(0, 600_000))
def test_a_question_is_read_as_it_was_told(prompt_ms, wait_ms):
    for digits in (0, 8):
        told = question_text("set-1", "menu_1", prompt_ms / 1000, wait_ms / 1000, digits)
        assert read_question({"grammar": told}) == Question("set-1", "menu_1", prompt_ms / 1000, wait_ms / 1000, digits)
        told = question_text("set-1", "menu_1", prompt_ms / 1000, wait_ms / 1000, digits, "order_number")
        assert read_question({"grammar": told}).form == "order_number"
