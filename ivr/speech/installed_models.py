"""Larger speech models that an operator brought, below `<home>/models`, and which model listens in which language.

A folder of a Vosk model as its makers publish it, plus our `halo-model.json` about it:

    {"name": "vosk-model-small-en-us", "sample_rate_hz": 16000, "grammar": "dynamic" | "static",
     "source_sha256": "…" or "", "checksums": {"am/final.mdl": "…", …}}

`grammar` is "dynamic" when the recogniser can be told what may be said, "static" when the model's graph is fixed: it then
hears free text, in which the phrases must be looked for. `sample_rate_hz` is what the model was trained on: telephone sound
is 8000, so for 16000 the recogniser must resample.

`<home>/models/in_use.json` names the models in use, for the recogniser; a language that is absent uses the shipped model:

    {"en": {"name": "vosk-model-small-en-us", "folder": "/…/vosk-model-small-en-us", "sample_rate_hz": 16000, "grammar": "dynamic"}}
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.errors import BadInput, NotFound, Unavailable
from ivr.speech.model_folder import checksum
from ivr.spoken import LANGUAGES

DESCRIPTION_FILE, IN_USE_FILE = "halo-model.json", "in_use.json"
DYNAMIC, STATIC = "dynamic", "static"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_KALDIS_RATE_HZ = 16000  # of a conf/mfcc.conf that names none
_RATES_HZ = (8000, 16000)


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """What the recogniser must know of a larger model; see the module."""

    name: str
    folder: Path
    sample_rate_hz: int
    grammar: str


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model below `<home>/models`. `checksums` are by path inside its folder."""

    name: str
    folder: Path
    sample_rate_hz: int
    grammar: str
    source_sha256: str
    checksums: Mapping[str, str]

    def damaged_files(self) -> list[str]:
        """The files that are missing or changed since the model was installed."""
        return [name for name, wanted in self.checksums.items() if not _is(self.folder / name, wanted)]


def models_folder(home: Path) -> Path:
    """Where an installation keeps its models."""
    return home / "models"


def checked_name(name: str) -> str:
    """The name, when a folder may bear it. Raises BadInput."""
    if not _NAME.fullmatch(name) or name == IN_USE_FILE:
        raise BadInput(f"{name[:40]!r} is no name for a model.", "Use letters, digits, '.', '_' and '-', at most 100.")
    return name


def describe_model(folder: Path, name: str, source_sha256: str = "") -> InstalledModel:
    """What can be seen of a Vosk model's folder. Raises BadInput when it is none that a telephone can use."""
    grammar = grammar_of(folder)
    checksums = {file.relative_to(folder).as_posix(): checksum(file) for file in _files(folder)}
    return InstalledModel(name, folder, _sample_rate_hz(folder), grammar, source_sha256, checksums)


def grammar_of(folder: Path) -> str:
    """DYNAMIC or STATIC. Raises BadInput when the folder holds no Vosk model."""
    places = {"am/final.mdl": folder / "am" / "final.mdl", "final.mdl": folder / "final.mdl"}
    if not any(file.is_file() for file in places.values()):
        raise BadInput(
            f"{folder.name} is no Vosk model: it has neither {' nor '.join(places)}.",
            "Give the folder that holds am, conf and graph.",
        )
    graphs = (folder / "graph", folder)
    if any((graph / "HCLr.fst").is_file() and (graph / "Gr.fst").is_file() for graph in graphs):
        return DYNAMIC
    if any((graph / "HCLG.fst").is_file() for graph in graphs):
        return STATIC
    raise BadInput(f"{folder.name} has no graph: neither HCLr.fst with Gr.fst, nor HCLG.fst.", "Take another model.")


def write_description(model: InstalledModel) -> None:
    """Write the model's halo-model.json into its folder."""
    body = asdict(model) | {"checksums": dict(model.checksums)}
    del body["folder"]
    (model.folder / DESCRIPTION_FILE).write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


def installed_models(home: Path) -> list[InstalledModel]:
    """Every model of an installation, by name."""
    files = sorted(models_folder(home).glob(f"*/{DESCRIPTION_FILE}"))
    return [find_model(home, file.parent.name) for file in files if _NAME.fullmatch(file.parent.name)]  # others are being fetched


def find_model(home: Path, name: str) -> InstalledModel:
    """One model of an installation. Raises NotFound, or BadInput when what is said about it can't be read."""
    folder = models_folder(home) / checked_name(name)
    file = folder / DESCRIPTION_FILE
    if not file.is_file():
        raise NotFound(f"There is no model {name!r} in {models_folder(home)}.", "See ./halo models list.")
    told = _read(file)
    try:
        return InstalledModel(
            name, folder, int(told["sample_rate_hz"]), str(told["grammar"]), str(told["source_sha256"]), dict(told["checksums"])
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise BadInput(f"{file} does not describe a model: {problem!r}.", "Fetch the model again.") from None


def models_in_use(home: Path) -> dict[str, ModelInUse]:
    """The larger models in use by language. Raises BadInput for a file that can't be read, rather than listen with another."""
    file = models_folder(home) / IN_USE_FILE
    if not file.is_file():
        return {}
    told = _read(file)
    try:
        return {
            language: ModelInUse(str(each["name"]), Path(each["folder"]), int(each["sample_rate_hz"]), str(each["grammar"]))
            for language, each in told.items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise BadInput(f"{file} does not name models: {problem!r}.", "Say again ./halo models use NAME --language …") from None


def use_model(home: Path, model: InstalledModel | None, language: str) -> None:
    """Listen with this model in a language from the next start on; None is the shipped one. Raises BadInput."""
    if language not in LANGUAGES:
        raise BadInput(f"There is no language {language!r}.", f"Use {' or '.join(LANGUAGES)}.")
    in_use = models_in_use(home)
    in_use.pop(language, None)
    if model is not None:
        in_use[language] = ModelInUse(model.name, model.folder, model.sample_rate_hz, model.grammar)
    body = {each: asdict(used) | {"folder": str(used.folder)} for each, used in sorted(in_use.items())}
    file = models_folder(home) / IN_USE_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_suffix(".new")
    scratch.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    scratch.replace(file)


def _sample_rate_hz(folder: Path) -> int:
    for file in (folder / "conf" / "mfcc.conf", folder / "mfcc.conf"):
        if file.is_file():
            found = re.search(r"^\s*--sample-frequency=(\d+)", file.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
            rate_hz = int(found[1]) if found else _KALDIS_RATE_HZ
            if rate_hz not in _RATES_HZ:
                raise BadInput(f"{file} asks for {rate_hz} Hz.", f"Take a model for {' or '.join(map(str, _RATES_HZ))} Hz.")
            return rate_hz
    raise BadInput(f"{folder} has no conf/mfcc.conf, so nobody knows its sample rate.", "Take another model.")


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != DESCRIPTION_FILE)


def _is(file: Path, wanted: str) -> bool:
    return file.is_file() and checksum(file) == wanted


def _read(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise Unavailable(f"{file} can't be read: {problem.strerror}.", "Check its rights.") from None
    except ValueError as problem:
        raise BadInput(f"{file} is no JSON: {problem}.", "Fetch the model again.") from None
    if not isinstance(told, dict):
        raise BadInput(f"{file} holds no JSON object.", "Fetch the model again.")
    return told
