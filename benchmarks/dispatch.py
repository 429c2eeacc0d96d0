"""What one assignment costs without telephony: the atomic steps in Redis beside bare round trips, and the matching itself."""

import time
from collections.abc import Callable
from random import Random

import redis

from benchmarks.assignment import Desk
from benchmarks.figures import ms_text, spread
from benchmarks.floors import floor_of
from benchmarks.report import SPREAD_COLUMNS, Report
from benchmarks.scratch_redis import scratch_redis
from routing.engine import match

FLOORS = ((30, 30), (500, 1000))
# What the routing code sends; scripts and transactions count once, whatever runs inside them.
_ROUND_TRIPS = ("cmdstat_evalsha", "cmdstat_exec", "cmdstat_hgetall", "cmdstat_incr")


def measure(report: Report, cycles: int, matches: int) -> None:
    """Fill the report. `cycles` whole assignments one after the other; `matches` runs of the engine per floor."""
    with scratch_redis() as url:
        bare = _bare_round_trips(url, cycles * 6)
        steps, whole_ms, trips = _assignments(Desk(url), cycles)
    table = report.table("One assignment after the other, one connection", *SPREAD_COLUMNS, "p99 ms", "per second")
    for name, times_ms in (*bare.items(), *steps.items(), ("whole assignment", whole_ms)):
        report.spread_row(table, name, times_ms)
        table.rows[-1] += [ms_text(spread(times_ms).p99_ms), f"{1000 * len(times_ms) / sum(times_ms):,.0f}"]
    limit_ms = trips * spread(bare["PING"]).p50_ms
    times_the_limit = spread(whole_ms).p50_ms / limit_ms
    report.figures |= {"round_trips": trips, "times_the_limit": times_the_limit}
    report.remarks.append(
        f"A whole assignment makes {trips:.0f} round trips to Redis; so many bare PINGs take {ms_text(limit_ms)} ms. "
        f"It takes {times_the_limit:.1f} times this physical limit (medians). Redis keeps every change on disk within a second."
    )
    _matching(report, matches)


def _bare_round_trips(url: str, times: int) -> dict[str, list[float]]:
    client = redis.Redis.from_url(url, decode_responses=True)
    client.ping()
    fields = dict.fromkeys("abcde", "1")
    found = {
        "PING": [_ms(client.ping) for _ in range(times)],
        "HSET, 5 fields": [_ms(lambda: client.hset("bare", mapping=fields)) for _ in range(times)],
    }
    client.close()
    return found


def _assignments(desk: Desk, cycles: int) -> tuple[dict[str, list[float]], list[float], float]:
    """Times per step, times of the whole, and the round trips that a whole one makes, as Redis counted them."""
    for act in desk.steps().values():  # once unmeasured: loads the scripts
        act()
    taken: dict[str, list[float]] = {name: [] for name in desk.steps()}
    whole_ms = []
    before = _round_trips(desk)
    for _ in range(cycles):
        steps = desk.steps()
        began = time.perf_counter()
        for name, act in steps.items():
            taken[name].append(_ms(act))
        whole_ms.append((time.perf_counter() - began) * 1000)
    trips = (_round_trips(desk) - before) / cycles
    desk.store.close()
    return taken, whole_ms, trips


def _matching(report: Report, matches: int) -> None:
    table = report.table("Who gets whom: routing.engine.match, pure Python", *SPREAD_COLUMNS)
    for agents, callers in FLOORS:
        for hopeless in (False, True):
            ready, line, now = floor_of(agents, callers, Random(7), hopeless)
            what = f"{agents} ready, {callers} waiting" + (", no one has a skill asked for" if hopeless else "")
            report.spread_row(table, what, [_ms(lambda: match(ready, line, now)) for _ in range(matches)])  # noqa: B023  # called here


def _round_trips(desk: Desk) -> int:
    stats = desk.store.redis.info("commandstats")
    return sum(stats[name]["calls"] for name in _ROUND_TRIPS if name in stats)


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
