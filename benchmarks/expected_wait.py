"""How near the truth the expected wait is: told to callers of simulated days as it is live, beside what others tell."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import fmean, median
from typing import NamedTuple

import numpy as np

from benchmarks.report import Report
from core.clock import stopwatch_s
from routing.agent_state import AgentState
from routing.demand import Exponential, Lognormal, Poisson, Stream
from routing.handling_times import HandlingTimes
from routing.live import LiveAgent
from routing.needs import Skill, all_of
from routing.outlook import FloorNow, Standing, outlook
from routing.place import Place
from routing.plans import Circle, Plan, Ring
from routing.shifts import RosteredAgent
from routing.simulate import simulate
from routing.simulated_day import SimulatedDay

_START = datetime(2026, 3, 2, 1, tzinfo=UTC)
_WARM_UP_S, _DAY_S, _HANDLING_S, _TALK_SHARE = 5400.0, 10 * 3600.0, 240.0, 0.85
_WAITED_S = 5.0  # who waited less was told nothing


class Told(NamedTuple):
    """What somebody was told at once after they came, and the truth, seconds."""

    truth_s: float
    expected_s: float
    low_s: float
    high_s: float
    queue_length_s: float
    last_answered_s: float
    app_queue_s: float


@dataclass
class _Line:
    """What others know of one queue."""

    last_s: float = 0.0
    mean_s: float = 0.0
    handled_s: list[float] = field(default_factory=list)


def measure(report: Report, days: int, load: float) -> None:
    """Fill the report: `days` simulated days at this load (what comes over what the agents could handle)."""
    found, took_ms = [], []
    for number in range(days):
        for told, spent_s in told_on(simulated(number, load)):
            found.append(told)
            took_ms.append(1000 * spent_s)
    table = report.table(
        "What callers who waited were told as they came, and how long they waited", "who says it", "mean error s", "bias s"
    )
    ways = {
        "Halo": [told.expected_s for told in found],
        "queue length: (ahead of them + 1) × mean handling / able agents": [told.queue_length_s for told in found],
        "the wait of whoever was answered last": [told.last_answered_s for told in found],
        "the moving mean of waits, as app_queue keeps it": [told.app_queue_s for told in found],
    }
    truths = [told.truth_s for told in found]
    for name, values in ways.items():
        errors = [value - truth for value, truth in zip(values, truths, strict=True)]
        table.add(name, f"{fmean(map(abs, errors)):.1f}", f"{fmean(errors):+.1f}")
        report.figures[f"{name}: mean error s"] = fmean(map(abs, errors))
    inside = fmean(told.low_s <= told.truth_s <= told.high_s for told in found)
    report.figures |= {"in the bounds": inside, "median look ms": median(took_ms)}
    report.remarks += [
        f"{len(found)} callers of {days} days at {load:.0%} load, answered after more than {_WAITED_S:.0f} s; "
        f"their mean wait was {fmean(truths):.0f} s.",
        f"The truth lay within Halo's bounds for {inside:.0%}; 80 % are meant to.",
        f"One look at the whole floor took {median(took_ms):.1f} ms (median).",
    ]


def simulated(number: int, load: float) -> SimulatedDay:
    """A day on which 24 agents of different skills answer three queues; one has rings, one a priority."""
    sales, technical, english = Skill("sales", 2), Skill("technical", 2), Skill("english")
    plans = {
        "sales": Plan((Ring(0, (Circle(sales),)), Ring(60, (Circle(technical),)))),
        "technical": Plan((Ring(0, (Circle(technical),)),)),
        "english": Plan((Ring(0, (Circle(all_of([sales, english])),)), Ring(45, (Circle(sales),)))),
    }
    calls = load * 24 * _DAY_S / _HANDLING_S
    streams = [
        Stream(name, plan, Poisson([share * calls], _DAY_S), Lognormal(_HANDLING_S, 0.9), Exponential(300), priority=priority)
        for (name, plan), share, priority in zip(plans.items(), (0.5, 0.4, 0.1), (5, 5, 4), strict=True)
    ]
    agents = [RosteredAgent(f"a{place:02}", _skills(place)) for place in range(24)]
    return simulate(agents, streams, seed=3, replication=number)


def _skills(place: int) -> dict[str, int]:
    if place < 13:
        return {"sales": 3} | ({"english": 3} if place % 4 == 0 else {})
    return {"technical": 3} | ({"sales": 2} if place > 20 else {})


def told_on(day: SimulatedDay) -> Iterator[tuple[Told, float]]:
    """What those who waited were told on this day, with the seconds that it took to work out."""
    rows = _Rows.of(day)
    times, lines, learnt = HandlingTimes(), defaultdict(_Line), 0
    by_end = np.argsort(rows.end_s, kind="stable")
    by_leaving, heard = np.argsort(rows.leaves_s, kind="stable"), 0
    for row in np.argsort(day.arrival_s, kind="stable"):
        now_s = float(day.arrival_s[row])
        while learnt < len(by_end) and rows.end_s[by_end[learnt]] < now_s:
            _learn(rows, int(by_end[learnt]), times, lines)
            learnt += 1
        while heard < len(by_leaving) and rows.leaves_s[by_leaving[heard]] < now_s:
            one = int(by_leaving[heard])
            line, wait_s, gave_up = lines[rows.queue[one]], float(day.wait_s[one]), bool(day.taker[one] < 0)
            times.of(rows.queue[one]).forbearance.learn(wait_s, gave_up)
            if not gave_up:
                line.last_s, line.mean_s = wait_s, (3 * line.mean_s + wait_s) / 4
            heard += 1
        if now_s < _WARM_UP_S or day.taker[row] < 0 or day.wait_s[row] <= _WAITED_S:
            continue
        yield _told(day, rows, int(row), times, lines[rows.queue[row]])


@dataclass(frozen=True)
class _Rows:
    queue: list[str]
    answer_s: np.ndarray
    end_s: np.ndarray
    leaves_s: np.ndarray
    handling_s: np.ndarray

    @classmethod
    def of(cls, day: SimulatedDay) -> "_Rows":
        taken = day.taker >= 0
        leaves_s = day.arrival_s + np.nan_to_num(day.wait_s, nan=np.inf)
        answer_s = np.where(taken, leaves_s, np.inf)
        names = [day.streams[number].name for number in day.calls.stream]
        return cls(names, answer_s, answer_s + day.calls.handling_s, leaves_s, day.calls.handling_s)


def _learn(rows: _Rows, row: int, times: HandlingTimes, lines: dict[str, _Line]) -> None:
    handled_s = float(rows.handling_s[row])
    of = times.of(rows.queue[row])
    of.answering.learn(1)
    of.talk.learn(_TALK_SHARE * handled_s)
    of.wrap_up.learn((1 - _TALK_SHARE) * handled_s)
    lines[rows.queue[row]].handled_s.append(handled_s)


def _told(day: SimulatedDay, rows: _Rows, row: int, times: HandlingTimes, line: _Line) -> tuple[Told, float]:
    now_s = float(day.arrival_s[row])
    waiting = np.flatnonzero((day.arrival_s <= now_s) & (rows.leaves_s > now_s) & ~np.isnan(day.arrival_s))
    ordered = sorted(waiting, key=lambda one: (day.arrival_s[one] + 600 * (day.streams[day.calls.stream[one]].priority - 5), one))
    standing = [
        Standing(Place(str(one), rows.queue[one], _moment(day.arrival_s[one]), ""), day.streams[day.calls.stream[one]].plan)
        for one in ordered
    ]
    talking = np.flatnonzero((rows.answer_s <= now_s) & (rows.end_s > now_s))
    in_hand = {str(one): Place(str(one), rows.queue[one], _moment(day.arrival_s[one]), "") for one in talking}
    agents = _agents(day, rows, talking, now_s)

    def members(circle: Circle) -> Collection[str]:
        return [agent.agent_id for agent in day.agents if circle.holds(agent.agent_id, agent.proficiencies)]

    floor = FloorNow(_moment(now_s), standing, agents, in_hand, members, {})
    began_s = stopwatch_s()
    found = dict(outlook(floor, times, {}, (), new_rules=False))[str(row)]
    took_s = stopwatch_s() - began_s
    assert found is not None
    expected_s, low_s, high_s = found.wait_s(floor.now.timestamp())
    ahead = sum(rows.queue[one] == rows.queue[row] for one in ordered)
    able = len(members(day.streams[day.calls.stream[row]].plan.rings[0].circles[0]))
    length_s = ahead * fmean(line.handled_s or [_HANDLING_S]) / able
    return Told(float(day.wait_s[row]), expected_s, low_s, high_s, length_s, line.last_s, line.mean_s), took_s


def _agents(day: SimulatedDay, rows: _Rows, talking: np.ndarray, now_s: float) -> list[LiveAgent]:
    in_hand = {int(day.taker[one]): one for one in talking}
    found = []
    for number, agent in enumerate(day.agents):
        one = in_hand.get(number)
        if one is None:
            found.append(LiveAgent(agent.agent_id, AgentState.READY))
            continue
        hung_up_s = rows.answer_s[one] + _TALK_SHARE * rows.handling_s[one]
        talks = now_s < hung_up_s
        state = AgentState.TALKING if talks else AgentState.WRAP_UP
        since = _moment(rows.answer_s[one] if talks else hung_up_s)
        found.append(LiveAgent(agent.agent_id, state, since, interaction_id=str(one)))
    return found


def _moment(second: float) -> datetime:
    return _START + timedelta(seconds=float(second))
