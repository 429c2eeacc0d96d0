"""Explores every shipped flow, every branch with every fault: how many places and moves that takes, and how long."""

import os

from benchmarks.report import Report
from core.clock import stopwatch_s
from ivr.explorer.everything import explore_flow
from ivr.explorer.findings import findings
from ivr.explorer.scenes import scenes
from ivr.explorer.ways import ways
from ivr.flow_file import shipped_flow, shipped_flow_names
from routing.policy_file import shipped_policy

AIM_S = 30.0


def measure(report: Report) -> None:
    """Explore them one after the other, in one process."""
    queues = list(shipped_policy().policy.names)
    table = report.table(
        "Every branch with every fault", "flow", "menus", "scenes", "places", "moves", "seconds", "of CPU", "found wrong",
        "longest way to a person",
    )  # fmt: skip
    all_s = 0.0
    for name in shipped_flow_names():
        begun_s, cpu_begun_s, flow = stopwatch_s(), _cpu_s(), shipped_flow(name).flow
        explored = explore_flow(flow, {})
        wrong = findings(flow, explored, queues)
        longest = ways(explored.calls).longest_to_person
        took_s, cpu_s = stopwatch_s() - begun_s, _cpu_s() - cpu_begun_s
        all_s += took_s
        table.add(
            name, len(flow.menus), len(scenes(flow)), explored.places, explored.moves, f"{took_s:.1f}", f"{cpu_s:.1f}", len(wrong),
            f"{longest.seconds_s:.0f} s, {longest.turns} turns",
        )  # fmt: skip
        report.figures[name] = {
            "seconds": took_s, "cpu_s": cpu_s, "places": explored.places, "moves": explored.moves, "findings": len(wrong),
            "faults": dict(explored.faults()), "longest_to_person_s": longest.seconds_s,
        }  # fmt: skip
    report.remarks.append(f"All flows together: {all_s:.1f} s; the aim is under {AIM_S:.0f} s.")


def _cpu_s() -> float:
    """What this process has had of a processor's time."""
    spent = os.times()
    return spent.user + spent.system
