"""What it does to callers that the scarce ones are kept free: simulated days with and without, the same callers in both."""

from benchmarks.report import Report
from routing.balance import Balance, Choice
from routing.demand import Exponential, Lognormal, Poisson, Stream
from routing.needs import Skill, all_of
from routing.plans import Circle, Plan, Ring
from routing.replications import Estimate, estimate
from routing.shifts import RosteredAgent
from routing.simulate import simulate
from routing.simulated_day import SimulatedDay

_AGENTS, _SPEAKERS, _SHARE = 20, 2, 0.05
_HANDLING_S, _PATIENCE_S, _DAY_S = 240.0, 180.0, 12 * 3600.0
_LOADS = (0.6, 0.75, 0.9)
_USUAL, _JAVANESE = Skill("technical"), all_of([Skill("technical"), Skill("javanese")])


def measure(report: Report, days: int) -> None:
    """Fill the report: `days` simulated days for each load, with and without."""
    table = report.table(
        f"{_AGENTS} technicians, {_SPEAKERS} of whom speak Javanese, which {_SHARE:.0%} of the callers need",
        "load", "callers", "mean wait s: as they come", "kept free", "difference", "gave up: as they come", "kept free",
    )  # fmt: skip
    for load in _LOADS:
        runs = [[_day(load, number, keep) for number in range(days)] for keep in (False, True)]
        for stream in ("usual", "javanese"):
            waits = [[day.figures(stream).mean_wait_s or 0.0 for day in each] for each in runs]
            lost = [[day.figures(stream).abandoned_share or 0.0 for day in each] for each in runs]
            gain = estimate([after - before for before, after in zip(*waits, strict=True)])
            table.add(
                f"{load:.0%}", stream, *(_cell(estimate(each)) for each in waits), _cell(gain, "+"),
                *(_cell(estimate([100 * share for share in each]), unit=" %") for each in lost),
            )  # fmt: skip
            report.figures[f"{stream} at {load:.0%}, difference_s"] = gain.mean
    report.remarks += [
        f"{days} days of {_DAY_S / 3600:.0f} hours; ± is a 95 % interval, narrow for the difference: the same callers in both.",
        "As they come: the longest idle of all who are able.",
    ]


def _day(load: float, number: int, keep: bool) -> SimulatedDay:
    choice, calls = Choice(Balance.LONGEST_IDLE, keep), load * _AGENTS / _HANDLING_S * _DAY_S
    streams = [
        Stream(
            name, Plan((Ring(0, (Circle(needs),)),), choice), Poisson([share * calls], _DAY_S), Lognormal(_HANDLING_S, 1.0),
            Exponential(_PATIENCE_S),
        )
        for name, needs, share in (("usual", _USUAL, 1 - _SHARE), ("javanese", _JAVANESE, _SHARE))
    ]  # fmt: skip
    agents = [
        RosteredAgent(f"a{place:02}", {"technical": 3} | ({"javanese": 3} if place < _SPEAKERS else {})) for place in range(_AGENTS)
    ]
    return simulate(agents, streams, seed=1, replication=number)


def _cell(found: Estimate, plus: str = "", unit: str = "") -> str:
    return f"{found.mean:{plus}.1f} ± {found.half_width:.1f}{unit}"
