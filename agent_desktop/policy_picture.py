"""The policy as a picture: each queue's rings as steps on one time axis, as high as there are agents who can serve. Geometry."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routing.agents import Profile
from routing.needs import Needs
from routing.plans import ANYWHERE
from routing.policy import Policy, Queue
from routing.policy_reach import Callers, Reach, callers_of

HEIGHT = 56
_TOP = 18  # room for the number above the step
_LEAST_SHOWN = 2.0
_TICKS_S = (15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 86_400)
_SHORTEST_AXIS_S, _BEYOND = 60.0, 1.3
_CLOSEST_TICKS = 9.0  # per cent of the width


@dataclass(frozen=True, slots=True)
class Step:
    """A ring from `x` on, `width` wide (per cent of the width), `y` from the top and `height` (pixels).

    `added` came in with this ring; `here` of the `able` are logged in. `asked`: what it asks for, with the sites at which it does;
    none: wherever they are. `by_site`: how many of the able are at each site of the policy and at none (ELSEWHERE); nothing where
    the queue does not heed sites.
    """

    x: float
    width: float
    y: float
    height: float
    reach: Reach
    added: int
    here: int
    asked: tuple[tuple[Needs, tuple[str, ...]], ...]
    by_site: tuple[tuple[str, int], ...]

    @property
    def able(self) -> int:
        """How many agents can serve the caller in this ring."""
        return len(self.reach.able)


@dataclass(frozen=True, slots=True)
class Stair:
    """The rings of callers who are treated alike."""

    callers: Callers
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class QueuePicture:
    """One queue. `alone_width`: for how long the customer's own or last agent alone may be asked (per cent); None: nobody is.
    `nobody`: callers whom no agent can ever serve, or not at first."""

    queue: Queue
    stairs: tuple[Stair, ...]
    alone_width: float | None

    @property
    def nobody(self) -> bool:
        """Whether some caller can be served by nobody, at first or ever."""
        return any(not step.able for stair in self.stairs for step in stair.steps)


@dataclass(frozen=True, slots=True)
class PolicyPicture:
    """`ticks`: where on the axis (per cent) which wait is (seconds). `agents` there are, `here` of them logged in."""

    queues: tuple[QueuePicture, ...]
    ticks: tuple[tuple[float, int], ...]
    agents: int
    here: int


def draw_policy(
    policy: Policy, agents: Mapping[str, Profile], here: frozenset[str], only: Sequence[str] | None = None
) -> PolicyPicture:
    """The picture of a policy for these agents, those in `here` logged in; with `only`, of these queues."""
    starts = [ring.after_s for asking in (*policy.queues, *policy.languages.values()) for ring in asking.rings]
    starts += [queue.longest_alone_s for queue in policy.queues]
    starts += [queue.sites.any_after_s for queue in policy.queues if queue.sites is not None]
    axis_s = max([_SHORTEST_AXIS_S, *starts]) * _BEYOND
    where = {agent_id: policy.site_of_agent(profile.site) for agent_id, profile in agents.items()}
    queues = []
    for queue in policy.queues:
        if only is None or queue.name in only:
            stairs = tuple(_stair(callers, axis_s, where, here) for callers in callers_of(policy, queue.name, agents))
            alone_s = queue.longest_alone_s
            queues.append(QueuePicture(queue, stairs, _x(alone_s, axis_s) if alone_s else None))
    return PolicyPicture(tuple(queues), _ticks(axis_s), len(agents), len(here & set(agents)))


def _stair(callers: Callers, axis_s: float, where: Mapping[str, str], here: frozenset[str]) -> Stair:
    steps: list[Step] = []
    most = max(1, len(where))
    ends = [*(ring.after_s for ring in callers.rings[1:]), axis_s]
    for ring, end_s in zip(callers.rings, ends, strict=True):
        x = _x(ring.after_s, axis_s)
        height = round((HEIGHT - _TOP) * len(ring.able) / most, 1)
        height = max(_LEAST_SHOWN, height) if ring.able else 0.0
        before = steps[-1].able if steps else 0
        steps.append(
            Step(
                x, round(_x(end_s, axis_s) - x, 2), HEIGHT - height, height, ring, len(ring.able) - before, len(ring.able & here),
                _asked(ring), _by_site(ring, where),
            )
        )  # fmt: skip
    return Stair(callers, tuple(steps))


def _asked(ring: Reach) -> tuple[tuple[Needs, tuple[str, ...]], ...]:
    asked: dict[Needs, list[str]] = {}
    for circle in ring.circles:
        sites = asked.setdefault(circle.needs, [])
        if circle.site != ANYWHERE:
            sites.append(circle.site)
    return tuple((needs, tuple(sites)) for needs, sites in asked.items())


def _by_site(ring: Reach, where: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    """The most first."""
    if all(circle.site == ANYWHERE for circle in ring.circles):
        return ()
    return tuple(Counter(where[agent_id] for agent_id in sorted(ring.able)).most_common())


def _x(after_s: float, axis_s: float) -> float:
    """Where on the axis a wait is, per cent. By its root: what happens in the first minute matters most and needs the room."""
    return round(100 * math.sqrt(min(1.0, after_s / axis_s)), 2)


def _ticks(axis_s: float) -> tuple[tuple[float, int], ...]:
    found: list[tuple[float, int]] = [(0.0, 0)]
    for tick_s in _TICKS_S:
        x = _x(tick_s, axis_s)
        if tick_s < axis_s and x - found[-1][0] >= _CLOSEST_TICKS and x <= 100 - _CLOSEST_TICKS / 2:
            found.append((x, tick_s))
    return tuple(found)
