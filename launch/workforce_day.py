"""`./halo workforce adherence` and `what-if`, said and written."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.errors import BadInput, NotFound
from launch.console import say
from launch.workforce_plans import opened_sources
from routing.agents import AgentRecord
from routing.replications import Estimate
from routing.what_if import Measure
from workforce.adherence import IN_PLACE, Adherence, Kept, share_in_place, share_worked
from workforce.adherence_table import write_adherence
from workforce.day_adherence import AgentDay, by_team, load_day
from workforce.day_now import staffed_day, what_if_rest
from workforce.day_what_if import OtherDay, Played, RestOfDay, group_of
from workforce.table_file import write_table

_MEASURES = {
    Measure.SERVICE_LEVEL: ("in time", True), Measure.MEAN_WAIT_S: ("mean wait", False), Measure.ABANDONED_SHARE: ("gave up", True)
}  # fmt: skip
_WHAT_IF_COLUMNS = ("queue", "measure", "planned", "planned_low", "planned_high", "otherwise", "otherwise_low", "otherwise_high",
                    "change", "change_low", "change_high")  # fmt: skip


def show_adherence(day: date | None, agent: str, team: str, out: Path | None) -> None:
    """Say each agent's day, the teams and all; of one agent every stretch out of place. Raises NotFound where nothing was planned
    and nobody was there."""
    with opened_sources() as sources:
        now = sources.clock.now()
        chosen = day or now.astimezone(sources.zone).date()
        with sources.database.reading() as session:
            agents = {record.id: record for record in session.scalars(select(AgentRecord))}
            days = load_day(session, chosen, sources.zone, now, agent)
        if team:
            days = [each for each in days if each.agent_id in agents and agents[each.agent_id].team == team]
        if not days:
            raise NotFound(f"Nobody was rostered or logged in on {chosen}.", "Choose another day.")
        for each in days:
            known = agents.get(each.agent_id)
            say(f"  {each.agent_id} {known.name if known else '':<22}{_line([each.held])}")
            if agent:
                _say_stretches(each, sources.zone)
        for name, own in by_team(days, {key: record.team for key, record in agents.items()}).items():
            if name:
                say(f"  team {name:<22}{_line(own)}")
        if len(days) > 1:
            say(f"  all  {'':<22}{_line([each.held for each in days])}")
        if out:
            write_adherence(out, chosen.isoformat(), days, agents)
            say(f"written: {out}")


def show_what_if(
    day: date | None, at: str | None, ill: Mapping[str, int], groups: Mapping[str, int], times: tuple[float, float],
    out: Path | None,
) -> None:  # fmt: skip
    """Say each queue's rest of the day, as planned and otherwise, with 95 % intervals. `groups`: counts by queues joined with "+".
    Raises BadInput, also for a queue that is not there."""
    with opened_sources() as sources:
        now = sources.clock.now()
        chosen = day or now.astimezone(sources.zone).date()
        alone = {group_of(name.split("+")): count for name, count in groups.items()}
        for queue in {*ill, *(queue for name in alone for queue in name.split("+"))}:
            sources.policy.queue(queue)
        staffed = staffed_day(sources, chosen, now)
        other = OtherDay(_moment(at, chosen, sources.zone, max(now, staffed.plan.start)), ill, *times, alone)
        found = what_if_rest(staffed, other, _tell_played)
        say(f"  from {other.at.astimezone(sources.zone):%Y-%m-%d %H:%M} on, {found.runs} days each way, 95 % intervals")
        for queue, measures in found.measures.items():
            say(f"  {queue}")
            lines = [(*_MEASURES[measure], one) for measure, one in measures.items()] + [("left", True, found.left[queue])]
            for name, share, one in lines:
                planned, otherwise = _shown(one.planned, share), _shown(one.otherwise, share)
                say(f"    {name:<10}{planned:<26}{otherwise:<26}{_shown(one.gain, share, change=True)}")
        if out:
            write_table(out, _WHAT_IF_COLUMNS, _rows(found))
            say(f"written: {out}")


def _tell_played(done: int, of: int) -> None:
    if done % max(1, of // 4) == 0 and done < of:
        say(f"  played {done} of {of} days")


def _line(days: list[Adherence]) -> str:
    out = {kept: sum(day.by_kept[kept] for day in days) for kept in Kept if kept not in IN_PLACE}
    told = ", ".join(f"{kept.value.replace('_', ' ')} {seconds / 60:.0f} min" for kept, seconds in out.items() if seconds >= 30)
    unplanned_s = sum(day.unplanned_s for day in days)
    told += f"{', ' if told else ''}{unplanned_s / 60:.0f} min on queue beside the roster" if unplanned_s >= 30 else ""
    return f"adherence {_share(share_in_place(days))}  conformance {_share(share_worked(days))}  {told}"


def _share(share: float | None) -> str:
    return "    –" if share is None else f"{share:6.1%}"


def _say_stretches(each: AgentDay, zone: ZoneInfo) -> None:
    for piece in each.held.pieces:
        if piece.kept is not Kept.ADHERENT:
            start, end = (moment.astimezone(zone) for moment in (piece.start, piece.end))
            say(f"    {start:%H:%M:%S}-{end:%H:%M:%S}  {piece.kept.value.replace('_', ' '):<12} of {piece.activity}")
    for excuse in each.excuses:
        start, end = (moment.astimezone(zone) for moment in (excuse.starts_at, excuse.ends_at))
        say(f"    {start:%H:%M}-{end:%H:%M}  excused by {excuse.by}: {excuse.reason}")


def _moment(at: str | None, day: date, zone: ZoneInfo, otherwise: datetime) -> datetime:
    if at is None:
        return otherwise
    try:
        return datetime.combine(day, time.fromisoformat(at), zone)
    except ValueError:
        raise BadInput(f"{at!r} is no time of the day.", "Write it like 13:00.") from None


def _shown(found: Estimate | None, share: bool, change: bool = False) -> str:
    """With its interval, which lies within what can be; a change may be below 0."""
    if found is None:
        return "–"
    low = found.low if change else max(0.0, found.low)
    high = min(1.0, found.high) if share and not change else found.high
    return f"{found.mean:.1%} ({low:.1%} to {high:.1%})" if share else f"{found.mean:.0f} s ({low:.0f} to {high:.0f})"


def _rows(found: RestOfDay) -> Iterator[tuple[object, ...]]:
    for queue, measures in found.measures.items():
        for measure, one in measures.items():
            yield (queue, measure.value, *_numbers(one))
        yield (queue, "in_line_share", *_numbers(found.left[queue]))


def _numbers(one: Played) -> list[object]:
    found: list[object] = []
    for each in (one.planned, one.otherwise, one.gain):
        found += ["", "", ""] if each is None else [round(value, 4) for value in (each.mean, each.low, each.high)]
    return found
