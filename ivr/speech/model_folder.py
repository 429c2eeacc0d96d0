"""The folder of a speech model that Halo compiles word graphs for, and what its model.json says about it.

model.json          name, version, licence, languages, sample rate, figures, and the SHA-256 of every other file
am/final.mdl        Kaldi's transition model and the acoustic network
conf/               how sound is read and how the search is done
phones.json         the phones, and the cost of each after each: how unknown words sound
DATA_CARD.md        what it was trained on and what was measured, for people
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import BadInput, Unavailable
from ivr.speech.phones import PHONES, SILENCE
from ivr.speech.word_graph import PhoneCosts

SHIPPED_FOLDER = Path(__file__).parent / "models" / "halo-small"
MODEL_FILE, PHONES_FILE = "model.json", "phones.json"
KIND = "halo-word-graph"
"""Of models whose graph Halo compiles; any other Vosk model brings its own graph and dictionary."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model as its model.json describes it. `checksums` are by path inside the folder."""

    folder: Path
    name: str
    version: int
    licence: str
    languages: tuple[str, ...]
    sample_rate_hz: int
    unknown_penalty: float
    checksums: Mapping[str, str]
    figures: Mapping[str, Any]

    def damaged_files(self) -> list[str]:
        """The files that are missing or are not what was shipped."""
        return [name for name, wanted in self.checksums.items() if _sha256_or_nothing(self.folder / name) != wanted]

    def phone_costs(self) -> PhoneCosts:
        """How unknown words sound. Raises BadInput when the file does not hold every phone."""
        file = self.folder / PHONES_FILE
        told = _read_json(file)
        try:
            phones, rows = list(told["phones"]), told["follow"]
            follow = {(a, b): float(rows[i][j]) for i, a in enumerate(phones) for j, b in enumerate(phones)}
        except (KeyError, TypeError, ValueError, IndexError) as problem:
            raise BadInput(f"{file} holds no costs of phones: {problem!r}.", _REPAIR) from None
        if {SILENCE, *PHONES} - set(phones):
            raise BadInput(f"{file} lacks phones that words are made of.", _REPAIR)
        return PhoneCosts(follow, self.unknown_penalty)


_REPAIR = "Install Halo again, or train the model again: ./halo models train."


def load_model_folder(folder: Path = SHIPPED_FOLDER) -> ModelFolder:
    """Read and check a folder's model.json. Raises Unavailable when there is none, BadInput for one that can't be used."""
    file = folder / MODEL_FILE
    told = _read_json(file)
    try:
        if told["kind"] != KIND:
            raise BadInput(f"{file} is of kind {told['kind']!r}; word graphs are compiled for {KIND!r} only.", "Use it as it is.")
        return ModelFolder(
            folder, str(told["name"]), int(told["version"]), str(told["licence"]), tuple(told["languages"]),
            int(told["sample_rate_hz"]), float(told["unknown_penalty"]), dict(told["checksums"]), dict(told["figures"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as problem:
        raise BadInput(f"{file} does not describe a model: {problem!r}.", _REPAIR) from None


def checksum(file: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _sha256_or_nothing(file: Path) -> str:
    return checksum(file) if file.is_file() else ""


def _read_json(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise Unavailable(f"{file} can't be read: {problem.strerror}.", _REPAIR) from None
    except ValueError as problem:
        raise BadInput(f"{file} is no JSON: {problem}.", _REPAIR) from None
    if not isinstance(told, dict):
        raise BadInput(f"{file} holds no JSON object.", _REPAIR)
    return told
