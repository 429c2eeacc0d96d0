"""The call scripts of this installation: looked at, checked, published, brought back; and what came of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.bus import EventBus
from core.clock import SystemClock
from core.database import Database
from core.errors import BadInput, SettingsError
from core.problem import Problem
from core.published_texts import How
from core.settings import load_settings
from ivr.reasons import Reason
from launch.console import green, say
from launch.policies import policy_here
from routing.policy_in_force import PolicyInForce
from scripts.checks import Surroundings, script_faults
from scripts.library import library_problems, shipped_texts, yaml_files
from scripts.script_file import ScriptText, read_form_of, read_script, text_of_file
from scripts.script_map import mermaid
from scripts.script_publication import ScriptPublisher
from scripts.script_report import PageReport, ScriptReport, reports_between
from scripts.script_versions import publications_of
from scripts.scripts_in_force import texts_in_force


@contextmanager
def script_publisher() -> Iterator[ScriptPublisher]:
    """Publishes scripts of this installation, which must be set up."""
    settings = load_settings()
    database, bus = Database(settings.database), EventBus(settings.redis_url)
    policies = PolicyInForce(database)
    try:
        yield ScriptPublisher(database, SystemClock(), lambda: _around(list(policies.current().names)), bus.publish)
    finally:
        bus.close()
        database.dispose()


def check_scripts(where: Path | None) -> bool:
    """Say what is wrong with the scripts in a file or a folder, else with those in force; False when something must be mended.

    A file is checked together with the scripts in force, a folder as a library of its own.
    """
    in_force = _in_force()
    if where is None:
        texts, problems = in_force, list[Problem]()
    else:
        texts, problems = _read(where)
    around = _around(list(policy_here().names))
    problems += [text.problem(fault) for text in texts for fault in script_faults(text.script, around)]
    names = {text.script.name for text in texts}
    whole = texts if where is None or where.is_dir() else [*(one for one in in_force if one.script.name not in names), *texts]
    problems += library_problems(whole)
    for problem in sorted(problems, key=lambda one: (one.place.rpartition(",")[0], one.line)):
        say(f"  {problem}")
    if not problems:
        say(f"  {', '.join(text.source for text in texts)}: nothing is wrong")
    return not any(problem.serious for problem in problems)


def publish_scripts(where: Path, note: str, by: str) -> None:
    """Put the scripts in a file or a folder in force together. Raises Faults that names what is wrong, with its line."""
    files = yaml_files(where) if where.is_dir() else [where]
    texts = [read_script(text_of_file(file), file.name) for file in files]
    with script_publisher() as publisher:
        numbers = publisher.publish(texts, by, note)
    for name, number in numbers.items():
        say(f"{green('in force')}: script {name} version {number}, for every call that comes.")


def bring_script_back(name: str, number: int, by: str) -> None:
    """Put an earlier version in force again; 0 is the script that Halo ships."""
    with script_publisher() as publisher:
        publisher.roll_back(name, number, by)
    shipped = any(text.script.name == name for text in shipped_texts())
    what = f"script {name} version {number} again" if number else f"the script {name} that Halo ships"
    say(f"{green('in force')}: {what}." if number or shipped else f"The script {name} is not opened any more.")


def show_script(name: str, number: int | None, as_map: bool, language: str) -> None:
    """The text of a script, by default of the version in force; or its map as Mermaid."""
    text = _text(name, number)
    say(mermaid(text.script, language).rstrip("\n") if as_map else text.text)


def show_scripts(name: str | None) -> None:
    """Which scripts are in force; with a name its history, the newest first."""
    if name is None:
        for text in _in_force():
            script = text.script
            opens = "when it fits" if script.opens_when else "when no other does"
            say(f"  {script.name:<16} {', '.join(script.queues) or 'every queue':<24} opens {opens:<20} {text.source}")
        return
    database = Database(load_settings().database)
    try:
        with database.reading() as session:
            rows = publications_of(name).history(session)
    finally:
        database.dispose()
    in_force = next((row.id for row in rows if row.how != How.TRIED), 0)
    for row in rows:
        mark = green(" in force") if row.id == in_force else ""
        number = f"{row.number:>4}" if row.number else "   –"
        say(f"  {number}  {row.at:%Y-%m-%d %H:%M} UTC  {row.how:<12} {row.by}  {row.note}{mark}")
    if not rows:
        _text(name, None)
        say(f"  The script {name} that Halo ships is in force; none was published here.")


def report_scripts(day: date | None, days: int, name: str | None) -> None:
    """What came of the scripts of `days` days of the contact center, of which `day` is the last, by default today."""
    settings = load_settings()
    zone = ZoneInfo(settings.time_zone)
    day = day or SystemClock().now().astimezone(zone).date()
    first = day - timedelta(days=days - 1)
    start, end = (datetime.combine(each, datetime.min.time(), zone) for each in (first, day + timedelta(days=1)))
    database = Database(settings.database)
    try:
        with database.reading() as session:
            reports = reports_between(session, start, end)
    finally:
        database.dispose()
    reports = [report for report in reports if name in (None, report.script)]
    if not reports:
        say(f"  No script was opened on {day}." if days == 1 else f"  No script was opened from {first} to {day}.")
    for report in reports:
        _say_report(report)


def _say_report(report: ScriptReport) -> None:
    version = f"version {report.version}" if report.version else "as shipped"
    opened = f"opened in {report.opened} calls, {report.chosen} of them by hand"
    say(f"{report.script}, {version}: {opened}; {report.finished} came to an end")
    for what, counts in (("came of it", report.outcomes), ("done", report.actions)):
        if counts:
            say(f"  {what}: {_counts(counts)}")
    for page in report.pages:
        say(f"  {page.page:<20} {_of_page(page)}")


def _of_page(page: PageReport) -> str:
    parts = [f"shown {page.shown:>4}"]
    parts.append(f"median {page.median_s:>5.0f} s" if page.median_s is not None else "median     – ")
    parts.append(f"left here {page.left_here:>4}")
    parts += [f"back {page.back}"] if page.back else []
    return "  ".join([*parts, _counts(page.answers)]).rstrip()


def _counts(counts: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts)


def _read(where: Path) -> tuple[list[ScriptText], list[Problem]]:
    """The scripts in a file or folder that have the form of one, and what keeps the others from having it."""
    texts: list[ScriptText] = []
    problems: list[Problem] = []
    for file in yaml_files(where) if where.is_dir() else [where]:
        found = read_form_of(text_of_file(file), file.name)
        if isinstance(found, ScriptText):
            texts.append(found)
        else:
            problems += found
    return texts, problems


def _text(name: str, number: int | None) -> ScriptText:
    if number:
        database = Database(load_settings().database)
        try:
            with database.reading() as session:
                content = publications_of(name).text_of(session, number).content
        finally:
            database.dispose()
        return read_script(content, f"script {name} version {number}")
    texts = list(shipped_texts()) if number == 0 else _in_force()
    found = next((text for text in texts if text.script.name == name), None)
    if found is None:
        raise BadInput(f"There is no script {name}.", f"Use one of: {', '.join(text.script.name for text in texts)}.")
    return found


def _in_force() -> list[ScriptText]:
    """The scripts in force on this machine; the shipped ones where Halo is not set up."""
    try:
        database = Database(load_settings().database)
    except SettingsError:
        return list(shipped_texts())
    try:
        with database.reading() as session:
            return [text for text, _number in texts_in_force(session)]
    finally:
        database.dispose()


def _around(queues: list[str]) -> Surroundings:
    return Surroundings(queues, [reason.value for reason in Reason])
