"""Writes a trained network as the model folder that Halo ships: Kaldi's files, what model.json says, and checksums of all."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivr.speech.model_folder import KIND, MODEL_FILE, PHONES_FILE, checksum
from ivr.speech.training.corpus import SAMPLE_RATE_HZ
from ivr.speech.training.features import MFCC
from ivr.speech.training.kaldi_model import Array, write_final_mdl
from ivr.speech.training.network import SUBSAMPLING

DATA_CARD_FILE = "DATA_CARD.md"
NOT_MEASURED = "Human Indonesian speech was never measured, of human English one speaker's digits: treat accuracy as unproven."
_SEARCH = {
    "min-active": 200, "max-active": 3000, "beam": 13.0, "acoustic-scale": 1.0, "frame-subsampling-factor": SUBSAMPLING,
    # Both are a must with a loop of phones for unknown words: with Kaldi's defaults a result can take minutes.
    "lattice-beam": 4.0, "phone-determinize": "false",
    # Small chunks and short silences, since a caller waits for the answer.
    "frames-per-chunk": 9, "endpoint.silence-phones": 1, "endpoint.rule2.min-trailing-silence": 0.35,
    "endpoint.rule3.min-trailing-silence": 0.6, "endpoint.rule4.min-trailing-silence": 0.9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """What model.json says of a model beside its checksums. `figures` is what was measured, by name."""

    name: str
    version: int
    licence: str
    unknown_penalty: float
    figures: Mapping[str, Any]
    data_card: str


def write_model(folder: Path, layers: Sequence[tuple[Array, Array]], phones: Mapping[str, object], about: About) -> None:
    """Write the whole folder; files that are there are replaced. `phones` as `phone_model.known_phones` gives them."""
    for name in ("am", "conf"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_final_mdl(folder / "am" / "final.mdl", layers)
    (folder / "conf" / "mfcc.conf").write_text(_options(MFCC), encoding="ascii")
    (folder / "conf" / "model.conf").write_text(_options(_SEARCH), encoding="ascii")
    (folder / PHONES_FILE).write_text(json.dumps(phones, separators=(",", ":")) + "\n", encoding="ascii")
    describe(folder, about)


def describe(folder: Path, about: About) -> None:
    """Write model.json and the data card for the files that are there: measuring changes the figures, not the network."""
    (folder / DATA_CARD_FILE).write_text(about.data_card, encoding="utf-8")
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != MODEL_FILE)
    body = {
        "kind": KIND,
        "name": about.name,
        "version": about.version,
        "licence": about.licence,
        "languages": ["id", "en"],
        "sample_rate_hz": SAMPLE_RATE_HZ,
        "grammar": "dynamic",
        "unknown_penalty": about.unknown_penalty,
        "not_measured": NOT_MEASURED,
        "figures": dict(about.figures),
        "checksums": {file.relative_to(folder).as_posix(): checksum(file) for file in files},
    }
    (folder / MODEL_FILE).write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _options(options: Mapping[str, object]) -> str:
    return "".join(f"--{name}={value}\n" for name, value in options.items())
