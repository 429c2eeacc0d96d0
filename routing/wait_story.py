"""Why a caller waited, and why this agent got them: told from the facts of the log by the rules of the policy then in force."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from routing.agent_state import AgentState
from routing.asked_first import AskedFirst, first_of
from routing.needs import AtLeast, Needs, Proficiencies
from routing.order import FIRST
from routing.place import Place
from routing.plans import Plan
from routing.policy import Policy
from routing.wait_facts import Offer, Span, WaitFacts

NOWHERE: Mapping[str, str] = {}


class Before(StrEnum):
    """Why somebody else was served before this caller by an agent who could have served both."""

    EARLIER = "earlier"  # they had come before
    PRIORITY = "priority"  # their queue is more urgent
    CREDIT = "credit"  # they came later, but for credit
    LOST_AGENT = "lost_agent"  # their agent had been lost in the middle of the talk
    AFTER = "after"  # they stood behind: by the rules this can't be, unless the order was another one by then


@dataclass(frozen=True, slots=True)
class RingStory:
    """From `after_s` of waiting on `able` agents on duty could serve the caller; they needed `needs`, and were at one of `sites`,
    where the queue heeds them. `alone`: that agent alone was asked."""

    after_s: float
    needs: Needs
    able: int
    alone: AskedFirst | None = None
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passing:
    """An agent who could serve this caller was given to another one, for this reason."""

    offer: Offer
    why: Before
    other: Place


@dataclass(frozen=True, slots=True)
class Track:
    """One agent on duty who could serve the caller from `able_after_s` of waiting on, and what they did meanwhile."""

    agent_id: str
    able_after_s: float
    spans: tuple[Span, ...]

    def seconds_in(self, *states: AgentState) -> float:
        """How long they were in these states, seconds."""
        return sum((span.end - span.start for span in self.spans if span.state in states), timedelta()).total_seconds()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent who was ready and able when the caller was offered to somebody; `idle_s` how long they had been ready."""

    agent_id: str
    idle_s: float
    proficiency: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class WaitStory:
    """Everything that explains one wait. `unable` counts the agents on duty who never could serve the caller by what they lack;
    `offers` are those of this caller, each with the candidates of its moment."""

    facts: WaitFacts
    rings: tuple[RingStory, ...]
    tracks: tuple[Track, ...]
    unable: Mapping[Needs, int]
    passings: tuple[Passing, ...]
    offers: tuple[tuple[Offer, tuple[Candidate, ...]], ...]

    @property
    def waited_s(self) -> float:
        """Seconds from the line to its end."""
        return (self.facts.ended_at - self.facts.place.queued_at).total_seconds()


def tell(
    facts: WaitFacts, policy: Policy, skills: Mapping[str, Proficiencies], sites: Mapping[str, str] = NOWHERE
) -> WaitStory:  # fmt: skip
    """The story of one wait; `skills` are what the agents could do then, `sites` where they were."""
    place = facts.place
    alone = first_of(policy.asked_first(place), facts.spans)
    plan = policy.plan_of(place, alone)
    on_duty = {agent_id: skills.get(agent_id, {}) for agent_id in facts.spans}
    offered_s = {
        offer.agent_id: (offer.at - place.queued_at).total_seconds() for offer in facts.offers
        if offer.interaction_id == place.interaction_id and offer.because.get("sites_passed")
    }  # fmt: skip
    help_s = [(from_s, policy.helped({place.queue: done.also}).plan_of(place)) for from_s, done in facts.overflows if done.also]
    first_able_s = {}
    for agent_id, own in on_duty.items():
        site = sites.get(agent_id, "")
        ways = [_able_after_s(plan, agent_id, own, policy, site, place), offered_s.get(agent_id)]
        for from_s, helped in help_s:
            after_s = _able_after_s(helped, agent_id, own, policy, site, place)
            ways.append(None if after_s is None else max(from_s, after_s))
        first_able_s[agent_id] = min((each for each in ways if each is not None), default=None)
    able_after_s = {agent_id: after_s for agent_id, after_s in first_able_s.items() if after_s is not None}
    tracks = tuple(
        Track(agent_id, able_after_s[agent_id], facts.spans[agent_id])
        for agent_id in sorted(able_after_s, key=lambda each: (able_after_s[each], each))
    )
    passings = tuple(
        Passing(offer, _why_before(policy, place, other), other)
        for offer in facts.offers
        if offer.interaction_id != place.interaction_id and (other := facts.places.get(offer.interaction_id)) is not None
        and able_after_s.get(offer.agent_id, float("inf")) <= (offer.at - place.queued_at).total_seconds()
    )  # fmt: skip
    waited_s = (facts.ended_at - place.queued_at).total_seconds()
    rings = tuple(
        RingStory(
            ring.after_s,
            circle.needs,
            sum(after_s <= ring.after_s for after_s in able_after_s.values()),
            alone if circle.agent else None,
            tuple(dict.fromkeys(each.site for each in plan.circles_at(number) if policy.site(each.site) is not None)),
        )
        for number, ring in enumerate(plan.rings)
        for circle in ring.circles[:1]
        if ring.after_s <= waited_s
    )
    last = plan.rings[-1].circles[0].needs
    unable = Counter(_lacking(last, own) for agent_id, own in on_duty.items() if agent_id not in able_after_s)
    offers = tuple(
        (offer, _candidates(offer, facts, plan, able_after_s, on_duty))
        for offer in facts.offers
        if offer.interaction_id == place.interaction_id
    )
    return WaitStory(facts, rings, tracks, dict(unable.most_common()), passings, offers)


def _able_after_s(
    plan: Plan, agent_id: str, skills: Proficiencies, policy: Policy, site_name: str, place: Place
) -> float | None:  # fmt: skip
    """From how long a wait on an agent with these skills, at this site, can serve the caller; None: never.

    Nobody can while their site is closed, where the queue heeds sites. That sites too busy or full are passed sooner the record
    does not say.
    """
    site = policy.site(site_name) if plan.tiers else None
    for number, ring in enumerate(plan.rings):
        if any(circle.holds(agent_id, skills, policy.site_of_agent(site_name)) for circle in plan.circles_at(number)):
            then = place.queued_at + timedelta(seconds=ring.after_s)
            if site is None or site.when_closed is not None or site.opening.is_open(then):
                return ring.after_s
            opens = site.opening.next_change(then)
            return None if opens is None else (opens - place.queued_at).total_seconds()
    return None


def _why_before(policy: Policy, mine: Place, other: Place) -> Before:
    if other.priority is not None and other.priority <= FIRST:
        return Before.LOST_AGENT
    if policy.number(other) > policy.number(mine):
        return Before.AFTER
    if other.queued_at <= mine.queued_at:
        return Before.EARLIER
    queues = [policy.queue_or_fallback(place.queue).priority for place in (other, mine)]
    return Before.PRIORITY if queues[0] < queues[1] else Before.CREDIT


def _candidates(
    offer: Offer, facts: WaitFacts, plan: Plan, able_after_s: Mapping[str, float], skills: Mapping[str, Proficiencies]
) -> tuple[Candidate, ...]:
    """Who was ready and able at the moment of an offer: the chosen one first, then by how long they had been ready."""
    waited_s = (offer.at - facts.place.queued_at).total_seconds()
    needed = plan.rings[plan.ring_at(waited_s)].circles[0].needs.skills()
    found = []
    for agent_id, after_s in able_after_s.items():
        ready = next(
            (span for span in facts.spans[agent_id] if span.state is AgentState.READY and span.start < offer.at <= span.end), None
        )
        chosen = agent_id == offer.agent_id
        if after_s <= waited_s and (ready is not None or chosen):
            idle_s = float(offer.because.get("idle_s", 0)) if chosen else (offer.at - ready.since).total_seconds() if ready else 0.0
            proficiency = sum(skills[agent_id].get(skill, 0) for skill in needed)
            found.append(Candidate(agent_id, idle_s, proficiency, chosen))
    return tuple(sorted(found, key=lambda each: (not each.chosen, -each.idle_s, each.agent_id)))


def _lacking(needs: Needs, skills: Proficiencies) -> Needs:
    """The first part that is needed and not there."""
    if isinstance(needs, AtLeast) and needs.count == len(needs.parts):
        return next((part for part in needs.parts if not part.met_by(skills)), needs)
    return needs
