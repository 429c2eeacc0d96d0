"""Vosk behind the transcriber's port: in a process of its own, by the largest model there is for the language.

With a model that an operator brought, a transcript is what was said. The shipped model knows the words of the menus alone: its
transcripts are those words, and gaps.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import Unavailable
from core.log import get_log
from ivr.speech.transcriber import CaughtWord, Transcript, full_text, keyword_text

_LOAD_S = 60.0
_EACH_S = 180.0  # a message is two minutes at most
_MEMORY_BYTES = 1 << 30
_MEMORY_FACTOR = 6  # a model in memory, with its search, beside its size on disk

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class ListeningModel:
    """A Vosk model's folder. `words` is all that may be heard, or None for a model that hears free speech."""

    folder: Path
    sample_rate_hz: int
    words: tuple[str, ...] | None


class VoskTranscriber:
    """Listens with these models, by language."""

    def __init__(self, models: dict[str, ListeningModel], each_s: float = _EACH_S) -> None:
        self._models, self._each_s = models, each_s

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self._models)

    def transcribe(self, files: Sequence[Path], language: str) -> Iterator[Transcript]:
        """See Transcriber.transcribe. A file at which the process dies or stays is given up; those after it wait."""
        model = self._models.get(language)
        if model is None:
            raise Unavailable(f"No speech model can listen to {language!r} yet.", "Run ./halo ivr publish, or ./halo models list.")
        keywords = model.words is not None
        given = 0
        for words in self._heard(model, files):
            given += 1
            if words is None:
                yield Transcript(None, keywords)
            else:
                caught = [CaughtWord(str(word), float(confidence)) for word, confidence in words]
                yield Transcript(keyword_text(caught) if keywords else full_text(caught), keywords)
        if given < len(files):
            yield Transcript(None, keywords)

    def _heard(self, model: ListeningModel, files: Sequence[Path]) -> Iterator[Any]:
        request = {
            "model": str(model.folder), "sample_rate_hz": model.sample_rate_hz, "words": model.words,
            "files": [str(file) for file in files], "memory_bytes": _memory_for(model.folder),
            "cpu_s": int(_LOAD_S + self._each_s * len(files)),
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "ivr.speech.listening_process"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        try:
            assert process.stdin
            with suppress(BrokenPipeError):
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.close()
            if _line(process, _LOAD_S) is None:
                raise Unavailable(f"The speech model in {model.folder} can't be loaded.", "Run ./halo models check.")
            for _ in files:
                told = _line(process, self._each_s)
                if told is None:
                    log.warning("recording_given_up", code=process.wait())
                    return
                yield told["words"]
        finally:
            process.kill()
            process.wait()


def _line(process: subprocess.Popen[str], limit_s: float) -> Any:
    """What the process answers within this time; None when it died or had to be killed."""
    assert process.stdout
    watchdog = threading.Timer(limit_s, process.kill)
    watchdog.start()
    line = process.stdout.readline()
    watchdog.cancel()
    if line.endswith("\n"):
        return json.loads(line)
    process.kill()
    return None


def _memory_for(folder: Path) -> int:
    return _MEMORY_BYTES + _MEMORY_FACTOR * sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
