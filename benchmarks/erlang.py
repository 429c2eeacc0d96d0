"""Erlang's formulas: a million loads with their targets, beside one at a time and beside pyworkforce where it is installed."""

import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np

from benchmarks.report import Report
from workforce import erlang
from workforce.erlang_need import Target, agents_for

_AHT_S, _WITHIN_S, _PATIENCE_S = 240.0, 20.0, 180.0
_ONE_BY_ONE = 300


def measure(report: Report, pairs: int, largest: float) -> None:
    """Fill the report: loads up to `largest` erlangs, targets from 50 to 95 %."""
    chance = np.random.default_rng(7)
    load, level = chance.uniform(0.1, largest, pairs), chance.uniform(0.5, 0.95, pairs)
    table = report.table(f"Agents needed, loads up to {largest:g} erlangs", "by", "pairs", "s", "pairs a second")

    def row(name: str, count: int, run: Callable[[], object]) -> None:
        began = time.process_time()
        run()
        took_s = time.process_time() - began
        table.add(name, f"{count:,}", f"{took_s:.2f}", f"{count / took_s:,.0f}")
        report.figures[f"{name} pairs_per_s"] = count / took_s

    target = Target(level, _WITHIN_S)
    row("Erlang C, service level", pairs, lambda: agents_for(target, load, _AHT_S))
    row("Erlang A, service level", pairs, lambda: agents_for(target, load, _AHT_S, _PATIENCE_S))
    row("Erlang A, 3 % give up", pairs, lambda: agents_for(Target(abandoned_share=0.03), load, _AHT_S, _PATIENCE_S))
    row("Erlang A, ASA 15 s", pairs // 20, lambda: agents_for(Target(asa_s=15), load[: pairs // 20], _AHT_S, _PATIENCE_S))
    few = list(zip(load[:_ONE_BY_ONE].tolist(), level[:_ONE_BY_ONE].tolist(), strict=True))
    row("one at a time, recurrence", len(few), lambda: [erlang.agents_needed(one, _WITHIN_S, _AHT_S, share) for one, share in few])
    if find_spec("pyworkforce") is None:
        report.remarks.append("pyworkforce is not installed: pip install -e .[compare]")
    else:
        row("pyworkforce", len(few), lambda: [_pyworkforce(one, share) for one, share in few])
        _compare(report, few)
    report.remarks.append(f"AHT {_AHT_S:g} s, answered within {_WITHIN_S:g} s, patience {_PATIENCE_S:g} s. Processor time.")


def _pyworkforce(load: float, level: float) -> int:
    from pyworkforce.queuing import ErlangC

    found = ErlangC(transactions=load * 1800 / _AHT_S, asa=_WITHIN_S / 60, aht=_AHT_S / 60, interval=30, shrinkage=0.0)
    return int(found.required_positions(service_level=level)["raw_positions"])


def _compare(report: Report, pairs: list[tuple[float, float]]) -> None:
    table = report.table(
        f"The same questions: pyworkforce {version('pyworkforce')}", "erlangs", "target", "Halo", "recurrence", "pyworkforce"
    )  # fmt: skip
    for load, level in ((0.5, 0.8), (4.0, 0.8), (13.3, 0.5), (13.3, 0.8), (13.3, 0.95), (100.0, 0.8), (500.0, 0.8)):
        own = int(agents_for(Target(level, _WITHIN_S), load, _AHT_S))
        table.add(f"{load:g}", f"{level:.0%}", own, erlang.agents_needed(load, _WITHIN_S, _AHT_S, level), _asked(load, level))
    answers = [(erlang.agents_needed(load, _WITHIN_S, _AHT_S, level), _asked(load, level)) for load, level in pairs]
    differ = sum(own != other for own, other in answers)
    report.remarks.append(f"pyworkforce answers otherwise than the recurrence in {differ} of {len(pairs)} pairs.")


def _asked(load: float, level: float) -> int | str:
    try:
        return _pyworkforce(load, level)
    except (ArithmeticError, ValueError) as problem:
        return type(problem).__name__
