"""The engine on the live floor: told what agents and callers do as it is in the live state, it says who gets whom, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from routing.agent_state import AgentState
from routing.agents import Profile
from routing.balance import Balance
from routing.engine import Engine, Match
from routing.live import LiveAgent
from routing.needs import Skill, all_of
from routing.place import Place
from routing.plans import Circle, Plan, Ring
from routing.queues import Queues
from routing.skills import SkillRequirement


@dataclass(frozen=True, slots=True)
class Assignment:
    """This agent gets this interaction, `because` of these facts (for the record and for people)."""

    agent_id: str
    place: Place
    because: Mapping[str, object]


class Assignments:
    """What may be assigned now. Tell it every change; `find` costs what changed since."""

    def __init__(self, queues: Queues) -> None:
        self._engine, self._queues = Engine(), queues
        self._profiles: Mapping[str, Profile] = {}
        self._agents: dict[str, LiveAgent] = {}
        self._line: dict[str, Place] = {}

    def load(
        self, profiles: Mapping[str, Profile], agents: Mapping[str, LiveAgent], line: Mapping[str, Place], now: datetime
    ) -> None:
        """Begin anew with everything that is known."""
        self._engine, self._profiles = Engine(), dict(profiles)
        self._agents, self._line = {}, {}
        for profile in profiles.values():
            self._engine.know(profile.agent_id, profile.proficiencies)
        for agent in agents.values():
            self.see_agent(agent, now)
        for interaction_id, place in line.items():
            self.see_place(interaction_id, place, now)

    def see_agent(self, agent: LiveAgent, now: datetime) -> None:
        """This is how the agent is. One of whom there is no profile gets nobody."""
        self._agents[agent.agent_id] = agent
        if agent.agent_id not in self._profiles:
            return
        if can_be_offered(agent, now):
            self._engine.ready(agent.agent_id, (agent.since or now).timestamp())
        else:
            self._engine.busy(agent.agent_id)

    def see_place(self, interaction_id: str, place: Place | None, now: datetime) -> None:
        """This is the caller's place in line; None: they have none."""
        if place is None:
            self._line.pop(interaction_id, None)
            self._engine.leave(interaction_id)
        elif self._line.get(interaction_id) != place:
            self._line[interaction_id] = place
            plan = plan_for(place.requirements, self._queues.balance(place.queue))
            self._engine.wait(interaction_id, place.number, place.queued_at.timestamp(), plan, now.timestamp())

    def find(self, now: datetime) -> list[Assignment]:
        """Who gets whom now. An agent whose page went silent meanwhile gets nobody, and the caller goes to another."""
        found: list[Assignment] = []
        while matches := self._engine.match(now.timestamp()):
            for match in matches:
                place = self._line.pop(match.interaction_id)
                if can_be_offered(self._agents[match.agent_id], now):
                    found.append(Assignment(match.agent_id, place, _because(match, place)))
                else:
                    self.see_place(match.interaction_id, place, now)
        return found

    def next_ring_s(self, now: datetime) -> float | None:
        """Seconds until the circle of anyone who waits becomes wider; None when none will."""
        due_s = self._engine.next_due_s()
        return None if due_s is None else due_s - now.timestamp()


def can_be_offered(agent: LiveAgent, now: datetime) -> bool:
    """Whether the agent can be given a call at this moment: ready, page open, phone there."""
    return agent.state is AgentState.READY and agent.phone_up and agent.lease_until is not None and agent.lease_until > now


@lru_cache(maxsize=4096)
def plan_for(requirements: tuple[SkillRequirement, ...], balance: Balance) -> Plan:
    """The rings of these requirements: at first all of them hold, and with each that is relaxed a ring begins."""
    starts = {0.0} | {each.relax_after_s for each in requirements if each.relax_after_s is not None}
    rings = []
    for after_s in sorted(starts):
        needs = all_of([Skill(each.skill, each.at_least) for each in requirements if each.holds_at(after_s)])
        rings.append(Ring(after_s, (Circle(needs),)))
    return Plan(tuple(rings), balance)


def _because(match: Match, place: Place) -> dict[str, object]:
    return {
        "waited_s": round(match.waited_s, 3),
        "idle_s": round(match.idle_s, 3),
        "ring": match.ring,
        "able_agents": match.ready,
        "required": [f"{need.skill}>={need.at_least}" for need in place.requirements if need.holds_at(match.waited_s)],
        "relaxed": [need.skill for need in place.requirements if not need.holds_at(match.waited_s)],
    }
