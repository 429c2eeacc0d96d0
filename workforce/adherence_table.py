"""A day's adherence as a table: a row for each agent, one for each team, one for all."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from routing.agents import AgentRecord
from workforce.adherence import Adherence, Kept, share_in_place, share_worked
from workforce.day_adherence import AgentDay, by_team
from workforce.table_file import write_table

COLUMNS = (
    "date", "agent", "name", "team", "planned_min", *(f"{kept.value}_min" for kept in Kept), "on_queue_min", "unplanned_min",
    "adherence", "conformance",
)  # fmt: skip
ALL = "all"


def write_adherence(file: Path, day: str, days: Sequence[AgentDay], agents: Mapping[str, AgentRecord]) -> None:
    """Agents first; then teams and all, whose column `agent` is empty. Raises BadInput where the file can't be written."""
    write_table(file, COLUMNS, _rows(day, days, agents))


def _rows(day: str, days: Sequence[AgentDay], agents: Mapping[str, AgentRecord]) -> Iterator[tuple[object, ...]]:
    for each in days:
        known = agents.get(each.agent_id)
        yield _row((day, each.agent_id, known.name if known else "", known.team if known else ""), [each.held])
    teams = by_team(days, {agent: record.team for agent, record in agents.items()})
    for team, own in teams.items():
        if team:
            yield _row((day, "", "", team), own)
    yield _row((day, "", ALL, ""), [each.held for each in days])


def _row(names: tuple[str, ...], days: Sequence[Adherence]) -> tuple[object, ...]:
    kept = [sum(day.by_kept[kept] for day in days) for kept in Kept]
    seconds = (sum(kept), *kept, sum(day.on_queue_s for day in days), sum(day.unplanned_s for day in days))
    shares = (share_in_place(days), share_worked(days))
    return (*names, *(round(each / 60, 2) for each in seconds), *("" if each is None else round(each, 4) for each in shares))
