"""Utterances on disk: one long array of 8 kHz samples, and a line of JSON for each utterance."""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ivr.speech.phones import Pronunciation

SAMPLE_RATE_HZ = 8000
AUDIO, LINES = "audio.raw", "utterances.jsonl"
Samples = np.ndarray[Any, np.dtype[np.int16]]


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one voice said: the words, the phones heard for each of them, and 16-bit samples at 8 kHz without silence around."""

    language: str
    engine: str
    voice: str
    words: tuple[str, ...]
    phones: tuple[Pronunciation, ...]
    samples: Samples


def write_corpus(folder: Path, utterances: Iterable[Utterance]) -> int:
    """Write utterances as they come; returns their number."""
    folder.mkdir(parents=True, exist_ok=True)
    at = count = 0
    with (folder / AUDIO).open("wb") as audio, (folder / LINES).open("w", encoding="utf-8") as lines:
        for said in utterances:
            audio.write(said.samples.astype("<i2").tobytes())
            line = [
                said.language,
                said.engine,
                said.voice,
                said.words,
                [" ".join(word) for word in said.phones],
                at,
                len(said.samples),
            ]
            lines.write(json.dumps(line) + "\n")
            at, count = at + len(said.samples), count + 1
    return count


def join_corpora(folder: Path, parts: Sequence[Path]) -> None:
    """Write one corpus of all the utterances of others, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    begins = 0
    with (folder / AUDIO).open("wb") as audio, (folder / LINES).open("w", encoding="utf-8") as lines:
        for part in parts:
            with (part / AUDIO).open("rb") as source:
                shutil.copyfileobj(source, audio)
            for line in (part / LINES).read_text(encoding="utf-8").splitlines():
                *about, at, length = json.loads(line)
                lines.write(json.dumps([*about, begins + at, length]) + "\n")
            begins += (part / AUDIO).stat().st_size // 2


class Corpus:
    """Utterances as `write_corpus` left them. Audio stays on disk until it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._audio: Samples = np.memmap(folder / AUDIO, dtype="<i2", mode="r")
        self._lines = (folder / LINES).read_text(encoding="utf-8").splitlines()

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, place: int) -> Utterance:
        language, engine, voice, words, phones, at, length = json.loads(self._lines[place])
        samples = np.array(self._audio[at : at + length])
        return Utterance(language, engine, voice, tuple(words), tuple(tuple(word.split()) for word in phones), samples)

    def __iter__(self) -> Iterator[Utterance]:
        return (self[place] for place in range(len(self)))

    @property
    def hours(self) -> float:
        """Hours of speech."""
        return len(self._audio) / SAMPLE_RATE_HZ / 3600
