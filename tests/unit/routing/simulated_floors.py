"""Small floors for the simulation's tests: agents who are all alike, and callers whom anybody can serve."""

from routing.demand import Poisson
from routing.needs import NOTHING
from routing.plans import Circle, Plan, Ring
from routing.shifts import RosteredAgent

ANYBODY = Plan((Ring(0, (Circle(NOTHING),)),))


def alike(count: int) -> list[RosteredAgent]:
    """So many agents, always on duty."""
    return [RosteredAgent(f"a{number:03}", {}) for number in range(count)]


def steady(per_s: float, length_s: float) -> Poisson:
    """Callers at the same rate all the time."""
    return Poisson((per_s * length_s,), length_s)
