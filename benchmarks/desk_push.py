"""How long after a change the pages know: one agent's page among many, and every wallboard; beside bare pushing and Redis."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import median
from threading import Thread

import redis

from agent_desktop.accounts import Role, create_user
from agent_desktop.open_streams import MOST_OF_ONE
from benchmarks.bare_push import EVENT, STREAM, bare_push
from benchmarks.house import benchmark_house
from benchmarks.processes import memory_mib
from benchmarks.pushed_pages import Login, PushedPages
from benchmarks.report import SPREAD_COLUMNS, Report
from core.clock import SystemClock
from routing.agent_state import NotReadyReason
from routing.agents import AgentRecord
from tests.live.house import PASSWORD, House

FIRST_AGENT = 5001
PAUSE_S = 0.4  # a wallboard is told four times a second at most
REASONS = (NotReadyReason.BREAK, NotReadyReason.MEAL)


def measure(report: Report, page_counts: tuple[int, ...], changes: int) -> None:
    """Fill the report: for each number of open pages, `changes` changes to one page and a third as many to all."""
    one = report.table("To the one page: an agent's state changes, that agent's page has its new content", *SPREAD_COLUMNS)
    all_ = report.table("To all pages: an agent's state changes, the last of the open wallboards shows it", *SPREAD_COLUMNS)
    each = report.table("The same, each wallboard by itself", *SPREAD_COLUMNS)
    with benchmark_house() as house:
        _add_people(house, max(page_counts))
        report.spread_row(one, "Redis alone: XADD until XREAD returns", _redis_alone(house, changes))
        memory = report.table("Memory of the desk's process", "what", "MiB", "kB a page")
        for count in page_counts:
            times, before, open_ = _to_one(house, count, changes)
            report.spread_row(one, f"Halo, {count} pages", times)
            memory.add(f"{count} agents' pages", f"{before:.0f} → {open_:.0f}", f"{(open_ - before) * 1024 / count:.0f}")
            report.figures[f"memory_mib_{count}"] = [before, open_]
        for count in page_counts:
            times, size = _to_all(house, count, changes // 3)
            bare = _bare(house, count, changes // 3, size)
            for name, rounds in (("Halo", times), ("bare asyncio push", bare)):
                report.spread_row(all_, f"{name}, {count} pages", [found[-1] for found in rounds])
                report.spread_row(each, f"{name}, {count} pages", [value for found in rounds for value in found])
            ratio = median(found[-1] for found in times) / median(found[-1] for found in bare)
            report.figures[f"ratio_to_bare_push_{count}"] = ratio
            report.remarks.append(
                f"{count} wallboards: Halo takes {ratio:.1f} times as long as bare pushing of as many bytes ({size:,} a page)."
            )


def _to_one(house: House, count: int, changes: int) -> tuple[list[float], float, float]:
    """The times; and the memory of the desk's process before the pages were open, and after the changes, in MiB."""
    master = house.supervisor.state("desk").pid
    (worker,) = _children(master)
    before = memory_mib(worker)
    chance, reasons = Random(7), cycle(REASONS)
    agents = [str(FIRST_AGENT + number) for number in range(count)]
    with PushedPages() as pages:
        pages_of = {}
        for agent_id in agents:
            login = _log_in(house, f"agent{agent_id}", PASSWORD)
            pages_of[agent_id] = pages.open(house.settings.desk_port, login.agent_stream(), login.cookie)
        pages.settle()
        times = []
        for agent_id in (chance.choice(agents) for _ in range(changes)):
            reason = next(reasons)
            times += pages.times_after(lambda: house.changes.make_not_ready(agent_id, reason), b"agent", {pages_of[agent_id]})  # noqa: B023
        return times, before, memory_mib(worker)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _to_all(house: House, count: int, changes: int) -> tuple[list[list[float]], int]:
    """For each change the times of every wallboard in order; and how many bytes one board has."""
    reasons, agent_id = cycle(REASONS), str(FIRST_AGENT)
    people = range(-(-count // MOST_OF_ONE))  # the desk limits what one of them may open
    logins = cycle([_log_in(house, _supervisor(number), PASSWORD) for number in people])
    with PushedPages() as pages:
        opened = {pages.open(house.settings.desk_port, "/events", next(logins).cookie) for _ in range(count)}
        pages.settle()
        times = []
        for _ in range(changes):
            time.sleep(PAUSE_S)
            reason = next(reasons)
            times.append(pages.times_after(lambda: house.changes.make_not_ready(agent_id, reason), b"board", opened))  # noqa: B023
        return times, pages.longest_unread()


def _bare(house: House, count: int, changes: int, size: int) -> list[list[float]]:
    client = redis.Redis.from_url(house.settings.redis_url)
    with bare_push(house.settings.redis_url, size) as port, PushedPages() as pages:
        opened = {pages.open(port, "/") for _ in range(count)}
        pages.settle()
        return [pages.times_after(lambda: client.xadd(STREAM, {"e": "1"}), EVENT, opened) for _ in range(changes)]


def _redis_alone(house: House, changes: int) -> list[float]:
    """Milliseconds from an XADD until a reader that waits in XREAD has the entry."""
    writer, times_ms = redis.Redis.from_url(house.settings.redis_url), []
    writer.ping()
    with _waiting_reader(house) as came_at:
        for number in range(changes):
            began = time.perf_counter()
            writer.xadd(STREAM, {"e": "1"})
            while len(came_at) <= number:
                time.sleep(0.0005)
            times_ms.append((came_at[number] - began) * 1000)
    return times_ms


@contextmanager
def _waiting_reader(house: House) -> Iterator[list[float]]:
    came_at: list[float] = []
    reader = redis.Redis.from_url(house.settings.redis_url)
    last = reader.xadd(STREAM, {"e": "0"})

    def read() -> None:
        position = last
        while found := reader.xread({STREAM: position}, block=1000):
            came_at.append(time.perf_counter())
            position = found[0][1][-1][0]

    thread = Thread(target=read)
    thread.start()
    yield came_at
    thread.join()


def _supervisor(number: int) -> str:
    return f"supervisor{number}"


def _add_people(house: House, count: int) -> None:
    now = SystemClock().now()
    with house.database.writing() as session:
        for agent_id in (str(FIRST_AGENT + number) for number in range(count)):
            session.add(AgentRecord(id=agent_id, name=f"Agent {agent_id}", phone_secret="unused"))
            session.flush()
            create_user(session, f"agent{agent_id}", f"Agent {agent_id}", Role.AGENT, PASSWORD, "en", agent_id, now=now)
        for name in map(_supervisor, range(-(-count // MOST_OF_ONE))):
            create_user(session, name, name, Role.SUPERVISOR, PASSWORD, "en", now=now)
        session.commit()


def _log_in(house: House, name: str, password: str) -> Login:
    """Log in; the limit on tries from one address is lifted, since here one machine plays hundreds of people."""
    house.store.redis.delete(*house.store.redis.keys("halo:login:address:*") or ["none"])
    return Login(house.address, name, password)
