"""The simulation against closed forms: each lies in the confidence interval of some simulated days."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from routing.demand import ENDLESS, Always, Exponential, Retrials, Stream
from routing.needs import Skill
from routing.order import NORMAL
from routing.plans import Circle, Plan, Ring
from routing.replications import Estimate, replicate
from routing.shifts import RosteredAgent
from routing.simulate import simulate
from routing.simulated_day import SimulatedDay
from tests.unit.routing.simulated_floors import ANYBODY, alike, steady
from workforce.erlang import asa_s, erlang_b, erlang_c, service_level

FIGURES = {
    "waits": lambda day: day.figures(from_s=WARM_S).delayed_share,
    "abandons": lambda day: day.figures(from_s=WARM_S).abandoned_share,
    "wait_s": lambda day: day.figures(from_s=WARM_S).mean_wait_s,
    "service_level": lambda day: day.figures(from_s=WARM_S).service_level,
    "blocked": lambda day: (found := day.figures(from_s=WARM_S)).blocked / (found.offered + found.blocked),
    "occupancy": lambda day: sum(share or 0.0 for share in day.occupancy().values()) / len(day.agents),
}
WARM_S, DAYS = 50.0, 12


def days_of(agents: Sequence[RosteredAgent], *streams: Stream, confidence: float = 0.99) -> dict[str, Estimate]:
    return replicate(lambda number: simulate(agents, streams, 7, number), FIGURES, DAYS, confidence)


def birth_and_death(per_s: float, agents: int, room: int, gives_up_per_s: float) -> tuple[float, float, float]:
    """Of those offered to `agents` who handle one a second each: the shares that wait and that give up, and their mean wait.

    The stationary distribution of a birth-and-death process, by its detailed balance; Little's law for the wait.
    """
    weights = [1.0]
    for there in range(1, agents + room + 1):
        weights.append(weights[-1] * per_s / (min(there, agents) + gives_up_per_s * max(0, there - agents)))
    offered = sum(weights[:-1])  # who comes when all places are taken is blocked
    in_line = sum(weight * (there - agents) for there, weight in enumerate(weights) if there > agents)
    return sum(weights[agents:-1]) / offered, gives_up_per_s * in_line / per_s / offered, in_line / per_s / offered


def test_without_patience_to_lose_it_is_erlang_c() -> None:
    found = days_of(alike(10), Stream("all", ANYBODY, steady(8, 1000), Exponential(1), answer_within_s=0.2))
    assert found["waits"].holds(erlang_c(8, 10))
    assert found["wait_s"].holds(asa_s(8, 10, 1))
    assert found["service_level"].holds(service_level(8, 10, 0.2, 1))
    assert found["occupancy"].holds(0.8)
    assert found["wait_s"].half_width < 0.25 * asa_s(8, 10, 1)


def test_with_impatient_callers_it_is_erlang_a() -> None:
    """M/M/100+M with a load of 100 and callers twice as patient as the handling is long, by birth and death."""
    found = days_of(alike(100), Stream("all", ANYBODY, steady(100, 150), Exponential(1), Exponential(2)))
    for name, exact in {"waits": 0.59670314, "abandons": 0.033030153, "wait_s": 0.066060305}.items():
        assert found[name].holds(exact)
    assert birth_and_death(100, 100, 1000, 0.5) == pytest.approx((0.59670314, 0.033030153, 0.066060305), rel=1e-6)


def test_with_a_finite_waiting_room_it_is_m_m_c_k() -> None:
    found = days_of(alike(5), Stream("all", ANYBODY, steady(5, 1000), Exponential(1), room=4))
    waits, _, wait_s = birth_and_death(5, 5, 4, 0)
    weights = [1.0]
    for there in range(1, 10):
        weights.append(weights[-1] * 5 / min(there, 5))
    assert found["blocked"].holds(weights[-1] / sum(weights))
    assert found["waits"].holds(waits)
    assert found["wait_s"].holds(wait_s)


def test_without_a_waiting_room_it_is_erlang_b_whatever_the_handling_times() -> None:
    for handling in (Exponential(1), Always(1)):
        found = days_of(alike(5), Stream("all", ANYBODY, steady(4, 1000), handling, room=0))
        assert found["blocked"].holds(erlang_b(4, 5))


def test_with_two_priorities_it_is_cobham_s_formula() -> None:
    """Non-preemptive priority, one handling rate: A. Cobham, "Priority Assignment in Waiting Line Problems", Operations Research 2
    (1954). Waits stay far below the head start that a step of priority is worth."""
    streams = [
        Stream(name, ANYBODY, steady(2, 2000), Exponential(1), priority=priority)
        for name, priority in (("urgent", NORMAL - 1), ("normal", NORMAL))
    ]
    days = [simulate(alike(5), streams, 3, number) for number in range(DAYS)]
    first_s = erlang_c(4, 5) / 5
    loads = (0.0, 2 / 5, 4 / 5)
    for stream, (before, after) in zip(("urgent", "normal"), pairwise(loads), strict=True):

        def wait_s(day: SimulatedDay, name: str = stream) -> float | None:
            return day.figures(name, from_s=WARM_S).mean_wait_s

        found = replicate(days.__getitem__, {"wait_s": wait_s}, DAYS, 0.99)["wait_s"]
        assert found.holds(first_s / ((1 - before) * (1 - after)))


def test_a_wider_ring_joins_two_floors_only_after_its_time() -> None:
    """Half the agents count from 0.5 s on: the wait lies between that of one floor and that of the whole."""
    near, far = Circle(Skill("near")), Circle(Skill("far"))
    agents = [RosteredAgent(f"a{number}", {("near", "far")[number % 2]: 3}) for number in range(10)]
    whole = days_of(agents, Stream("all", Plan((Ring(0, (near, far)),)), steady(4, 500), Exponential(1)))
    rings = days_of(agents, Stream("all", Plan((Ring(0, (near,)), Ring(0.5, (far,)))), steady(4, 500), Exponential(1)))
    alone = days_of(agents, Stream("all", Plan((Ring(0, (near,)),)), steady(4, 500), Exponential(1)))
    assert whole["wait_s"].holds(asa_s(4, 10, 1))
    assert whole["wait_s"].high < rings["wait_s"].low < rings["wait_s"].high < alone["wait_s"].low
    assert rings["wait_s"].high < 0.6


def test_of_those_who_gave_up_their_share_calls_again() -> None:
    """Each of n calls that give up comes again with probability r, so that repeated calls are r of all that gave up."""
    retrials = Retrials(0.4, Exponential(3))
    stream = Stream("all", ANYBODY, steady(6, 800), Exponential(1), Exponential(1), retrials=retrials)
    days = [simulate(alike(5), [stream], 5, number) for number in range(DAYS)]

    def share(day: SimulatedDay) -> float:
        found = day.figures()
        return found.again / found.abandoned

    assert replicate(days.__getitem__, {"share": share}, DAYS, 0.99)["share"].holds(0.4)
    assert days[0].figures().offered == sum(1 for record in days[0].records())


def test_who_never_gives_up_and_whom_nobody_serves_is_in_line_to_the_end() -> None:
    plan = Plan((Ring(0, (Circle(Skill("rare")),)),))
    day = simulate(alike(3), [Stream("all", plan, steady(1, 50), Exponential(1), ENDLESS)], 1)
    found = day.figures()
    assert found.in_line == found.offered > 0
    assert (found.answered, found.asa_s, found.mean_wait_s, found.wait_percentile_s(90)) == (0, None, None, None)
    assert found.service_level == 0
