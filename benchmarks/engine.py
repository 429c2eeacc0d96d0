"""What each event costs the engine on a very large floor, beside a plain scan that decides the same."""

import gc
import time
import tracemalloc
from itertools import islice

from benchmarks.big_floor import BigFloor, PlainScan, Size, Step
from benchmarks.figures import ms_text, spread
from benchmarks.report import Report
from routing.compiled import folder_in_use
from routing.engine import Engine
from routing.plans import asked_skills

SIZES = (Size(1_000, 50, 20, 1_000), Size(10_000, 500, 200, 10_000), Size(100_000, 500, 200, 100_000))
_START_S, _SEED = 1_000_000.0, 7


def measure(report: Report, events: int, scanned: int, most_agents: int) -> None:
    """Fill the report: `events` on each floor of up to `most_agents`; the scan sees the first `scanned` of them."""
    table = report.table(
        "Events of the engine: ready, arrival, change of skill, hang-up, time",
        "agents, skills, queues, waiting", "events/s", "p50 ms", "p99 ms", "max ms",
        "an agent gets ready", "plain scan", "times as fast",
    )  # fmt: skip
    kinds = report.table("By kind, p99 ms", "agents", "ready", "arrive", "skill", "hang up", "time")
    memory = report.table("Memory", "agents", "each agent, bytes", "each who waits, bytes")
    for size in (each for each in SIZES if each.agents <= most_agents):
        times_ms, found = _events(size, events)
        every = [each for kind in times_ms.values() for each in kind]
        scan_ms, found_by_scan = _scanned(size, scanned)
        if found[: len(found_by_scan)] != found_by_scan:
            raise RuntimeError("the scan decides otherwise than the engine")
        whole, plain = spread(every), spread(scan_ms)
        own_ms = spread(times_ms["ready"]).p50_ms
        table.add(
            f"{size.agents:,}, {size.skills}, {size.queues}, {size.waiting:,}", f"{1000 * len(every) / sum(every):,.0f}",
            ms_text(whole.p50_ms), ms_text(whole.p99_ms), ms_text(whole.max_ms), ms_text(own_ms), ms_text(plain.p50_ms),
            f"{plain.p50_ms / own_ms:,.0f}",
        )  # fmt: skip
        kinds.add(f"{size.agents:,}", *(ms_text(spread(times_ms[kind]).p99_ms) for kind in kinds.columns[1:]))
        memory.add(f"{size.agents:,}", *(f"{each:,.0f}" for each in _bytes(size)))
        report.figures[f"{size.agents} agents"] = {"events_per_s": 1000 * len(every) / sum(every), "p99_ms": whole.p99_ms}
    report.remarks += [
        f"The routing engine is {'compiled' if folder_in_use() else 'plain Python'}.",
        "An agent gets ready, and the plain scan that then looks at everybody who waits: median ms.",
        "The scan made the same assignments as the engine in the events that it was given.",
        "Memory: what Python's allocator (tracemalloc) holds more once the engine knows all agents, and once all callers stand in "
        "line, over their number. Without their names, which are there before, as are circles and plans.",
    ]


def _started(size: Size) -> tuple[BigFloor, Engine, list[Step]]:
    floor = BigFloor(size, _SEED)
    engine = Engine(asked_skills(floor.plans))
    for name, (proficiencies, site) in floor.agents.items():
        engine.know(name, proficiencies, site)
    engine.prepare(floor.plans)
    line = floor.line(_START_S)
    for step in line:
        _take(engine, step, _START_S)
    engine.match(_START_S)
    return floor, engine, line


def _events(size: Size, events: int) -> tuple[dict[str, list[float]], list[list[tuple[str, str]]]]:
    floor, engine, _line = _started(size)
    times_ms: dict[str, list[float]] = {}
    found = []
    gc.collect()
    gc.freeze()
    for step in floor.steps(events, _START_S):
        began = time.perf_counter()
        _take(engine, step, step.now_s)
        matches = engine.match(step.now_s)
        times_ms.setdefault(step.kind, []).append((time.perf_counter() - began) * 1000)
        found.append([(match.agent_id, match.interaction_id) for match in matches])
    gc.unfreeze()
    return times_ms, found


def _scanned(size: Size, events: int) -> tuple[list[float], list[list[tuple[str, str]]]]:
    floor = BigFloor(size, _SEED)
    scan, times_ms, found = PlainScan(floor), [], []
    for step in floor.line(_START_S):
        scan.take(step)
    for step in islice(floor.steps(events, _START_S), events):
        began = time.perf_counter()
        scan.take(step)
        found.append(scan.match(step.now_s))
        if step.kind == "ready":
            times_ms.append((time.perf_counter() - began) * 1000)
    return times_ms, found


def _bytes(size: Size) -> tuple[float, float]:
    """Of one agent, and of one who waits, with all that the engine keeps of them."""
    floor = BigFloor(size, _SEED)
    engine = Engine(asked_skills(floor.plans))
    engine.prepare(floor.plans)
    line = floor.line(_START_S)
    tracemalloc.start()
    for name, (proficiencies, site) in floor.agents.items():
        engine.know(name, proficiencies, site)
    agents = tracemalloc.get_traced_memory()[0]
    for step in line:
        _take(engine, step, _START_S)
    engine.match(_START_S)
    waiting = tracemalloc.get_traced_memory()[0] - agents
    tracemalloc.stop()
    return agents / size.agents, waiting / size.waiting


def _take(engine: Engine, step: Step, now_s: float) -> None:
    match step.kind:
        case "ready":
            engine.ready(step.who, step.now_s, step.occupancy)
        case "skill" if step.proficiencies is not None:
            engine.know(step.who, step.proficiencies, step.site)
        case "arrive" if step.plan is not None:
            engine.wait(step.who, step.number, step.now_s, step.plan, now_s)
        case "hang up":
            engine.leave(step.who)
