"""`./halo workforce adherence` and `what-if`: a day held against its roster, and the rest of it otherwise. Thin calls."""

from datetime import datetime
from pathlib import Path

import click

from launch.callers_path import CALLERS_PATH

_DAY = click.DateTime(["%Y-%m-%d"])
_COUNTS = "Write QUEUE=N, such as sales=2."


@click.command()
@click.option("--day", type=_DAY, help="By default today.")
@click.option("--agent", default="", help="Only this one, with every stretch out of place.")
@click.option("--team", default="", help="Only the agents of this team.")
@click.option("--out", "--csv", type=CALLERS_PATH, help="Write it: a CSV file, or a workbook when it ends in .xlsx.")
def adherence(day: datetime | None, agent: str, team: str, out: Path | None) -> None:
    """Who was where the roster had them, minute by minute."""
    from launch.workforce_day import show_adherence

    show_adherence(day.date() if day else None, agent, team, out)


@click.command("what-if", short_help="The rest of a day, were agents ill or callers more.")
@click.option("--day", type=_DAY, help="By default today.")
@click.option("--at", "at", help="From this time on, such as 13:00; by default from now, or the day's beginning.")
@click.option("--ill", multiple=True, metavar="QUEUE=N", help="So many agents of those who serve the queue; several times.")
@click.option("--ill-alone", multiple=True, metavar="QUEUE+QUEUE=N", help="Of those who serve just these queues; several times.")
@click.option("--volume", type=click.FloatRange(0, 5), default=1.0, show_default=True, help="Times as many callers.")
@click.option("--aht", type=click.FloatRange(0.1, 5), default=1.0, show_default=True, help="Times as long to handle.")
@click.option("--out", "--csv", type=CALLERS_PATH, help="Write it: a CSV file, or a workbook when it ends in .xlsx.")
def what_if(
    day: datetime | None, at: str | None, ill: tuple[str, ...], ill_alone: tuple[str, ...], volume: float, aht: float,
    out: Path | None,
) -> None:  # fmt: skip
    """The rest of a day with agents ill, more callers or longer handling, played by the routing engine."""
    from launch.workforce_day import show_what_if

    show_what_if(day.date() if day else None, at, _counts(ill), _counts(ill_alone), (volume, aht), out)


def _counts(given: tuple[str, ...]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in given:
        queue, equals, count = each.partition("=")
        if not (queue and equals and count.isdecimal()):
            raise click.UsageError(f"{each!r}: {_COUNTS}")
        counts[queue] = counts.get(queue, 0) + int(count)
    return counts
