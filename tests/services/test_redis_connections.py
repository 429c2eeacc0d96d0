"""Hundreds of threads use Redis at once: each gets its turn."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest

from core.bus import CONNECTIONS, EventBus
from core.events import Event, EventKind
from routing.live import LiveStore

CROWD = 250  # more than a plain pool would serve


def at_once(act: Callable[[int], object]) -> list[object]:
    together = Barrier(CROWD)

    def take_part(number: int) -> object:
        together.wait(30)
        return act(number)

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(take_part, range(CROWD)))


def test_a_crowd_that_looks_at_agents_is_served_whole(redis_url):
    store = LiveStore(redis_url)
    agents = at_once(lambda number: store.agent(str(number)).agent_id)
    assert agents == [str(number) for number in range(CROWD)]
    assert store.redis.info("clients")["connected_clients"] <= CONNECTIONS["max_connections"] + 1
    store.close()


@pytest.mark.parametrize("readers_wait", [0, 2])
def test_a_crowd_that_tells_is_heard_whole_also_while_others_wait_for_news(redis_url, readers_wait):
    bus = EventBus(redis_url)
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    with ThreadPoolExecutor(readers_wait + 1) as readers:
        waiting = [readers.submit(bus.read, "0-0", 10.0) for _ in range(readers_wait)]
        told = at_once(lambda number: bus.publish(Event(EventKind.POP_SHOWN, moment, agent_id=str(number))))
        assert all(found.result() for found in waiting)
    assert {event.key for event in bus.read("0-0")} == {event.key for event in told}
    bus.close()
