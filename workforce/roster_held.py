"""Rosters held in memory beside their record, so that a shift that is dragged is looked at at once."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routing.policy import Policy
from workforce.roster_hand import last_change_id
from workforce.roster_records import RosterVersion, WorkContract
from workforce.roster_store import as_roster, problem_of, shifts_of
from workforce.rosters.problem import Cell, RosterProblem
from workforce.rosters.shift_pattern import Placed

_MOST = 4
_FRESH_FOR = timedelta(seconds=60)  # skills, time off that was granted and what was published before may change beside


@dataclass(frozen=True)
class HeldRoster:
    """A roster as it stands, with what it is for."""

    problem: RosterProblem
    roster: Mapping[Cell, Placed]


@dataclass
class RosterMemory:
    """The rosters looked at last. One that was changed since it was read is read again."""

    _known: OrderedDict[int, tuple[object, datetime, HeldRoster]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, session: Session, version: RosterVersion, policy: Policy, zone: tzinfo, now: datetime) -> HeldRoster:
        """This roster as it is in the session."""
        stamp = _stamp(session, version)
        with self._lock:
            known = self._known.get(version.id)
        if known is not None and known[0] == stamp and now - known[1] < _FRESH_FOR:
            return known[2]
        found = read_roster(session, version, policy, zone)
        self._keep(version.id, stamp, now, found)
        return found

    def changed(self, session: Session, version: RosterVersion, held: HeldRoster, now: datetime) -> None:
        """It was changed in this session, which is committed."""
        self._keep(version.id, _stamp(session, version), now, held)

    def _keep(self, version_id: int, stamp: object, now: datetime, held: HeldRoster) -> None:
        with self._lock:
            self._known[version_id] = stamp, now, held
            self._known.move_to_end(version_id)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)


def read_roster(session: Session, version: RosterVersion, policy: Policy, zone: tzinfo) -> HeldRoster:
    """As it is in this session, which may never be committed."""
    problem = problem_of(session, version, policy, zone)
    return HeldRoster(problem, as_roster(shifts_of(session, version.id), problem.patterns, problem.first, zone))


def _stamp(session: Session, version: RosterVersion) -> object:
    contracts = session.execute(select(func.max(WorkContract.changed_at), func.count())).one()
    return version.state, version.changed_at, last_change_id(session, version.id), tuple(contracts)
