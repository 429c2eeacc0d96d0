"""What came of scripts, computed from the log: how often each page was read and for how long, what was answered, where it ended."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from sqlalchemy.orm import Session

from core.event_archive import events_between
from core.events import Event, EventKind

READ_KINDS = (
    EventKind.INTERACTION_ANSWERED, EventKind.SCRIPT_OPENED, EventKind.SCRIPT_STEP_TAKEN, EventKind.SCRIPT_ACTION_DONE,
    EventKind.SCRIPT_ENDED,
)  # fmt: skip
_BACK = "back"


@dataclass(frozen=True, slots=True)
class PageReport:
    """One page: how often it was open, the median time until it was answered (None: it never was), the answers with their
    counts, how often somebody went back from it, and how many calls were left there."""

    page: str
    shown: int
    median_s: float | None
    answers: tuple[tuple[str, int], ...]
    back: int
    left_here: int


@dataclass(frozen=True, slots=True)
class ScriptReport:
    """One version of a script. `opened` counts calls, `chosen` those in which an agent opened it by hand; `finished` reached an
    end of it; `outcomes` are dispositions and `actions` what was done, with their counts."""

    script: str
    version: int
    opened: int
    chosen: int
    finished: int
    outcomes: tuple[tuple[str, int], ...]
    actions: tuple[tuple[str, int], ...]
    pages: tuple[PageReport, ...]


@dataclass
class _Page:
    shown: int = 0
    times_s: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    left_here: int = 0


@dataclass
class _Script:
    opened: set[str] = field(default_factory=set)
    chosen: set[str] = field(default_factory=set)
    finished: set[str] = field(default_factory=set)
    outcomes: dict[tuple[str, str], str] = field(default_factory=dict)
    actions: Counter[str] = field(default_factory=Counter)
    pages: defaultdict[str, _Page] = field(default_factory=lambda: defaultdict(_Page))


def reports_between(session: Session, start: datetime, end: datetime) -> list[ScriptReport]:
    """What is on record of [start, end), aware UTC: what the page and the command tell."""
    return script_reports(events_between(session, start, end, READ_KINDS))


def script_reports(events: Iterable[Event]) -> list[ScriptReport]:
    """A report for each version of each script, the most opened first. Events of `READ_KINDS`, in any order; one that is there
    twice counts once."""
    calls: defaultdict[str, dict[str, Event]] = defaultdict(dict)
    for event in events:
        if event.interaction_id and event.kind in READ_KINDS:
            calls[event.interaction_id].setdefault(event.key, event)
    found: defaultdict[tuple[str, int], _Script] = defaultdict(_Script)
    for told in calls.values():
        _count(found, sorted(told.values(), key=lambda event: event.at))
    reports = [_report(script, version, counted) for (script, version), counted in found.items()]
    return sorted(reports, key=lambda one: (-one.opened, one.script, -one.version))


def _count(found: defaultdict[tuple[str, int], _Script], events: Sequence[Event]) -> None:
    """One call. The time of a page runs from when it was open and somebody spoke: from the answer, or the step before."""
    since, last = None, None
    for event in events:
        if event.kind is EventKind.INTERACTION_ANSWERED:
            since = event.at
            continue
        key = (str(event.data["script"]), int(event.data["version"]))
        counted, page = found[key], str(event.data["page"])
        match event.kind:
            case EventKind.SCRIPT_OPENED:
                counted.opened.add(event.interaction_id)
                if event.data["how"] == "chosen":
                    counted.chosen.add(event.interaction_id)
                counted.pages[page].shown += 1
                last = (key, page)
                since = event.at if since is not None else None
            case EventKind.SCRIPT_STEP_TAKEN:
                answer, to = str(event.data["answer"]), str(event.data["to"])
                counted.pages[page].answers[answer] += 1
                if since is not None and answer != _BACK:
                    counted.pages[page].times_s.append((event.at - since).total_seconds())
                counted.pages[to].shown += 1
                since, last = event.at, (key, to)
            case EventKind.SCRIPT_ACTION_DONE:
                counted.actions[str(event.data["does"])] += 1
            case EventKind.SCRIPT_ENDED:
                counted.outcomes[event.interaction_id, event.agent_id] = str(event.data["outcome"])
                if event.data["finished"]:
                    counted.finished.add(event.interaction_id)
    if last is not None:
        found[last[0]].pages[last[1]].left_here += 1


def _report(script: str, version: int, counted: _Script) -> ScriptReport:
    pages = [
        PageReport(
            name, page.shown, median(page.times_s) if page.times_s else None,
            tuple(one for one in _most_first(page.answers) if one[0] != _BACK), page.answers[_BACK], page.left_here,
        )
        for name, page in counted.pages.items()
    ]  # fmt: skip
    return ScriptReport(
        script, version, len(counted.opened), len(counted.chosen), len(counted.finished),
        _most_first(Counter(counted.outcomes.values())), _most_first(counted.actions),
        tuple(sorted(pages, key=lambda page: (-page.shown, page.page))),
    )  # fmt: skip


def _most_first(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
