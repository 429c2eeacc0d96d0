"""A spoken number from the wire to the answer: the recogniser itself behind the server, told by Asterisk what the flow knows."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect

from crm.order_numbers import order_number
from cti.speech.aeap_server import PROTOCOL
from cti.speech.messages import Verdict, question_text
from cti.speech.server import SpeechServer
from ivr.flow_file import shipped_flow
from ivr.flow_version import FlowVersion, grammar_sources
from ivr.hearing import spoken_digits_to_keys
from ivr.line import Grammar
from ivr.number_form import ORDER_NUMBER
from ivr.speech.model_folder import SHIPPED_FOLDER
from ivr.speech.speech_set import compile_speech_set
from ivr.speech.vosk_recognizer import VoskRecognizer
from ivr.spoken import LANGUAGES, spoken_digits
from tests.conftest import free_port

KEY, FRAME = "the-key-of-our-asterisk", 320
VOICE = {"id": "id", "en": "en-us"}
NUMBER = order_number(4712003)


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sets")


@pytest.fixture(scope="module")
def version(sets: Path) -> FlowVersion:
    flow = shipped_flow().flow
    return FlowVersion(flow, 1, compile_speech_set(SHIPPED_FOLDER, grammar_sources(flow), sets).id)


def sound(text: str, language: str) -> bytes:
    """Said once on a telephone line, and then nothing for two seconds."""
    said = subprocess.run(
        ["espeak-ng", "-v", VOICE[language], "-s", "150", "--stdout", text], capture_output=True, check=True
    ).stdout
    form = ["-t", "raw", "-r", "8000", "-e", "signed-integer", "-b", "16", "-c", "1", "-"]
    line = ["sox", "-V1", "--ignore-length", "-t", "wav", "-", *form, "norm", "-6", "pad", "0.4", "2"]
    return subprocess.run(line, input=said, capture_output=True, check=True).stdout


def answer(sets: Path, grammar: Grammar, speech: bytes) -> dict[str, object]:
    """What Asterisk is told of one question."""

    async def request(line: ClientConnection, name: str, parameters: dict[str, str]) -> None:
        body = {"request": name, "id": "1", "codecs": [{"name": "slin"}], "params": parameters}
        await line.send(json.dumps(body))
        await line.recv()

    async def run() -> dict[str, object]:
        port = free_port()
        async with (
            await SpeechServer(port, KEY, VoskRecognizer(sets)).start(),
            connect(f"ws://127.0.0.1:{port}", subprotocols=[PROTOCOL], compression=None) as line,
        ):
            await request(line, "setup", {"key": KEY})
            wanted = question_text(grammar.speech_set, grammar.name, 0, 8, grammar.length, grammar.form)
            await request(line, "set", {"grammar": wanted})
            for at in range(0, len(speech), FRAME):
                await line.send(speech[at : at + FRAME])
            told = json.loads(await line.recv())
            return dict(told["params"]["results"][0])

    return asyncio.run(asyncio.wait_for(run(), 30))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_number_that_is_said_reaches_the_flow_as_it_was_said(sets, version, language):
    speech = sound(spoken_digits(NUMBER, language).replace(",", ""), language)
    told = answer(sets, version.number_grammar(language, ORDER_NUMBER), speech)
    assert told["grammar"] == Verdict.WORDS
    assert spoken_digits_to_keys(str(told["text"])) == NUMBER


def test_who_wants_a_person_instead_is_understood_and_other_talk_is_told_as_such(sets, version):
    grammar = version.number_grammar("id", ORDER_NUMBER)
    assert answer(sets, grammar, sound("petugas", "id"))["text"] == "petugas"
    assert answer(sets, grammar, sound("kereta berangkat dari stasiun jakarta", "id"))["grammar"] == Verdict.REJECTED
