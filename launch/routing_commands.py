"""`./halo routing …`: the policy that says who gets whom, and what agents can do. Each command is a thin call."""

import getpass
from pathlib import Path

import click

from launch.callers_path import CALLERS_PATH
from launch.console import say


@click.group()
def routing() -> None:
    """Who gets whom: check and publish the policy, change what agents can do."""


@routing.command()
@click.argument("file", required=False, type=CALLERS_PATH)
def check(file: Path | None) -> int:
    """What is wrong with the policy in FILE, with the line; without FILE with the one in force."""
    from launch.policies import check_policy

    return 0 if check_policy(file) else 1


@routing.command()
@click.argument("file", type=CALLERS_PATH)
@click.option("--note", default="", help="What changed, for the history.")
def publish(file: Path, note: str) -> None:
    """Check the policy in FILE and put it in force, for callers who wait already, too."""
    from launch.policies import publish_policy

    publish_policy(file, note, getpass.getuser())


@routing.command()
def versions() -> None:
    """What was in force when, the newest first."""
    from launch.policies import show_policies

    show_policies()


@routing.command()
@click.argument("number", type=int)
def rollback(number: int) -> None:
    """Put policy NUMBER in force again."""
    from launch.policies import bring_policy_back

    bring_policy_back(number, getpass.getuser())


@routing.command()
@click.argument("number", required=False, type=int)
def show(number: int | None) -> None:
    """The text of the policy in force, or of policy NUMBER: a start for your own file."""
    from launch.policies import show_policy

    show_policy(number)


@routing.command()
def reasons() -> None:
    """The codes of why callers call, as `order` in the policy names them."""
    from ivr.reasons import Reason

    for reason in Reason:
        say(f"  {reason.value}")


@routing.command()
@click.argument("agent", required=False)
@click.argument("changes", nargs=-1, metavar="[SKILL=PROFICIENCY]...")
def skills(agent: str | None, changes: tuple[str, ...]) -> None:
    """What agents can do; with changes such as `1001 sales=3 english=0`: change it (0 takes a skill away)."""
    from launch.policies import set_skills, show_skills

    wanted: dict[str, int] = {}
    for change in changes:
        skill, equals, proficiency = change.partition("=")
        if not (equals and proficiency.isdecimal()):
            raise click.UsageError(f"{change!r}: write SKILL=PROFICIENCY, such as sales=3.")
        wanted[skill] = int(proficiency)
    if agent is not None and wanted:
        set_skills(agent, wanted, getpass.getuser())
    else:
        show_skills(agent)


@routing.command()
@click.argument("agent", required=False)
@click.argument("name", required=False)
def site(agent: str | None, name: str | None) -> None:
    """Where agents are; with a site of the policy such as `1001 surabaya`: change it (`none` takes the site away)."""
    from launch.policies import set_site, show_sites

    if agent is not None and name is not None:
        set_site(agent, "" if name == "none" else name, getpass.getuser())
    else:
        show_sites(agent)
