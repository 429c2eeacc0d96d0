"""What one assignment costs without telephony: the atomic steps in Redis beside bare round trips."""

import time
from collections.abc import Callable

import redis

from benchmarks.assignment import Desk
from benchmarks.figures import ms_text, spread
from benchmarks.report import SPREAD_COLUMNS, Report
from benchmarks.scratch_redis import scratch_redis

# What the routing code sends; scripts and transactions count once, whatever runs inside them.
_ROUND_TRIPS = ("cmdstat_evalsha", "cmdstat_exec", "cmdstat_hgetall", "cmdstat_incr")


def measure(report: Report, cycles: int) -> None:
    """Fill the report with `cycles` whole assignments one after the other."""
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


def _round_trips(desk: Desk) -> int:
    stats = desk.store.redis.info("commandstats")
    return sum(stats[name]["calls"] for name in _ROUND_TRIPS if name in stats)


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
