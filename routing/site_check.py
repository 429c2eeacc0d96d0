"""What is wrong with the sites of a policy, by line."""

from collections.abc import Callable, Collection, Iterator

from core.problem import Problem
from routing.policy import Policy

Where = Callable[..., str]
"""The place of a part of the policy, as people find it."""


def site_contradictions(policy: Policy, place: Where) -> Iterator[Problem]:
    """Where the sites don't go with each other or with the queues: the policy can't be used so."""
    names = [site.name for site in policy.sites]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Problem(place("sites", index, "name"), f"There are two sites {name}.", "Give each a name of its own.")
    step = f"Use one of: {', '.join(dict.fromkeys(names))}." if names else "Write the sites under `sites`."
    for index, queue in enumerate(policy.queues):
        if queue.sites is None:
            continue
        if not names:
            yield Problem(place("queues", index, "sites"), "The policy has no sites, but this queue is to use them.", step)
            continue
        for name in queue.sites.share:
            if name not in names:
                yield Problem(place("queues", index, "sites", "share", name), f"There is no site {name}.", step)


def idle_sites(policy: Policy, place: Where, agent_sites: Collection[str]) -> Iterator[Problem]:
    """Sites that never get a call, where queues use them: nobody is there, or they are never open. `agent_sites`: where each agent
    is."""
    used = any(queue.sites is not None for queue in policy.queues)
    for index, site in enumerate(policy.sites):
        if site.opening.never_open:
            what, step = f"The site {site.name} is closed for ever.", "Write its times, or always."
            yield Problem(place("sites", index, "hours"), what, step, serious=False)
        if used and site.name not in agent_sites:
            step = f"See ./halo routing site AGENT {site.name}."
            yield Problem(place("sites", index, "name"), f"No agent is at the site {site.name}.", step, serious=False)
    lost = sum(policy.site(site) is None for site in agent_sites)
    if used and lost:
        what = f"Agents at no site of the policy: {lost}. Queues with `sites` ask them last."
        yield Problem(place("sites"), what, "See ./halo routing site.", serious=False)
