"""What held when: the policy, what agents could do and where they were, from moment to moment of the past."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.events import Event, EventKind
from routing.needs import Proficiencies
from routing.policy import Policy
from routing.wait_facts import sites_then, skills_then


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds `since` a moment: the policy and its number (0: what Halo ships), the agents' skills and sites."""

    since: datetime
    policy: Policy
    number: int
    skills: Mapping[str, Proficiencies]
    sites: Mapping[str, str]


def rules_during(
    start: datetime, end: datetime, policies: Sequence[tuple[datetime, int, Policy]], skills: Mapping[str, Proficiencies],
    sites: Mapping[str, str], changed_since_start: Iterable[Event],
) -> tuple[Rules, ...]:  # fmt: skip
    """The rules of [start, end), the first of them as of `start`.

    `policies` are those that came into force, each since when, the first one at `start` or before. `skills` and `sites` are those
    of now, and the changes all that were made from `start` until now, in the order of the log.
    """
    changes = [event for event in changed_since_start if event.kind is EventKind.AGENT_SKILLS_CHANGED]
    able, there = dict(skills_then(skills, changes)), sites_then(sites, changes)
    _, number, policy = policies[0]
    found = [Rules(start, policy, number, dict(able), dict(there))]
    steps: list[tuple[datetime, Event | tuple[int, Policy]]] = [(event.at, event) for event in changes if event.at < end]
    steps += [(since, (number, policy)) for since, number, policy in policies[1:] if since < end]
    for at, step in sorted(steps, key=lambda each: each[0]):
        if isinstance(step, tuple):
            number, policy = step
        elif step.agent_id in able:
            able[step.agent_id] = step.data.get("after") or {}
            if "site_after" in step.data:
                there[step.agent_id] = str(step.data["site_after"])
        found.append(Rules(max(at, start), policy, number, dict(able), dict(there)))
    return tuple(found)
