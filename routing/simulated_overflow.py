"""Queues that overflow on a simulated day, by what a simulation can judge: how many wait, and whether anybody is there."""

from collections.abc import Callable, Mapping, Sequence

from routing.overflow import Overflow, Overflows, QueueNow
from routing.plans import Plan
from routing.policy import Policy


class SimulatedOverflow:
    """`queues` are those of the streams, in their order; `plan_of` gives a stream's plan under a policy.

    What depends on the expected wait, or on closing time, does not happen here, nor is anybody offered a call.
    """

    def __init__(self, policy: Policy, queues: Sequence[str], plan_of: Callable[[Policy, int], Plan]) -> None:
        self._policy, self._queues, self._plan_of = policy, queues, plan_of
        self._rules = {queue.name: _judged(queue.overflow) for queue in policy.queues if _judged(queue.overflow)}
        self._numbers = {name: [number for number, own in enumerate(queues) if own == name] for name in self._rules}
        self._overflows = Overflows()
        self._also: dict[str, tuple[str, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self._rules)

    def look(self, in_line: Sequence[int], is_staffed: Callable[[Plan], bool]) -> Mapping[int, Plan]:
        """The streams whose plan is another one from now on. `in_line` counts those who wait, by stream; `is_staffed` says whether
        anybody on duty is in a plan."""
        now = {
            name: QueueNow(sum(in_line[number] for number in numbers), None, is_staffed(self._policy.plan(name, "")))
            for name, numbers in self._numbers.items()
        }
        changed = self._overflows.look(self._rules, now)
        if not changed:
            return {}
        self._also = {**self._also, **{name: done.also for name, done in changed.items()}}
        helped = self._policy.helped({name: also for name, also in self._also.items() if also})
        return {number: self._plan_of(helped, number) for name in changed for number in self._numbers[name]}


def _judged(rules: Sequence[Overflow]) -> tuple[Overflow, ...]:
    return tuple(rule for rule in rules if rule.also and (rule.waiting is not None or rule.unstaffed))
