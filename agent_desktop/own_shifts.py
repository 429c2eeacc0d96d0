"""What an agent's page of shifts shows: four weeks, what waits for them, what they asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from agent_desktop.days import today_here, zone_here
from agent_desktop.services import services
from core.errors import HaloError
from routing.agents import name_of_agent
from workforce.own_calendar import address_made_at
from workforce.roster_records import OPEN_STATES, AskState, RosterShift, ShiftSwap, TimeOffRequest
from workforce.roster_store import published_days, published_shifts, rules_in_force
from workforce.roster_swaps import Surroundings, own_shift
from workforce.shift_outlook import Outlook, outlook
from workforce.swap_fit import Fit, asked_of, offers_for, swaps_of
from workforce.time_off import time_off_of

WEEKS = 4
_LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day. `time_off`: "" or where a request for it stands; `ask`: the open offer or swap of its shift."""

    day: date
    row: RosterShift | None
    time_off: str
    ask: ShiftSwap | None
    published: bool


@dataclass(frozen=True, slots=True)
class SwapLine:
    """An offer or a swap as its people see it. `mine` and `theirs` are the shifts that change hands, None where they are no more;
    `at_once`: done as soon as both agree; `open_still`: somebody can act on it."""

    asked: ShiftSwap
    who: str
    mine: RosterShift | None
    theirs: RosterShift | None
    open_still: bool
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class OwnShifts:
    """All that the page shows. `outlook` is what is now and next; `calendar_made_at` None: no calendar is subscribed to."""

    weeks: list[list[DayCell]]
    outlook: Outlook
    now: datetime
    offers: list[SwapLine]
    waiting: list[SwapLine]
    own: list[SwapLine]
    time_off: list[TimeOffRequest]
    calendar_made_at: datetime | None

    @property
    def any_published(self) -> bool:
        """Whether there is a roster at all in these weeks."""
        return any(cell.row is not None for week in self.weeks for cell in week)


def surroundings_here() -> Surroundings:
    """What the rules of shifts need to know."""
    here = services()
    return Surroundings(here.policy(), zone_here(), here.clock.now())


def gather_shifts(agent_id: str) -> OwnShifts:
    """Of this agent, as it is now."""
    around, today = surroundings_here(), today_here()
    first = today - timedelta(days=today.weekday())
    with services().database.reading() as session:
        rows = published_shifts(session, first - timedelta(days=1), WEEKS * 7 + 1, agent_id)
        swaps = swaps_of(session, agent_id, today - _LATELY)
        time_off = time_off_of(session, agent_id, today - _LATELY)
        at_once = rules_in_force(session).rules.swaps.at_once
        return OwnShifts(
            _weeks(first, agent_id, rows, published_days(session, first, WEEKS * 7), swaps, time_off),
            outlook(rows, around.now),
            around.now,
            [_offer_line(session, asked, fit, at_once) for asked, fit in offers_for(session, around, agent_id)],
            [
                line
                for asked in asked_of(session, agent_id)
                if (line := _line(session, around, asked, agent_id, at_once)).open_still
            ],
            [_line(session, around, asked, agent_id, at_once) for asked in swaps],
            time_off,
            address_made_at(session, agent_id),
        )


def _weeks(
    first: date, agent_id: str, rows: list[RosterShift], published: Collection[date], swaps: list[ShiftSwap],
    time_off: list[TimeOffRequest],
) -> list[list[DayCell]]:  # fmt: skip
    by_day = {row.day: row for row in rows}
    asks = {one.day: one for one in swaps if one.agent_id == agent_id and one.state in OPEN_STATES}
    off: dict[date, str] = {}
    for one in time_off:
        if one.state in (AskState.ASKED, AskState.GRANTED):
            for number in range((one.last_day - one.first_day).days + 1):
                off[one.first_day + timedelta(days=number)] = one.state
    days = [first + timedelta(days=number) for number in range(WEEKS * 7)]
    cells = [DayCell(day, by_day.get(day), off.get(day, ""), asks.get(day), day in published) for day in days]
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def _offer_line(session: Session, asked: ShiftSwap, fit: Fit, at_once: bool) -> SwapLine:
    return SwapLine(asked, name_of_agent(session, asked.agent_id), None, fit.row, True, at_once and fit.effect.harmless)


def _line(session: Session, around: Surroundings, asked: ShiftSwap, agent_id: str, at_once: bool) -> SwapLine:
    """Seen by this agent: `mine` is what they give, `theirs` what they get. A swap that was done has its shifts with the other."""
    done = asked.state == AskState.GRANTED
    asker = asked.agent_id == agent_id
    given, taken = (asked.agent_id, asked.day), (asked.other_agent_id, asked.other_day)
    if done:
        given, taken = (asked.other_agent_id, asked.day), (asked.agent_id, asked.other_day)
    first, second = _shift(session, *given), _shift(session, *taken)
    standing = all(_stands(session, around, asked, *one) for one in (given, taken) if one[1] is not None)
    other = asked.other_agent_id if asker else asked.agent_id
    mine, theirs = (first, second) if asker else (second, first)
    return SwapLine(asked, name_of_agent(session, other), mine, theirs, asked.state in OPEN_STATES and standing, at_once)


def _shift(session: Session, agent: str, day: date | None) -> RosterShift | None:
    if day is None or not agent:
        return None
    found = published_shifts(session, day, 1, agent)
    return found[0] if found else None


def _stands(session: Session, around: Surroundings, asked: ShiftSwap, agent: str, day: date | None) -> bool:
    try:
        return day is not None and own_shift(session, agent, day, around.now).version_id == asked.version_id
    except HaloError:
        return False
