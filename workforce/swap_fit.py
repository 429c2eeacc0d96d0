"""Who may take an offered shift, and with whom a shift could be swapped: only what breaks no rule is shown to anybody."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import HaloError
from workforce.ask_errors import NoContract, ShiftMoved
from workforce.roster_records import OPEN_STATES, AskState, RosterShift, RosterState, RosterVersion, ShiftSwap
from workforce.roster_store import contracts_on_record, published_shifts
from workforce.roster_swaps import Surroundings, own_shift, weighed
from workforce.roster_window import RosterWindow, roster_window
from workforce.rosters.contract import Contract
from workforce.shift_effect import Effect, ShiftEffects

MOST_COLLEAGUES, MOST_OFFERS = 60, 30


@dataclass(frozen=True, slots=True)
class Fit:
    """A shift that could be had: whose it is, and what the change would leave short."""

    agent: str
    row: RosterShift
    effect: Effect


def who_could_take(session: Session, here: Surroundings, giver: str, day: date) -> list[str]:
    """Agents who are off on that day, serve one of the giver's queues, and may take the shift by every hard rule. Raises what
    own_shift raises, and NoContract."""
    row = own_shift(session, giver, day, here.now)
    version = session.get_one(RosterVersion, row.version_id)
    contracts = {one.agent: one for one in contracts_on_record(session, here.policy, tuple(version.needs))}
    if giver not in contracts:
        raise NoContract(f"{giver} has no contract.", "Ask a planner.")
    busy = _working(session, version.id, day)
    near = [agent for agent, one in contracts.items() if agent not in busy and agent != giver and alike(contracts[giver], one)]
    window = roster_window(session, version, here.policy, here.zone, [giver, *near], (day,))
    return [agent for agent, _effect in fitting(window, ShiftSwap(agent_id=giver, day=day, other_day=None), near)]


def offers_for(session: Session, here: Surroundings, agent: str) -> list[tuple[ShiftSwap, Fit]]:
    """Shifts of others that are offered and that this agent may take, the first first, MOST_OFFERS at most."""
    offered = session.scalars(
        select(ShiftSwap)
        .join(RosterVersion, RosterVersion.id == ShiftSwap.version_id)
        .where(
            ShiftSwap.state == AskState.ASKED, ShiftSwap.other_day.is_(None), ShiftSwap.agent_id != agent,
            ShiftSwap.day >= here.now.astimezone(here.zone).date() - timedelta(days=1),
            RosterVersion.state == RosterState.PUBLISHED,
        )
        .order_by(ShiftSwap.day, ShiftSwap.id)
    ).all()  # fmt: skip
    return _offer_fits(session, here, offered, agent)


def _offer_fits(
    session: Session, here: Surroundings, offered: Sequence[ShiftSwap], agent: str
) -> list[tuple[ShiftSwap, Fit]]:  # fmt: skip
    """Of these offers those that this agent may take now."""
    found: list[tuple[ShiftSwap, Fit]] = []
    for version_id in sorted({asked.version_id for asked in offered}):
        version = session.get_one(RosterVersion, version_id)
        known = {one.agent: one for one in contracts_on_record(session, here.policy, tuple(version.needs))}
        working = set(session.scalars(
            select(RosterShift.day).where(RosterShift.version_id == version_id, RosterShift.agent_id == agent)
        ))  # fmt: skip
        near = [
            (asked, row)
            for asked in offered
            if asked.version_id == version_id and asked.day not in working and {agent, asked.agent_id} <= known.keys()
            and alike(known[asked.agent_id], known[agent]) and (row := _standing(session, here, asked)) is not None
        ][:MOST_OFFERS]  # fmt: skip
        if not near:
            continue
        agents, days = {agent, *(asked.agent_id for asked, _row in near)}, {asked.day for asked, _row in near}
        window = roster_window(session, version, here.policy, here.zone, agents, days)
        effects = window.effects()
        for asked, row in near:
            effect = _fits(window, asked, agent, effects)
            if effect is not None:
                found.append((asked, Fit(asked.agent_id, row, effect)))
    return sorted(found, key=lambda one: (one[0].day, one[0].id))


def is_for(session: Session, here: Surroundings, asked: ShiftSwap, agent: str) -> bool:
    """Whether an offer is for agents like this one, whatever their hours are."""
    version = session.get_one(RosterVersion, asked.version_id)
    known = {one.agent: one for one in contracts_on_record(session, here.policy, tuple(version.needs))}
    return {agent, asked.agent_id} <= known.keys() and alike(known[asked.agent_id], known[agent])


def _standing(session: Session, here: Surroundings, asked: ShiftSwap) -> RosterShift | None:
    try:
        row = own_shift(session, asked.agent_id, asked.day, here.now)
    except HaloError:
        return None
    return row if row.version_id == asked.version_id else None


def swaps_for(session: Session, here: Surroundings, agent: str, day: date, instead: date) -> list[Fit]:
    """Colleagues' shifts of the day `instead` that could be had for the own shift of `day`. Raises what own_shift raises."""
    mine = own_shift(session, agent, day, here.now)
    version = session.get_one(RosterVersion, mine.version_id)
    contracts = {one.agent: one for one in contracts_on_record(session, here.policy, tuple(version.needs))}
    if agent not in contracts:
        raise NoContract(f"{agent} has no contract.", "Ask a planner.")
    there = {row.agent_id: row for row in published_shifts(session, instead, 1) if row.starts_at > here.now}
    if any(row.version_id != version.id for row in there.values()):
        raise ShiftMoved("The two days are of two rosters.", "Choose days of one roster.")
    busy = _working(session, version.id, day) if instead != day else set()
    hours = (mine.starts_at, mine.ends_at)
    same = [other for other, row in there.items() if instead == day and (row.starts_at, row.ends_at) == hours]
    left_out = busy | set(same) | {agent}
    near = [other for other in sorted(there) if other not in left_out and other in contracts][:MOST_COLLEAGUES]
    window = roster_window(session, version, here.policy, here.zone, [agent, *near], {day, instead})
    fits = fitting(window, ShiftSwap(agent_id=agent, day=day, other_day=instead), near)
    return [Fit(other, there[other], effect) for other, effect in fits]


def asked_of(session: Session, agent: str) -> list[ShiftSwap]:
    """Swaps that wait for this agent's answer."""
    return list(session.scalars(
        select(ShiftSwap)
        .where(ShiftSwap.other_agent_id == agent, ShiftSwap.state == AskState.ASKED)
        .order_by(ShiftSwap.day, ShiftSwap.id)
    ))  # fmt: skip


def swaps_of(session: Session, agent: str, since: date) -> list[ShiftSwap]:
    """What this agent asked for or took, of days from `since` on, the newest first."""
    mine = (ShiftSwap.agent_id == agent) | ((ShiftSwap.other_agent_id == agent) & (ShiftSwap.state != AskState.ASKED))
    return list(session.scalars(select(ShiftSwap).where(mine, ShiftSwap.day >= since).order_by(ShiftSwap.id.desc())))


def open_ask(session: Session, row: RosterShift) -> ShiftSwap | None:
    """What is asked about this shift, and not decided yet, by whoever has it."""
    return session.scalar(
        select(ShiftSwap).where(
            ShiftSwap.version_id == row.version_id, ShiftSwap.agent_id == row.agent_id, ShiftSwap.day == row.day,
            ShiftSwap.state.in_(OPEN_STATES),
        )
    )  # fmt: skip


def alike(one: Contract, other: Contract) -> bool:
    """Whether they serve a queue that both serve; who serves none is like everybody."""
    return not one.queues or bool(one.queues & other.queues)


def fitting(window: RosterWindow, asked: ShiftSwap, agents: Collection[str]) -> Iterator[tuple[str, Effect]]:
    """Those for whom it breaks nothing, with what it leaves short."""
    effects = window.effects()
    for agent in agents:
        effect = _fits(window, asked, agent, effects)
        if effect is not None:
            yield agent, effect


def _fits(window: RosterWindow, asked: ShiftSwap, agent: str, effects: ShiftEffects) -> Effect | None:
    try:
        return weighed(window, asked, agent, effects)
    except HaloError:
        return None


def _working(session: Session, version_id: int, day: date) -> set[str]:
    return set(session.scalars(select(RosterShift.agent_id).where(RosterShift.version_id == version_id, RosterShift.day == day)))
