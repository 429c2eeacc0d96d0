"""What everybody in line may expect, gone through in the order of the line."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from routing.agent_state import AgentState
from routing.durations import Numbers
from routing.expectations import Expectation, next_expectation
from routing.expected_wait import Draws, Forecast, draws_for
from routing.handling_times import HandlingTimes
from routing.live import LiveAgent
from routing.place import Place
from routing.plans import Circle, Plan

_THERE = frozenset({AgentState.READY, AgentState.RESERVED, AgentState.RINGING, AgentState.TALKING, AgentState.WRAP_UP})
NEWCOMER = "@"
_draws: dict[int, Draws] = {}


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody in line, with the plan that holds for them."""

    place: Place
    plan: Plan


@dataclass(frozen=True, slots=True)
class FloorNow:
    """All that it depends on at this moment: the line in its order, agents on duty, whom they have in hand (places by interaction),
    who is in a circle, and the plan of who would come now, by queue."""

    now: datetime
    line: Sequence[Standing]
    agents: Sequence[LiveAgent]
    in_hand: Mapping[str, Place]
    members: Callable[[Circle], Collection[str]]
    newcomers: Mapping[str, Plan]


def outlook(
    floor: FloorNow, times: HandlingTimes, before: Mapping[str, Expectation], known: Collection[str], new_rules: bool
) -> Iterator[tuple[str, Expectation | None]]:
    """What each may expect, by interaction, the first in line first; None: nobody is there who could ever serve them. `before` is
    what they could expect until now, `known` who stood in line then. Each step takes well under a millisecond."""
    forecast, now_s = _forecast(floor, times), floor.now.timestamp()
    came: dict[int, Plan] = {}
    for standing in floor.line:
        place, plan = standing.place, standing.plan
        key = place.interaction_id
        wait = forecast.serve(key, place.queue, plan, place.waited_s(floor.now), bool(place.callback))
        overtaken = any(forecast.share_agents(plan, other) for other in came.values())
        yield key, None if wait is None else next_expectation(before.get(key), wait, now_s, overtaken, new_rules)
        if key not in known:
            came[id(plan)] = plan
    for queue, plan in floor.newcomers.items():
        wait, key = forecast.newcomer(queue, plan), newcomer_of(queue)
        yield key, None if wait is None else next_expectation(before.get(key), wait, 0.0, overtaken=True, new_rules=False)


def newcomer_of(queue: str) -> str:
    """The name under which stands what somebody may expect who would come into this queue now; its moments count from there on."""
    return NEWCOMER + queue


def _forecast(floor: FloorNow, times: HandlingTimes) -> Forecast:
    there = [agent for agent in floor.agents if agent.state in _THERE]
    count = draws_for(len(there))
    draws = _draws.setdefault(count, Draws(count))
    return Forecast({agent.agent_id: _free_in_s(agent, floor, times, draws) for agent in there}, floor.members, times, draws)


def _free_in_s(agent: LiveAgent, floor: FloorNow, times: HandlingTimes, draws: Draws) -> Numbers:
    """Seconds until the agent can be given a call, by chance."""
    if agent.state is AgentState.READY:
        return np.zeros(draws.count)
    place = floor.in_hand.get(agent.interaction_id)
    of, key = times.of(place.queue if place else ""), agent.interaction_id or agent.agent_id
    passed_s = np.array((floor.now - agent.since).total_seconds() if agent.since else 0.0)
    if agent.state is AgentState.WRAP_UP:
        left_s = of.wrap_up.left(passed_s, draws.of(key, "wrap up"))
        return left_s if agent.deadline is None else np.minimum(left_s, max(0.0, (agent.deadline - floor.now).total_seconds()))
    wrap_up_s = of.wrap_up.drawn(draws.of(key, "wrap up"))
    if agent.state is AgentState.TALKING:
        return of.talk.left(passed_s, draws.of(key, "talk")) + wrap_up_s
    return of.answering.left(passed_s, draws.of(key, "answering")) + of.talk.drawn(draws.of(key, "talk")) + wrap_up_s
