"""Agents who can do the same, and which queues they serve."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import BadInput
from routing.needs import Proficiencies
from routing.policy import Policy
from routing.shifts import RosteredAgent


@dataclass(frozen=True)
class SkillGroup:
    """`most`: so many of them there are."""

    name: str
    proficiencies: Mapping[str, int]
    most: int

    def agents(self, count: int) -> list[RosteredAgent]:
        """So many of them, on duty all the time."""
        return [RosteredAgent(f"{self.name} {number:04d}", self.proficiencies) for number in range(count)]


def without_sites(policy: Policy) -> Policy:
    """The same policy where it makes no difference where agents and callers are."""
    if not policy.sites:
        return policy
    return Policy.model_validate({name: getattr(policy, name) for name in Policy.model_fields} | {"sites": ()})


def skill_groups(agents: Iterable[Proficiencies]) -> list[SkillGroup]:
    """Those who can do the same together, named after their skills; the largest group first."""
    counted: dict[tuple[tuple[str, int], ...], int] = {}
    for each in agents:
        key = tuple(sorted(each.items()))
        counted[key] = counted.get(key, 0) + 1
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return [SkillGroup(" ".join(f"{skill}={level}" for skill, level in key) or "anybody", dict(key), most) for key, most in ordered]


def served_by(policy: Policy, queues: Sequence[str], groups: Sequence[SkillGroup]) -> dict[str, list[int]]:
    """Of each queue, the numbers of the groups that serve its callers, those first whom the fewest other queues can have; those of
    wider rings last. Raises BadInput for a queue that no group serves."""
    rings: dict[str, dict[int, int]] = {}
    for queue in queues:
        plan = policy.plan(queue, "")
        rings[queue] = {}
        for number, group in enumerate(groups):
            for ring, each in enumerate(plan.rings):
                if any(circle.needs.met_by(group.proficiencies) for circle in each.circles):
                    rings[queue][number] = ring
                    break
        if not rings[queue]:
            raise BadInput(f"No agent can serve the callers of {queue}.", "Give agents the skills that the queue needs.")
    wanted = [sum(number in own for own in rings.values()) for number in range(len(groups))]
    return {queue: sorted(own, key=lambda number: (own[number], wanted[number], number)) for queue, own in rings.items()}
