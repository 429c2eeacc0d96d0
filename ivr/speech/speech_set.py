"""A speech set: everything a recogniser needs for one published version of the menus, in a folder named by its content.

    <speech_set_id>/
        grammars.json       what may be said at each question
        model/              a Vosk model whose graph holds every word of it
        numbers/<grammar>/<form>/   a Vosk model that hears the numbers of one form, for each grammar with digits

The same model and grammars give the same id, and a folder that is there is whole: it is written under another name and renamed.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from core.errors import BadInput, Unavailable
from crm.phone_numbers import HOME_COUNTRY
from ivr.number_form import NumberForm, likely_forms
from ivr.speech.grammars import GrammarSource, check_sayable
from ivr.speech.model_folder import load_model_folder
from ivr.speech.number_model import write_number_model
from ivr.speech.old_sets import claim_set
from ivr.speech.pronunciation import Lexicon
from ivr.speech.word_graph import write_graph
from ivr.spoken import LANGUAGES

FORMAT = 1
GRAMMARS_FILE = "grammars.json"
_MODEL_FILES = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf")
_GRAPH_FILES = ("graph/HCLr.fst", "graph/Gr.fst", "graph/words.txt", "graph/disambig_tid.int", "graph/phones/word_boundary.int")
_COMPILER_VERSION = 3
_REPAIR = "Publish the menus again: the speech set is made anew."


@dataclass(frozen=True, slots=True)
class SpokenGrammar:
    """What may be said at one question: whole phrases, and strings of digits in the languages of `digits`."""

    phrases: tuple[str, ...]
    digits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpeechSet:
    """A speech set on disk. `id` names its folder, `model` is a Vosk model directory."""

    id: str
    folder: Path
    languages: tuple[str, ...]
    grammars: Mapping[str, SpokenGrammar]

    @property
    def model(self) -> Path:
        """The Vosk model of these grammars."""
        return self.folder / "model"

    def number_model(self, grammar: str, form: str) -> Path | None:
        """The Vosk model that hears numbers of this form at this question. None where there is none: sets of an earlier Halo."""
        folder = self.folder / "numbers" / grammar / form
        return folder if form and folder.is_dir() else None


def speech_set_id(model_folder: Path, grammars: Mapping[str, GrammarSource], country: str = HOME_COUNTRY) -> str:
    """The id that `compile_speech_set` would give. Raises BadInput for words that can't be said."""
    return _id_of(model_folder, grammars, check_sayable(grammars), likely_forms(country))


def compile_speech_set(
    model_folder: Path, grammars: Mapping[str, GrammarSource], out_root: Path, country: str = HOME_COUNTRY
) -> SpeechSet:
    """Write the speech set of these grammars below `out_root`, unless it is there already. Telephone numbers of `country` (ISO)
    are heard best.

    Safe when it is broken off, run twice, or run by two at once. Raises BadInput for words that can't be said and for a model
    that can't be used, Unavailable when the model or the folder can't be read or written.
    """
    lexicon, forms = check_sayable(grammars), likely_forms(country)
    name = _id_of(model_folder, grammars, lexicon, forms)
    target = out_root / name
    if not claim_set(target):
        try:
            out_root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=out_root, ignore_cleanup_errors=True) as scratch:
                whole = Path(scratch) / name
                _write(whole, model_folder, grammars, lexicon, forms)
                whole.chmod(0o755)
                _put(whole, target)
        except OSError as problem:
            raise Unavailable(
                f"The speech set can't be written to {out_root}: {problem.strerror or problem}.", "Make room, or give rights."
            ) from None
    return load_speech_set(target)


def load_speech_set(folder: Path) -> SpeechSet:
    """Read a speech set. Raises Unavailable when it or a part is missing, BadInput when its grammars can't be understood."""
    file = folder / GRAMMARS_FILE
    lacking = [name for name in (*_MODEL_FILES, *_GRAPH_FILES) if not (folder / "model" / name).is_file()]
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise Unavailable(f"{file} can't be read: {problem.strerror}.", _REPAIR) from None
    except ValueError as problem:
        raise BadInput(f"{file} is no JSON: {problem}.", _REPAIR) from None
    if lacking:
        raise Unavailable(f"{folder / 'model'} lacks {', '.join(lacking)}.", _REPAIR)
    return _read(folder, file, told)


def _read(folder: Path, file: Path, told: Any) -> SpeechSet:
    try:
        if told["format"] != FORMAT:
            raise BadInput(f"{file} has format {told['format']!r}; this Halo reads {FORMAT}.", _REPAIR)
        grammars = {
            str(name): SpokenGrammar(tuple(map(str, each["phrases"])), _digits(each["digits"]))
            for name, each in told["grammars"].items()
        }
        return SpeechSet(folder.name, folder, tuple(told["languages"]), grammars)
    except (KeyError, TypeError, AttributeError) as problem:
        raise BadInput(f"{file} holds no grammars: {problem!r}.", _REPAIR) from None


def _digits(told: Any) -> tuple[str, ...]:
    """The languages of a grammar's digits. Sets of an earlier Halo say only whether there are any."""
    return (LANGUAGES if told else ()) if isinstance(told, bool) else tuple(map(str, told))


def _id_of(model_folder: Path, grammars: Mapping[str, GrammarSource], lexicon: Lexicon, forms: Sequence[NumberForm]) -> str:
    """A hash of all that the folder depends on: the model's files, the grammars, the pronunciations, and this compiler."""
    model = load_model_folder(model_folder)
    parts = [
        _COMPILER_VERSION,
        model.unknown_penalty,
        sorted(model.checksums.items()),
        _told(grammars),
        sorted(lexicon.words.items()),
        [astuple(form) for form in forms],
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _told(grammars: Mapping[str, GrammarSource]) -> dict[str, Any]:
    languages = sorted({language for grammar in grammars.values() for language, phrases in grammar.phrases.items() if phrases})
    each = {name: {"phrases": grammar.all_phrases(), "digits": grammar.digits} for name, grammar in sorted(grammars.items())}
    return {"format": FORMAT, "languages": languages, "grammars": each}


def _write(
    whole: Path, model_folder: Path, grammars: Mapping[str, GrammarSource], lexicon: Lexicon, forms: Sequence[NumberForm]
) -> None:
    model = load_model_folder(model_folder)
    damaged = model.damaged_files()
    if damaged:
        raise BadInput(f"{model_folder} is damaged: {', '.join(damaged)}.", "Run ./halo models check; install Halo again.")
    for name in _MODEL_FILES:
        copy = whole / "model" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(model_folder / name, copy)
    (whole / "model" / "graph").mkdir()
    write_graph(whole / "model" / "graph", lexicon.words, model.phone_costs())
    for name, grammar in grammars.items():
        for form in forms if grammar.digits else ():
            write_number_model(whole / "numbers" / name / form.name, whole / "model", form, grammar, lexicon, model.phone_costs())
    body = json.dumps(_told(grammars), indent=1, ensure_ascii=False) + "\n"
    (whole / GRAMMARS_FILE).write_text(body, encoding="utf-8")


def _put(whole: Path, target: Path) -> None:
    """Rename it into place; whoever comes second finds the same content there and leaves it."""
    try:
        os.rename(whole, target)
    except OSError:
        if not target.is_dir():
            raise
