"""Who could serve a caller at which moment of a wait, by the rules of that moment."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from routing.agent_state import AgentState
from routing.asked_first import AskedFirst, first_of
from routing.plans import Circle, Plan
from routing.rules_then import Rules
from routing.wait_facts import Span, WaitFacts

Seconds = tuple[float, float]
"""From and to, seconds of the wait."""
_MOST_CHANGES_OF_A_SITE = 50


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `from_s` to `to_s` of the wait nothing changed but agents: these rules held, `plan` at its `ring`, with these circles.
    `alone`: that agent alone was to be asked at first. `opens`: a site opened or closed then."""

    from_s: float
    to_s: float
    rules: Rules
    plan: Plan
    ring: int
    circles: tuple[Circle, ...]
    alone: AskedFirst | None
    opens: bool = False


class AbleThen:
    """Of one wait, told by its facts and the rules that held in it, the first of them at its start."""

    def __init__(self, facts: WaitFacts, rules: Sequence[Rules]) -> None:
        self._facts, self.start, self.ended_at = facts, facts.place.queued_at, facts.ended_at
        self.waited_s = self.seconds(self.ended_at)
        self.stretches = tuple(_joined(self._cut(rules)))
        self._begins = [stretch.from_s for stretch in self.stretches]
        self._offered_s = {
            offer.agent_id: self.seconds(offer.at) for offer in facts.offers
            if offer.interaction_id == facts.place.interaction_id and offer.because.get("sites_passed")
        }  # fmt: skip
        """Whom the caller reached sooner, since better sites were passed at once: what those were like the record does not say."""

    def seconds(self, moment: datetime) -> float:
        """The moment as seconds of the wait."""
        return (moment - self.start).total_seconds()

    def at(self, after_s: float) -> Stretch:
        """What held after so long a wait."""
        return self.stretches[max(0, bisect_right(self._begins, after_s) - 1)]

    def able(self, agent_id: str) -> tuple[Seconds, ...]:
        """When the agent could serve the caller, on duty or not."""
        found: list[Seconds] = []
        offered_s = self._offered_s.get(agent_id)
        for stretch in self.stretches:
            span = (stretch.from_s, stretch.to_s)
            if not self._holds(stretch, agent_id):
                if offered_s is None or offered_s >= stretch.to_s:
                    continue
                span = (max(offered_s, stretch.from_s), stretch.to_s)
            if found and found[-1][1] == span[0]:
                span = (found.pop()[0], span[1])
            found.append(span)
        return tuple(span for span in found if span[0] < span[1])

    def on_duty(self, agent_id: str) -> tuple[Seconds, ...]:
        """When the agent was on duty, in whatever state."""
        found: list[Seconds] = []
        for span in self._facts.spans.get(agent_id, ()):
            from_s, to_s = self.seconds(span.start), self.seconds(span.end)
            if found and found[-1][1] == from_s:
                from_s = found.pop()[0]
            found.append((from_s, to_s))
        return tuple(found)

    def _holds(self, stretch: Stretch, agent_id: str) -> bool:
        """Whether the agent is in one of the circles."""
        moment = self.start + timedelta(seconds=stretch.from_s)
        return _is_asked(stretch.rules, stretch.plan, stretch.circles, agent_id, moment)

    def _cut(self, rules: Sequence[Rules]) -> Iterator[Stretch]:
        """The wait in pieces in each of which nothing changes but agents."""
        place, ahead_s = self._facts.place, self._facts.ahead_s
        duty = {agent_id: self.on_duty(agent_id) for agent_id in self._facts.spans}
        alone: AskedFirst | None = None
        gone_on = 0  # who has passed sites stays so
        for number, held in enumerate(rules):
            from_s = max(0.0, self.seconds(held.since)) if number else 0.0
            to_s = self.seconds(rules[number + 1].since) if number + 1 < len(rules) else self.waited_s
            if number == 0 or held.policy is not rules[number - 1].policy:
                alone, gone_on = first_of(held.policy.asked_first(place), self._there(from_s)), 0
            helps = {after_s: done.also for after_s, done in self._facts.overflows if after_s < to_s}
            plan = held.policy.plan_of(place, alone)
            cuts = {from_s, *helps, *(ring.after_s - ahead_s for each in _wider(plan) for ring in each.rings)}
            opens = set(self._openings(held, from_s, to_s)) if plan.tiers else set()
            if plan.tiers:
                cuts |= {*opens, *(edge for own in duty.values() for span in own for edge in span)}
            inside = sorted(cut for cut in cuts if from_s <= cut < to_s or cut == from_s)
            for begin_s, end_s in zip(inside, [*inside[1:], to_s], strict=True):
                also = next((helps[each] for each in sorted(helps, reverse=True) if each <= begin_s), ())
                helped = held.policy.helped({place.queue: also}).plan_of(place, alone) if also else plan
                there = [agent_id for agent_id, own in duty.items() if holds_at(own, begin_s)]
                moment = self.start + timedelta(seconds=begin_s)
                for step, each in enumerate(_wider(helped)):
                    ring = each.ring_at(begin_s + ahead_s)
                    circles = each.circles_at(ring)
                    if step >= gone_on and not _is_passed(held, each, circles, there, moment):
                        break
                gone_on = step
                yield Stretch(begin_s, end_s, held, each, ring, circles, alone, begin_s in opens)

    def _openings(self, held: Rules, from_s: float, to_s: float) -> Iterator[float]:
        """When sites opened or closed in this time."""
        for site in held.policy.sites:
            moment = self.start + timedelta(seconds=from_s)
            for _ in range(_MOST_CHANGES_OF_A_SITE):
                change = site.opening.next_change(moment)
                if change is None or self.seconds(change) >= to_s:
                    break
                yield self.seconds(change)
                moment = change

    def _there(self, after_s: float) -> Collection[str]:
        """Who was on duty and not away at this moment."""
        moment = self.start + timedelta(seconds=after_s)
        return {
            agent_id for agent_id, spans in self._facts.spans.items() if any(_is_there(span, moment) for span in spans)
        }  # fmt: skip


def _is_there(span: Span, moment: datetime) -> bool:
    return span.start <= moment < span.end and span.state is not AgentState.NOT_READY


def _joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """The same, but for one that goes on as the one before it."""
    before: Stretch | None = None
    for each in stretches:
        is_same = before is not None and each.ring == before.ring and each.rules is before.rules and each.plan is before.plan
        if before is not None and is_same and not each.opens:
            before = replace(before, to_s=each.to_s)
            continue
        if before is not None:
            yield before
        before = each
    if before is not None:
        yield before


def _wider(plan: Plan) -> list[Plan]:
    """The plan, and those that hold one after the other when sites are passed at once."""
    found = [plan]
    while found[-1].wider is not None:
        found.append(found[-1].wider)
    return found


def _is_asked(rules: Rules, plan: Plan, circles: Sequence[Circle], agent_id: str, moment: datetime) -> bool:
    """Whether the agent is in one of the circles. Nobody is while their site is closed, where the queue heeds sites."""
    name = rules.sites.get(agent_id, "")
    site = rules.policy.site(name) if plan.tiers else None
    if site is not None and site.when_closed is None and not site.opening.is_open(moment):
        return False
    there, skills = rules.policy.site_of_agent(name), rules.skills.get(agent_id, {})
    return any(circle.holds(agent_id, skills, there) for circle in circles)


def _is_passed(rules: Rules, plan: Plan, circles: Sequence[Circle], there: Sequence[str], moment: datetime) -> bool:
    """Whether nobody should wait for the sites of this plan alone: they are closed, or nobody who could is on duty there."""
    at_sites = [circle for circle in circles if circle.site and not circle.agent]
    return bool(at_sites) and not any(_is_asked(rules, plan, at_sites, agent_id, moment) for agent_id in there)


def both(some: Sequence[Seconds], others: Sequence[Seconds]) -> tuple[Seconds, ...]:
    """What lies in one of the ones and in one of the others."""
    found = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return tuple(sorted((begin, end) for begin, end in found if begin < end))


def holds_at(spans: Sequence[Seconds], after_s: float) -> bool:
    """Whether a moment lies in one of these spans, each of which ends before its last moment."""
    return any(begin <= after_s < end for begin, end in spans)
