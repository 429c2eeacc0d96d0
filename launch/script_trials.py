"""Trials of call scripts on this installation: begun, looked at, and ended."""

from pathlib import Path

from core.clock import SystemClock
from core.database import Database
from core.errors import BadInput
from core.settings import load_settings
from launch.call_scripts import script_publisher
from launch.console import green, say
from scripts.comparison import LEAST_CALLS, Comparison, Line, Verdict, What
from scripts.script_file import read_script, text_of_file
from scripts.script_trials import ScriptTrial, running_trials, trials_of
from scripts.trial_report import trial_report

_VERDICTS = {Verdict.TOO_FEW: "too few calls", Verdict.UNCLEAR: "not to be told", Verdict.MORE: "more", Verdict.LESS: "less"}
_NAMES = {What.FINISHED: "an end reached", What.OFFER: "offer accepted", What.TIME: "mean time"}


def try_script(file: Path, percent: int, note: str, by: str) -> None:
    """Put the script in a file on a share of the calls. Raises Faults, TrialUnderWay, BadInput."""
    if file.is_dir():
        raise BadInput("One script at a time can be tried.", "Give its file.")
    text = read_script(text_of_file(file), file.name)
    with script_publisher() as publisher:
        number = publisher.begin_trial(text, percent, by, note)
    say(f"{green('tried')}: script {text.script.name} version {number}, on {percent} of 100 calls that come.")


def choose_version(name: str, number: int, by: str) -> None:
    """End the trial of a script with one of the two versions. Raises NotFound, BadInput, Faults."""
    with script_publisher() as publisher:
        publisher.end_trial(name, number, by)
    say(f"{green('in force')}: script {name} version {number}, for every call that comes.")


def show_trials(name: str | None) -> None:
    """The trials that run, or all of one script, each with what it shows."""
    database, now = Database(load_settings().database), SystemClock().now()
    try:
        with database.reading() as session:
            trials = trials_of(session, name) if name else running_trials(session)
            found = [(trial, trial_report(session, trial, now)) for trial in trials]
    finally:
        database.dispose()
    if not found:
        say(f"  No version of the script {name} was ever tried." if name else "  No script is tried now.")
    for trial, comparison in found:
        _say_trial(trial, comparison)


def _say_trial(trial: ScriptTrial, comparison: Comparison) -> None:
    until = f"until {trial.ended_at:%Y-%m-%d %H:%M} UTC, taken: version {trial.chosen}" if trial.ended_at else "runs"
    say(f"{trial.script}: version {trial.tried} on {trial.percent} of 100 calls, {trial.usual} on the others")
    say(f"  since {trial.began_at:%Y-%m-%d %H:%M} UTC, {until}")
    for arm in (comparison.usual, comparison.tried):
        say(f"  version {arm.number}: {arm.calls} calls, {arm.over} over")
    if not comparison.enough:
        say(f"  Too few calls to tell: at least {LEAST_CALLS} of each must be over.")
    for line in comparison.lines:
        label = _NAMES.get(line.what, f"{line.what.value} {line.name}")
        needed = f"; were it so, {line.needed} calls of each would tell" if line.needed else ""
        values = f"{_value(line, line.usual):>8} {_value(line, line.tried):>8}"
        say(f"  {label:<32} {values}   {_gain(line):<32} {_VERDICTS[line.verdict]}{needed}")


def _value(line: Line, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f} s" if line.what is What.TIME else f"{100 * value:.1f} %"


def _gain(line: Line) -> str:
    if line.gain is None:
        return ""
    size, unit = (1.0, "s") if line.what is What.TIME else (100.0, "points")
    return f"{size * line.gain.value:+.1f} ({size * line.gain.low:+.1f} to {size * line.gain.high:+.1f}) {unit}"
