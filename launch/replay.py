"""`./halo replay`: a recorded day through the same engine, as it was and otherwise, side by side."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from core.clock import SystemClock
from core.database import Database
from core.errors import NotFound
from core.settings import load_settings
from launch.console import say
from launch.roster_csv import read_roster
from routing.policy_file import read_policy_file
from routing.replications import Estimate
from routing.what_if import Change, Measure, WhatIf, load_day, what_if

_MOST_AGENTS_SHOWN = 40
_NAMES = {Measure.SERVICE_LEVEL: "service level", Measure.MEAN_WAIT_S: "mean wait", Measure.ABANDONED_SHARE: "gave up"}


def show_replay(day: date, policy: Path | None, roster: Path | None, days: int) -> None:
    """Say how the day was, how the engine plays it once more, and what another policy or roster would have changed.

    What nobody can know of the callers is drawn anew in each of `days` replications. Raises NotFound for a day without callers.
    """
    settings = load_settings()
    database = Database(settings.database)
    try:
        with database.reading() as session:
            past = load_day(session, day, ZoneInfo(settings.time_zone), SystemClock().now())
    finally:
        database.dispose()
    if not past.day.calls:
        raise NotFound(f"Nobody was served or gave up in a line on {day}.", "Choose a day with calls.")
    other = read_policy_file(policy).policy if policy else None
    agents = read_roster(roster, past.skills, past.sites) if roster else None
    found = what_if(past, days, other, agents)
    say(f"{day}: {len(past.day.calls)} callers, {len(past.day.duty)} agents; played {days} times, ± is a 95 % interval.")
    _say_changes(found, changed=other is not None or agents is not None)


def _say_changes(found: WhatIf, changed: bool) -> None:
    heads = ("recorded", "replayed", *(("otherwise", "difference") if changed else ()))
    say(f"  {'queue':<16}{'':<16}" + "".join(f"{head:>18}" for head in heads))
    for change in found.changes:
        if change.recorded is not None:
            queue = change.queue if change.measure is Measure.SERVICE_LEVEL else ""
            say(f"  {queue:<16}{_NAMES[change.measure]:<16}" + "".join(f"{cell:>18}" for cell in _cells(change)[: len(heads)]))
    if not changed:
        return
    say("  occupancy by agent, replayed → otherwise")
    for agent_id, (before, after) in list(found.occupancy.items())[:_MOST_AGENTS_SHOWN]:
        say(f"  {agent_id:<32}{_share(before):>18}{_share(after):>18}")
    if len(found.occupancy) > _MOST_AGENTS_SHOWN:
        say(f"  and {len(found.occupancy) - _MOST_AGENTS_SHOWN} more agents")


def _cells(change: Change) -> tuple[str, str, str, str]:
    unit = 1.0 if change.measure is Measure.MEAN_WAIT_S else 100.0
    sign = " s" if unit == 1.0 else " %"
    recorded = "–" if change.recorded is None else f"{change.recorded * unit:.1f}{sign}"
    return recorded, _cell(change.replayed, unit, sign), _cell(change.otherwise, unit, sign), _cell(change.gain, unit, sign, "+")


def _cell(found: Estimate | None, unit: float, sign: str, plus: str = "") -> str:
    return "–" if found is None else f"{found.mean * unit:{plus}.1f} ±{found.half_width * unit:.1f}{sign}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
