"""Rosters changed by hand: cell by cell, in one step, on record, and undone. Two planners do not overwrite each other."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.errors import BadInput, HaloError
from workforce.roster_check.change import Judged, judge
from workforce.roster_check.check import Change
from workforce.roster_check.words import words
from workforce.roster_records import RosterActivity, RosterChange, RosterShift, RosterState, RosterVersion
from workforce.roster_store import shift_row
from workforce.rosters.problem import Cell, Roster, RosterProblem
from workforce.rosters.shift_pattern import Placed, Shift, ShiftPattern, placed_first

Key = tuple[str, int]
"""A shift as a page names it: its pattern, and the minute of the day at which it begins."""


class ChangeKind(StrEnum):
    """What was done to a roster."""

    CHANGED = "changed"
    UNDONE = "undone"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    UPDATED = "updated"
    TOOK_BACK = "took_back"


class RosterMoved(HaloError):
    """A cell is not any more what the page shows."""

    code = "roster_moved"


class BreaksHardRules(HaloError):
    """The change breaks rules that must not be broken; `judged` says which."""

    code = "roster_breaks_rules"

    def __init__(self, judged: Judged) -> None:
        super().__init__(f"The change breaks {len(judged.hard)} rules that must not be broken.", "Choose another shift.")
        self.judged = judged


class NothingToUndo(HaloError):
    """No change by hand is left that could be undone."""

    code = "nothing_to_undo"


def shift_of(patterns: Sequence[ShiftPattern], key: Key | None) -> Placed | None:
    """The shift of this key with each break at its first place; None for a day off. Raises BadInput for one that there is not."""
    if key is None:
        return None
    pattern = next((one for one in patterns if one.name == key[0] and key[1] in one.starts), None)
    if pattern is None:
        raise BadInput(f"No shift {key[0]} begins at minute {key[1]}.", "Choose one of the rules.")
    return placed_first(Shift(pattern, key[1]))


def key_of(placed: Placed | None) -> Key | None:
    """What names it."""
    return placed.shift.key if placed is not None else None


def change_of(problem: RosterProblem, roster: Roster, wanted: Mapping[Cell, Key | None]) -> dict[Cell, Placed | None]:
    """The change that a page asks for; a shift that only goes to another cell keeps its breaks. Raises BadInput for an agent
    without a contract, a day that the roster has not, and a shift that there is not."""
    moved = {key_of(roster.get(cell)): roster.get(cell) for cell in wanted}
    found: dict[Cell, Placed | None] = {}
    for (agent, day), key in wanted.items():
        if agent not in problem.by_agent or not 0 <= day < problem.days:
            raise BadInput(f"{agent} has no contract, or the roster no such day.", "Load the page again.")
        found[agent, day] = moved.get(key) or shift_of(problem.patterns, key)
    return found


def change_cells(
    session: Session, version: RosterVersion, problem: RosterProblem, roster: Roster, wanted: Mapping[Cell, Key | None],
    seen: Mapping[Cell, Key | None], anyway: bool, zone: tzinfo, now: datetime, by: str,
) -> tuple[RosterChange, Judged]:  # fmt: skip
    """Do it. `roster` is the roster as it stands in this session, whose version is locked; `seen`: what the page shows in these
    cells. Raises RosterMoved where one of them is another by now, and BreaksHardRules unless `anyway`, which is kept on record."""
    _may_be_changed(version)
    if any(key_of(roster.get(cell)) != seen.get(cell) for cell in wanted):
        raise RosterMoved("Somebody changed one of these cells.", "Look at what it is now.")
    change = change_of(problem, roster, wanted)
    judged = judge(problem, roster, change)
    if judged.hard and not anyway:
        raise BreaksHardRules(judged)
    broken = [words(problem, each) for each in judged.hard]
    version.cost = (version.cost or 0.0) + judged.points
    return _write(session, version, problem, roster, change, ChangeKind.CHANGED, broken, zone, now, by), judged


def undo_last(
    session: Session, version: RosterVersion, problem: RosterProblem, roster: Roster, zone: tzinfo, now: datetime, by: str
) -> tuple[RosterChange, Change]:  # fmt: skip
    """Undo this person's last change that is not undone; returns also what that changes. Raises NothingToUndo, and RosterMoved
    where somebody changed its cells since."""
    _may_be_changed(version)
    last = session.scalar(
        select(RosterChange)
        .where(
            RosterChange.version_id == version.id, RosterChange.by == by, RosterChange.kind == ChangeKind.CHANGED,
            RosterChange.undone.is_(False),
        )
        .order_by(RosterChange.id.desc())
        .limit(1)
    )  # fmt: skip
    if last is None:
        raise NothingToUndo("Nothing is left that could be undone.", "Load the page again.")
    back: dict[Cell, Placed | None] = {}
    for agent, day, before, after in last.cells:
        if agent not in problem.by_agent:
            raise BadInput(f"{agent} has no contract any more.", "Write the contract first.")
        if cell_of(roster.get((agent, day))) != after:
            raise RosterMoved("Somebody changed one of these cells since.", "Look at what it is now.")
        back[agent, day] = _placed(problem.patterns, before)
    version.cost = (version.cost or 0.0) + judge(problem, roster, back).points
    last.undone = True
    return _write(session, version, problem, roster, back, ChangeKind.UNDONE, [], zone, now, by), back


def note_change(
    session: Session, version: RosterVersion, kind: ChangeKind, now: datetime, by: str, broken: Sequence[str] = ()
) -> None:
    """Put on record that the whole roster was published or withdrawn; `broken`: hard rules that it breaks all the same."""
    session.add(RosterChange(version_id=version.id, kind=kind, at=now, by=by[:80], cells=[], broken=list(broken)))


def note_cells(
    session: Session, version: RosterVersion, kind: ChangeKind, cells: Sequence[Any], now: datetime, by: str
) -> None:  # fmt: skip
    """Put on record which cells got what is in force (UPDATED), or of which that was given up (TOOK_BACK)."""
    session.add(RosterChange(version_id=version.id, kind=kind, at=now, by=by[:80], cells=list(cells), broken=[]))


def changes_of(session: Session, version_id: int, most: int = 30) -> list[RosterChange]:
    """What was done to it, the newest first."""
    asked = select(RosterChange).where(RosterChange.version_id == version_id).order_by(RosterChange.id.desc()).limit(most)
    return list(session.scalars(asked))


def last_change_id(session: Session, version_id: int) -> int:
    """0 where nothing was done to it."""
    return session.scalar(select(func.max(RosterChange.id)).where(RosterChange.version_id == version_id)) or 0


def cell_of(placed: Placed | None) -> list[Any] | None:
    """As it is kept: [pattern, start, breaks]."""
    return None if placed is None else [placed.shift.pattern.name, placed.shift.start, list(placed.breaks)]


def _may_be_changed(version: RosterVersion) -> None:
    if version.state != RosterState.DRAFT:
        raise BadInput(f"Roster {version.id} is {version.state}.", "Make a draft of it, and change that.")


def _write(
    session: Session, version: RosterVersion, problem: RosterProblem, roster: Roster, change: Change, kind: ChangeKind,
    broken: list[str], zone: tzinfo, now: datetime, by: str,
) -> RosterChange:  # fmt: skip
    for (agent, day), placed in change.items():
        own = select(RosterShift.id).where(
            RosterShift.version_id == version.id, RosterShift.agent_id == agent,
            RosterShift.day == version.first_day + timedelta(days=day),
        )  # fmt: skip
        for shift_id in session.scalars(own).all():
            session.execute(delete(RosterActivity).where(RosterActivity.shift_id == shift_id))
            session.execute(delete(RosterShift).where(RosterShift.id == shift_id))
        if placed is not None:
            session.add(shift_row(version, agent, day, placed, problem, zone))
    cells = [[agent, day, cell_of(roster.get((agent, day))), cell_of(placed)] for (agent, day), placed in change.items()]
    done = RosterChange(version_id=version.id, kind=kind, at=now, by=by[:80], cells=cells, broken=broken)
    session.add(done)
    version.changed_at = now
    session.flush()
    return done


def _placed(patterns: Sequence[ShiftPattern], cell: list[Any] | None) -> Placed | None:
    if cell is None:
        return None
    found = shift_of(patterns, (cell[0], cell[1]))
    assert found is not None
    return Placed(found.shift, tuple(cell[2]))
