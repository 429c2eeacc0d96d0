"""What a trial has shown so far, from what is on record."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.event_archive import events_of_those_with
from core.events import EventKind
from scripts.comparison import Comparison, compare
from scripts.script_trials import ScriptTrial
from scripts.trial_calls import TRIAL_KINDS, trial_calls

_OUTCOMES_WITHIN = timedelta(days=1)  # a call that began before the end of a trial has its outcome later


def trial_report(session: Session, trial: ScriptTrial, now: datetime) -> Comparison:
    """Both versions beside each other, in the calls from the trial's beginning to its end, or to `now`."""
    ended = trial.ended_at or now
    events = events_of_those_with(
        session, trial.began_at, ended + _OUTCOMES_WITHIN, TRIAL_KINDS, EventKind.SCRIPT_OPENED, "script", trial.script
    )
    calls = trial_calls(events, trial.script, (trial.usual, trial.tried), trial.began_at, ended)
    return compare(calls, trial.usual, trial.tried)
