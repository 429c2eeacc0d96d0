"""The speech front over real WebSockets: Asterisk on one side, recognisers that live, die or hang on the other."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection, serve

from cti.speech import front, messages, passage
from cti.speech.aeap_server import PROTOCOL
from cti.speech.front import SpeechFront
from cti.speech.server import SpeechServer
from cti.speech_answer import Ended, read_speech_answer
from cti.speech_engines import answers_at
from tests.conftest import free_port
from tests.unit.cti.speech.test_speech_server import (
    FRAME,
    KEY,
    SECRET,
    Echo,
    ask,
    client,
    grammar_text,
    result_of,
    set_up,
    setup_text,
)


@asynccontextmanager
async def that_understands(port: int) -> AsyncIterator[SpeechServer]:
    recogniser = SpeechServer(port, KEY, Echo())
    async with await recogniser.start():
        yield recogniser


class Frail:
    """Sets up; then `answers` says whether a question is answered. Dies on `die`."""

    def __init__(self, answers: bool = True) -> None:
        self._answers = answers
        self._wires: list[ServerConnection] = []
        self.asked, self.sounds = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def at(self, port: int) -> AsyncIterator[None]:
        async with serve(self._serve, "127.0.0.1", port, subprotocols=[PROTOCOL]):
            yield

    def die(self) -> None:
        for wire in self._wires:
            wire.transport.abort()

    async def tell_late(self) -> None:
        """Tell the end of a question that is not the last one."""
        for wire in self._wires:
            await wire.send(messages.results_request(messages.Answer(messages.Verdict.WORDS, "late", 0.9)))

    def hang(self) -> None:
        """Stay connected, but read nothing more."""
        for wire in self._wires:
            wire.transport.pause_reading()

    async def _serve(self, wire: ServerConnection) -> None:
        self._wires.append(wire)
        async for message in wire:
            if isinstance(message, bytes):
                self.sounds.set()
                continue
            request = messages.read_message(message)
            assert request is not None
            if request.name == "setup":
                await wire.send(messages.setup_answer(request))
                continue
            self.asked.set()
            if self._answers:
                await wire.send(messages.plain_answer(request))


@asynccontextmanager
async def asked_in_vain(port: int, behind: int) -> AsyncIterator[tuple[Frail, ClientConnection]]:
    """A recogniser that does not answer, and the line on which it was asked, through the front at `port`."""
    silent = Frail(answers=False)
    async with silent.at(behind), client(port) as line:
        await set_up(line)
        await line.send(grammar_text())
        await silent.asked.wait()
        yield silent, line


def with_front(work: Callable[[SpeechFront, int, list[int]], Awaitable[None]], recognisers: int = 2) -> None:
    """Run a front and something with it: its port, and those where its recognisers would be, the first to be taken first."""

    async def run() -> None:
        port, behind = free_port(), [free_port() for _ in range(recognisers)]
        speech = SpeechFront(port, KEY, {f"speech-{number}": each for number, each in enumerate(behind)})
        async with await speech.start():
            await asyncio.wait_for(work(speech, port, behind), 20)

    asyncio.run(run())


async def begin(line: ClientConnection) -> None:
    await line.send(grammar_text())
    assert json.loads(await line.recv()) == {"response": "set", "id": "2"}


async def assert_told_broken(line: ClientConnection) -> None:
    result = await asyncio.wait_for(result_of(line), 3)
    told = f'200 result=1 (speech) endpos=0 results=1 score0={result["score"]} text0="" grammar0={result["grammar"]}'
    assert read_speech_answer(told).ended is Ended.BROKEN


async def assert_stands_in(line: ClientConnection) -> None:
    """The connection is still there, and a question on it ends with the first sound."""
    await begin(line)
    await line.send(FRAME)
    await assert_told_broken(line)


def test_a_caller_is_understood_through_it_question_after_question():
    async def work(_: SpeechFront, port: int, behind: list[int]) -> None:
        async with that_understands(behind[0]), client(port) as line:
            await set_up(line)
            for _ in range(3):
                assert await ask(line) == {"text": SECRET, "score": 93, "grammar": "words", "best": 0}
                await line.send('{"response": "set", "id": "of ours"}')

    with_front(work)


def test_callers_are_spread_over_the_recognisers():
    async def work(_: SpeechFront, port: int, behind: list[int]) -> None:
        async with AsyncExitStack() as stack:
            servers = [await stack.enter_async_context(that_understands(each)) for each in behind]
            for _ in range(4):
                line = await stack.enter_async_context(client(port))
                await set_up(line)
                await ask(line)
            pages = [server.figures.page() for server in servers]
            assert not any("halo_speech_streams 0.0" in page or "halo_speech_streams 4.0" in page for page in pages)

    with_front(work)


def test_a_recogniser_that_dies_while_a_caller_speaks_ends_the_question_and_the_next_caller_has_another():
    async def work(speech: SpeechFront, port: int, behind: list[int]) -> None:
        dying = Frail()
        async with dying.at(behind[0]), that_understands(behind[1]), client(port) as line:
            await set_up(line)
            await begin(line)
            await line.send(FRAME)
            await dying.sounds.wait()
            dying.die()
            await assert_told_broken(line)
            assert 'halo_speech_answers_total{verdict="broken"} 1.0' in speech.figures.page()
            await assert_stands_in(line)
            async with client(port) as other:
                await set_up(other)
                assert (await ask(other))["text"] == SECRET

    with_front(work)


def test_a_recogniser_that_dies_before_it_answers_costs_asterisk_no_wait():
    async def work(_: SpeechFront, port: int, behind: list[int]) -> None:
        async with asked_in_vain(port, behind[0]) as (dying, line):
            dying.die()
            assert json.loads(await asyncio.wait_for(line.recv(), passage.ANSWER_WAIT_S / 2)) == {"response": "set", "id": "2"}
            await line.send(FRAME)
            await assert_told_broken(line)

    with_front(work)


def test_a_late_result_of_the_question_before_does_not_hide_that_this_one_has_no_end():
    async def work(_: SpeechFront, port: int, behind: list[int]) -> None:
        async with asked_in_vain(port, behind[0]) as (dying, line):
            await dying.tell_late()
            assert (await result_of(line))["text"] == "late"
            dying.die()
            await line.recv()
            await line.send(FRAME)
            await assert_told_broken(line)

    with_front(work)


def test_one_that_is_too_slow_is_given_up_before_asterisk_would():
    async def work(_: SpeechFront, port: int, behind: list[int]) -> None:
        async with asked_in_vain(port, behind[0]) as (_slow, line):
            assert json.loads(await asyncio.wait_for(line.recv(), 0.95)) == {"response": "set", "id": "2"}
            await line.send(FRAME)
            await assert_told_broken(line)

    with_front(work)


def test_one_that_hangs_while_it_listens_is_given_up(monkeypatch):
    monkeypatch.setattr(front, "_PING_EVERY_S", 0.1)
    monkeypatch.setattr(front, "_PONG_WAIT_S", 0.2)

    async def work(_: SpeechFront, port: int, behind: list[int]) -> None:
        hanging = Frail()
        async with hanging.at(behind[0]), client(port) as line:
            await set_up(line)
            await begin(line)
            await line.send(FRAME)
            await hanging.sounds.wait()
            hanging.hang()
            await assert_told_broken(line)

    with_front(work)


def test_a_line_without_sound_is_told_all_the_same():
    async def work(_: SpeechFront, port: int, behind: list[int]) -> None:
        dying = Frail()
        async with dying.at(behind[0]), client(port) as line:
            await set_up(line)
            await begin(line)
            dying.die()
            await assert_told_broken(line)

    with_front(work)


def test_without_any_recogniser_questions_end_at_once_and_it_says_that_it_is_not_ready():
    async def work(_: SpeechFront, port: int, behind: list[int]) -> None:
        async with client(port) as line:
            await set_up(line)
            await assert_stands_in(line)
            await assert_stands_in(line)
            assert not await asyncio.to_thread(answers_at, port)
            async with that_understands(behind[1]):
                assert await asyncio.to_thread(answers_at, port)

    with_front(work)


def test_a_recogniser_that_takes_nothing_in_never_keeps_asterisk_from_being_read(monkeypatch):
    monkeypatch.setattr(passage, "MOST_UNSENT_BYTES", 20 * len(FRAME))

    async def work(_: SpeechFront, port: int, behind: list[int]) -> None:
        full = Frail()
        async with full.at(behind[0]), client(port) as line:
            await set_up(line)
            await begin(line)
            full.hang()
            told = asyncio.create_task(assert_told_broken(line))
            while not told.done():  # more than the system's own buffers hold
                await line.send(FRAME * 100)
            await told

    with_front(work)


def test_strangers_are_closed_and_reach_no_recogniser():
    async def work(_: SpeechFront, port: int, behind: list[int]) -> None:
        async with that_understands(behind[0]) as recogniser, client(port) as line:
            await line.send(setup_text(key="a stranger's"))
            await asyncio.wait_for(line.wait_closed(), 5)
            assert line.close_code == 1008
            assert "halo_speech_streams 0.0" in recogniser.figures.page()

    with_front(work)
