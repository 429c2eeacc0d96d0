"""M/M/c+M, a queue whose answers are known, in three simulators: Halo's, Ciw and simpy. Each gives its own answers."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import ciw
import simpy

from routing.demand import Exponential, Poisson, Stream
from routing.needs import NOTHING
from routing.plans import Circle, Plan, Ring
from routing.shifts import RosteredAgent
from routing.simulate import simulate

PER_S, AGENTS, HANDLING_S, PATIENCE_S = 100.0, 100, 1.0, 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Of so many `calls`: the shares that waited and that gave up, and the mean wait of all."""

    calls: int
    waits: float
    abandons: float
    wait_s: float


def halo(calls: int, seed: int) -> Answer:
    """By the routing engine."""
    plan = Plan((Ring(0, (Circle(NOTHING),)),))
    stream = Stream("all", plan, Poisson((calls,), calls / PER_S), Exponential(HANDLING_S), Exponential(PATIENCE_S))
    found = simulate([RosteredAgent(f"a{number}", {}) for number in range(AGENTS)], [stream], seed).figures()
    return Answer(found.offered, found.delayed_share or 0.0, found.abandoned_share or 0.0, found.mean_wait_s or 0.0)


def with_ciw(calls: int, seed: int) -> Answer:
    """By Ciw's own network with reneging."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(PER_S)], service_distributions=[ciw.dists.Exponential(1 / HANDLING_S)],
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE_S)], number_of_servers=[AGENTS],
    )  # fmt: skip
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(calls, method="Arrive")
    waits_s = [(record.waiting_time, record.record_type == "renege") for record in simulation.get_all_records()]
    return _answer([wait_s for wait_s, _ in waits_s], sum(gave_up for _, gave_up in waits_s))


def with_simpy(calls: int, seed: int) -> Answer:
    """By simpy as lean as it can be: only who has to wait waits for one of two things."""
    chance, floor = Random(seed), simpy.Environment()
    agents = simpy.Resource(floor, AGENTS)
    waits_s: list[float] = []
    gave_up = 0

    def caller():
        nonlocal gave_up
        came_s = floor.now
        with agents.request() as taken:
            if not taken.triggered:
                yield taken | floor.timeout(chance.expovariate(1 / PATIENCE_S))
            waits_s.append(floor.now - came_s)
            if taken.triggered:
                yield floor.timeout(chance.expovariate(1 / HANDLING_S))
            else:
                gave_up += 1

    def callers():
        for _ in range(calls):
            yield floor.timeout(chance.expovariate(PER_S))
            floor.process(caller())

    floor.process(callers())
    floor.run()
    return _answer(waits_s, gave_up)


SIMULATORS: dict[str, Callable[[int, int], Answer]] = {"Halo": halo, "Ciw": with_ciw, "simpy": with_simpy}


def _answer(waits_s: list[float], gave_up: int) -> Answer:
    count = len(waits_s)
    return Answer(count, sum(wait_s > 0 for wait_s in waits_s) / count, gave_up / count, sum(waits_s) / count)
