"""What is wrong with a policy in an installation: what leads to queues that it has not, and what nobody can do."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from core.problem import Problem
from routing.needs import Proficiencies
from routing.policy_file import PolicyText
from routing.site_check import idle_sites


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a policy must go with. `leads`: who leads to a queue, in words, by its name; `agents`: what each of them can do;
    `reasons`: the codes of why callers call; `agent_sites`: where each of the agents is."""

    leads: Mapping[str, str] = field(default_factory=dict)
    agents: Collection[Proficiencies] = ()
    reasons: Collection[str] = ()
    agent_sites: Collection[str] = ()


def policy_problems(text: PolicyText, around: Surroundings) -> list[Problem]:
    """Everything that is wrong, in the order of the lines."""
    found = [*_missing_queues(text, around), *_idle_needs(text, around), *_reasons(text, around)]
    return sorted([*found, *idle_sites(text.policy, text.place, around.agent_sites)], key=lambda one: one.line)


def _missing_queues(text: PolicyText, around: Surroundings) -> Iterator[Problem]:
    for name, who in around.leads.items():
        if text.policy.find(name) is None:
            yield Problem(
                text.place("queues"), f"There is no queue {name}, but {who} leads to it.", f"Keep it, or change {who} first."
            )


def _idle_needs(text: PolicyText, around: Surroundings) -> Iterator[Problem]:
    """Queues whose first callers nobody can serve, and those whose callers nobody ever can."""
    for index, queue in enumerate(text.policy.queues):
        rings = text.policy.plan(queue.name, "").rings
        first = next((ring.after_s for ring in rings if any(
            circle.needs.met_by(agent) for circle in ring.circles for agent in around.agents
        )), None)  # fmt: skip
        place = text.place("queues", index, "needs")
        step = "Give agents these skills, or ask for less."
        if first is None:
            yield Problem(place, f"No agent can serve the callers of {queue.name}.", step, serious=False)
        elif first > 0:
            what = f"No agent can serve the callers of {queue.name} in their first {first:g} seconds."
            yield Problem(place, what, step, serious=False)


def _reasons(text: PolicyText, around: Surroundings) -> Iterator[Problem]:
    for reason in text.policy.order.credit_s.reasons:
        if reason not in around.reasons:
            place = text.place("order", "credit_s", "reasons", reason)
            yield Problem(place, f"There is no reason {reason}.", f"Use one of: {', '.join(around.reasons)}.")
