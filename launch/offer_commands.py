"""`./halo offers …`: whether offers do any good, their terms, and what goes together. Each command is a thin call."""

from pathlib import Path

import click

from launch.callers_path import CALLERS_PATH


@click.group()
def offers() -> None:
    """The next best offer: what it brings, its terms, what goes together."""


@offers.command()
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="So many days until now.")
def report(days: int) -> None:
    """Offered, taken, and what customers bought beside the comparison group."""
    from launch.offers import show_report

    show_report(days)


@offers.command()
@click.argument("file", required=False, type=CALLERS_PATH)
def check(file: Path | None) -> int:
    """What is wrong with the terms in FILE, with the line; without FILE with those in force."""
    from launch.offers import check_terms

    return 0 if check_terms(file) else 1


@offers.command()
def fit() -> None:
    """Count what goes together now; the worker does so by itself when orders have changed."""
    from launch.offers import fit_now

    fit_now()
