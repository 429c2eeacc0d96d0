"""`./halo workforce …`: how many callers will come, and how many agents that needs. Each command is a thin call."""

import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from launch.callers_path import CALLERS_PATH
from launch.day_commands import adherence, what_if
from launch.roster_commands import roster

if TYPE_CHECKING:
    from launch.workforce_plans import Files
    from workforce.planning_sources import Asked
    from workforce.staffing import Wishes

_DAY = click.DateTime(["%Y-%m-%d"])
_SHARE = click.FloatRange(0, 1)
_FORECAST = (
    click.option("--queue", "queues", multiple=True, help="Only this queue; may be given several times."),
    click.option("--from", "first", type=_DAY, help="The first day, such as 2026-12-01."),
    click.option("--days", type=click.IntRange(1, 400), default=28, show_default=True, help="How many days."),
    click.option(
        "--interval", "minutes", type=click.Choice(["15", "30"]), default="30", show_default=True, help="Minutes of an interval."
    ),
    click.option(
        "--history", type=CALLERS_PATH, help="Learn from this file: queue,interval_start,offered,aht_s; else from the records."
    ),
    click.option("--special-days", type=CALLERS_PATH, help="Days that you know of: date,name,factor,leave_out."),
    click.option(
        "--overrule", "overrulings", type=CALLERS_PATH, help="What you know better: queue,date,time,callers,times,aht_s,why."
    ),
    click.option("--country", help="Whose holidays count, such as ID; by default the installation's."),
    click.option(
        "--method",
        default="",
        help="last week, weekday mean, day types, or day types and recent weeks; by default what does best on days past.",
    ),
    click.option(
        "--band",
        "share",
        type=float,
        default=0.9,
        show_default=True,
        help="The share of intervals that shall lie within the band that is told.",
    ),
)
_STAFF = (
    click.option("--forecast", "given", type=CALLERS_PATH, help="Staff this forecast: queue,interval_start,minutes,callers,aht_s."),
    click.option("--saved", "kept", default="", help="Staff the newest forecast of this name that is kept."),
    click.option("--shrinkage", type=_SHARE, default=0.0, show_default=True, help="Paid time that is not on queue, 0.3 for 30 %."),
    click.option("--patience", "patience_s", type=float, help="Mean seconds until callers give up; by default learned."),
    click.option("--aht", "aht_s", type=float, help="Seconds of handling where none is known."),
    click.option(
        "--service-level", type=_SHARE, help="Answered in time, 0.8 for 80 %; by default the policy's; 0: no target, beside others."
    ),
    click.option("--within", "answer_within_s", type=float, help="Seconds within which that is; by default the policy's."),
    click.option("--asa", "asa_s", type=float, help="Also: at most so many seconds of mean wait."),
    click.option(
        "--most-abandoned", "abandoned_share", type=_SHARE, help="Also: at most this share of callers gives up, 0.05 for 5 %."
    ),
    click.option("--most-occupancy", "occupancy", type=_SHARE, help="Also: agents are busy for at most this share of the time."),
    click.option("--at-once", multiple=True, metavar="QUEUE=N", help="Contacts that an agent has at once, for chats."),
    click.option(
        "--slower", type=float, default=0.15, show_default=True, help="By how much each further contact at once slows all."
    ),
)


def _with(options: tuple[Callable[[Any], Any], ...]) -> Callable[[Any], Any]:
    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


@click.group()
def workforce() -> None:
    """How many callers will come, how many agents that needs, and who works when."""


workforce.add_command(roster)
workforce.add_command(adherence)
workforce.add_command(what_if)


@workforce.command(short_help="Callers and handling time of days to come.")
@_with(_FORECAST)
@click.option("--save", "name", default="", help="Keep it under this name, for the pages and for --saved.")
@click.option("--out", "--csv", type=CALLERS_PATH, help="Write the intervals: a CSV file, or a workbook when it ends in .xlsx.")
def forecast(out: Path | None, name: str, **asked: Any) -> None:
    """Callers and handling time of the days to come, and how each number came about."""
    from launch.workforce_plans import show_forecast

    files = _files(asked)
    show_forecast(_asked(**asked), files, out, name)


@workforce.command(short_help="What came before Halo took the calls, from elsewhere.")
@click.argument("file", type=CALLERS_PATH, required=False)
@click.option("--drop", "dropped", default="", metavar="QUEUE", help="Take away what was brought of this queue.")
def history(file: Path | None, dropped: str) -> None:
    """Keep a history from elsewhere, for the days before Halo's first call: queue,interval_start,offered,aht_s. Without FILE: say
    what is kept."""
    from launch.workforce_plans import bring_history

    bring_history(file, dropped)


@workforce.command(short_help="Agents that each queue needs by interval.")
@_with(_FORECAST)
@_with(_STAFF)
@click.option("--save", "name", default="", help="Keep the plan under this name, for the pages and for rosters.")
@click.option("--out", "--csv", type=CALLERS_PATH, help="Write the intervals: a CSV file, or a workbook when it ends in .xlsx.")
def staff(out: Path | None, name: str, **options: Any) -> None:
    """Agents that each queue needs by itself in each interval."""
    from launch.workforce_plans import show_staff

    wishes, files = _wishes(options), _files(options)
    show_staff(_asked(**options, known=_known(files)), wishes, files, out, name)


@workforce.command(short_help="Agents and skills that one interval takes.")
@_with(_FORECAST)
@_with(_STAFF)
@click.option("--at", required=True, type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]), help="When the interval begins.")
def search(at: datetime, **options: Any) -> None:
    """Agents of which skills one interval takes, when they help each other's queues: by simulation."""
    from launch.workforce_plans import show_search

    wishes, files = _wishes(options), _files(options)
    show_search(_asked(**{**options, "first": options["first"] or at}), wishes, files, at)


@workforce.command(short_help="How long callers are willing to wait.")
@click.option("--queue", "queues", multiple=True, help="Only this queue; may be given several times.")
@click.option("--before", required=True, type=_DAY, help="Learn from the days before this one.")
@click.option("--days", type=click.IntRange(1, 800), default=90, show_default=True, help="How many days before.")
def patience(queues: tuple[str, ...], before: datetime, days: int) -> None:
    """How long callers are willing to wait, from those who gave up and those who did not."""
    from launch.workforce_plans import show_patience

    show_patience(queues, before.date(), days)


@workforce.command()
@click.option("--callers", required=True, type=click.FloatRange(0), help="Callers in one interval.")
@click.option("--minutes", type=click.FloatRange(1, 1440), default=30, show_default=True, help="Minutes of the interval.")
@click.option("--aht", "aht_s", required=True, type=click.FloatRange(1), help="Seconds of handling.")
@click.option(
    "--patience", "patience_s", type=float, default=math.inf, help="Mean seconds until callers give up; by default never."
)
@click.option(
    "--within",
    "answer_within_s",
    type=float,
    default=20,
    show_default=True,
    help="Seconds within which callers are to be answered.",
)
def worth(callers: float, minutes: float, aht_s: float, patience_s: float, answer_within_s: float) -> None:
    """What one more agent is worth."""
    from launch.workforce_plans import show_worth

    if minutes <= 0:
        raise click.UsageError("An interval is longer than 0 minutes.")
    show_worth(callers * aht_s / (minutes * 60), aht_s, patience_s, answer_within_s)


def _asked(first: datetime | None, minutes: str, known: bool = False, **others: Any) -> "Asked":
    """`known`: the days are those of a forecast that is there."""
    from core.clock import SystemClock
    from workforce.planning_sources import Asked

    if first is None and not known:
        raise click.UsageError("Say the first day, by --from.")
    day = first.date() if first is not None else SystemClock().now().date()
    return Asked(first=day, minutes=int(minutes), **others)


def _files(options: dict[str, Any]) -> "Files":
    """Takes what a planner gives out of the options."""
    from launch.workforce_plans import Files

    names = ("history", "special_days", "overrulings", "given", "kept")
    files = Files(**{name: options.pop(name) for name in names if name in options})
    if _known(files) and (files.history or files.special_days):
        raise click.UsageError("A forecast that is there learns from no --history and no --special-days: take them to `forecast`.")
    if files.given and files.overrulings:
        raise click.UsageError("--overrule is for a forecast that Halo has; change the callers in the file of --forecast.")
    return files


def _known(files: "Files") -> bool:
    return files.given is not None or bool(files.kept)


def _wishes(options: dict[str, Any]) -> "Wishes":
    """Takes what is of staffing out of the options."""
    from workforce.staff_need import Handled
    from workforce.staffing import Wishes

    at_once = {}
    slower = options.pop("slower")
    for each in options.pop("at_once"):
        queue, equals, count = each.partition("=")
        if not (queue and equals and count.isdecimal() and int(count)):
            raise click.UsageError(f"{each!r}: write QUEUE=N, such as chat=3.")
        at_once[queue] = Handled(int(count), slower)
    names = ("shrinkage", "patience_s", "aht_s", "asa_s", "abandoned_share", "occupancy", "service_level", "answer_within_s")
    return Wishes(**{name: options.pop(name) for name in names}, at_once=at_once)
