"""The command line inside the project's environment. Each command is a thin call; `launch.__main__` shows its errors."""

from datetime import datetime
from pathlib import Path

import click

from core.log import configure_logging
from core.settings import default_home
from launch.callers_path import CALLERS_PATH
from launch.console import say
from launch.desk_commands import knowledge, tickets
from launch.ivr_commands import ivr
from launch.model_commands import models
from launch.offer_commands import offers
from launch.routing_commands import routing
from launch.script_commands import scripts
from launch.workforce_commands import workforce

_PASS_ON = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def halo() -> None:
    """Halo, a contact center on Asterisk."""


@halo.command()
@click.option("--demo-call", is_flag=True, help="Place a demo call, also when it is not the first start.")
def up(demo_call: bool) -> None:
    """Set everything up, start it, and say where it is. Run again: starts what does not run, changes nothing."""
    from launch.up import up as run_up

    run_up(with_demo_call=demo_call)


@halo.command()
def down() -> None:
    """Stop everything and leave nothing running."""
    from launch.down import down as run_down

    run_down()


@halo.command()
def status() -> int:
    """What runs, since when, and whether it answers."""
    from launch.status import status as print_status

    return 0 if print_status() else 1


@halo.command()
def doctor() -> int:
    """What is wrong here, and the next step."""
    from launch.doctor.installation import installation_findings
    from launch.doctor.machine import machine_findings
    from launch.doctor.report import print_findings

    return print_findings([*machine_findings(), *installation_findings(default_home())])


@halo.group(invoke_without_command=True)
@click.pass_context
def hours(context: click.Context) -> int:
    """Which lines are open now, until when, and why not."""
    from launch.hours import show_hours

    return 0 if context.invoked_subcommand or show_hours() else 1


@hours.command("check")
@click.argument("file", required=False, type=CALLERS_PATH)
def check_hours_file(file: Path | None) -> None:
    """Whether an hours FILE is good, by default the one in force; else what is wrong, with the line."""
    from launch.hours import check_hours

    check_hours(file)


@hours.command()
@click.argument("login")
@click.option("--remove", is_flag=True, help="Take the PIN away.")
def pin(login: str, remove: bool) -> None:
    """Give LOGIN a PIN for closing the lines by phone. It is asked for, twice, and not shown."""
    from launch.control_pin import give_pin, take_pin_away

    take_pin_away(login) if remove else give_pin(login, lambda: str(click.prompt("PIN", hide_input=True, confirmation_prompt=True)))


@halo.command()
@click.option("--schedule", default="", help="Only this one; without it all are closed.")
@click.option("--until", default="", help="18:00, '2026-11-25 08:00', 3h; without it until somebody reopens.")
@click.option("--message", default="", help="What callers hear, in Indonesian.")
@click.option("--message-en", default="", help="What callers hear, in English.")
@click.option("--recording", type=CALLERS_PATH, help="A WAV file that all callers hear instead.")
def close(schedule: str, until: str, message: str, message_en: str, recording: Path | None) -> None:
    """Close now, in an emergency. The next caller hears the message."""
    from launch.hours import close_now

    close_now(schedule, until, message, message_en, recording)


@halo.command()
@click.option("--schedule", default="", help="Only this one; without it every closing ends.")
def reopen(schedule: str) -> int:
    """End what was closed by hand."""
    from launch.hours import reopen_now

    return 0 if reopen_now(schedule) else 1


@halo.command()
@click.argument("process", required=False)
@click.option("-f", "--follow", is_flag=True, help="Go on showing what comes.")
def logs(process: str | None, follow: bool) -> None:
    """What the processes say: all, or redis, asterisk, cti, desk, worker, what-if, planning, supervisord."""
    from launch.show_logs import show_logs

    show_logs(process, follow)


@halo.command()
@click.option("--with-tests", is_flag=True, help="Also what the tests need.")
def install(with_tests: bool) -> None:
    """Only what needs root: Debian's packages and Asterisk."""
    from launch.install.set_up import install_machine

    install_machine(with_tests)


@halo.group("import")
def import_() -> None:
    """Bring in data from elsewhere."""


@import_.command("customers")
@click.argument("file", type=CALLERS_PATH)
@click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")
def import_customers(file: Path, dry_run: bool) -> int:
    """Add or update customers from a CSV file. Running it twice changes nothing."""
    from launch.import_customers import import_customers as run_import

    return 0 if run_import(file, dry_run) else 1


@import_.command("products")
@click.argument("file", type=CALLERS_PATH)
@click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")
def import_products(file: Path, dry_run: bool) -> int:
    """Add or update what we sell, with stock and product lines, from a CSV file."""
    from launch.import_tables import import_products as run_import

    return 0 if run_import(file, dry_run) else 1


@import_.command("promotions")
@click.argument("file", type=CALLERS_PATH)
@click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")
def import_promotions(file: Path, dry_run: bool) -> int:
    """Add or update promotions from a CSV file: a product (by sku), percent off, first and last day."""
    from launch.import_tables import import_promotions as run_import

    return 0 if run_import(file, dry_run) else 1


@halo.command()
@click.option("--day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="A day on record, such as 2026-11-28.")
@click.option("--policy", type=CALLERS_PATH, help="Another routing policy.")
@click.option("--roster", type=CALLERS_PATH, help="Other agents on duty: a CSV file with agent,from,to,skills.")
@click.option("--days", type=click.IntRange(2, 1000), default=20, show_default=True, help="So many replications.")
def replay(day: datetime, policy: Path | None, roster: Path | None, days: int) -> None:
    """A recorded day through the same engine: what another policy or roster would have changed."""
    from launch.replay import show_replay

    show_replay(day.date(), policy, roster, days)


@halo.command()
@click.argument("login", required=False)
@click.argument("names", nargs=-1)
def teams(login: str | None, names: tuple[str, ...]) -> None:
    """Who hears whose recorded talks; with a log-in and teams such as `sari north`: change it (`none` takes them away)."""
    from launch.teams import set_teams, show_teams

    if login is not None and names:
        set_teams(login, names)
    else:
        show_teams()


halo.add_command(ivr)
halo.add_command(models)
halo.add_command(offers)
halo.add_command(routing)
halo.add_command(scripts)
halo.add_command(knowledge)
halo.add_command(tickets)
halo.add_command(workforce)


@halo.command(context_settings=_PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> int:
    """Every check and test, on SQLite and on a PostgreSQL of its own. ARGUMENTS go to pytest."""
    from launch.tests_run import run_all

    return run_all(arguments)


@halo.command()
def check() -> int:
    """Formatting, lint, types, floors and file sizes; no tests."""
    from launch.checks_run import run_checks

    return 0 if run_checks() else 1


@halo.command(hidden=True)
@click.argument("message")
def migration(message: str) -> None:
    """Write a new database revision from the models (for developers; the database must be up to date)."""
    from core.settings import load_settings
    from launch.schema import write_revision

    say(str(write_revision(load_settings().database, message)))


def run(arguments: list[str]) -> int:
    """Run one command; returns the exit code. Errors of ours are raised to the caller."""
    configure_logging("halo", "ERROR")  # what a command does is said by its steps, not by its log
    try:
        code = halo.main(arguments, prog_name="./halo", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as problem:
        say(problem.ctx.get_help() if problem.ctx else "")
        return 0
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else 0
