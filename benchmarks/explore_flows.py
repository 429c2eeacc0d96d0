"""Explores every shipped flow, every branch with every fault: how many calls that takes, and how long."""

import os

from benchmarks.report import Report
from core.clock import stopwatch_s
from ivr.explorer.everything import calls_of, explore_flow
from ivr.explorer.findings import findings
from ivr.flow_file import shipped_flow, shipped_flow_names
from routing.queues import load_queues

AIM_S = 30.0


def measure(report: Report) -> None:
    """Explore them one after the other, each with all processors."""
    queues = [queue.name for queue in load_queues().queues]
    table = report.table("Every branch with every fault", "flow", "scenes", "places", "calls", "seconds", "found wrong")
    all_s = 0.0
    for name in shipped_flow_names():
        begun_s, flow = stopwatch_s(), shipped_flow(name).flow
        explored = explore_flow(flow, {}, os.cpu_count() or 1)
        wrong = findings(flow, explored, queues)
        took_s = stopwatch_s() - begun_s
        all_s += took_s
        places = sum(len(done.ways) for done in explored)
        table.add(name, len(explored), places, calls_of(explored), f"{took_s:.1f}", len(wrong))
        report.figures[name] = {"seconds": took_s, "places": places, "calls": calls_of(explored), "findings": len(wrong)}
    report.remarks.append(f"All flows together: {all_s:.1f} s; the aim is under {AIM_S:.0f} s.")
