"""`./halo knowledge …` and `./halo tickets …`: what agents work with. Each command is a thin call."""

import getpass
from pathlib import Path

import click

from launch.callers_path import CALLERS_PATH


@click.group()
def knowledge() -> None:
    """The articles that agents look up."""


@knowledge.command("import")
@click.argument("folder", type=CALLERS_PATH)
def import_(folder: Path) -> None:
    """Add or change, and publish, the articles of FOLDER: files such as returns.en.md. Running it twice changes nothing."""
    from launch.knowledge import bring_in

    bring_in(folder, getpass.getuser())


@knowledge.command()
@click.argument("folder", type=CALLERS_PATH)
def export(folder: Path) -> None:
    """Write the published articles into FOLDER."""
    from launch.knowledge import write_out

    write_out(folder)


@click.group()
def tickets() -> None:
    """By when tickets are promised."""


@tickets.command()
@click.argument("file", required=False, type=CALLERS_PATH)
def check(file: Path | None) -> None:
    """Whether a FILE of targets is good, by default the one in force; else what is wrong, with the line."""
    from launch.ticket_targets import check_targets

    check_targets(file)
