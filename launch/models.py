"""`./halo models`: the speech models of this installation: shipped, fetched, in use, whole; and training the shipped one anew."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from core.errors import BadInput, NotFound
from core.settings import default_home
from ivr.speech.installed_models import (
    STATIC,
    InstalledModel,
    find_model,
    installed_models,
    models_folder,
    models_in_use,
    use_model,
)
from ivr.speech.model_archive import install_model
from ivr.speech.model_folder import ModelFolder, load_model_folder
from ivr.spoken import LANGUAGES
from launch.console import green, red, say, step
from launch.model_download import download, is_address

NOT_MEASURED = {
    True: "Not measured with callers: human Indonesian never, of human English one speaker's digits. Confirm, and keep the keys.",
    False: "Not measured by us at all: try it with your own callers before you rely on it.",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One model after its check: `damaged` are the files that are missing or changed."""

    name: str
    what: str
    damaged: tuple[str, ...]


def list_models() -> None:
    """Print every model, where it is in use, and whether its files are whole."""
    home = default_home()
    in_use = models_in_use(home)
    shipped = load_model_folder()
    say(f"Speech models (larger ones are in {models_folder(home)}):")
    _say_model(_checked_shipped(shipped), [language for language in LANGUAGES if language not in in_use])
    for model in installed_models(home):
        _say_model(_checked(model), [language for language, used in in_use.items() if used.name == model.name])
    for language, used in in_use.items():
        if not used.folder.is_dir():
            say(red(f"  {used.name} is in use for {language} but is gone."))
            say(f"    Next step: ./halo models use {shipped.name} --language {language}")
    say(f"\n{shipped.name}: {NOT_MEASURED[True]}")
    if installed_models(home):
        say(f"Every other: {NOT_MEASURED[False]}")


def check_models() -> bool:
    """Check every file of every model; returns whether all are whole."""
    home = default_home()
    well = True
    for checked in [_checked_shipped(load_model_folder()), *map(_checked, installed_models(home))]:
        well = well and not checked.damaged
        _say_model(checked, [])
    for language, used in models_in_use(home).items():
        try:
            find_model(home, used.name)
        except NotFound as problem:
            well = False
            say(red(f"  language {language}: {problem.message} Next step: ./halo models use NAME --language {language}"))
    return well


def fetch_model(source: str, sha256: str, name: str) -> None:
    """Install a model from an address, a zip file or a folder. The checksum is a must for the first two."""
    home = default_home()
    if not is_address(source) and not Path(source).exists():
        raise NotFound(f"There is no {source}.", "Give an https address, a zip file or a folder.")
    if not sha256 and (is_address(source) or not Path(source).is_dir()):
        raise BadInput("A model from outside needs its checksum.", "Give --sha256 as its makers publish it.")
    with tempfile.TemporaryDirectory(prefix="halo-model-") as scratch:
        file = Path(source)
        if is_address(source):
            file = Path(scratch) / "model.zip"
            with step("fetching the model") as line:
                download(source, file, line)
        with step("checking and unpacking it"):
            model = install_model(home, file, sha256, name)
    say(f"{green('installed')}: {model.name}, {model.sample_rate_hz} Hz, {model.grammar} grammar, in {model.folder}")
    if model.grammar == STATIC:
        say("Its graph is fixed: it hears free text, in which Halo looks for the menu's phrases.")
    say(NOT_MEASURED[False])
    say(f"Next step: ./halo models use {model.name} --language {' or '.join(LANGUAGES)}")


def use(name: str, language: str) -> None:
    """Listen with a model in a language; the shipped one's name goes back to it."""
    home, shipped = default_home(), load_model_folder()
    model = None if name == shipped.name else find_model(home, name)
    if model is not None and model.damaged_files():
        raise BadInput(f"{name} is damaged: {', '.join(model.damaged_files()[:5])}.", "Fetch it again under another name.")
    use_model(home, model, language)
    say(f"{green('in use')} for {language} from the next start of the speech processes on: {name}")
    say(NOT_MEASURED[model is None])


def train(out: Path, hours: float, epochs: int, minutes: float, seed: int, begin: Path | None) -> None:
    """Make the shipped model anew; see ivr/speech/training/pipeline.py. Says what to install when something is missing."""
    from ivr.speech.training.needs import check_needs

    check_needs()
    from ivr.speech.training.pipeline import NAME, Order, train_model

    train_model(Order(out, hours, epochs, minutes, seed, begin), say)
    say(f"{green('trained')}: {out / NAME}. {NOT_MEASURED[True]}")
    say(f"Next step: measure it: .venv/bin/python -m benchmarks recognition --model {out / NAME}")


def _checked_shipped(model: ModelFolder) -> Checked:
    what = f"shipped, version {model.version}, {' and '.join(model.languages)}, {model.sample_rate_hz} Hz"
    return Checked(model.name, what, tuple(model.damaged_files()))


def _checked(model: InstalledModel) -> Checked:
    return Checked(model.name, f"installed, {model.sample_rate_hz} Hz, {model.grammar} grammar", tuple(model.damaged_files()))


def _say_model(model: Checked, languages: list[str]) -> None:
    state = red(f"DAMAGED: {', '.join(model.damaged[:5])}") if model.damaged else green("whole")
    used = f", in use for {' and '.join(languages)}" if languages else ""
    say(f"  {model.name}: {model.what}{used}, {state}")
    if model.damaged:
        say("    Next step: install Halo again, or fetch the model again under another name.")
