"""Fronts that die just as a caller's sound is written: whom Asterisk's speech client has locked up then does not stay so."""

import asyncio
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from websockets.asyncio.server import Server, ServerConnection

from core.ids import new_id
from cti.speech import messages
from cti.speech.aeap_server import AeapServer
from launch.demo.caller_voice import CallerVoice
from launch.supervision.programs import front_names
from tests.live.callers import interaction_of
from tests.live.house import House, wait_until

pytestmark = pytest.mark.one_database

CALLERS, DEATHS, EVERY_S = 12, 5, 6.0
PIECE_S, AROUND_S = 0.02, 0.0006  # sound comes so often; the connections break so close to a piece


class MortalFront(AeapServer):
    """Listens, says nothing, and breaks each connection at a piece of sound of the next second when it dies: one after the other,
    since only one at a time can be met so well."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.broken = 0
        self._died_at_s = 0.0

    def die(self) -> None:
        self._died_at_s, self._life = time.monotonic(), new_id()

    async def converse(self, wire: ServerConnection) -> None:
        began_s, pieces = time.monotonic(), random.randint(1, 50)  # no secret
        while True:
            message = await wire.recv()
            if isinstance(message, str):
                request = messages.read_message(message)
                if request is not None:
                    answer = messages.setup_answer if request.name == "setup" else messages.plain_answer
                    await wire.send(answer(request))
            elif began_s < self._died_at_s:
                pieces -= 1
                if not pieces:
                    await self._break(wire)
                    return

    async def _break(self, wire: ServerConnection) -> None:
        due_s = time.perf_counter() + PIECE_S + random.uniform(-AROUND_S, AROUND_S)  # no secret
        await asyncio.sleep(PIECE_S - 0.003)
        while time.perf_counter() < due_s:
            pass
        wire.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        wire.transport.abort()
        self.broken += 1


async def _close(server: Server) -> None:
    server.close()
    await server.wait_closed()


@contextmanager
def mortal_fronts(halo: House) -> Iterator[list[MortalFront]]:
    """In the place of the real ones."""
    names = front_names(halo.settings)
    for name in names:
        halo.stop_process(name)
    fronts = [MortalFront(port) for port in halo.settings.speech_front_ports]
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    servers = [asyncio.run_coroutine_threadsafe(front.start(), loop).result(5) for front in fronts]
    try:
        yield fronts
    finally:
        for server in servers:
            asyncio.run_coroutine_threadsafe(_close(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        for name in names:
            halo.start_process(name)
        wait_until(lambda: all(halo.check(name) == "" for name in names), "the fronts to be back")


def test_nobody_stays_locked_in_asterisk(halo, tmp_path):
    watch = halo.watch()
    words = CallerVoice(tmp_path / "voice").says("halo halo ini saya", "id")
    with mortal_fronts(halo) as fronts:
        calls = [halo.dial(speech=words).wait_answered() for _ in range(CALLERS)]
        interactions = [interaction_of(call, watch) for call in calls]
        for _ in range(DEATHS):
            calls[0].ended.wait(EVERY_S)  # a caller must be at a question again
            for front in fronts:
                front.die()
        calls[0].ended.wait(4)  # whoever is locked is freed by then
        assert sum(front.broken for front in fronts) >= CALLERS
        assert all(call.is_up for call in calls)
        for call in calls:
            call.hang_up()
        for interaction in interactions:
            assert halo.interaction(interaction).ended_at, "Asterisk knows that they are gone"
