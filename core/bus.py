"""The event log as a stream: written after the commit, read from any position, pushed to whoever waits."""

from collections.abc import Iterator
from typing import Any, cast

import redis

from core.errors import Unavailable
from core.events import Event

STREAM = "halo:events"
FIELD = "e"
KEPT_EVENTS = 200_000
START = "0-0"
# Hundreds of threads (a page or a call each) share these connections. Who finds none free waits for one, at most `timeout` s:
# a plain pool refuses the hundred and first.
CONNECTIONS: dict[str, Any] = {"max_connections": 64, "timeout": 5, "decode_responses": True, "health_check_interval": 15}


class EventBus:
    """Reads and writes the stream `halo:events`. A position is a text that sorts in time; START is before all."""

    def __init__(self, redis_url: str) -> None:
        self._redis = redis.Redis.from_pool(redis.BlockingConnectionPool.from_url(redis_url, **CONNECTIONS))

    def publish(self, event: Event) -> Event:
        """Append one event; returns it with its position. Raises Unavailable when Redis does not answer."""
        try:
            position = self._redis.xadd(STREAM, {FIELD: event.to_json()}, maxlen=KEPT_EVENTS, approximate=True)
        except redis.RedisError as problem:
            raise Unavailable("The event log does not answer.", "Run ./halo doctor.") from problem
        return event.placed(str(position))

    def read(self, after: str, wait_s: float = 0, most: int = 1000) -> list[Event]:
        """Events later than `after`, oldest first; waits up to `wait_s` for the first one. May be empty."""
        block_ms = max(1, int(wait_s * 1000)) if wait_s > 0 else None
        try:
            answer = cast(Any, self._redis.xread({STREAM: after}, count=most, block=block_ms))
        except redis.TimeoutError:
            return []
        except redis.RedisError as problem:
            raise Unavailable("The event log does not answer.", "Run ./halo doctor.") from problem
        return list(_events(answer))

    def last_position(self) -> str:
        """The position of the newest event; START when there is none."""
        try:
            newest = cast(Any, self._redis.xrevrange(STREAM, count=1))
        except redis.RedisError as problem:
            raise Unavailable("The event log does not answer.", "Run ./halo doctor.") from problem
        return str(newest[0][0]) if newest else START

    def close(self) -> None:
        """Give the connection back."""
        self._redis.close()


def _events(answer: Any) -> Iterator[Event]:
    streams = answer.values() if isinstance(answer, dict) else [rows for _name, rows in answer or []]
    for rows in streams:
        for position, fields in rows:
            yield Event.from_json(fields[FIELD], position)
