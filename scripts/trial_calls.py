"""The calls of a trial, each as it went: which of the two versions it got, what came of it, how long it took. From the log."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.events import Event, EventKind
from scripts.script_report import READ_KINDS

TRIAL_KINDS = (*READ_KINDS, EventKind.OFFER_ANSWERED)
_ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class TrialCall:
    """One call. `outcome` is the disposition that was said last, "" while it goes on; `finished`: an end of the script was reached;
    `left_on` is the page on which the script stood last. `time_s` runs from when the page was open and they talked to the last
    answer; None when nothing was answered."""

    version: int
    outcome: str
    finished: bool
    accepted: bool
    left_on: str
    time_s: float | None

    @property
    def is_over(self) -> bool:
        """Whether somebody has said what came of it."""
        return bool(self.outcome)


def trial_calls(events: Iterable[Event], script: str, versions: Sequence[int], began: datetime, ended: datetime) -> list[TrialCall]:
    """The calls in which this script was opened first in [began, ended), in one of these versions. Events of TRIAL_KINDS, in any
    order; one that is there twice counts once.

    A call belongs to the version that it got, whatever script an agent went on with: so chance alone makes the two groups.
    """
    calls: defaultdict[str, dict[str, Event]] = defaultdict(dict)
    for event in events:
        if event.interaction_id and event.kind in TRIAL_KINDS:
            calls[event.interaction_id].setdefault(event.key, event)
    found = (_call(sorted(told.values(), key=lambda event: event.at), script, began, ended) for told in calls.values())
    return [call for call in found if call is not None and call.version in versions]


def _call(events: Sequence[Event], script: str, began: datetime, ended: datetime) -> TrialCall | None:
    opened = next((event for event in events if event.kind is EventKind.SCRIPT_OPENED and event.data["script"] == script), None)
    if opened is None or not began <= opened.at < ended:
        return None
    version, since, last = int(opened.data["version"]), None, None
    page, outcome, finished, accepted = str(opened.data["page"]), "", False, False
    for event in events:
        own = event.data.get("script") == script and event.data.get("version") == version
        match event.kind:
            case EventKind.INTERACTION_ANSWERED:
                since = since or event.at
            case EventKind.SCRIPT_STEP_TAKEN if own:
                page, last = str(event.data["to"]), event.at
            case EventKind.SCRIPT_ENDED:
                outcome, finished = str(event.data["outcome"]), finished or (own and bool(event.data["finished"]))
            case EventKind.OFFER_ANSWERED:
                accepted = event.data["answer"] == _ACCEPTED
    begins = max(since, opened.at) if since is not None else opened.at
    time_s = (last - begins).total_seconds() if last is not None and last >= begins else None
    return TrialCall(version, outcome, finished, accepted, page, time_s)
