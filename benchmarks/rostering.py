"""Public rostering instances, each for so long, beside the best that is known."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.nurse_rostering import BEST_KNOWN, read_instance
from benchmarks.report import Report
from core.errors import BadInput
from workforce.roster_check.check import hard_ones
from workforce.rosters.solve import solve
from workforce.rosters.solving import Effort


def measure(report: Report, data: Path, instances: Sequence[int], seconds: float) -> None:
    """Fill the report. Every answer is checked by the checker, which shares no code with the solver. Raises BadInput where the
    checker finds a broken rule."""
    table = report.table(f"Instances of Curtois and Qu, {seconds:g} s each", "instance", "cost", "bound", "best known", "off", "s")
    for number in instances:
        problem = read_instance(data / f"Instance{number}.txt")
        found = solve(problem, Effort(limit_s=seconds))
        if found.roster is None or found.cost is None:
            table.add(number, "none found", "–", BEST_KNOWN[number], "–", f"{found.seconds:.0f}")
            continue
        if hard_ones(found.broken):
            raise BadInput(f"Instance {number}: the checker finds {hard_ones(found.broken)[0]}.", "Mend the solver.")
        off = found.cost / BEST_KNOWN[number] - 1
        table.add(number, f"{found.cost:.0f}", f"{found.bound:.0f}", BEST_KNOWN[number], f"{off:.1%}", f"{found.seconds:.0f}")
        report.figures[f"instance {number}"] = {"cost": found.cost, "bound": found.bound, "best_known": BEST_KNOWN[number]}
    report.remarks.append("Costs are those of the checker, which knows no constraint of the solver's; no hard rule is broken.")
