"""The least that a script over FastAGI can cost: one asyncio process that plays a menu, takes a key and plays on."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from launch.places import ROOT
from tests.conftest import free_port


@contextmanager
def bare_agi(prompts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Start it in a process of its own; gives its port and process id. `prompts`: the sound files before and after the key."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bare_agi", str(port), *prompts], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        process.stdout.readline()
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(5)


async def _converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, prompts: Sequence[str]) -> None:
    async def ask(command: str) -> str:
        writer.write(command.encode() + b"\n")
        return (await reader.readline()).decode()

    try:
        await reader.readuntil(b"\n\n")
        said = await ask(f'STREAM FILE "{prompts[0]}" "0123456789*#"')
        if "result=0" in said:
            said = await ask("WAIT FOR DIGIT 5000")
        if said.startswith("200") and "result=-1" not in said:
            await ask(f'STREAM FILE "{prompts[1]}" "0123456789*#"')
    except (asyncio.IncompleteReadError, ConnectionError):
        return  # the caller has gone
    finally:
        writer.close()


async def _serve(port: int, prompts: Sequence[str]) -> None:
    server = await asyncio.start_server(lambda reader, writer: _converse(reader, writer, prompts), "127.0.0.1", port, backlog=512)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2:]))
