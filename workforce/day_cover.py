"""How many agents are there in each interval of a day, for which queue, and how its callers fare with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from workforce.day_history import Floats
from workforce.day_outlook import QueueOutlook
from workforce.erlang_line import line_of

_ROUNDS = 40
Stretch = tuple[datetime, datetime]
Group = frozenset[str]
"""The queues that agents serve."""


def there_in(stretches: Iterable[Stretch], starts: Sequence[datetime], minutes: int) -> Floats:
    """Of each interval the share, 0 to 1, that the stretches cover; they do not overlap."""
    found = np.zeros(len(starts))
    if not starts:
        return found
    long_s, first = minutes * 60.0, starts[0]
    for start, end in stretches:
        from_s, to_s = (start - first).total_seconds(), (end - first).total_seconds()
        for number in range(max(0, int(from_s // long_s)), min(len(starts), int(-(-to_s // long_s)))):
            found[number] += max(0.0, min(to_s, (number + 1) * long_s) - max(from_s, number * long_s)) / long_s
    return found


def shared_out(supply: Mapping[Group, Floats], loads: Mapping[str, Floats]) -> dict[str, Floats]:
    """Agents of each queue in each interval. Who serves several is shared among them so that agents over load becomes as even as
    skills allow: weights of queues are moved towards load over agents until they rest (iterative proportional fitting)."""
    queues, groups = list(loads), [group for group in supply if group & loads.keys()]
    if not queues or not groups:
        return {queue: np.zeros_like(load) for queue, load in loads.items()}
    mask = np.array([[float(queue in group) for queue in queues] for group in groups])[:, :, None]
    load = np.array([loads[queue] for queue in queues])
    there = np.array([supply[group] for group in groups])[:, None, :]
    weight = np.maximum(load, 1e-9)
    for _round in range(_ROUNDS):
        parts = mask * weight[None]
        agents = (there * parts / np.maximum(parts.sum(axis=1, keepdims=True), 1e-300)).sum(axis=0)
        weight = np.maximum(weight * np.sqrt(np.maximum(load, 1e-9) / np.maximum(agents, 1e-9)), 1e-12)
        weight = weight / weight.max(axis=0)
    return dict(zip(queues, agents, strict=True))


@dataclass(frozen=True, eq=False)
class Levels:
    """By queue and interval: agents, and the service level with them (Erlang A or C; between whole numbers in proportion)."""

    agents: Mapping[str, Floats]
    level: Mapping[str, Floats]


def levels(outlooks: Mapping[str, QueueOutlook], agents: Mapping[str, Floats], within: Mapping[str, tuple[float, float]]) -> Levels:
    """`within`: of each queue, the seconds within which an answer counts, and those of a short abandon."""
    found = {}
    for queue, each in outlooks.items():
        load = np.array([row.load_erlang for row in each.needed])
        aht_s = np.array([row.aht_s for row in each.needed])
        low = np.floor(agents[queue])
        part = agents[queue] - low
        fewer, more = (line_of(load, count, aht_s, each.patience_s).service_level(*within[queue]) for count in (low, low + 1))
        found[queue] = np.clip(fewer + part * (more - fewer), 0.0, 1.0)
    return Levels(dict(agents), found)


def level_over(outlook: QueueOutlook, level: Floats, first: int, last: int | None = None) -> float | None:
    """The service level of the intervals from `first` to before `last`, each weighted by its callers; None without any."""
    callers = np.array([row.callers for row in outlook.needed])[first:last]
    return float((callers * level[first:last]).sum() / callers.sum()) if callers.sum() > 0 else None


def first_to_come(starts: Sequence[datetime], minutes: int, now: datetime) -> int:
    """The number of the first interval that is not over."""
    return sum(start + timedelta(minutes=minutes) <= now for start in starts)
