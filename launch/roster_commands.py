"""`./halo workforce roster …`: who works when. Each command is a thin call."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from launch.callers_path import CALLERS_PATH

if TYPE_CHECKING:
    from launch.workforce_rosters import Given

_DAY = click.DateTime(["%Y-%m-%d"])
_GIVEN = (
    click.option(
        "--staff",
        type=CALLERS_PATH,
        help="Table of whom callers need, as `workforce staff --out` writes it: queue,interval_start,minutes,heads.",
    ),
    click.option(
        "--contracts",
        type=CALLERS_PATH,
        help="Needed. Table of who works how much: agent,hours_a_week and more; see docs/rosters.md.",
    ),
    click.option("--rules", type=CALLERS_PATH, help="A YAML file of rules and shift patterns; by default those in force."),
    click.option("--time-off", type=CALLERS_PATH, help="Table of days off: agent,from,until."),
    click.option("--wishes", type=CALLERS_PATH, help="Table of wishes: agent,date,wish,weight."),
    click.option("--training", type=CALLERS_PATH, help="Table of trainings: agent,date,from,to,name."),
    click.option("--from", "first", type=_DAY, help="The first day; by default that of the file of --staff."),
    click.option("--days", type=click.IntRange(1, 92), help="How many days; by default as many as that file has."),
    click.option(
        "--column",
        type=click.Choice(["heads", "agents"]),
        default="heads",
        show_default=True,
        help="The column of --staff that counts.",
    ),
)


def _given(command: Any) -> Any:
    for option in reversed(_GIVEN):
        command = option(command)
    return command


@click.group(invoke_without_command=True)
@_given
@click.option(
    "--seconds", type=click.FloatRange(1, 86_400), default=120, show_default=True, help="How long to look for a better one."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another number looks in another order.")
@click.option("--repeatable", is_flag=True, help="The same answer for the same seed; --seconds then counts work, not time.")
@click.option("--like", type=CALLERS_PATH, help="A roster (CSV) from which the new one is to differ little.")
@click.option("--keep-until", type=_DAY, help="Up to this day all stays as in --like.")
@click.option("--out", "--csv", type=CALLERS_PATH, help="Write the roster: a CSV file, or a workbook when it ends in .xlsx.")
@click.option("--calendars", type=CALLERS_PATH, help="A folder for an iCalendar file of each agent.")
@click.pass_context
def roster(context: click.Context, /, keep_until: datetime | None, **options: Any) -> int | None:
    """Who works when: made from needs, contracts and rules.

    Such as: ./halo workforce roster --staff staff.csv --contracts contracts.csv --out roster.csv

    Then: check FILE after a change by hand, publish FILE, show.
    """
    if context.invoked_subcommand is not None:
        return None
    from launch.workforce_rosters import Wanted, make

    if options["like"] is None and keep_until is not None:
        raise click.UsageError("--keep-until goes with --like.")
    names = ("seconds", "seed", "repeatable", "like", "out", "calendars")
    wanted = {name: options.pop(name) for name in names}
    return make(_files(options), Wanted(**wanted, keep_until=keep_until.date() if keep_until else None))


@roster.command()
@click.argument("file", type=CALLERS_PATH)
@_given
def check(file: Path, **options: Any) -> int:
    """What a roster breaks, and what that costs."""
    from launch.workforce_rosters import check as run

    return run(_files(options), file)


@roster.command()
@click.argument("file", type=CALLERS_PATH)
@_given
@click.option("--note", default="", help="What planners read beside it.")
@click.option("--anyway", is_flag=True, help="Also where it breaks rules that must not be broken.")
def publish(file: Path, note: str, anyway: bool, **options: Any) -> int:
    """Put a roster in force for its days."""
    from launch.workforce_rosters import publish_file

    return publish_file(_files(options), file, note, anyway)


@roster.command()
@click.option("--from", "first", type=_DAY, help="By default today.")
@click.option("--days", type=click.IntRange(1, 92), default=7, show_default=True, help="How many days.")
@click.option("--agent", default="", help="Only this agent, by number.")
@click.option("--out", "--csv", type=CALLERS_PATH, help="Write it, too.")
@click.option("--calendars", type=CALLERS_PATH, help="A folder for an iCalendar file of each agent.")
def show(first: datetime | None, days: int, agent: str, out: Path | None, calendars: Path | None) -> None:
    """Who works when, by what is published."""
    from launch.workforce_rosters import show as run

    run(first.date() if first else None, days, agent, out, calendars)


@roster.command()
@click.argument("file", type=CALLERS_PATH, required=False)
@click.option("--publish", "put_in_force", is_flag=True, help="Put them in force.")
@click.option("--note", default="", help="What planners read beside them.")
def rules(file: Path | None, put_in_force: bool, note: str) -> None:
    """The rules and shift patterns in force, or in FILE."""
    from launch.workforce_rosters import show_rules

    show_rules(file, put_in_force, note)


def _files(options: dict[str, Any]) -> "Given":
    from launch.workforce_rosters import Given

    if options["contracts"] is None:
        raise click.UsageError("Say where the contracts are, by --contracts.")
    first = options.pop("first")
    return Given(**options, first=first.date() if first is not None else None)
