"""Why a caller waited, and why this agent got them: told from the facts of the log by the rules that held at each moment."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise, takewhile
from typing import NamedTuple

from routing.able_then import AbleThen, Seconds, Stretch, both, holds_at
from routing.agent_state import AgentState
from routing.asked_first import AskedFirst
from routing.needs import AtLeast, Needs, Proficiencies, any_of
from routing.order import FIRST
from routing.place import Place
from routing.policy import Policy
from routing.policy_reach import weakest
from routing.rules_then import Rules
from routing.wait_facts import Offer, Span, WaitFacts
from routing.why_chosen import Candidate, Occupied, candidates


class Before(StrEnum):
    """Why somebody else was served before this caller by an agent who could have served both."""

    EARLIER = "earlier"  # they had come before
    PRIORITY = "priority"  # their queue is more urgent
    CREDIT = "credit"  # they came later, but for credit
    LOST_AGENT = "lost_agent"  # their agent had been lost in the middle of the talk
    AFTER = "after"  # they stood behind: by the rules this can't be, unless the order was another one by then


class How(StrEnum):
    """How it came that an agent could serve the caller, or no more."""

    CAME = "came"  # on duty
    LEFT = "left"  # off duty
    LEARNT = "learnt"  # by a change of their skills or site
    UNLEARNT = "unlearnt"


@dataclass(frozen=True, slots=True)
class RingStory:
    """From `after_s` of waiting on `able` agents who were on duty then could serve the caller; they needed `needs`, and were at one
    of `sites`, where the queue heeds them. `alone`: that agent alone was asked. `policy`: the number of the one that came into
    force then; None, when it was in force before. `instead`: by the rules of that queue, their own being gone."""

    after_s: float
    needs: Needs
    able: int
    alone: AskedFirst | None = None
    sites: tuple[str, ...] = ()
    policy: int | None = None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """After `after_s` of the wait this agent could serve the caller, or no more."""

    after_s: float
    agent_id: str
    how: How


class Elsewhere(NamedTuple):
    """A site whose agents were not asked: because it was `closed` as the wait ended, or not yet; "" for those at none."""

    site: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Passing:
    """An agent who could serve this caller was given to another one, for this reason; `unanswered`: and rang in vain for them."""

    offer: Offer
    why: Before
    other: Place
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """One agent on duty who could serve the caller at the times `able` (from, to, seconds of the wait), and what they did
    meanwhile."""

    agent_id: str
    able: tuple[Seconds, ...]
    spans: tuple[Span, ...]
    start: datetime

    @property
    def able_after_s(self) -> float:
        """From how long a wait on, seconds."""
        return self.able[0][0]

    def seconds_in(self, *states: AgentState) -> float:
        """How long they were in these states while they could serve the caller, seconds."""
        own = [
            ((span.start - self.start).total_seconds(), (span.end - self.start).total_seconds())
            for span in self.spans if span.state in states
        ]  # fmt: skip
        return sum(end - begin for begin, end in both(own, self.able))


@dataclass(frozen=True, slots=True)
class WaitStory:
    """Everything that explains one wait.

    `unable` counts the agents on duty who never could serve the caller by what they lacked at last, `elsewhere` those who had the
    skills but not the place. `offers` are those of this caller, each with the candidates of its moment; `turns` who came, left or
    was changed meanwhile.
    """

    facts: WaitFacts
    rings: tuple[RingStory, ...]
    tracks: tuple[Track, ...]
    unable: Mapping[Needs, int]
    passings: tuple[Passing, ...]
    offers: tuple[tuple[Offer, tuple[Candidate, ...]], ...]
    turns: tuple[Turn, ...] = ()
    elsewhere: Mapping[Elsewhere, int] = field(default_factory=dict)

    @property
    def waited_s(self) -> float:
        """Seconds from the line to its end."""
        return (self.facts.ended_at - self.facts.place.queued_at).total_seconds()


def tell(facts: WaitFacts, rules: Sequence[Rules], occupied: Occupied = lambda _at, _agents: {}) -> WaitStory:
    """The story of one wait, by the rules that held in it, the first of them at its start."""
    place, then = facts.place, AbleThen(facts, rules)
    able = {agent_id: then.able(agent_id) for agent_id in facts.spans}
    there = {agent_id: both(then.on_duty(agent_id), spans) for agent_id, spans in able.items()}
    tracks = sorted(
        (Track(agent_id, able[agent_id], facts.spans[agent_id], place.queued_at) for agent_id, own in there.items() if own),
        key=lambda track: (track.able_after_s, track.agent_id),
    )
    last, offered = rules[-1], _offered(then, facts)
    passings = tuple(
        Passing(offer, _why_before(then.at(then.seconds(offer.at)).rules.policy, place, other), other, _rang_in_vain(facts, offer))
        for offer in facts.offers
        if offer.interaction_id != place.interaction_id and (other := facts.places.get(offer.interaction_id)) is not None
        and holds_at(able.get(offer.agent_id, ()), then.seconds(offer.at))
        and not holds_at(offered, then.seconds(offer.at))
    )  # fmt: skip
    asked = then.stretches[-1]
    needs, asked_alone = _needed(asked), all(circle.agent for circle in asked.circles)
    skills = {agent_id: last.skills.get(agent_id, {}) for agent_id, own in able.items() if not own}
    unable = Counter(_lacking(needs, own) for own in skills.values() if not needs.met_by(own))
    at_no_place = [agent_id for agent_id, own in skills.items() if needs.met_by(own)]
    offers = tuple(
        (offer, candidates(offer, facts, then, able, occupied))
        for offer in facts.offers
        if offer.interaction_id == place.interaction_id
    )
    rings, turns = tuple(_rings(then, there, place.queue)), tuple(_turns(then, there, rules))
    elsewhere = Counter(_elsewhere(then, agent_id) for agent_id in at_no_place if asked.plan.tiers and not asked_alone)
    return WaitStory(facts, rings, tuple(tracks), dict(unable.most_common()), passings, offers, turns, dict(elsewhere))


def _elsewhere(then: AbleThen, agent_id: str) -> Elsewhere:
    rules = then.stretches[-1].rules
    site = rules.policy.site(rules.sites.get(agent_id, ""))
    if site is None:
        return Elsewhere("", closed=False)
    return Elsewhere(site.name, site.when_closed is None and not site.opening.is_open(then.ended_at))


def _offered(then: AbleThen, facts: WaitFacts) -> list[Seconds]:
    """When this caller was offered to somebody: nobody is served before who does not stand in line."""
    own = facts.place.interaction_id
    return [
        (then.seconds(span.start), then.seconds(span.end))
        for spans in facts.spans.values() for span in spans if span.interaction_id == own
    ]  # fmt: skip


def _rang_in_vain(facts: WaitFacts, offer: Offer) -> bool:
    """Whether the agent was given to them and taken back within this wait, before anybody had answered."""
    since = [span for span in facts.spans.get(offer.agent_id, ()) if span.start >= offer.at]
    theirs = list(takewhile(lambda span: span.interaction_id == offer.interaction_id, since))
    return 0 < len(theirs) < len(since) and all(span.state in (AgentState.RESERVED, AgentState.RINGING) for span in theirs)


def _needed(stretch: Stretch) -> Needs:
    """What was enough: the least that one of the circles asks for."""
    return any_of(weakest(circle.needs for circle in stretch.circles))


def _rings(then: AbleThen, there: Mapping[str, Sequence[Seconds]], queue: str) -> Iterator[RingStory]:
    """Each time that a wider ring began or another policy came into force; `there` says when who was there and could."""
    before: Stretch | None = None
    for stretch in then.stretches:
        policy = stretch.rules.policy
        is_new = before is not None and policy is not before.rules.policy
        if before is None or is_new or stretch.ring != before.ring:
            first = stretch.plan.rings[stretch.ring].circles[0]
            able = sum(holds_at(spans, stretch.from_s) for spans in there.values())
            sites = tuple(dict.fromkeys(each.site for each in stretch.circles if policy.site(each.site) is not None))
            alone = stretch.alone if first.agent else None
            number = stretch.rules.number if is_new else None
            instead = "" if policy.find(queue) is not None else policy.fallback
            yield RingStory(stretch.from_s, _needed(stretch), able, alone, sites, number, instead)
        before = stretch


def _turns(then: AbleThen, there: Mapping[str, Sequence[Seconds]], rules: Sequence[Rules]) -> list[Turn]:
    """Who came on duty or left, and whose skills or site were changed, so that they could serve the caller, or no more."""
    changes: dict[float, tuple[Rules, Rules]] = {}
    for before, after in pairwise(rules):
        at_s = then.seconds(after.since)
        changes[at_s] = (changes.get(at_s, (before,))[0], after)  # several at one moment are one
    found = []
    for agent_id, spans in there.items():
        duty = then.on_duty(agent_id)
        came, left = {begin for begin, _ in duty}, {end for _, end in duty}
        for begin, end in spans:
            if begin > 0 and (begin in came or _is_another(changes.get(begin), agent_id)):
                found.append(Turn(begin, agent_id, How.CAME if begin in came else How.LEARNT))
            if end < then.waited_s and (end in left or _is_another(changes.get(end), agent_id)):
                found.append(Turn(end, agent_id, How.LEFT if end in left else How.UNLEARNT))
    return sorted(found, key=lambda turn: (turn.after_s, turn.agent_id))


def _is_another(change: tuple[Rules, Rules] | None, agent_id: str) -> bool:
    """Whether the agent's skills or site were others before."""
    if change is None:
        return False
    before, after = ((held.skills.get(agent_id), held.sites.get(agent_id)) for held in change)
    return before != after


def _why_before(policy: Policy, mine: Place, other: Place) -> Before:
    if other.priority is not None and other.priority <= FIRST:
        return Before.LOST_AGENT
    if policy.number(other) > policy.number(mine):
        return Before.AFTER
    if other.queued_at <= mine.queued_at:
        return Before.EARLIER
    queues = [policy.queue_or_fallback(place.queue).priority for place in (other, mine)]
    return Before.PRIORITY if queues[0] < queues[1] else Before.CREDIT


def _lacking(needs: Needs, skills: Proficiencies) -> Needs:
    """The first part that is needed and not there."""
    if isinstance(needs, AtLeast) and needs.count == len(needs.parts):
        return next((part for part in needs.parts if not part.met_by(skills)), needs)
    return needs
