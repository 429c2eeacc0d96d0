"""Many callers at once on real recogniser processes: each speaks a phrase over the wire as Asterisk sends it, again and again."""

import asyncio
import json
import os
import secrets
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, Popen

import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from core.clock import stopwatch_s
from core.settings import SPEECH_FRONTS, Settings, load_settings
from cti.speech.aeap_server import PROTOCOL
from cti.speech.messages import KEY, question_text
from ivr.speech.grammars import GrammarSource
from ivr.speech.model_folder import SHIPPED_FOLDER
from ivr.speech.speech_set import compile_speech_set
from launch.places import ROOT, VENV_PYTHON
from launch.settings_file import prepare_home, write_settings
from tests.conftest import free_ports

FRAME_S, FRAME_BYTES = 0.02, 320
PHRASES = {"id": ("status pesanan", "tagihan saya", "bicara dengan petugas", "menu utama", "dengar lagi", "pembayaran")}
MENU = {"menu": GrammarSource(PHRASES)}
_LEAD_S, _TAIL_S = 0.5, 2.5


@dataclass
class Recognisers:
    """Running recognisers. `settings` are theirs; `speech_set` is what they listen for."""

    settings: Settings
    speech_set: str
    processes: list[Popen[bytes]] = field(default_factory=list)

    def memory_kib(self) -> int:
        """What they hold of the machine's memory."""
        lines = (Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii") for process in self.processes)
        return sum(int(line.split()[1]) for text in lines for line in text.splitlines() if line.startswith("Pss:"))

    def processor_s(self) -> float:
        """How long they have worked."""
        fields = [
            Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split() for process in self.processes
        ]
        return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


@contextmanager
def recognisers(home: Path, count: int) -> Iterator[Recognisers]:
    """Start so many on free ports, and stop them at the end."""
    prepare_home(home)
    given = {"HALO_SPEECH_PROCESSES": str(count), "HALO_SPEECH_FIRST_PORT": str(free_ports(SPEECH_FRONTS + count))}
    write_settings(home, given)
    settings = load_settings(home)
    made = compile_speech_set(SHIPPED_FOLDER, MENU, settings.speech_sets_folder)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HALO_")} | {"HALO_HOME": str(home)}
    with ExitStack() as stack:
        running = Recognisers(settings, made.id)
        for number in range(1, count + 1):
            command = [VENV_PYTHON, "-m", "launch.processes.speech", str(number)]
            process = stack.enter_context(Popen(command, cwd=ROOT, env=environment, stdout=DEVNULL))
            stack.callback(process.terminate)
            running.processes.append(process)
        for port in settings.speech_ports:
            _wait_ready(port)
        yield running


def _wait_ready(port: int) -> None:
    end_s = stopwatch_s() + 20
    while stopwatch_s() < end_s:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=1):
                return
        except OSError:
            continue
    raise TimeoutError("a recogniser did not start")


def said(phrase: str, folder: Path) -> tuple[bytes, float]:
    """The phrase on a quiet telephone line with silence around, and the second at which its last loud sound ends."""
    file = folder / "said.wav"
    subprocess.run(["espeak-ng", "-v", "id", "-s", "150", "-w", file, phrase], check=True)
    form = ["-t", "raw", "-r", "8000", "-b", "16", "-e", "signed-integer", "-c", "1", "-"]
    raw = subprocess.run(["sox", "-V1", file, *form, "norm", "-6"], check=True, capture_output=True).stdout
    speech = np.frombuffer(raw, dtype="<i2")
    loud = np.nonzero(np.abs(speech) > 400)[0]
    speech = speech[loud[0] : loud[-1] + 1]
    noise = np.random.default_rng(1).standard_normal(int((_LEAD_S + _TAIL_S) * 8000) + len(speech)) * 15
    noise[int(_LEAD_S * 8000) :][: len(speech)] += speech
    return np.clip(noise, -32768, 32767).astype("<i2").tobytes(), _LEAD_S + len(speech) / 8000


@dataclass
class StreamResults:
    """What came of one number of streams: times from the last loud frame to the answer, and answers that were wrong or missing."""

    answer_ms: list[float] = field(default_factory=list)
    wrong: int = 0


def speak_at_once(running: Recognisers, streams: int, rounds: int, folder: Path) -> StreamResults:
    """So many callers at once, each asked `rounds` times, beginning at different moments."""
    phrases = [(phrase, *said(phrase, folder)) for phrase in PHRASES["id"]]
    results = StreamResults()

    async def caller(number: int) -> None:
        settings = running.settings
        port = settings.speech_ports[number % len(settings.speech_ports)]
        await asyncio.sleep(number * 3.0 / streams)
        async with connect(f"ws://127.0.0.1:{port}", subprotocols=[PROTOCOL], compression=None) as line:
            await _request(line, "setup", {KEY: settings.speech_key})
            for turn in range(rounds):
                phrase, sound, ends_s = phrases[(number + turn) % len(phrases)]
                await _request(line, "set", {"grammar": question_text(running.speech_set, "menu", 0, 4)})
                await _ask(line, phrase, sound, ends_s, results)

    async def all_callers() -> None:
        await asyncio.gather(*(caller(number) for number in range(streams)))

    asyncio.run(all_callers())
    return results


async def _ask(line: ClientConnection, phrase: str, sound: bytes, ends_s: float, results: StreamResults) -> None:
    began_s = stopwatch_s()
    answer = asyncio.create_task(_answer(line))
    for number in range(len(sound) // FRAME_BYTES):
        await asyncio.sleep(max(0.0, began_s + (number + 1) * FRAME_S - stopwatch_s()))
        if answer.done():
            break
        await line.send(sound[number * FRAME_BYTES : (number + 1) * FRAME_BYTES])
    words, at_s = await answer
    if words == phrase:
        results.answer_ms.append((at_s - began_s - ends_s) * 1000)
    else:
        results.wrong += 1


async def _answer(line: ClientConnection) -> tuple[str, float]:
    told = json.loads(await line.recv())
    return str(told["params"]["results"][0]["text"]), stopwatch_s()


async def _request(line: ClientConnection, name: str, parameters: dict[str, str]) -> None:
    body = {"request": name, "id": secrets.token_hex(4), "codecs": [{"name": "slin"}], "params": parameters}
    await line.send(json.dumps(body))
    await line.recv()
