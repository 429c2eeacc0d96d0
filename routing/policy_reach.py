"""Who can serve the callers of a queue, ring by ring: of the agents as they are now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from routing.agents import Profile
from routing.needs import Needs, just_enough
from routing.plans import ANYWHERE, Circle, Plan
from routing.policy import Policy

LANGUAGES = ("id", "en")


@dataclass(frozen=True, slots=True)
class Reach:
    """From `after_s` of waiting on these circles count, and these agents can serve the caller."""

    after_s: float
    circles: tuple[Circle, ...]
    able: frozenset[str]


@dataclass(frozen=True, slots=True)
class Callers:
    """Callers of these languages are treated alike in a queue; no language: all callers are."""

    languages: tuple[str, ...]
    rings: tuple[Reach, ...]


class _Floor:
    """Agents by where the engine takes them to be, as if all were on duty."""

    def __init__(self, policy: Policy, agents: Mapping[str, Profile]) -> None:
        self._there: dict[str, list[Profile]] = {ANYWHERE: list(agents.values())}
        self._held: dict[Circle, frozenset[str]] = {}
        for profile in agents.values():
            where = policy.site_of_agent(profile.site)
            if where != ANYWHERE:
                self._there.setdefault(where, []).append(profile)

    def held(self, circle: Circle) -> frozenset[str]:
        """Who is in the circle."""
        if circle not in self._held:
            there = self._there.get(circle.site, ())
            self._held[circle] = frozenset(
                one.agent_id for one in there if circle.holds(one.agent_id, one.proficiencies, circle.site)
            )
        return self._held[circle]

    def passing(self, plan: Plan, after_s: float) -> tuple[Plan, int]:
        """The plan that holds after so long a wait, and its ring: a wider one while nobody at its sites could serve the caller."""
        ring = plan.ring_at(after_s)
        while plan.wider is not None and not any(map(self.held, plan.circles_at(ring))):
            plan = plan.wider
            ring = plan.ring_at(after_s)
        return plan, ring


def reach_of(policy: Policy, plan: Plan, agents: Mapping[str, Profile]) -> tuple[Reach, ...]:
    """Each ring of a plan, with whom it reaches of these agents, by id, when all are on duty: sites at which nobody could serve the
    caller are passed at once. Where sites are heeded a ring's own circles are those that it adds, without the ones that lie
    within another of them."""
    floor = _Floor(policy, agents)
    found: list[Reach] = []
    able: frozenset[str] = frozenset()
    known: frozenset[Circle] = frozenset()
    after_s: float | None = 0.0
    while after_s is not None:
        plan, ring = floor.passing(plan, after_s)
        circles = plan.circles_at(ring) if plan.tiers else plan.rings[ring].circles
        fresh = tuple(circle for circle in circles if circle not in known)
        able = able.union(*map(floor.held, fresh))
        known = known.union(circles)
        found.append(Reach(after_s, _outermost(fresh) if plan.tiers else circles, able))
        after_s = plan.next_ring_s(ring)
    return tuple(found)


def _outermost(circles: tuple[Circle, ...]) -> tuple[Circle, ...]:
    """The circles that do not lie within another one at the same site, which asks for less."""
    asked: dict[str, list[Needs]] = {}
    for circle in circles:
        asked.setdefault(circle.site, []).append(circle.needs)
    outer = {several: weakest(several) for several in set(map(tuple, asked.values()))}
    return tuple(circle for circle in circles if circle.needs in outer[tuple(asked[circle.site])])


def weakest(several: Iterable[Needs]) -> list[Needs]:
    """Without those that nobody meets who does not meet another one, too."""
    kept: list[Needs] = []
    for needs in several:
        if not any(_implies(needs, other) for other in kept):
            kept = [*(other for other in kept if not _implies(other, needs)), needs]
    return kept


def _implies(needs: Needs, other: Needs) -> bool:
    least = just_enough(needs)
    return least is not None and other.met_by(least)


def callers_of(policy: Policy, queue: str, agents: Mapping[str, Profile]) -> tuple[Callers, ...]:
    """The kinds of callers that a queue tells apart, by what their language adds; they may be anywhere."""
    alike: dict[tuple[Reach, ...], list[str]] = {}
    for language in LANGUAGES:
        alike.setdefault(reach_of(policy, policy.plan(queue, language), agents), []).append(language)
    return tuple(Callers(tuple(languages) if len(alike) > 1 else (), rings) for rings, languages in alike.items())
