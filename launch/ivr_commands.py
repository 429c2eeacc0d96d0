"""`./halo ivr …`: flows checked, tried, explored, published. Each command is a thin call."""

import getpass
from pathlib import Path

import click

from launch.callers_path import CALLERS_PATH
from launch.console import say


@click.group()
def ivr() -> None:
    """The flows that callers go through: check, try, explore and publish them."""


@ivr.command()
@click.argument("file", required=False, type=CALLERS_PATH)
def check(file: Path | None) -> int:
    """What is wrong with a flow, with the line: the one in FILE, else every one that ships or is in force."""
    from ivr.flow_check import flow_problems
    from launch.ivr_flows import flow_texts
    from launch.publishing import premises_here

    serious, there = 0, premises_here()
    for text in flow_texts(file):
        problems = flow_problems(text, there)
        serious += sum(problem.serious for problem in problems)
        for problem in problems:
            say(f"  {problem}")
        if not problems:
            say(f"  {text.source}: nothing is wrong")
    return 1 if serious else 0


@ivr.command()
@click.argument("files", nargs=-1, type=CALLERS_PATH)
@click.option("--flow", type=CALLERS_PATH, help="A flow's file instead of the flow in force.")
@click.option("--live", is_flag=True, help="By real calls to this Halo, which must run: nobody may be ready to take calls.")
@click.option("--at-once", type=click.IntRange(1, 20), default=6, show_default=True, help="With --live: so many calls at once.")
def test(files: tuple[Path, ...], flow: Path | None, live: bool, at_once: int) -> int:
    """Hold conversations with a flow: those in FILES (or folders), else every one that Halo ships or that lies in
    config/conversations of its home. Without --live no phone is needed, and each takes milliseconds.
    """
    there = list(files)
    if live:
        if flow is not None:
            raise click.UsageError("--live holds them with the flow in force: publish yours first, or leave out --live.")
        from launch.ivr_by_phone import test_by_phone

        return 0 if test_by_phone(there, at_once) else 1
    from launch.ivr_conversations import test_flow

    return 0 if test_flow(there, flow) else 1


@ivr.command()
@click.argument("file", required=False, type=CALLERS_PATH)
def explore(file: Path | None) -> int:
    """Walk every branch with every fault, and report loops, dead ends, and how far a person is; without FILE every flow."""
    from launch.ivr_explore import explore as run_explore

    return 0 if run_explore(file) else 1


@ivr.command()
@click.argument("file", type=CALLERS_PATH)
@click.option("--note", default="", help="What changed, for the history.")
@click.option("--without-tests", is_flag=True, help="Although conversations go otherwise than written; the history says so.")
def publish(file: Path, note: str, without_tests: bool) -> None:
    """Check the flow in FILE, hold the conversations with it, and put it in force for the calls that begin from now on."""
    from launch.ivr_publish import publish as run_publish

    run_publish(file, note, _who(), with_tests=not without_tests)


@ivr.command()
@click.argument("flow", default="hotline")
def versions(flow: str) -> None:
    """Every version of FLOW that was in force, the newest first."""
    from launch.ivr_flows import show_versions

    show_versions(flow)


@ivr.command()
@click.argument("flow")
@click.argument("number", type=int)
def rollback(flow: str, number: int) -> None:
    """Put version NUMBER of FLOW in force again."""
    from launch.ivr_flows import roll_back

    roll_back(flow, number, _who())


@ivr.command()
@click.argument("flow")
@click.argument("number", required=False, type=int)
def show(flow: str, number: int | None) -> None:
    """The text of FLOW as it is in force, or of its version NUMBER: a start for your own file."""
    from launch.ivr_flows import show_text

    show_text(flow, number)


def _who() -> str:
    return getpass.getuser()
