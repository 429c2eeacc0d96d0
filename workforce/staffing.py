"""How planners want their queues staffed: targets beside the policy's own, shrinkage, patience, chats at once."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import BadInput
from routing.policy import Policy
from workforce.erlang_need import Target
from workforce.forecast import ForecastRow
from workforce.mean_patience import MeanPatience
from workforce.staff_need import Handled, QueuePlan, StaffRow, staff_rows
from workforce.staff_search import Demand

PATIENCE_DAYS = 90
FEWEST_GAVE_UP = 20
PatienceOf = Callable[[str], MeanPatience | None]
"""Of a queue; None: nobody waited."""


class WishWrong(BadInput):
    """A wish that can't be; `field` is its name."""

    code = "wish_wrong"

    def __init__(self, name: str, least: float, most: float) -> None:
        bounds = f"must be {least:g} or more" if math.isinf(most) else f"does not lie from {least:g} to {most:.12g}"
        super().__init__(f"{name} {bounds}.", "Correct it.")
        self.field, self.least, self.most = name, least, most


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to staff. `service_level` and `answer_within_s` None: as the policy has them; `patience_s` None: learned; `aht_s` where
    none is known; `at_once` by queue. Shares 0 to 1; a `service_level` of 0 is no target, beside one that is."""

    shrinkage: float = 0.0
    patience_s: float | None = None
    aht_s: float | None = None
    asa_s: float | None = None
    abandoned_share: float | None = None
    occupancy: float | None = None
    service_level: float | None = None
    answer_within_s: float | None = None
    at_once: Mapping[str, Handled] = field(default_factory=dict)

    def __post_init__(self) -> None:
        bounds = (
            ("shrinkage", 0.0, 0.95), ("patience_s", 1.0, math.inf), ("aht_s", 1.0, 86_400.0), ("asa_s", 0.1, 86_400.0),
            ("abandoned_share", 0.0001, 1.0), ("occupancy", 0.01, 1.0), ("service_level", 0.0, 1.0),
            ("answer_within_s", 0.0, 86_400.0),
        )  # fmt: skip
        for name, least, most in bounds:
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise WishWrong(name, least, most)
        if self.service_level == 0 and (self.asa_s, self.abandoned_share, self.occupancy) == (None, None, None):
            raise WishWrong("service_level", 0.01, 1.0)


@dataclass(frozen=True, slots=True)
class Learned:
    """The patience that a queue is staffed by; `known` None: as given, or as if nobody gave up."""

    patience_s: float
    known: MeanPatience | None
    given: bool = False


def learned(wishes: Wishes, found: MeanPatience | None) -> Learned:
    """As given, else as on record; endless where fewer than 20 gave up."""
    if wishes.patience_s is not None:
        return Learned(wishes.patience_s, None, given=True)
    if found is None or found.gave_up < FEWEST_GAVE_UP:
        return Learned(math.inf, None)
    return Learned(found.mean_s, found)


def queue_plan(policy: Policy, queue: str, wishes: Wishes, patience: Learned) -> QueuePlan:
    """What this queue is staffed by. Raises NotFound for one that is not there."""
    known = policy.queue(queue)
    target = Target(
        known.service_target if wishes.service_level is None else wishes.service_level or None,
        known.answer_within_s if wishes.answer_within_s is None else wishes.answer_within_s,
        known.short_abandon_s, wishes.asa_s, wishes.abandoned_share, wishes.occupancy,
    )  # fmt: skip
    return QueuePlan(target, patience.patience_s, wishes.shrinkage, wishes.at_once.get(queue, Handled()), wishes.aht_s)


def staffed(policy: Policy, rows: Iterable[ForecastRow], wishes: Wishes, patience_of: PatienceOf) -> dict[str, list[StaffRow]]:
    """What each queue needs, interval by interval. Raises as staff_rows and queue_plan do."""
    own: dict[str, list[ForecastRow]] = {}
    for row in rows:
        own.setdefault(row.queue, []).append(row)
    return {
        queue: staff_rows(each, queue_plan(policy, queue, wishes, learned(wishes, patience_of(queue))))
        for queue, each in own.items()
    }


def demands(policy: Policy, rows: Sequence[StaffRow], wishes: Wishes, patience_of: PatienceOf) -> list[Demand]:
    """What comes to each queue in one interval, and what is to hold there, for a search."""
    found = []
    for row in rows:
        plan = queue_plan(policy, row.queue, wishes, learned(wishes, patience_of(row.queue)))
        level = plan.target.service_level
        share = policy.queue(row.queue).service_target if level is None else float(level)  # type: ignore[arg-type]
        found.append(Demand(row.queue, row.callers * 60 / row.minutes, row.aht_s, plan.patience_s, share))
    return found
