"""AEAP's messages as Asterisk 22 sends and reads them (protocol `speech_to_text`), and ours about one question."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.ids import new_id

CODEC = "slin"  # under AGI the sound is always this, whatever else was agreed on
GRAMMAR, PROMPT_MS, WAIT_MS, DIGITS, FORM, KEY = "grammar", "prompt_ms", "wait_ms", "digits", "form", "key"
_PLAIN_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)
_LONGEST_MS = 600_000


class BadMessage(Exception):
    """What came is no AEAP. The text names what is wrong and never holds what came."""


class Verdict(StrEnum):
    """What became of a question. Goes to Asterisk as the result's grammar, for our AGI side to read."""

    WORDS = "words"  # something of the grammar was said
    REJECTED = "rejected"  # something else was said
    SILENCE = "silence"
    UNKNOWN = "unknown"  # nobody can listen for this grammar
    BEHIND = "behind"  # more sound came than can be heard here
    BROKEN = "broken"  # the recogniser died, or does not answer


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of one question: `words` and `confidence` (0 to 1) for Verdict.WORDS."""

    verdict: Verdict
    words: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Request:
    """A request of Asterisk's: `name` is setup, set or get; `parameters` its params; `codecs` of a set-up."""

    name: str
    id: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    codecs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What to listen for: a grammar of a speech set. The prompt plays for `prompt_s`; the caller then has `wait_s` to begin.

    `digits` is how many digits a spoken number has, 0 when nobody knows; `form` names the NumberForm that it has, "" for any.
    """

    speech_set: str
    grammar: str
    prompt_s: float = 0.0
    wait_s: float = 60.0
    digits: int = 0
    form: str = ""

    @property
    def silent_at_s(self) -> float:
        """When a caller who has not begun to speak is taken for silent."""
        return self.prompt_s + self.wait_s


def read_message(text: str) -> Request | None:
    """A request; None for an answer to one of ours. Raises BadMessage."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage("no JSON") from None
    if not isinstance(told, dict):
        raise BadMessage("no JSON object")
    if "response" in told:
        return None
    name, number, parameters = told.get("request"), told.get("id"), told.get("params", {})
    if not isinstance(name, str) or not isinstance(number, str):
        raise BadMessage("a request without name or id")
    if isinstance(parameters, list):  # a "get" names what it wants
        parameters = {str(wanted): None for wanted in parameters}
    if parameters is None:
        parameters = {}
    if not isinstance(parameters, dict):
        raise BadMessage("params that are none")
    return Request(name, number, parameters, _codecs(told.get("codecs", [])))


def read_question(parameters: Mapping[str, Any]) -> Question:
    """The question of a `SPEECH SET grammar "<set>/<name>"`, with `?prompt_ms=…&wait_ms=…&digits=…&form=…` behind it.

    Raises BadMessage.
    """
    text = parameters[GRAMMAR]
    if not isinstance(text, str):
        raise BadMessage("a grammar that is no text")
    place, _, times = text.partition("?")
    speech_set, found, grammar = place.partition("/")
    if not found or not _PLAIN_NAME.fullmatch(speech_set) or not _PLAIN_NAME.fullmatch(grammar):
        raise BadMessage("a grammar that is not <set>/<name>")
    given = dict(pair.split("=", 1) for pair in times.split("&") if "=" in pair)
    prompt_s, wait_s = _seconds(given.get(PROMPT_MS, "0")), _seconds(given.get(WAIT_MS, "60000"))
    form = given.get(FORM, "")
    if form and not _PLAIN_NAME.fullmatch(form):
        raise BadMessage("a form that is no name")
    return Question(speech_set, grammar, prompt_s, wait_s, _digits(given.get(DIGITS, "0")), form)


def question_text(speech_set: str, grammar: str, prompt_s: float, wait_s: float, digits: int = 0, form: str = "") -> str:
    """The same in one value, so that one command tells all."""
    times = f"{PROMPT_MS}={round(prompt_s * 1000)}&{WAIT_MS}={round(wait_s * 1000)}"
    return f"{speech_set}/{grammar}?{times}&{DIGITS}={digits}" + (f"&{FORM}={form}" if form else "")


def setup_request(key: str) -> str:
    """What Asterisk says first, as a speech front says it to a recogniser."""
    return json.dumps({"request": "setup", "id": new_id(), "codecs": [{"name": CODEC}], "params": {KEY: key}})


def setup_answer(request: Request) -> str:
    """We take the caller's sound in CODEC only."""
    return json.dumps({"response": request.name, "id": request.id, "codecs": [{"name": CODEC}]})


def plain_answer(request: Request) -> str:
    """Done. A `get` gets no results: those we send by ourselves."""
    answer: dict[str, Any] = {"response": request.name, "id": request.id}
    if request.name == "get":
        answer["params"] = {"results": []}
    return json.dumps(answer)


def error_answer(request: Request, why: str) -> str:
    """Not done, and why."""
    return json.dumps({"response": request.name, "id": request.id, "error_msg": why})


def results_request(answer: Answer) -> str:
    """Tells Asterisk how the question ended; its AGI answer holds the same text, score and grammar."""
    result = {"text": answer.words, "score": round(answer.confidence * 100), "grammar": answer.verdict.value, "best": 0}
    return json.dumps({"request": "set", "id": new_id(), "params": {"results": [result]}})


def _codecs(told: Any) -> tuple[str, ...]:
    if not isinstance(told, list):
        raise BadMessage("codecs that are no list")
    return tuple(str(codec.get("name", "")) for codec in told if isinstance(codec, dict))


def _seconds(text: str) -> float:
    if not (text.isascii() and text.isdigit()) or len(text) > 6 or int(text) > _LONGEST_MS:
        raise BadMessage("a time that is none")
    return int(text) / 1000


def _digits(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 2:
        raise BadMessage("a number of digits that is none")
    return int(text)
