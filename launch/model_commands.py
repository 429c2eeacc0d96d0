"""`./halo models …`: speech models fetched, checked, used, trained. Each command is a thin call."""

from pathlib import Path

import click

from launch.callers_path import CALLERS_PATH, from_callers_folder


@click.group()
def models() -> None:
    """Speech models: which there are, which listen, whether they are whole."""


@models.command("list")
def models_list() -> None:
    """Every model, shipped and fetched, and where it is in use."""
    from launch.models import list_models

    list_models()


@models.command("check")
def models_check() -> int:
    """Whether every file of every model is as it came."""
    from launch.models import check_models

    return 0 if check_models() else 1


@models.command("fetch")
@click.argument("source")
@click.option("--sha256", default="", help="The zip's checksum, as its makers publish it.")
@click.option("--name", default="", help="What to call it here (default: its folder's name).")
def models_fetch(source: str, sha256: str, name: str) -> None:
    """Install a larger Vosk model from an https address, a zip file or a folder (SOURCE)."""
    from launch.model_download import is_address
    from launch.models import fetch_model

    fetch_model(source if is_address(source) else str(from_callers_folder(Path(source))), sha256, name)


@models.command("use")
@click.argument("name")
@click.option("--language", required=True, type=click.Choice(["id", "en"]), help="The callers' language.")
def models_use(name: str, language: str) -> None:
    """Listen with model NAME in a language; the shipped model's name goes back to it."""
    from launch.models import use

    use(name, language)


@models.command("train")
@click.option("--out", required=True, type=CALLERS_PATH, help="Folder for the model and what it is made from.")
@click.option("--hours", default=10.0, show_default=True, help="Hours of speech to synthesise.")
@click.option("--epochs", default=6, show_default=True, help="Passes over it.")
@click.option("--minutes", default=0.0, show_default=True, help="Stop training after so long; 0: after the last pass.")
@click.option("--seed", default=1, show_default=True, help="The same seed and packages make the same model.")
@click.option("--from", "begin", default=None, type=CALLERS_PATH, help="Go on from this model's folder (default: from nothing).")
def models_train(out: Path, hours: float, epochs: int, minutes: float, seed: int, begin: Path | None) -> None:
    """Make the shipped model anew: synthesise speech, train, write the model. Takes hours, on one core."""
    from launch.models import train

    train(out, hours, epochs, minutes, seed, begin)
