"""Shifts that change hands: offered to everybody, or swapped with one colleague; taken, accepted, and decided."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core.errors import NotFound
from routing.policy import Policy
from workforce.ask_errors import (
    AskedAlready,
    AskMoved,
    BothWork,
    NoContract,
    NotTheirShift,
    RulesBroken,
    ShiftBegun,
    ShiftHasTraining,
    ShiftMoved,
)
from workforce.changed_shifts import ChangedBy, cell_times, note_moved
from workforce.roster_records import OPEN_STATES, AskState, RosterShift, RosterVersion, ShiftSwap
from workforce.roster_store import published_shifts, rules_in_force
from workforce.roster_window import RosterWindow, roster_window
from workforce.shift_effect import Effect, ShiftEffects, moving


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every step needs to know: the policy, the time zone of the rosters, and the time."""

    policy: Policy
    zone: tzinfo
    now: datetime


def own_shift(session: Session, agent: str, day: date, now: datetime) -> RosterShift:
    """The agent's published shift of that day, which has not begun. Raises ShiftMoved, ShiftBegun."""
    found = published_shifts(session, day, 1, agent)
    if not found:
        raise ShiftMoved(f"There is no published shift on {day}.", "Look at the shifts again.")
    return _movable(found[0], now)


def offer_shift(session: Session, here: Surroundings, agent: str, day: date) -> ShiftSwap:
    """Offer it to everybody who may take it. Raises what own_shift raises, AskedAlready, NoContract, ShiftHasTraining."""
    version = _locked_version(session, own_shift(session, agent, day, here.now).version_id)
    if own_shift(session, agent, day, here.now).version_id != version.id:
        raise ShiftMoved(f"A newer roster counts on {day}.", "Look at the shifts again.")
    _not_asked_yet(session, version.id, (agent, day))
    window = _window(session, here, version, (agent,), (day,))
    if agent not in window.problem.by_agent:
        raise NoContract(f"{agent} has no contract.", "Ask a planner.")
    _without_training(window, agent, day)
    return _put(session, version, (agent, day), "", None, here.now)


def ask_swap(session: Session, here: Surroundings, mine: tuple[str, date], theirs: tuple[str, date]) -> ShiftSwap:
    """Ask a colleague to swap. Raises what own_shift and effect_of raise, AskedAlready, RulesBroken."""
    version = _locked_version(session, own_shift(session, *mine, here.now).version_id)
    for shift in (mine, theirs):
        if own_shift(session, *shift, here.now).version_id != version.id:
            raise ShiftMoved("The two shifts are of two rosters.", "Choose days of one roster.")
    _not_asked_yet(session, version.id, mine)
    asked = ShiftSwap(
        version_id=version.id, agent_id=mine[0], day=mine[1], other_agent_id=theirs[0], other_day=theirs[1]
    )  # fmt: skip
    effect_of(session, here, version, asked, theirs[0])
    return _put(session, version, mine, *theirs, here.now)


def take_offer(session: Session, here: Surroundings, swap_id: int, agent: str) -> ShiftSwap:
    """Take an offered shift: done at once where the rules allow it and say so, else a planner decides. Of several who do so, one
    has it. Raises AskMoved, NotTheirShift, and what own_shift and effect_of raise."""
    version, asked = _locked(session, swap_id)
    if not asked.is_offer or agent == asked.agent_id:
        raise NotTheirShift("This shift is not offered to them.", "Look at the offers again.")
    if asked.state != AskState.ASKED:
        raise AskMoved("Somebody else has it, or it is offered no more.", "Look at the offers again.")
    return _agree(session, here, version, asked, agent)


def accept_swap(session: Session, here: Surroundings, swap_id: int, agent: str) -> ShiftSwap:
    """The colleague agrees; see take_offer."""
    version, asked = _of_colleague(session, swap_id, agent)
    return _agree(session, here, version, asked, agent)


def decline_swap(session: Session, swap_id: int, agent: str, now: datetime) -> ShiftSwap:
    """The colleague does not want to. Raises AskMoved, NotTheirShift."""
    _version, asked = _of_colleague(session, swap_id, agent)
    asked.state, asked.answered_at = AskState.DECLINED, now
    session.flush()
    return asked


def withdraw_swap(session: Session, swap_id: int, agent: str, now: datetime) -> ShiftSwap:
    """Whoever asked takes it back while nothing is decided. Raises AskMoved, NotTheirShift."""
    _version, asked = _locked(session, swap_id)
    if asked.agent_id != agent:
        raise NotTheirShift("Somebody else asked for it.", "Look at your own.")
    if asked.state not in OPEN_STATES:
        raise AskMoved("It is decided already.", "Look at it again.")
    asked.state, asked.decided_at = AskState.WITHDRAWN, now
    session.flush()
    return asked


def grant_swap(session: Session, here: Surroundings, swap_id: int, by: str, word: str = "") -> ShiftSwap:
    """A planner agrees: it is done in the roster itself, also where it leaves somebody short. Raises NotFound, AskMoved and
    what effect_of raises."""
    version, asked = _to_be_decided(session, swap_id)
    effect_of(session, here, version, asked, asked.other_agent_id)
    return _done(session, version, asked, here.now, by, word)


def refuse_swap(session: Session, swap_id: int, now: datetime, by: str, word: str = "") -> ShiftSwap:
    """A planner does not agree. Raises NotFound, AskMoved."""
    _version, asked = _to_be_decided(session, swap_id)
    asked.state, asked.decided_at, asked.decided_by, asked.word = AskState.REFUSED, now, by, word
    session.flush()
    return asked


def effect_of(session: Session, here: Surroundings, version: RosterVersion, asked: ShiftSwap, other: str) -> Effect:
    """What it would leave short. Raises RulesBroken, BothWork, NoContract, ShiftHasTraining, and what own_shift
    raises."""
    days = [asked.day] if asked.other_day is None else [asked.day, asked.other_day]
    _standing(session, asked, here.now)
    window = _window(session, here, version, (asked.agent_id, other), days)
    return weighed(window, asked, other)


def weighed(window: RosterWindow, asked: ShiftSwap, other: str, effects: ShiftEffects | None = None) -> Effect:
    """The same, in a roster that is read already, whose `effects` may have weighed others before."""
    if any(agent not in window.problem.by_agent for agent in (asked.agent_id, other)):
        raise NoContract("One of the two has no contract.", "Ask a planner.")
    if asked.day != asked.other_day and (other, asked.day) in window.rows:
        raise BothWork(f"{other} works on {asked.day}.", "Choose somebody who is off on that day.")
    if asked.other_day not in (None, asked.day) and (asked.agent_id, asked.other_day) in window.rows:
        raise BothWork(f"{asked.agent_id} works on {asked.other_day}.", "Choose a day on which they are off.")
    mine, other_day = window.cell(asked.agent_id, asked.day), None
    _without_training(window, asked.agent_id, asked.day)
    if asked.other_day is not None:
        _without_training(window, other, asked.other_day)
        other_day = window.cell(other, asked.other_day)[1]
    effect = (effects or window.effects()).of(moving(window.roster, mine, other, other_day))
    if effect.broken:
        raise RulesBroken(window.problem, effect.broken)
    return effect


def lapse(session: Session, version_id: int, shifts: Collection[tuple[str, date]], besides: int = 0) -> None:
    """What else was asked about these shifts, which are others' now, is void."""
    for agent, day in shifts:
        session.execute(
            update(ShiftSwap)
            .where(
                ShiftSwap.version_id == version_id, ShiftSwap.id != besides, ShiftSwap.state.in_(OPEN_STATES),
                or_(
                    (ShiftSwap.agent_id == agent) & (ShiftSwap.day == day),
                    (ShiftSwap.other_agent_id == agent) & (ShiftSwap.other_day == day),
                ),
            )
            .values(state=AskState.LAPSED)
        )  # fmt: skip


def _agree(session: Session, here: Surroundings, version: RosterVersion, asked: ShiftSwap, agent: str) -> ShiftSwap:
    effect = effect_of(session, here, version, asked, agent)
    asked.other_agent_id, asked.answered_at = agent, here.now
    if rules_in_force(session).rules.swaps.at_once and effect.harmless:
        return _done(session, version, asked, here.now, "", "")
    asked.state = AskState.ACCEPTED
    session.flush()
    return asked


def _done(session: Session, version: RosterVersion, asked: ShiftSwap, now: datetime, by: str, word: str) -> ShiftSwap:
    days = {asked.day, asked.other_day or asked.day}
    cells = [(agent, day) for agent in (asked.agent_id, asked.other_agent_id) for day in days]
    before = {cell: cell_times(session, version.id, *cell) for cell in cells}
    mine = _row(session, version.id, asked.agent_id, asked.day)
    if asked.other_day is not None:
        theirs = _row(session, version.id, asked.other_agent_id, asked.other_day)
        mine.agent_id = ""  # of one day an agent has one shift: for a moment nobody has this one
        session.flush()
        theirs.agent_id = asked.agent_id
        session.flush()
    mine.agent_id = asked.other_agent_id
    session.flush()
    note_moved(session, version.id, before, ChangedBy.SWAP, now, by)
    version.changed_at = now
    asked.state, asked.decided_at, asked.decided_by, asked.word = AskState.GRANTED, now, by, word
    given = [(asked.agent_id, asked.day)]
    if asked.other_day is not None:
        given.append((asked.other_agent_id, asked.other_day))
    lapse(session, version.id, given, besides=asked.id)
    session.flush()
    return asked


def _put(
    session: Session, version: RosterVersion, mine: tuple[str, date], other: str, other_day: date | None, now: datetime
) -> ShiftSwap:  # fmt: skip
    asked = ShiftSwap(
        version_id=version.id, agent_id=mine[0], day=mine[1], other_agent_id=other, other_day=other_day, state=AskState.ASKED,
        asked_at=now,
    )  # fmt: skip
    session.add(asked)
    session.flush()
    return asked


def _window(
    session: Session, here: Surroundings, version: RosterVersion, agents: Collection[str], days: Collection[date]
) -> RosterWindow:  # fmt: skip
    return roster_window(session, version, here.policy, here.zone, agents, days)


def _standing(session: Session, asked: ShiftSwap, now: datetime) -> None:
    """Both shifts are still theirs, in the roster that counts, and have not begun."""
    shifts = [(asked.agent_id, asked.day)]
    if asked.other_day is not None:
        shifts.append((asked.other_agent_id, asked.other_day))
    for agent, day in shifts:
        if own_shift(session, agent, day, now).version_id != asked.version_id:
            raise ShiftMoved("A newer roster counts on that day.", "Look at the shifts again.")


def _movable(row: RosterShift, now: datetime) -> RosterShift:
    if row.starts_at <= now:
        raise ShiftBegun(f"The shift of {row.day} has begun.", "Ask your supervisor.")
    return row


def _without_training(window: RosterWindow, agent: str, day: date) -> None:
    if window.has_training(agent, day):
        raise ShiftHasTraining(f"{agent} has a training on {day}.", "Ask a planner.")


def _not_asked_yet(session: Session, version_id: int, mine: tuple[str, date]) -> None:
    there = select(ShiftSwap.id).where(
        ShiftSwap.version_id == version_id, ShiftSwap.agent_id == mine[0], ShiftSwap.day == mine[1],
        ShiftSwap.state.in_(OPEN_STATES),
    )  # fmt: skip
    if session.scalar(there) is not None:
        raise AskedAlready("This shift is offered, or a swap of it asked for, already.", "Take that back first.")


def _row(session: Session, version_id: int, agent: str, day: date) -> RosterShift:
    found = session.scalar(
        select(RosterShift).where(RosterShift.version_id == version_id, RosterShift.agent_id == agent, RosterShift.day == day)
    )  # fmt: skip
    if found is None:
        raise ShiftMoved(f"{agent} has no shift on {day} any more.", "Look at the shifts again.")
    return found


def _locked_version(session: Session, version_id: int) -> RosterVersion:
    """One change of a roster at a time: two that are harmless alone may break a rule together."""
    return session.get_one(RosterVersion, version_id, with_for_update=True, populate_existing=True)


def _locked(session: Session, swap_id: int) -> tuple[RosterVersion, ShiftSwap]:
    found = session.get(ShiftSwap, swap_id)
    if found is None:
        raise NotFound("There is no such swap.", "Look at the list again.")
    version = _locked_version(session, found.version_id)
    session.refresh(found)
    return version, found


def _of_colleague(session: Session, swap_id: int, agent: str) -> tuple[RosterVersion, ShiftSwap]:
    version, asked = _locked(session, swap_id)
    if asked.is_offer or asked.other_agent_id != agent:
        raise NotTheirShift("Somebody else was asked.", "Look at your own.")
    if asked.state != AskState.ASKED:
        raise AskMoved("It was answered, or taken back, already.", "Look at it again.")
    return version, asked


def _to_be_decided(session: Session, swap_id: int) -> tuple[RosterVersion, ShiftSwap]:
    version, asked = _locked(session, swap_id)
    if asked.state != AskState.ACCEPTED:
        raise AskMoved("It is decided, or taken back, already.", "Look at the list again.")
    return version, asked
