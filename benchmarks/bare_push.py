"""The least that pushing can cost: one asyncio process that reads a Redis stream and writes ready-made bytes to every page."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import redis.asyncio

from launch.places import ROOT
from tests.conftest import free_port

STREAM, EVENT = "benchmark", b"bare"


@contextmanager
def bare_push(redis_url: str, message_bytes: int) -> Iterator[int]:
    """Start it in a process of its own; gives its port. Each entry in STREAM is pushed as a message of this length."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.bare_push", str(port), str(message_bytes)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(redis_url + "\n")  # not an argument: it holds a password
        process.stdin.flush()
        process.stdout.readline()
        yield port
    finally:
        process.terminate()
        process.wait(5)


async def _serve(url: str, port: int, message_bytes: int) -> None:
    pages: set[asyncio.StreamWriter] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        pages.add(writer)
        await reader.read()
        pages.discard(writer)
        writer.close()

    message = b"event: " + EVENT + b"\ndata: " + b"x" * message_bytes + b"\n\n"
    chunk = f"{len(message):X}\r\n".encode() + message + b"\r\n"
    server = await asyncio.start_server(take, "127.0.0.1", port)
    client = redis.asyncio.Redis.from_url(url)
    print("ready", flush=True)
    position = b"$"
    async with server:
        while True:
            ((_, entries),) = await client.xread({STREAM: position}, block=0)
            position = entries[-1][0]
            for writer in pages:
                writer.write(chunk)


if __name__ == "__main__":
    asyncio.run(_serve(sys.stdin.readline().strip(), int(sys.argv[1]), int(sys.argv[2])))
