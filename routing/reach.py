"""How far agents reach: which queues an agent can serve and from which ring on, and what queues need and too few can do."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from routing.needs import AtLeast, Needs, Nothing, Proficiencies
from routing.plans import Plan
from routing.policy import Policy

ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Reach:
    """The first ring, from 0, in which an agent may be offered callers of a queue, and the wait at which it begins, of callers who
    may be anywhere. `at_latest`: sooner, when the sites asked before are passed; `near_first`: later, when the caller is known to
    be farther from the agent's site than from others.

    `language` is "" for callers of whom no language asks for more.
    """

    queue: str
    language: str
    ring: int
    after_s: float
    at_latest: bool = False
    near_first: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Callers of this queue, or of this language where `queue` is "", need something of which the skill is a part from the start,
    and only `able` agents, fewer than ENOUGH, can do it."""

    skill: str
    queue: str
    language: str
    needs: Needs
    able: int


def reaches(policy: Policy, agent_id: str, proficiencies: Proficiencies, site: str) -> dict[tuple[str, str], Reach]:
    """By queue and language ("" and each that asks for something), of an agent who is on record at this site ("": at none); what
    the agent can never serve is left out."""
    found: dict[tuple[str, str], Reach] = {}
    where = policy.site_of_agent(site)
    own = policy.site(where)
    for queue in policy.queues:
        for language in ("", *policy.languages):
            plan = policy.plan(queue.name, language)
            ring = first_ring(plan, agent_id, proficiencies, where)
            if ring is not None:
                after_s, soonest_s = plan.rings[ring].after_s, _soonest_s(plan, agent_id, proficiencies, where)
                near_first = (
                    queue.sites is not None and not queue.sites.share and own is not None and own.speaks(language)
                    and len(policy.sites) > 1
                )  # fmt: skip
                found[queue.name, language] = Reach(queue.name, language, ring, after_s, soonest_s < after_s, near_first)
    return found


def first_ring(plan: Plan, agent_id: str, proficiencies: Proficiencies, site: str) -> int | None:
    """The first ring with a circle that holds this agent at this site; None when there is none."""
    return next(
        (
            number
            for number, ring in enumerate(plan.rings)
            if any(circle.holds(agent_id, proficiencies, site) for circle in ring.circles)
        ),
        None,
    )


def _soonest_s(plan: Plan, agent_id: str, proficiencies: Proficiencies, site: str) -> float:
    """After how long a wait the agent may be offered the caller when every site before theirs is passed."""
    while plan.wider is not None:
        plan = plan.wider
    ring = first_ring(plan, agent_id, proficiencies, site)
    assert ring is not None, "a wider plan reaches everybody whom the plan reaches"
    return plan.rings[ring].after_s


def skills_asked(policy: Policy) -> list[str]:
    """Every skill that a queue or a language asks for, each once, in the order in which the policy names them."""
    asked: dict[str, None] = {}
    for asking in (*policy.queues, *policy.languages.values()):
        asked |= dict.fromkeys(sorted(asking.at_first().skills()))
    return list(asked)


def gaps(policy: Policy, agents: Collection[Proficiencies]) -> list[Gap]:
    """What nobody or one agent alone can do although queues and languages need it, in the order of the policy."""
    able: dict[Needs, int] = {}

    def count(part: Needs) -> int:
        if part not in able:
            able[part] = sum(part.met_by(agent) for agent in agents)
        return able[part]

    return [
        Gap(skill, queue, language, part, count(part))
        for queue, language, needs in _asking(policy)
        for part in _parts(needs)
        if count(part) < ENOUGH
        for skill in sorted(part.skills())
    ]


def _asking(policy: Policy) -> Iterator[tuple[str, str, Needs]]:
    for queue in policy.queues:
        yield queue.name, "", queue.at_first()
    spoken: Mapping[str, Needs] = {language: asking.at_first() for language, asking in policy.languages.items()}
    for language, needs in spoken.items():
        yield "", language, needs


def _parts(needs: Needs) -> tuple[Needs, ...]:
    """What must all be met."""
    if isinstance(needs, Nothing):
        return ()
    return needs.parts if isinstance(needs, AtLeast) and needs.count == len(needs.parts) else (needs,)
