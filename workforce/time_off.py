"""Days off: asked for, taken back, granted or refused; and which published shifts that would leave without anybody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.errors import NotFound
from workforce.ask_errors import AskedAlready, AskMoved, NotTheirShift, ShiftBegun, TimeOffWrong
from workforce.changed_shifts import ChangedBy, note_moved, times_of
from workforce.roster_records import AskState, RosterShift, RosterVersion, TimeOffRequest
from workforce.roster_store import published_shifts
from workforce.roster_swaps import Surroundings, lapse
from workforce.roster_window import RosterWindow, roster_window
from workforce.shift_effect import Effect

MOST_DAYS = 62
FURTHEST = timedelta(days=366)
LONGEST_REASON = 120
_WAITING = (AskState.ASKED, AskState.GRANTED)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A published shift that somebody would have to do without, and what that breaks or leaves short."""

    row: RosterShift
    effect: Effect
    window: RosterWindow


def check_days(first: date, last: date, today: date) -> None:
    """Raises TimeOffWrong."""
    if not today <= first <= last <= today + FURTHEST or (last - first).days >= MOST_DAYS:
        raise TimeOffWrong(f"{first} to {last} can't be asked for.", f"Choose {MOST_DAYS} days at most, from today on.")


def shifts_within(session: Session, here: Surroundings, agent: str, first: date, last: date) -> list[RosterShift]:
    """The agent's published shifts that touch these days: a night that ends on the first of them, too."""
    starts = datetime.combine(first, time(), here.zone)
    rows = published_shifts(session, first - timedelta(days=1), (last - first).days + 2, agent)
    return [row for row in rows if row.ends_at > starts]


def given_up(session: Session, here: Surroundings, agent: str, first: date, last: date) -> list[GivenUp]:
    """What of the published rosters would have to do without this agent; each shift weighed by itself."""
    rows = shifts_within(session, here, agent, first, last)
    found = []
    for version_id in sorted({row.version_id for row in rows}):
        own = [row for row in rows if row.version_id == version_id]
        version = session.get_one(RosterVersion, version_id)
        window = roster_window(session, version, here.policy, here.zone, (agent,), [row.day for row in own])
        effects = window.effects()
        for row in own:
            known = agent in window.problem.by_agent
            effect = effects.without(window.cell(agent, row.day)) if known else Effect((), ())
            found.append(GivenUp(row, effect, window))
    return sorted(found, key=lambda one: one.row.starts_at)


def ask_time_off(session: Session, here: Surroundings, agent: str, first: date, last: date, reason: str) -> TimeOffRequest:
    """Ask a planner for it. Raises TimeOffWrong, ShiftBegun, AskedAlready for days that are asked for or granted already."""
    check_days(first, last, here.now.astimezone(here.zone).date())
    if any(row.starts_at <= here.now for row in shifts_within(session, here, agent, first, last)):
        raise ShiftBegun("A shift of these days has begun.", "Ask your supervisor.")
    twice = select(TimeOffRequest.id).where(
        TimeOffRequest.agent_id == agent, TimeOffRequest.state.in_(_WAITING), TimeOffRequest.first_day <= last,
        TimeOffRequest.last_day >= first,
    )  # fmt: skip
    if session.scalar(twice) is not None:
        raise AskedAlready("Some of these days are asked for, or granted, already.", "Choose others.")
    asked = TimeOffRequest(
        agent_id=agent, first_day=first, last_day=last, state=AskState.ASKED, reason=reason[:LONGEST_REASON], asked_at=here.now
    )  # fmt: skip
    session.add(asked)
    session.flush()
    return asked


def withdraw_time_off(session: Session, request_id: int, agent: str, now: datetime) -> TimeOffRequest:
    """Taken back while it is not decided. Raises NotFound, NotTheirShift, AskMoved."""
    asked = _locked(session, request_id)
    if asked.agent_id != agent:
        raise NotTheirShift("Somebody else asked for it.", "Look at your own.")
    _still_asked(asked)
    asked.state, asked.decided_at = AskState.WITHDRAWN, now
    session.flush()
    return asked


def grant_time_off(
    session: Session, here: Surroundings, request_id: int, by: str, word: str = ""
) -> tuple[TimeOffRequest, list[date]]:
    """The agent is off: published shifts of these days are nobody's any more. Returns the days of those. Raises NotFound, AskMoved,
    ShiftBegun."""
    asked = _locked(session, request_id)
    _still_asked(asked)
    rows = shifts_within(session, here, asked.agent_id, asked.first_day, asked.last_day)
    if any(row.starts_at <= here.now for row in rows):
        raise ShiftBegun("A shift of these days has begun.", "Refuse it, or ask them.")
    given = [row.day for row in rows]
    _take_out(session, asked.agent_id, rows, here.now, by)
    asked.state, asked.decided_at, asked.decided_by, asked.word = AskState.GRANTED, here.now, by, word
    session.flush()
    return asked, given


def refuse_time_off(session: Session, request_id: int, now: datetime, by: str, word: str = "") -> TimeOffRequest:
    """Raises NotFound, AskMoved."""
    asked = _locked(session, request_id)
    _still_asked(asked)
    asked.state, asked.decided_at, asked.decided_by, asked.word = AskState.REFUSED, now, by, word
    session.flush()
    return asked


def time_off_of(session: Session, agent: str, since: date) -> list[TimeOffRequest]:
    """What this agent asked for, of days from `since` on, the newest first."""
    wanted = select(TimeOffRequest).where(TimeOffRequest.agent_id == agent, TimeOffRequest.last_day >= since)
    return list(session.scalars(wanted.order_by(TimeOffRequest.id.desc())))


def _take_out(session: Session, agent: str, rows: Collection[RosterShift], now: datetime, by: str) -> None:
    for version_id in sorted({row.version_id for row in rows}):
        version = session.get_one(RosterVersion, version_id, with_for_update=True, populate_existing=True)
        days = [row.day for row in rows if row.version_id == version_id]
        still = session.scalars(
            select(RosterShift)
            .where(RosterShift.version_id == version_id, RosterShift.agent_id == agent, RosterShift.day.in_(days))
            .options(selectinload(RosterShift.activities))
        )
        before = {}
        for row in still:
            before[agent, row.day] = times_of(row)
            session.delete(row)
        session.flush()
        note_moved(session, version_id, before, ChangedBy.TIME_OFF, now, by)
        lapse(session, version_id, [(agent, day) for day in days])
        version.changed_at = now


def _locked(session: Session, request_id: int) -> TimeOffRequest:
    found = session.get(TimeOffRequest, request_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("There is no such time off.", "Look at the list again.")
    return found


def _still_asked(asked: TimeOffRequest) -> None:
    if asked.state != AskState.ASKED:
        raise AskMoved("It is decided, or taken back, already.", "Look at it again.")
