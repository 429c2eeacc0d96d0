"""The flows of this installation as the command line asks for them: from a file, in force, or shipped."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from core.database import Database
from core.errors import HaloError
from core.settings import Settings, load_settings
from ivr.flow_file import FlowText, read_flow, read_flow_file, shipped_flow, shipped_flow_names
from ivr.flow_version import FlowVersion
from ivr.flow_versions import history, in_force, version_of
from ivr.publication import Publisher
from launch.console import say
from launch.policies import policy_here
from launch.publishing import publisher


def flow_texts(file: Path | None) -> list[FlowText]:
    """The flow in this file, or every shipped one and every one in force that is another."""
    if file is not None:
        return [read_flow_file(file)]
    shipped = [shipped_flow(name) for name in shipped_flow_names()]
    known = {text.text for text in shipped}
    return shipped + [text for text in _in_force() if text.text not in known]


def flow_to_try(file: Path | None, name: str = "hotline") -> FlowVersion:
    """The flow in this file, else the one in force, else the shipped one; ready to be run."""
    if file is not None:
        return FlowVersion(read_flow_file(file).flow)
    found = next((text for text in _in_force() if text.flow.flow == name), None)
    return FlowVersion((found or shipped_flow(name)).flow)


def queue_names() -> list[str]:
    """The queues that a flow may send callers to."""
    return list(policy_here().names)


def roll_back(flow: str, number: int, by: str) -> None:
    """Put an earlier version in force again."""
    with publishing() as publishes:
        publishes.roll_back(flow, number, by)
    say(f"{flow} version {number} is in force again for every call that begins now.")


def show_versions(flow: str) -> None:
    """Print what was in force when, the newest first."""
    settings = load_settings()
    with _database(settings) as database, database.reading() as session:
        lines = history(session, flow)
    if not lines:
        say(f"{flow} was never published; calls get the flow that Halo ships.")
    for line in lines:
        mark = "in force" if line.in_force else "        "
        say(f"  {line.number:>4}  {line.at:%Y-%m-%d %H:%M} UTC  {line.how:<11}  {mark}  {line.by}  {line.note}".rstrip())


def show_text(flow: str, number: int | None) -> None:
    """Print a version's text: this one, else the one in force, else the shipped one."""
    settings = load_settings()
    with _database(settings) as database, database.reading() as session:
        record = version_of(session, flow, number) if number else in_force(session, flow)
        text = record.content if record else shipped_flow(flow).text
    say(text.rstrip("\n"))


def _in_force() -> Iterator[FlowText]:
    """Every flow in force; none where nothing was set up yet."""
    try:
        with _database(load_settings()) as database, database.reading() as session:
            found = [record for name in shipped_flow_names() if (record := in_force(session, name)) is not None]
    except (HaloError, SQLAlchemyError):
        return  # nothing was set up here yet: what Halo ships counts
    for record in found:
        yield read_flow(record.content, f"{record.flow} version {record.number}")


@contextmanager
def publishing() -> Iterator[Publisher]:
    """Who publishes the flows of this installation."""
    settings = load_settings()
    with _database(settings) as database:
        yield publisher(settings, database)


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database)
    try:
        yield database
    finally:
        database.dispose()
