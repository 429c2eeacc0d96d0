"""Simulated calls: a queue whose answers are known beside Ciw and simpy, and one big day."""

import time
import tracemalloc
from importlib.metadata import version
from random import Random

from benchmarks.queue_models import SIMULATORS, Answer
from benchmarks.report import Report
from routing.compiled import folder_in_use
from routing.demand import Exponential, Lognormal, Poisson, Stream
from routing.needs import Skill
from routing.plans import Circle, Plan, Ring
from routing.replications import estimate
from routing.shifts import RosteredAgent, Shift
from routing.simulate import simulate
from routing.simulated_day import SimulatedDay

_EXACT = ("exact", "", "", "0.5967", "0.0330", "0.0661")
_SKILLS, _HANDLING_S, _DAY_S = 30, 240.0, 14 * 3600.0


def measure(report: Report, calls: int, rounds: int, day_calls: int, day_agents: int) -> None:
    """Fill the report: `rounds` times `calls` in each simulator, by turns; then the big day."""
    table = report.table(
        "M/M/100+M: 100 callers a second, 100 agents, 1 s of handling, 2 s of patience",
        "simulator", "events/s", "Halo is times as fast", "waits", "gives up", "mean wait s",
    )  # fmt: skip
    best_s = dict.fromkeys(SIMULATORS, 0.0)
    answers: dict[str, list[Answer]] = {name: [] for name in SIMULATORS}
    for round_number in range(rounds):
        for name, run in SIMULATORS.items():
            began = time.process_time()
            answer = run(calls, round_number + 1)
            best_s[name] = max(best_s[name], 2 * answer.calls / (time.process_time() - began))
            answers[name].append(answer)
    for name, found_by in answers.items():
        table.add(
            name, f"{best_s[name]:,.0f}", f"{best_s['Halo'] / best_s[name]:.1f}",
*(_interval([getattr(answer, figure) for answer in found_by]) for figure in ("waits", "abandons", "wait_s")),
        )  # fmt: skip
    table.add(*_EXACT)
    report.figures |= {f"{name} events_per_s": rate for name, rate in best_s.items()}
    big = report.table("A big day: rings over skills, shifts, impatient callers", "calls, agents, skills", "s", "MB", "answered")
    began = time.process_time()
    found = _big_day(day_calls, day_agents).figures()
    day_s = time.process_time() - began
    tracemalloc.start()
    _big_day(day_calls, day_agents)
    peak_mb = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    big.add(
        f"{found.offered:,}, {day_agents}, {_SKILLS}", f"{day_s:.1f}", f"{peak_mb:.0f}", f"{found.answered / found.offered:.1%}"
    )
    report.figures["big day s"] = day_s
    report.remarks += [
        f"The routing engine is {'compiled' if folder_in_use() else 'plain Python'}.",
        f"Ciw {version('ciw')}, simpy {version('simpy')}. Processor time, the best of {rounds} rounds by turns.",
        "Answers: mean of the rounds with its 95 % interval. Each begins with an empty floor, so that a little less is waited.",
        "Two events a call: it comes, and its handling ends or its caller gives up. Memory: the most that Python held at once.",
    ]


def _interval(values: list[float]) -> str:
    found = estimate(values)
    return f"{found.mean:.4f} ± {found.half_width:.4f}"


def _big_day(calls: int, agents: int) -> SimulatedDay:
    chance = Random(5)
    skills = [f"skill{number}" for number in range(_SKILLS)]
    streams = [
        Stream(
            skill, Plan((Ring(0, (Circle(Skill(skill, 3)),)), Ring(30, (Circle(Skill(skill)),)))),
            Poisson((calls / _SKILLS / 28,) * 28, _DAY_S / 28), Lognormal(_HANDLING_S, 1.0), Exponential(180),
            priority=chance.choice((4, 5, 5)),
        )
        for skill in skills
    ]  # fmt: skip
    floor = [
        RosteredAgent(
            f"a{number}", {skill: chance.randint(1, 5) for skill in chance.sample(skills, 5)},
            shifts=(Shift(0, _DAY_S, ((4 * 3600.0 + number, 4.5 * 3600 + number),)),),
        )
        for number in range(agents)
    ]  # fmt: skip
    return simulate(floor, streams, 5)
