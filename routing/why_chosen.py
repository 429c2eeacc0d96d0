"""Why this agent and none of the others who were ready and able: by the rule of the queue, as the engine weighs them."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from routing.able import Able, scarcity, scarcity_cost
from routing.able_then import AbleThen, Stretch, holds_at
from routing.agent_state import AgentState
from routing.balance import Balance
from routing.wait_facts import Offer, WaitFacts

Occupied = Callable[[datetime, Collection[str]], Mapping[str, float]]
"""The occupancy of these agents, 0 to 1, as of when they had become ready last before a moment."""
_SAME_S = 0.002  # the record rounds


class WhyNot(StrEnum):
    """Why a candidate was not the one."""

    ASKED_LATER = "asked_later"  # their circle or site is liked less
    SCARCE = "scarce"  # has scarcer skills that the call did not need
    OCCUPIED = "occupied"  # has been busier today
    LESS_PROFICIENT = "less_proficient"
    LESS_IDLE = "less_idle"  # has been ready for less long
    NUMBER = "number"  # the same in all of it: the agent's number decides
    TURN = "turn"  # it was another site's turn
    NOT_THERE = "not_there"  # would have come first: page or phone were gone, or the site full, which the record does not say


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent who was ready and able when the caller was offered to somebody. `idle_s` how long they had been ready, `cost` the
    scarcity of their skills that the call did not need, `occupancy` of today, where the queue heeds it; `why_not` for all but the
    chosen one."""

    agent_id: str
    idle_s: float
    proficiency: int
    chosen: bool
    cost: float = 0.0
    occupancy: float | None = None
    why_not: WhyNot | None = None


def candidates(
    offer: Offer, facts: WaitFacts, then: AbleThen, able: Mapping[str, Collection[tuple[float, float]]], occupied: Occupied
) -> tuple[Candidate, ...]:  # fmt: skip
    """Who was ready and able at the moment of an offer: the chosen one first, then by how long they had been ready. `able` says
    when who could serve the caller."""
    after_s = then.seconds(offer.at)
    stretch = then.at(after_s)
    idle_s = {offer.agent_id: float(offer.because.get("idle_s", 0))}
    for agent_id, spans in able.items():
        if agent_id != offer.agent_id and holds_at(list(spans), after_s):
            ready = next((
                span for span in facts.spans[agent_id]
                if span.state is AgentState.READY and span.start < offer.at <= span.end
            ), None)  # fmt: skip
            if ready is not None:
                idle_s[agent_id] = (offer.at - ready.since).total_seconds()
    by_occupancy = stretch.plan.choice.balance is Balance.LEAST_OCCUPIED
    weighing = _Weighing(offer, stretch, _duty(facts, offer.at), occupied(offer.at, list(idle_s)) if by_occupancy else {})
    found = [weighing.candidate(agent_id, own_s) for agent_id, own_s in idle_s.items()]
    chosen = next(each for each in found if each.chosen)
    told = [chosen, *(weighing.told(each, chosen) for each in found if not each.chosen)]
    return tuple(sorted(told, key=lambda each: (not each.chosen, -each.idle_s, each.agent_id)))


def _duty(facts: WaitFacts, moment: datetime) -> list[str]:
    """Who was on duty then: how scarce a skill is depends on them."""
    return [key for key, spans in facts.spans.items() if any(span.start <= moment <= span.end for span in spans)]


class _Weighing:
    """The candidates of one offer against the one who was chosen."""

    def __init__(self, offer: Offer, stretch: Stretch, duty: Collection[str], occupancy: Mapping[str, float]) -> None:
        self._offer, self._stretch, self._occupancy = offer, stretch, occupancy
        self._choice, self._asked = stretch.plan.choice, stretch.rules.policy.asked
        self._needed = stretch.plan.rings[stretch.ring].circles[0].needs.skills()
        skills = stretch.rules.skills
        self._holders = Counter(skill for agent_id in duty for skill in skills.get(agent_id, {}) if skill in self._asked)

    def candidate(self, agent_id: str, idle_s: float) -> Candidate:
        """What the agent is weighed by."""
        able = Able(agent_id, self._stretch.rules.skills.get(agent_id, {}))
        able.scarcity = {skill: scarcity(self._holders[skill]) for skill in able.proficiencies if skill in self._asked}
        cost = scarcity_cost(able, self._needed) if self._choice.keep_scarce_free else 0.0
        proficiency = sum(able.proficiencies.get(skill, 0) for skill in self._needed)
        chosen = agent_id == self._offer.agent_id
        return Candidate(agent_id, idle_s, proficiency, chosen, cost, self._occupancy.get(agent_id))

    def told(self, each: Candidate, chosen: Candidate) -> Candidate:
        """The candidate with why it was not the one."""
        return Candidate(
            each.agent_id, each.idle_s, each.proficiency, False, each.cost, each.occupancy, self._why_not(each, chosen)
        )  # fmt: skip

    def _why_not(self, each: Candidate, chosen: Candidate) -> WhyNot:
        steps = [(WhyNot.ASKED_LATER, *self._ranks(each, chosen))]
        if self._stretch.plan.shares is not None and self._site(each) != self._site(chosen):
            return WhyNot.TURN
        if self._choice.keep_scarce_free:
            steps.append((WhyNot.SCARCE, each.cost, chosen.cost))
        if self._choice.balance is Balance.MOST_PROFICIENT:
            steps.append((WhyNot.LESS_PROFICIENT, -each.proficiency, -chosen.proficiency))
        if each.occupancy is not None and chosen.occupancy is not None:
            steps.append((WhyNot.OCCUPIED, each.occupancy, chosen.occupancy))
        if abs(each.idle_s - chosen.idle_s) > _SAME_S:
            steps.append((WhyNot.LESS_IDLE, -each.idle_s, -chosen.idle_s))
        for why, own, other in steps:
            if own != other:
                return why if own > other else WhyNot.NOT_THERE
        return WhyNot.NUMBER

    def _ranks(self, each: Candidate, chosen: Candidate) -> tuple[float, float]:
        """How well their circles are liked, the least best, as far as a place can be told from the other."""
        plan = self._stretch.plan
        ranks = dict(enumerate(plan.ranks_at(self._stretch.ring)))
        found = []
        for agent in (each, chosen):
            skills = self._stretch.rules.skills.get(agent.agent_id, {})
            own = [
                ranks[number] for number, circle in enumerate(self._stretch.circles)
                if circle.holds(agent.agent_id, skills, self._site(agent))
            ]  # fmt: skip
            found.append(min(own, default=(len(ranks), 0)))
        order = sorted(set(found))
        return float(order.index(found[0])), float(order.index(found[1]))

    def _site(self, candidate: Candidate) -> str:
        rules = self._stretch.rules
        return rules.policy.site_of_agent(rules.sites.get(candidate.agent_id, ""))
