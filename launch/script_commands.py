"""`./halo scripts …`: what agents say in a call. Each command is a thin call."""

import getpass
from datetime import datetime
from pathlib import Path

import click

from launch.callers_path import CALLERS_PATH


@click.group()
def scripts() -> None:
    """What agents say: check and publish call scripts, draw them, see what came of them."""


@scripts.command()
@click.argument("where", required=False, type=CALLERS_PATH, metavar="[FILE|FOLDER]")
def check(where: Path | None) -> int:
    """What is wrong with the script in FILE or those in FOLDER, with the line; without it with those in force."""
    from launch.call_scripts import check_scripts

    return 0 if check_scripts(where) else 1


@scripts.command()
@click.argument("where", type=CALLERS_PATH, metavar="FILE|FOLDER")
@click.option("--note", default="", help="What changed, for the history.")
@click.option("--share", type=click.IntRange(1, 50), help="Try it on as many of 100 calls, beside the version in force.")
def publish(where: Path, note: str, share: int | None) -> None:
    """Check the script in FILE, or all in FOLDER, and put them in force for every call that comes."""
    from launch.call_scripts import publish_scripts
    from launch.script_trials import try_script

    if share is None:
        publish_scripts(where, note, getpass.getuser())
    else:
        try_script(where, share, note, getpass.getuser())


@scripts.command()
@click.argument("name", required=False)
def trials(name: str | None) -> None:
    """What the trials of scripts have shown so far: both versions beside each other. With NAME also those that are over."""
    from launch.script_trials import show_trials

    show_trials(name)


@scripts.command()
@click.argument("name")
@click.argument("number", type=click.IntRange(0))
def choose(name: str, number: int) -> None:
    """End the trial of the script NAME: take version NUMBER, one of the two, for every call that comes."""
    from launch.script_trials import choose_version

    choose_version(name, number, getpass.getuser())


@scripts.command()
@click.argument("name", required=False)
def versions(name: str | None) -> None:
    """Which scripts are in force; with NAME what was in force when, the newest first."""
    from launch.call_scripts import show_scripts

    show_scripts(name)


@scripts.command()
@click.argument("name")
@click.argument("number", type=click.IntRange(0))
def rollback(name: str, number: int) -> None:
    """Put version NUMBER of the script NAME in force again; 0 is the one that Halo ships."""
    from launch.call_scripts import bring_script_back

    bring_script_back(name, number, getpass.getuser())


@scripts.command()
@click.argument("name")
@click.argument("number", required=False, type=click.IntRange(0))
@click.option("--map", "as_map", is_flag=True, help="The map of its pages instead, as Mermaid text.")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Of the words on the map.")
def show(name: str, number: int | None, as_map: bool, language: str) -> None:
    """The text of the script NAME in force, or of version NUMBER: a start for your own file."""
    from launch.call_scripts import show_script

    show_script(name, number, as_map, language)


@scripts.command()
@click.argument("name", required=False)
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="A day on record, such as 2026-11-28; today without it.")
@click.option("--days", type=click.IntRange(1, 31), default=1, show_default=True, help="As many days, of which that is the last.")
def report(name: str | None, day: datetime | None, days: int) -> None:
    """What came of the scripts of a day, or of the script NAME: pages, answers, times, and where they were left."""
    from launch.call_scripts import report_scripts

    report_scripts(day.date() if day else None, days, name)
