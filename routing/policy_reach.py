"""Who can serve the callers of a queue, ring by ring: of the agents as they are now."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.needs import Proficiencies
from routing.plans import Circle, Plan
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


def reach_of(plan: Plan, agents: Mapping[str, Proficiencies]) -> tuple[Reach, ...]:
    """Each ring of a plan, with whom it reaches. A ring's own circles are those that it adds."""
    found: list[Reach] = []
    able: frozenset[str] = frozenset()
    for ring in plan.rings:
        able |= {key for key, skills in agents.items() if any(circle.holds(key, skills) for circle in ring.circles)}
        found.append(Reach(ring.after_s, ring.circles, able))
    return tuple(found)


def callers_of(policy: Policy, queue: str, agents: Mapping[str, Proficiencies]) -> tuple[Callers, ...]:
    """The kinds of callers that a queue tells apart, by what their language adds."""
    alike: dict[Plan, list[str]] = {}
    for language in LANGUAGES:
        alike.setdefault(policy.plan(queue, language), []).append(language)
    return tuple(Callers(tuple(languages) if len(alike) > 1 else (), reach_of(plan, agents)) for plan, languages in alike.items())
